"""Sentences side by side: their first characters together, then their second ones, and so on.

So each step of an algorithm that goes through sentences reads and writes one slice for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from streams.text.reader.symbols import Array


class Lanes(Struct, frozen=True):
    """`rows` are the rows of the characters in the order of their steps, the longest sentence first in
    each; `bounds` are where each step begins in it, and where the last one ends."""

    rows: Array
    bounds: list[int]

    def steps(self) -> Iterator[tuple[slice, slice]]:
        """Of each step but the first its slice, and that of the characters just before."""
        bounds = self.bounds
        for step in range(1, len(bounds) - 1):
            start, end = bounds[step], bounds[step + 1]
            yield slice(start, end), slice(bounds[step - 1], bounds[step - 1] + end - start)

    @property
    def last(self) -> Array:
        """The places of the last characters of all sentences, the longest first."""
        counts = np.diff(self.bounds)
        lengths = np.searchsorted(-counts, -np.arange(int(counts[:1].sum())), side="left")
        places: Array = np.asarray(self.bounds)[lengths - 1] + np.arange(len(lengths))
        return places


def lanes_of(starts: Array, lengths: Array) -> Lanes:
    """The lanes of the sentences `starts[i]` to `starts[i] + lengths[i]`, none of them empty."""
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    steps = np.arange(int(lengths.max(initial=0)))
    counts = np.searchsorted(-lengths, -steps, side="left")
    bounds = np.concatenate([[0], np.cumsum(counts)])
    step = np.repeat(steps, counts)
    return Lanes(starts[np.arange(len(step)) - bounds[step]] + step, bounds.tolist())
