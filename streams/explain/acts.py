"""What people decided, act by act, and which act counts between two live profiles.

What stands is asked of `Judgements`, by which the owner divides: an explanation names the very act that
counts, also when the taking back of another one brought it back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain

from schemas.decisions import Said
from schemas.explanations import Act, Deed, TakenBack
from schemas.times import iso
from streams import said
from streams.resolve.judgements import Judgements, effect_of

_DEEDS: dict[str, Deed] = {"same": "same", "different": "different", "unsure": "unsure"}


class Judged:
    """Every act in a store, and what stands between the profiles that live at the connection's state."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._said, self._words = said.acts(db), said.words(db)
        names = {name for act in self._said for one, other, _ in act for name in (one, other)}
        self._pids = dict(said.live_mentions(db, names))
        self.judgements = Judgements(self._said)
        for name in self.judgements.names():
            if name in self._pids:
                self.judgements.lives(name, self._pids[name])

    @cached_property
    def _acts(self) -> dict[int, Act]:
        """Every act by its number; the taking back of one is told with that one."""
        made = ((number, self._act(number, act)) for number, act in enumerate(self._said))
        return {number: act for number, act in made if act is not None}

    def _act(self, number: int, act: Sequence[Said]) -> Act | None:
        (a, b, verdict), word = act[0], self._words[number]
        if verdict == "undone":
            return None
        pairs = [(out, stays) for out, stays, each in act if each == "apart"]
        return Act(
            a=a,
            b=b,
            verdict=_DEEDS.get(verdict, "split"),
            by=word.by,
            because=word.because,
            at=iso(word.at),
            apart=tuple(dict.fromkeys(out for out, _ in pairs)),
            rest=tuple(dict.fromkeys(stays for _, stays in pairs)),
            taken_back=self._taken_back(number),
        )

    def _taken_back(self, number: int) -> TakenBack | None:
        by = self.judgements.taken_back_by(number)
        if by is None:
            return None
        word = self._words[by]
        return TakenBack(by=word.by, because=word.because, at=iso(word.at))

    @cached_property
    def _standing(self) -> dict[int, dict[int, dict[str, Act]]]:
        """The acts that count, by the two live profiles (from both sides) and by what they mean for these:
        `same`, `different`, or `unsure`. Of several of one meaning (who was taken out twice) the earliest.
        """
        found: dict[int, dict[int, dict[str, Act]]] = {}
        for (left, right), verdict, number in self.judgements.standing():
            if left not in self._pids or right not in self._pids:
                continue
            act, meaning = self._acts[number], effect_of(verdict) or verdict
            one, other = self._pids[left], self._pids[right]
            for x, y in ((one, other), (other, one)):
                here = found.setdefault(x, {}).setdefault(y, {})
                here[meaning] = min(here.get(meaning, act), act, key=_earliest)
        return found

    def counting(self, a: str, b: str) -> Act | None:
        """The act that counts between two mentions, live or not; None when nothing stands."""
        number = self.judgements.counting(a, b)
        return None if number is None else self._acts[number]

    def beside(self, pid: int) -> Collection[int]:
        """The profiles about which, with this one, something stands."""
        return self._standing.get(pid, {}).keys()

    def between(self, left: Iterable[int], right: Iterable[int], meaning: str) -> Act | None:
        """The earliest act of one meaning that counts between two groups of profiles."""
        others = set(right)
        acts = (
            acts[meaning]
            for x in left
            for y, acts in self._standing.get(x, {}).items()
            if y in others and meaning in acts
        )
        return min(acts, key=_earliest, default=None)

    def of(self, pids: Collection[int]) -> tuple[Act, ...]:
        """Every act about a mention of these profiles, also those taken back, oldest first."""
        wanted = {name for name, pid in self._pids.items() if pid in pids}
        about = [act for act in self._acts.values() if not wanted.isdisjoint(_mentions(act))]
        return tuple(sorted(about, key=_earliest))


def _mentions(act: Act) -> Iterator[str]:
    return chain((act.a, act.b), act.apart, act.rest)


def _earliest(act: Act) -> tuple[str, str, str]:
    """Orders acts by when they were decided, then by about whom."""
    return act.at, act.a, act.b
