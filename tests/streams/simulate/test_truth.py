from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from streams.simulate.cell import Draft
from streams.simulate.clock import at
from streams.simulate.people import Registry
from streams.simulate.truth import Stated, as_told, ends, stated


@pytest.fixture
def people():
    registry = Registry(Random(1), 0.0)
    return {ref: registry.person() for ref in "abcdefghijkl"}


def given(one, two, first=None, last=100, *, code="N2O", content="goods", hoax=False):
    return Stated("110/x", one, two, "relation", code, content, first, last, hoax)


def draft(people, **fields):
    record = {"kind": "tip", "source": "110", "source_id": "1", **fields}
    return Draft(record, at(2019, 6, 30), {ref: people[ref] for ref in "ab"})


def names(people, deliveries):
    back = {p: ref for ref, p in people.items()}
    return [(back[d.source], back[d.target], d.basis, d.content) for d in deliveries]


def test_every_mention_of_the_truth_is_in_a_live_record_and_every_one_there_is_told(world):
    for key in ("person", "vehicle"):
        told = [m for line in world.of(key) for m in line["mentions"]]
        there = [f"{name}#{p['ref']}" for name, r in world.live.items() for p in r.get(f"{key}s", ())]
        assert len(told) == len(set(told))
        assert sorted(told) == sorted(there)


def test_deliveries_are_of_live_records_and_between_people_of_them(world):
    person = {m: line["person"] for line in world.of("person") for m in line["mentions"]}
    assert len(world.of("delivery")) > 1000
    for delivery in world.of("delivery"):
        refs = [p["ref"] for p in world.live[delivery["record"]]["persons"]]
        there = {person[f"{delivery['record']}#{ref}"] for ref in refs}
        assert {delivery["from"], delivery["to"]} <= there
        assert delivery["from"] != delivery["to"]


def test_every_basis_and_content_occurs(world):
    kinds = {(d["basis"], d["content"]) for d in world.of("delivery")}
    goods = {(basis, "goods") for basis in ("relation", "parcel", "carriage", "payment")}
    assert kinds == goods | {("parcel", "unknown"), ("parcel", "empty")}


def test_sources_start_at_seizures_and_end_at_people_who_supplied_somebody(world):
    suppliers = {d["from"] for d in world.of("delivery")}
    assert len(world.of("source")) > 100
    for source in world.of("source"):
        assert world.live[source["origin"].rpartition("#")[0]]["kind"] == "seizure"
        assert set(source["producers"]) <= set(source["ends"]) <= suppliers


def test_most_origins_have_one_source_at_least(world):
    with_one = sum(bool(s["producers"]) for s in world.of("source"))
    assert with_one > 0.8 * len(world.of("source"))


def test_a_relation_states_a_delivery_at_its_time(people):
    supplied = {"from": "a", "to": "b", "kind": "supplied", "at": "2019-06-03"}
    (one,) = stated(draft(people, relations=[supplied]))
    assert (one.basis, one.earliest, one.latest) == ("relation", at(2019, 6, 3), at(2019, 6, 4) - 1)


def test_a_delivery_is_no_later_than_the_report(people):
    supplied = {"from": "a", "to": "b", "kind": "supplied", "at": "2019-07"}
    assert stated(draft(people, relations=[supplied]))[0].latest == at(2019, 6, 30)


def test_payment_for_goods_runs_from_the_paid_to_the_payer(people):
    paid = {"from": "a", "to": "b", "kind": "paid", "substance": "笑气"}
    assert names(people, stated(draft(people, relations=[paid]))) == [("b", "a", "payment", "goods")]


def test_payment_without_goods_states_nothing(people):
    assert stated(draft(people, relations=[{"from": "a", "to": "b", "kind": "paid", "amount": 5.0}])) == []


def test_payment_adds_nothing_to_a_stated_supply(people):
    relations = [
        {"from": "a", "to": "b", "kind": "paid", "substance": "笑气"},
        {"from": "b", "to": "a", "kind": "supplied"},
    ]
    assert names(people, stated(draft(people, relations=relations))) == [("b", "a", "relation", "goods")]


def test_carriage_runs_from_the_principal_to_the_carrier_when_there_are_goods(people):
    relations = [{"from": "a", "to": "b", "kind": "carried_for"}]
    lots = [{"ref": "l1", "substance": "笑气", "held_by": "a"}]
    assert stated(draft(people, relations=relations)) == []
    with_goods = stated(draft(people, relations=relations, lots=lots))
    assert names(people, with_goods) == [("b", "a", "carriage", "goods")]
    assert with_goods[0].substance == "N2O"


def test_a_parcel_says_what_was_in_it(people):
    parcel = {"ref": "k", "sender": "a", "recipient": "b", "sent_at": "2019-06-01"}
    lots = [{"ref": "l", "substance": "冰毒", "found_in": "k"}]
    fields = {"kind": "interception", "parcels": [parcel]}
    content = [
        stated(draft(people, **fields, outcome="seized", lots=lots))[0].content,
        stated(draft(people, **fields, outcome="recorded"))[0].content,
        stated(draft(people, **fields, outcome="released"))[0].content,
    ]
    assert content == ["goods", "unknown", "empty"]


def test_a_chain_ends_at_whom_nobody_supplied(people):
    a, b, c = (people[x] for x in "abc")
    assert ends(c, [given(a, b, 1, 2), given(b, c, 3, 4)]).sure == [a]


def test_a_chain_does_not_run_against_time(people):
    a, b, c = (people[x] for x in "abc")
    assert ends(c, [given(a, b, 50, 60), given(b, c, 3, 4)]).sure == [b]


def test_the_earliest_delivery_of_a_chain_bounds_all_before_it(people):
    a, b, c, d = (people[x] for x in "abcd")
    deliveries = [given(a, b, 20, 21), given(b, c, 1, 5), given(c, d, 30, 31)]
    assert ends(d, deliveries).sure == [b]


def test_a_chain_keeps_to_one_substance_and_an_unknown_one_fits_any(people):
    a, b, c = (people[x] for x in "abc")
    assert ends(c, [given(a, b, code="METH"), given(b, c, code="N2O")]).sure == [b]
    assert ends(c, [given(a, b, code=None), given(b, c, code="N2O")]).sure == [a]


def test_empty_parcels_lead_nowhere(people):
    a, b = people["a"], people["b"]
    assert ends(b, [given(a, b, content="empty")]).possible == []


def test_what_only_a_hoax_leads_to_is_possible_and_not_sure(people):
    a, b, c = (people[x] for x in "abc")
    found = ends(c, [given(a, b, 1, 2, hoax=True), given(b, c, 3, 4)])
    assert (found.sure, found.possible) == ([], [a])


def test_an_end_on_one_chain_only_is_possible_and_not_sure(people):
    a, b, c = (people[x] for x in "abc")
    found = ends(c, [given(a, b, 10, 11), given(b, c, 3, 4), given(b, c, 20, 21)])
    assert (found.sure, set(found.possible)) == ([a], {a, b})


def test_a_chain_is_followed_for_eight_hops_and_no_more(people):
    row = list(people.values())
    deliveries = [given(one, two) for one, two in pairwise(row)]
    assert ends(row[8], deliveries).sure == [row[0]]
    assert ends(row[9], deliveries).sure == [row[1]]


def test_mutual_deliveries_do_not_go_on_for_ever(people):
    a, b = people["a"], people["b"]
    ends(a, [given(a, b), given(b, a)])


def test_a_chain_through_a_mention_that_nobody_could_place_need_not_be_found(people):
    """What no analyst could tell from the records is no failure of a trace."""
    first = draft(people, relations=[{"from": "a", "to": "b", "kind": "supplied", "at": "2019-06-03"}])
    second = draft(people, relations=[{"from": "b", "to": "c", "kind": "supplied", "at": "2019-06-09"}])
    second.people["c"] = people["c"]
    second.strangers = {"b"}

    def sure(drafts):
        return [p.key for p in ends(people["c"], [one for each in drafts for one in stated(each)]).sure]

    assert sure([first, second]) == [people["a"].key]
    assert sure([first, as_told(second)]) == [people["b"].key]
    assert as_told(first) is first
