"""The pairs that a store keeps: read by profile, written at the end of a batch."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from streams.resolve.pairs import Link


class PairTable:
    """Live pairs in the `pair` table, read by profile and written at the end of a batch."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._held: dict[int, dict[int, Link]] = {}
        self._changed: dict[tuple[int, int], Link | None] = {}

    def born(self, pid: int) -> None:
        """A new profile has no pairs: nothing to read."""
        self._held.setdefault(pid, {})

    def of(self, pid: int) -> dict[int, Link]:
        held = self._held.get(pid)
        if held is None:
            rows = self._db.execute("SELECT b, bits, strong FROM pair WHERE a = ?", (pid,))
            held = self._held[pid] = {b: (bits, bool(strong)) for b, bits, strong in rows}
        return held

    def put(self, a: int, b: int, link: Link) -> None:
        for x, y in ((a, b), (b, a)):
            self.of(x)[y] = link
            self._changed[x, y] = link

    def drop(self, a: int, b: int) -> None:
        for x, y in ((a, b), (b, a)):
            self.of(x).pop(y, None)
            self._changed[x, y] = None

    def flush(self) -> None:
        gone = [pair for pair, link in self._changed.items() if link is None]
        kept = [(*pair, *link) for pair, link in self._changed.items() if link is not None]
        self._db.executemany("DELETE FROM pair WHERE a = ? AND b = ?", gone)
        self._db.executemany("INSERT OR REPLACE INTO pair VALUES (?, ?, ?, ?)", kept)
        self._changed = {}

    def replace(self, pairs: Iterable[tuple[int, int, float, bool]]) -> None:
        """Write all pairs anew, each given both ways; nothing else may be on its way to the table."""
        self._db.execute("DELETE FROM pair")
        self._db.executemany("INSERT INTO pair VALUES (?, ?, ?, ?)", pairs)
        self._held.clear()

    def settle(self) -> None:
        if len(self._held) > 200_000:
            self._held.clear()
