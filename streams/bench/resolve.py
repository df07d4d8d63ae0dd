"""How well rows of tables are resolved that come with their truth (`suyuan bench resolve`).

A folder holds tables `NAME.csv` (or `.csv.gz`), each with `NAME.fields.toml`, as `suyuan resolve` takes them,
and `NAME.truth.csv` (`record_id,entity_id`). They are read from there and never kept; figures hold no rows.
Every table is resolved in eight orders of its rows: five by chance and three that would mislead who decides
by what came first.
"""

from __future__ import annotations

import csv
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import mean, pstdev
from typing import Any

from msgspec import Struct

from schemas.errors import InputError
from streams.bench.worlds import Tell, quiet
from streams.tables.features import Row
from streams.tables.fields import read_fields
from streams.tables.reading import read_rows
from streams.tables.resolving import resolve

_FIELDS = ".fields.toml"
_BY_CHANCE = 5

Entities = dict[str, str]
"""The entity of each row."""
Rows = list[tuple[str, Row]]


class Agreement(Struct, frozen=True):
    """How pairs of rows that are taken for one agree with the truth: F1, precision and recall, 0 to 1."""

    f1: float
    precision: float
    recall: float


def agreement(found: Entities, truth: Entities) -> Agreement:
    """Pairwise, over all rows.

    >>> agreement({"a": "1", "b": "1", "c": "2"}, {"a": "x", "b": "x", "c": "x"})
    Agreement(f1=0.5, precision=1.0, recall=0.3333333333333333)
    """
    both = _pairs((found[row], truth[row]) for row in truth)
    claimed, true = _pairs(found[row] for row in truth), _pairs(truth.values())
    return Agreement(
        f1=2 * both / (claimed + true) if claimed + true else 1.0,
        precision=both / claimed if claimed else 1.0,
        recall=both / true if true else 1.0,
    )


def _pairs(groups: Iterable[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(groups).values())


def run(folder: Path, *, tell: Tell = quiet) -> dict[str, Any]:
    """By table the mean F1 over the orders, precision, recall and rows a second; over all tables how far the
    orders agree at least, and how far F1 deviates between them at most.

    Raises `InputError` when the folder holds no tables, and what reading them raises.
    """
    names = sorted(path.name.removesuffix(_FIELDS) for path in folder.glob(f"*{_FIELDS}"))
    if not names:
        raise InputError(f"{folder} holds no tables: of each NAME.csv, NAME.fields.toml and NAME.truth.csv")
    figures = {name: _measured(folder, name, tell) for name in names}
    return {
        **figures,
        "orders": {
            "least_agreement": min(each.pop("agreement") for each in figures.values()),
            "most_deviation": max(each.pop("deviation") for each in figures.values()),
        },
    }


def _measured(folder: Path, name: str, tell: Tell) -> dict[str, Any]:
    fields = read_fields(folder / f"{name}{_FIELDS}")
    rows = list(read_rows(_table(folder, name), fields))
    with (folder / f"{name}.truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {line["record_id"]: line["entity_id"] for line in csv.DictReader(file)}
    orders = list(_orders(rows, truth))
    results, begun = [], time.perf_counter()
    for number, order in enumerate(orders):
        tell(name, number, len(orders))
        results.append(resolve(order, fields).entities())
    taken = time.perf_counter() - begun
    scores = [agreement(each, truth) for each in results]
    return {
        "rows": len(rows),
        "f1": round(mean(each.f1 for each in scores), 4),
        "precision": round(mean(each.precision for each in scores), 4),
        "recall": round(mean(each.recall for each in scores), 4),
        "rows_a_second": round(len(rows) * len(orders) / taken),
        "agreement": min(agreement(each, results[0]).f1 for each in results),
        "deviation": round(pstdev(each.f1 for each in scores), 6),
    }


def _table(folder: Path, name: str) -> Path:
    plain = folder / f"{name}.csv"
    return plain if plain.exists() else folder / f"{name}.csv.gz"


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
