"""The model of a table: what may be left out before everything has been compared."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec import structs

from streams.tables.fields import Fields
from streams.tables.model import Model, may_link
from streams.tables.pairs import Pairs
from streams.tables.profiles import make_profiles
from streams.tables.resolving import resolve_table, scoring
from tests.streams.tables import people

FIELDS = Fields(people.FIELDS)


@pytest.mark.parametrize("seed", range(40))
def test_no_pair_that_comes_to_a_link_is_left_out_before_its_names_are_compared(seed):
    """Whatever the weights are, common values weighing against a pair included."""
    chance = np.random.default_rng(seed)
    table = make_profiles(people.world(20, seed)[0], FIELDS).table()
    weights = tuple(
        structs.replace(
            each,
            m=chance.dirichlet(np.ones(len(each.m))),
            u=chance.dirichlet(np.ones(len(each.u))),
            rarity=chance.uniform(-8, 6, len(each.rarity)),
        )
        for each in _begun(table)
    )
    one, other = np.triu_indices(len(table), 1)
    pairs = Pairs(one, other)
    bits = scoring(table, Model(weights, prior=0.0))(pairs)
    for share in (0.5, 0.9, 0.99):
        model = Model(weights, prior=float(np.log2(3.0) - np.quantile(bits, share)))
        linked = bits >= model.link
        assert linked.any()
        assert may_link(table, model, pairs)[linked].all()


def test_most_pairs_that_are_no_link_are_left_out():
    table = make_profiles(people.world(60)[0], FIELDS).table()
    one, other = np.triu_indices(len(table), 1)
    model = resolve_table(table).model
    assert may_link(table, model, Pairs(one, other)).mean() < 0.2


def _begun(table):
    return resolve_table(table).model.weights
