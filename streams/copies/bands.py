"""Which texts meet: those under a common band, as long as no crowd stands there."""

from __future__ import annotations

from collections.abc import Iterable

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
    """What a change makes of meetings: whom each text may newly meet, and whose meetings may have ended."""

    new: dict[int, set[int]] = {}
    doubtful: set[int] = set()

    def add(self, text: int, others: Iterable[int]) -> None:
        self.new.setdefault(text, set()).update(others)


class Bands:
    """Texts by band, and the crowds among the bands: those with more than `crowd` live texts."""

    def __init__(self, crowd: int = CROWD) -> None:
        self._crowd = crowd
        self._under = Postings()
        self._crowds: dict[int, Crowd] = {}

    def add(self, text: int, bands: Iterable[int]) -> None:
        """Puts a new text under its bands."""
        for band in bands:
            self._under.add(band, text)

    def settle(self) -> None:
        """Between changes: puts the index in order."""
        self._under.settle()

    def meet(self, one: int, other: int, texts: Texts) -> bool:
        """Whether a band lets two live texts meet."""
        for band in set(texts.bands(one)).intersection(texts.bands(other)):
            crowd = self._crowds.get(band)
            if crowd is None or crowd.first in (one, other):
                return True
        return False

    def change(self, moved: Iterable[int], were_alive: set[int], texts: Texts) -> Meeting:
        """What follows from texts having come to life or died, or been told first by another tip."""
        under: dict[int, list[int]] = {}
        for text in moved:
            for band in texts.bands(text):
                under.setdefault(band, []).append(text)
        meeting = Meeting()
        held = self._under.lookup(band for band in under if band not in self._crowds)
        for band, changed in under.items():
            if band in held:
                self._plain(band, changed, texts.alive(held[band]), texts, meeting)
            else:
                self._crowded(band, changed, were_alive, texts, meeting)
        return meeting

    def _plain(self, band: int, changed: list[int], alive: list[int], texts: Texts, meeting: Meeting) -> None:
        if len(alive) <= self._crowd:
            for text in texts.alive(changed):
                meeting.add(text, alive)
            return
        first = texts.earliest(alive)
        self._crowds[band] = Crowd(len(alive), first)
        meeting.doubtful.update(alive)
        meeting.add(first, alive)

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
                meeting.add(text, alive)
        elif crowd.first in changed or texts.earliest([*now, crowd.first]) != crowd.first:
            alive = self._alive(band, texts)
            meeting.doubtful.add(crowd.first)
            crowd.first = texts.earliest(alive)
            meeting.add(crowd.first, alive)
        for text in now if band in self._crowds else ():
            meeting.add(text, [crowd.first])

    def _alive(self, band: int, texts: Texts) -> list[int]:
        return texts.alive(self._under.lookup([band])[band])
