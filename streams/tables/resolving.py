"""Which rows of a table are one entity: the whole way, from the rows to their clusters.

The result depends on which rows there are and not on their order: profiles are put into an order of their
own, chance is seeded, and pairs, model and clusters are functions of the set.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from io import TextIOWrapper
from pathlib import Path

import numpy as np
from msgspec import Struct

from graph.whole import whole_file
from schemas.errors import InputError
from streams.tables.clusters import Score, clusters
from streams.tables.features import Row, Table
from streams.tables.fields import Fields
from streams.tables.fit import fit
from streams.tables.model import Model, compare, score
from streams.tables.pairs import Pairs, candidate_pairs
from streams.tables.profiles import in_order, make_profiles
from streams.tables.reading import read_rows

_FITS = 2
"""The second one counts values once for each entity that the first one found."""

Tell = Callable[[str], None]


class Resolution(Struct, frozen=True):
    """A resolved table: of each profile the first profile of its entity, and what led there: the model, how
    many pairs were compared, and which of them the model links."""

    table: Table
    model: Model
    first: np.ndarray
    compared: int
    linked: Pairs


class Resolved(Struct, frozen=True):
    """Resolved rows; `profiles` has the number of each row's profile in the table."""

    resolution: Resolution
    ids: list[str]
    profiles: np.ndarray

    def entities(self) -> dict[str, str]:
        """The entity of each row: the least id of its rows."""
        found = self.resolution
        joined = (found.table.copies == 1) | one_when_equal(found.table, found.model)
        alone = len(found.table) + np.arange(len(self.ids))
        numbers = np.where(joined[self.profiles], found.first[self.profiles], alone).tolist()
        least: dict[int, str] = {}
        for id_, number in zip(self.ids, numbers, strict=True):
            if id_ < least.setdefault(number, id_):
                least[number] = id_
        return {id_: least[number] for id_, number in zip(self.ids, numbers, strict=True)}


def one_when_equal(table: Table, model: Model) -> np.ndarray:
    """Of each profile, whether rows that say just this are one: a common name alone is not enough."""
    every = np.arange(len(table))
    return scoring(table, model)(Pairs(every, every)) >= model.link


def resolve(rows: Iterable[tuple[str, Row]], fields: Fields, tell: Tell = lambda _: None) -> Resolved:
    """Resolves rows, each with its id. `tell` hears what is being done."""
    tell("reading")
    profiles = make_profiles(rows, fields)
    table, order = in_order(profiles.table(), profiles.hashes.read())
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return Resolved(resolve_table(table, tell), profiles.ids, place[profiles.of_row])


def resolve_table(table: Table, tell: Tell = lambda _: None) -> Resolution:
    """Resolves a table, whose order is that of ties."""
    tell("pairing")
    pairs = candidate_pairs(table)
    compared = compare(table, pairs)
    first, model, bits = np.arange(len(table)), Model((), 0.0), np.empty(0)
    for number in range(1, _FITS + 1):
        tell(f"fitting, {number} of {_FITS}")
        model = fit(table, compared, first)
        bits = score(table, model, compared).bits
        tell(f"clustering, {number} of {_FITS}")
        first = clusters(len(table), pairs, bits, model.link, scoring(table, model))
    return Resolution(table, model, first, len(pairs), pairs.where(bits >= model.link))


def scoring(table: Table, model: Model) -> Score:
    """What gives the bits of any pairs of a table."""
    return lambda pairs: score(table, model, compare(table, pairs)).bits


def resolve_file(
    path: Path, fields: Fields, out: Path, tell: Tell = lambda _: None
) -> dict[str, int | float]:
    """Resolves a table and writes `record_id,entity_id` of every row, in the order of the table; the figures.

    `out` is there when it is whole, and not before. Raises as `read_rows` does, and `InputError` when `out`
    cannot be written.
    """
    resolved = resolve(read_rows(path, fields), fields, tell)
    found, entities = resolved.resolution, resolved.entities()
    tell("writing")
    try:
        with whole_file(out) as file:
            text = TextIOWrapper(file, "utf-8", newline="")
            lines = csv.writer(text, lineterminator="\n")
            lines.writerow(("record_id", "entity_id"))
            lines.writerows(entities.items())
            text.detach()
    except OSError as error:
        raise InputError(f"{out}: {error.strerror}") from error
    return {
        "rows": len(entities),
        "entities": len(set(entities.values())),
        "rows_that_are_not_alone": len(entities) - _alone(entities),
        "pairs_compared": found.compared,
        "bits_for_a_link": round(found.model.link, 2),
    }


def _alone(entities: dict[str, str]) -> int:
    """How many rows are the only one of their entity."""
    return sum(count == 1 for count in Counter(entities.values()).values())
