"""How well rows of tables are resolved that come with their truth (`suyuan bench resolve`).

A folder holds tables `NAME.csv` (or `.csv.gz`), each with `NAME.fields.toml`, as `suyuan resolve` takes them,
and `NAME.truth.csv` (`record_id,entity_id`). They are read from there and never kept; figures hold no rows.
Every table is resolved in eight orders of its rows: five by chance and three that would mislead who decides
by what came first. Where Splink is installed it resolves the same tables in the same run.
"""

from __future__ import annotations

import csv
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean, pstdev
from typing import Any

from msgspec import Struct

from schemas.errors import InputError
from streams.bench.evaluate import Rate, pairwise
from streams.bench.peers import INSTALL, Resolve, splink
from streams.bench.worlds import Tell, quiet
from streams.tables.features import Row
from streams.tables.fields import Fields, read_fields
from streams.tables.reading import read_rows
from streams.tables.resolving import resolve

_FIELDS = ".fields.toml"
_BY_CHANCE = 5

Entities = dict[str, str]
"""The entity of each row."""
Rows = list[tuple[str, Row]]


class Known(Struct, frozen=True):
    """A table with its truth."""

    name: str
    fields: Fields
    rows: Rows
    truth: Entities


def run(folder: Path, *, tell: Tell = quiet, peer: Callable[[], Resolve | None] = splink) -> dict[str, Any]:
    """By table the mean F1 over the orders, precision, recall and rows a second, and beside them those of the
    peer in one order, with the ratios to it, if there is one; over all tables how far the orders agree at
    least, and how far F1 deviates between them at most.

    Raises `InputError` when the folder holds no tables, and what reading them raises.
    """
    theirs = peer()
    measured: list[_Measured] = []
    figures: dict[str, Any] = {}
    for known in known_tables(folder):
        measured.append(_measured(known, tell))
        figures[known.name] = measured[-1].figures()
        if theirs is not None:
            tell(f"{known.name} in Splink", 0, 1)
            figures[known.name] |= _beside(figures[known.name], known, theirs)
    if theirs is None:
        figures["splink"] = INSTALL
    return figures | {
        "orders": {
            "least_agreement": min(each.agreement for each in measured),
            "most_deviation": max(each.deviation for each in measured),
        }
    }


class _Measured(Struct, frozen=True):
    """What the orders of one table came to: against the truth, and against the first of them."""

    rows: int
    seconds: float
    scores: list[Rate]
    agreement: float

    @property
    def deviation(self) -> float:
        return round(pstdev(each.f1 for each in self.scores), 6)

    def figures(self) -> dict[str, Any]:
        every = [each.figures() for each in self.scores]
        return {
            "rows": self.rows,
            **{name: round(mean(each[name] for each in every), 4) for name in every[0]},
            "rows_a_second": round(self.rows * len(every) / self.seconds),
        }


def known_tables(folder: Path) -> Iterator[Known]:
    """The tables of a folder, by name; each is read when its turn comes.

    Raises `InputError` when the folder holds none, and what reading them raises.
    """
    names = sorted(path.name.removesuffix(_FIELDS) for path in folder.glob(f"*{_FIELDS}"))
    if not names:
        raise InputError(f"{folder} holds no tables: of each NAME.csv, NAME.fields.toml and NAME.truth.csv")
    return (_known(folder, name) for name in names)


def _known(folder: Path, name: str) -> Known:
    fields = read_fields(folder / f"{name}{_FIELDS}")
    plain = folder / f"{name}.csv"
    rows = list(read_rows(plain if plain.exists() else folder / f"{name}.csv.gz", fields))
    with (folder / f"{name}.truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {line["record_id"]: line["entity_id"] for line in csv.DictReader(file)}
    if truth.keys() != {id_ for id_, _ in rows}:
        raise InputError(f"{folder}: {name}.truth.csv is of other rows than the table {name}")
    return Known(name, fields, rows, truth)


def _measured(known: Known, tell: Tell) -> _Measured:
    orders = list(_orders(known.rows, known.truth))
    results, begun = [], time.perf_counter()
    for number, order in enumerate(orders):
        tell(known.name, number, len(orders))
        results.append(resolve(order, known.fields).entities())
    return _Measured(
        rows=len(known.rows),
        seconds=time.perf_counter() - begun,
        scores=[pairwise(known.truth, each) for each in results],
        agreement=min(pairwise(results[0], each).f1 for each in results),
    )


def _beside(ours: dict[str, Any], known: Known, resolve_: Resolve) -> dict[str, Any]:
    """The figures of a peer on the same table, and how many times them ours are."""
    begun = time.perf_counter()
    found = resolve_(known.rows, known.fields)
    seconds = time.perf_counter() - begun
    theirs = {**pairwise(known.truth, found).figures(), "rows_a_second": round(len(known.rows) / seconds)}
    ratios = {name: ours[name] / theirs[name] if theirs[name] else None for name in ("f1", "rows_a_second")}
    return {"splink": theirs, "of_splink": {name: each and round(each, 3) for name, each in ratios.items()}}


def _orders(rows: Rows, truth: Entities) -> Iterator[Rows]:
    """By chance; then entity by entity, in turns over the entities, and the fullest rows last."""
    for seed in range(_BY_CHANCE):
        mixed = list(rows)
        random.Random(seed).shuffle(mixed)  # noqa: S311  an order, nothing secret
        yield mixed
    grouped = sorted(rows, key=lambda row: truth[row[0]])
    yield grouped
    turn: Counter[str] = Counter()
    turns = []
    for row in grouped:
        turns.append((turn[truth[row[0]]], row))
        turn[truth[row[0]]] += 1
    yield [row for _, row in sorted(turns, key=lambda each: (each[0], each[1][0]))]
    yield sorted(rows, key=lambda row: sum(map(bool, row[1].values())))
