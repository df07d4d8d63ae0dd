"""What one transaction did, table by table.

Rows of a transaction stand together in a table whose keys grow with it, so the first of them is found by
halving; those that it closed are found by indexes that hold closed rows only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

import msgspec

from graph.sqlite.identity import SqliteIdentities
from graph.sqlite.known import known_entities
from graph.sqlite.placed import Places
from graph.sqlite.view import LIVE, Row, View
from schemas.alerts import Finding
from schemas.changes import (
    AlertRaised,
    Belongs,
    CopyFound,
    EntityKnown,
    Mentioned,
    ProfileMade,
    RecordCame,
    Withdrawn,
)
from schemas.claims import Features
from schemas.ids import hash64

_RECORDS = """SELECT r.rec, r.name, r.kind, r.revision, r.reported, l.received, r.source, r.region, r.case_no,
    r.operation, r.line, r.checkpoint, r.outcome, r.grade, r.lead, r.closed > r.opened,
    l.body, l.read, l.flags, p.worker, p.topic, p.part, p.position, r.doubts
    FROM record r CROSS JOIN log l ON l.rec = r.rec LEFT JOIN provenance p ON p.rec = r.rec
    WHERE r.rec BETWEEN :first AND :last ORDER BY r.rec"""
_CLOSED_RECORDS = (
    f"SELECT rec FROM record WHERE closed = :tx AND closed < {LIVE} AND opened < :tx ORDER BY rec"
)
_COPIES = """SELECT c.c, c.rec, c.first, k.name, c.alike FROM copy c CROSS JOIN record k ON k.rec = c.known_by
    WHERE c.c BETWEEN :first AND :last ORDER BY c.c"""
_COPIES_LOST = f"SELECT c FROM copy WHERE closed = :tx AND closed < {LIVE} AND opened < :tx ORDER BY c"
_MENTIONS = """SELECT m.m, m.rec, m.node, m.ref, m.start, m.stop, m.role FROM mention m
    WHERE m.rec BETWEEN :first AND :last ORDER BY m.m"""
_NODES_OF = """SELECT DISTINCT m.node FROM json_each(:keys) k CROSS JOIN mention m ON m.rec = k.value"""
_JOINED = """SELECT a.pid, a.ent, NOT EXISTS (
        SELECT 1 FROM assign b WHERE b.pid = a.pid AND b.a < a.a AND b.opened < b.closed)
    FROM assign a WHERE a.a BETWEEN :first AND :last AND a.opened < a.closed ORDER BY a.a"""
_LEFT = f"SELECT pid, ent FROM assign WHERE closed = :tx AND closed < {LIVE} AND opened < :tx ORDER BY a"
_PROFILES = """SELECT p.pid, p.type, p.features FROM json_each(:keys) k CROSS JOIN profile p
    ON p.pid = k.value"""
_ENTITIES_OF = """SELECT DISTINCT a.ent FROM json_each(:keys) k CROSS JOIN assign a
    ON a.pid = k.value AND a.closed > :tx AND a.opened <= :tx"""
_RESOLVED_LIVED = """SELECT k.value,
    EXISTS (SELECT 1 FROM assign a WHERE a.ent = k.value AND a.closed >= :tx AND a.opened < :tx),
    EXISTS (SELECT 1 FROM assign a WHERE a.ent = k.value AND a.closed > :tx AND a.opened <= :tx)
    FROM json_each(:keys) k"""
_VALUES_LIVED = """SELECT k.value,
    EXISTS (SELECT 1 FROM mention m CROSS JOIN record r ON r.rec = m.rec
        WHERE m.node = k.value AND r.closed >= :tx AND r.opened < :tx),
    EXISTS (SELECT 1 FROM mention m CROSS JOIN record r ON r.rec = m.rec
        WHERE m.node = k.value AND r.closed > :tx AND r.opened <= :tx)
    FROM json_each(:keys) k"""
_ALERTS = "SELECT a, id, closed > opened, body FROM alert WHERE a BETWEEN :first AND :last ORDER BY a"
_CLOSED_ALERTS = f"SELECT a FROM alert WHERE closed = :tx AND closed < {LIVE} AND opened < :tx ORDER BY a"
_LIVE_RECORDS = """SELECT r.name, r.rec FROM json_each(:keys) k CROSS JOIN record r
    ON r.hash = k.value AND r.opened <= :tx AND r.closed > :tx"""
_WITHDRAWALS = """SELECT n, name, reported, reason FROM withdrawal
    WHERE n BETWEEN :first AND :last ORDER BY n"""

_features = msgspec.msgpack.Decoder(Features).decode
_finding = msgspec.json.Decoder(Finding).decode


class Happened:
    """One transaction of a store; later ones do not change what is read of it."""

    def __init__(self, connection: sqlite3.Connection, tx: int) -> None:
        self._view = View(connection, tx=tx)
        self._tx = tx
        self._opened = self._stretch("record", "rec", "opened")
        self._closed = [rec for (rec,) in self._view.rows(_CLOSED_RECORDS)]

    def rows(self) -> dict[str, tuple[Any, ...]]:
        """The rows of the transaction's change, by the names of `schemas.changes.Change`'s fields."""
        first, last = self._stretch("assign", "a", "opened")
        joined = self._view.rows(_JOINED, first=first, last=last)
        left = self._view.rows(_LEFT)
        mentions = self._view.rows(_MENTIONS, **self._opened_records)
        moved = {pid for pid, _ in left} | {pid for pid, _, new in joined if not new}
        places = Places(self._view, self._opened, self._closed, moved)
        closed, known = self._entities(mentions, {ent for _, ent, *_ in [*joined, *left]})
        return {
            **places.rows(),
            "profiles_left": tuple(Belongs(*row) for row in left),
            "copies_lost": tuple(c for (c,) in self._view.rows(_COPIES_LOST)),
            "records_closed": tuple(self._closed),
            "alerts_closed": tuple(a for (a,) in self._view.rows(_CLOSED_ALERTS)),
            "entities_closed": closed,
            "withdrawals": self._withdrawals(),
            "records": self._records(),
            "copies": self._copies(),
            "profiles": self._profiles(pid for pid, _, new in joined if new),
            "entities": known,
            "profiles_joined": tuple(Belongs(pid, ent) for pid, ent, _ in joined),
            "mentions": tuple(Mentioned(*row) for row in mentions),
            "alerts": self._alerts(),
        }

    @property
    def _opened_records(self) -> dict[str, int]:
        return {"first": self._opened[0], "last": self._opened[1]}

    # --- which rows -----------------------------------------------------------------------------

    def _stretch(self, table: str, key: str, column: str) -> tuple[int, int]:
        """The first and last key of the transaction's rows; the last is smaller when there is none."""
        return self._halve(table, key, column, self._tx), self._halve(table, key, column, self._tx + 1) - 1

    def _halve(self, table: str, key: str, column: str, tx: int) -> int:
        """The smallest key from which on rows belong to `tx` or later transactions."""
        at = f"SELECT {key}, {column} FROM {table} WHERE {key} >= :key ORDER BY {key} LIMIT 1"
        ((greatest,),) = self._view.rows(f"SELECT coalesce(max({key}), 0) FROM {table}")
        low, high = 0, int(greatest) + 1
        while low < high:
            middle = (low + high) // 2
            found = self._view.rows(at, key=middle)
            if not found or found[0][1] >= tx:
                high = middle
            else:
                low = int(found[0][0]) + 1
        return low

    # --- what they say --------------------------------------------------------------------------

    def _records(self) -> tuple[RecordCame, ...]:
        return tuple(_record(row) for row in self._view.rows(_RECORDS, **self._opened_records))

    def _copies(self) -> tuple[CopyFound, ...]:
        first, last = self._stretch("copy", "c", "opened")
        return tuple(CopyFound(*row) for row in self._view.rows(_COPIES, first=first, last=last))

    def _profiles(self, pids: Iterable[int]) -> tuple[ProfileMade, ...]:
        return tuple(
            ProfileMade(pid, type_, _features(packed))
            for pid, type_, packed in self._view.rows_for(pids, _PROFILES)
        )

    def _entities(
        self, mentions: list[Row], reassigned: set[int]
    ) -> tuple[tuple[int, ...], tuple[EntityKnown, ...]]:
        """Those that ceased, and those that began or may be called otherwise now."""
        nodes = {row[2] for row in mentions}
        nodes.update(node for (node,) in self._view.rows_for(self._closed, _NODES_OF))
        spoken = {ent for (ent,) in self._view.rows_for((node for node in nodes if node > 0), _ENTITIES_OF)}
        lived = list(self._view.rows_for(reassigned, _RESOLVED_LIVED))
        lived += self._view.rows_for((node for node in nodes if node < 0), _VALUES_LIVED)
        closed = sorted(key for key, before, after in lived if before and not after)
        fresh = {key for key, before, after in lived if after and not before}
        kept = {key for key in (*reassigned, *spoken) if key not in fresh} - set(closed)
        known = known_entities(self._view, SqliteIdentities(self._view), fresh, kept, reassigned)
        return tuple(closed), tuple(known)

    def _alerts(self) -> tuple[AlertRaised, ...]:
        first, last = self._stretch("alert", "a", "opened")
        raised = self._view.rows(_ALERTS, first=first, last=last)
        found = [(a, id_, bool(live), _finding(body)) for a, id_, live, body in raised]
        named = {name for *_, finding in found for name in finding.records}
        recs = {
            name: rec
            for name, rec in self._view.rows_for((hash64(name) for name in named), _LIVE_RECORDS)
            if name in named
        }
        return tuple(
            AlertRaised(*row, tuple(recs[name] for name in row[-1].records if name in recs)) for row in found
        )

    def _withdrawals(self) -> tuple[Withdrawn, ...]:
        first, last = self._stretch("withdrawal", "n", "tx")
        return tuple(Withdrawn(*row) for row in self._view.rows(_WITHDRAWALS, first=first, last=last))


def _record(row: Row) -> RecordCame:
    """A row as it comes: flags are stored as 0 or 1, texts as bytes."""
    fields = [*row[:14], bool(row[14]), bool(row[15]), *map(_text, row[16:19]), *row[19:]]
    return RecordCame(*fields)


def _text(stored: bytes | str | None) -> str | None:
    return stored.decode() if isinstance(stored, bytes) else stored
