"""Pairs: keeps exactly those pairs of live profiles that a block asks for and that score enough.

Each birth or death of a profile takes the set of pairs from one exact state to the next, so the
result depends on which profiles live, not on the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from schemas.decisions import Score
from streams.resolve.blocks import GENERIC, LARGE, LargeBlock, View, asks, view
from streams.resolve.model import LINK, REVIEW, score
from streams.resolve.profiles import Block, Profile

Link = tuple[float, bool]
"""Bits, and whether the pair shares a strong identifier."""


class KnownPairs(Protocol):
    """Live pairs above the review threshold, by profile."""

    def of(self, pid: int) -> dict[int, Link]: ...


class PairStore(KnownPairs, Protocol):
    """Those that are kept."""

    def put(self, a: int, b: int, link: Link) -> None: ...
    def drop(self, a: int, b: int) -> None: ...


Compare = Callable[[Profile, Profile], Score]


class Meeting(Struct, frozen=True, order=True):
    """A block that two profiles share: what it is, whether it is generic, whether it asks for the two."""

    what: str
    generic: bool
    asks: bool


class Pairs:
    """Applies births and deaths of profiles to blocks and pairs; collects touched profiles."""

    def __init__(
        self,
        store: PairStore,
        profile: Callable[[int], Profile],
        members: Callable[[Block], list[int]],
        alive: set[int],
        compare: Compare = score,
    ) -> None:
        self._score = compare
        self._store, self._profile, self._postings, self.alive = store, profile, members, alive
        self._large: dict[int, LargeBlock] = {}
        self.touched: set[int] = set()
        self._doubted: set[int] = set()

    # --- the moment's state -------------------------------------------------------------------

    def _members(self, block: Block) -> list[int]:
        return [pid for pid in self._postings(block) if pid in self.alive]

    def _view(self, block: Block, members: list[int]) -> View:
        """The block's view; makes it a large block when it has grown to one."""
        large = self._large.get(block.hash)
        if large is None and len(members) > LARGE:
            large = self._large[block.hash] = LargeBlock((pid, self._profile(pid)) for pid in members)
        return large.view() if large is not None else view(members, self._profile)

    def _now(self, block: Block) -> View:
        large = self._large.get(block.hash)
        return large.view() if large is not None else self._view(block, self._members(block))

    def _asks(self, seen: View, a: int, b: int) -> bool:
        return asks(seen, a, b, self._profile)

    def _supported(self, a: int, b: int, views: dict[int, View]) -> bool:
        """Whether some block asks for the pair; `views` are those of this moment, as far as looked at."""
        theirs = {block.hash for block in self._profile(b).blocks}
        for block in self._profile(a).blocks:
            if block.hash in theirs:
                if block.hash not in views:
                    views[block.hash] = self._now(block)
                if self._asks(views[block.hash], a, b):
                    return True
        return False

    def meetings(self, a: int, b: int) -> list[Meeting]:
        """Every block that two live profiles share, for an explanation."""
        theirs = {block.hash for block in self._profile(b).blocks}
        shared = {block.hash: block for block in self._profile(a).blocks if block.hash in theirs}
        views = [(block.what, self._now(block)) for block in shared.values()]
        return sorted(Meeting(what, seen.generic, self._asks(seen, a, b)) for what, seen in views)

    # --- transitions --------------------------------------------------------------------------

    def born(self, pid: int) -> None:
        """A profile came to life; its postings are already in the index."""
        profile = self._profile(pid)
        wanted: set[tuple[int, int]] = set()
        for block in profile.blocks:
            wanted |= self._entered(block, pid, profile)
        self.alive.add(pid)
        self._compare(wanted)
        self._recheck()

    def _entered(self, block: Block, pid: int, profile: Profile) -> set[tuple[int, int]]:
        large = self._large.get(block.hash)
        if large is None:
            members = self._members(block)
            if not members:
                return set()
            before = self._view(block, members) if len(members) > 1 else GENERIC
            large = self._large.get(block.hash)
            if large is None:
                members.append(pid)
                return self._changed(before, self._view(block, members), members, pid)
        before = large.view()
        large.add(pid, profile)
        after = large.view()
        if before.generic and after.generic:
            return set()
        return self._changed(before, after, large.members(), pid)

    def died(self, pid: int) -> None:
        """A profile's last live mention went; its pairs go, and its blocks may ask for others."""
        profile = self._profile(pid)
        for other, link in list(self._store.of(pid).items()):
            self._drop(pid, other, link)
        self.alive.discard(pid)
        wanted: set[tuple[int, int]] = set()
        for block in profile.blocks:
            wanted |= self._left(block, pid, profile)
        self._compare(wanted)
        self._recheck()

    def _left(self, block: Block, pid: int, profile: Profile) -> set[tuple[int, int]]:
        large = self._large.get(block.hash)
        if large is None:
            members = self._members(block)
            before = self._view(block, [*members, pid])
            large = self._large.get(block.hash)
            if large is None:
                return self._changed(before, view(members, self._profile), members, None)
        before = large.view()
        large.remove(pid, profile)
        members = large.members()
        if large.size <= LARGE:
            del self._large[block.hash]
        return self._changed(before, self._view(block, members), members, None)

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
        views: dict[int, View] = {}
        for pid in self._doubted:
            for other, link in list(self._store.of(pid).items()):
                if not self._supported(pid, other, views):
                    self._drop(pid, other, link)
        self._doubted.clear()

    def _compare(self, wanted: set[tuple[int, int]]) -> None:
        for a, b in wanted:
            left, right = self._profile(a), self._profile(b)
            found = self._score(left, right)
            if found.bits >= REVIEW and b not in self._store.of(a):
                self._store.put(a, b, (found.bits, bool(left.numbers & right.numbers)))
                if found.bits >= LINK:
                    self.touched.update((a, b))

    def _drop(self, a: int, b: int, link: Link) -> None:
        self._store.drop(a, b)
        if link[0] >= LINK:
            self.touched.update((a, b))


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)
