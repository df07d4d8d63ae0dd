"""Alerts are a function of the set of live records: whatever the order, the batches, the way back."""

from __future__ import annotations

import msgspec
import pytest
from fake_reader import Owner, from_scratch
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import RULES, SPLIT, agrees, history, replayed

from streams.alerts import scene

SEEDS = st.integers(0, 2**32)


@given(SEEDS, st.sets(st.integers(0, 8)))
@settings(max_examples=150)
def test_alerts_kept_batch_by_batch_equal_those_of_the_whole_set(seed, restarts):
    owner = replayed(history(seed), restarts)
    assert owner.alerts == from_scratch(owner.live.values(), RULES)
    assert owner.book.ids() == owner.alerts.keys()


@given(SEEDS, st.randoms(use_true_random=False))
def test_alerts_do_not_depend_on_the_order_of_arrival(seed, chance):
    live = list(replayed(history(seed)).live.values())
    chance.shuffle(live)
    one_by_one = Owner(RULES)
    for told in live:
        one_by_one.take(told)
    assert one_by_one.alerts == from_scratch(live, RULES)


@given(SEEDS)
def test_taking_every_record_back_takes_every_alert_back(seed):
    owner = replayed(history(seed))
    names = list(owner.live)
    for start in range(0, len(names), 3):
        owner.take(back=names[start : start + 3])
    assert owner.alerts == {}
    assert len(owner.book) == 0


@given(SEEDS)
def test_a_known_user_changes_neither_which_alerts_there_are_nor_how_severe(seed):
    live = list(replayed(history(seed)).live.values())
    plain = [msgspec.structs.replace(told, roles={}) for told in live]
    with_roles, without = from_scratch(live, RULES), from_scratch(plain, RULES)
    assert {key: _without_doubts(finding) for key, finding in with_roles.items()} == {
        key: _without_doubts(finding) for key, finding in without.items()
    }


def _without_doubts(finding):
    return msgspec.structs.replace(finding, against=())


def test_the_worlds_hold_alerts_of_every_rule():
    found = [finding.rule for seed in range(150) for finding in replayed(history(seed)).alerts.values()]
    for rule in RULES.rules:
        assert found.count(rule.policy.rule) >= 5, rule.policy.rule


def _suppliers_are_not_followed_upwards(monkeypatch):
    monkeypatch.setattr("streams.alerts.nail.suppliers", lambda found, *_: set(found.live))


def _single_records_are_never_looked_at(monkeypatch):
    monkeypatch.setattr(scene, "_moved", lambda key, _, lens: len(lens.appearances(key)) > 1)


def _alerts_that_no_longer_hold_are_kept(monkeypatch):
    monkeypatch.setattr("streams.alerts.book.AlertBook._concerned", lambda *_: set())


def _numbers_of_changed_people_are_forgotten(monkeypatch):
    monkeypatch.setattr("streams.alerts.lens.Lens.values", lambda *_: [])


@pytest.mark.parametrize(
    "fault",
    [
        _suppliers_are_not_followed_upwards,
        _single_records_are_never_looked_at,
        _alerts_that_no_longer_hold_are_kept,
        _numbers_of_changed_people_are_forgotten,
    ],
)
def test_the_property_fails_for_a_committed_fault(monkeypatch, fault):
    assert agrees(SPLIT)
    fault(monkeypatch)
    assert not all(agrees(batches) for batches in (SPLIT, *map(history, range(400))))
