"""Small pictures of texts, by which copies that were changed on their way are met and compared.

A text is the set of its pairs of neighbouring letters and of its details: numbers, plates, accounts. Details
are what a copy keeps and another tip does not have, so in the bands they weigh as much as several pairs.
"""

from __future__ import annotations

import re
from binascii import crc32
from typing import TYPE_CHECKING

import numpy as np

from schemas.claims import Sketch
from streams.text.fold import clauses, key, prints

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST = 20
"""Letters and digits; shorter texts are alike by chance (“有人在酒吧卖笑气”) and have no sketch."""
BANDS, MINIMA = 20, 40
MOST_PAIRS, MOST_DETAILS = 192, 48
"""How many of each are kept of a text: those with the smallest hashes, if it has more."""
_LONG = 5
"""Signs from which a detail points to someone or something; shorter ones only count or measure."""
_SHORT_WEIGHT, _LONG_WEIGHT = 3, 8  # in the bands, where a pair of letters weighs 1
_AT_ONCE = 4_096
_POINT = "⎖"
"""Stands for the point of a decimal number, which is dropped between digits elsewhere: 48.5 is not 485."""
_DECIMAL = re.compile(r"(?<![\d.．])(\d+)[.．](\d{1,3})(?![\d.．])")
"""Digits in groups are no decimals: 138.0000.1234, 2018.01.27."""
_DETAIL = re.compile(r"(?<![0-9a-z*_])([a-z*_]*+[0-9][0-9a-z*_⎖]*)(\w?)")
"""Looked for where a word begins only: a long word without a digit is read once, not from each letter on."""
_DATE = re.compile(r"(19|20)[0-9]{6}")
_FORM = re.compile(r"[0-9]")
_END, _LAST_CLAUSE = ord("\n"), 255


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit depends on every bit."""
    numbers = (numbers ^ (numbers >> _S30)) * _M1
    numbers ^= numbers >> _S27
    numbers *= _M2
    numbers ^= numbers >> _S31
    return numbers


_S30, _S27, _S31, _HALF = (np.uint64(bits) for bits in (30, 27, 31, 32))
_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def _salts(count: int) -> np.ndarray:
    """Odd multipliers, the same for ever: sketches are kept and compared with new ones."""
    return _mixed(np.arange(1, count + 1, dtype=np.uint64)) | np.uint64(1)


_SALTS = _salts(MINIMA)
_WEIGHT_SALTS = _salts(_LONG_WEIGHT)
_BAND_SALTS = _salts(BANDS)
_ODD = np.uint64(0x9E3779B97F4A7C15)


def sketch(text: str) -> Sketch | None:
    """The sketch of a text; None when it says too little (see `SHORTEST`).

    Takes time in proportion to the length of the text. Bands are a MinHash (Broder 1997) of a weighted set.

    >>> one, other = (sketch(f"有人在解放路12号{where}卖气弹，每箱300元。") for where in ("后门", "门口"))
    >>> 0 < len(set(bands_of(one)) & set(bands_of(other))) < BANDS
    True
    """
    pairs, standing = _pairs(clauses(text))
    if len(pairs) < SHORTEST and len(prints(text)) < SHORTEST:
        return None
    found = np.array(sorted(set(_details(text))), np.uint32)
    elements = _mixed(np.concatenate((pairs, _weighed(found))))
    minima = _minima(elements)
    short = (elements[: len(pairs)] >> _HALF).astype(np.uint32)
    if len(short) > MOST_PAIRS:
        kept = np.sort(np.argpartition(short, MOST_PAIRS)[:MOST_PAIRS])
        short, standing = short[kept], standing[kept]
    return Sketch(
        _bands(minima).tobytes(),
        (minima >> _HALF).astype(np.uint8).tobytes(),
        short.tobytes(),
        np.minimum(standing, _LAST_CLAUSE).astype(np.uint8).tobytes(),
        found[:MOST_DETAILS].tobytes(),
    )


def bands_of(sketch: Sketch) -> list[int]:
    """The keys under which a text meets those like it."""
    bands: list[int] = np.frombuffer(sketch.bands, np.int64).tolist()
    return bands


def _pairs(lines: str) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of neighbouring letters, in 64 bits, each once in order, and the clauses they stand in."""
    codes = np.frombuffer(lines.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = codes == _END
    inside = ~ends
    letters = codes[inside].astype(np.uint64)
    pairs = (letters[:-1] << _HALF) | letters[1:]
    order = pairs.argsort(kind="stable")
    in_order = pairs[order]
    new = np.ones(len(pairs), bool)
    np.not_equal(in_order[1:], in_order[:-1], out=new[1:])
    first = order[new]
    first.sort()
    return pairs[first], ends.cumsum()[inside][1:][first]


def _details(text: str) -> Iterator[int]:
    """The numbers, plates and accounts of a text.

    What a short one counts is the letter after it, of a long one the form. A long one also tells its last
    four signs, which a mask leaves.
    """
    if "." in text or "．" in text:
        text = _DECIMAL.sub(_with_point, text)
    for found in _DETAIL.finditer(key(text)):
        signs, after = found.groups()
        if len(signs) < _LONG or _POINT in signs:
            yield _detail(after, signs)
        elif _DATE.fullmatch(signs):
            yield _detail("日", signs)
        else:
            yield _detail(_FORM.sub("0", signs), signs) | 1
            yield _detail("…", signs[-4:])


def _with_point(decimal: re.Match[str]) -> str:
    """A decimal number as a detail is found: 48.50 is 48.5, and 48.0 is 48."""
    whole, part = decimal.groups()
    part = part.rstrip("0０")
    return f"{whole}{_POINT}{part}" if part else whole


def _detail(counted: str, value: str) -> int:
    return crc32(counted.encode("utf-8", "surrogatepass")) >> 16 << 16 | crc32(value.encode()) >> 16 & ~1


def _weighed(details: np.ndarray) -> np.ndarray:
    """Each detail as many times as it weighs, every time another number."""
    salted = details.astype(np.uint64)[:, None] * _WEIGHT_SALTS
    long = (details & 1).astype(bool)
    return np.concatenate((salted[:, :_SHORT_WEIGHT].ravel(), salted[long, _SHORT_WEIGHT:].ravel()))


def _minima(elements: np.ndarray) -> np.ndarray:
    least: np.ndarray = (elements[:_AT_ONCE, None] * _SALTS).min(axis=0, initial=np.iinfo(np.uint64).max)
    for start in range(_AT_ONCE, len(elements), _AT_ONCE):
        some = elements[start : start + _AT_ONCE, None] * _SALTS
        least = np.minimum(least, some.min(axis=0))
    return least


def _bands(minima: np.ndarray) -> np.ndarray:
    return _mixed(minima[::2] * _BAND_SALTS + minima[1::2] * _ODD)
