"""Pairs: keeps exactly those pairs of live profiles that a block asks for and that score enough.

Each birth or death of a profile takes the set of pairs from one exact state to the next, so the
result depends on which profiles live, not on the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from streams.resolve.blocks import GENERIC, LARGE, LargeBlock, View, anonymous, view
from streams.resolve.model import LINK, REVIEW, score
from streams.resolve.profiles import Block, Profile

Link = tuple[float, bool]
"""Bits, and whether the pair shares a strong identifier."""


class PairStore(Protocol):
    """Live pairs above the review threshold, by profile."""

    def of(self, pid: int) -> dict[int, Link]: ...
    def put(self, a: int, b: int, link: Link) -> None: ...
    def drop(self, a: int, b: int) -> None: ...


class Pairs:
    """Applies births and deaths of profiles to blocks and pairs; collects touched profiles."""

    def __init__(
        self,
        store: PairStore,
        profile: Callable[[int], Profile],
        members: Callable[[Block], list[int]],
    ) -> None:
        self._store, self._profile, self._postings = store, profile, members
        self._large: dict[int, LargeBlock] = {}
        self.alive: set[int] | Aliveness = set()
        self.touched: set[int] = set()
        self._doubted: set[int] = set()

    # --- the moment's state -------------------------------------------------------------------

    def _members(self, block: Block) -> list[int]:
        return [pid for pid in self._postings(block) if pid in self.alive]

    def _view(self, block: Block, members: list[int]) -> View:
        if not block.strong or len(members) <= LARGE:
            self._large.pop(block.hash, None)
            return view(members, self._profile, strong=block.strong)
        large = self._large.get(block.hash)
        if large is None:
            large = LargeBlock((pid, self._profile(pid)) for pid in members)
            self._large[block.hash] = large
        return large.view()

    def _asks(self, seen: View, a: int, b: int) -> bool:
        if seen.generic or (not seen.all_hubs and a not in seen.hubs and b not in seen.hubs):
            return False
        return not seen.named_only or not (anonymous(self._profile(a)) or anonymous(self._profile(b)))

    def supported(self, a: int, b: int) -> bool:
        """Whether some block asks for the pair."""
        theirs = {block.hash for block in self._profile(b).blocks}
        for block in self._profile(a).blocks:
            if block.hash in theirs and self._asks(self._view(block, self._members(block)), a, b):
                return True
        return False

    # --- transitions --------------------------------------------------------------------------

    def born(self, pid: int) -> None:
        """A profile came to life; its postings are already in the index."""
        profile = self._profile(pid)
        wanted: set[tuple[int, int]] = set()
        for block in profile.blocks:
            members = [m for m in self._members(block) if m != pid]
            before = self._view(block, members) if members else GENERIC
            if block.hash in self._large:
                self._large[block.hash].add(pid, profile)
            members.append(pid)
            self.alive.add(pid)
            after = self._view(block, members)
            self.alive.discard(pid)
            if len(members) > 1:
                wanted |= self._changed(before, after, members, pid)
        self.alive.add(pid)
        self._compare(wanted)
        self._recheck()

    def died(self, pid: int) -> None:
        """A profile's last live mention went; its pairs go, and its blocks may ask for others."""
        profile = self._profile(pid)
        for other, link in list(self._store.of(pid).items()):
            self._drop(pid, other, link)
        self.alive.discard(pid)
        wanted: set[tuple[int, int]] = set()
        for block in profile.blocks:
            members = self._members(block)
            if not members:
                self._large.pop(block.hash, None)
                continue
            self.alive.add(pid)
            before = self._view(block, [*members, pid])
            self.alive.discard(pid)
            if block.hash in self._large:
                self._large[block.hash].remove(pid, profile)
            after = self._view(block, members)
            wanted |= self._changed(before, after, members, None)
        self._compare(wanted)
        self._recheck()

    def _changed(
        self, before: View, after: View, members: list[int], newcomer: int | None
    ) -> set[tuple[int, int]]:
        """Pairs a block asks for now and did not before; remembers who may have lost support."""
        wanted: set[tuple[int, int]] = set()
        if after.generic:
            if not before.generic:
                self._doubted.update(members)
            return wanted
        wider = before.generic or (before.named_only and not after.named_only)
        narrower = not before.generic and after.named_only and not before.named_only
        hubs, old = after.hubs, before.hubs
        new_hubs = hubs if wider else hubs - old
        for hub in new_hubs:
            wanted |= {_pair(hub, m) for m in members if m != hub and self._asks(after, hub, m)}
        if newcomer is not None:
            wanted |= {_pair(newcomer, h) for h in hubs if h != newcomer and self._asks(after, newcomer, h)}
        if narrower or (before.all_hubs and not after.all_hubs):
            self._doubted.update(members)
        elif not after.all_hubs and not before.generic:
            self._doubted.update(old - hubs)
        return wanted

    def _recheck(self) -> None:
        """Drop the pairs that no block asks for any more."""
        for pid in self._doubted:
            for other, link in list(self._store.of(pid).items()):
                if not self.supported(pid, other):
                    self._drop(pid, other, link)
        self._doubted.clear()

    def _compare(self, wanted: set[tuple[int, int]]) -> None:
        for a, b in wanted:
            left, right = self._profile(a), self._profile(b)
            found = score(left, right)
            if found.bits >= REVIEW and b not in self._store.of(a):
                self._store.put(a, b, (found.bits, bool(left.numbers & right.numbers)))
                if found.bits >= LINK:
                    self.touched.update((a, b))

    def _drop(self, a: int, b: int, link: Link) -> None:
        self._store.drop(a, b)
        if link[0] >= LINK:
            self.touched.update((a, b))


class Aliveness(Protocol):
    """A set of live profiles."""

    def __contains__(self, pid: object) -> bool: ...
    def add(self, pid: int) -> None: ...
    def discard(self, pid: int) -> None: ...


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)
