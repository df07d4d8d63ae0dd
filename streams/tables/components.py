"""Components that grow: profiles that links hold together, and the clusters that each component falls into.

Each change clusters the components that it touches anew, from all their pairs, so what comes out is what the
set of profiles says (`streams.tables.clusters`), whichever came first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from streams.tables.clusters import BOUND, Score, cluster_one, clusters, roots, sides
from streams.tables.pairs import Pairs
from streams.tables.profiles import Numbers

Links = np.ndarray
"""Pairs of profiles, a row each."""
_HALF, _LOW = 32, (1 << 32) - 1


class Component(Struct, eq=False):
    """Its members by their hash, the links among them, and the bits of all pairs once they were needed."""

    members: np.ndarray
    links: Links
    every: np.ndarray | None = None


class Scores:
    """Bits of pairs under one model: those that were `wanted` together are scored together."""

    def __init__(self, score: Score) -> None:
        self._score = score
        self._codes = np.empty(0, np.int64)
        self._bits = np.empty(0)

    def want(self, pairs: Pairs) -> None:
        """Scores pairs that will be asked for."""
        codes = _codes(pairs)
        at = np.searchsorted(self._codes, codes)
        known = at < len(self._codes)
        known[known] = self._codes[at[known]] == codes[known]
        if not known.all():
            codes = np.unique(codes[~known])
            bits = self._score(Pairs(codes >> _HALF, codes & _LOW))
            codes, bits = np.concatenate((self._codes, codes)), np.concatenate((self._bits, bits))
            order = np.argsort(codes, kind="stable")
            self._codes, self._bits = codes[order], bits[order]

    def of(self, pairs: Pairs) -> np.ndarray:
        """The bits of each pair, wanted or not."""
        self.want(pairs)
        return self._bits[np.searchsorted(self._codes, _codes(pairs))]


def _codes(pairs: Pairs) -> np.ndarray:
    left, right = np.asarray(pairs.left, np.int64), np.asarray(pairs.right, np.int64)
    return np.minimum(left, right) << _HALF | np.maximum(left, right)


class Components:
    """All components, and of each profile the earliest one of its cluster."""

    def __init__(self, hashes: Numbers, link: float) -> None:
        self._hashes, self._link = hashes, link
        self._of: dict[int, Component] = {}
        self.first = Numbers(np.int32)
        self._lead = Numbers(np.int32)  # the earliest of those that each profile stands for

    def load(self, linked: Pairs, groups: np.ndarray, lead: np.ndarray) -> None:
        """Takes the links among profiles, the group that each was found to be in, and the earliest profile
        that each stands for."""
        earliest = np.full(len(groups), len(groups))
        np.minimum.at(earliest, groups, lead)
        for number, first in zip(lead.tolist(), earliest[groups].tolist(), strict=True):
            self._lead.append(number)
            self.first.append(first)
        links = np.column_stack((linked.left, linked.right)).astype(np.int32)
        for component in self._parts(np.arange(len(groups)), links):
            self._put(component)

    def add(self, profile: int, linked: Sequence[int], scores: Scores) -> None:
        """A new profile, and those that it is linked with; if it is with none it is alone."""
        self.first.append(profile)
        self._lead.append(profile)
        if not linked:
            return
        touched = self.touched(linked)
        links = np.array([(other, profile) for other in linked], np.int32)
        members = np.concatenate([*(each.members for each in touched), [profile]])
        component = Component(
            self._by_hash(members), np.concatenate([*(each.links for each in touched), links])
        )
        if len(members) <= BOUND:
            component.every = _every(component.members, touched, scores)
        self._put(component)
        self._cluster(component, scores)

    def touched(self, profiles: Iterable[int]) -> list[Component]:
        """The components of profiles, each once; who is alone is one of its own."""
        found = [self._of.get(profile) or _alone(profile) for profile in profiles]
        return list({id(each): each for each in found}.values())

    def inside(self, linked: Mapping[int, Sequence[int]]) -> Pairs:
        """All pairs that will be asked for when profiles come with these links, but for those of components
        that are too large."""
        groups: dict[int, set[int]] = {}
        for profile, others in linked.items():
            if others:
                merged = {profile}
                for each in self.touched(others):
                    merged.update(each.members.tolist())
                merged.update(*(groups[each] for each in merged if each in groups))
                groups.update(dict.fromkeys(merged, merged))
        distinct = {id(each): each for each in groups.values()}.values()
        return Pairs.of(
            _unknown(np.array(sorted(group)), self.touched(group))
            for group in distinct
            if len(group) <= BOUND
        )

    def part(self, outgrown: Sequence[int], meet: Callable[[Links], np.ndarray], scores: Scores) -> None:
        """Takes back the links among profiles of a block that are asked for by nothing else: that do not
        `meet` elsewhere."""
        for component in self.touched(outgrown):
            gone = np.asarray(np.isin(component.links, outgrown).all(axis=1))
            if gone.any():
                gone[gone] = ~meet(component.links[gone])
            if gone.any():
                self._split(component, component.links[~gone], scores)

    def evict(self, profile: int, scores: Scores) -> None:
        """Takes a profile out that is compared no more."""
        (component,) = self.touched([profile])
        if len(component.members) > 1:
            self._split(component, component.links[(component.links != profile).all(axis=1)], scores)

    def lead(self, profile: int, earliest: int, scores: Scores) -> None:
        """Says which is the earliest profile that one stands for."""
        if self._lead.read()[profile] != earliest:
            self._lead.read()[profile] = earliest
            self._cluster(self.touched([profile])[0], scores)

    def _split(self, component: Component, links: Links, scores: Scores) -> None:
        for profile in component.members.tolist():
            del self._of[profile]
        self.first.read()[component.members] = self._lead.read()[component.members]
        for part in self._parts(component.members, links):
            if component.every is not None:
                inside = np.arange(len(component.members)) < len(part.members)  # both are by hash
                part.every = component.every[np.ix_(inside, inside)]
            self._put(part)
            self._cluster(part, scores)

    def _parts(self, members: np.ndarray, links: Links) -> Iterable[Component]:
        """The components of more than one of these members."""
        at = np.full(int(members.max(initial=-1)) + 1, -1)
        at[members] = np.arange(len(members))
        local = Pairs(at[links[:, 0]], at[links[:, 1]])
        root = roots(len(members), local)
        of_link = root[local.left]
        order, of_order = np.argsort(root, kind="stable"), np.argsort(of_link, kind="stable")
        kinds, begins, sizes = np.unique(root[order], return_index=True, return_counts=True)
        starts, ends = (np.searchsorted(of_link[of_order], kinds, side) for side in ("left", "right"))
        for begin, size, start, end in zip(begins, sizes, starts, ends, strict=True):
            if size > 1:
                mine = members[order[begin : begin + size]]
                yield Component(self._by_hash(mine), links[of_order[start:end]])

    def _by_hash(self, members: np.ndarray) -> np.ndarray:
        return members[np.argsort(self._hashes.read()[members], kind="stable")]

    def _put(self, component: Component) -> None:
        for profile in component.members.tolist():
            self._of[profile] = component

    def _cluster(self, component: Component, scores: Scores) -> None:
        members = component.members
        first, lead = self.first.read(), self._lead.read()
        first[members] = lead[members]
        groups: Iterable[np.ndarray] = ()
        if len(members) > BOUND:
            groups = self._in_parts(component, scores)
        elif len(members) > 1:
            if component.every is None:
                component.every = _every(members, [], scores)
            groups = cluster_one(members, component.every, self._link)
        for group in groups:
            first[group] = lead[group].min()

    def _in_parts(self, component: Component, scores: Scores) -> Iterable[np.ndarray]:
        """The clusters of a component that is too large to have all its pairs scored."""
        members = component.members
        place = {profile: at for at, profile in enumerate(members.tolist())}
        links = np.array([[place[one], place[other]] for one, other in component.links.tolist()])
        bits = scores.of(Pairs(component.links[:, 0], component.links[:, 1]))
        local = Pairs(links.min(axis=1), links.max(axis=1))
        found = clusters(
            len(members), local, bits, self._link,
            lambda pairs: scores.of(Pairs(members[pairs.left], members[pairs.right])),
        )  # fmt: skip
        return (members[found == at] for at in np.unique(found))


def _alone(profile: int) -> Component:
    return Component(np.array([profile]), np.empty((0, 2), np.int32))


def _unknown(members: np.ndarray, parts: Sequence[Component]) -> Pairs:
    """The pairs of members that are in no part together whose pairs are known."""
    place = {profile: at for at, profile in enumerate(members.tolist())}
    part_of = -1 - np.arange(len(members))
    for number, part in enumerate(parts):
        if part.every is not None:
            part_of[[place[profile] for profile in part.members.tolist()]] = number
    one, other = sides(len(members))
    apart = part_of[one] != part_of[other]
    return Pairs(members[one[apart]], members[other[apart]])


def _every(members: np.ndarray, parts: Sequence[Component], scores: Scores) -> np.ndarray:
    """The bits of all pairs of members, of which those inside of a part may be known."""
    place = {profile: at for at, profile in enumerate(members.tolist())}
    every = np.zeros((len(members), len(members)))
    for part in parts:
        if part.every is not None:
            inside = [place[profile] for profile in part.members.tolist()]
            every[np.ix_(inside, inside)] = part.every
    unknown = _unknown(members, parts)
    one, other = ([place[profile] for profile in side.tolist()] for side in (unknown.left, unknown.right))
    every[one, other] = every[other, one] = scores.of(unknown)
    return every
