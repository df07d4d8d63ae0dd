"""The floor under an ingest: decode the same lines, insert the same rows, and nothing else.

What SQLite and the JSON decoder take of an ingest cannot be saved by better logic. The rows are those
of the finished store, in a new file with its schema and pragmas, in as many transactions; rows that were
closed on the way are inserted closed. The vault, a file of its own, is not in it.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from graph.tokens import tokens_of_features, tokens_of_value
from schemas.claims import Features
from streams.bench.worlds import RECORDS, STORE, Tell, quiet
from streams.embedded import BATCH
from streams.state import Connection

Row = tuple[Any, ...]
Share = tuple[str, Iterator[Row], int]
"""A statement, the rows for it, and how many of them go into a transaction."""

_TABLES = """SELECT name FROM sqlite_schema WHERE type = 'table'
    AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%' AND name <> 'about' ORDER BY name"""
"""`about` is filled by the store itself, from alerts."""
_ORDER = {"pair": "max(a, b)"}
"""Where the key's order is not that of arrival."""


class Floor(Struct, frozen=True):
    """What decoding and inserting took: seconds, and seconds of the processor."""

    seconds: float
    processor: float


def floor(folder: Path, tell: Tell = quiet) -> Floor:
    """Decodes the folder's lines and inserts its store's rows into a new store, batch by batch."""
    with (folder / RECORDS).open("rb") as lines:
        total = sum(1 for _ in lines)
    batches = -(-total // BATCH)
    seconds = processor = 0.0
    copy = Connection(folder / "floor.db")
    try:
        copy.db.execute("DELETE FROM meta")  # the copied rows name the store
        with closing(sqlite3.connect(folder / STORE)) as source, (folder / RECORDS).open("rb") as lines:
            shares = [*_tables(source, batches), _search(source, batches)]
            for batch in range(batches):
                taken = _batch(copy, list(islice(lines, BATCH)), shares)
                seconds, processor = seconds + taken.seconds, processor + taken.processor
                tell("floor", batch * BATCH, total)
    finally:
        copy.close()
    return Floor(seconds, processor)


def _batch(copy: Connection, lines: list[bytes], shares: list[Share]) -> Floor:
    """One transaction. Reading the rows from the finished store is not counted."""
    rows = [(statement, list(islice(source, share))) for statement, source, share in shares]
    started, busy = time.perf_counter(), time.process_time()
    _decode(lines)
    copy.db.execute("BEGIN IMMEDIATE")
    for statement, values in rows:
        copy.db.executemany(statement, values)
    copy.db.execute("COMMIT")
    return Floor(time.perf_counter() - started, time.process_time() - busy)


def _decode(lines: list[bytes]) -> None:
    for line in lines:
        try:
            msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue


def _tables(source: sqlite3.Connection, batches: int) -> Iterator[Share]:
    for (table,) in source.execute(_TABLES).fetchall():
        (columns,) = source.execute("SELECT count(*) FROM pragma_table_info(?)", (table,)).fetchone()
        rows = source.execute(f"SELECT * FROM {table} ORDER BY {_ORDER.get(table, '1')}")
        yield f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", rows, _share(source, table, batches)


def _search(source: sqlite3.Connection, batches: int) -> Share:
    """The tokens of every node, made anew, because the index does not give them back."""
    share = _share(source, "profile", batches) + _share(source, "value", batches)
    return "INSERT INTO search (rowid, tokens) VALUES (?, ?)", _tokens(source), share


def _tokens(source: sqlite3.Connection) -> Iterator[Row]:
    decode = msgspec.msgpack.Decoder(Features).decode
    for pid, kind, features in source.execute("SELECT pid, type, features FROM profile ORDER BY pid"):
        yield pid, tokens_of_features(decode(features), kind)
    for v, kind, value in source.execute("SELECT v, kind, value FROM value ORDER BY v"):
        yield -v, tokens_of_value(kind, value)


def _share(source: sqlite3.Connection, table: str, batches: int) -> int:
    (rows,) = source.execute(f"SELECT count(*) FROM {table}").fetchone()
    return -(-int(rows) // batches)
