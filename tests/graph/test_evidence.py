"""What the alert rules ask the SQLite store besides the reader's port."""

from __future__ import annotations

import pytest
from builder import phone

from graph.sqlite.evidence import SqliteEvidence
from schemas.claims import Identifier


@pytest.fixture
def evidence(store):
    return SqliteEvidence(store.db)


def test_types_are_told_of_live_entities_only(store, evidence):
    store.record("a/1")
    person = store.mention("a/1", "p", name="林小强")
    car = store.mention("a/1", "v", "vehicle", identifiers=(Identifier("plate", "琼A12345"),))
    number = store.value("a/1", "phone", "phone", "13800001234")
    assert evidence.live_types([person, car, number, 999, -999]) == {
        person: "person", car: "vehicle", number: "phone",
    }  # fmt: skip
    store.withdraw("a/1")
    assert evidence.live_types([person, car, number]) == {}


def test_users_are_counted_up_to_one_too_many(store, evidence):
    people = []
    for at in range(5):
        store.record(f"a/{at}")
        people.append(store.mention(f"a/{at}", "p", name=f"林{at}"))
        number = store.value(f"a/{at}", "phone", "phone", "13800001234")
        store.edge(f"a/{at}", "uses", "p", number)
    assert evidence.users_within([number], 5) == {number: people}
    assert len(evidence.users_within([number], 2)[number]) == 3
    assert evidence.users_within([-77], 2) == {-77: []}
    store.close_record("a/0")
    assert evidence.users_within([number], 5) == {number: people[1:]}


def test_records_with_a_lot_have_goods(store, evidence):
    with_lot, without = store.record("a/1"), store.record("a/2")
    store.mention("a/1", "p", name="林小强")
    store.lot("a/1", "l", "p", substance="nitrous_oxide")
    assert evidence.with_goods([with_lot, without]) == {with_lot}


def test_identifiers_are_told_by_kind_over_all_profiles_of_an_entity(store, evidence):
    store.record("a/1")
    first = store.mention("a/1", "p", name="林小强", identifiers=(phone("13800001234"),))
    store.record("a/2")
    store.mention("a/2", "p", entity=("a/1", "p"), name="林强", identifiers=(Identifier("wechat", "lin_xq"),))
    alone = store.mention("a/2", "q", name="符玮强")
    assert evidence.identity_kinds([first, alone]) == {
        first: frozenset({"phone", "wechat"}),
        alone: frozenset(),
    }


def test_two_are_called_together_what_one_entity_of_both_would_be_called(store, evidence):
    keys = []
    for at, name in enumerate(("林小强", "林晓强", "林晓强")):
        store.record(f"a/{at}")
        keys.append(store.mention(f"a/{at}", "p", name=name, entity=("a/1", "p") if at == 2 else None))
    first, second, _ = keys
    assert evidence.labels([first, second]) == {first: "林小强", second: "林晓强"}
    assert evidence.label_together([first, second]) == "林晓强", "two records call them so, and one otherwise"
