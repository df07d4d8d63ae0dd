"""`bench` measures: figures beside their goals, progress on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from streams.cli.options import JsonOption
from streams.cli.output import print_json, print_table


class BenchmarkName(StrEnum):
    """The benchmarks of `streams.bench.registry`."""

    INGEST = "ingest"
    RESOLUTION = "resolution"
    WITHDRAWAL = "withdrawal"
    TRACE = "trace"
    FIND = "find"
    NEO4J = "neo4j"
    TEXT = "text"
    TIPS = "tips"
    EXTRACT = "extract"
    RESOLVE = "resolve"
    ONLINE = "online"
    ABLATION = "ablation"
    CONSOLE = "console"
    STACK = "stack"
    COPIES = "copies"


_BESIDE = {
    BenchmarkName.TEXT: Path("../shared/data/cail2022/train.json"),
    BenchmarkName.EXTRACT: Path("../shared/data/cail2022/train.json"),
    BenchmarkName.RESOLVE: Path("../shared/data/er"),
    BenchmarkName.ABLATION: Path("../shared/data/er"),
}
"""Where data to measure on lie beside a working copy of the repository, if they do."""
_MANY = 10
"""Things of the same figures that are shown one a line."""


def bench(
    name: Annotated[BenchmarkName, typer.Argument(metavar="NAME", help="One of " + ", ".join(BenchmarkName))],
    size: Annotated[
        int | None,
        typer.Option(
            "--size",
            "--records",
            min=100,
            help="Records; of trace, neo4j and console edges, of find entities, of tips texts.",
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH", help="Annotated text for text and extract, tables for resolve and ablation."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed makes the same world.")] = 1,
    minutes: Annotated[
        float | None,
        typer.Option(min=0.1, help="Of steady load, for the benchmark stack."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Run a benchmark on one core; its figures compare within this run."""
    from streams.bench.registry import run, verdicts

    if data is None and (beside := _BESIDE.get(name)) is not None and beside.exists():
        data = beside
    if minutes is not None:
        size = _records_in(name, minutes)
    with _showing() as tell:
        figures = run(name, size, seed=seed, data=data, tell=tell)
    judged = verdicts(name, figures)
    if as_json:
        print_json({**figures, "goals": judged})
    else:
        _print(name, figures, judged)


def _records_in(name: BenchmarkName, minutes: float) -> int:
    from schemas.errors import UsageError
    from streams.bench.steady import RATE

    if name is not BenchmarkName.STACK:
        raise UsageError("--minutes is for the benchmark stack: give the others a --size")
    return int(60 * minutes * RATE)


def _print(name: str, figures: Mapping[str, Any], judged: list[Any]) -> None:
    from streams.bench.registry import BENCHMARKS, flatten

    title = f"{name}: {BENCHMARKS[name].about}"
    if (columns := _columns_of(figures)) is not None:
        lines = ((row, *map(_readable, values.values())) for row, values in figures.items())
        return print_table(title, ("", *map(_words, columns)), lines)
    of = {each.figure: each for each in judged}
    rows = []
    for figure, value in flatten(figures):
        verdict = of.get(figure)
        goal = "" if verdict is None else verdict.goal + (f" at {verdict.at:,}" if verdict.at else "")
        met = "" if verdict is None else "met" if verdict.met else "missed"
        rows.append((_words(figure), _readable(value), goal, met))
    return print_table(title, ("", "measured", "goal", ""), rows)


def _columns_of(figures: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The columns of figures that are the same ones for many things: then they are shown as a matrix."""
    every = {tuple(row) if isinstance(row, Mapping) else () for row in figures.values()}
    return every.pop() or None if len(every) == 1 and len(figures) > _MANY else None


def _words(figure: str) -> str:
    return figure.replace("_", " ").replace(".", ": ")


def _readable(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)


@contextmanager
def _showing() -> Iterator[Callable[[str, int, int], None]]:
    """A bar a step, with its rate and the remaining time; nothing without a terminal."""
    import sys

    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                for earlier in tasks.values():
                    bar.update(earlier, completed=bar.tasks[earlier].total, visible=False)
                tasks[what] = bar.add_task(what, total=total, rate="")
            seconds = bar.tasks[tasks[what]].elapsed or 0.0
            rate = f"{done / seconds:,.0f}/s" if seconds and total > 10 else ""
            bar.update(tasks[what], completed=done, total=total, rate=rate)

        yield tell
