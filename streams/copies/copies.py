"""Who is a copy of whom among the tips that live, kept while tips come and go.

Tips with one sketch are one text. Two texts are near when a band lets them meet and they are like enough. A
text's origin is the tip told first among its own and those of the texts near it; every other tip of it is a
copy of that one. Nothing is passed on: a text that is near a copy only has that copy as its origin.

All of it is a function of the set of live tips: who was first is judged by when a tip was reported, then by
its name, never by its arrival.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable

from streams.copies.bands import CROWD, Bands
from streams.copies.likeness import Read, are_near
from streams.copies.texts import Texts, Tip
from streams.text.sketch import Sketch

__all__ = ["Copies", "Tip"]

_AGREEING = 14
"""Of the minima of two texts, how many have to agree before they are looked at closely: a likeness of a
third."""


class Copies:
    """Texts, the tips that tell them, and which texts are near: in memory, for a million of them.

    `crowd` is how many live texts a band bears before it lets them meet the first of them only.

    >>> from streams.text.sketch import sketch
    >>> copies, text = Copies(), "有人在解放路12号后门卖气弹，每箱300元，电话13800001234。"
    >>> one, other = Tip(1, "a/1", "app", 10), Tip(2, "b/1", "web", 11)
    >>> copies.change([(other, sketch(f"【转办】{text}")), (one, sketch(text))], [])
    {11: 10}
    >>> copies.change([], [10])
    {11: None}
    """

    def __init__(self, crowd: int = CROWD) -> None:
        self._texts = Texts()
        self._bands = Bands(crowd)
        self._near: dict[int, set[int]] = {}
        self._told: dict[int, tuple[int, Tip]] = {}
        self._origins: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._told)

    def origin(self, rec: int) -> int | None:
        """The tip that a tip is a copy of, if it is one."""
        return self._origins.get(rec)

    def change(self, born: Iterable[tuple[Tip, Sketch]], died: Iterable[int]) -> dict[int, int | None]:
        """Takes in tips and lets go others; gives each live tip whose origin is another now, with that one.

        Costs what the tips' neighbours cost, whatever else is held, but where a crowd gets another first one.
        """
        before: dict[int, Tip | None] = {}
        for rec in died:
            self._let_go(rec, before)
        for tip, sketch in born:
            self._take_in(tip, sketch, before)
        moved = {text for text, first in before.items() if self._texts.first(text) != first}
        dirty = set(before)
        meeting = self._bands.change(moved, {text for text in moved if before[text]}, self._texts)
        dirty |= self._part_strangers(meeting.doubtful - moved)
        pairs = {_pair(text, near) for text in moved for near in self._near.get(text, ())}
        for text, others in meeting.new.items():
            pairs |= {_pair(text, other) for other in self._texts.agreeing(text, others, _AGREEING)}
        dirty |= self._compare(pairs)
        self._texts.settle()
        self._bands.settle()
        return self._settle(dirty)

    def _take_in(self, tip: Tip, sketch: Sketch, before: dict[int, Tip | None]) -> None:
        text, new = self._texts.find(sketch)
        if new:
            self._bands.add(text, self._texts.bands(text))
        before.setdefault(text, self._texts.first(text))
        insort(self._texts.tips[text], tip)
        self._told[tip.rec] = text, tip

    def _let_go(self, rec: int, before: dict[int, Tip | None]) -> None:
        text, tip = self._told.pop(rec)
        before.setdefault(text, self._texts.first(text))
        self._texts.tips[text].remove(tip)
        self._origins.pop(rec, None)

    def _part_strangers(self, texts: set[int]) -> set[int]:
        """Parts texts from those near them whom they meet no more; gives all that were parted."""
        pairs = [(text, near) for text in texts for near in self._near.get(text, ())]
        parted = [pair for pair in pairs if not self._bands.meet(*pair, self._texts)]
        for one, other in parted:
            self._part(one, other)
            self._part(other, one)
        return {text for pair in parted for text in pair}

    def _compare(self, pairs: set[tuple[int, int]]) -> set[int]:
        """Keeps who is near whom; gives the texts for which that has changed, or may mean another origin."""
        opened: dict[int, Read] = {}
        for one, other in pairs:
            if one != other:
                if self._are_near(one, other, opened):
                    self._near.setdefault(one, set()).add(other)
                    self._near.setdefault(other, set()).add(one)
                else:
                    self._part(one, other)
                    self._part(other, one)
        return {text for pair in pairs for text in pair}

    def _part(self, one: int, other: int) -> None:
        if near := self._near.get(one):
            near.discard(other)
            if not near:
                del self._near[one]

    def _are_near(self, one: int, other: int, opened: dict[int, Read]) -> bool:
        firsts = self._texts.first(one), self._texts.first(other)
        if firsts[0] is None or firsts[1] is None:
            return False
        for text in (one, other):
            if text not in opened:
                opened[text] = self._texts.read(text)
        same_channel = firsts[0].channel == firsts[1].channel
        like = are_near(opened[one], opened[other], same_channel=same_channel)
        return like and self._bands.meet(one, other, self._texts)

    def _settle(self, texts: set[int]) -> dict[int, int | None]:
        """The origin of every tip of the texts; gives those that changed."""
        changed: dict[int, int | None] = {}
        for text in texts:
            tips = self._texts.tips[text]
            if not tips:
                continue
            first = min((tips[0], *(self._texts.tips[near][0] for near in self._near.get(text, ()))))
            for tip in tips:
                origin = None if tip.rec == first.rec else first.rec
                if self._origins.get(tip.rec) != origin:
                    changed[tip.rec] = origin
                    if origin is None:
                        del self._origins[tip.rec]
                    else:
                        self._origins[tip.rec] = origin
        return changed


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
