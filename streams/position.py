"""How far an owner has read the log: kept in its own transaction, so nothing is taken twice or never."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from graph.sqlite.errors import map_sqlite_errors


class Read(NamedTuple):
    """How far a partition of the log has been read: `next` is the first offset that is not known yet."""

    topic: str
    partition: int
    next: int


def note(db: sqlite3.Connection, read: Iterable[Read]) -> None:
    """Write positions, inside the caller's transaction."""
    db.executemany("INSERT OR REPLACE INTO input VALUES (?, ?, ?)", read)


def noted(db: sqlite3.Connection) -> dict[tuple[str, int], int]:
    """The first offset of each topic and partition that has not been taken."""
    with map_sqlite_errors():
        return {(topic, part): following for topic, part, following in db.execute("SELECT * FROM input")}
