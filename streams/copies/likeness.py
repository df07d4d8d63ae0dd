"""How sure it is that of two texts one is a copy of the other, or of a part of it.

Witnesses of one event use similar words too. They differ in what they counted, and each tells something of
which the other has no word; a copy has lost or got something here and there, seldom a whole clause, and
counts the same.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter, mul
from typing import NamedTuple

import numpy as np

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
    conflict=-2.9,
    lost=-1.15,
    added=-0.3,
    untold=-6.2,
    untold_there=-2.7,
    same_channel=2.15,
)
"""Fitted by logistic regression to made tips (`streams.simulate.tellings`, three levels together)."""
THRESHOLD = 2.4


class Read(NamedTuple):
    """A sketch, opened for comparing; `counted` is what its details count."""

    pairs: list[int]
    clauses: list[int]
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


def read(sketch: Sketch) -> Read:
    """Opens a sketch: worth it once for many comparisons."""
    details = frozenset(np.frombuffer(sketch.details, np.uint32).tolist())
    pairs = np.frombuffer(sketch.pairs, np.uint32).tolist()
    clauses = np.frombuffer(sketch.clauses, np.uint16).tolist()
    return Read(pairs, clauses, frozenset(pairs), details, _counted(details))


def are_near(one: Read, other: Read, *, same_channel: bool) -> bool:
    """Whether one of the two is a copy of the other, the same whichever is named first.

    Takes time in proportion to the size of the sketches. Of long texts the pairs of letters with the smallest
    hashes are compared, down from the smaller of the two bounds (Broder's bottom-k).
    """
    one, other = _level(one, other)
    wanted = THRESHOLD - WEIGHTS.base - WEIGHTS.same_channel * same_channel
    return (
        _at_most(one, other) >= wanted  # what takes longer to look at can only speak against it
        and _odds(_words(one, other)) >= wanted
        and _odds(measures(one, other)) >= wanted
    )


def _at_most(one: Read, other: Read) -> float:
    least = min(len(one.said), len(other.said)) or 1
    alike = max(WEIGHTS.long_details, WEIGHTS.short_details) * len(one.details & other.details)
    return WEIGHTS.contained * len(one.said & other.said) / least + alike


def _odds(measured: tuple[Measures, Measures]) -> float:
    return max(float(sum(map(mul, WEIGHTS[1:], each))) for each in measured)


def measures(one: Read, other: Read) -> tuple[Measures, Measures]:
    """What is measured of the one beside the other, and of the other beside the one."""
    here, there = _words(one, other)
    untold, untold_there = _untold(one, other), _untold(other, one)
    return (
        here._replace(untold=untold, untold_there=untold_there),
        there._replace(untold=untold_there, untold_there=untold),
    )


def _words(one: Read, other: Read) -> tuple[Measures, Measures]:
    shared = len(one.said & other.said)
    both = one.details & other.details
    lost = sum(detail >> 16 not in other.counted for detail in one.details)
    added = sum(detail >> 16 not in one.counted for detail in other.details)
    long = sum(detail & 1 for detail in both)
    same = (long, len(both) - long, len((one.counted & other.counted) - _counted(both)))
    return (
        Measures(shared / (len(one.said) or 1), *same, lost, added, 0.0, 0.0),
        Measures(shared / (len(other.said) or 1), *same, added, lost, 0.0, 0.0),
    )


def _level(one: Read, other: Read) -> tuple[Read, Read]:
    """Both down to the same hashes, where a text had more pairs than are kept."""
    bounds = [max(each.pairs) for each in (one, other) if len(each.pairs) == MOST_PAIRS]
    return (_below(one, min(bounds)), _below(other, min(bounds))) if bounds else (one, other)


def _below(text: Read, bound: int) -> Read:
    kept = [(pair, at) for pair, at in zip(text.pairs, text.clauses, strict=True) if pair <= bound]
    pairs = [pair for pair, _ in kept]
    return text._replace(pairs=pairs, clauses=[at for _, at in kept], said=frozenset(pairs))


def _untold(text: Read, other: Read) -> float:
    """The share of the text's pairs in clauses of which the other has next to none."""
    untold = 0
    for _, together in groupby(zip(text.clauses, text.pairs, strict=True), key=itemgetter(0)):
        clause = [pair for _, pair in together]
        untold += len(clause) if len(other.said.intersection(clause)) < _COVERED * len(clause) else 0
    return untold / (len(text.pairs) or 1)


def _counted(details: frozenset[int]) -> frozenset[int]:
    return frozenset(detail >> 16 for detail in details)
