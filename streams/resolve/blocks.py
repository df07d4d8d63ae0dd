"""Blocks: which profiles share a key, and which pairs a block asks to compare.

Pairs are a property of the set of live profiles. A weak block over its cap is generic and asks
for none. A strong block is generic when it holds more *incompatible people* than its cap: a dealer's
phone under thirty spellings stays his, a hotel's joins nobody. Profiles without a name meet in a
strong block only while it holds one person. A large strong block compares every profile with a few
anchors of each of its people (the smallest hashes), so its pairs grow with its size, not its square.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable
from functools import lru_cache
from heapq import nsmallest

import numpy as np
from msgspec import Struct

from streams.resolve.comparisons import names_conflict
from streams.resolve.profiles import Profile

WEAK_CAP = 30
STRONG_CAP = 6
LARGE = 32
ANCHORS_PER_PERSON = 4

Signature = tuple[str, str]


class View(Struct, frozen=True, array_like=True):
    """What a block asks for at one moment: its hubs are compared with all of its members.

    `named_only` leaves out profiles without a name, because the block holds several people.
    """

    generic: bool
    named_only: bool
    hubs: frozenset[int]
    all_hubs: bool


GENERIC = View(True, False, frozenset(), False)


@lru_cache(maxsize=100_000)
def people(signatures: tuple[Signature, ...]) -> tuple[Signature, ...]:
    """One representative of each mutually incompatible person among sorted signatures.

    Greedy in sorted order, so it is a function of the set; stops past the cap, where the block is
    generic however many more there are.
    """
    found: list[Signature] = []
    for signature in signatures:
        if all(incompatible(signature, other) for other in found):
            found.append(signature)
            if len(found) > STRONG_CAP:
                break
    return tuple(found)


def incompatible(a: Signature, b: Signature) -> bool:
    """Whether two (name, ID number) signatures cannot be one person."""
    if a[1] and b[1]:
        return a[1] != b[1]
    return bool(a[0] and b[0]) and names_conflict(a[0], b[0])


def anonymous(profile: Profile) -> bool:
    return not profile.comparable_name and not profile.sole


class LargeBlock:
    """The members of one large strong block by signature, kept up to date."""

    def __init__(self, members: Iterable[tuple[int, Profile]]) -> None:
        self.by_signature: dict[Signature, list[tuple[int, int]]] = {}
        for pid, profile in members:
            self.add(pid, profile)

    def add(self, pid: int, profile: Profile) -> None:
        insort(self.by_signature.setdefault(profile.signature, []), (profile.order, pid))

    def remove(self, pid: int, profile: Profile) -> None:
        held = self.by_signature[profile.signature]
        held.remove((profile.order, pid))
        if not held:
            del self.by_signature[profile.signature]

    def view(self) -> View:
        named = tuple(sorted(s for s in self.by_signature if s != ("", "")))
        found = people(named)
        if len(found) > STRONG_CAP:
            return GENERIC
        classes: dict[Signature, list[tuple[int, int]]] = {}
        for signature, held in self.by_signature.items():
            own = next((p for p in found if signature == p or not incompatible(signature, p)), signature)
            classes.setdefault(own, []).extend(held[:ANCHORS_PER_PERSON])
        hubs = frozenset(pid for held in classes.values() for _, pid in nsmallest(ANCHORS_PER_PERSON, held))
        return View(False, len(found) > 1, hubs, False)


class BlockIndex:
    """hash → profiles, in compact sorted arrays and a dictionary of what came since.

    Postings are only ever added; a dead profile is left out when members are read.
    """

    _MERGE_AT = 150_000

    def __init__(self, hashes: np.ndarray, pids: np.ndarray) -> None:
        order = np.argsort(hashes, kind="stable")
        self._runs = [(hashes[order], pids[order])] if len(hashes) else []
        self._recent: dict[int, list[int]] = {}
        self._recent_size = 0

    def __len__(self) -> int:
        return self._recent_size + sum(len(run[0]) for run in self._runs)

    def add(self, key: int, pid: int) -> None:
        self._recent.setdefault(key, []).append(pid)
        self._recent_size += 1

    def settle(self) -> None:
        """Move what came since into sorted runs, merging runs of like size (between batches)."""
        if self._recent_size < self._MERGE_AT:
            return
        count = self._recent_size
        hashes = np.fromiter((h for h, pids in self._recent.items() for _ in pids), np.int64, count)
        pids = np.fromiter((pid for pids in self._recent.values() for pid in pids), np.int32, count)
        self._push(hashes, pids)
        self._recent, self._recent_size = {}, 0

    def _push(self, hashes: np.ndarray, pids: np.ndarray) -> None:
        while self._runs and len(self._runs[-1][0]) < 2 * len(hashes):
            older = self._runs.pop()
            hashes, pids = np.concatenate((older[0], hashes)), np.concatenate((older[1], pids))
        order = np.argsort(hashes, kind="stable")
        self._runs.append((hashes[order], pids[order]))

    def lookup(self, keys: list[int]) -> dict[int, list[int]]:
        """All postings (dead ones too) of many keys at once."""
        found: dict[int, list[int]] = {key: [] for key in keys}
        if not found:
            return found
        wanted = np.fromiter(found, np.int64, len(found))
        for hashes, pids in self._runs:
            left = np.searchsorted(hashes, wanted, "left")
            right = np.searchsorted(hashes, wanted, "right")
            for at in np.nonzero(right > left)[0].tolist():
                found[int(wanted[at])] += pids[left[at] : right[at]].tolist()
        for key, members in found.items():
            if recent := self._recent.get(key):
                members += recent
        return found


def view(members: list[int], profile: Callable[[int], Profile], *, strong: bool) -> View:
    """What a block of these live members asks for (large strong blocks: `LargeBlock.view`)."""
    if not strong:
        return GENERIC if len(members) > WEAK_CAP else View(False, False, frozenset(members), True)
    named = tuple(sorted({profile(pid).signature for pid in members} - {("", "")}))
    found = people(named)
    if len(found) > STRONG_CAP:
        return GENERIC
    return View(False, len(found) > 1, frozenset(members), True)
