"""Which numbers stand under a key: a compact index in memory, for tens of millions of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np


class Postings:
    """Numbers by key, in sorted arrays and a dictionary of what came since; they are only ever added."""

    _MERGE_AT = 150_000

    def __init__(self, keys: np.ndarray | None = None, numbers: np.ndarray | None = None) -> None:
        self._runs: list[tuple[np.ndarray, np.ndarray]] = []
        if keys is not None and numbers is not None and len(keys):
            self._runs.append(_sorted(keys, numbers))
        self._recent: dict[int, list[int]] = {}
        self._recent_size = 0

    def __len__(self) -> int:
        return self._recent_size + sum(len(run[0]) for run in self._runs)

    def add(self, key: int, number: int) -> None:
        """Puts a number under a key, a signed one of 64 bits."""
        self._recent.setdefault(key, []).append(number)
        self._recent_size += 1

    def settle(self) -> None:
        """Moves what came since into sorted runs, merging runs of like size: between batches."""
        if self._recent_size < self._MERGE_AT:
            return
        recent, count = self._recent, self._recent_size
        keys, numbers = _arrays(recent, count)
        while self._runs and len(self._runs[-1][0]) < 2 * len(keys):
            older = self._runs.pop()
            keys, numbers = np.concatenate((older[0], keys)), np.concatenate((older[1], numbers))
        self._runs.append(_sorted(keys, numbers))
        self._recent, self._recent_size = {}, 0

    def lookup(self, keys: Iterable[int]) -> dict[int, list[int]]:
        """All numbers under each of many keys, in lists of the caller's own."""
        found: dict[int, list[int]] = {key: [] for key in keys}
        if not found:
            return found
        wanted = np.sort(np.fromiter(found, np.int64, len(found)))  # neighbours are near in memory
        for held, numbers in self._runs:
            left = np.searchsorted(held, wanted, "left")
            right = np.searchsorted(held, wanted, "right")
            for at in np.flatnonzero(right > left).tolist():
                found[int(wanted[at])] += numbers[left[at] : right[at]].tolist()
        for key, members in found.items():
            if recent := self._recent.get(key):
                members += recent
        return found

    def under(self, keys: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The numbers under each of many keys, in arrays: of each number the place of its key, the numbers,
        and at which places there are more than `most`, of which none is given.
        """
        order = np.argsort(keys)  # neighbours are near in memory
        wanted = keys[order]
        parts = []
        sizes = np.zeros(len(keys), np.int64)
        for held, numbers in self._runs:
            left = np.searchsorted(held, wanted, "left")
            counts = np.searchsorted(held, wanted, "right") - left
            parts.append((order, left, counts, numbers))
            sizes[order] += counts
        recent = self._recent
        late = [(at, recent[key]) for at, key in enumerate(keys.tolist()) if key in recent]
        at = np.array([at for at, _ in late], np.int64)
        counts = np.array([len(numbers) for _, numbers in late], np.int64)
        parts.append((at, np.cumsum(counts) - counts, counts, _joined(late)))
        sizes[at] += counts
        found = [_stretches(*part, sizes <= most) for part in parts]
        places, numbers = (np.concatenate([part[side] for part in found]) for side in (0, 1))
        return places, numbers, sizes > most

    def shared(self, among: np.ndarray) -> Iterator[np.ndarray]:
        """The numbers under each key that has several of those that are true in `among`. First the key with
        the smallest number: what came together is met together.
        """
        runs = [*self._runs, _arrays(self._recent, self._recent_size)]
        keys, numbers = (np.concatenate([run[side] for run in runs]) for side in (0, 1))
        kept = among[numbers]
        keys, numbers = keys[kept], numbers[kept]
        order = np.lexsort((numbers, keys))
        keys, numbers = keys[order], numbers[order]
        starts = (
            np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, np.int64)
        )
        ends = np.append(starts[1:], len(keys))
        several = ends - starts > 1
        starts, ends = starts[several], ends[several]
        for at in np.argsort(numbers[starts], kind="stable"):
            yield numbers[starts[at] : ends[at]]


def _joined(held: list[tuple[int, list[int]]]) -> np.ndarray:
    return np.fromiter((number for _, numbers in held for number in numbers), np.int64)


def _stretches(
    places: np.ndarray, left: np.ndarray, counts: np.ndarray, numbers: np.ndarray, wanted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What stands in some stretches of an array, and of each the place that its stretch is for."""
    kept = wanted[places]
    places, left, counts = places[kept], left[kept], counts[kept]
    begins = np.cumsum(counts) - counts
    return np.repeat(places, counts), numbers[np.arange(counts.sum()) + np.repeat(left - begins, counts)]


def _arrays(held: dict[int, list[int]], count: int) -> tuple[np.ndarray, np.ndarray]:
    return (
        np.fromiter((key for key, numbers in held.items() for _ in numbers), np.int64, count),
        np.fromiter((number for numbers in held.values() for number in numbers), np.int32, count),
    )


def _sorted(keys: np.ndarray, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(keys, kind="stable")
    return keys[order], numbers[order]
