"""Blocks that grow: whom a new profile is compared with, and which pairs a key asks for no longer."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from msgspec import Struct

from streams.postings import Postings
from streams.tables.pairs import LEAST, is_generic
from streams.tables.profiles import Numbers

Key = tuple[bool, int]
"""Whether it is a strong one, and its hash."""


class Asked(Struct, frozen=True):
    """What a new profile changed: the `candidates` it is compared with, in order; and the members of every
    block that it made generic, which meet there no longer."""

    candidates: list[int]
    outgrown: list[list[int]]


class Blocks:
    """Which profiles stand under which key. A key that has become generic takes no more of them."""

    def __init__(self, names: Numbers) -> None:
        self._names = names  # of every profile, as `is_generic` takes them
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
            members = self._held[key]
            if self._is_generic(members, strong=strong):
                continue
            members.append(profile)
            self._postings.add(key, profile)
            if self._is_generic(members, strong=strong):
                outgrown.append(members[:-1])
            else:
                candidates.update(members)
        candidates.discard(profile)
        return Asked(sorted(candidates), sorted(outgrown))

    def meet(self, shared: AbstractSet[Key], last: int) -> bool:
        """Whether profiles that have these keys in common met under one of them when `last` had come."""
        held = self._postings.lookup(key for _, key in shared)
        return any(
            not self._is_generic([each for each in held[key] if each <= last], strong=strong)
            for strong, key in shared
        )

    def _is_generic(self, members: list[int], *, strong: bool) -> bool:
        return len(members) > LEAST and is_generic(self._names.read()[members], strong=strong)
