"""Clusters: a function of one component of linked profiles and of people's judgements.

Best link first, ties by hash; two groups join only if half the best link and half the mean of all
cross pairs reach the threshold, where a pair that nothing speaks against counts as neutral. A
judgement beats the model: *same* joins first, *different* keeps apart. Two valid ID numbers never join.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from schemas.decisions import Score
from streams.resolve.model import LINK, contradicted, score
from streams.resolve.profiles import Profile

BOUND = 150
"""Above this many profiles a component keeps only links on strong identifiers."""


class Link(Struct, frozen=True, array_like=True):
    """A pair of a component, above the link threshold."""

    bits: float
    strong: bool
    a: int
    b: int


class Component(Struct, frozen=True, kw_only=True):
    """Linked profiles with their links and the judgements among them (pairs of profiles)."""

    members: tuple[int, ...]
    links: tuple[Link, ...]
    same: frozenset[tuple[int, int]]
    different: frozenset[tuple[int, int]]


def cluster(component: Component, profile: Callable[[int], Profile]) -> list[tuple[int, ...]]:
    """Divide a component into people (or things); each group in order of the profiles' hashes."""
    if len(component.members) == 1:
        return [component.members]
    return _Clustering(component, profile).run()


class _Clustering:
    def __init__(self, component: Component, profile: Callable[[int], Profile]) -> None:
        self.component = component
        self.profiles = {pid: profile(pid) for pid in component.members}
        self.group_of = {pid: (pid,) for pid in component.members}
        self.scores: dict[tuple[int, int], Score] = {}
        self.large = len(component.members) > BOUND

    def run(self) -> list[tuple[int, ...]]:
        order = {pid: profile.order for pid, profile in self.profiles.items()}

        def rank(a: int, b: int) -> tuple[int, int]:
            return (order[a], order[b]) if order[a] < order[b] else (order[b], order[a])

        for a, b in sorted(self.component.same, key=lambda pair: rank(*pair)):
            self._join(a, b, judged=True)
        for link in sorted(self.component.links, key=lambda link: (-link.bits, rank(link.a, link.b))):
            if link.strong or not self.large:
                self._join(link.a, link.b, bits=link.bits)
        groups = {tuple(sorted(group, key=order.__getitem__)) for group in self.group_of.values()}
        return sorted(groups, key=lambda group: order[group[0]])

    def _join(self, a: int, b: int, *, bits: float = 0.0, judged: bool = False) -> None:
        left, right = self.group_of[a], self.group_of[b]
        if left is right or self._kept_apart(left, right):
            return
        if not judged and not self._agree(left, right, bits):
            return
        joined = left + right
        for pid in joined:
            self.group_of[pid] = joined

    def _kept_apart(self, left: Sequence[int], right: Sequence[int]) -> bool:
        different = self.component.different
        return bool(different) and any(
            (x, y) in different or (y, x) in different for x in left for y in right
        )

    def _agree(self, left: Sequence[int], right: Sequence[int], best: float) -> bool:
        if len(self._soles(left) | self._soles(right)) > 1:
            return False
        if self.large:
            return True
        total = 0.0
        for x in left:
            for y in right:
                found = self._score(x, y)
                total += found.bits if contradicted(found) else max(found.bits, LINK)
        return 0.5 * best + 0.5 * total / (len(left) * len(right)) >= LINK

    def _soles(self, group: Iterable[int]) -> set[str]:
        return {sole for pid in group if (sole := self.profiles[pid].sole)}

    def _score(self, x: int, y: int) -> Score:
        key = (x, y) if x < y else (y, x)
        found = self.scores.get(key)
        if found is None:
            found = self.scores[key] = score(self.profiles[x], self.profiles[y])
        return found
