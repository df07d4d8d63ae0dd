"""Rows as they come: at every moment the same clusters as the set of them has under the same model."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import pytest

from streams.bench.evaluate import pairwise
from streams.tables import blocks, components
from streams.tables import clusters as clustering
from streams.tables import pairs as pairing
from streams.tables.blocks import Blocks
from streams.tables.clusters import clusters
from streams.tables.components import Components, Scores
from streams.tables.fields import Fields
from streams.tables.model import compare, score
from streams.tables.online import Online
from streams.tables.pairs import candidate_pairs
from streams.tables.profiles import Numbers, in_order
from streams.tables.resolving import Resolution, Resolved, scoring
from tests.streams.tables import people

FIELDS = Fields(people.FIELDS)
KNOWN = 150
"""Rows that the model is fitted to, before those come whose order is tried."""


@pytest.fixture(scope="module")
def crowd():
    rows, truth = people.world(110)
    doubled = [(f"again-{id_}", said) for id_, said in rows[::7]]
    return rows[:KNOWN], rows[KNOWN:] + doubled, truth


def begun(rows):
    online = Online(FIELDS)
    online.add(rows)
    online.consolidate()
    return online


def groups(entities):
    found: dict[str, set[str]] = {}
    for id_, entity in entities.items():
        found.setdefault(entity, set()).add(id_)
    return {frozenset(ids) for ids in found.values()}


def from_the_set(online):
    """What clustering all rows at once gives under the model that `online` has."""
    now = online.resolved()
    whole, standing = now.resolution.table, now.resolution.standing
    compared = np.flatnonzero(standing == np.arange(len(whole)))
    table, order = in_order(whole.only(compared), online._profiles.hashes.read()[compared])
    model = now.resolution.model
    pairs = candidate_pairs(table)
    first = clusters(
        len(table), pairs, score(table, model, compare(table, pairs)).bits, model.link, scoring(table, model)
    )
    group = np.zeros(len(whole), int)
    group[compared[order]] = first
    found = Resolution(whole, model, group[standing], 0, pairs, standing)
    return groups(Resolved(found, now.ids, now.profiles).entities())


def now(online):
    return groups(online.resolved().entities())


@pytest.fixture(params=["as they are", "small blocks", "small components"])
def bounds(request, monkeypatch):
    """Caps and bounds that the few rows of a test come to."""
    if request.param == "small blocks":
        monkeypatch.setattr(pairing, "CAP", 3)
        monkeypatch.setattr(pairing, "PEOPLE", 2)
        monkeypatch.setattr(pairing, "STRONG_CAP", 4)
        monkeypatch.setattr(pairing, "LEAST", 2)
        monkeypatch.setattr(blocks, "LEAST", 2)
    if request.param == "small components":
        for room in (clustering, components):
            monkeypatch.setattr(room, "BOUND", 3)


@pytest.mark.usefixtures("bounds")
@pytest.mark.parametrize("seed", range(3))
def test_clusters_are_those_of_the_set_at_every_moment(crowd, seed):
    known, coming, _ = crowd
    chance = Random(seed)
    coming = chance.sample(coming, len(coming))
    online = begun(known)
    while coming:
        some = chance.choice((1, 2, 17, 64))
        online.add(coming[:some])
        coming = coming[some:]
        assert now(online) == from_the_set(online)


@pytest.mark.usefixtures("bounds")
def test_rows_that_come_together_are_decided_as_if_one_by_one(crowd):
    known, coming, _ = crowd
    one_by_one, together = begun(known), begun(known)
    assert together.add(coming) == [id_ for row in coming for id_ in one_by_one.add([row])]


def test_what_is_said_as_rows_come_is_nearly_what_is_known_at_the_end(crowd):
    known, coming, truth = crowd
    online = begun(known)
    online.consolidate()
    said = dict(zip((id_ for id_, _ in coming), online.add(coming), strict=True))
    said = {id_: entity for id_, entity in said.items() if id_ in truth}
    found = pairwise({id_: truth[id_] for id_ in said}, said)
    assert found.precision > 0.97
    assert found.recall > 0.9


def test_equal_rows_are_one_only_when_they_say_enough(crowd):
    online = begun(crowd[0])
    blank = dict.fromkeys(people.FIELDS, "")
    little, much = {**blank, "first": "anna"}, {**blank, "first": "wilhelmine", "mail": "wz@post.example"}
    assert online.add([("a", little), ("b", little)]) == ["a", "b"]
    assert online.add([("c", much), ("d", much)]) == ["c", "c"]


def test_somebody_who_comes_very_often_is_not_compared_any_more():
    rows, truth = people.hubs(600, 30)
    online = Online(Fields(people.HUB_FIELDS))
    online.add(rows[:800])
    online.consolidate()
    for at in range(800, len(rows), 64):
        online.add(rows[at : at + 64])
    assert now(online) == from_the_set(online)
    standing = online.resolved().resolution.standing
    assert (standing[800:] < 800).sum() > 100, "they are taken for one who stands for them"
    busy = Counter(entity for id_, entity in online.resolved().entities().items() if truth[id_] == "busy")
    assert busy.most_common(1)[0][1] > 0.97 * busy.total()


# --- blocks and components --------------------------------------------------------------------------------


def called(*names):
    found = Numbers(np.int64)
    for name in names:
        found.append(name)
    return found


def test_a_block_past_its_cap_lets_go_of_all_its_pairs(monkeypatch):
    monkeypatch.setattr(pairing, "CAP", 2)
    monkeypatch.setattr(blocks, "LEAST", 2)
    room, key, other = Blocks(called(*range(5))), (False, 7), (False, 8)
    room.open([key, other])
    found = [room.add(number, {key}) for number in range(4)]
    assert [each.candidates for each in found] == [[], [0], [], []]
    assert [each.outgrown for each in found] == [[], [], [[0, 1]], []]
    assert [room.meet({key}, last) for last in (1, 2, 3)] == [True, False, False]
    room.add(4, {other})
    assert room.meet({key, other}, 4), "under the other key they do"


@pytest.mark.parametrize(
    ("names", "candidates"),
    [
        ((1, 1, 1, 2, 2), [[], [0], [0, 1], [0, 1, 2], []]),
        ((1, 2, 1, 3, 1), [[], [0], [0, 1], [], []]),
    ],
    ids=["one person in many records", "three people"],
)
def test_a_number_is_generic_by_how_many_people_have_it(monkeypatch, names, candidates):
    for name, value in {"CAP": 1, "PEOPLE": 2, "STRONG_CAP": 4}.items():
        monkeypatch.setattr(pairing, name, value)
    monkeypatch.setattr(blocks, "LEAST", 1)
    room, key = Blocks(called(*names)), (True, 7)
    room.open([key])
    assert [room.add(number, {key}).candidates for number in range(5)] == candidates


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
def test_of_links_that_are_equally_good_the_profiles_hash_decides(order):
    """1 could be with 0 or with 2, and not with both; by the hashes 0 comes first."""
    bits = np.array([[0.0, 20.0, -50.0], [20.0, 0.0, 20.0], [-50.0, 20.0, 0.0]])
    hashes = Numbers(np.int64)
    for profile in order:
        hashes.append(100 + profile)
    of = np.array(order)
    scores = Scores(lambda pairs: bits[of[pairs.left], of[pairs.right]])
    room = Components(hashes, 10.0)
    for number, profile in enumerate(order):
        before = [at for at in range(number) if bits[profile, order[at]] >= 10.0]
        room.add(number, before, scores)
    first = dict(zip(order, room.first.read().tolist(), strict=True))
    assert first[0] == first[1] != first[2]
