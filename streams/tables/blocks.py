"""Blocks that grow: whom a new profile is compared with, and which pairs a key asks for no longer."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from msgspec import Struct

from streams.postings import Postings
from streams.tables.pairs import CAP, STRONG_CAP

Key = tuple[bool, int]
"""Whether it is a strong one, and its hash."""


class Asked(Struct, frozen=True):
    """What a new profile changed: the `candidates` it is compared with, in order; and the members of every
    block that it made generic, which meet there no longer."""

    candidates: list[int]
    outgrown: list[list[int]]


class Blocks:
    """Which profiles stand under which key. A key that has become generic takes no more of them."""

    def __init__(self) -> None:
        self._postings = Postings()
        self._held: dict[int, list[int]] = {}

    def open(self, keys: Iterable[Key]) -> None:
        """Before a batch: looks up all keys of its profiles at once."""
        self._postings.settle()
        self._held = self._postings.lookup(key for _, key in keys)

    def add(self, profile: int, keys: AbstractSet[Key]) -> Asked:
        """Puts a profile under its keys, which the batch was opened with."""
        candidates: set[int] = set()
        outgrown = []
        for strong, key in keys:
            members, cap = self._held[key], STRONG_CAP if strong else CAP
            if len(members) > cap:
                continue
            if len(members) == cap:
                outgrown.append(list(members))
            else:
                candidates.update(members)
            members.append(profile)
            self._postings.add(key, profile)
        return Asked(sorted(candidates), sorted(outgrown))

    def meet(self, shared: AbstractSet[Key], last: int) -> bool:
        """Whether profiles that have these keys in common met under one of them when `last` had come."""
        held = self._postings.lookup(key for _, key in shared)
        return any(
            sum(each <= last for each in held[key]) <= (STRONG_CAP if strong else CAP)
            for strong, key in shared
        )
