"""Components that grow and fall apart: at every moment the clusters are those of the links that there are."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from streams.tables import clusters as clustering
from streams.tables import components
from streams.tables.clusters import clusters
from streams.tables.components import Components, Scores
from streams.tables.pairs import Pairs
from streams.tables.profiles import Numbers

LINK = 10.0
SIZE = 24


def hashes_of(several) -> Numbers:
    found = Numbers(np.int64)
    for each in several:
        found.append(each)
    return found


def grouped(first, members):
    groups: dict[int, set[int]] = {}
    for profile in members:
        groups.setdefault(int(first[profile]), set()).add(profile)
    return sorted(map(sorted, groups.values()))


def from_the_set(bits, members, hashes):
    """The clusters of some profiles all at once."""
    order = np.array(sorted(members, key=hashes.__getitem__), int)
    mine = bits[np.ix_(order, order)]
    one, other = np.triu_indices(len(order), 1)
    first = clusters(len(order), Pairs(one, other), mine[one, other], LINK, lambda p: mine[p.left, p.right])
    return sorted(sorted(order[first == at].tolist()) for at in np.unique(first))


@pytest.mark.parametrize("bound", [4, 200])
@pytest.mark.parametrize("seed", range(10))
def test_profiles_that_come_and_go_leave_the_clusters_of_those_that_are_there(seed, bound, monkeypatch):
    for room in (clustering, components):
        monkeypatch.setattr(room, "BOUND", bound)
    chance = Random(seed)
    bits = np.triu(np.random.default_rng(seed).uniform(-30, 14, (SIZE, SIZE)), 1)
    bits += bits.T
    hashes = chance.sample(range(1000), SIZE)
    room, there = Components(hashes_of(hashes), LINK), set()
    scores = Scores(lambda pairs: bits[pairs.left, pairs.right])
    for profile in range(SIZE):
        room.add(profile, [other for other in sorted(there) if bits[profile, other] >= LINK], scores)
        there.add(profile)
        if chance.random() < 0.3:
            gone = chance.choice(sorted(there))
            room.evict(gone)
            there.discard(gone)
        room.settle(scores)
        assert grouped(room.first.read(), there) == from_the_set(bits, there, hashes)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
def test_of_links_that_are_equally_good_the_profiles_hash_decides(order):
    """1 could be with 0 or with 2, and not with both; by the hashes 0 comes first."""
    bits = np.array([[0.0, 20.0, -50.0], [20.0, 0.0, 20.0], [-50.0, 20.0, 0.0]])
    of = np.array(order)
    scores = Scores(lambda pairs: bits[of[pairs.left], of[pairs.right]])
    room = Components(hashes_of(100 + profile for profile in order), LINK)
    for number, profile in enumerate(order):
        before = [at for at in range(number) if bits[profile, order[at]] >= LINK]
        room.add(number, before, scores)
        room.settle(scores)
    first = dict(zip(order, room.first.read().tolist(), strict=True))
    assert first[0] == first[1] != first[2]


def test_who_is_compared_no_more_holds_nobody_together():
    bits = np.array([[0.0, 20.0, 9.0], [20.0, 0.0, 20.0], [9.0, 20.0, 0.0]])
    scores = Scores(lambda pairs: bits[pairs.left, pairs.right])
    room = Components(hashes_of(range(3)), LINK)
    for profile, linked in enumerate(([], [0], [1])):
        room.add(profile, linked, scores)
    room.settle(scores)
    assert room.first.read().tolist() == [0, 0, 0]
    room.evict(1)
    room.settle(scores)
    assert room.first.read()[[0, 2]].tolist() == [0, 2]
