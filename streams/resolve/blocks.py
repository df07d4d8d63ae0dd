"""Blocks: which profiles share a key, and which pairs a block asks to compare.

Pairs are a property of the set of live profiles. A block is generic, and asks for none, when it holds
more *incompatible people* than the cap: a dealer's phone under thirty spellings stays his, a hotel's
joins nobody, and a name that six residents of a county bear says little there. Profiles without a name
meet in a block only while it holds one person. A large block compares every profile with a few anchors
(of each spelling the smallest hash), so its pairs grow with its size and not with its square.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

from msgspec import Struct

from streams.resolve.name_levels import names_conflict
from streams.resolve.profiles import Profile

CAP = 6
"""People who cannot be one, above which a block is generic."""
LARGE = 32
"""Profiles above which a block compares with anchors only."""
SPELLINGS = 48
"""Signatures of a large block that are looked at, the first in order: enough to tell a crowd."""
NAMELESS_ANCHORS = 2

Signature = tuple[str, str, tuple[str, ...]]
"""The name's key, the ID number and the keys of other full names; each may be empty."""
NAMELESS: Signature = ("", "", ())


class View(Struct, frozen=True, array_like=True):
    """What a block asks for at one moment: its hubs are compared with all of its members.

    `named_only` leaves out profiles without a name, because the block holds several people.
    """

    generic: bool
    named_only: bool
    hubs: frozenset[int]
    all_hubs: bool


GENERIC = View(True, False, frozenset(), False)


def asks(seen: View, a: int, b: int, profile: Callable[[int], Profile]) -> bool:
    """Whether a block, as it is seen, asks to compare two of its members."""
    if seen.generic or (not seen.all_hubs and a not in seen.hubs and b not in seen.hubs):
        return False
    return not seen.named_only or not (profile(a).nameless or profile(b).nameless)


@lru_cache(maxsize=100_000)
def people(signatures: tuple[Signature, ...]) -> int:
    """How many people who cannot be one are among sorted signatures, at least.

    Signatures that may be one person are joined, and what they are compatible with too: thirty
    spellings of one name differ among each other, but each is close to the right one. Different ID
    numbers are different people whatever the names.
    """
    groups: list[list[Signature]] = []
    for signature in signatures:
        near = [group for group in groups if any(not incompatible(signature, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([signature, *(member for group in near for member in group)])
    return max(len(groups), len({number for _, number, _ in signatures if number}))


def incompatible(a: Signature, b: Signature) -> bool:
    """Whether two signatures cannot be one person's."""
    if a[1] and b[1]:
        return a[1] != b[1]
    if a[0] in b[2] or b[0] in a[2]:
        return False
    return bool(a[0] and b[0]) and names_conflict(a[0], b[0])


class LargeBlock:
    """The members of one large block by signature, kept up to date."""

    def __init__(self, members: Iterable[tuple[int, Profile]]) -> None:
        self._held: dict[Signature, list[tuple[int, int]]] = {}
        self._named: list[Signature] = []
        self._numbers: Counter[str] = Counter()
        self.size = 0
        for pid, profile in members:
            self.add(pid, profile)

    def add(self, pid: int, profile: Profile) -> None:
        signature = profile.signature
        if signature not in self._held:
            self._held[signature] = []
            if signature != NAMELESS:
                insort(self._named, signature)
        insort(self._held[signature], (profile.order, pid))
        self._numbers[signature[1]] += 1
        self.size += 1

    def remove(self, pid: int, profile: Profile) -> None:
        signature = profile.signature
        self._held[signature].remove((profile.order, pid))
        if not self._held[signature]:
            del self._held[signature]
            if signature != NAMELESS:
                del self._named[bisect_left(self._named, signature)]
        self._numbers[signature[1]] -= 1
        if not self._numbers[signature[1]]:
            del self._numbers[signature[1]]
        self.size -= 1

    def members(self) -> list[int]:
        return [pid for held in self._held.values() for _, pid in held]

    def view(self) -> View:
        if len(self._numbers) - ("" in self._numbers) > CAP:
            return GENERIC
        looked_at = tuple(self._named[:SPELLINGS])
        found = people(looked_at)
        if found > CAP:
            return GENERIC
        hubs = {self._held[signature][0][1] for signature in looked_at}
        hubs.update(pid for _, pid in self._held.get(NAMELESS, [])[:NAMELESS_ANCHORS])
        return View(False, found > 1, frozenset(hubs), False)


def view(members: list[int], profile: Callable[[int], Profile]) -> View:
    """What a block of few live members asks for (of many: `LargeBlock.view`)."""
    found = people(tuple(sorted({profile(pid).signature for pid in members} - {NAMELESS})))
    return GENERIC if found > CAP else View(False, found > 1, frozenset(members), True)
