"""Large units: of profiles that agree on a number, the name and the date a few stand for all of them.

Somebody in five thousand records would else be five thousand profiles under one number, and whoever has a
number in common with so many would be compared with nobody.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from streams.tables.clusters import roots
from streams.tables.features import NO_UNIT, STRONG, Column, Table
from streams.tables.pairs import FEW, Pairs
from streams.tables.profiles import Numbers
from streams.tables.words import sound


def standing_for(table: Table) -> np.ndarray:
    """Of each profile the one that stands for it: itself, or the unit's first beyond the first few of it."""
    standing = np.arange(len(table))
    for members in _large(table):
        standing[members[FEW:]] = members[0]
    return standing


def _large(table: Table) -> Iterator[np.ndarray]:
    """The members of every unit that has more than are compared, in order."""
    order = np.argsort(table.units, kind="stable")
    _, begins, sizes = np.unique(table.units[order], return_index=True, return_counts=True)
    for at, size in zip(begins[sizes > FEW].tolist(), sizes[sizes > FEW].tolist(), strict=True):
        if table.units[order[at]] != NO_UNIT:
            yield order[at : at + size]


class Placed(Struct, frozen=True):
    """Whether a new profile is compared, which one is not any more because it is, and the earliest profile
    that those who stand for others stand for now."""

    active: bool
    evicted: int | None = None
    leads: tuple[tuple[int, int], ...] = ()


class Units:
    """Which profiles are compared, while they come: at every moment the first few of each unit by hash."""

    def __init__(self, hashes: Numbers, units: Numbers) -> None:
        self._hashes, self._units = hashes, units
        self._only: dict[int, int] = {}  # of most units there is one profile
        self._first: dict[int, list[int]] = {}
        self._earliest: dict[int, int] = {}
        self.active = Numbers(np.bool_)

    def place(self, profile: int) -> Placed:
        """Puts the next profile into its unit."""
        self.active.append(True)
        unit = int(self._units.read()[profile])
        if unit == NO_UNIT or self._only.setdefault(unit, profile) == profile:
            return Placed(active=True)
        first = self._first.setdefault(unit, [self._only[unit]])
        stood = first[0]
        insort(first, profile, key=self._hash)
        if len(first) <= FEW:
            return Placed(active=True)
        last = first.pop()
        self.active.read()[last] = False
        self._earliest[unit] = min(last, self._earliest.get(unit, last))
        if last == profile:
            return Placed(active=False)
        leads = tuple((each, self.earliest(each)) for each in dict.fromkeys((stood, first[0])))
        return Placed(active=True, evicted=last, leads=leads)

    def _hash(self, profile: int) -> int:
        return int(self._hashes.read()[profile])

    def standing_for(self, profile: int) -> int:
        """Who stands for a profile: itself, or the first of its unit."""
        if self.active.read()[profile]:
            return profile
        return self._first[int(self._units.read()[profile])][0]

    def earliest(self, profile: int) -> int:
        """The earliest profile that one which is compared stands for."""
        unit = int(self._units.read()[profile])
        first = self._first.get(unit)
        return min(profile, self._earliest.get(unit, profile)) if first and first[0] == profile else profile


def alike(table: Table) -> np.ndarray:
    """Groups of profiles that share a number and the sound of the whole name, each by its first: before
    anything is fitted, so that the values of somebody who is there often do not count as common."""
    first: dict[tuple[int, int, str], int] = {}
    left, right = [], []
    names = table.of("given_name", "family_name")
    sounds = ["".join(sorted(map(sound, _words(names, profile)))) for profile in range(len(table))]
    for number, column in enumerate(table.of(*STRONG)):
        for profile in np.flatnonzero(column.of >= 0).tolist():
            if sounds[profile]:
                left.append(first.setdefault((number, int(column.of[profile]), sounds[profile]), profile))
                right.append(profile)
    return roots(len(table), Pairs(np.array(left, np.int64), np.array(right, np.int64)))


def _words(columns: list[Column], profile: int) -> list[str]:
    return [word for each in columns for word in each.text(profile).split()]
