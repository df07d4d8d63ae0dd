"""Which benchmarks there are, and which figures each should reach.

A benchmark is a module of this package with a function `run`, imported when it is called. Figures
are compared within one run; none of them is ever a test.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from schemas.errors import UsageError
from streams.bench.worlds import Tell, quiet


class Goal(Struct, frozen=True):
    """A figure (`store_ms.p50`) and its bound at a size; other sizes are judged by the nearest above."""

    figure: str
    sign: Literal["≥", "≤"]
    bound: float
    at: int = 0

    def met(self, value: float) -> bool:
        """Whether a value is on the right side.

        >>> Goal("p99_ms", "≤", 20).met(20.0), Goal("records_a_second", "≥", 1000).met(999)
        (True, False)
        """
        return value >= self.bound if self.sign == "≥" else value <= self.bound


class Verdict(Struct, frozen=True):
    """How a figure compares with its goal, which was set for the size `at`."""

    figure: str
    value: float
    goal: str
    at: int
    met: bool


class Benchmark(Struct, frozen=True, kw_only=True):
    """What a benchmark measures, how large it is unless told, and its goals; `unit` is of the size."""

    about: str
    unit: str = "records"
    size: int = 10_000
    goals: tuple[Goal, ...] = ()
    data: str = ""
    """What it measures on, when it does not make that itself; then it has no size."""


_K, _M = 100_000, 1_000_000
BENCHMARKS: Mapping[str, Benchmark] = {
    "ingest": Benchmark(
        about="records a second on one core, beside the floor",
        goals=(
            Goal("records_a_second", "≥", 1000, _K),
            Goal("records_a_second", "≥", 600, _M),
            Goal("of_floor", "≥", 0.5, _M),
            Goal("worst_batch_seconds", "≤", 1.0, _M),
            Goal("resident_mib", "≤", 4096, _M),
            Goal("open_seconds", "≤", 10, _M),
        ),
    ),
    "resolution": Benchmark(
        about="how well the graph fits the truth of a made world, and of three written worse",
        goals=(
            Goal("noise.low.f1", "≥", 0.99),
            Goal("noise.low.groundless", "≤", 0),
            Goal("noise.medium.f1", "≥", 0.97),
            Goal("noise.medium.groundless", "≤", 0),
            Goal("noise.high.f1", "≥", 0.93),
            Goal("noise.high.groundless", "≤", 0),
            Goal("noise.high.consolidated.f1", "≥", 0.93),
            Goal("noise.high.consolidated.groundless", "≤", 0),
            Goal("persons.f1", "≥", 0.95, _K),
            Goal("deliveries.precision", "≥", 0.98, _K),
            Goal("deliveries.recall", "≥", 0.95, _K),
            Goal("sources.recall", "≥", 0.95, _K),
        ),
    ),
    "withdrawal": Benchmark(about="what taking back a record costs in a small and in a large store", size=_K),
    "trace": Benchmark(
        about="chains of up to eight hops, beside networkx",
        unit="edges",
        size=_M,
        goals=(Goal("store_ms.p50", "≤", 2, _M), Goal("store_ms.p99", "≤", 50, _M)),
    ),
    "find": Benchmark(
        about="what investigators type", unit="entities", size=_M, goals=(Goal("p99_ms", "≤", 20, _M),)
    ),
    "console": Benchmark(
        about="what an investigator waits for: questions over HTTP, fifty people at once, the page drawn",
        unit="edges",
        size=_M,
        goals=(
            Goal("search_ms.p99", "≤", 30, _M),
            Goal("expand_ms.p99", "≤", 30, _M),
            Goal("trace_ms.p99", "≤", 100, _M),
            Goal("together_ms.p99", "≤", 300, _M),
            Goal("together_errors", "≤", 0),
            Goal("first_view_kib", "≤", 200),
            Goal("heaviest_page_kib", "≤", 150),
            Goal("first_view_seconds", "≤", 1),
            Goal("render_seconds.200", "≤", 0.7),
            Goal("render_seconds.1000", "≤", 1.5),
            Goal("render_seconds.3000", "≤", 2.5),
            Goal("frame_p95_ms.1000", "≤", 20),
            Goal("frame_p95_ms.3000", "≤", 30),  # of 5,000; no more than 3,000 are drawn
        ),
    ),
    "stack": Benchmark(
        about="the same on Kafka and Neo4j: 500 records a second, and what each part can do",
        size=60_000,
        goals=(
            Goal("graph_ms.p50", "≤", 100),
            Goal("graph_ms.p99", "≤", 1000),
            Goal("alert_ms.p50", "≤", 100),
            Goal("alert_ms.p99", "≤", 1000),
            Goal("owner_of_embedded", "≥", 0.7),
            Goal("projection_records_a_second", "≥", 1000),
            Goal("intake.second_adds", "≥", 1.6),
            Goal("recovery_seconds.intake", "≤", 13),
            Goal("recovery_seconds.owner", "≤", 13),
            Goal("recovery_seconds.project", "≤", 13),
            Goal("steady_resident_mib.intake", "≤", 300),
            Goal("steady_resident_mib.project", "≤", 300),
        ),
    ),
    "neo4j": Benchmark(
        about="projection into a Neo4j started for it, then lookups and chains there",
        unit="edges",
        size=_K,
        goals=(
            Goal("projected_records_a_second", "≥", 1000),
            Goal("lookup_ms.p99", "≤", 20, _M),
            Goal("two_hops_ms.p99", "≤", 50, _M),
            Goal("eight_hops_ms.p99", "≤", 250, _M),
        ),
    ),
    "text": Benchmark(
        about="how much of annotated text the rules find",
        unit="",
        size=0,
        data="an annotated file",
        goals=(Goal("substance.found", "≥", 0.95), Goal("quantity.found", "≥", 0.95)),
    ),
    "tips": Benchmark(
        about="how well deals are read out of made tips: in known styles, in others, by another author",
        unit="tips",
        size=4_000,
        goals=(
            Goal("seen.f1", "≥", 0.9),
            Goal("seen.false_facts", "≤", 0.01),
            Goal("held_out.f1", "≥", 0.9),
            Goal("held_out.false_facts", "≤", 0.01),
        ),
    ),
    "extract": Benchmark(
        about="how well and how fast people, substances and relations are read from annotated text",
        unit="",
        size=0,
        data="an annotated file",
        goals=(
            Goal("triplets.f1", "≥", 0.86),
            Goal("person.f1", "≥", 0.965),
            Goal("substance.f1", "≥", 0.97),
            Goal("texts_a_second", "≥", 500),
            Goal("load_seconds", "≤", 0.3),
        ),
    ),
    "resolve": Benchmark(
        about="pairwise F1 of tables with their truth, in several orders of the rows",
        unit="",
        size=0,
        data="a folder of tables",
        goals=(
            Goal("febrl1.f1", "≥", 1.0),
            Goal("febrl3.f1", "≥", 0.9997),
            Goal("rldata500.f1", "≥", 0.99),
            Goal("fake_1000.f1", "≥", 0.97),
            Goal("senzing_demo.f1", "≥", 0.85),
            Goal("hist50k_dev.f1", "≥", 0.955),
            Goal("orders.least_agreement", "≥", 1.0),
            Goal("orders.most_deviation", "≤", 0.002),
        ),
    ),
    "online": Benchmark(
        about="rows of a table resolved as they come, beside a million that came before",
        size=_M,
        goals=(
            Goal("records_a_second", "≥", 1500, _M),
            Goal("one_by_one_ms.p99", "≤", 5, _M),
            Goal("one_by_one_ms.worst", "≤", 50, _M),
            Goal("hubs.records_in_one", "≥", 0.99),
            Goal("hubs.guests_joined", "≤", 0),
            Goal("hubs.worst_ms", "≤", 50),
            Goal("resident_mib", "≤", 1536, _M),
        ),
    ),
    "copies": Benchmark(
        about="tips that copy others, at three levels of change, beside independent witnesses",
        unit="texts",
        size=_M,
        goals=(
            Goal("light.precision", "≥", 0.99),
            Goal("light.recall", "≥", 0.95),
            Goal("light.witnesses_called_copies", "≤", 0.01),
            Goal("medium.precision", "≥", 0.99),
            Goal("medium.recall", "≥", 0.95),
            Goal("medium.witnesses_called_copies", "≤", 0.01),
            Goal("heavy.precision", "≥", 0.99),
            Goal("heavy.recall", "≥", 0.95),
            Goal("heavy.witnesses_called_copies", "≤", 0.01),
            Goal("held.texts_a_second", "≥", 5000, _M),
        ),
    ),
    "ablation": Benchmark(
        about="F1 of tables, and the points that it differs by without each thing that resolves them",
        unit="",
        size=0,
        data="a folder of tables",
    ),
}


def run(
    name: str, size: int | None = None, *, seed: int = 1, data: Path | None = None, tell: Tell = quiet
) -> dict[str, Any]:
    """The figures of a benchmark; `data` is what `text`, `extract`, `resolve` and `ablation` measure on.

    Raises `UsageError` for what the benchmark cannot do, and `OSError` for a file it cannot read.
    """
    benchmark = BENCHMARKS[name]
    wanted = import_module(f"streams.bench.{name}").run
    if benchmark.data:
        if size is not None or data is None:
            raise UsageError(f"the benchmark `{name}` takes no size; name {benchmark.data} with --data PATH")
        figures: dict[str, Any] = wanted(data, tell=tell)
    elif data is not None:
        raise UsageError(f"the benchmark `{name}` makes its data itself: leave --data out")
    else:
        figures = wanted(size or benchmark.size, seed=seed, tell=tell)
    return figures


def verdicts(name: str, figures: Mapping[str, Any]) -> list[Verdict]:
    """How the figures of a benchmark compare with its goals."""
    flat = dict(flatten(figures))
    benchmark = BENCHMARKS[name]
    size = flat.get(benchmark.unit, 0)
    found = []
    for goal in benchmark.goals:
        value = flat.get(goal.figure)
        if value is not None and goal.at == _judged_at(goal.figure, benchmark, size):
            found.append(Verdict(goal.figure, value, f"{goal.sign} {goal.bound:g}", goal.at, goal.met(value)))
    return found


def _judged_at(figure: str, benchmark: Benchmark, size: int) -> int:
    """For which size the goal was set that a figure is judged by: the nearest above, or the largest."""
    sizes = sorted(goal.at for goal in benchmark.goals if goal.figure == figure)
    return next((at for at in sizes if at >= size), sizes[-1])


def flatten(figures: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Figures one a line, those of a group under `group.figure`.

    >>> list(flatten({"edges": 10, "store_ms": {"p50": 1.5}}))
    [('edges', 10), ('store_ms.p50', 1.5)]
    """
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{above}{name}.")
        else:
            yield above + name, value
