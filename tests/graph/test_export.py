"""Exports: the same knowledge gives the same bytes, and no text of a record can do harm."""

from __future__ import annotations

import csv
import io
import json
import re

import networkx as nx
import pytest
from builder import StoreBuilder, phone
from hypothesis import given
from hypothesis import strategies as st

from graph.export import _text as cypher_text
from graph.export import canonical, cypher, formula_safe, graphml, jsonl, write_csv
from graph.sqlite.reader import SqliteReader
from schemas.alerts import Finding

HOSTILE = '=cmd|" /C calc"!A0 <b>&\'\\u0027 OR 1=1 \x07\n`}]->() 强'

FINDING = Finding(
    rule="nail", key="王五", severity="high", raised=0, cases=("2019-551",), region="460100",
    entities=(), records=("a/1",), reasons=("三起缴获",), against=("只有一个来源",),
)  # fmt: skip


def fill(store, reader_of=SqliteReader, order=(0, 1, 2), hostile="林小强"):
    """The same set of records in any order."""

    def first():
        store.supply("a/1", "陈大文", hostile, earliest="2019-05-01", substance="nitrous_oxide")

    def second():
        store.record("a/2")
        store.mention("a/2", "p", name="王五", identifiers=(phone("13800001234"),))
        store.edge("a/2", "uses", "p", store.value("a/2", "phone", "phone", "13800001234"))

    def third():
        store.record("a/3")
        store.mention("a/3", "p", name="孙七")
        store.alert(FINDING)

    steps = (first, second, third)
    for number in order:
        steps[number]()
    return reader_of(store.db)


@pytest.fixture
def reader(store, reader_of):
    return fill(store, reader_of)


def test_equal_sets_give_equal_bytes_in_any_order_and_run_length(reader):
    other = StoreBuilder()
    again = fill(other, order=(2, 0, 1))
    assert b"".join(canonical(reader)) == b"".join(canonical(again)) == b"".join(canonical(again, 2))
    other.db.close()


def test_canonical_lines_are_sorted_by_id_and_hold_nodes_edges_and_alerts(reader):
    lines = [json.loads(line) for line in canonical(reader)]
    ids = [body["id"] for line in lines for body in line.values()]
    assert ids == sorted(ids)
    assert {kind for line in lines for kind in line} == {"node", "edge", "alert"}
    alert = next(line["alert"] for line in lines if "alert" in line)
    assert (alert["rule"], alert["reasons"], alert["against"]) == ("nail", ["三起缴获"], ["只有一个来源"])
    assert len(lines) == 5 + 2 + 1


def test_canonical_after_a_withdrawal_equals_canonical_without_the_record(store, reader_of):
    fill(store)
    store.supply("b/1", "陈大文", "赵六")
    store.withdraw("b/1")
    other = StoreBuilder()
    without = b"".join(canonical(fill(other)))
    assert b"".join(canonical(reader_of(store.db))) == without
    other.db.close()


def test_canonical_as_of_a_moment_is_what_it_was_then(store, reader_of):
    then = b"".join(canonical(fill(store, reader_of)))
    moment = store.moment(store.tx)
    store.supply("b/1", "陈大文", "赵六")
    store.withdraw("a/1")
    assert b"".join(canonical(reader_of(store.db))) != then
    assert b"".join(canonical(reader_of(store.db, moment))) == then


def test_json_lines_have_the_contracts_fields(reader):
    lines = [json.loads(line) for line in jsonl(reader)]
    node = next(line["node"] for line in lines if line.get("node", {}).get("label") == "王五")
    assert set(node) == {"id", "type", "label", "mentions", "identifiers", "aliases"}
    edge = next(line["edge"] for line in lines if line.get("edge", {}).get("type") == "supplied")
    assert {"id", "type", "from", "to", "earliest", "latest", "records"} <= set(edge)
    assert edge["records"] == ["a/1"]


def test_graphml_is_read_by_networkx_with_hostile_names(store, reader_of):
    reader = fill(store, reader_of, hostile=HOSTILE)
    graph = nx.read_graphml(io.BytesIO(b"".join(graphml(reader))))
    labels = {attributes["label"] for _, attributes in graph.nodes(data=True)}
    assert HOSTILE.replace("\x07", "\ufffd") in labels
    (edge,) = [data for _, _, data in graph.edges(data=True) if data["type"] == "supplied"]
    assert (edge["confidence"], edge["substance"], edge["records"]) == (0.9, "nitrous_oxide", "a/1")


def test_csv_runs_no_formula_and_loses_nothing(store, tmp_path, reader_of):
    reader = fill(store, reader_of, hostile=HOSTILE)
    write_csv(reader, tmp_path / "out")
    nodes, edges = rows_of(tmp_path / "out" / "nodes.csv"), rows_of(tmp_path / "out" / "edges.csv")
    assert "'" + HOSTILE in {row["label"] for row in nodes}
    assert len(nodes) == 5
    assert {row["from"] for row in edges} <= {row["id"] for row in nodes}
    for row in (*nodes, *edges):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row.values())


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@given(st.text())
def test_no_text_opens_as_a_formula(text):
    cell = formula_safe(text)
    assert cell[:1] == "'" or not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))


def test_cypher_is_one_statement_a_line_and_may_run_twice(store, reader_of):
    lines = b"".join(cypher(fill(store, reader_of, hostile=HOSTILE))).decode().splitlines()
    assert len(lines) == 1 + 5 + 2
    assert all(line.endswith(";") for line in lines)
    assert all(
        line.startswith(("CREATE CONSTRAINT entity_id IF NOT EXISTS", "MERGE", "MATCH")) for line in lines
    )
    (delivery,) = [line for line in lines if "MERGE (a)-[r:`SUPPLIED` {id: 'edg-" in line]
    assert "substance: 'nitrous_oxide', confidence: 0.9, records: 'a/1'}" in delivery
    assert any("SET n:Person, n += {type: 'person', label: '王五'," in line for line in lines)


@given(st.text(alphabet=st.sampled_from("\\u'n\n\r\t{}`a0027U强\x00")))
def test_a_cypher_literal_reads_back_as_the_text(text):
    literal = cypher_text(text)
    assert not re.search(r"\\u", literal, re.IGNORECASE)
    assert "\n" not in literal
    assert "".join(map(_read, re.findall(r"'((?:[^'\\]|\\.)*)'", literal))) == text.replace("\x00", "\ufffd")
    assert re.fullmatch(r"'(?:[^'\\]|\\.)*'(?: \+ '(?:[^'\\]|\\.)*')*", literal)


def _read(body):
    escapes = {"n": "\n", "r": "\r", "t": "\t"}
    return re.sub(r"\\(.)", lambda found: escapes.get(found[1], found[1]), body)
