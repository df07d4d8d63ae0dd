"""Rows as they come: at every moment the same clusters as the set of them has under the same model."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from random import Random

import numpy as np
import pytest

from streams.bench.evaluate import pairwise
from streams.tables import blocks, components
from streams.tables import clusters as clustering
from streams.tables import pairs as pairing
from streams.tables.blocks import Blocks
from streams.tables.clusters import clusters
from streams.tables.features import Table
from streams.tables.fields import Fields
from streams.tables.model import compare, score
from streams.tables.online import Online
from streams.tables.pairs import candidate_pairs
from streams.tables.profiles import Numbers, in_order
from streams.tables.resolving import Resolution, Resolved, scoring
from streams.tables.units import Units, standing_for
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
    table, order = in_order(now.resolution.table, online._profiles.hashes.read())
    model, standing = now.resolution.model, standing_for(table)
    active = standing == np.arange(len(table))
    pairs = candidate_pairs(table, active)
    bits = score(table, model, compare(table, pairs)).bits
    first = clusters(len(table), pairs, bits, model.link, scoring(table, model))[standing]
    found = Resolution(table, model, first, 0, pairs, standing)
    return groups(Resolved(found, now.ids, np.argsort(order)[now.profiles]).entities())


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
        for name in ("units", "pairs", "blocks"):
            monkeypatch.setattr(f"streams.tables.{name}.FEW", 1)
    if request.param == "small components":
        monkeypatch.setattr(clustering, "SPEAKERS", 2)
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


@pytest.mark.parametrize("seed", range(3))
def test_who_stands_for_others_makes_no_difference_at_any_moment(monkeypatch, seed):
    """In a unit the one that is compared changes as others come, and with it what the unit says."""
    monkeypatch.setattr("streams.tables.units.FEW", 1)
    rows, _ = people.hubs(70, 5, crowd=20)
    chance = Random(seed)
    online = Online(Fields(people.HUB_FIELDS))
    online.add(rows[:60])
    online.consolidate()
    coming = chance.sample(rows[60:], len(rows) - 60)
    order = {id_: at for at, (id_, _) in enumerate([*rows[:60], *coming])}
    while coming:
        some, coming = coming[:3], coming[3:]
        *_, said = online.add(some)
        assert now(online) == from_the_set(online)
        (entity,) = (ids for ids in now(online) if some[-1][0] in ids)
        assert said == min(entity, key=order.__getitem__), "an entity is called by its earliest row"


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
    assert (standing != np.arange(len(standing))).sum() > 100, "others stand for them"
    busy = Counter(entity for id_, entity in online.resolved().entities().items() if truth[id_] == "busy")
    assert busy.most_common(1)[0][1] > 0.97 * busy.total()


# --- blocks and components --------------------------------------------------------------------------------


def called(*names, units=None):
    """A table of profiles with these names, which is all that blocks ask for."""
    nothing = np.zeros(len(names), int)
    return Table((), nothing, np.array(units or names), np.array(names))


def test_a_block_past_its_cap_lets_go_of_all_its_pairs(monkeypatch):
    monkeypatch.setattr(pairing, "CAP", 2)
    monkeypatch.setattr(blocks, "LEAST", 2)
    room, key, other, table = Blocks(), (False, 7), (False, 8), called(*range(5))
    room.open([key, other])
    found = [room.add(number, {key}, table, active=True) for number in range(4)]
    assert [each.candidates for each in found] == [[], [0], [], []]
    assert [each.outgrown for each in found] == [[], [], [[0, 1]], []]
    assert [room.meet([{key}], last, table).tolist() for last in (1, 2, 3)] == [[True], [False], [False]]
    room.add(4, {other}, table, active=True)
    assert room.meet([{key}, {key, other}], 4, table).tolist() == [False, True], "under the other key they do"


def test_who_is_not_compared_counts_for_a_weak_key_all_the_same(monkeypatch):
    monkeypatch.setattr(pairing, "CAP", 2)
    monkeypatch.setattr(blocks, "LEAST", 2)
    room, key, table = Blocks(), (False, 7), called(*range(3))
    room.open([key])
    found = [room.add(number, {key}, table, active=number != 1) for number in range(3)]
    assert found[2].outgrown == [[0, 1]]


def test_of_a_unit_a_few_count_for_a_weak_key_however_many_come(monkeypatch):
    """Somebody who is there often does not take a common key away from others."""
    monkeypatch.setattr(pairing, "CAP", 3)
    monkeypatch.setattr(blocks, "LEAST", 2)
    for name in ("pairs", "blocks"):
        monkeypatch.setattr(f"streams.tables.{name}.FEW", 2)
    room, key, table = Blocks(), (False, 7), called(*range(8), units=[9, 9, 9, 9, 9, 1, 2, 3])
    room.open([key])
    found = [room.add(number, {key}, table, active=number < 2 or number > 4) for number in range(8)]
    assert found[5].candidates == [0, 1]
    assert found[6].outgrown == [[0, 1, 5]]


@pytest.mark.parametrize(
    ("names", "units", "candidates"),
    [
        ((1, 1, 1, 2, 2), (1, 1, 1, 2, 2), [[], [0], [0, 1], [0, 1, 2], [0, 1, 2, 3]]),
        ((1, 2, 1, 3, 1), (1, 2, 1, 3, 1), [[], [0], [0, 1], [], []]),
        ((1, 1, 1, 2, 2), (1, 2, 3, 4, 5), [[], [0], [0, 1], [], []]),
    ],
    ids=["one person in many records", "three people", "one person with many dates"],
)
def test_a_number_is_generic_by_how_many_people_have_it(monkeypatch, names, units, candidates):
    for name, value in {"CAP": 1, "PEOPLE": 2, "STRONG_CAP": 3}.items():
        monkeypatch.setattr(pairing, name, value)
    monkeypatch.setattr(blocks, "LEAST", 1)
    room, key, table = Blocks(), (True, 7), called(*names, units=units)
    room.open([key])
    found = [room.add(number, {key}, table, active=True).candidates for number in range(5)]
    assert found == candidates


@pytest.mark.parametrize("order", list(permutations(range(5))))
def test_of_a_unit_the_first_by_hash_are_compared_whichever_came_first(monkeypatch, order):
    monkeypatch.setattr("streams.tables.units.FEW", 2)
    hashes, units = Numbers(np.int64), Numbers(np.int64)
    room = Units(hashes, units)
    for profile in order:
        hashes.append(profile)
        units.append(9)
        room.place(len(hashes) - 1)
    active = {order[at] for at in np.flatnonzero(room.active.read()).tolist()}
    assert active == {0, 1}
    assert {order[room.standing_for(at)] for at in range(5) if order[at] > 1} == {0}
    first = order.index(0)
    assert room.earliest(first) == min(at for at in range(5) if order[at] != 1)
