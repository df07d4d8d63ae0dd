"""Clusters: which profiles are one entity, as a function of all links and never of their order.

Best link first, ties by the profiles' order. Two groups become one only if half the best link between them
and half the mean over *all* their pairs, those that no key asked for too, still come to a link: one wrong
link does not chain two people's records together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from streams.tables.pairs import Pairs

BOUND = 1_000
"""Profiles of a component; of all its pairs a matrix is made."""
_STEP = 1.0
_SOME = 500
"""Links that are looked at before those that have become idle are left out."""
_AT_ONCE = 500_000
"""Pairs that are scored at once."""

Score = Callable[[Pairs], np.ndarray]


def clusters(size: int, pairs: Pairs, bits: np.ndarray, link: float, score: Score) -> np.ndarray:
    """The first profile of each profile's entity; `score` gives the bits of any pairs."""
    first = np.arange(size)
    for components in _portions(_components(size, pairs, bits, link)):
        for members, every in zip(components, _scored(components, score), strict=True):
            for group in cluster_one(members, every, link):
                first[group] = group[0]
    return first


def cluster_one(members: np.ndarray, every: np.ndarray, link: float) -> Iterator[np.ndarray]:
    """The clusters of more than one member of a component, each in the order of the members; `every` has the
    bits of all its pairs."""
    return _Clustering(members, every, link).run()


def _components(size: int, pairs: Pairs, bits: np.ndarray, link: float) -> Iterator[np.ndarray]:
    """Profiles that links hold together, in order; those alone are left out.

    Of a component that is too large the weakest links are left out, bit by bit, until its parts are not.
    """
    linked = bits >= link
    pairs, bits = pairs.where(linked), bits[linked]
    root = roots(size, pairs)
    order = np.argsort(root, kind="stable")
    begins = np.flatnonzero(np.diff(root[order], prepend=-1))
    for members in np.split(order, begins[1:]):
        if len(members) > BOUND:
            inside = root[pairs.left] == root[members[0]]
            yield from _components(size, pairs.where(inside), bits[inside], link + _STEP)
        elif len(members) > 1:
            yield members


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


def value(best: float, mean: float) -> float:
    """What two groups' best link and the mean over all their pairs come to, in bits."""
    return 0.5 * best + 0.5 * mean


class _Clustering:
    """One component: `every` has the bits of all its pairs.

    Of each two groups the best link and the sum over their pairs are kept, in the rows of their first ones:
    those of a joined group follow from those of its parts.
    """

    def __init__(self, members: np.ndarray, every: np.ndarray, link: float) -> None:
        self._members, self._link = members, link
        self._best, self._sum = every.copy(), every.copy()
        self._groups = {at: [at] for at in range(len(members))}
        self._of = list(range(len(members)))

    def run(self) -> Iterator[np.ndarray]:
        one, other = sides(len(self._members))
        bits = self._best[one, other]
        linked = np.flatnonzero(bits >= self._link)
        best_first = linked[np.argsort(-bits[linked], kind="stable")]
        one, other = one[best_first], other[best_first]
        some = _SOME
        while len(one):
            for left, right in zip(one[:some].tolist(), other[:some].tolist(), strict=True):
                if self._of[left] != self._of[right]:
                    self._join(self._of[left], self._of[right])
            of = np.array(self._of)
            one, other = one[some:], other[some:]
            apart = of[one] != of[other]  # most links of a large group are inside of it by now
            one, other = one[apart], other[apart]
            some *= 2
        return (self._members[sorted(group)] for group in self._groups.values() if len(group) > 1)

    def _join(self, left: int, right: int) -> None:
        mine, theirs = self._groups[left], self._groups[right]
        mean = self._sum[left, right] / (len(mine) * len(theirs))
        if value(self._best[left, right], mean) < self._link:
            return
        if len(mine) < len(theirs):
            left, right, mine, theirs = right, left, theirs, mine
        for at in theirs:
            self._of[at] = left
        mine += theirs
        del self._groups[right]
        self._sum[left] += self._sum[right]
        self._sum[:, left] = self._sum[left]
        np.maximum(self._best[left], self._best[right], out=self._best[left])
        self._best[:, left] = self._best[left]
