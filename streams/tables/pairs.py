"""Which profiles are compared: those that share a key under which not too many stand.

A key is generic, and asks for nothing, when more profiles have it than its cap, or of an identifier's key
more people. That, like all else here, depends on which profiles there are and not on their order.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

import numpy as np
from msgspec import Struct

from streams.tables.features import NO_UNIT, Table
from streams.tables.keys import Keys

FEW = 4
"""Profiles of a unit that are compared with others: the first."""
CAP = 80
"""Profiles of one key that are compared with each other; of a unit no more than a few count."""
PEOPLE, STRONG_CAP = 200, 1_000
"""Of an identifier's key how many names its profiles may have, and how many units they may be: somebody's
number stays his however often it is seen, a hotel's says nothing of its guests."""
LEAST = min(CAP, PEOPLE)
"""Profiles under which no key is generic."""
_WAITING = 1 << 22
"""Pairs that are held before what is asked for twice is left out."""


class Pairs(Struct, frozen=True):
    """Pairs of profiles, `left[i]` with `right[i]`."""

    left: np.ndarray
    right: np.ndarray

    def __len__(self) -> int:
        return len(self.left)

    @classmethod
    def of(cls, several: Iterable[Pairs]) -> Pairs:
        """Those of one after the other."""
        every = [Pairs(np.empty(0, np.int64), np.empty(0, np.int64)), *several]
        return cls(
            np.concatenate([each.left for each in every]), np.concatenate([each.right for each in every])
        )

    def where(self, chosen: np.ndarray) -> Pairs:
        """Those for which `chosen` holds."""
        return self.at(chosen)

    def at(self, places: np.ndarray | slice) -> Pairs:
        """Those at these places."""
        return Pairs(self.left[places], self.right[places])


def candidate_pairs(table: Table, active: np.ndarray) -> Pairs:
    """All pairs of `active` profiles that a key asks for: each once, the smaller profile first, in order."""
    size = max(len(table), 1)
    wanted = waiting = np.empty(0, np.int64)
    for members in _blocks(table, active):
        one, other = np.triu_indices(members.shape[1], 1)
        asked = members[:, one] * size + members[:, other]
        waiting = np.concatenate((waiting, asked.ravel()))
        if len(waiting) > _WAITING:
            wanted, waiting = np.union1d(wanted, waiting), waiting[:0]
    wanted = np.union1d(wanted, waiting)
    return Pairs((wanted // size).astype(np.int32), (wanted % size).astype(np.int32))


def _blocks(table: Table, active: np.ndarray) -> Iterator[np.ndarray]:
    """The active members of keys that are not generic, those of as many together: a row for each key, with
    its members in order."""
    hashes, strong, profiles = _held(Keys(table), len(table))
    order = np.argsort(hashes, kind="stable")
    hashes, profiles = hashes[order], profiles[order]
    begins, sizes = _runs(hashes)
    kept = np.ones(len(begins), bool)
    for at in np.flatnonzero(sizes > LEAST).tolist():
        members = profiles[begins[at] : begins[at] + sizes[at]]
        kept[at] = not is_generic(table, members, strong=bool(strong[order[begins[at]]]))
    chosen = np.repeat(kept, sizes) & active[profiles]
    hashes, profiles = hashes[chosen], profiles[chosen].astype(np.int64)
    begins, sizes = _runs(hashes)
    for size in np.unique(sizes[sizes > 1]).tolist():
        same = begins[sizes == size]
        for some in np.array_split(same, 1 + len(same) * size * size // _WAITING):
            if len(some):
                yield profiles[some[:, None] + np.arange(size)]


def _runs(hashes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each run of equal hashes begins, and how long it is."""
    first = np.ones(len(hashes), bool)
    first[1:] = hashes[1:] != hashes[:-1]
    begins = np.flatnonzero(first)
    return begins, np.diff(begins, append=len(hashes))


def is_generic(table: Table, members: np.ndarray, *, strong: bool) -> bool:
    """Whether a key asks for nothing that these profiles have."""
    units = table.units[members]
    if strong:
        return len(members) > PEOPLE and (
            len(np.unique(table.names[members])) > PEOPLE or len(np.unique(units)) > STRONG_CAP
        )
    if len(members) <= CAP:
        return False
    _, counts = np.unique(units[units != NO_UNIT], return_counts=True)
    return bool(np.minimum(counts, FEW).sum() + np.count_nonzero(units == NO_UNIT) > CAP)


def _held(keys: Keys, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every key that a profile has: its hash, whether it is a strong one, and the profile."""
    hashes, strong, profiles = array("q"), bytearray(), array("i")
    for profile in range(size):
        found = keys.of(profile)
        hashes.extend(key for _, key in found)
        strong.extend(flag for flag, _ in found)
        profiles.extend([profile] * len(found))
    return (
        np.frombuffer(hashes, np.int64),
        np.frombuffer(strong, np.bool_),
        np.frombuffer(profiles, np.int32),
    )
