"""A model for a store: it counts the same whenever it is given, and taken back it leaves what was."""

from __future__ import annotations

import shutil
import sqlite3

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph.sqlite.reader import open_reader
from schemas.decisions import Consolidation
from streams import models
from streams.pair_table import PairTable
from streams.resolve.weights import EXPECTED, FURTHEST, Weights
from streams.stages import reweigh as reweigh_stage
from streams.state import OwnerState
from tests.streams.deeds import DEEDS, done
from tests.streams.resolve.who import town
from tests.streams.test_properties import is_found
from tests.streams.worlds import desk, first_difference, small_caps, worlds

FEW = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
LEVELS = [level for rates in EXPECTED.values() for level in rates]
WEIGHTS = st.dictionaries(
    st.sampled_from(LEVELS), st.sampled_from((-FURTHEST, -1.5, 1.5, FURTHEST)), min_size=1, max_size=8
)
ROUGH = {"name.same": -3.0, "birth.day": -3.0, "birth.year": -3.0, "name.homophone_look_alike": 3.0}
"""Weights that no store would teach, but that change much."""


@pytest.fixture(autouse=True)
def caps():
    with small_caps():
        yield


@pytest.fixture
def here():
    with town() as made:
        yield made


def holds(left, right):
    assert left == right, first_difference(left, right)


def decided(bits: dict[str, float] | None) -> Consolidation:
    weights = None if bits is None else tuple(sorted(bits.items()))
    return Consolidation(weights=weights, by="王警官", because="同音错字多", at=7)


def give(one, bits: dict[str, float] | None) -> None:
    """Weights that a test made up, as they come by the log."""
    one.owner.core.consolidate(decided(bits), one.owner._now())


def kept(one) -> list[tuple]:
    return one.owner.connection.execute("SELECT * FROM pair ORDER BY a, b").fetchall()


def fitted(one) -> list[tuple]:
    """The pairs as they are when all of them are looked for at once."""
    state = one.owner.state
    return list(reweigh_stage.reweigh(state, one.owner.core.judgements, state.weights).pairs.rows())


# --- whenever it is done ----------------------------------------------------------------------------------


def moment_does_not_matter(case):
    """The same weights on the same records and judgements, given before, between or after them."""
    documents, deeds, bits, cut = case
    exports = []
    for at in (0, cut % len(documents), len(documents)):
        with desk() as one:
            one.put(documents[:at])
            give(one, {"name.same": 1.0})
            give(one, bits)
            one.restart()
            one.put(documents[at:], batch=3)
            done(one, documents, deeds)
            assert kept(one) == fitted(one)
            exports.append(one.export())
    holds(exports[1], exports[0])
    holds(exports[2], exports[0])


def taken_back_restores(case):
    documents, deeds, bits, cut = case
    at = cut % len(documents)
    with desk() as one, desk() as other:
        for each, more in ((one, bits), (other, None)):
            each.put(documents[:at])
            done(each, documents, deeds)
            if more is not None:
                give(each, more)
            each.put(documents[at:])
        give(one, None)
        holds(one.export(), other.export())


def judged_before_or_after(case):
    """What people said beats any model, given before or after it."""
    documents, deeds, bits, _ = case
    with desk() as one, desk() as other:
        for each in (one, other):
            each.put(documents)
        decisions = done(one, documents, deeds)
        give(one, bits)
        give(other, bits)
        for decision in decisions:
            other.owner.judge(decision)
        holds(one.export(), other.export())


CASES = st.tuples(worlds(most=16), DEEDS, WEIGHTS, st.integers(0, 60))
UNJUDGED = st.tuples(worlds(most=16), st.just([]), WEIGHTS, st.integers(0, 60))


@FEW
@given(CASES)
def test_a_model_counts_the_same_whenever_it_is_given(case):
    moment_does_not_matter(case)


@FEW
@given(CASES)
def test_a_model_that_is_taken_back_leaves_what_would_be_without_it(case):
    taken_back_restores(case)


@FEW
@given(CASES)
def test_judgements_count_the_same_before_and_after_another_model(case):
    judged_before_or_after(case)


def _leaves_out_the_first(reweigh):
    def faulty(state, judgements, weights, codes=None):
        found = reweigh(state, judgements, weights, codes)
        return reweigh_stage.Reweighed(pairs=found.pairs, moved=found.moved[1:])

    return faulty


def _forgets_the_pairs(_):
    return lambda *_: None


def _does_not_follow(_):
    return lambda *_: None


def _keeps_old_scores(_):
    def faulty(self, weights):
        self.weights = weights

    return faulty


def _never_taken_back(standing):
    def faulty(db):
        given = [bits for (bits,) in db.execute("SELECT bits FROM model WHERE bits IS NOT NULL ORDER BY n")]
        return [Weights(models._decode(bits)) for bits in given] or standing(db)

    return faulty


@pytest.mark.parametrize(
    ("check", "cases", "where", "name", "fault"),
    [
        (moment_does_not_matter, UNJUDGED, "streams.pipeline", "reweigh", _leaves_out_the_first),
        (moment_does_not_matter, UNJUDGED, PairTable, "replace", _forgets_the_pairs),
        (moment_does_not_matter, UNJUDGED, OwnerState, "follow", _does_not_follow),
        (moment_does_not_matter, UNJUDGED, OwnerState, "follow", _keeps_old_scores),
        (taken_back_restores, UNJUDGED, "streams.models", "standing", _never_taken_back),
    ],
)
def test_a_committed_fault_is_found(check, cases, where, name, fault):
    is_found(check, cases, where, name, fault)


# --- as it is kept ------------------------------------------------------------------------------------------


def test_taking_back_goes_to_the_model_before_and_not_to_the_experts(here):
    here.person(name="符玮强")
    for bits in ({"name.same": 1.0}, {"name.same": 2.0}, None):
        give(here, bits)
    assert here.owner.state.weights.bits == {"name.same": 1.0}
    here.restart()
    assert here.owner.state.weights.bits == {"name.same": 1.0}


def test_models_are_only_ever_added(here):
    give(here, ROUGH)
    for statement in ("UPDATE model SET bits = NULL", "DELETE FROM model"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            here.owner.connection.execute(statement)


def test_a_copy_of_the_file_has_the_model(here, tmp_path):
    give(here, ROUGH)
    here.owner.close()
    shutil.copy(here.folder / "world.db", tmp_path / "copy.db")
    with open_reader(tmp_path / "copy.db") as reader:
        assert OwnerState(reader.connection).weights.bits == ROUGH
    here.restart()
