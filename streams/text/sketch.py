"""Small pictures of texts, by which copies that were changed on their way are met and compared.

A text is the set of its pairs of neighbouring letters and of its details: numbers, plates, accounts. Details
are what a copy keeps and another tip does not have, so in the bands they weigh as much as several pairs.
"""

from __future__ import annotations

import re
from binascii import crc32
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct

from streams.text.fold import clauses, key, prints

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
_LETTER, _TWO_LETTERS = np.uint64(21), np.uint64(42)  # bits of one code point, and of two
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


class Sketch(Struct, frozen=True, array_like=True):
    """What is kept of a text, as bytes.

    `bands` are keys of 64 bits, signed: two texts of the likeness J (Jaccard, weighted) have a share of J²
    of them in common, and meet under one; `minima`, a byte each, are those the bands are made of: of them a
    share of J agrees. `pairs` are hashes of 32 bits in the order of the text, each once, and `clauses` says
    of each, in a byte, in which clause it stands. `details` are sorted, of 32 bits: the upper half says
    what is counted, the last bit whether it is a long one (a phone, a plate), which points to someone or
    something.
    """

    bands: bytes
    minima: bytes
    pairs: bytes
    clauses: bytes
    details: bytes


def sketch(text: str) -> Sketch | None:
    """The sketch of a text; None when it says too little (see `SHORTEST`).

    Takes time in proportion to the length of the text. Bands are a MinHash (Broder 1997) of a weighted set.

    >>> one, other = (sketch(f"有人在解放路12号{where}卖气弹，每箱300元。") for where in ("后门", "门口"))
    >>> 0 < len(set(bands_of(one)) & set(bands_of(other))) < BANDS
    True
    """
    return sketches((text,))[0]


def sketches(texts: Sequence[str]) -> list[Sketch | None]:
    """The sketches of some texts: of many at once each takes a third of the time."""
    if not texts:
        return []
    pairs = _pairs([clauses(text) for text in texts])
    details = [sorted(set(_details(text))) for text in texts]
    hashes = _mixed(pairs.letters)
    minima = _minima(*_elements(hashes, pairs, details), len(texts))
    bands, small = _bands(minima), (minima >> _HALF).astype(np.uint8)
    short = (hashes >> _HALF).astype(np.uint32)
    made: list[Sketch | None] = []
    for at, (begin, end) in enumerate(pairwise(pairs.bounds.tolist())):
        if end - begin < SHORTEST and len(prints(texts[at])) < SHORTEST:
            made.append(None)
            continue
        kept: np.ndarray | slice = slice(begin, end)
        if end - begin > MOST_PAIRS:
            kept = begin + np.sort(np.argpartition(short[begin:end], MOST_PAIRS)[:MOST_PAIRS])
        numbers = np.array(details[at][:MOST_DETAILS], np.uint32)
        sketched = (bands[at], small[at], short[kept], pairs.clauses[kept], numbers)
        made.append(Sketch(*(part.tobytes() for part in sketched)))
    return made


def bands_of(sketch: Sketch) -> list[int]:
    """The keys under which a text meets those like it."""
    bands: list[int] = np.frombuffer(sketch.bands, np.int64).tolist()
    return bands


class _Pairs(NamedTuple):
    """The pairs of neighbouring letters of some texts, in 64 bits, of each text each once and in order, and
    the clauses they stand in. Those of the first text are at `bounds[0]:bounds[1]`, and so on.
    """

    letters: np.ndarray
    clauses: np.ndarray
    bounds: np.ndarray


def _pairs(lines: Sequence[str]) -> _Pairs:
    codes = np.frombuffer("".join(lines).encode("utf-32-le", "surrogatepass"), np.uint32)
    sizes = [len(each) for each in lines]
    whose = np.repeat(np.arange(len(lines)), sizes)
    ended = np.append(0, np.cumsum(codes == _END))
    clause = ended[1:] - np.repeat(ended[np.cumsum([0, *sizes])[:-1]], sizes)
    inside = np.flatnonzero(codes != _END)
    second = np.flatnonzero(np.diff(whose[inside]) == 0) + 1
    one, other = (codes[inside[at]].astype(np.uint64) for at in (second - 1, second))
    whose, clause = whose[inside[second]], clause[inside[second]]
    in_text = (whose.astype(np.uint64) << _TWO_LETTERS) | (one << _LETTER) | other
    order = in_text.argsort(kind="stable")
    in_order = in_text[order]
    first = np.sort(order[np.flatnonzero(np.append(True, np.diff(in_order) != 0)[: len(order)])])
    return _Pairs(
        (one[first] << _HALF) | other[first],
        np.minimum(clause[first], _LAST_CLAUSE).astype(np.uint8),
        np.searchsorted(whose[first], np.arange(len(lines) + 1)),
    )


def _elements(hashes: np.ndarray, pairs: _Pairs, details: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """The elements of the texts' sets, text by text, and of each which text it is of."""
    numbers = np.array([each for some in details for each in some], np.uint64)
    whose = np.repeat(np.arange(len(details)), [len(some) for some in details])
    salted = numbers[:, None] * _WEIGHT_SALTS
    long = (numbers & np.uint64(1)).astype(bool)
    weighed = np.concatenate((salted[:, :_SHORT_WEIGHT].ravel(), salted[long, _SHORT_WEIGHT:].ravel()))
    owners = np.concatenate(
        (
            np.repeat(np.arange(len(details)), np.diff(pairs.bounds)),
            np.repeat(whose, _SHORT_WEIGHT),
            np.repeat(whose[long], _LONG_WEIGHT - _SHORT_WEIGHT),
        )
    )
    order = owners.argsort(kind="stable")
    return np.concatenate((hashes, _mixed(weighed)))[order], owners[order]


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


def _minima(elements: np.ndarray, owners: np.ndarray, texts: int) -> np.ndarray:
    """Of each text the least of its elements under each salt; a row each."""
    least = np.full((texts, MINIMA), np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(elements), _AT_ONCE):
        some = elements[start : start + _AT_ONCE, None] * _SALTS
        of = owners[start : start + _AT_ONCE]
        begins = np.flatnonzero(np.diff(of, prepend=-1))
        least[of[begins]] = np.minimum(least[of[begins]], np.minimum.reduceat(some, begins, axis=0))
    return least


def _bands(minima: np.ndarray) -> np.ndarray:
    return _mixed(minima[:, ::2] * _BAND_SALTS + minima[:, 1::2] * _ODD)
