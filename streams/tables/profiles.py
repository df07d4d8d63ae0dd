"""Rows made into profiles, as they come: rows whose features are all equal are one, which is compared once.

Values are kept once and profiles as numbers of values, so that a million rows have room.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from schemas.ids import hash64
from streams.tables.features import Column, Row, Table, features_of, name_of, unit_of, values_of
from streams.tables.fields import Fields

_ROOM = 1_024


class Numbers:
    """A list of numbers that grows; what was read of it before stays as it was read."""

    def __init__(self, kind: type[np.generic]) -> None:
        self._held: np.ndarray = np.empty(_ROOM, kind)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def append(self, number: int) -> None:
        """Adds a number at the end."""
        if self._size == len(self._held):
            self._held = np.concatenate((self._held, np.empty_like(self._held)))
        self._held[self._size] = number
        self._size += 1

    def read(self) -> np.ndarray:
        """All of them; a view, so it costs nothing."""
        return self._held[: self._size]


class _Growing:
    """One feature: its values in the order in which they came, and which of them each profile has."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self.of = Numbers(np.int32)
        self._numbers: dict[str, int] = {}

    def append(self, value: str) -> None:
        if not value:
            self.of.append(-1)
            return
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        self.of.append(number)


class Profiles:
    """The rows of a table so far, by number in the order in which they came, and the profile of each.

    `hashes` has a hash of each profile's values: an order that depends on what they say and on nothing else.
    """

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._features = features_of(fields)
        self._columns = [_Growing() for _ in self._features]
        self._numbers: dict[int, int] = {}
        self.hashes = Numbers(np.int64)
        self._copies = Numbers(np.int32)
        self.units, self.names = Numbers(np.int64), Numbers(np.int64)
        self.ids: list[str] = []
        self._of_row = Numbers(np.int32)

    def add(self, id_: str, row: Row) -> int:
        """The profile of a row, which is one more when nothing said just this before."""
        values = tuple(values_of(row, self._fields, self._features))
        hashed = hash64(*values)
        profile = self._numbers.setdefault(hashed, len(self.hashes))
        if profile == len(self.hashes):
            self.hashes.append(hashed)
            self._copies.append(0)
            self.units.append(unit_of(values, self._features))
            self.names.append(name_of(values, self._features))
            for column, value in zip(self._columns, values, strict=True):
                column.append(value)
        self._copies.read()[profile] += 1
        self.ids.append(id_)
        self._of_row.append(profile)
        return profile

    @property
    def of_row(self) -> np.ndarray:
        """The profile of each row."""
        return self._of_row.read()

    def table(self) -> Table:
        """What there is, as it is compared; profiles that come later are not in it."""
        columns = (
            Column(feature, column.values, column.of.read())
            for feature, column in zip(self._features, self._columns, strict=True)
        )
        return Table(tuple(columns), self._copies.read(), self.units.read(), self.names.read())


def make_profiles(rows: Iterable[tuple[str, Row]], fields: Fields) -> Profiles:
    """The profiles of rows, each with its id."""
    profiles = Profiles(fields)
    for id_, row in rows:
        profiles.add(id_, row)
    return profiles


def in_order(table: Table, hashes: np.ndarray) -> tuple[Table, np.ndarray]:
    """The table with its profiles by hash, so that nothing depends on which came first, and the old number of
    each."""
    order = np.argsort(hashes, kind="stable")
    return table.only(order), order
