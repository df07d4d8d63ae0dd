"""The outbox: what an owner has to tell others, written with the knowledge it comes from.

A message stays until its receipt is confirmed, so after a crash it is told again: at least once. Its
number never comes back, so receivers know by (store, seq) what they have had.
"""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from graph.sqlite.errors import map_sqlite_errors


class Letter(Struct, frozen=True, array_like=True):
    """One message: `key` and `body` as they go to `topic`. An empty body takes back what the key names."""

    seq: int
    topic: str
    key: str
    body: bytes


class Outbox:
    """The letters of a store that nobody has confirmed."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def waiting(self, most: int = 1000) -> list[Letter]:
        """The oldest letters, in the order in which they were written."""
        with map_sqlite_errors():
            rows = self._db.execute(
                "SELECT seq, topic, key, body FROM outbox ORDER BY seq LIMIT ?", (most,)
            ).fetchall()
        return [Letter(*row) for row in rows]

    def confirmed(self, seq: int) -> None:
        """Everything up to this letter has arrived.

        Not forced to the disk: that happens with the next batch, and until then the worst that can
        follow is that something is told twice.
        """
        with map_sqlite_errors():
            self._db.execute("PRAGMA synchronous=NORMAL")
            try:
                self._db.execute("DELETE FROM outbox WHERE seq <= ?", (seq,))
            finally:
                self._db.execute("PRAGMA synchronous=FULL")
