"""The benchmarks of the reader run and do what they say they measure; how fast is never tested."""

from __future__ import annotations

from graph.sqlite.reader import open_reader
from streams.bench import find, online, trace
from streams.bench.made_store import make_store
from streams.bench.worlds import quiet


def test_the_trace_benchmark_measures_store_and_networkx_on_the_same_deliveries():
    figures = trace.run(edges=400, traces=20)
    assert figures["edges"] == 400
    assert set(figures["store_ms"]) == set(figures["networkx_ms"]) == {"p50", "p99"}


def test_the_find_benchmark_asks_every_kind_of_query():
    figures = find.run(entities=300, queries=300)
    assert (figures["entities"], figures["queries"]) == (300, 300)
    assert len(figures["p99_ms_by_kind"]) >= 10


def test_the_online_benchmark_measures_rows_together_and_one_by_one(monkeypatch):
    for name, number in {"_MEASURED": 200, "_BUSY": 60, "_GUESTS": 20}.items():
        monkeypatch.setattr(online, name, number)
    figures = online._run(400, 1, quiet)
    assert (figures["records"], figures["fitted_to"] > 200) == (400, True)
    assert figures["hubs"]["records_in_one"] > 0.5
    assert figures["hubs"]["guests_joined"] < 10
    assert 0 < figures["one_by_one_ms"]["p50"] <= figures["one_by_one_ms"]["worst"]


def test_made_rows_are_the_same_for_the_same_seed_and_of_a_third_as_many_people():
    rows = list(online.made_rows(600, 7))
    assert rows == list(online.made_rows(600, 7)) != list(online.made_rows(600, 8))
    assert 100 < len({said["name"] for _, said in rows}) < 300


def test_a_made_store_is_the_same_for_the_same_seed_and_finds_its_people(tmp_path):
    for name in ("a", "b"):
        make_store(tmp_path / f"{name}.db", 50, 100, seed=7)
    with open_reader(tmp_path / "a.db") as one, open_reader(tmp_path / "b.db") as other:
        assert list(one.all_edges()) == list(other.all_edges())
        assert len(list(one.all_edges())) == 100
        assert len(list(one.all_entities())) == 50
        assert 7 in one.search(one.label(7))
