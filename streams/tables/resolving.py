"""Which rows of a table are one entity: the whole way, from the rows to their clusters.

The result depends on which rows there are and not on their order: profiles are put into an order of their
own, chance is seeded, and pairs, model and clusters are functions of the set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from msgspec import Struct

from streams.tables.clusters import Score, clusters
from streams.tables.features import Row, Table
from streams.tables.fields import Fields
from streams.tables.fit import fit
from streams.tables.model import Model, compare, score
from streams.tables.pairs import Pairs, candidate_pairs
from streams.tables.profiles import in_order, make_profiles
from streams.tables.units import alike, standing_for

_FITS = 2
"""The first one counts values once for who has one number and one name, the second one for each entity that
the first one found."""

Tell = Callable[[str], None]


class Resolution(Struct, frozen=True):
    """A resolved table: of each profile the first profile of its entity, and what led there: the model, how
    many pairs were compared, which of them the model links, and which profile stands for each."""

    table: Table
    model: Model
    first: np.ndarray
    compared: int
    linked: Pairs
    standing: np.ndarray


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
    standing = standing_for(table)
    is_active = standing == np.arange(len(table))
    active = np.flatnonzero(is_active)
    place = np.empty(len(table), np.int32)
    place[active] = np.arange(len(active))
    tell("pairing")
    pairs = candidate_pairs(table, is_active)
    found = _resolve_active(table.only(active), Pairs(place[pairs.left], place[pairs.right]), tell)
    return Resolution(
        table,
        found.model,
        active[found.first][place[standing]],
        found.compared,
        Pairs(active[found.linked.left], active[found.linked.right]),
        standing,
    )


def _resolve_active(table: Table, pairs: Pairs, tell: Tell) -> Resolution:
    """Resolves a table of which every profile stands for itself."""
    compared = compare(table, pairs)
    first, possible, model, bits = alike(table), None, Model((), 0.0), np.zeros(len(pairs))
    for number in range(1, _FITS + 1):
        tell(f"fitting, {number} of {_FITS}")
        model = fit(table, compared, first, possible)
        bits = score(table, model, compared).bits
        tell(f"clustering, {number} of {_FITS}")
        first = possible = clusters(len(table), pairs, bits, model.link, scoring(table, model))
    linked = pairs.where(bits >= model.link)
    return Resolution(table, model, first, len(pairs), linked, np.arange(len(table)))


def scoring(table: Table, model: Model) -> Score:
    """What gives the bits of any pairs of a table."""
    return lambda pairs: score(table, model, compare(table, pairs)).bits
