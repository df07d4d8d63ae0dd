"""Clusters: a function of one component of linked profiles and of people's judgements.

Best link first, ties by hash; two groups join only if half the best link and half the mean of all
cross pairs reach the threshold, where a pair that nothing speaks against counts as neutral. A
judgement beats the model: *same* joins first, *different* keeps apart, and what was judged to be one is
compared as one. Two valid ID numbers never join but by a judgement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from math import fsum

from msgspec import Struct

from schemas.decisions import Outcome, Score
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
    """Linked profiles with their links and the judgements about them (pairs of profiles; of those that
    are *different* one may be outside)."""

    members: tuple[int, ...]
    links: tuple[Link, ...]
    same: frozenset[tuple[int, int]]
    different: frozenset[tuple[int, int]]


class Attempt(Struct, frozen=True, array_like=True):
    """What became of a link (or of a judgement *same*: `bits` is None) between profiles `a` and `b`.

    `left` and `right` are the sizes of their groups then, `mean` that of the cross pairs in bits, None
    when it was not asked for.
    """

    a: int
    b: int
    bits: float | None
    left: int
    right: int
    mean: float | None
    outcome: Outcome

    @property
    def value(self) -> float | None:
        """What is held against the threshold: half the best link and half the mean."""
        return None if self.bits is None or self.mean is None else _value(self.bits, self.mean)


Witness = Callable[[Attempt], None]


def cluster(
    component: Component,
    profile: Callable[[int], Profile],
    compare: Compare,
    witness: Witness | None = None,
) -> list[tuple[int, ...]]:
    """Divide a component into people (or things); each group in order of the profiles' hashes.

    `compare` scores two profiles of the component; `witness` is told every attempt to join, in order.
    """
    if len(component.members) == 1:
        return [component.members]
    return _Clustering(component, profile, compare, witness).run()


class _Group(Struct, eq=False):
    """Profiles that are one so far; `first` are those with the smallest hashes, in order; `barred` those
    that somebody said are different from one of them.
    """

    members: list[int]
    first: tuple[int, ...]
    soles: frozenset[str]
    barred: frozenset[int]


class _Clustering:
    def __init__(
        self,
        component: Component,
        profile: Callable[[int], Profile],
        compare: Compare,
        witness: Witness | None,
    ) -> None:
        self.component, self.compare, self.witness = component, compare, witness
        profiles = {pid: profile(pid) for pid in component.members}
        self.order = {pid: found.order for pid, found in profiles.items()}
        barred: defaultdict[int, set[int]] = defaultdict(set)
        for a, b in component.different:
            barred[a].add(b)
            barred[b].add(a)
        self.group_of = {
            pid: _Group(
                [pid], (pid,), frozenset((found.sole,) if found.sole else ()), frozenset(barred.get(pid, ()))
            )
            for pid, found in profiles.items()
        }
        self.judged_one: dict[int, tuple[int, ...]] = {}
        self.large = len(component.members) > BOUND

    def run(self) -> list[tuple[int, ...]]:
        for a, b in sorted(self.component.same, key=lambda pair: self._rank(*pair)):
            self._join(a, b, None)
        if self.component.same:
            self.judged_one = {pid: tuple(group.members) for pid, group in self.group_of.items()}
        ranked = sorted(self.component.links, key=lambda link: (-link.bits, self._rank(link.a, link.b)))
        for link in ranked:
            self._join(link.a, link.b, link.bits, weak=self.large and not link.strong)
        at = self.order.__getitem__
        groups = {id(group): group for group in self.group_of.values()}.values()
        return sorted(
            (tuple(sorted(group.members, key=at)) for group in groups), key=lambda group: at(group[0])
        )

    def _rank(self, a: int, b: int) -> tuple[int, int]:
        one, other = self.order[a], self.order[b]
        return (one, other) if one < other else (other, one)

    def _join(self, a: int, b: int, bits: float | None, *, weak: bool = False) -> None:
        left, right = self.group_of[a], self.group_of[b]
        outcome, mean = ("weak", None) if weak else self._outcome(left, right, bits)
        if self.witness is not None:
            self.witness(Attempt(a, b, bits, len(left.members), len(right.members), mean, outcome))
        if outcome != "joined":
            return
        if len(left.members) < len(right.members):
            left, right = right, left
        left.first = tuple(sorted((*left.first, *right.first), key=self.order.__getitem__)[:REPRESENTATIVES])
        left.soles |= right.soles
        left.barred |= right.barred
        left.members += right.members
        for pid in right.members:
            self.group_of[pid] = left

    def _outcome(self, left: _Group, right: _Group, bits: float | None) -> tuple[Outcome, float | None]:
        """What becomes of a link between two groups (a judgement: `bits` None), and the mean if it counts."""
        if left is right:
            return "together", None
        if not left.barred.isdisjoint(right.members):
            return "judged", None
        if bits is None:
            return "joined", None
        if left.soles and right.soles and left.soles.isdisjoint(right.soles):
            return "exclusive", None
        if self.large:
            return "joined", None
        mean = self._mean(left, right)
        return "joined" if _value(bits, mean) >= LINK else "guard", mean

    def _mean(self, left: _Group, right: _Group) -> float:
        """Of all cross pairs, in bits; exactly rounded, or the order of the pairs would count."""
        total = fsum(self._worth(x, y) for x in left.first for y in right.first)
        return total / (len(left.first) * len(right.first))

    def _worth(self, x: int, y: int) -> float:
        """Bits of a cross pair, neutral when nothing speaks against; of judged units their best pair's."""
        if not self.judged_one:
            return _neutral(self.compare(x, y))
        return max(_neutral(self.compare(a, b)) for a in self.judged_one[x] for b in self.judged_one[y])


def _value(best: float, mean: float) -> float:
    return 0.5 * best + 0.5 * mean


def _neutral(found: Score) -> float:
    return found.bits if found.bits >= LINK or contradicted(found) else LINK
