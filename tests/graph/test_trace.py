"""Traces as they are reported: chains, records, what was left out and why."""

from __future__ import annotations

import pytest
from builder import at, phone

from graph.trace import trace
from schemas.errors import NotFound


@pytest.fixture
def reader(store, reader_of):
    return reader_of(store.db)


def of(reader, who, direction="up", **options):
    (key,) = reader.resolve(who)
    return trace(reader, key, direction, **options)


def names(chain):
    return [chain.hops[0].source.label, *(hop.target.label for hop in chain.hops)]


def a_chain(store):
    store.supply("a/1", "厂家甲", "陈大文", earliest="2019-04-01", latest="2019-04-30", confidence=0.8)
    store.supply("a/2", "陈大文", "林小强", earliest="2019-05-01", latest="2019-05-02", confidence=0.5)
    store.supply(
        "a/3", "林小强", "王五", earliest="2019-06-01", latest="2019-06-02", substance="nitrous_oxide"
    )


def test_a_chain_runs_from_the_source_to_the_origin_with_its_records(store, reader):
    a_chain(store)
    found = of(reader, "王五")
    (chain,) = found.chains
    assert names(chain) == ["厂家甲", "陈大文", "林小强", "王五"]
    assert chain.confidence == pytest.approx(0.8 * 0.5 * 0.9)
    assert [hop.records for hop in chain.hops] == [("a/1",), ("a/2",), ("a/3",)]
    assert [(one.label, one.hops, one.records) for one in found.reached] == [
        ("林小强", 1, ("a/3",)),
        ("陈大文", 2, ("a/2", "a/3")),
        ("厂家甲", 3, ("a/1", "a/2", "a/3")),
    ]
    assert (found.direction, found.as_of, found.truncated, found.note) == ("up", None, False, None)


def test_downward_a_chain_runs_outwards_and_the_supplier_still_comes_first(store, reader):
    a_chain(store)
    (chain,) = of(reader, "厂家甲", "down").chains
    assert names(chain) == ["厂家甲", "陈大文", "林小强", "王五"]


def test_what_came_too_late_is_excluded_with_its_times(store, reader):
    a_chain(store)
    store.supply("a/4", "赵六", "林小强", earliest="2019-07-01", latest="2019-07-02")
    (late,) = of(reader, "王五").excluded
    assert (late.reason, late.records) == ("time", ("a/4",))
    assert late.detail == (
        "not before 2019-07-01T00:00:00+08:00, but what followed was over by 2019-06-02T00:00:00+08:00"
    )


def test_downward_what_was_over_before_the_goods_came_is_excluded(store, reader):
    store.supply("a/1", "陈大文", "林小强", earliest="2019-05-01", latest="2019-05-02")
    store.supply("a/2", "林小强", "王五", earliest="2019-04-01", latest="2019-04-02")
    found = of(reader, "陈大文", "down")
    assert [names(chain) for chain in found.chains] == [["陈大文", "林小强"]]
    assert found.excluded[0].detail.startswith("over by 2019-04-02")


def test_a_delivery_of_unknown_time_fits_before_anything(store, reader):
    store.supply("a/1", "厂家甲", "陈大文", latest="2019-12-01")
    store.supply("a/2", "陈大文", "王五", earliest="2019-05-01", latest="2019-05-02")
    (chain,) = of(reader, "王五").chains
    assert chain.hops[0].earliest is None


def test_another_substance_is_excluded_and_says_which(store, reader):
    store.supply("a/1", "厂家甲", "陈大文", substance="heroin")
    store.supply("a/2", "陈大文", "王五", substance="nitrous_oxide")
    found = of(reader, "王五")
    assert [names(chain) for chain in found.chains] == [["陈大文", "王五"]]
    assert (found.excluded[0].reason, found.excluded[0].detail) == (
        "substance",
        "speaks of heroin; the chain to here is of nitrous_oxide",
    )
    assert of(reader, "王五", substance="heroin").chains == ()


def test_an_unsure_claim_is_excluded_unless_asked_for(store, reader):
    store.supply("a/1", "陈大文", "王五", confidence=0.1)
    assert of(reader, "王五").excluded[0].reason == "confidence"
    assert len(of(reader, "王五", min_confidence=0.05).chains) == 1


def test_a_withdrawn_delivery_is_excluded_as_withdrawn_and_gone_from_the_chain(store, reader):
    a_chain(store)
    before = of(reader, "王五")
    store.withdraw("a/1")
    after = of(reader, "王五")
    assert names(after.chains[0]) == ["陈大文", "林小强", "王五"]
    (gone,) = after.excluded
    assert (gone.source, gone.reason, gone.records) == (
        before.chains[0].hops[0].source.id, "withdrawn", ("a/1",),
    )  # fmt: skip


def test_as_of_an_earlier_moment_the_withdrawn_chain_is_still_there(store, reader_of):
    a_chain(store)
    store.withdraw("a/1")
    then = reader_of(store.db, store.moment(3))
    found = of(then, "王五")
    assert names(found.chains[0])[0] == "厂家甲"
    assert found.as_of == "2020-01-03T00:00:00+08:00"
    assert found.excluded == ()


def test_as_of_a_moment_before_the_withdrawal_nothing_is_called_withdrawn(store, reader_of):
    store.supply("a/1", "陈大文", "王五")
    store.record("a/2")
    store.mention("a/2", "p", name="王五")
    store.close_record("a/1")
    closed, then = store.tx, store.moment(store.tx)
    store.withdraw("a/1")
    store.db.execute("UPDATE record SET closed = ? WHERE name = 'a/1'", (closed,))
    assert of(reader_of(store.db, then), "王五").excluded == ()
    assert [one.reason for one in of(reader_of(store.db), "王五").excluded] == ["withdrawn"]


def test_until_leaves_out_what_can_only_have_happened_later(store, reader):
    a_chain(store)
    store.supply("a/4", "赵六", "王五", earliest="2019-07-01", latest="2019-07-02")
    assert len(of(reader, "王五").chains) == 2
    found = of(reader, "王五", until=at("2019-06-15"))
    assert [names(chain)[0] for chain in found.chains] == ["厂家甲"]
    assert found.excluded[0].reason == "time"
    assert of(reader, "王五", until=at("2019-05-15")).chains == ()


def test_a_hop_lists_every_record_that_fits_it_and_counts_the_best(store, reader):
    store.supply("a/1", "陈大文", "王五", confidence=0.5, substance="nitrous_oxide")
    store.supply("a/2", "陈大文", "王五", confidence=0.8)
    store.supply("a/3", "陈大文", "王五", confidence=0.7, substance="heroin")
    store.supply("a/4", "陈大文", "王五", confidence=0.6)
    (chain,) = of(reader, "王五", substance="nitrous_oxide").chains
    assert chain.confidence == 0.8
    assert chain.hops[0].records == ("a/1", "a/2", "a/4")


def test_a_record_that_would_break_the_time_order_is_not_listed_at_its_hop(store, reader):
    store.supply("a/1", "厂家甲", "陈大文", earliest="2019-05-01", latest="2019-05-30")
    store.supply("a/2", "陈大文", "王五", earliest="2019-06-01", latest="2019-06-02")
    store.supply("a/3", "陈大文", "王五", earliest="2019-03-01", latest="2019-03-02", confidence=0.5)
    (chain,) = of(reader, "王五").chains
    assert chain.hops[1].records == ("a/2",)


def test_there_is_one_chain_per_source_the_most_confident_first(store, reader):
    for number, (source, confidence) in enumerate((("甲大", 0.5), ("乙大", 0.9), ("丙大", 0.7))):
        store.supply(f"a/{number}", source, "王五", confidence=confidence)
    store.supply("a/9", "甲大", "王五", confidence=0.6)
    assert [(names(chain)[0], chain.confidence) for chain in of(reader, "王五").chains] == [
        ("乙大", 0.9),
        ("丙大", 0.7),
        ("甲大", 0.6),
    ]


def test_a_cut_trace_says_so(store, reader):
    a_chain(store)
    found = of(reader, "王五", max_hops=2)
    assert found.truncated
    assert names(found.chains[0])[0] == "陈大文"


def test_a_chain_never_goes_through_what_is_withheld(store, reader):
    a_chain(store)
    found = of(reader, "王五", withheld=lambda one: "case of another team" if one.record == "a/2" else None)
    assert [names(chain) for chain in found.chains] == [["林小强", "王五"]]
    assert [(one.reason, one.detail) for one in found.excluded] == [("withheld", "case of another team")]


def test_a_withheld_record_does_not_show_as_withdrawn_either(store, reader):
    store.supply("a/1", "陈大文", "王五")
    store.record("a/2")
    store.mention("a/2", "p", name="王五")
    store.withdraw("a/1")
    assert len(of(reader, "王五").excluded) == 1
    assert of(reader, "王五", withheld=lambda _: "no").excluded == ()


def test_a_trace_that_finds_nothing_says_why_and_what_is_nearest(store, reader):
    a_chain(store)
    note = of(reader, "厂家甲").note
    assert note.startswith("No live record speaks of anybody who supplied 厂家甲. Records speak of the other")
    store.supply("b/1", "厂家甲", "孙七", confidence=0.1)
    assert "Nearest: supplier 厂家甲" in of(reader, "孙七").note
    assert "confidence 0.10 is below 0.20 (b/1)" in of(reader, "孙七").note


def test_someone_without_suppliers_is_told_of_who_shares_their_phone(store, reader):
    a_chain(store)
    store.record("c/1")
    store.mention("c/1", "p", name="孙七", identifiers=(phone("13800001234"),))
    store.mention("c/1", "q", name="王五")
    node = store.value("c/1", "phone", "phone", "13800001234")
    for ref in "pq":
        store.edge("c/1", "uses", ref, node)
    note = of(reader, "孙七").note
    assert "Nearest with a known supplier: 王五" in note
    assert "linked by the phone 13800001234" in note


def test_a_withdrawn_supplier_whom_nobody_else_speaks_of_is_named_by_id(store, reader):
    store.supply("a/1", "陈大文", "王五")
    store.record("a/2")
    store.mention("a/2", "p", name="王五")
    gone = reader.public_id(reader.resolve("陈大文")[0])
    store.withdraw("a/1")
    assert f"Nearest: supplier {gone}, withdrawn" in of(reader, "王五").note


def test_someone_without_any_link_is_told_so(store, reader):
    store.record("c/1")
    store.mention("c/1", "p", name="孙七")
    assert of(reader, "孙七").note == (
        "No live record speaks of anybody who supplied 孙七. "
        "Nobody directly linked to them has a known supplier either."
    )


def test_a_trace_from_somebody_not_yet_known_is_not_found(store, reader_of):
    a_chain(store)
    (key,) = reader_of(store.db).resolve("王五")
    with pytest.raises(NotFound):
        trace(reader_of(store.db, store.moment(1)), key)


def test_two_who_supply_each_other_do_not_hang_the_trace(store, reader):
    store.supply("a/1", "陈大文", "王五")
    store.supply("a/2", "王五", "陈大文")
    store.supply("a/3", "林小强", "陈大文")
    store.supply("a/4", "陈大文", "林小强")
    assert [names(chain) for chain in of(reader, "王五").chains] == [["林小强", "陈大文", "王五"]]
