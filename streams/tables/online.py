"""Rows resolved one by one as they come, under a model that stays as it is until `consolidate`.

At every moment the clusters are those that the set of rows has under the model, whichever came first. Rows
that come together are compared together, which is faster and changes no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
from msgspec import Struct

from streams.tables.blocks import Asked, Blocks
from streams.tables.components import Components, Links, Scores
from streams.tables.features import Row, Table
from streams.tables.fields import Fields
from streams.tables.keys import Keys
from streams.tables.model import may_link
from streams.tables.pairs import Pairs
from streams.tables.profiles import Numbers, Profiles, in_order
from streams.tables.resolving import Resolution, Resolved, resolve_table, scoring
from streams.tables.units import Placed, Units


class _Step(Struct, frozen=True):
    """A row that came: its profile, and which one stood for that then; if it is new, where it was placed and
    whom it met."""

    row: int
    profile: int
    standing: int
    placed: Placed | None
    asked: Asked | None


class _Batch(Struct, frozen=True):
    """Rows that came together: the table with them, and the links of each new profile."""

    table: Table
    scores: Scores
    linked: dict[int, list[int]]


class Online:
    """A table that grows. An entity is called by the id of its earliest row."""

    def __init__(self, fields: Fields) -> None:
        self._profiles = Profiles(fields)
        self._units = Units(self._profiles.hashes, self._profiles.units)
        self._blocks = Blocks()
        self._first_rows = Numbers(np.int32)
        self.consolidate()

    def consolidate(self) -> None:
        """Fits the model to all rows so far, and clusters them anew."""
        table, order = in_order(self._profiles.table(), self._profiles.hashes.read())
        found = resolve_table(table)
        self._model = found.model
        self._components = Components(self._profiles.hashes, found.model.link)
        groups = np.empty_like(order)
        groups[order] = found.first
        lead = np.fromiter(map(self._units.earliest, range(len(table))), np.int64, len(table))
        linked = Pairs(order[found.linked.left], order[found.linked.right])
        scores = Scores(scoring(self._profiles.table(), found.model))
        self._components.load(linked, groups, lead, scores)

    def add(self, rows: Sequence[tuple[str, Row]]) -> list[str]:
        """The entity of each row, as it is when the row has come and those after it have not."""
        before = len(self._first_rows)
        numbers = [self._add(id_, row) for id_, row in rows]
        table = self._profiles.table()
        self._model = self._model.covering(table)
        steps = self._steps(numbers, before, table)
        scores = Scores(scoring(table, self._model))
        batch = _Batch(table, scores, self._linked(steps, table, scores))
        return [self._decide(step, batch) for step in steps]

    def _add(self, id_: str, row: Row) -> int:
        profile = self._profiles.add(id_, row)
        if profile == len(self._first_rows):
            self._first_rows.append(len(self._profiles.ids) - 1)
        return profile

    def _steps(self, numbers: Sequence[int], before: int, table: Table) -> list[_Step]:
        """What each row is, in their order."""
        keys = Keys(table)
        keys_of = {profile: keys.of(profile) for profile in range(before, len(table))}
        self._blocks.open(set().union(*keys_of.values()))
        steps = []
        for row, profile in enumerate(numbers, len(self._profiles.ids) - len(numbers)):
            placed = asked = None
            if profile in keys_of:
                placed = self._units.place(profile)
                asked = self._blocks.add(profile, keys_of.pop(profile), table, active=placed.active)
                active = self._units.active.read()
                met = [each for each in asked.candidates if active[each]] if placed.active else []
                asked = Asked(met, asked.outgrown)
            steps.append(_Step(row, profile, self._units.standing_for(profile), placed, asked))
        return steps

    def _linked(self, steps: Iterable[_Step], table: Table, scores: Scores) -> dict[int, list[int]]:
        """Of each new profile those that it is linked with, all pairs of the batch having been scored."""
        met = _pairs([(step.profile, each) for step in steps if step.asked for each in step.asked.candidates])
        met = met.where(may_link(table, self._model, met))
        copies = [step.profile for step in steps if step.placed is None]
        scores.want(Pairs.of((met, Pairs(np.array(copies, int), np.array(copies, int)))))
        found: dict[int, list[int]] = {}
        links = met.where(scores.of(met) >= self._model.link)
        for profile, other in zip(links.left.tolist(), links.right.tolist(), strict=True):
            found.setdefault(profile, []).append(other)
        scores.want(self._components.inside(found))
        return found

    def _decide(self, step: _Step, batch: _Batch) -> str:
        first_rows, profile = self._first_rows.read(), step.profile
        if step.placed is None or step.asked is None:
            if batch.scores.of(_pairs([(profile, profile)]))[0] < self._model.link:
                return self._profiles.ids[step.row]
        else:
            self._components.add(profile, batch.linked.get(profile, ()), batch.scores)
            if step.placed.evicted is not None:
                self._components.evict(step.placed.evicted)
            for leading, earliest in step.placed.leads:
                self._components.lead(leading, earliest)
            for members in step.asked.outgrown:
                self._components.part(members, partial(self._meet, batch.table, profile))
            self._components.settle(batch.scores)
        return self._profiles.ids[int(first_rows[self._components.first.read()[step.standing]])]

    def _meet(self, table: Table, last: int, links: Links) -> np.ndarray:
        """Of each link whether its two met when `last` had come."""
        keys = Keys(table)
        strong = {profile: keys.strong(profile) for profile in np.unique(links).tolist()}
        met = np.array(
            [self._blocks.asks(strong[one] & strong[other]) for one, other in links.tolist()], bool
        )
        keys_of = {profile: keys.of(profile) for profile in np.unique(links[~met]).tolist()}
        shared = [keys_of[one] & keys_of[other] for one, other in links[~met].tolist()]
        if shared:
            met[~met] = self._blocks.meet(shared, last, table)
        return met

    def resolved(self) -> Resolved:
        """All rows so far, and what has become of them."""
        table = self._profiles.table()
        standing = np.fromiter(map(self._units.standing_for, range(len(table))), np.int64, len(table))
        first = self._components.first.read()[standing]
        found = Resolution(table, self._model, first, 0, Pairs.of(()), standing)
        return Resolved(found, self._profiles.ids, self._profiles.of_row)


def _pairs(several: Sequence[tuple[int, int]]) -> Pairs:
    left, right = np.array(several, np.int64).reshape(-1, 2).T
    return Pairs(left, right)
