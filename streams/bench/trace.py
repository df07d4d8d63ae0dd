"""`bench trace`: chains up to eight hops in a store of a million deliveries, beside networkx.

networkx does the same job: the same search on the same deliveries, held by a MultiDiGraph in memory.
What is measured with the store includes reading it; `whole` adds entities, labels and exclusions, as
the command prints them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from graph.chains import Limits, Search
from graph.port import Delivery
from graph.sqlite.reader import SqliteReader, open_reader
from graph.trace import trace
from schemas.errors import UsageError
from streams.bench.made_store import make_store
from streams.bench.worlds import Tell, quiet

_STEPS = 5
"""Making the store and the graph, and three ways of tracing; for showing progress."""


def run(edges: int = 1_000_000, traces: int = 2000, *, seed: int = 1, tell: Tell = quiet) -> dict[str, Any]:
    """Milliseconds at p50 and p99 over random people who have a supplier, and the ratios to networkx.

    Raises `UsageError` when networkx is not installed.
    """
    if find_spec("networkx") is None:
        raise UsageError("this benchmark compares with networkx: install it with pip install 'suyuan[bench]'")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "trace.db"
        tell("making a store", 0, _STEPS)
        make_store(path, max(20, edges // 5), edges, seed)
        with open_reader(path) as reader:
            return _measure(reader, traces, seed, tell)


def _measure(reader: SqliteReader, traces: int, seed: int, tell: Tell) -> dict[str, Any]:
    tell("loading networkx", 1, _STEPS)
    started = time.perf_counter()
    graph = _in_networkx(reader)
    built = time.perf_counter() - started
    chance = random.Random(seed)  # noqa: S311  a sample
    receivers = sorted(node for node in graph if graph.in_degree(node))
    origins = chance.choices(receivers, k=traces)

    def beside(keys: list[int]) -> list[Delivery]:
        return [delivery for _, _, delivery in graph.in_edges(keys, data="delivery")]

    tell("tracing in the store", 2, _STEPS)
    stored = _timed(origins, lambda who: _search(lambda keys: reader.deliveries(keys, "up"), who))
    tell("tracing in networkx", 3, _STEPS)
    held = _timed(origins, lambda who: _search(beside, who))
    tell("whole traces", 4, _STEPS)
    whole = _timed(origins[: traces // 4], lambda who: trace(reader, who))
    return {
        "edges": graph.number_of_edges(),
        "traces": traces,
        "store_ms": stored,
        "whole_ms": whole,
        "networkx_ms": held,
        "networkx_build_s": round(built, 1),
        "ratio_p50": round(stored["p50"] / held["p50"], 2),
        "ratio_p99": round(stored["p99"] / held["p99"], 2),
    }


def _in_networkx(reader: SqliteReader) -> Any:
    import networkx as nx  # noqa: PLC0415  only this benchmark needs it

    graph = nx.MultiDiGraph()
    keys = list(reader.all_entities())
    for start in range(0, len(keys), 1000):
        for one in reader.deliveries(keys[start : start + 1000], "up"):
            graph.add_edge(one.source, one.target, delivery=one)
    return graph


def _search(fetch: Callable[[list[int]], list[Delivery]], who: int) -> None:
    search = Search(fetch, lambda keys: {key: str(key) for key in keys}, "up", Limits())
    for end in search.run(who).ends:
        search.best(end)


def _timed(origins: Sequence[int], job: Callable[[int], object]) -> dict[str, float]:
    """p50 and p99 in milliseconds, after a tenth of the origins to warm up."""
    for who in origins[: len(origins) // 10]:
        job(who)
    taken = []
    for who in origins:
        started = time.perf_counter()
        job(who)
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    return {"p50": round(taken[len(taken) // 2], 3), "p99": round(taken[int(len(taken) * 0.99)], 3)}
