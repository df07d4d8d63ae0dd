"""Components that grow: profiles that links hold together, and the clusters that each component falls into.

Each change clusters the components that it touches anew, from all their pairs, so what comes out is what the
set of profiles says (`streams.tables.clusters`), whichever came first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from streams.tables.clusters import BOUND, Score, cluster_large, cluster_small, roots, sides
from streams.tables.pairs import Pairs
from streams.tables.profiles import Numbers

Links = np.ndarray
"""Pairs of profiles, a row each."""
_HALF, _LOW = 32, (1 << 32) - 1


class Component(Struct, eq=False):
    """Its members by their hash, the links among them and the bits of each; of a small one the bits of all
    pairs once they were needed, of a large one those that were."""

    members: np.ndarray
    links: Links
    bits: np.ndarray
    every: np.ndarray | None = None
    known: dict[int, float] | None = None


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
        self._changed: list[Component] = []

    def load(self, linked: Pairs, groups: np.ndarray, lead: np.ndarray, scores: Scores) -> None:
        """Takes the links among profiles, the group that each was found to be in, and the earliest profile
        that each stands for."""
        earliest = np.full(len(groups), len(groups))
        np.minimum.at(earliest, groups, lead)
        for number, first in zip(lead.tolist(), earliest[groups].tolist(), strict=True):
            self._lead.append(number)
            self.first.append(first)
        links = np.column_stack((linked.left, linked.right)).astype(np.int32)
        for component in self._parts(np.arange(len(groups)), links, scores.of(linked)):
            self._put(component)
            if len(component.members) > BOUND:
                self._changed.append(component)  # what is known of it is found out before the next one comes
        self.settle(scores)

    def add(self, profile: int, linked: Sequence[int], scores: Scores) -> None:
        """A new profile, and those that it is linked with; if it is with none it is alone."""
        self.first.append(profile)
        self._lead.append(profile)
        if not linked:
            return
        touched = self.touched(linked)
        pairs = Pairs(np.array(linked), np.full(len(linked), profile))
        component = Component(
            self._by_hash(np.concatenate([*(each.members for each in touched), [profile]])),
            np.concatenate([*(each.links for each in touched), np.column_stack((pairs.left, pairs.right))]),
            np.concatenate([*(each.bits for each in touched), scores.of(pairs)]),
        )
        if len(component.members) <= BOUND:
            component.every = _every(component.members, touched, scores)
        else:
            component.known = _known(touched, pairs, scores)
        self._put(component)
        self._changed.append(component)

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

    def part(self, outgrown: Sequence[int], meet: Callable[[Links], np.ndarray]) -> None:
        """Takes back the links among profiles of a block that are asked for by nothing else: that do not
        `meet` elsewhere."""
        members = Counter(id(self._of[profile]) for profile in outgrown if profile in self._of)
        touched = [each for each in self.touched(outgrown) if members[id(each)] > 1]
        if not touched:
            return
        inside = [_all(np.isin(each.links, outgrown)) for each in touched]
        met = meet(np.concatenate([each.links[links] for each, links in zip(touched, inside, strict=True)]))
        at = 0
        for component, gone in zip(touched, inside, strict=True):
            links = int(np.count_nonzero(gone))
            gone[gone] = ~met[at : at + links]
            at += links
            if gone.any():
                self._split(component, ~gone)

    def evict(self, profile: int) -> None:
        """Takes a profile out that is compared no more."""
        (component,) = self.touched([profile])
        if len(component.members) > 1:
            self._split(component, _all(component.links != profile))

    def lead(self, profile: int, earliest: int) -> None:
        """Says which is the earliest profile that one stands for."""
        if self._lead.read()[profile] != earliest:
            self._lead.read()[profile] = earliest
            self._changed.append(self.touched([profile])[0])

    def settle(self, scores: Scores) -> None:
        """Clusters anew what has changed: `first` holds after this."""
        for component in {id(each): each for each in self._changed}.values():
            member = int(component.members[0])
            if self._of.get(member) is component or (len(component.members) == 1 and member not in self._of):
                self._cluster(component, scores)
        self._changed.clear()

    def _split(self, component: Component, left: np.ndarray) -> None:
        """Leaves some links of a component."""
        for profile in component.members.tolist():
            del self._of[profile]
        self.first.read()[component.members] = self._lead.read()[component.members]
        for part in self._parts(component.members, component.links[left], component.bits[left]):
            if component.every is not None:
                inside = np.isin(component.members, part.members)  # both are by hash
                part.every = component.every[np.ix_(inside, inside)]
            elif len(part.members) > BOUND:
                part.known = component.known
            self._put(part)
            self._changed.append(part)

    def _parts(self, members: np.ndarray, links: Links, bits: np.ndarray) -> Iterable[Component]:
        """The components of more than one of these members."""
        at = self._places(members)
        local = Pairs(at[links[:, 0]], at[links[:, 1]])
        root = roots(len(members), local)
        of_link = root[local.left]
        order, of_order = np.argsort(root, kind="stable"), np.argsort(of_link, kind="stable")
        kinds, begins, sizes = np.unique(root[order], return_index=True, return_counts=True)
        starts, ends = (np.searchsorted(of_link[of_order], kinds, side) for side in ("left", "right"))
        for begin, size, start, end in zip(begins, sizes, starts, ends, strict=True):
            if size > 1:
                mine, inside = members[order[begin : begin + size]], of_order[start:end]
                yield Component(self._by_hash(mine), links[inside], bits[inside])

    def _places(self, members: np.ndarray) -> np.ndarray:
        """By profile the place of each of these members; what it says of others means nothing."""
        at = np.empty(len(self.first), np.int32)
        at[members] = np.arange(len(members))
        return at

    def _by_hash(self, members: np.ndarray) -> np.ndarray:
        return members[np.argsort(self._hashes.read()[members], kind="stable")]

    def _put(self, component: Component) -> None:
        for profile in component.members.tolist():
            self._of[profile] = component

    def _cluster(self, component: Component, scores: Scores) -> None:
        members = component.members
        first, lead = self.first.read(), self._lead.read()
        first[members] = lead[members]
        groups: Iterable[list[int]] = ()
        if len(members) > BOUND:
            groups = self._cluster_large(component, scores)
        elif len(members) > 1:
            if component.every is None:
                component.every = _every(members, [], scores)
            groups = cluster_small(component.every, self._link)
        for group in groups:
            first[members[group]] = lead[members[group]].min()

    def _cluster_large(self, component: Component, scores: Scores) -> Iterable[list[int]]:
        if component.known is None:
            component.known = _known([component], Pairs.of(()), scores)
        members, known = component.members.tolist(), component.known

        def bits(one: int, other: int) -> float:
            left, right = members[one], members[other]
            code = left << _HALF | right if left < right else right << _HALF | left
            if code not in known:  # who speaks for a group now will be asked about others too
                speaker = members[min(one, other)]
                pairs = Pairs(np.full(len(members), speaker), component.members)
                known.update(_by_code(pairs, scores.of(pairs)))
            return known[code]

        one, other = self._places(component.members)[component.links].T
        links = Pairs(np.minimum(one, other), np.maximum(one, other))
        return cluster_large(len(members), links, component.bits, self._link, bits)


def _all(of_sides: np.ndarray) -> np.ndarray:
    """Of each link whether something holds of both of its profiles; much faster than `all(axis=1)`."""
    return np.asarray(of_sides[:, 0] & of_sides[:, 1])


def _alone(profile: int) -> Component:
    return Component(np.array([profile]), np.empty((0, 2), np.int32), np.empty(0))


def _known(parts: Sequence[Component], pairs: Pairs, scores: Scores) -> dict[int, float]:
    """By code the bits that are known of pairs inside of parts, which give up theirs, and of other pairs."""
    every = [
        _by_code(Pairs(*part.links.T), part.bits) if part.known is None else part.known for part in parts
    ]
    every.append(_by_code(pairs, scores.of(pairs)))
    largest = max(every, key=len)
    for each in every:
        if each is not largest:
            largest.update(each)
    return largest


def _by_code(pairs: Pairs, bits: np.ndarray) -> dict[int, float]:
    return dict(zip(_codes(pairs).tolist(), bits.tolist(), strict=True))


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
