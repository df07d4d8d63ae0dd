"""Consolidation: what is shown is what is done, it holds for what comes later, and it can be taken back."""

from __future__ import annotations

import hashlib
import shutil
from unittest.mock import patch

import pytest

from graph.export import canonical
from graph.sqlite.reader import SqliteReader, open_reader
from schemas.errors import NotFound
from streams import ledger, models
from streams.consolidating import Consolidator
from streams.detector import Detector
from streams.explain.explainer import Explainer
from streams.resolve.weights import EXPECTED, EXPERTS, FURTHEST, Weights
from streams.said import Word
from tests.streams.made_up import record
from tests.streams.refit import refit
from tests.streams.resolve.who import town
from tests.streams.test_effects import deals
from tests.streams.test_models import fitted, give, kept

WORD = Word(by="王警官", because="同音错字多", at=7)
PHONE, OTHER = "13800000001", "13800000002"
ALIKE = {"birth_date": "1990", "gender": "male", "hukou": "460106"}
LEFT, RIGHT = {"name": "欧阳景澄", **ALIKE}, {"name": "欧阳景程", **ALIKE}
LEVELS = [level for rates in EXPECTED.values() for level in rates]


@pytest.fixture
def here():
    with town() as made:
        yield made


def exported(here) -> list[bytes]:
    return list(canonical(SqliteReader(here.owner.connection)))


# --- what is shown is what is done ------------------------------------------------------------------------


def misheard(here, count=120):
    """Owners of phones whose names are often misheard, and somebody of whom experts are not sure."""
    here.people(
        [
            {"name": name, "phones": [f"139{number:08d}"]}
            for number in range(count)
            for name in ("符玮强", "符卫强")
        ]
        * 4
    )
    return here.person(**LEFT), here.person(**RIGHT)


def test_a_refit_joins_those_of_whom_experts_are_not_sure_and_says_so_before(here):
    one, two = misheard(here)
    assert here.apart(one, two)
    proposal = here.owner.proposal()
    told = here.owner.told(proposal)
    (level,) = (each for each in told.levels if each.level == "name.homophone")
    assert level.before == 0.0
    assert level.after > 1.0
    assert level.seen > level.expected
    groups = here.groups()
    assert here.owner.state.weights == EXPERTS
    (joined,) = told.entities
    assert (told.merged, told.split, told.regrouped) == (1, 0, 0)
    assert [group.mentions for group in (*joined.before, *joined.after)] == [1, 1, 2]
    assert {group.label for group in joined.before} == {LEFT["name"], RIGHT["name"]}
    assert here.groups() == groups
    assert here.apart(one, two)
    changed = here.owner.consolidate(proposal, WORD)
    assert (changed["entities_before"], changed["entities_after"]) == (2, 1)
    assert here.together(one, two)
    reader = SqliteReader(here.owner.connection)
    assert {reader.public_id(key) for key in reader.resolve(one)} == {joined.after[0].id}
    assert here.owner.proposal().idle


def test_the_chains_that_a_refit_would_join_are_told(here):
    misheard(here)
    deals(here, "d1", {"name": "陈明亮", "phones": [PHONE]}, LEFT, "2019-06-01")
    deals(here, "d2", RIGHT, {"name": "王建国", "phones": [OTHER]}, "2019-06-02")
    (joined,) = here.owner.told(here.owner.proposal()).entities
    assert joined.chains == 1
    assert joined.alerts == 0


def test_the_alerts_that_a_refit_would_touch_are_told(here):
    misheard(here)
    known = LEFT | {"phones": [PHONE]}
    here.put([record("tip", "a", persons=[{"ref": "x"} | known], case="2019-551")])
    here.put([record("tip", "b", persons=[{"ref": "x"} | known])])
    (joined,) = here.owner.told(here.owner.proposal()).entities
    assert joined.alerts == 1
    assert joined.chains == 0


def test_a_split_is_told_with_its_parts(here):
    first = here.person(name="欧阳景澄", birth_date="1990-03")
    second = here.person(name="欧阳景澄", birth_date="1990-03", gender="male")
    assert here.together(first, second)
    give(here, {"name.same": -3.0, "birth.month": -3.0})
    assert here.apart(first, second)
    told = here.owner.told(here.owner.proposal(back=True))
    assert told.merged == 1
    assert [(each.level, each.before, each.after) for each in told.levels] == [
        ("birth.month", -3.0, 0.0),
        ("name.same", -3.0, 0.0),
    ]
    here.owner.consolidate(here.owner.proposal(back=True), WORD)
    assert here.together(first, second)


def test_taking_back_is_shown_as_the_way_to_the_model_before(here):
    for bits in (1.0, 2.0):
        give(here, {"name.same": bits})
    back = here.owner.proposal(back=True)
    assert back.after.bits == {"name.same": 1.0}
    assert [(each.before, each.after) for each in here.owner.told(back).levels] == [(2.0, 1.0)]


def test_looking_changes_nothing_in_the_file(here):
    misheard(here)
    here.owner.close()
    store = here.folder / "world.db"
    before = hashlib.sha256(store.read_bytes()).digest()
    with open_reader(store) as reader:
        consolidator = Consolidator(reader.connection)
        assert consolidator.tell(consolidator.propose()).merged == 1
    assert hashlib.sha256(store.read_bytes()).digest() == before
    here.restart()


def test_one_looks_while_another_writes(here):
    one, two = misheard(here)
    with open_reader(here.folder / "world.db") as reader:
        consolidator = Consolidator(reader.connection)
        here.judge(one, two, "different")
        assert consolidator.tell(consolidator.propose()).merged == 1
    assert here.owner.told(here.owner.proposal()).merged == 0


# --- it holds, and can be taken back ----------------------------------------------------------------------


def test_records_that_come_later_are_scored_under_the_model(here):
    misheard(here)
    here.owner.consolidate(here.owner.proposal(), WORD)
    here.restart()
    later = here.people([each | {"birth_date": "1985"} for each in (LEFT, RIGHT)])
    assert here.together(*later)


def test_what_is_withdrawn_after_a_refit_leaves_nothing_of_what_it_joined(here):
    one, two = misheard(here)
    here.owner.consolidate(here.owner.proposal(), WORD)
    here.withdraw(one)
    assert frozenset({two}) in here.groups()


def test_no_refit_overrides_what_a_person_said(here):
    one, two = misheard(here)
    here.judge(one, two, "different")
    here.owner.consolidate(here.owner.proposal(), WORD)
    assert here.owner.state.weights.bits
    assert here.apart(one, two)
    give(here, dict.fromkeys(LEVELS, FURTHEST))
    assert here.apart(one, two)


def test_the_export_of_before_comes_back_and_the_ledger_tells_both(here):
    misheard(here)
    before, moment = exported(here), here.owner.state.received
    here.owner.consolidate(here.owner.proposal(), WORD)
    assert exported(here) != before
    here.owner.consolidate(here.owner.proposal(back=True), WORD)
    assert exported(here) == before
    assert here.owner.state.weights == EXPERTS
    assert list(canonical(SqliteReader(here.owner.connection, moment))) == before
    first, second = ledger.read(here.owner.connection)
    assert (first.who, first.because, first.at) == (WORD.by, WORD.because, WORD.at)
    assert "name.homophone +" in first.what
    assert second.what == "took back the last consolidation"
    with pytest.raises(NotFound, match="no consolidation stands"):
        here.owner.proposal(back=True)


def test_an_explanation_shows_the_bits_that_count(here):
    one, two = misheard(here)
    experts = _name_bits(here, one, two)
    here.owner.consolidate(here.owner.proposal(), WORD)
    more = here.owner.state.weights.bits["name.homophone"]
    assert _name_bits(here, one, two) == pytest.approx(experts + more)


def _name_bits(here, one, two) -> float:
    reader = SqliteReader(here.owner.connection)
    found = Explainer(here.owner.connection, reader).pair(one, two)
    return next(step.bits for step in found.evidence if step.feature == "name")


def test_a_refit_that_fails_half_way_leaves_nothing(here):
    misheard(here)
    before, pairs = exported(here), kept(here)
    proposal = here.owner.proposal()
    gone = patch.object(Detector, "detect", side_effect=OSError("the disk is gone"))
    with gone, pytest.raises(OSError, match="the disk is gone"):
        here.owner.consolidate(proposal, WORD)
    assert exported(here) == before
    assert kept(here) == pairs == fitted(here)
    assert here.owner.state.weights == EXPERTS
    assert ledger.read(here.owner.connection) == []


def test_a_refit_killed_at_any_moment_is_done_as_a_whole_or_not_at_all(here, tmp_path):
    misheard(here)
    before = exported(here)
    here.owner.close()
    store = tmp_path / "copy" / "world.db"

    def fresh():
        shutil.rmtree(store.parent, ignore_errors=True)
        shutil.copytree(here.folder, store.parent)

    fresh()
    steps = refit(store)
    after = state_of(store)
    assert after[0] != before
    assert steps > 20
    for part in range(6):
        fresh()
        refit(store, kill_at=1 + part * steps // 5)
        found = state_of(store)
        assert found in ((before, [], EXPERTS), after)
        if found != after:
            refit(store)
            assert state_of(store) == after
    here.restart()


def state_of(store) -> tuple[list[bytes], list[str], Weights]:
    """What a store knows, what people did to it, and its model."""
    with open_reader(store) as reader:
        acts = [each.what for each in ledger.read(reader.connection)]
        return list(canonical(reader)), acts, models.in_force(reader.connection)
