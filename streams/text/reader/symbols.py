"""What each character of a text is to the reader: its code, its class, and the patterns it stands in.

Everything is an array with one entry a character, so that features cost a few array operations.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from schemas.reference import substances, surnames
from streams.text.reader.words import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Array = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

MARGIN = 5
"""Characters of padding around a text: no feature looks further."""
_OTHER, _HAN, _LETTER, _DIGIT, _PADDING = 0, 1, 2, 3, 4
_CLASSES = (
    "一二三四五六七八九十百千万两零〇壹贰叁肆伍陆柒捌玖拾半",
    "某", "×ⅹＸxX*＊●○", "甲乙丙丁戊己庚辛壬癸", "年", "月", "日号", "时点", "分", "许", "间",
    "晚晨早午夜凌中上下", "克", "毫公斤升两钱", "粒颗片包袋瓶支板份盒枚", "余多约近", "省", "市", "县区",
    "镇乡村路街道", "号栋楼室房", "店馆吧厅院园家屋", "，,", "。", "；;", "：:", "、", '“"‘', '”"’',
    "（(", "）)", ".．", "和与及同跟", "向给从把将被让由", "的", "在到至", "人", "等",
)  # fmt: skip
_FIRST_CLASS = 5
_MOST = 1 << 62
_COMMON_SURNAME = 2.0  # per mille of the population
_USUAL_GIVEN = 3.0  # per mille of the characters of given names

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_MASK = r"[某×＊*ＸXx●ⅹ]"
_N = "0-9０-９一二三四五六七八九十百千万两零〇"
PATTERNS = (
    re.compile(rf"([\u4e00-\u9fff](?:{_MASK}{{1,3}}[{_STEMS}0-9一-九]?|{_MASK}[\u4e00-\u9fff](?![，])))"),
    re.compile(
        rf"([{_N}]{{1,12}}(?:[.．][{_N}]{{1,12}})?(?:余|多|几)?"
        r"(?:毫克|千克|公斤|克|毫升|升|斤|两|[Kk]?[Gg]|[Mm][Gg]|[Mm][Ll]))"
    ),
    re.compile(
        rf"([{_N}]{{1,12}}[年月日号时点](?:份?(?:[{_N}]{{1,12}}[月日号时点分]|凌晨|早上|上午|中午|下午|晚上|晚|夜间))*"
        r"|[当同次](?:[日天晚年月]|(?<=同年)[月日])|凌晨|上午|下午|晚上)"
    ),
)
"""Masked names (李某某), weights and times, as rules see them, each in one group: the tagger learns how far
to believe them.

Repetitions are bounded, or digits without end would cost time in the square of their number.
"""


class Symbols(Struct, frozen=True):
    """Arrays with one entry a character: `code` folded to half width, `shape` a class, `named` what
    speaks for a name, `mark` the patterns the character stands in and its place there, `again` which
    n-grams that begin here stand elsewhere in the text too (1 for two characters, 2 three, 4 four)."""

    code: Array
    shape: Array
    named: Array
    mark: Array
    again: Array


def codes_of(text: str) -> Array:
    """The code points of a text, full-width ones folded to plain; any string is fine.

    >>> codes_of("１克").tolist() == [ord("1"), ord("克")]
    True
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
    wide = (codes >= 0xFF01) & (codes <= 0xFF5E)
    codes[wide] -= 0xFEE0
    return codes


@cache
def _tables() -> tuple[Array, Array]:
    """The class and the name level of every character of the basic plane."""
    shape = np.zeros(1 << 16, dtype=np.int64)
    shape[0x3400:0xA000] = _HAN
    for first, last, kind in (("0", "9", _DIGIT), ("a", "z", _LETTER), ("A", "Z", _LETTER)):
        shape[ord(first) : ord(last) + 1] = kind
    shape[0] = _PADDING
    for kind, chars in enumerate(_CLASSES, _FIRST_CLASS):
        for char in chars:
            shape[ord(char)] = kind
    named = np.zeros(1 << 16, dtype=np.int64)
    for char in surnames.given_chars():
        if surnames.given_share(char) >= _USUAL_GIVEN:
            named[ord(char)] += 1
    for name in surnames.family_names():
        if len(name) == 1:
            named[ord(name)] += 4 if surnames.share(name) >= _COMMON_SURNAME else 2
    return shape, named


@cache
def _drug_names() -> re.Pattern[str]:
    names = {name for each in substances.all_substances() for name in (each.name, *each.aliases, *each.slang)}
    return re.compile(f"({any_of(filter(_long, names))})")


def _long(name: str) -> bool:
    return len(name) > 1


def symbols_of(texts: Sequence[str]) -> tuple[Symbols, list[int]]:
    """The symbols of texts laid end to end with padding between, and where each text begins."""
    joined, starts = _joined(texts)
    code = codes_of(joined)
    low = np.minimum(code, 0xFFFF)
    shape, named = _tables()
    mark = np.zeros(len(code), dtype=np.int64)
    for place, pattern in enumerate((*PATTERNS, _drug_names())):
        _mark(mark, _spans(pattern, joined), 5**place)
    return Symbols(code, shape[low], named[low], mark, _again(code, starts)), starts


def _again(code: Array, starts: Sequence[int]) -> Array:
    owner = np.zeros(len(code), dtype=np.int64)
    owner[list(starts)] = 1
    every, number = np.unique(code, return_inverse=True)
    base = len(every)
    grams = [np.cumsum(owner) * base + number]
    for step in (1, 2, 3):
        beside = np.zeros(len(code), dtype=np.int64)
        beside[:-step] = number[step:]
        if int(grams[-1].max(initial=0)) >= _MOST // base:
            grams[-1] = np.unique(grams[-1], return_inverse=True)[1]
        grams.append(grams[-1] * base + beside)
    again = np.zeros(len(code), dtype=np.int64)
    order = np.argsort(grams[-1])
    for bit, keys in zip((1, 2, 4), grams[1:], strict=True):
        ordered = keys[order]
        same = ordered[1:] == ordered[:-1]
        beside = np.zeros(len(code), dtype=bool)
        beside[1:] = same
        beside[:-1] |= same
        again[order] += bit * beside
    return again


def _joined(texts: Iterable[str]) -> tuple[str, list[int]]:
    pad = "\0" * MARGIN
    parts, starts, at = [pad], [], MARGIN
    for text in texts:
        starts.append(at)
        parts += (text, pad)
        at += len(text) + MARGIN
    return "".join(parts), starts


def _spans(pattern: re.Pattern[str], text: str) -> tuple[Array, Array]:
    """Where the matches of a pattern, which is one group, start and end."""
    parts = pattern.split(text)
    bounds = np.cumsum(np.fromiter(map(len, parts), dtype=np.int64, count=len(parts)))
    return bounds[:-1:2], bounds[1::2]


def _mark(mark: Array, spans: tuple[Array, Array], unit: int) -> None:
    """Adds 1 to 4 units (first, inner, last, only) to the characters of each span, none of them empty."""
    starts, lasts = spans[0], spans[1] - 1
    inner = np.zeros(len(mark) + 1, dtype=np.int64)
    inner[starts] += 1
    np.subtract.at(inner, lasts + 1, 1)
    mark += 2 * unit * np.cumsum(inner)[:-1]
    many = starts < lasts
    mark[starts[many]] -= unit
    mark[lasts[many]] += unit
    mark[starts[~many]] += 2 * unit
