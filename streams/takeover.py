"""Taking over a jurisdiction: which history of changes this owner goes on with, and in which epoch.

Whoever reads the changes follows the highest epoch and ignores the rest. So an owner that was replaced
without noticing (it was cut off, it slept) changes nothing any more, whatever it still sends.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from msgspec import Struct

from graph.sqlite.errors import map_sqlite_errors


class Published(Struct, frozen=True, kw_only=True):
    """The last change that others were told: of which store, in which epoch, and its number there."""

    store: str
    epoch: int
    seq: int


class Reign(Struct, frozen=True, kw_only=True):
    """Under which names this owner's changes go out, and the number of the last one that is out already."""

    store: str
    epoch: int
    published: int


def is_last(db: sqlite3.Connection, last: Published) -> bool:
    """Whether the store in `db` was the last to reign when `last` went out."""
    held = _held(db)
    return last.store == held.get("store") and last.epoch <= held.get("epoch", 0)


def _held(db: sqlite3.Connection) -> dict[str, Any]:
    with map_sqlite_errors():
        return dict(db.execute("SELECT key, value FROM meta WHERE key IN ('store', 'epoch')"))


def take_over(db: sqlite3.Connection, last: Published | None, fresh: str) -> Reign:
    """Begin a reign over the store in `db`, knowing the `last` change that is out; it is written down.

    The store's history is gone on with when the last change is one of it. Otherwise (the store is new, or
    was put back from a copy and knows less than others do, or another store reigned in between) it is
    told from its beginning under the name `fresh`, which must never have been used.
    """
    held = _held(db)
    with map_sqlite_errors():
        (known,) = db.execute("SELECT coalesce(max(tx), 0) FROM tx").fetchone()
        goes_on = last is not None and last.store == held.get("store") and last.seq <= known
        reign = Reign(
            store=held["store"] if goes_on else fresh,
            epoch=1 + max(held.get("epoch", 0), last.epoch if last is not None else 0),
            published=last.seq if goes_on and last is not None else 0,
        )
        db.executemany(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)", [("store", reign.store), ("epoch", reign.epoch)]
        )
    return reign
