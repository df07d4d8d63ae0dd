"""Who is a copy of whom among the tips that live, kept while tips come and go.

Tips with one sketch are one text. Two texts are near when a band lets them meet and they are like enough. Of
two that are near, what was told later is a copy of what was told before, and of what that one is a copy of:
every text leads back to those that copy none. Mostly that is one; what was merged of two tips leads back to
both, which are no copies of each other, as only what was told before is followed.

All of it is a function of the set of live tips: who was first is judged by when a tip was reported, then by
its name, never by its arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from streams.copies.bands import CROWD, Bands
from streams.copies.likeness import alike, are_near
from streams.copies.texts import Texts, Tip
from streams.text.sketch import Sketch

__all__ = ["Copies", "CopyOf", "Tip"]

_AGREEING = 14
"""Of the minima of two texts, how many have to agree before they are looked at closely: a likeness of a
third."""
_MOST_SOURCES = 8
"""Tips of which one is a copy that are kept: those told first. Phrases that many use lead back to many."""


class CopyOf(NamedTuple):
    """What a tip is a copy of: the tip that told it first, and the one that it was known by, with how alike
    these two are (see `likeness.alike`). Mostly both are the same tip.
    """

    first: int
    known_by: int
    alike: float


class Copies:
    """Texts, the tips that tell them, and which texts are near: in memory, for a million of them.

    `crowd` is how many live texts a band bears before it lets them meet the first of them only.

    >>> from streams.text.sketch import sketch
    >>> copies, text = Copies(), "有人在解放路12号后门卖气弹，每箱300元，电话13800001234。"
    >>> one, other = Tip(1, "a/1", "app", 10), Tip(2, "b/1", "web", 11)
    >>> copies.change([(other, sketch(f"【转办】{text}")), (one, sketch(text))], [])
    {11: (CopyOf(first=10, known_by=10, alike=1.0),)}
    >>> copies.change([], [10])
    {11: ()}
    """

    def __init__(self, crowd: int = CROWD) -> None:
        self._texts = Texts()
        self._bands = Bands(crowd)
        self._near: dict[int, set[int]] = {}
        self._told: dict[int, int] = {}
        self._sources: dict[int, tuple[CopyOf, ...]] = {}
        self._copies: dict[int, tuple[CopyOf, ...]] = {}

    def __len__(self) -> int:
        return len(self._told)

    def __contains__(self, rec: int) -> bool:
        return rec in self._told

    def of(self, rec: int) -> tuple[CopyOf, ...]:
        """What a tip is a copy of, by who told first; nothing for one that is none."""
        return self._copies.get(rec, ())

    def change(
        self, born: Sequence[tuple[Tip, Sketch]], died: Iterable[int]
    ) -> dict[int, tuple[CopyOf, ...]]:
        """Takes in tips and lets go others; says of each live tip for which that changes what it copies.

        Costs what the tips' neighbours cost, whatever else is held, but where a crowd gets another first one.
        """
        before: dict[int, Tip | None] = {}
        for rec in died:
            self._let_go(rec, before)
        fresh = self._take_in(born, before)
        moved = [text for text, first in before.items() if self._texts.first(text) != first]
        meeting = self._bands.change(moved, {text for text in moved if before[text]}, self._texts)
        dirty = self._part_strangers(meeting.doubtful.difference(moved))
        dirty |= self._compare(self._texts.agreeing(meeting.pairs(), _AGREEING), moved)
        self._texts.settle()
        self._bands.settle()
        return self._settle(dirty, moved, fresh)

    def _take_in(
        self, born: Sequence[tuple[Tip, Sketch]], before: dict[int, Tip | None]
    ) -> list[tuple[int, Tip]]:
        found, new = self._texts.find([sketch for _, sketch in born])
        self._bands.add(new, self._texts)
        fresh = [(text, tip) for text, (tip, _) in zip(found, born, strict=True)]
        for text, tip in fresh:
            before.setdefault(text, self._texts.first(text))
            self._texts.tell(text, tip)
            self._told[tip.rec] = text
        return fresh

    def _let_go(self, rec: int, before: dict[int, Tip | None]) -> None:
        text = self._told.pop(rec)
        before.setdefault(text, self._texts.first(text))
        self._texts.fall_silent(text, rec)
        self._copies.pop(rec, None)
        if self._texts.first(text) is None:
            self._sources.pop(text, None)

    # --- who is near whom ---------------------------------------------------------------------

    def _part_strangers(self, texts: set[int]) -> set[int]:
        """Parts texts from those near them whom they meet no more; gives all that were parted."""
        pairs = [(text, near) for text in texts for near in self._near.get(text, ())]
        parted = [pair for pair in pairs if not self._bands.meet(*pair, self._texts)]
        for one, other in parted:
            self._part(one, other)
        return {text for pair in parted for text in pair}

    def _compare(self, met: set[tuple[int, int]], moved: Iterable[int]) -> set[int]:
        """Keeps who is near whom; gives the texts for which that has changed, or may mean another first one.

        Those that were near and moved are compared again: the channels of their first tips count.
        """
        near = {_pair(text, other) for text in moved for other in self._near.get(text, ())}
        dirty = set()
        for one, other in met | near:
            kept = self._are_near(one, other) and (
                (one, other) in met or self._bands.meet(one, other, self._texts)
            )
            known = other in self._near.get(one, ())
            if kept and not known:
                self._near.setdefault(one, set()).add(other)
                self._near.setdefault(other, set()).add(one)
                dirty.add(other if self._texts.is_earlier((one,), other) else one)  # only it may follow now
            elif kept or known:
                dirty |= {one, other}
            if known and not kept:
                self._part(one, other)
        return dirty

    def _part(self, one: int, other: int) -> None:
        for text, near in ((one, other), (other, one)):
            if held := self._near.get(text):
                held.discard(near)
                if not held:
                    del self._near[text]

    def _are_near(self, one: int, other: int) -> bool:
        firsts = self._texts.first(one), self._texts.first(other)
        if firsts[0] is None or firsts[1] is None:
            return False
        same_channel = firsts[0].channel == firsts[1].channel != ""
        return are_near(self._texts.read(one), self._texts.read(other), same_channel=same_channel)

    # --- who copies whom ----------------------------------------------------------------------

    def _settle(
        self, dirty: set[int], moved: Sequence[int], fresh: list[tuple[int, Tip]]
    ) -> dict[int, tuple[CopyOf, ...]]:
        """Traces these texts back anew, and those after them for which that makes a difference: each once, as
        what was told before is done before. Says what the tips are copies of for which that has changed.
        """
        changed: dict[int, tuple[CopyOf, ...]] = {}
        told_anew = set(moved)
        waiting = [(self._texts.tips[text][0], text) for text in self._texts.alive(dirty.union(moved))]
        heapify(waiting)
        done = set()
        while waiting:
            first, text = heappop(waiting)
            if text in done:
                continue
            done.add(text)
            if self._trace(text, first) or text in told_anew:
                for tip in self._texts.tips[text]:
                    self._tell(tip, text, changed)
                for other in self._near.get(text, ()):
                    if other not in done and (after := self._texts.tips[other][0]) > first:
                        heappush(waiting, (after, other))
        for text, tip in fresh:
            self._tell(tip, text, changed)
        return changed

    def _trace(self, text: int, first: Tip) -> bool:
        """Finds anew which tips were told first of what a text tells; whether these are others now.

        Of those near it that were told before, each is either such a tip or leads back to some. One of which
        a source is known already says nothing new: what was merged of a tip and another does not make copies
        of that tip copies of the other.
        """
        tips = self._texts.tips
        before = sorted((tips[near][0], near) for near in self._near.get(text, ()) if tips[near][0] < first)
        found: dict[Tip, CopyOf] = {}
        for tip, near in before:
            sources = self._sources.get(near) or (CopyOf(tip.rec, tip.rec, 1.0),)
            origins = [tips[self._told[source.first]][0] for source in sources]
            if found.keys().isdisjoint(origins):
                like = alike(self._texts.read(text), self._texts.read(near))
                found |= {origin: CopyOf(origin.rec, tip.rec, like) for origin in origins}
        now = tuple(found[origin] for origin in sorted(found)[:_MOST_SOURCES])
        if now == self._sources.get(text, ()):
            return False
        if now:
            self._sources[text] = now
        else:
            del self._sources[text]
        return True

    def _tell(self, tip: Tip, text: int, changed: dict[int, tuple[CopyOf, ...]]) -> None:
        first = self._texts.tips[text][0].rec
        now = self._sources.get(text) or (() if tip.rec == first else (CopyOf(first, first, 1.0),))
        if self._copies.get(tip.rec, ()) == now:
            return
        changed[tip.rec] = now
        if now:
            self._copies[tip.rec] = now
        else:
            del self._copies[tip.rec]


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
