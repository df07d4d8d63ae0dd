"""Small pictures of texts, by which copies that were changed on their way are met and compared.

A text is the set of its pairs of neighbouring letters and of its details: numbers, plates, accounts. Details
are what a copy keeps and another tip does not have, so in the bands they weigh as much as several pairs.
"""

from __future__ import annotations

import re
from binascii import crc32
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from streams.text.fingerprint import SHORTEST
from streams.text.fold import clauses, key, prints

if TYPE_CHECKING:
    from collections.abc import Iterator

BANDS, MINIMA = 20, 40
MOST_PAIRS, MOST_DETAILS = 192, 48
"""How many of each are kept of a text: those with the smallest hashes, if it has more."""
_LONG = 5
"""Signs from which a detail points to someone or something; shorter ones only count or measure."""
_SHORT_WEIGHT, _LONG_WEIGHT = 3, 8  # in the bands, where a pair of letters weighs 1
_AT_ONCE = 4_096
_DETAIL = re.compile(r"(?<![0-9a-z*_])([a-z*_]*+[0-9][0-9a-z*_]*)(\w?)")
"""Looked for where a word begins only: a long word without a digit is read once, not from each letter on."""
_DATE = re.compile(r"(19|20)[0-9]{6}")
_FORM = re.compile(r"[0-9]")
_END, _LAST_CLAUSE = ord("\n"), 65_535


class Sketch(Struct, frozen=True):
    """What is kept of a text, as bytes.

    `bands` are keys of 64 bits, signed: two texts of the likeness J (Jaccard, weighted) have a share of J²
    of them in common, and meet under one; `minima`, a byte each, are those the bands are made of: of them a
    share of J agrees. `pairs` are hashes of 32 bits in the order of the text, each once, and `clauses` says
    of each, in 16 bits, in which clause it stands. `details` are sorted, of 32 bits: the upper half says
    what is counted, the last bit whether it is a long one (a phone, a plate), which points to someone or
    something.
    """

    bands: bytes
    minima: bytes
    pairs: bytes
    clauses: bytes
    details: bytes


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit depends on every bit."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray = numbers ^ (numbers >> np.uint64(31))
    return mixed


def _salts(count: int) -> np.ndarray:
    """Odd multipliers, the same for ever: sketches are kept and compared with new ones."""
    return _mixed(np.arange(1, count + 1, dtype=np.uint64)) | np.uint64(1)


_SALTS = _salts(MINIMA)
_WEIGHT_SALTS = _salts(_LONG_WEIGHT)
_BAND_NUMBERS = np.arange(BANDS, dtype=np.uint64)
_HALF = np.uint64(32)
_ODD = np.uint64(0x9E3779B97F4A7C15)


def sketch(text: str) -> Sketch | None:
    """The sketch of a text; None when it says too little (see `fingerprint.SHORTEST`).

    Takes time in proportion to the length of the text. Bands are a MinHash (Broder 1997) of a weighted set.

    >>> one, other = (sketch(f"有人在解放路12号{where}卖气弹，每箱300元。") for where in ("后门", "门口"))
    >>> 0 < len(set(bands_of(one)) & set(bands_of(other))) < BANDS
    True
    """
    if len(prints(text)) < SHORTEST:
        return None
    pairs, standing = _pairs(clauses(text))
    found = np.unique(np.fromiter(_details(key(text)), np.uint32))
    minima = _minima(np.concatenate((pairs, _weighed(found.astype(np.uint64)))))
    short = (pairs >> _HALF).astype(np.uint32)
    if len(short) > MOST_PAIRS:
        kept = np.sort(np.argpartition(short, MOST_PAIRS)[:MOST_PAIRS])
        short, standing = short[kept], standing[kept]
    return Sketch(
        _bands(minima).view(np.int64).tobytes(),
        (minima >> _HALF).astype(np.uint8).tobytes(),
        short.tobytes(),
        standing.astype(np.uint16).tobytes(),
        found[:MOST_DETAILS].tobytes(),
    )


def bands_of(sketch: Sketch) -> list[int]:
    """The keys under which a text meets those like it."""
    bands: list[int] = np.frombuffer(sketch.bands, np.int64).tolist()
    return bands


def _pairs(lines: str) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of 64 bits of the pairs of neighbouring letters, each once in order, and their clauses."""
    codes = np.frombuffer(lines.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = codes == _END
    clause = np.cumsum(ends, dtype=np.uint64)[~ends]
    letters = codes[~ends].astype(np.uint64)
    hashes, first = np.unique(_mixed((letters[:-1] << _HALF) | letters[1:]), return_index=True)
    order = np.argsort(first)
    return hashes[order], np.minimum(clause[1:][first[order]], _LAST_CLAUSE)


def _details(text: str) -> Iterator[int]:
    """The numbers, plates and accounts of a text.

    What a short one counts is the letter after it, of a long one the form. A long one also tells its last
    four signs, which a mask leaves.
    """
    for found in _DETAIL.finditer(text):
        signs, after = found.groups()
        if len(signs) < _LONG or _DATE.fullmatch(signs):
            yield _detail("日" if len(signs) >= _LONG else after, signs)
        else:
            yield _detail(_FORM.sub("0", signs), signs) | 1
            yield _detail("…", signs[-4:])


def _detail(counted: str, value: str) -> int:
    return crc32(counted.encode("utf-8", "surrogatepass")) >> 16 << 16 | crc32(value.encode()) >> 16 & ~1


def _weighed(details: np.ndarray) -> np.ndarray:
    """Each detail as many times as it weighs, every time another hash."""
    long = (details & np.uint64(1)).astype(bool)
    return np.concatenate(
        [
            _mixed(some[:, None] * _WEIGHT_SALTS[:weight]).ravel()
            for some, weight in ((details[~long], _SHORT_WEIGHT), (details[long], _LONG_WEIGHT))
        ]
    )


def _minima(elements: np.ndarray) -> np.ndarray:
    least = np.full(MINIMA, np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(elements), _AT_ONCE):
        some = elements[start : start + _AT_ONCE, None] * _SALTS
        least = np.minimum(least, some.min(axis=0))
    return least


def _bands(minima: np.ndarray) -> np.ndarray:
    return _mixed(_mixed(minima[::2] + _BAND_NUMBERS) * _ODD + minima[1::2])
