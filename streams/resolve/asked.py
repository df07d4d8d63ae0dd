"""Every pair that the blocks ask for at one moment, read from all postings at once.

What `Pairs` keeps from birth to birth is those of them that score enough; another model needs all of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Protocol

import numpy as np

from streams.postings import Postings
from streams.resolve.blocks import LARGE, LargeBlock, View, asks, view
from streams.resolve.profiles import Profile

PORTION = 20_000
"""Blocks, or pairs, after which what is held of profiles may be forgotten."""
_HALF, _LOW = 32, 0xFFFFFFFF


class Profiles(Protocol):
    """Profiles by their key, as the owner's state holds them."""

    @property
    def alive(self) -> set[int]: ...
    @property
    def orders(self) -> array[int]: ...
    @property
    def index(self) -> Postings: ...
    def profile(self, pid: int) -> Profile: ...
    def forget(self) -> None: ...


def asked(held: Profiles) -> np.ndarray:
    """The pairs that some block asks for, each once, as `a << 32 | b` with a < b, in order."""
    living = np.zeros(len(held.orders), bool)
    living[list(held.alive)] = True
    found: list[np.ndarray] = []
    codes = array("q")
    for n, members in enumerate(held.index.shared(living), 1):
        codes.extend(_asked(members.tolist(), held.profile))
        if not n % PORTION:
            held.forget()
            found, codes = [np.unique(np.concatenate([*found, np.asarray(codes)]))], array("q")
    return np.unique(np.concatenate([*found, np.asarray(codes)]))


def _asked(members: list[int], profile: Callable[[int], Profile]) -> Iterator[int]:
    seen = _view(members, profile)
    if seen.generic:
        return
    pairs = combinations(members, 2) if seen.all_hubs else ((a, b) for a in seen.hubs for b in members)
    for a, b in pairs:
        if a != b and asks(seen, a, b, profile):
            yield a << _HALF | b if a < b else b << _HALF | a


def _view(members: list[int], profile: Callable[[int], Profile]) -> View:
    if len(members) <= LARGE:
        return view(members, profile)
    return LargeBlock((pid, profile(pid)) for pid in members).view()


def pairs_of(held: Profiles, codes: np.ndarray) -> Iterator[tuple[int, int, Profile, Profile]]:
    """The two of each pair, with their profiles."""
    for start in range(0, len(codes), PORTION):
        for code in codes[start : start + PORTION].tolist():
            a, b = code >> _HALF, code & _LOW
            yield a, b, held.profile(a), held.profile(b)
        held.forget()
