"""`show`: one thing and all it stands on."""

from __future__ import annotations

import json

import pytest
from builder import phone

from graph.show import show
from schemas.alerts import Finding
from schemas.entities import NOTICE
from schemas.errors import Ambiguous, NotFound


@pytest.fixture
def reader(store, reader_of):
    store.record("a/1", body={"kind": "tip", "text": "陈大文卖给王五"})
    store.mention("a/1", "s", name="陈大文")
    store.mention("a/1", "t", name="王五", identifiers=(phone("13800001234"),))
    store.edge("a/1", "supplied", "s", "t", key="relations/0")
    store.lot("a/1", "lots/1", "t", substance="nitrous_oxide", grams=8.0)
    return reader_of(store.db)


def test_an_entity_comes_with_its_records_edges_and_goods(reader):
    document = show(reader, "13800001234")
    assert document["entity"]["label"] == "王五"
    assert document["records"][0]["body"]["text"] == "陈大文卖给王五"
    assert document["edges"][0]["records"] == ["a/1"]
    assert document["lots"][0]["grams"] == 8.0
    assert document["appearances"][0]["reported"] == "2019-12-01T00:00:00+08:00"
    assert document["notice"] == NOTICE
    json.dumps(document)


def test_a_record_comes_with_whom_it_speaks_of(reader):
    document = show(reader, "a/1")
    assert document["live"]
    assert document["received_at"] == "2020-01-01T00:00:00+08:00"
    assert {entity["label"] for entity in document["entities"]} == {"陈大文", "王五"}


def test_of_a_delivery_that_waits_for_a_persons_word_its_record_is_shown(reader):
    assert show(reader, "a/1#text@0-9") == show(reader, "a/1")
    with pytest.raises(NotFound):
        show(reader, "a/none#text@0-9")


def test_an_edge_that_is_drawn_by_a_persons_word_says_whose_word_that_is_and_why(store, reader_of):
    store.record("a/9")
    for ref, name in (("s", "陈大文"), ("t", "王五")):
        store.mention("a/9", ref, name=name)
    told = store.edge("a/9", "supplied", "s", "t", key="text@0-9", basis="text")
    store.edge("a/9", "met", "s", "t", key="relations/0")
    store.confirm(told, "王警官", "见笔录", "2019-12-03")
    reader = reader_of(store.db)
    edges = {edge.type: show(reader, edge.id) for edge in reader.all_edges()}
    assert edges["supplied"]["confirmed"] == {
        "by": "王警官", "because": "见笔录", "at": "2019-12-03T00:00:00+08:00",
    }  # fmt: skip
    assert "confirmed" not in edges["met"]
    assert reader.confirmation("edg-none") is None


def test_a_copy_says_of_which_record_and_how_alike_and_the_first_names_its_copies(store, reader):
    for name, day in (("a/3", "2019-12-05"), ("a/2", "2019-12-06")):
        store.record(name, reported=day)
        store.copy(name, "a/1", alike=0.875, known_by="a/3" if name == "a/2" else "a/1")
    document = show(reader, "a/2")
    assert document["copy_of"] == [{"record": "a/1", "known_by": "a/3", "alike": 0.875}]
    assert "copies" not in document
    assert show(reader, "a/1")["copies"] == ["a/3", "a/2"]
    assert "copy_of" not in show(reader, "a/1")


def test_a_withdrawn_record_is_still_shown_and_says_so(store, reader):
    store.withdraw("a/1", reason="误报")
    document = show(reader, "a/1")
    assert (document["live"], document["withdrawn_because"], document["entities"]) == (False, "误报", [])


def test_what_was_withdrawn_later_does_not_show_before(store, reader, reader_of):
    """Closed on the second of January, taken back on the third: on the second nobody knew of that."""
    store.close_record("a/1")
    closed, then = store.tx, store.moment(store.tx)
    store.withdraw("a/1", reason="举报人改口")
    store.db.execute("UPDATE record SET closed = ?", (closed,))
    earlier = show(reader_of(store.db, then), "a/1")
    assert (earlier["live"], earlier["withdrawn_because"]) == (False, None)
    assert show(reader, "a/1")["withdrawn_because"] == "举报人改口"


def test_an_edge_comes_with_both_ends_and_its_record(reader):
    (edge,) = reader.all_edges()
    document = show(reader, edge.id)
    assert [entity["label"] for entity in document["entities"]] == ["陈大文", "王五"]
    assert [record["record"] for record in document["records"]] == ["a/1"]


def test_an_alert_comes_with_its_records_and_stays_readable_when_withdrawn(store, reader):
    (who,) = reader.resolve("王五")
    finding = Finding(
        rule="nail", key="k", severity="high", raised=0, cases=(), region="460100",
        entities=(reader.public_id(who),), records=("a/1",), reasons=("x",), against=("y",),
    )  # fmt: skip
    identifier = store.alert(finding)
    document = show(reader, identifier)
    assert document["alert"]["state"] == "open"
    assert document["alert"]["notice"] == NOTICE
    assert document["alert"]["entities"][0]["label"] == "王五"
    assert document["records"][0]["record"] == "a/1"
    store.begin()
    store.db.execute("UPDATE alert SET closed = ?", (store.tx,))
    assert show(reader, identifier)["alert"]["state"] == "withdrawn"


@pytest.mark.parametrize(
    "unknown", ["per-nonsense", "edg-aaaaaaaaaaaaaaaaaa", "alt-aaaaaaaaaaaaa", "x/9", "赵六"]
)
def test_what_is_not_there_is_not_found(reader, unknown):
    with pytest.raises(NotFound):
        show(reader, unknown)


def test_a_name_of_several_asks_which(store, reader):
    store.record("a/2")
    store.mention("a/2", "p", name="王五", birth="1990")
    with pytest.raises(Ambiguous) as caught:
        show(reader, "王五")
    assert len(caught.value.candidates) == 2
