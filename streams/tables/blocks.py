"""Blocks that grow: whom a new profile is compared with, and which pairs a key asks for no longer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from msgspec import Struct

from streams.postings import Postings
from streams.tables.features import Table
from streams.tables.pairs import FEW, LEAST, is_generic

Key = tuple[bool, int]
"""Whether it is a strong one, and its hash."""


class Asked(Struct, frozen=True):
    """What a new profile changed: the `candidates` that it meets, in order; and the members of every block
    that it made generic, which meet there no longer."""

    candidates: list[int]
    outgrown: list[list[int]]


class Blocks:
    """Which profiles stand under which key. A key that has become generic takes no more of them."""

    def __init__(self) -> None:
        self._postings = Postings()
        self._held: dict[int, list[int]] = {}
        self._generic: set[int] = set()

    def open(self, keys: Iterable[Key]) -> None:
        """Before a batch: looks up all keys of its profiles at once."""
        self._postings.settle()
        self._held = self._postings.lookup(key for _, key in keys)

    def add(self, profile: int, keys: AbstractSet[Key], table: Table, *, active: bool) -> Asked:
        """Puts a profile of a table under its keys, which the batch was opened with.

        One that is not active brings no number more people or units than those that stand for it, and of a
        unit no more than a few count under any other key.
        """
        candidates: set[int] = set()
        outgrown = []
        for strong, key in keys:
            members = self._held[key]
            if key in self._generic or (not active and (strong or _is_full(members, table.units, profile))):
                continue
            members.append(profile)
            self._postings.add(key, profile)
            if _is_generic(members, table, strong=strong):
                self._generic.add(key)
                outgrown.append(members[:-1])
            else:
                candidates.update(members)
        candidates.discard(profile)
        return Asked(sorted(candidates), sorted(outgrown))

    def asks(self, keys: Iterable[Key]) -> bool:
        """Whether one of these keys asks for pairs now; one that does not will never again."""
        return any(key not in self._generic for _, key in keys)

    def meet(self, shared: Sequence[AbstractSet[Key]], last: int, table: Table) -> np.ndarray:
        """Of each two profiles that have these keys in common, whether they met under one of them when `last`
        had come."""
        every = set().union(*shared)
        held = self._postings.lookup(key for _, key in every)
        asking = {
            (strong, key)
            for strong, key in every
            if not _is_generic([each for each in held[key] if each <= last], table, strong=strong)
        }
        return np.array([not asking.isdisjoint(keys) for keys in shared], bool)


def _is_full(members: list[int], units: np.ndarray, profile: int) -> bool:
    """Whether so many profiles of a profile's unit are members that one more makes no difference."""
    return int(np.count_nonzero(units[members] == units[profile])) >= FEW


def _is_generic(members: list[int], table: Table, *, strong: bool) -> bool:
    return len(members) > LEAST and is_generic(table, np.array(members), strong=strong)
