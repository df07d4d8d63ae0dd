"""Which texts meet: those under a common band, as long as no crowd stands there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct

from streams.copies.texts import Texts
from streams.postings import Postings

CROWD = 64
"""Live texts under one band above which they meet the one that was told first only.

Phrases that everybody uses make crowds, and so does a message that thousands hand on; it is of the first
that the others would be copies.
"""


class Crowd(Struct):
    """A band with many live texts: how many, and the one that was told first."""

    size: int
    first: int


class Meeting(Struct):
    """What a change makes of meetings: pairs that may newly meet (some in rows of an array, some one by
    one), and texts whose meetings may have ended."""

    rows: np.ndarray
    single: list[tuple[int, int]] = []
    doubtful: set[int] = set()

    def of(self, text: int, others: Iterable[int]) -> None:
        """A text meets all these."""
        self.single += [(text, other) for other in others]

    def pairs(self) -> np.ndarray:
        """All of the pairs, in rows: some of them twice, or of a text with itself."""
        return np.concatenate((self.rows, np.array(self.single, np.int64).reshape(-1, 2)))


class Bands:
    """Texts by band, and the crowds among the bands: those with more than `crowd` live texts."""

    def __init__(self, crowd: int = CROWD) -> None:
        self._crowd = crowd
        self._under = Postings()
        self._crowds: dict[int, Crowd] = {}

    def add(self, new: Sequence[int], texts: Texts) -> None:
        """Puts new texts under their bands."""
        for text, bands in zip(new, texts.bands(new).tolist(), strict=True):
            for band in bands:
                self._under.add(band, text)

    def settle(self) -> None:
        """Between changes: puts the index in order."""
        self._under.settle()

    def meet(self, one: int, other: int, texts: Texts) -> bool:
        """Whether a band lets two live texts meet."""
        ours, theirs = texts.bands((one, other)).tolist()
        for band in set(ours).intersection(theirs):
            crowd = self._crowds.get(band)
            if crowd is None or crowd.first in (one, other):
                return True
        return False

    def change(self, moved: Sequence[int], were_alive: set[int], texts: Texts) -> Meeting:
        """What follows from texts having come to life or died, or been told first by another tip."""
        bands = texts.bands(moved).ravel()
        whose = np.repeat(np.array(moved, np.int64), len(bands) // (len(moved) or 1))
        crowded = np.fromiter((band in self._crowds for band in bands.tolist()), bool, len(bands))
        free = np.flatnonzero(~crowded)
        at, under, many = self._under.under(bands[free], self._crowd)
        meeting = Meeting(np.column_stack((whose[free[at]], under)))
        changed: dict[int, list[int]] = {}
        for place in (*np.flatnonzero(crowded).tolist(), *free[many].tolist()):
            changed.setdefault(int(bands[place]), []).append(int(whose[place]))
        for band, some in changed.items():
            if band in self._crowds:
                self._crowded(band, some, were_alive, texts, meeting)
            else:
                self._plain(band, some, texts, meeting)
        return meeting

    def _plain(self, band: int, changed: list[int], texts: Texts, meeting: Meeting) -> None:
        alive = self._alive(band, texts)
        if len(alive) <= self._crowd:
            for text in texts.alive(changed):
                meeting.of(text, alive)
            return
        first = texts.earliest(alive)
        self._crowds[band] = Crowd(len(alive), first)
        meeting.doubtful.update(alive)
        meeting.of(first, alive)

    def _crowded(
        self, band: int, changed: list[int], were_alive: set[int], texts: Texts, meeting: Meeting
    ) -> None:
        crowd = self._crowds[band]
        now = texts.alive(changed)
        crowd.size += len(now) - len(were_alive.intersection(changed))
        if crowd.size <= self._crowd:
            del self._crowds[band]
            alive = self._alive(band, texts)
            for text in alive:
                meeting.of(text, alive)
        elif crowd.first in changed or texts.is_earlier(now, crowd.first):
            alive = self._alive(band, texts)
            meeting.doubtful.add(crowd.first)
            crowd.first = texts.earliest(alive)
            meeting.of(crowd.first, alive)
        if band in self._crowds:
            meeting.of(crowd.first, now)

    def _alive(self, band: int, texts: Texts) -> list[int]:
        return texts.alive(self._under.lookup([band])[band])
