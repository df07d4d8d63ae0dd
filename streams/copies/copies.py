"""Who is a copy of whom among the tips that live, kept while tips come and go.

Tips with one sketch are one text. Two texts are near when a band lets them meet and they are like enough. A
text follows the one told first among itself and those near it; what that one is a copy of, it is a copy of
too. So every text leads back to one that follows none, and the tip that told that one first is the origin of
all the others. Only what was told before is followed: of two tips that were merged, neither becomes a copy of
the other.

All of it is a function of the set of live tips: who was first is judged by when a tip was reported, then by
its name, never by its arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from streams.copies.bands import CROWD, Bands
from streams.copies.likeness import alike, are_near
from streams.copies.texts import Texts, Tip
from streams.text.sketch import Sketch

__all__ = ["Copies", "CopyOf", "Tip"]

_AGREEING = 14
"""Of the minima of two texts, how many have to agree before they are looked at closely: a likeness of a
third."""


class CopyOf(NamedTuple):
    """What a tip is a copy of: the tip that told it first, and the one that it was known by, with how alike
    these two are (see `likeness.alike`). Mostly both are the same tip."""

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
    {11: CopyOf(first=10, known_by=10, alike=1.0)}
    >>> copies.change([], [10])
    {11: None}
    """

    def __init__(self, crowd: int = CROWD) -> None:
        self._texts = Texts()
        self._bands = Bands(crowd)
        self._near: dict[int, set[int]] = {}
        self._told: dict[int, int] = {}
        self._follows: dict[int, int] = {}
        self._followed: dict[int, set[int]] = {}
        self._copies: dict[int, CopyOf] = {}

    def __len__(self) -> int:
        return len(self._told)

    def __contains__(self, rec: int) -> bool:
        return rec in self._told

    def of(self, rec: int) -> CopyOf | None:
        """What a tip is a copy of, if it is one."""
        return self._copies.get(rec)

    def change(self, born: Sequence[tuple[Tip, Sketch]], died: Iterable[int]) -> dict[int, CopyOf | None]:
        """Takes in tips and lets go others; says of each live tip that is a copy of another now what of.

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

    # --- who follows whom ---------------------------------------------------------------------

    def _settle(
        self, dirty: set[int], moved: Sequence[int], fresh: list[tuple[int, Tip]]
    ) -> dict[int, CopyOf | None]:
        """Says of the tips of these texts, and of all that follow them, what they are copies of, where that
        has changed."""
        turned = self._with_followers({text for text in dirty.union(moved) if self._turn(text)}.union(moved))
        changed: dict[int, CopyOf | None] = {}
        for text in turned:
            found = self._source(text)
            for tip in self._texts.tips[text]:
                self._tell(tip, found, changed)
        for text, tip in fresh:
            if text not in turned:
                self._tell(tip, self._source(text), changed)
        return changed

    def _turn(self, text: int) -> bool:
        """Lets a text follow the one that was told first of those near it; whether that is another now."""
        tips, before = self._texts.tips, self._follows.get(text, text)
        now = self._texts.earliest((text, *self._near.get(text, ()))) if tips[text] else text
        if now == before:
            return False
        if before != text:
            self._followed[before].discard(text)
            if not self._followed[before]:
                del self._followed[before]
        if now == text:
            del self._follows[text]
        else:
            self._follows[text] = now
            self._followed.setdefault(now, set()).add(text)
        return True

    def _with_followers(self, texts: set[int]) -> set[int]:
        """The texts, those that follow them, and so on."""
        reached, frontier = set(texts), list(texts)
        while frontier:
            more = self._followed.get(frontier.pop(), set()) - reached
            reached |= more
            frontier += more
        return reached

    def _source(self, text: int) -> CopyOf | None:
        """What the tips of a text are copies of, but for the origin itself; None of one that nobody tells."""
        if not self._texts.tips[text]:
            return None
        known_by, first = self._follows.get(text, text), text
        while first in self._follows:
            first = self._follows[first]
        like = 1.0 if known_by == text else alike(self._texts.read(text), self._texts.read(known_by))
        tips = self._texts.tips
        return CopyOf(tips[first][0].rec, tips[known_by][0].rec, like)

    def _tell(self, tip: Tip, found: CopyOf | None, changed: dict[int, CopyOf | None]) -> None:
        now = None if found is None or found.first == tip.rec else found
        if self._copies.get(tip.rec) == now:
            return
        changed[tip.rec] = now
        if now is None:
            del self._copies[tip.rec]
        else:
            self._copies[tip.rec] = now


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
