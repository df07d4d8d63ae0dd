"""Which profiles are compared: those that share a key under which not too many stand.

A key is generic, and asks for nothing, when more profiles have it than its cap. That, like all else here,
depends on which profiles there are and not on their order.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from streams.tables.features import Table
from streams.tables.keys import Keys

CAP, STRONG_CAP = 80, 200
"""Profiles of one key that are compared with each other, and those of an identifier's."""


class Pairs(Struct, frozen=True):
    """Pairs of profiles, `left[i]` with `right[i]`."""

    left: np.ndarray
    right: np.ndarray

    def __len__(self) -> int:
        return len(self.left)

    def where(self, chosen: np.ndarray) -> Pairs:
        """Those for which `chosen` holds."""
        return self.at(chosen)

    def at(self, places: np.ndarray) -> Pairs:
        """Those at these places."""
        return Pairs(self.left[places], self.right[places])


def candidate_pairs(table: Table) -> Pairs:
    """All pairs that a key asks for: each once, the smaller profile first, in order."""
    size = len(table)
    found = [np.empty(0, np.int64)]
    for members in _blocks(table):
        one, other = np.triu_indices(len(members), 1)
        found.append(members[one] * size + members[other])
    wanted = np.unique(np.concatenate(found))
    return Pairs(wanted // max(size, 1), wanted % max(size, 1))


def _blocks(table: Table) -> Iterator[np.ndarray]:
    """The members of each key that is neither alone nor generic, in order."""
    keys = Keys(table)
    held = [(key, strong, profile) for profile in range(len(table)) for strong, key in keys.of(profile)]
    if not held:
        return
    hashes = np.fromiter((key for key, _, _ in held), np.int64, len(held))
    strong = np.fromiter((flag for _, flag, _ in held), bool, len(held))
    profiles = np.fromiter((profile for _, _, profile in held), np.int64, len(held))
    order = np.argsort(hashes, kind="stable")
    begins = np.flatnonzero(np.diff(hashes[order], prepend=hashes[order[0]] - 1))
    for members in np.split(order, begins[1:]):
        if 1 < len(members) <= (STRONG_CAP if strong[members[0]] else CAP):
            yield profiles[members]
