"""What must not be seen of a reporter, prepared once for a record and looked for in its strings."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from streams.text.fold import SelfFilling, fold, key, key_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MARK = "■"
"""Hides one character. It is never dropped when values are compared, so nothing joins across it."""

_FEWEST_DIGITS = 7
"""A shorter number is looked for as a word: its digits may stand in a row by chance."""
_FEWEST_LETTERS = 2
_SHORT_WORD = 4
"""A shorter Latin word counts only where it stands alone."""
_FEWEST_TAIL = 5
_CHINESE_DIGITS = dict(
    zip("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789", strict=True)
)
_DIGITS = re.compile(rf"[\d①-⑨⓪𝟎-𝟿{MARK}{''.join(_CHINESE_DIGITS)}]+")
_NUMBER = re.compile(r"\d(?:[\s\-‐‑–—.()]{0,2}\d)*")
_COUNTRY = re.compile(r"^(?:00)?86(?=1\d{10}$)")
_COUNTRY_BEFORE = re.compile(r"(?:\+|00|(?<!\d))\s?86[\s\-]?$")
_AREA = re.compile(r"^0(?:10|2\d|[3-9]\d\d)(?=\d{7,8}$)")
_CHECK_AFTER = re.compile(r"[\s\-]{0,2}[xXｘＸ]")
_MASK_HINT = re.compile(r"[*×●＊xXｘＸ](?:(?<=[*×●＊])|[xXｘＸ]{2})")
_MASKED = re.compile(r"(?<!\d)(\d{2,6})[*×●xX]{3,14}(\d{1,6}[xX]?)(?!\d)")
_DIVISION = re.compile(r"省|自治区|自治州|市|地区|自治县|县|区|镇|乡|街道")
_HONORIFIC = re.compile(r"\s?(?:先生|女士|小姐|同志|老师|师傅|大哥|大姐|阿姨|叔叔)")
_ASIDE = re.compile(r"[（(]|\s?(?:先生|女士|小姐|同志|老师|师傅|大哥|大姐|阿姨|叔叔)$")
_SEPARATE = re.compile(r"[,，;；、/|\n]+")


class Secrets(Struct, frozen=True):
    """A reporter's numbers (their digits) and words (their `fold.key`), longest first."""

    numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    shortest: int = 1 << 30
    """No shorter text can hold any of them."""


def secrets_of(values: Iterable[str]) -> Secrets:
    """Prepares values as given (names, phones, ID numbers, addresses) for looking them up.

    >>> secrets_of(["林某水", "+86 138-0000-1234"])
    Secrets(numbers=('13800001234',), words=('林某水',), shortest=3)
    """
    numbers: set[str] = set()
    words: set[str] = set()
    for value in values:
        _prepare(value, numbers, words)
        if _SEPARATE.search(value):
            for part in _SEPARATE.split(value):
                _prepare(part, numbers, words)
    shortest = min(map(len, (*numbers, *words)), default=1 << 30)
    return Secrets(_longest_first(numbers), _longest_first(words), shortest)


def _prepare(value: str, numbers: set[str], words: set[str]) -> None:
    found = list(_numbers(value)) if _DIGITS.search(value) else []
    numbers.update(found)
    words.update(_words(value, is_number=bool(found)))


def _longest_first(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(items, key=lambda item: (-len(item), item)))


def _numbers(value: str) -> Iterator[str]:
    """The long numbers in a value, without country code; a landline also without area code."""
    for match in _NUMBER.finditer(fold(value)):
        digits = _COUNTRY.sub("", match[0].translate(_digit_table()))
        if len(digits) >= _FEWEST_DIGITS:
            yield digits
            local = _AREA.sub("", digits)
            if len(local) >= _FEWEST_DIGITS:
                yield local


def _words(value: str, *, is_number: bool) -> Iterator[str]:
    """The spellings of a value that is not only a number."""
    plain = key(value)
    if is_number and not any(char.isalpha() and char != "x" for char in plain):
        return
    if len(plain) >= _FEWEST_LETTERS:
        yield plain
    spellings = [value[: match.start()] for match in _ASIDE.finditer(value)]
    if value.isascii():
        parts = value.split()
        spellings += [parts[1] + parts[0]] if len(parts) == 2 else []
    for spelling in spellings:
        if len(word := key(spelling)) >= _FEWEST_LETTERS:
            yield word
    for match in _DIVISION.finditer(plain):
        if len(plain) - match.end() >= _FEWEST_TAIL:
            yield plain[match.end() :]


@cache
def _digit_table() -> SelfFilling:
    return SelfFilling(_digit)


def _digit(char: str) -> str | None:
    if char == MARK:
        return MARK
    number = unicodedata.digit(char, None)
    return _CHINESE_DIGITS.get(char) if number is None else str(number)


def hiding_places(text: str, secrets: Secrets) -> list[tuple[int, int]]:
    """Where (start, end) a text holds any of the secrets, however spelt; linear in the text."""
    places: list[tuple[int, int]] = []
    if secrets.numbers and (runs := _DIGITS.findall(text)):
        stream = "".join(runs).translate(_digit_table())
        for number in secrets.numbers:
            if number in stream:
                places += _number_places(text, stream, number)
        if _MASK_HINT.search(text):
            places += _masked_places(fold(text), secrets.numbers)
    if secrets.words:
        folded = key(text)
        for word in secrets.words:
            if word in folded:
                places += _word_places(text, folded, word)
    return places


def _occurrences(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + len(wanted))


def _number_places(text: str, stream: str, number: str) -> Iterator[tuple[int, int]]:
    """The digits of a number, with what stands between neighbours, and its country code or X."""
    where = [place for run in _DIGITS.finditer(text) for place in range(*run.span())]
    for at in _occurrences(stream, number):
        digits = where[at : at + len(number)]
        country = _COUNTRY_BEFORE.search(text, max(0, digits[0] - 6), digits[0])
        if country is not None:
            yield country.span()
        for left, right in pairwise(digits):
            yield left, right if right - left <= 4 else left + 1
        check = _CHECK_AFTER.match(text, digits[-1] + 1)
        yield digits[-1], digits[-1] + 1 if check is None else check.end()


def _masked_places(text: str, numbers: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Half-hidden spellings that fit: 138****1234 beside the reporter's own 13800001234."""
    for match in _MASKED.finditer(text):
        head, tail = match[1], match[2].rstrip("xX")
        if any(number.startswith(head) and number.endswith(tail) for number in numbers):
            yield match.span()


def _word_places(text: str, folded: str, word: str) -> Iterator[tuple[int, int]]:
    where = key_places(text)
    alone = len(word) < _SHORT_WORD and word.isascii()
    for at in _occurrences(folded, word):
        start, end = where[at], where[at + len(word) - 1] + 1
        if alone and (_is_latin(text[start - 1 : start]) or _is_latin(text[end : end + 1])):
            continue
        honorific = _HONORIFIC.match(text, end)
        yield start, end if honorific is None else honorific.end()


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
