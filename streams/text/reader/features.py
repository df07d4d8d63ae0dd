"""The features of a character for the tagger: n-grams of the symbols around it, as numbers.

An n-gram is looked up once where it begins; a template then looks at it from a distance. That makes
sixty features a character as cheap as a dozen look-ups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from streams.text.reader.lookup import Lookup
from streams.text.reader.symbols import Array, Symbols

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHAPES, _NAMED, _MARKS = 64, 8, 625


class Gram(Struct, frozen=True):
    """`size` symbols of a stream in a row, seen from characters at each of the `offsets`."""

    stream: str
    size: int
    offsets: range


GRAMS: Mapping[str, Gram] = {
    "char1": Gram("char", 1, range(-4, 5)),
    "char2": Gram("char", 2, range(-4, 4)),
    "char3": Gram("char", 3, range(-4, 3)),
    "char4": Gram("char", 4, range(-4, 2)),
    "shape2": Gram("shape", 2, range(-4, 4)),
    "shape4": Gram("shape", 4, range(-4, 2)),
    "shape6": Gram("shape", 6, range(-4, 0)),
    "name1": Gram("name", 1, range(-2, 3)),
    "name2": Gram("name", 2, range(-2, 2)),
    "name3": Gram("name", 3, range(-3, 2)),
    "mark1": Gram("mark", 1, range(-2, 3)),
    "mark2": Gram("mark", 2, range(-2, 2)),
    "seen": Gram("seen", 1, range(-1, 2)),
    "again1": Gram("again", 1, range(-3, 3)),
    "again2": Gram("again", 2, range(-3, 2)),
    "again3": Gram("again", 3, range(-3, 1)),
}
"""What the tagger sees; of one stream the shorter n-grams come first. Characters outside the alphabet are
one and the same unknown character."""


class Vocabulary(Struct, frozen=True):
    """The characters and n-grams that the tagger knows, sorted; a number is a place in it plus one."""

    alphabet: Array
    keys: Mapping[str, Array]


def streams_of(symbols: Symbols, alphabet: Array) -> dict[str, tuple[Array, int]]:
    """Each stream with the number of different symbols in it."""
    chars = numbers(symbols.code, alphabet)
    name = symbols.named * _SHAPES + symbols.shape
    mark = symbols.mark
    return {
        "char": (chars, len(alphabet) + 1),
        "shape": (symbols.shape, _SHAPES),
        "name": (name, _SHAPES * _NAMED),
        "mark": (mark, _MARKS),
        "again": (symbols.again * _SHAPES * _NAMED + name, 8 * _SHAPES * _NAMED),
        "seen": (mark * _SHAPES * _NAMED + name, _MARKS * _SHAPES * _NAMED),
    }


def numbers(keys: Array, known: Array) -> Array:
    """The place of each key among the known ones plus one; 0 for an unknown one."""
    if not len(known):
        return np.zeros(len(keys), dtype=np.int64)
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    found: Array = np.where(known[places] == keys, places + 1, 0)
    return found


def gram_keys(symbols: Symbols, alphabet: Array) -> Iterator[tuple[str, Array]]:
    """Each kind of n-gram with the key of the one that begins at each character."""
    streams = streams_of(symbols, alphabet)
    grown: dict[str, tuple[int, Array]] = {}
    for name, gram in GRAMS.items():
        stream, base = streams[gram.stream]
        size, keys = grown.get(gram.stream, (1, stream))
        for step in range(size, gram.size):
            keys = keys * base
            keys[:-step] += stream[step:]
        grown[gram.stream] = gram.size, keys
        yield name, keys


def shifted(values: Array, offset: int) -> Array:
    """What each character sees at a distance: `shifted(v, 1)[i] == v[i + 1]`, 0 beyond the ends."""
    if offset == 0:
        return values
    out = np.zeros_like(values)
    if offset > 0:
        out[:-offset] = values[offset:]
    else:
        out[-offset:] = values[:offset]
    return out


class GramFinder:
    """Finds the numbers of the n-grams of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._alphabet = vocabulary.alphabet
        self._keys = {name: Lookup(keys) for name, keys in vocabulary.keys.items()}

    def numbers(self, symbols: Symbols) -> dict[str, Array]:
        """For each kind of n-gram the number of the one that begins at each character; 0 for an unknown."""
        return {name: self._keys[name].find(keys) for name, keys in gram_keys(symbols, self._alphabet)}


def templates() -> Iterator[tuple[str, int]]:
    """All features of a character: a kind of n-gram and where it begins, in a fixed order."""
    for name, gram in GRAMS.items():
        for offset in gram.offsets:
            yield name, offset
