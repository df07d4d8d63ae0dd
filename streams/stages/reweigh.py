"""Reweigh: another model → all pairs that the blocks ask for scored anew → who would be who.

Changes nothing itself, so that what is going to be done can be shown before it is.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from streams.resolve.asked import asked, pairs_of
from streams.resolve.judgements import Judgements
from streams.resolve.model import REVIEW
from streams.resolve.pairs import Link
from streams.resolve.weights import Weights
from streams.stages.cluster import Moved, divide_anew
from streams.state import OwnerState


class PairArrays:
    """Pairs in arrays, each both ways, in order: millions of them."""

    def __init__(
        self, left: np.ndarray, right: np.ndarray, bits: np.ndarray, strong: np.ndarray, profiles: int
    ) -> None:
        one, other = np.concatenate((left, right)), np.concatenate((right, left))
        order = np.lexsort((other, one))
        self._one, self._other = one[order], other[order]
        self._starts = np.searchsorted(self._one, np.arange(profiles + 1, dtype=np.int32))
        self._bits, self._strong = np.tile(bits, 2)[order], np.tile(strong, 2)[order]

    def of(self, pid: int) -> dict[int, Link]:
        """The pairs of a profile."""
        here = slice(self._starts[pid], self._starts[pid + 1])
        links = zip(self._bits[here].tolist(), self._strong[here].tolist(), strict=True)
        return dict(zip(self._other[here].tolist(), links, strict=True))

    def rows(self, portion: int = 100_000) -> Iterator[tuple[int, int, float, bool]]:
        """All of them, as the table has them."""
        for start in range(0, len(self._one), portion):
            here = slice(start, start + portion)
            columns = (self._one, self._other, self._bits, self._strong)
            yield from zip(*(column[here].tolist() for column in columns), strict=True)


class Reweighed(Struct, frozen=True, kw_only=True):
    """What another model makes of a state: its pairs, and the profiles that belong to another entity then."""

    pairs: PairArrays
    moved: list[Moved]


def reweigh(
    state: OwnerState, judgements: Judgements, weights: Weights, codes: np.ndarray | None = None
) -> Reweighed:
    """What `weights` would make of the state; `codes` are the pairs that are asked for, if they are known."""
    before = state.weights
    state.follow(weights)
    try:
        pairs = _scored(state, asked(state) if codes is None else codes)
        return Reweighed(pairs=pairs, moved=divide_anew(state, judgements, pairs))
    finally:
        state.follow(before)


def _scored(state: OwnerState, codes: np.ndarray) -> PairArrays:
    left, right, bits, strong = array("i"), array("i"), array("d"), array("b")
    for a, b, one, other in pairs_of(state, codes):
        found = state.compare(one, other)
        if found.bits >= REVIEW:
            left.append(a)
            right.append(b)
            bits.append(found.bits)
            strong.append(bool(one.numbers & other.numbers))
    return PairArrays(
        np.asarray(left), np.asarray(right), np.asarray(bits), np.asarray(strong, bool), len(state.types)
    )
