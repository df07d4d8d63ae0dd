"""The drawn chain: well-formed whatever the names, readable from source to street."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.layout import arrange, tiers_of
from graph.sqlite.reader import SqliteReader
from graph.svg import chain_svg
from graph.trace import trace
from schemas.entities import NOTICE, Chain, Entity, Hop, MentionRef, Trace

SVG = "{http://www.w3.org/2000/svg}"


def entity(label, type_="person"):
    return Entity(f"per-{label}", type_, label, (MentionRef("a/1", "p"),), (), ())


def hop(source, target, **fields):
    fields = {"kind": "parcel", "substance": "nitrous_oxide", "earliest": None, "confidence": 0.9} | fields
    return Hop(
        source=entity(source), target=entity(target), latest="2019-06-02T00:00:00+08:00",
        records=("460100-110/1", "460100-110/2"), **fields,
    )  # fmt: skip


def a_trace(*chains, origin="王五", direction="up", note=None):
    made = tuple(Chain(0.5, tuple(itertools.starmap(hop, itertools.pairwise(chain)))) for chain in chains)
    return Trace(entity(origin), direction, None, False, made, (), (), note)


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314  our own document


def texts(svg):
    return [element.text for element in parsed(svg).iter(f"{SVG}text")]


def test_boxes_stand_in_tiers_from_source_to_street():
    svg = chain_svg(a_trace(("厂家", "陈大文", "王五"), ("李四", "王五")))
    at = {e.text: float(e.get("x")) for e in parsed(svg).iter(f"{SVG}text")}
    assert at["厂家"] < at["陈大文"] < at["王五"]
    assert at["李四"] == at["陈大文"]


def test_an_arrow_tells_time_goods_basis_confidence_and_records():
    said = texts(chain_svg(a_trace(("陈大文", "王五"))))
    assert "不晚于 2019-06-02 · 氧化亚氮" in said
    assert "寄递 · 可信度 0.90" in said
    assert "460100-110/1 等 2 条" in said


def test_the_notice_is_always_on_it():
    for one in (a_trace(("陈大文", "王五")), a_trace(note="nothing was found")):
        assert NOTICE in texts(chain_svg(one))


def test_an_empty_trace_shows_its_note():
    assert any("nothing was found" in text for text in texts(chain_svg(a_trace(note="nothing was found"))))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=30), min_size=2, max_size=4, unique=True))
def test_any_name_gives_a_well_formed_picture(names):
    root = parsed(chain_svg(a_trace(names, origin=names[-1])))
    assert root.tag == f"{SVG}svg"
    assert not list(root.iter(f"{SVG}script"))


def test_markup_in_names_is_shown_as_text():
    svg = chain_svg(a_trace(("<script>alert(1)</script>", '"/><g onload="x">'), origin='"/><g onload="x">'))
    root = parsed(svg)
    assert not list(root.iter(f"{SVG}script"))
    assert not [element for element in root.iter() if element.get("onload")]
    assert "<script>alert(1)</s…" in texts(svg)


def test_the_picture_needs_nothing_from_outside():
    svg = chain_svg(a_trace(("陈大文", "王五")))
    assert svg.count("http") == 1, "only the namespace"
    assert "href" not in svg


def test_too_many_chains_are_counted_instead_of_drawn():
    svg = chain_svg(a_trace(*((f"源{n}", "王五") for n in range(40))))
    assert any("另有 16 条未画出" in text for text in texts(svg))


def test_a_loop_of_chains_is_drawn_without_end():
    svg = chain_svg(a_trace(("甲", "乙", "丙", "王五"), ("丙", "乙", "甲", "王五")))
    assert sum(bool(path.get("marker-end")) for path in parsed(svg).iter(f"{SVG}path")) == 6


def test_labels_do_not_lie_on_each_other():
    svg = chain_svg(a_trace(*((f"源{n}", "王五") for n in range(6))))
    at = sorted(
        float(e.get("y")) for e in parsed(svg).iter(f"{SVG}text") if (e.text or "").startswith("不晚于")
    )
    assert min(b - a for a, b in itertools.pairwise(at)) >= 47


def test_the_sweeps_remove_crossings_that_can_be_removed():
    tier = {"a": 0, "b": 0, "c": 0, "x": 1, "y": 1, "z": 1}
    layout = arrange(tier, [("a", "z"), ("b", "y"), ("c", "x")])
    assert layout.crossings == 0
    k33 = arrange(tier, itertools.product("abc", "xyz"))
    assert k33.crossings == 9, "the complete graph cannot do better"


def test_a_link_over_several_tiers_passes_between_the_boxes():
    layout = arrange({"a": 0, "b": 1, "c": 2}, [("a", "b"), ("b", "c"), ("a", "c")])
    assert layout.route["a", "c"] == (("a", "c", 1),)
    assert ("a", "c", 1) in layout.tiers[1]


def test_the_origin_stands_at_its_end_in_both_directions():
    assert tiers_of([["a", "o"], ["b", "a", "o"]], from_end=True)["o"] == 2
    assert tiers_of([["o", "a"], ["o", "a", "b"]], from_end=False)["o"] == 0


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_trace_from_a_store_is_drawn(store, direction):
    store.supply("a/1", "陈大文", "林小强", earliest="2019-05-01", latest="2019-05-01")
    store.supply("a/2", "林小强", "王五", earliest="2019-05-01", latest="2019-06-02")
    reader = SqliteReader(store.db)
    (key,) = reader.resolve("王五" if direction == "up" else "陈大文")
    said = texts(chain_svg(trace(reader, key, direction)))
    assert any(text.startswith("2019-05-01 · ") for text in said)
    assert any(text.startswith("2019-05-01 至 06-02 · ") for text in said)
