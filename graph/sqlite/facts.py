"""What the live records say about entities: where they appear, what went from hand to hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Literal

from graph.port import Appearance, Delivery, Direction, HeldLot, ReportedDelivery
from graph.said import appearance, by_time, confirmation, delivery, edge_of, keep_clearest
from graph.sqlite.identity import SqliteIdentities
from graph.sqlite.view import LIVE_RECORD, NODES, Row, View
from schemas.entities import Confirmation, Edge
from schemas.ids import part_id

APPEARANCE_COLUMNS = """r.rec, r.name, r.kind, r.source, r.region, r.case_no, r.line, r.checkpoint, r.outcome,
    r.reported, CASE r.kind WHEN 'tip' THEN (SELECT group_concat(t.name, ' ') FROM (
        SELECT o.name FROM copy c CROSS JOIN record o ON o.rec = c.first
        WHERE c.rec = r.rec AND c.opened <= :tx AND c.closed > :tx ORDER BY c.c) t) END,
    r.lead, m.role, r.grade, r.doubts"""
_APPEARANCES = f"""WITH {NODES} SELECT n.ent, {APPEARANCE_COLUMNS}
    FROM node n CROSS JOIN mention m ON m.node = n.node
    CROSS JOIN record r ON r.rec = m.rec WHERE {LIVE_RECORD}"""
_LOTS = f"""WITH {NODES} SELECT n.ent, r.rec, r.name, r.kind, r.reported, l.substance, l.quantity, l.unit,
    l.grams, l.key FROM node n CROSS JOIN lot l ON l.holder = n.node
    CROSS JOIN record r ON r.rec = l.rec WHERE {LIVE_RECORD}"""
USERS = f"""WITH RECURSIVE user(pid) AS (
        SELECT min(src) FROM edge WHERE dst = :value AND type = 'uses'
        UNION ALL SELECT (SELECT min(e.src) FROM edge e
            WHERE e.dst = :value AND e.type = 'uses' AND e.src > u.pid) FROM user u WHERE u.pid IS NOT NULL)
    SELECT DISTINCT a.ent FROM user u
    CROSS JOIN assign a ON a.pid = u.pid AND a.closed > :tx AND a.opened <= :tx
    WHERE EXISTS (SELECT 1 FROM edge e CROSS JOIN record r ON r.rec = e.rec
        WHERE e.dst = :value AND e.type = 'uses' AND e.src = u.pid AND {LIVE_RECORD})"""
"""From one profile to the next in the index: of somebody busy each record says the same again."""
_USED = f"""WITH RECURSIVE {NODES}, used(ent, node, value) AS (
        SELECT ent, node, (SELECT min(dst) FROM edge WHERE src = n.node AND type = 'uses') FROM node n
        UNION ALL SELECT ent, node, (SELECT min(e.dst) FROM edge e
            WHERE e.src = u.node AND e.type = 'uses' AND e.dst > u.value) FROM used u WHERE u.value < 0)
    SELECT DISTINCT ent, value FROM used u WHERE value < 0 AND EXISTS (
        SELECT 1 FROM edge e CROSS JOIN record r ON r.rec = e.rec
        WHERE e.src = u.node AND e.type = 'uses' AND e.dst = u.value AND {LIVE_RECORD})"""
"""From one value to the next, as `USERS`."""


def _deliveries(here: str, there: str, more: str = "", bounds: str = "") -> str:
    """Live deliveries at the entities in `:keys`; `here` and `there` are columns of `edge`."""
    return f"""SELECT e.e, k.value, b.ent, r.name, e.rec, e.basis, e.substance, e.earliest, e.latest,
        e.confidence{more}
        FROM json_each(:keys) k
        CROSS JOIN assign a ON a.ent = k.value AND a.closed > :tx AND a.opened <= :tx
        CROSS JOIN edge e ON e.{here} = a.pid AND e.type = 'supplied'
        CROSS JOIN record r ON r.rec = e.rec AND {LIVE_RECORD}
        CROSS JOIN assign b ON b.pid = e.{there} AND b.closed > :tx AND b.opened <= :tx
        WHERE b.ent <> k.value{bounds}"""


def _likely(here: str, there: str) -> str:
    """Those that are sure enough, with when they were reported. The `+` keeps the walk to the index of this
    end, where old edges are passed over without reading them.
    """
    bounds = """ AND +e.e > :after
        AND e.confidence >= CASE e.basis WHEN 'parcel' THEN :least_parcel ELSE :least END"""
    return _deliveries(here, there, ", r.reported", bounds)


def _withdrawn(here: str, there: str) -> str:
    """Deliveries of records that a withdrawal took back: closed and without a live row of that name.

    The other end, and even the profile at this end, may have gone with the record. So who stood at
    this end is asked of the moment before the record was closed: the entities that the present
    profiles belonged to then. The other end is who it was last.
    """
    return f"""WITH then_(key, ent, opened, closed) AS (
            SELECT k.value, h.ent, min(h.opened), max(h.closed) FROM json_each(:keys) k
            CROSS JOIN assign n ON n.ent = k.value AND n.closed > :tx AND n.opened <= :tx
            CROSS JOIN assign h ON h.pid = n.pid AND h.opened <= :tx GROUP BY k.value, h.ent)
        SELECT DISTINCT e.e, t.key, (
            SELECT b.ent FROM assign b WHERE b.pid = e.{there} AND b.opened <= :tx
            ORDER BY b.closed DESC, b.a DESC LIMIT 1) AS other,
        r.name, e.rec, e.basis, e.substance, e.earliest, e.latest, e.confidence
        FROM then_ t
        CROSS JOIN assign a ON a.ent = t.ent AND a.opened <= :tx
        CROSS JOIN edge e ON e.{here} = a.pid AND e.type = 'supplied'
        CROSS JOIN record r ON r.rec = e.rec AND r.opened < r.closed AND r.closed <= :tx
            AND a.opened < r.closed AND a.closed >= r.closed AND t.opened < r.closed AND t.closed >= r.closed
        WHERE other IS NOT NULL AND other <> t.key
        AND EXISTS (SELECT 1 FROM withdrawal w WHERE w.hash = r.hash AND w.name = r.name
            AND w.reported >= r.reported AND w.tx <= :tx)
        AND NOT EXISTS (SELECT 1 FROM record s WHERE s.hash = r.hash
            AND s.opened <= :tx AND s.closed > :tx AND s.name = r.name)"""


_SQL = {
    ("live", "up"): _deliveries("dst", "src", ", r.region, r.case_no"),
    ("live", "down"): _deliveries("src", "dst", ", r.region, r.case_no"),
    ("likely", "up"): _likely("dst", "src"),
    ("likely", "down"): _likely("src", "dst"),
    ("withdrawn", "up"): _withdrawn("dst", "src"),
    ("withdrawn", "down"): _withdrawn("src", "dst"),
}

_EDGE_COLUMNS = """e.e, e.key, r.hash, r.name, e.type, e.src, e.dst, e.earliest, e.latest, e.basis,
    e.substance, e.quantity, e.unit, e.amount, e.confidence, r.region, r.case_no"""
_ALL_EDGES = f"""SELECT {_EDGE_COLUMNS} FROM edge e CROSS JOIN record r ON r.rec = e.rec
    WHERE e.e > :after AND {LIVE_RECORD} ORDER BY e.e LIMIT :batch"""
_EDGES_AT = f"""WITH {NODES}, one(e) AS (
        SELECT e.e FROM node n CROSS JOIN edge e ON e.src = n.node
        UNION SELECT e.e FROM node n CROSS JOIN edge e ON e.dst = n.node)
    SELECT {_EDGE_COLUMNS} FROM one o CROSS JOIN edge e ON e.e = o.e CROSS JOIN record r ON r.rec = e.rec
    WHERE {LIVE_RECORD} ORDER BY r.reported DESC, r.name, e.key LIMIT :limit"""
_EDGES_AMONG = f"""WITH {NODES} SELECT {_EDGE_COLUMNS}
    FROM node n CROSS JOIN edge e ON e.src = n.node AND e.dst IN (SELECT node FROM node)
    CROSS JOIN record r ON r.rec = e.rec WHERE {LIVE_RECORD} ORDER BY e.e LIMIT :limit"""
_EDGES_OF_RECORDS = f"""SELECT {_EDGE_COLUMNS} FROM json_each(:keys) k CROSS JOIN record r ON r.hash = k.value
    CROSS JOIN edge e ON e.rec = r.rec WHERE {LIVE_RECORD} ORDER BY e.key"""

_CONFIRMED = f"""SELECT r.hash, e.key, c.by, c.because, c.at
    FROM json_each(:keys) k CROSS JOIN record r ON r.hash = k.value CROSS JOIN edge e ON e.rec = r.rec
    CROSS JOIN confirmed c ON c.e = e.e WHERE {LIVE_RECORD}"""


class Facts:
    """Reads appearances, deliveries, lots and edges within one view."""

    def __init__(self, view: View, identities: SqliteIdentities) -> None:
        self._view = view
        self._identities = identities

    def appearances(self, keys: Iterable[int]) -> dict[int, list[Appearance]]:
        """Live records of each entity, by (reported, record); one entry per record."""
        found: dict[int, dict[int, Appearance]] = {}
        for key, *row in self._view.rows_for(keys, _APPEARANCES):
            keep_clearest(found.setdefault(key, {}), appearance(*row))
        return {key: sorted(records.values(), key=by_time) for key, records in found.items()}

    def deliveries(
        self, keys: Iterable[int], direction: Direction, state: Literal["live", "withdrawn"] = "live"
    ) -> list[Delivery]:
        """Deliveries into (up) or out of (down) the entities, live or withdrawn."""
        rows = self._view.rows_for(keys, _SQL[state, direction])
        if state == "live":
            rows = self._view.noting(rows, 3)
        return [delivery(row, direction) for row in rows]

    def likely_deliveries(
        self, keys: Iterable[int], direction: Direction, least: float, least_parcel: float, after: int
    ) -> list[ReportedDelivery]:
        """Live ones drawn after an edge that are sure enough (by parcel within a bound of its own)."""
        bounds = {"least": least, "least_parcel": least_parcel, "after": after}
        rows = self._view.rows_for(keys, _SQL["likely", direction], **bounds)
        return [delivery(row, direction, ReportedDelivery) for row in rows]

    def withdrawn_deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]:
        """Deliveries that a withdrawal took back; nothing is looked for where none ever came."""
        if not self._view.rows("SELECT 1 FROM withdrawal LIMIT 1"):
            return []
        return self.deliveries(keys, direction, "withdrawn")

    def held_lots(self, keys: Iterable[int]) -> dict[int, list[HeldLot]]:
        """Live lots in the hands of each entity, by (reported, record, key of the lot)."""
        found: dict[int, list[Row]] = {}
        for key, *row in self._view.rows_for(keys, _LOTS):
            found.setdefault(key, []).append(tuple(row))
        for rows in found.values():
            rows.sort(key=lambda row: (row[3], row[1], row[-1]))
        return {key: [HeldLot(*row[:-1]) for row in rows] for key, rows in found.items()}

    def users_of(self, value_key: int) -> list[int]:
        """Who uses a phone or account."""
        return sorted(key for (key,) in self._view.rows(USERS, value=value_key))

    def values_used_by(self, keys: Iterable[int]) -> dict[int, list[int]]:
        """Phones and accounts of each entity."""
        found: dict[int, list[int]] = {}
        for key, value in self._view.rows_for(keys, _USED):
            found.setdefault(key, []).append(value)
        return {key: sorted(values) for key, values in found.items()}

    def edges_at(self, key: int, limit: int) -> list[Edge]:
        """Live edges of one entity, the last reported first."""
        return self._edges(self._view.rows_for((key,), _EDGES_AT, limit=limit))

    def edges_among(self, keys: Iterable[int], limit: int) -> list[Edge]:
        """Live edges between these entities, the first ones stated."""
        among = json.dumps(list(keys))
        return self._edges(self._view.rows(_EDGES_AMONG, keys=among, limit=limit))

    def edges_of_records(self, record_hashes: Iterable[int]) -> list[Edge]:
        """Live edges that records state; those of one record by their keys."""
        return self._edges(self._view.rows_for(record_hashes, _EDGES_OF_RECORDS))

    def confirmations_of_records(self, record_hashes: Iterable[int]) -> dict[str, Confirmation]:
        """Who confirmed those of their live edges that are drawn by a person's word, by the edges' ids."""
        found = self._view.rows_for(record_hashes, _CONFIRMED)
        return {part_id("edg", hash_, key): confirmation(*word) for hash_, key, *word in found}

    def all_edges(self, batch: int) -> Iterator[Edge]:
        """All live edges, one by one."""
        after = 0
        while rows := self._view.rows(_ALL_EDGES, after=after, batch=batch):
            yield from self._edges(rows)
            after = rows[-1][0]

    def _edges(self, found: Iterable[Row]) -> list[Edge]:
        rows = list(self._view.noting(found, 3))
        nodes = {node for row in rows for node in row[5:7]}
        entity_of = {node: node for node in nodes if node < 0}
        entity_of.update(self._identities.entities_of(node for node in nodes if node > 0))
        ids = self._identities.ids(set(entity_of.values()))
        return [
            edge_of((*row[1:5], *row[7:]), ids[entity_of[row[5]]], ids[entity_of[row[6]]])
            for row in rows
            if row[5] in entity_of and row[6] in entity_of
        ]
