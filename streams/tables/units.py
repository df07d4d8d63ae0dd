"""Large units: of profiles that agree on a number, the name and the date a few stand for all of them.

Somebody in five thousand records would else be five thousand profiles under one number, and whoever has a
number in common with so many would be compared with nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from streams.tables.clusters import roots
from streams.tables.features import NO_UNIT, STRONG, Column, Table
from streams.tables.pairs import Pairs
from streams.tables.words import sound

FEW = 4
"""Profiles of a unit that are compared with others: the first."""


def standing_for(table: Table) -> np.ndarray:
    """Of each profile the one that stands for it: itself, or the unit's first beyond the first few of it."""
    standing = np.arange(len(table))
    for members in _large(table):
        standing[members[FEW:]] = members[0]
    return standing


def full_units(table: Table) -> dict[int, int]:
    """The units that have as many profiles as are compared, with the first of each: it stands for all that
    come later."""
    return {int(table.units[members[0]]): int(members[0]) for members in _large(table)}


def _large(table: Table) -> Iterator[np.ndarray]:
    """The members of every unit that has as many as are compared, in order."""
    order = np.argsort(table.units, kind="stable")
    _, begins, sizes = np.unique(table.units[order], return_index=True, return_counts=True)
    for at, size in zip(begins[sizes >= FEW].tolist(), sizes[sizes >= FEW].tolist(), strict=True):
        if table.units[order[at]] != NO_UNIT:
            yield order[at : at + size]


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
