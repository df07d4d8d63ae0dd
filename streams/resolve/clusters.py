"""Clusters: a function of one component of linked profiles and of people's judgements.

Best link first, ties by hash; two groups join only if half the best link and half the mean of all
cross pairs reach the threshold, where a pair that nothing speaks against counts as neutral. A
judgement beats the model: *same* joins first, *different* keeps apart, and what was judged to be one is
compared as one. Two valid ID numbers never join but by a judgement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import merge

from msgspec import Struct

from schemas.decisions import Score
from streams.resolve.model import LINK, contradicted
from streams.resolve.profiles import Profile

BOUND = 400
"""Above this many profiles a component keeps only links on strong identifiers."""
REPRESENTATIVES = 8
"""Of a larger group, the guard asks those with the smallest hashes: a function of the group."""

Compare = Callable[[int, int], Score]


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


def cluster(
    component: Component, profile: Callable[[int], Profile], compare: Compare
) -> list[tuple[int, ...]]:
    """Divide a component into people (or things); each group in order of the profiles' hashes.

    `compare` scores two profiles of the component.
    """
    if len(component.members) == 1:
        return [component.members]
    return _Clustering(component, profile, compare).run()


class _Clustering:
    def __init__(self, component: Component, profile: Callable[[int], Profile], compare: Compare) -> None:
        self.component, self.compare = component, compare
        profiles = {pid: profile(pid) for pid in component.members}
        self.order = {pid: found.order for pid, found in profiles.items()}
        self.group_of: dict[int, tuple[int, ...]] = {pid: (pid,) for pid in component.members}
        self.soles = {pid: frozenset((found.sole,) if found.sole else ()) for pid, found in profiles.items()}
        self.unit_of = self.group_of
        self.large = len(component.members) > BOUND

    def run(self) -> list[tuple[int, ...]]:
        order = self.order

        def rank(a: int, b: int) -> tuple[int, int]:
            return (order[a], order[b]) if order[a] < order[b] else (order[b], order[a])

        for a, b in sorted(self.component.same, key=lambda pair: rank(*pair)):
            self._join(a, b, judged=True)
        self.unit_of = dict(self.group_of)
        for link in sorted(self.component.links, key=lambda link: (-link.bits, rank(link.a, link.b))):
            if link.strong or not self.large:
                self._join(link.a, link.b, bits=link.bits)
        return sorted(set(self.group_of.values()), key=lambda group: order[group[0]])

    def _join(self, a: int, b: int, *, bits: float = 0.0, judged: bool = False) -> None:
        left, right = self.group_of[a], self.group_of[b]
        if left is right or self._kept_apart(left, right):
            return
        if not judged and not self._agree(left, right, bits):
            return
        joined = tuple(merge(left, right, key=self.order.__getitem__))
        soles = self.soles[a] | self.soles[b]
        for pid in joined:
            self.group_of[pid], self.soles[pid] = joined, soles

    def _kept_apart(self, left: Sequence[int], right: Sequence[int]) -> bool:
        different = self.component.different
        return bool(different) and any(
            (x, y) in different or (y, x) in different for x in left for y in right
        )

    def _agree(self, left: Sequence[int], right: Sequence[int], best: float) -> bool:
        one, other = self.soles[left[0]], self.soles[right[0]]
        if one and other and one.isdisjoint(other):
            return False
        if self.large:
            return True
        left, right = left[:REPRESENTATIVES], right[:REPRESENTATIVES]
        total = sum(self._worth(x, y) for x in left for y in right)
        return 0.5 * best + 0.5 * total / (len(left) * len(right)) >= LINK

    def _worth(self, x: int, y: int) -> float:
        """Bits of a cross pair, neutral when nothing speaks against; of judged units their best pair's."""
        found = [self.compare(a, b) for a in self.unit_of[x] for b in self.unit_of[y]]
        return max(each.bits if contradicted(each) else max(each.bits, LINK) for each in found)
