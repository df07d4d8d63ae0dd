"""Where records belong, noted while something else is read of them: it may be asked for next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

_MOST = 100_000
"""Records that are noted, about."""


class Noted:
    """Region and case of live records, by name; for a reader that sees one unchanging state."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, str | None]] = {}

    def of(self, rows: Iterable[tuple[Any, ...]], name: int) -> Iterator[tuple[Any, ...]]:
        """The rows without their last two columns, region and case of a live record, which are noted; `name`
        is the column of its name.
        """
        known = self._known
        if len(known) > _MOST:
            known.clear()
        for row in rows:
            known[row[name]] = row[-2:]
            yield row[:-2]

    def among(self, names: set[str]) -> Iterator[tuple[str, str, str | None]]:
        """Name, region and case of those of the records that are noted."""
        return ((name, *self._known[name]) for name in names & self._known.keys())

    def missing(self, names: set[str]) -> set[str]:
        """Those of the records that are not."""
        return names - self._known.keys()
