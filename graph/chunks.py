"""Long lists in pieces that one statement takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def chunks(keys: Sequence[T], size: int) -> Iterator[list[T]]:
    """The keys in lists of at most `size`.

    >>> list(chunks([1, 2, 3], 2))
    [[1, 2], [3]]
    """
    for start in range(0, len(keys), size):
        yield list(keys[start : start + size])
