"""How sure it is that of two texts one is a copy of the other, or of a part of it.

Witnesses of one event use similar words too. They differ in what they counted, and each tells something of
which the other has no word; a copy has lost or got something here and there, seldom a whole clause, and
counts the same.
"""

from __future__ import annotations

from operator import mul
from struct import unpack_from
from typing import NamedTuple

from streams.text.sketch import MOST_PAIRS, Sketch

_COVERED = 0.2
"""Of the pairs of a clause, the share that has to be in the other text for it to speak of the same."""


class Weights(NamedTuple):
    """Log odds for each measure of a text that may be a copy, beside the other."""

    base: float
    contained: float  # share of its pairs of letters that the other has
    long_details: float  # a plate, an account, a phone that both have
    short_details: float  # a number of something that both have
    conflict: float  # something that both count, and not alike
    lost: float  # a detail of which the other has nothing
    added: float  # one of the other of which it has nothing
    untold: float  # share of its pairs in clauses of which the other has nothing
    untold_there: float  # share of the other's in clauses of which it has nothing
    same_channel: float  # beside the measures


WEIGHTS = Weights(
    base=-6.75,
    contained=12.1,
    long_details=0.0,
    short_details=0.45,
    conflict=-4.2,
    lost=-1.15,
    added=-0.3,
    untold=-6.2,
    untold_there=-2.7,
    same_channel=2.15,
)
"""Fitted by logistic regression to made tips (`streams.simulate.tellings`, three levels together), but for
`conflict`: the fit says -2.9, and more than half of those that were called copies wrongly in a world of
`suyuan simulate` (a complaint in the same words about another house) go with -4.2, at no cost elsewhere."""
THRESHOLD = 1.95
_OF_MEASURES = WEIGHTS[1:-1]


class Read(NamedTuple):
    """A sketch, opened for comparing; `counted` is what its details count."""

    pairs: tuple[int, ...]
    clauses: bytes
    said: frozenset[int]
    details: frozenset[int]
    counted: frozenset[int]


class Measures(NamedTuple):
    """What is measured of a text beside another, in the order of the weights."""

    contained: float
    long_details: int
    short_details: int
    conflict: int
    lost: int
    added: int
    untold: float
    untold_there: float


def pack(sketch: Sketch) -> bytes:
    """What is compared of a sketch, in one piece: how many pairs, these, their clauses, the details."""
    return bytes((len(sketch.clauses),)) + sketch.pairs + sketch.clauses + sketch.details


def read(packed: bytes) -> Read:
    """Opens what `pack` made: worth it once for many comparisons."""
    number = packed[0]
    pairs = unpack_from(f"={number}I", packed, 1)
    clauses = packed[1 + 4 * number : 1 + 5 * number]
    rest = 1 + 5 * number
    details = frozenset(unpack_from(f"={(len(packed) - rest) // 4}I", packed, rest))
    return Read(pairs, clauses, frozenset(pairs), details, _counted(details))


def are_near(one: Read, other: Read, *, same_channel: bool) -> bool:
    """Whether one of the two is a copy of the other, the same whichever is named first.

    Takes time in proportion to the size of the sketches. Of long texts the pairs of letters with the smallest
    hashes are compared, down from the smaller of the two bounds (Broder's bottom-k).
    """
    one, other = _level(one, other)
    both = one.said & other.said
    wanted = THRESHOLD - WEIGHTS.base - WEIGHTS.same_channel * same_channel
    if _at_most(one, other, len(both)) < wanted:  # what takes longer to look at can only speak against it
        return False
    words = _words(one, other, len(both))
    return _odds(words) >= wanted and _odds(_with_untold(words, one, other, both)) >= wanted


def alike(one: Read, other: Read) -> float:
    """How alike two texts are, for people: the share of the shorter's pairs of letters that the other has.

    The same whichever is named first; 1 for a text and what was made of it by adding only.
    """
    one, other = _level(one, other)
    return round(len(one.said & other.said) / (min(len(one.said), len(other.said)) or 1), 3)


def _at_most(one: Read, other: Read, both: int) -> float:
    least = min(len(one.said), len(other.said)) or 1
    alike = max(WEIGHTS.long_details, WEIGHTS.short_details) * len(one.details & other.details)
    return WEIGHTS.contained * both / least + alike


def _odds(measured: tuple[Measures, Measures]) -> float:
    return max(float(sum(map(mul, _OF_MEASURES, each))) for each in measured)


def _words(one: Read, other: Read, both: int) -> tuple[Measures, Measures]:
    """What is measured of each beside the other, but for what the other leaves untold."""
    details = one.details & other.details
    lost = sum(detail >> 16 not in other.counted for detail in one.details)
    added = sum(detail >> 16 not in one.counted for detail in other.details)
    long = sum(detail & 1 for detail in details)
    same = (long, len(details) - long, len((one.counted & other.counted) - _counted(details)))
    return (
        Measures(both / (len(one.said) or 1), *same, lost, added, 0.0, 0.0),
        Measures(both / (len(other.said) or 1), *same, added, lost, 0.0, 0.0),
    )


def _with_untold(
    words: tuple[Measures, Measures], one: Read, other: Read, both: frozenset[int]
) -> tuple[Measures, Measures]:
    here, there = _untold(one, both), _untold(other, both)
    return (
        words[0]._replace(untold=here, untold_there=there),
        words[1]._replace(untold=there, untold_there=here),
    )


def _level(one: Read, other: Read) -> tuple[Read, Read]:
    """Both down to the same hashes, where a text had more pairs than are kept."""
    bounds = [max(each.pairs) for each in (one, other) if len(each.pairs) == MOST_PAIRS]
    return (_below(one, min(bounds)), _below(other, min(bounds))) if bounds else (one, other)


def _below(text: Read, bound: int) -> Read:
    kept = [(pair, at) for pair, at in zip(text.pairs, text.clauses, strict=True) if pair <= bound]
    pairs = tuple(pair for pair, _ in kept)
    return text._replace(pairs=pairs, clauses=bytes(at for _, at in kept), said=frozenset(pairs))


def _untold(text: Read, both: frozenset[int]) -> float:
    """The share of the text's pairs in clauses of which the other, who has `both`, has next to none."""
    clauses = text.clauses
    told = bytes(clause for pair, clause in zip(text.pairs, clauses, strict=True) if pair in both)
    untold = 0
    for clause in set(clauses):
        size = clauses.count(clause)
        untold += size if told.count(clause) < _COVERED * size else 0
    return untold / (len(text.pairs) or 1)


def _counted(details: frozenset[int]) -> frozenset[int]:
    return frozenset(detail >> 16 for detail in details)
