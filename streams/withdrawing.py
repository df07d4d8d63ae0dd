"""A record taken back by hand is withdrawn by a record, like one that its source takes back."""

from __future__ import annotations

import sqlite3

import msgspec

from graph.sqlite.view import LIVE
from schemas.errors import NotFound
from schemas.ids import hash64
from schemas.records import Message, Origin
from schemas.times import iso


def withdrawal(db: sqlite3.Connection, name: str, because: str, now: int) -> Message:
    """The withdrawal of all revisions of a record of this store that were reported until now.

    Raises `NotFound` when no such record lives.
    """
    rows = db.execute(
        "SELECT reported, closed FROM record WHERE hash = ? AND name = ? ORDER BY closed DESC",
        (hash64(name), name),
    ).fetchall()
    if not rows:
        raise NotFound("there is no record of this name; names are source/source_id")
    if rows[0][1] != LIVE:
        raise NotFound(f"{name} is withdrawn already")
    source, _, source_id = name.partition("/")
    body = {
        "kind": "withdrawal",
        "source": source,
        "source_id": source_id,
        "reported_at": iso(max(now, *(reported for reported, _ in rows))),
        "reason": because,
    }
    return Message(body=msgspec.json.encode(body), origin=Origin(file="withdraw", line=1), received=now)
