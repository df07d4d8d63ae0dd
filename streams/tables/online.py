"""Rows resolved one by one as they come, under a model that stays as it is until `consolidate`.

At every moment the clusters are those that the set of rows has under the model, whichever came first. Rows
that come together are compared together, which is faster and changes no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from streams.tables.blocks import Asked, Blocks
from streams.tables.components import Components, Scores
from streams.tables.features import Row
from streams.tables.fields import Fields
from streams.tables.keys import Keys
from streams.tables.pairs import Pairs
from streams.tables.profiles import Numbers, Profiles, in_order
from streams.tables.resolving import Resolution, Resolved, resolve_table, scoring
from streams.tables.units import full_units


class Online:
    """A table that grows. An entity is called by the id of its earliest row."""

    def __init__(self, fields: Fields) -> None:
        self._profiles = Profiles(fields)
        self._blocks = Blocks(self._profiles.names)
        self._first_rows = Numbers(np.int32)
        self.consolidate()

    def consolidate(self) -> None:
        """Fits the model to all rows so far, and clusters them anew."""
        table, order = in_order(self._profiles.table(), self._profiles.hashes.read())
        found = resolve_table(table)
        self._model = found.model
        self._components = Components(self._profiles.hashes, found.model.link)
        groups, standing = np.empty_like(order), np.empty_like(order)
        groups[order], standing[order] = found.first, order[found.standing]
        linked = Pairs(order[found.linked.left], order[found.linked.right])
        self._components.load(linked, groups, standing)
        self._standing = Numbers(np.int32)
        for number in standing.tolist():
            self._standing.append(number)
        self._full = {unit: int(order[first]) for unit, first in full_units(table).items()}

    def add(self, rows: Sequence[tuple[str, Row]]) -> list[str]:
        """The entity of each row, as it is when the row has come and those after it have not."""
        before = len(self._first_rows)
        numbers = [self._add(id_, row) for id_, row in rows]
        table = self._profiles.table()
        self._model = self._model.covering(table)
        keys = Keys(table)
        active = [each for each in range(before, len(table)) if self._standing.read()[each] == each]
        keys_of = {profile: keys.of(profile) for profile in active}
        self._blocks.open(set().union(*keys_of.values()))
        asked = {profile: self._blocks.add(profile, its) for profile, its in keys_of.items()}
        scores = Scores(scoring(table, self._model))
        linked = self._linked(asked, numbers, scores)
        return [
            self._decide(row, profile, asked, linked, scores)
            for row, profile in enumerate(numbers, len(self._profiles.ids) - len(rows))
        ]

    def _add(self, id_: str, row: Row) -> int:
        profile = self._profiles.add(id_, row)
        if profile == len(self._first_rows):
            self._first_rows.append(len(self._profiles.ids) - 1)
            self._standing.append(self._full.get(int(self._profiles.units.read()[profile]), profile))
        return profile

    def _linked(
        self, asked: dict[int, Asked], numbers: Iterable[int], scores: Scores
    ) -> dict[int, list[int]]:
        """Of each new profile those that it is linked with, all pairs of the batch having been scored."""
        left = np.array([profile for profile, its in asked.items() for _ in its.candidates], np.int64)
        right = np.array([other for its in asked.values() for other in its.candidates], np.int64)
        pairs = Pairs(left, right)
        copies = np.array(sorted(set(numbers) - asked.keys()), np.int64)
        scores.want(Pairs(np.concatenate((left, copies)), np.concatenate((right, copies))))
        found: dict[int, list[int]] = {profile: [] for profile in asked}
        links = pairs.where(scores.of(pairs) >= self._model.link)
        for profile, other in zip(links.left.tolist(), links.right.tolist(), strict=True):
            found[profile].append(other)
        scores.want(self._components.inside(found))
        return found

    def _decide(
        self, row: int, profile: int, asked: dict[int, Asked], linked: dict[int, list[int]], scores: Scores
    ) -> str:
        first_rows = self._first_rows.read()
        if row != first_rows[profile]:
            itself = Pairs(np.array([profile]), np.array([profile]))
            if scores.of(itself)[0] < self._model.link:
                return self._profiles.ids[row]
        else:
            self._components.add(profile, linked.get(profile, ()), scores)
            for members in asked[profile].outgrown if profile in asked else ():
                self._components.part(members, lambda one, other: self._meet(one, other, profile), scores)
        first = self._components.first.read()[self._standing.read()[profile]]
        return self._profiles.ids[int(first_rows[first])]

    def _meet(self, one: int, other: int, last: int) -> bool:
        keys = Keys(self._profiles.table())
        return self._blocks.meet(keys.of(one) & keys.of(other), last)

    def resolved(self) -> Resolved:
        """All rows so far, and what has become of them."""
        standing = self._standing.read()
        first = self._components.first.read()[standing]
        found = Resolution(self._profiles.table(), self._model, first, 0, Pairs.of(()), standing)
        return Resolved(found, self._profiles.ids, self._profiles.of_row)
