"""What people said about who is who, as a store keeps it: append-only, and an act a transaction."""

from __future__ import annotations

import sqlite3
from itertools import groupby

from schemas.decisions import Decision, Said


def keep(db: sqlite3.Connection, decision: Decision, tx: int) -> None:
    """Write what a person decided, in the running transaction `tx`."""
    db.executemany(
        "INSERT INTO judgement (left, right, verdict, by, because, at, tx) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(*said, decision.by, decision.because, decision.at, tx) for said in decision.said],
    )


def acts(db: sqlite3.Connection) -> list[list[Said]]:
    """What every act ever said, oldest first: what `streams.resolve.judgements.Judgements` begins with."""
    rows = db.execute("SELECT tx, left, right, verdict FROM judgement ORDER BY j")
    return [[(left, right, verdict) for _, left, right, verdict in act] for _, act in groupby(rows, _tx)]


def _tx(row: tuple[int, str, str, str]) -> int:
    return row[0]
