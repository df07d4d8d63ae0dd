"""Rows as they come: at every moment the same clusters as the set of them has under the same model."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from streams.bench.evaluate import pairwise
from streams.tables import blocks, components
from streams.tables import pairs as pairing
from streams.tables.clusters import clusters
from streams.tables.fields import Fields
from streams.tables.model import compare, score
from streams.tables.online import Online
from streams.tables.pairs import candidate_pairs
from streams.tables.profiles import in_order
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
    table, order = in_order(now.resolution.table, online._profiles.hashes.read())
    model = now.resolution.model
    pairs = candidate_pairs(table)
    first = clusters(
        len(table), pairs, score(table, model, compare(table, pairs)).bits, model.link, scoring(table, model)
    )
    place = np.argsort(order)
    return groups(Resolved(Resolution(table, model, first, 0, pairs), now.ids, place[now.profiles]).entities())


def now(online):
    return groups(online.resolved().entities())


@pytest.fixture(params=["as they are", "small blocks", "small components"])
def bounds(request, monkeypatch):
    """Caps and bounds that the few rows of a test come to."""
    if request.param == "small blocks":
        for room in (pairing, blocks):
            monkeypatch.setattr(room, "CAP", 3)
            monkeypatch.setattr(room, "STRONG_CAP", 4)
    if request.param == "small components":
        from streams.tables import clusters as clustering

        for room in (clustering, components):
            monkeypatch.setattr(room, "BOUND", 3)


@pytest.mark.parametrize("seed", range(3))
def test_clusters_are_those_of_the_set_at_every_moment(crowd, bounds, seed):
    known, coming, _ = crowd
    chance = Random(seed)
    coming = chance.sample(coming, len(coming))
    online = begun(known)
    while coming:
        some = chance.choice((1, 2, 17, 64))
        online.add(coming[:some])
        coming = coming[some:]
        assert now(online) == from_the_set(online)


def test_rows_that_come_together_are_decided_as_if_one_by_one(crowd, bounds):
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
