"""Looking up many whole numbers at once, several times as fast as bisection: by a table of all numbers where
these are small, else by open addressing in arrays."""

from __future__ import annotations

import numpy as np

from streams.text.reader.symbols import Array

_EMPTY = np.int64(-1)
_ROOM = 4  # slots a key
_SMALL = 1 << 19
"""Keys below this have a table with a place for each."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hashing: 2 to the 64 by the golden ratio


class Lookup:
    """Finds the places of keys, which are different and not negative.

    >>> Lookup(np.array([7, 9])).find(np.array([9, 8, 7])).tolist()
    [2, 0, 1]
    """

    def __init__(self, keys: Array) -> None:
        self._beyond = int(keys.max(initial=-1)) + 1
        if self._beyond <= _SMALL:
            self._table = np.zeros(self._beyond + 1, dtype=np.int32)
            self._table[keys] = np.arange(1, len(keys) + 1)
            return
        bits = max(int(_ROOM * len(keys)).bit_length(), 3)
        self._shift, self._mask = np.uint64(64 - bits), (1 << bits) - 1
        self._keys = np.full(1 << bits, _EMPTY)
        self._places = np.zeros(1 << bits, dtype=np.int32)
        waiting = np.arange(len(keys))
        slots = self._slots(keys)
        while len(waiting):
            free = np.flatnonzero(self._keys[slots] == _EMPTY)
            taken, first = np.unique(slots[free], return_index=True)
            self._keys[taken] = keys[waiting[free[first]]]
            self._places[taken] = waiting[free[first]] + 1
            left = np.ones(len(waiting), dtype=bool)
            left[free[first]] = False
            waiting, slots = waiting[left], (slots[left] + 1) & self._mask

    def _slots(self, keys: Array) -> Array:
        slots: Array = ((keys.astype(np.uint64) * _FACTOR) >> self._shift).astype(np.int64)
        return slots

    def find(self, keys: Array) -> Array:
        """The place of each key plus one; 0 for an unknown one."""
        if self._beyond <= _SMALL:
            return self._table[np.minimum(keys, self._beyond)].astype(np.int64)
        slots = self._slots(keys)
        met = self._keys[slots]
        found = np.where(met == keys, self._places[slots], 0)
        waiting = np.flatnonzero((met != keys) & (met != _EMPTY))
        while len(waiting):
            slots[waiting] = (slots[waiting] + 1) & self._mask
            met = self._keys[slots[waiting]]
            right = met == keys[waiting]
            found[waiting[right]] = self._places[slots[waiting[right]]]
            waiting = waiting[~right & (met != _EMPTY)]
        return found.astype(np.int64)
