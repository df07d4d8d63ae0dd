"""The change feed: what every transaction did to the graph, read from the tables themselves.

Nothing is kept twice. Rows carry the transaction that opened and the one that closed them, so a change
can be derived at any time, again and again, and a projection remade from the beginning. The cost is in
proportion to what the transaction touched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from graph.sqlite.happened import Happened
from schemas.changes import ROWS, Change, encode

PART_BYTES = 900_000
"""A message on Kafka is at most 1 MB unless the broker is told otherwise."""
_AT_ONCE = 1000


class Feed:
    """Reads the changes of a store through the owner's connection, or one inside a read transaction."""

    def __init__(self, connection: sqlite3.Connection, part_bytes: int = PART_BYTES) -> None:
        self._connection = connection
        self._part_bytes = part_bytes

    @property
    def store(self) -> str:
        """The name of the store, which no other store has."""
        return str(self._meta("store"))

    @property
    def epoch(self) -> int:
        """The number of the store's present owner; each is higher than the one before."""
        return int(self._meta("epoch"))

    def since(self, seq: int) -> Iterator[Change]:
        """What happened after transaction `seq` (0: from the beginning), in order; large ones in parts."""
        store, epoch = self.store, self.epoch
        (after,) = self._connection.execute(
            "SELECT coalesce(max(tx), 0) FROM tx WHERE tx <= ?", (seq,)
        ).fetchone()
        for tx, received in self._transactions(seq):
            head = Change(store=store, epoch=epoch, seq=tx, after=after, received=received)
            whole = msgspec.structs.replace(head, **Happened(self._connection, tx).rows())
            yield from parts(whole, self._part_bytes)
            after = tx

    def _transactions(self, seq: int) -> Iterator[tuple[int, int]]:
        query = "SELECT tx, received FROM tx WHERE tx > ? ORDER BY tx LIMIT ?"
        while found := self._connection.execute(query, (seq, _AT_ONCE)).fetchall():
            yield from found
            seq = found[-1][0]

    def _meta(self, key: str) -> Any:
        return self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0]


def parts(change: Change, most: int) -> Iterator[Change]:
    """The change in parts whose messages hold at most `most` bytes (a row that alone is larger stays whole).

    The same change is always divided in the same way.
    """
    if len(encode(change)) <= most:
        yield change
        return
    divided = list(_divide(change, most - 500))  # the head of a message is below 500 bytes
    for number, rows in enumerate(divided, 1):
        yield msgspec.structs.replace(
            change,
            part=number,
            parts=len(divided),
            **{name: tuple(rows.get(name, ())) for name in ROWS},
        )


def _divide(change: Change, most: int) -> Iterator[dict[str, list[Any]]]:
    rows: dict[str, list[Any]] = {}
    held = 0
    for name in ROWS:
        for row in getattr(change, name):
            size = len(msgspec.json.encode(row)) + 1
            if rows and held + size > most:
                yield rows
                rows, held = {}, 0
            rows.setdefault(name, []).append(row)
            held += size
    yield rows
