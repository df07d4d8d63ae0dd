"""Clusters: which profiles are one entity, as a function of all links and never of their order.

Best link first, ties by the profiles' order. Two groups become one only if half the best link between them
and half the mean over *all* their pairs, those that no key asked for too, still come to a link: one wrong
link does not chain two people's records together. In a large component a few profiles of each group, its
first, speak for the group in that mean.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product

import numpy as np

from streams.tables.pairs import Pairs

BOUND = 200
"""Profiles of a component of which all pairs are compared."""
SPEAKERS = 4
"""Profiles that speak for a group in a larger one."""
_SOME = 500
"""Links that are looked at before those that have become idle are left out."""
_AT_ONCE = 500_000
"""Pairs that are scored at once."""

Score = Callable[[Pairs], np.ndarray]
Bits = Callable[[int, int], float]
"""The bits of two members of a component."""


def clusters(size: int, pairs: Pairs, bits: np.ndarray, link: float, score: Score) -> np.ndarray:
    """The first profile of each profile's entity; `score` gives the bits of any pairs."""
    first = np.arange(size)
    pairs, bits = pairs.where(bits >= link), bits[bits >= link]
    small, large = _components(size, pairs)
    for components in _portions(small):
        for members, every in zip(components, _scored(components, score), strict=True):
            for group in cluster_small(every, link):
                first[members[group]] = members[group[0]]
    for members, inside in large:
        links = Pairs(
            np.searchsorted(members, pairs.left[inside]), np.searchsorted(members, pairs.right[inside])
        )
        for group in cluster_large(len(members), links, bits[inside], link, Known(members, score)):
            first[members[group]] = members[group[0]]
    return first


def cluster_small(every: np.ndarray, link: float) -> Iterator[list[int]]:
    """The clusters of more than one member of a component, in the order of the members; `every` has the bits
    of all its pairs."""
    one, other = sides(len(every))
    bits = every[one, other]
    linked = bits >= link
    return _Small(every, link).run(Pairs(one[linked], other[linked]), bits[linked])


def cluster_large(size: int, links: Pairs, bits: np.ndarray, link: float, known: Bits) -> Iterator[list[int]]:
    """The same of a component of which the links are given, each with its smaller member first."""
    return _Large(size, link, known).run(links, bits)


def _components(
    size: int, links: Pairs
) -> tuple[Iterator[np.ndarray], Iterator[tuple[np.ndarray, np.ndarray]]]:
    """Profiles that links hold together, in order; those alone are left out. Of each that is too large to
    have all its pairs compared, with the places of its links."""
    root = roots(size, links)
    order = np.argsort(root, kind="stable")
    begins = np.flatnonzero(np.diff(root[order], prepend=-1))
    found = [members for members in np.split(order, begins[1:]) if len(members) > 1]
    of_link = root[links.left]
    return (
        (members for members in found if len(members) <= BOUND),
        ((members, np.flatnonzero(of_link == members[0])) for members in found if len(members) > BOUND),
    )


def roots(size: int, links: Pairs) -> np.ndarray:
    """The least profile that each one is linked to, over however many others."""
    root = np.arange(size)
    while True:
        before = root
        least = np.minimum(root[links.left], root[links.right])
        root = root.copy()
        np.minimum.at(root, before[links.left], least)
        np.minimum.at(root, before[links.right], least)
        root = root[root]
        if np.array_equal(root, before):
            return root


@lru_cache(maxsize=BOUND)
def sides(size: int) -> tuple[np.ndarray, np.ndarray]:
    """The places of all pairs of so many, each once."""
    return np.triu_indices(size, 1)


def _portions(components: Iterable[np.ndarray]) -> Iterator[list[np.ndarray]]:
    portion: list[np.ndarray] = []
    pairs = 0
    for members in components:
        portion.append(members)
        pairs += len(members) ** 2 // 2
        if pairs > _AT_ONCE:
            yield portion
            portion, pairs = [], 0
    if portion:
        yield portion


def _scored(components: Sequence[np.ndarray], score: Score) -> Iterator[np.ndarray]:
    """Of each component the bits of every pair, as a matrix."""
    pairs = [sides(len(members)) for members in components]
    bits = score(
        Pairs(
            np.concatenate([members[one] for members, (one, _) in zip(components, pairs, strict=True)]),
            np.concatenate([members[other] for members, (_, other) in zip(components, pairs, strict=True)]),
        )
    )
    at = 0
    for members, side in zip(components, pairs, strict=True):
        every = np.zeros((len(members), len(members)))
        every[side] = bits[at : at + len(side[0])]
        at += len(side[0])
        yield every + every.T


class Known:
    """The bits of two members of a component, scored when they are asked for first."""

    def __init__(self, members: np.ndarray, score: Score) -> None:
        self._members, self._score = members, score
        self._bits: dict[tuple[int, int], float] = {}

    def __call__(self, one: int, other: int) -> float:
        pair = (one, other) if one < other else (other, one)
        if pair not in self._bits:
            self._bits[pair] = float(self._score(Pairs(*(self._members[[at]] for at in pair)))[0])
        return self._bits[pair]


def value(best: float, mean: float) -> float:
    """What two groups' best link and the mean over all their pairs come to, in bits."""
    return 0.5 * best + 0.5 * mean


class _BestFirst(ABC):
    """One component, whose members are numbered: joins the groups between which the best link left is, where
    what speaks for that comes to a link."""

    def __init__(self, size: int, link: float) -> None:
        self._link = link
        self._groups = {at: [at] for at in range(size)}
        self._of = list(range(size))
        self._refused: dict[int, dict[int, float]] = {}  # by two groups the best link between them

    def run(self, links: Pairs, bits: np.ndarray) -> Iterator[list[int]]:
        """The groups of more than one member, in order."""
        some = _SOME
        while len(bits):
            best = _best(bits, some)
            of_best = links.where(best)
            order = np.lexsort((of_best.right, of_best.left, -bits[best]))
            sides = (of_best.left[order].tolist(), of_best.right[order].tolist())
            for left, right, each in zip(*sides, bits[best][order].tolist(), strict=True):
                if self._of[left] != self._of[right]:
                    self._try(self._of[left], self._of[right], each)
            of = np.array(self._of)
            left_over = ~best & (of[links.left] != of[links.right])  # most are inside of a group by now
            links, bits = links.where(left_over), bits[left_over]
            some *= 2
        return (sorted(group) for group in self._groups.values() if len(group) > 1)

    def _try(self, left: int, right: int, bits: float) -> None:
        best = self._refused.get(left, {}).get(right, bits)
        if value(best, self._mean(left, right)) < self._link:
            self._refuse(left, right, best)
        elif len(self._groups[left]) < len(self._groups[right]):
            self._join(right, left)
        else:
            self._join(left, right)

    def _refuse(self, left: int, right: int, best: float) -> None:
        for one, other in ((left, right), (right, left)):
            refused = self._refused.setdefault(one, {})
            refused[other] = max(best, refused.get(other, best))

    def _join(self, left: int, right: int) -> None:
        theirs = self._groups.pop(right)
        for at in theirs:
            self._of[at] = left
        self._groups[left] += theirs
        for other, best in self._refused.pop(right, {}).items():
            del self._refused[other][right]
            if other != left:
                self._refuse(left, other, best)
        self._joined(left, right)

    @abstractmethod
    def _mean(self, left: int, right: int) -> float:
        """The mean of the bits over the pairs of two groups."""

    @abstractmethod
    def _joined(self, left: int, right: int) -> None:
        """Group `right` has become part of `left`."""


def _best(bits: np.ndarray, some: int) -> np.ndarray:
    """Which are the best few, and those as good as the last of them."""
    if len(bits) <= 2 * some:
        return np.ones(len(bits), bool)
    return np.asarray(bits >= np.partition(bits, len(bits) - some)[len(bits) - some])


class _Small(_BestFirst):
    """Of each two groups the sum over their pairs is kept, in the rows of their first ones: those of a joined
    group follow from those of its parts."""

    def __init__(self, every: np.ndarray, link: float) -> None:
        super().__init__(len(every), link)
        self._sum = every.copy()

    def _mean(self, left: int, right: int) -> float:
        return float(self._sum[left, right]) / (len(self._groups[left]) * len(self._groups[right]))

    def _joined(self, left: int, right: int) -> None:
        self._sum[left] += self._sum[right]
        self._sum[:, left] = self._sum[left]


class _Large(_BestFirst):
    """The first few of each group speak for it."""

    def __init__(self, size: int, link: float, known: Bits) -> None:
        super().__init__(size, link)
        self._known = known
        self._speakers = {at: [at] for at in range(size)}

    def _mean(self, left: int, right: int) -> float:
        pairs = [*product(self._speakers[left], self._speakers[right])]
        return sum(self._known(one, other) for one, other in pairs) / len(pairs)

    def _joined(self, left: int, right: int) -> None:
        every = sorted(self._speakers[left] + self._speakers.pop(right))
        self._speakers[left] = every[:SPEAKERS]
