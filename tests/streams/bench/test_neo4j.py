"""The benchmark of Neo4j gives its figures, on a small graph."""

from __future__ import annotations

from graph.neo4j.access import Access
from streams.bench.neo4j import measure
from streams.bench.registry import verdicts
from tests.graph.stores import held


def test_the_neo4j_benchmark_projects_a_world_and_asks_a_graph(projections, neo4j, tmp_path):
    access = Access(uri=neo4j.uri, password=neo4j.password)
    with held(projections) as shared:
        figures = measure(tmp_path, access, 300, epoch=shared.next_epoch(), asked=10)
    assert figures["edges"] == 300
    assert figures["records"] > 250
    assert figures["projected_records_a_second"] > 0
    assert set(figures["lookup_ms"]) == set(figures["eight_hops_ms"]) == {"p50", "p99"}
    assert {each.figure for each in verdicts("neo4j", figures)} >= {
        "lookup_ms.p99",
        "projected_records_a_second",
    }
