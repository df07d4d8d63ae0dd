"""A connection together with a moment of transaction time: what every query of the reader starts from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from graph.chunks import chunks
from graph.noted import Noted

LIVE = 1 << 62
"""`closed` of a row that is live."""

Row = tuple[Any, ...]

_CHUNK = 5000
"""Keys in one JSON list: long enough that a statement's start does not count, short enough to parse."""

NODES = """node(ent, node) AS (
    SELECT k.value, a.pid FROM json_each(:keys) k CROSS JOIN assign a
        ON a.ent = k.value AND a.closed > :tx AND a.opened <= :tx
    UNION ALL SELECT k.value, k.value FROM json_each(:keys) k WHERE k.value < 0)"""
"""The live nodes of the entities in `:keys`; CROSS JOIN keeps SQLite from turning the join round."""

LIVE_RECORD = "r.opened <= :tx AND r.closed > :tx"


class View:
    """Rows live in [opened, closed) of transactions; a view sees one transaction's end.

    `as_of` (microseconds) means the last transaction received by then; None the newest state, the
    writer's own uncommitted rows included. Give `tx` to see the end of that transaction. `unchanging`: the
    connection sees one state.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        as_of: int | None = None,
        *,
        tx: int | None = None,
        unchanging: bool = False,
    ) -> None:
        self.connection = connection
        self.as_of = as_of
        self.tx = tx if tx is not None else LIVE - 1 if as_of is None else self._last_tx(as_of)
        self.noted = Noted() if unchanging else None
        """Where records belong that were read beside something else; None where it may change meanwhile."""

    def _last_tx(self, moment: int) -> int:
        (tx,) = self.connection.execute("SELECT max(tx) FROM tx WHERE received <= ?", (moment,)).fetchone()
        return -1 if tx is None else int(tx)

    def last(self) -> int:
        """The last transaction that is known here (0: none)."""
        (tx,) = self.connection.execute("SELECT coalesce(max(tx), 0) FROM tx").fetchone()
        return min(int(tx), self.tx)

    def rows(self, sql: str, **values: object) -> list[Row]:
        """All rows of a statement; `:tx` is this view's."""
        return self.connection.execute(sql, {"tx": self.tx, **values}).fetchall()

    def stream(self, sql: str, **values: object) -> Iterator[Row]:
        """Rows one by one, for statements whose result may not fit into memory."""
        yield from self.connection.execute(sql, {"tx": self.tx, **values})

    def noting(self, rows: Iterable[Row], name: int) -> Iterator[Row]:
        """The rows without their last two columns, region and case of a live record, which are noted; `name`
        is the column of its name.
        """
        return (row[:-2] for row in rows) if self.noted is None else self.noted.of(rows, name)

    def rows_for_texts(self, texts: Iterable[str], sql: str) -> Iterator[Row]:
        """As `rows_for`, for keys that are texts."""
        for chunk in chunks(list(texts), _CHUNK):
            yield from self.connection.execute(sql, {"tx": self.tx, "keys": json.dumps(chunk)})

    def rows_for(self, keys: Iterable[int], sql: str, **values: object) -> Iterator[Row]:
        """The rows of a statement over `json_each(:keys)`, for any number of keys."""
        for chunk in chunks(list(keys), _CHUNK):
            yield from self.connection.execute(sql, {"tx": self.tx, "keys": json.dumps(chunk), **values})
