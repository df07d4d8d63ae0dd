"""Judgements: what people said about mentions. The last act that stands between two counts.

An act is one answer about two mentions, or a split, which says something about many at once; taking it
back takes back all of it, and what stood before counts again. A mention that is judged is *pinned*: it
makes a profile of its own, so that it can be kept apart from (or joined to) mentions with just the same
features. Of a split only what was taken out is pinned: the rest stays as it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import Struct

from schemas.claims import MentionType
from schemas.decisions import Said
from schemas.errors import UsageError

_EFFECT = {"same": "same", "together": "same", "different": "different", "apart": "different"}


def effect_of(verdict: str) -> str | None:
    """What a word means for clusters: that two are `same` or `different`; `unsure` leaves them to the model.

    >>> effect_of("apart"), effect_of("unsure")
    ('different', None)
    """
    return _EFFECT.get(verdict)


def must_be_possible(types: Collection[MentionType]) -> None:
    """Raises `UsageError` when mentions of these types cannot be one and the same."""
    if len(types) > 1:
        raise UsageError(f"a {' and a '.join(sorted(types))} are never one")


class _Word(Struct, frozen=True, array_like=True):
    """What an act says of a pair; of `apart`, `left` is the one that was taken out."""

    act: int
    left: str
    verdict: str

    def pins(self, mention: str) -> bool:
        return self.verdict != "apart" or mention == self.left


Pair = tuple[str, str]


class Judgements:
    """The acts in force and the live profiles of the mentions they name; `acts` as they came."""

    def __init__(self, acts: Iterable[Sequence[Said]]) -> None:
        self._words: defaultdict[Pair, list[_Word]] = defaultdict(list)
        self._acts: dict[int, tuple[Pair, ...]] = {}
        self._taken_back: dict[int, int] = {}
        self._count = 0
        self._partners: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._pins: Counter[str] = Counter()
        self._pids: dict[str, int] = {}
        self._names: defaultdict[int, set[str]] = defaultdict(set)
        for act in acts:
            self.say(act)

    # --- what people said ---------------------------------------------------------------------

    def say(self, said: Sequence[Said]) -> None:
        """Take one act; `undone` about a pair takes back the last act that stands between the two."""
        spoken: dict[Pair, None] = {}
        for left, right, verdict in said:
            pair = _pair(left, right)
            if verdict == "undone":
                self._take_back(pair)
            else:
                self._set(pair, [*self._words[pair], _Word(self._count, left, verdict)])
                spoken[pair] = None
        if spoken:
            self._acts[self._count] = tuple(spoken)
        self._count += 1

    def concerned(self, said: Sequence[Said]) -> set[str]:
        """The mentions about whom something else will stand once this is said."""
        pairs = [_pair(left, right) for left, right, _ in said]
        for left, right, verdict in said:
            if verdict == "undone":
                pairs += self.act_between(left, right)
        return {mention for pair in pairs for mention in pair}

    def act_between(self, left: str, right: str) -> tuple[Pair, ...]:
        """The pairs of the act that counts between two; none when nobody said anything that stands."""
        words = self._words.get(_pair(left, right))
        return self._acts[words[-1].act] if words else ()

    def counting(self, left: str, right: str) -> int | None:
        """The number of that act: the first that was said is 0."""
        words = self._words.get(_pair(left, right))
        return words[-1].act if words else None

    def standing(self) -> Iterator[tuple[Pair, str, int]]:
        """The pairs about which something stands, `unsure` too, with the word that counts and the number
        of its act.
        """
        return ((pair, words[-1].verdict, words[-1].act) for pair, words in self._words.items())

    def taken_back_by(self, act: int) -> int | None:
        """The number of the act that took this one back; None when none did."""
        return self._taken_back.get(act)

    def _take_back(self, pair: Pair) -> None:
        if pair not in self._words:
            return
        act = self._words[pair][-1].act
        self._taken_back[act] = self._count
        for each in self._acts.pop(act):
            self._set(each, [word for word in self._words[each] if word.act != act])

    def _set(self, pair: Pair, words: list[_Word]) -> None:
        if before := self._words.pop(pair, None):
            self._ends(pair, before[-1])
        if words:
            self._words[pair] = words
            self._begins(pair, words[-1])
        for mention in pair:
            if not self._partners[mention]:
                del self._partners[mention]
                self.leaves(mention)

    def _ends(self, pair: Pair, word: _Word) -> None:
        for mention, other in (pair, pair[::-1]):
            if self._partners[mention].pop(other, None) is not None:
                self._pins[mention] -= word.pins(mention)

    def _begins(self, pair: Pair, word: _Word) -> None:
        if (effect := effect_of(word.verdict)) is None:
            return
        for mention, other in (pair, pair[::-1]):
            self._partners[mention][other] = effect
            self._pins[mention] += word.pins(mention)

    # --- about whom ---------------------------------------------------------------------------

    def names(self) -> list[str]:
        """The mentions that what is in force speaks of."""
        return list(self._partners)

    def named(self, mention: str) -> bool:
        """Whether something in force speaks of a mention."""
        return mention in self._partners

    def pinned(self, mention: str) -> bool:
        """Whether a mention makes a profile of its own."""
        return self._pins[mention] > 0

    def lives(self, mention: str, pid: int) -> None:
        """A named mention is in this profile now."""
        self.leaves(mention)
        self._pids[mention] = pid
        self._names[pid].add(mention)

    def leaves(self, mention: str) -> None:
        """A mention is not in its profile any more, which may live on by others."""
        pid = self._pids.pop(mention, None)
        if pid is not None:
            self._names[pid].discard(mention)
            if not self._names[pid]:
                del self._names[pid]

    def dies(self, pid: int) -> None:
        """A profile is gone, and with it who was in it."""
        for mention in self._names.pop(pid, ()):
            del self._pids[mention]

    def pid(self, mention: str) -> int | None:
        """The live profile of a judged mention."""
        return self._pids.get(mention)

    def verdicts(self) -> dict[tuple[int, int], bool]:
        """Of live profiles that were judged (the lower key first), whether they are one; where something else
        says otherwise of the two, they are not.
        """
        found: dict[tuple[int, int], bool] = {}
        for pid in self._names:
            for other, verdict in self.partners(pid):
                pair = (min(pid, other), max(pid, other))
                found[pair] = found.get(pair, True) and verdict == "same"
        return found

    def partners(self, pid: int) -> Iterator[tuple[int, str]]:
        """Live profiles this one was judged against, with `same` or `different`."""
        for mention in self._names.get(pid, ()):
            for other, verdict in self._partners.get(mention, {}).items():
                if (partner := self._pids.get(other)) is not None:
                    yield partner, verdict


def _pair(left: str, right: str) -> Pair:
    return (left, right) if left < right else (right, left)
