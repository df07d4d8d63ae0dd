"""Looking at text as if every writer used one keyboard, without moving a single character.

Full-width digits become plain ones and traditional characters simplified ones, but only where
one character becomes one character, so that a place in the folded text is the same place in the
text as given. Folded text is for looking up, never for display: 乾隆 folds to 干隆.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_KEPT = frozenset("，。；：！？、（）")
"""Punctuation of Chinese sentences keeps its width: `，` ends a clause where `,` groups digits."""
_MOST_REMEMBERED = 50_000
"""Characters a table remembers; real texts use a few thousand, hostile ones a million."""


class SelfFilling(dict[int, int | str | None]):
    """A translation table that fills itself with the characters it meets."""

    def __init__(self, rule: Callable[[str], str | None]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, code: int) -> int | str | None:
        folded = self._rule(chr(code))
        if len(self) < _MOST_REMEMBERED:
            self[code] = folded
        return folded


@cache
def _simplifier() -> Callable[[str], str]:
    from opencc import OpenCC  # noqa: PLC0415  reads its dictionaries when made

    convert = OpenCC("t2s").convert
    return lambda text: str(convert(text))


def one_to_one(char: str) -> str:
    """The character that stands for `char` in folded text; always exactly one.

    >>> [one_to_one(char) for char in "８強㎏，"]
    ['8', '强', '㎏', '，']
    """
    if char in _KEPT or char < "\x80":
        return char
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) != 1:
        return char
    if "\u3400" <= plain <= "\u9fff" or plain >= "\U00020000":
        simple = _simplifier()(plain)
        return simple if len(simple) == 1 else plain
    return plain


@cache
def _table() -> SelfFilling:
    return SelfFilling(one_to_one)


def fold(text: str) -> str:
    """The text with every character folded, equally long.

    >>> fold("１３８，強")
    '138，强'
    """
    return text if text.isascii() else text.translate(_table())


def matching_key(char: str) -> str | None:
    """A character as two spellings of one value share it: folded, in lower case; None when dropped.

    Dropped are the characters people put between others: blanks, dashes, dots, brackets and what
    cannot be seen.

    >>> [matching_key(char) for char in "Ａ-·"]
    ['a', None, None]
    """
    folded = one_to_one(char)
    if folded.isspace() or folded in _BETWEEN or unicodedata.category(folded) in ("Cc", "Cf", "Mn"):
        return None
    lower = folded.lower()
    return lower if len(lower) == 1 else folded


_BETWEEN = frozenset("-‐‑‒–—―−_.·•・‧∙⋅()（）[]【】'’`\"")


@cache
def _key_table() -> SelfFilling:
    return SelfFilling(matching_key)


def key(text: str) -> str:
    """The text for finding a value that may be spelt with blanks, dashes or wide letters.

    >>> key("林 海-生（Lin Ｈaisheng）")
    '林海生linhaisheng'
    """
    return text.translate(_key_table())


def key_places(text: str) -> list[int]:
    """For each character of `key(text)` its place in `text`."""
    table = _key_table()
    return [place for place, char in enumerate(text) if table[ord(char)] is not None]


def _print_key(char: str) -> str | None:
    """The letters and digits of a character, for `prints`; None when it has none."""
    plain = unicodedata.normalize("NFKC", char)
    if "\u3400" <= plain[:1] <= "\u9fff" or plain[:1] >= "\U00020000":
        plain = _simplifier()(plain)
    kept = "".join(part for part in plain if _counts(part)).lower()
    return kept or None


def _counts(char: str) -> bool:
    """Letters, digits and the marks that scripts write vowels with; no emoji selector."""
    if "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return False
    return unicodedata.category(char)[0] in "LN" or unicodedata.category(char) in ("Mn", "Mc")


@cache
def _print_table() -> SelfFilling:
    return SelfFilling(_print_key)


def prints(text: str) -> str:
    """The letters and digits of a text and nothing else: what copies of it have in common.

    >>> prints("一 克，３００元！🙂")
    '一克300元'
    """
    return text.translate(_print_table())


def _clause_key(char: str) -> str | None:
    """The letters of a character; what people put between others is dropped, all else ends a clause."""
    if kept := _print_key(char):
        return "".join(part for part in kept if not part.isdecimal()) or None
    return None if matching_key(char) is None else "\n"


@cache
def _clause_table() -> SelfFilling:
    return SelfFilling(_clause_key)


def clauses(text: str) -> str:
    """The letters of a text without its numbers, a line for each clause.

    >>> clauses("阿 明，要价３００元！🙂").splitlines()
    ['阿明', '要价元', '']
    """
    return text.translate(_clause_table())
