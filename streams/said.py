"""What people said about who is who, as a store keeps it: append-only, and an act a transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct

from graph.sqlite.view import LIVE
from schemas.decisions import Decision, Said
from schemas.ids import hash64, part_of
from streams.resolve.judgements import Judgements

_LIVE_MENTIONS = f"""SELECT name, node, ref, start, stop FROM record JOIN mention USING (rec)
    WHERE hash IN (SELECT value FROM json_each(?))
    AND closed = {LIVE} AND opened < closed AND node > 0"""


class Word(Struct, frozen=True, kw_only=True):
    """Who says something, why, and when (microseconds)."""

    by: str
    because: str
    at: int


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


def judgements(db: sqlite3.Connection) -> Judgements:
    """What is in force, and the live profiles of those of whom it speaks."""
    found = Judgements(acts(db))
    for name, pid in live_mentions(db, found.names()):
        found.lives(name, pid)
    return found


def words(db: sqlite3.Connection) -> list[Word]:
    """Who said each of these acts, why and when; as many, in the same order."""
    rows = db.execute("SELECT by, because, at, min(j) AS first FROM judgement GROUP BY tx ORDER BY first")
    return [Word(by=by, because=because, at=at) for by, because, at, _ in rows]


def live_mentions(db: sqlite3.Connection, names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """The profile of each of these mentions (`record#part`) that is live."""
    wanted = set(names)
    hashes = json.dumps(sorted({hash64(name.rpartition("#")[0]) for name in wanted}))
    for record, node, ref, start, stop in db.execute(_LIVE_MENTIONS, (hashes,)).fetchall():
        name = f"{record}#{part_of(ref, start, stop)}"
        if name in wanted:
            yield name, node


def _tx(row: tuple[int, str, str, str]) -> int:
    return row[0]
