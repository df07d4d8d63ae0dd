"""What was read of the graph, kept from batch to batch until a batch changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

V = TypeVar("V")

MOST = 10_000
"""Answers of a generation; there are two, and what nobody asks for during one is let go."""


class Memory(Generic[V]):
    """An answer for each entity's key (None is no answer).

    `others` says of which other entities an answer speaks: it is forgotten when any of them changes.
    """

    def __init__(self, others: Callable[[V], Iterable[int]] | None = None, most: int = MOST) -> None:
        self._others, self._most = others, most
        self._new: dict[int, V] = {}
        self._old: dict[int, V] = {}
        self._spoken_of_by: dict[int, set[int]] = {}

    def get(self, key: int) -> V | None:
        """What is remembered of a key."""
        found = self._new.get(key)
        if found is None and (found := self._old.pop(key, None)) is not None:
            self._new[key] = found
        return found

    def lacks(self, keys: Iterable[int]) -> list[int]:
        """Those of the keys of which nothing is remembered, each once."""
        return [key for key in dict.fromkeys(keys) if self.get(key) is None]

    def put(self, key: int, answer: V) -> None:
        """Remember an answer."""
        self._new[key] = answer
        if self._others is not None:
            for other in self._others(answer):
                self._spoken_of_by.setdefault(other, set()).add(key)

    def forget(self, changed: Iterable[int]) -> None:
        """Forget what was said of these entities, and every answer that speaks of one of them."""
        for key in changed:
            self._drop(key)
            for one in self._spoken_of_by.pop(key, ()):
                self._drop(one)

    def settle(self) -> None:
        """Between batches: let go what was not asked for lately, when there is much."""
        if len(self._new) > self._most:
            for key in list(self._old):
                self._drop(key)
            self._old, self._new = self._new, {}

    def _drop(self, key: int) -> None:
        answer = self._new.pop(key, None)
        if answer is None:
            answer = self._old.pop(key, None)
        if answer is None or self._others is None:
            return
        for other in self._others(answer):
            speaking = self._spoken_of_by.get(other)
            if speaking is not None:
                speaking.discard(key)
                if not speaking:
                    del self._spoken_of_by[other]
