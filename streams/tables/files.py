"""Files resolved: a table comes in, and the entity of every row goes out, in the order of the table."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from graph.whole import whole_file
from schemas.errors import InputError, UsageError
from streams.collector import without_collector
from streams.tables.fields import Fields
from streams.tables.online import Online
from streams.tables.reading import read_rows
from streams.tables.resolving import Tell, resolve

Figures = dict[str, int | float]

_TOGETHER = 64
"""Rows that are compared together as they come."""
_MORE = 2
"""The model is fitted anew when one row in so many is new to it."""


def resolve_file(path: Path, fields: Fields, out: Path, tell: Tell = lambda _: None) -> Figures:
    """Resolves a table and writes `record_id,entity_id` of every row; the figures.

    `out` is there when it is whole, and not before. Raises as `read_rows` does, `InputError` when `out`
    cannot be written, and `UsageError` when it is the table.
    """
    figures: Figures = {}

    def resolved() -> Iterator[tuple[str, str]]:
        rows = resolve(read_rows(path, fields), fields, tell)
        found, entities = rows.resolution, rows.entities()
        figures.update(
            _figures(entities), pairs_compared=found.compared, bits_for_a_link=round(found.model.link, 2)
        )
        tell("writing")
        yield from entities.items()

    _write(path, out, resolved())
    return figures


def resolve_online(path: Path, fields: Fields, out: Path, tell: Tell = lambda _: None) -> Figures:
    """The same with the entity that was decided for each row when it came, the rows after it being unknown;
    an entity is called by its earliest row. The model is fitted again whenever the table has grown by half.
    """
    entities: dict[str, str] = {}

    def noted() -> Iterator[tuple[str, str]]:
        for id_, entity in decisions(path, fields, tell):
            entities[id_] = entity
            yield id_, entity

    with without_collector():
        _write(path, out, noted())
    return _figures(entities)


def decisions(path: Path, fields: Fields, tell: Tell = lambda _: None) -> Iterator[tuple[str, str]]:
    """Each row of a table with the entity that it was found to be when it came."""
    online, rows = Online(fields), read_rows(path, fields)
    decided, until = 0, 1
    while some := list(islice(rows, min(_TOGETHER, until - decided))):
        yield from zip((id_ for id_, _ in some), online.add(some), strict=True)
        decided += len(some)
        if decided == until:
            tell(f"fitting to {decided:,} rows")
            online.consolidate()
            until += max(1, decided // _MORE)
        tell(f"{decided:,} rows")


def _write(path: Path, out: Path, entities: Iterator[tuple[str, str]]) -> None:
    """Writes entities as they are made, so that what cannot be written is known before the work is done."""
    if out.exists() and path.exists() and out.samefile(path):
        raise UsageError(f"{out} is the table itself: give the entities a file of their own")
    try:
        with whole_file(out) as file:
            text = TextIOWrapper(file, "utf-8", newline="")
            lines = csv.writer(text, lineterminator="\n")
            lines.writerow(("record_id", "entity_id"))
            lines.writerows(entities)
            text.detach()
    except OSError as error:
        raise InputError(f"{out}: {error.strerror}") from error


def _figures(entities: Mapping[str, str]) -> Figures:
    rows_of = Counter(entities.values())
    return {
        "rows": len(entities),
        "entities": len(rows_of),
        "rows_that_are_not_alone": len(entities) - sum(count == 1 for count in rows_of.values()),
    }
