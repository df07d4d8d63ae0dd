"""What the live records say about entities: where they appear, what went from hand to hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from operator import itemgetter

from graph.neo4j.identity import Neo4jIdentities
from graph.neo4j.model import COPY_OF, FACTS, of, was
from graph.neo4j.view import Row, View, live, said_by
from graph.port import Appearance, Delivery, Direction, HeldLot
from graph.said import appearance, by_time, confirmation, delivery, edge_of, keep_clearest
from schemas.entities import Confirmation, Edge
from schemas.ids import hash64, part_id

_SUPPLIED, _USES = of("SUPPLIED"), of("USES")
_ANY = of(*FACTS.values())
_TYPES = {type_: predicate for predicate, name in FACTS.items() for type_ in (name, was(name))}

_SEEN = f"""r.rec, r.name, r.kind, r.source, r.region, r.case, r.line, r.checkpoint, r.outcome, r.reported_us,
    COLLECT {{ MATCH (r)-[c:{of(COPY_OF)}]->(told) WHERE {live("c")}
        RETURN told.name ORDER BY c.copy }}, r.lead, m.role, r.grade, r.doubts"""
_APPEARANCES = f"""UNWIND $keys AS key
MATCH (:Entity {{key: key}})<-[o:OF|WAS_OF]-(:Profile)<-[m:MENTIONS]-(r) WHERE {live("o", "r")}
RETURN key, {_SEEN}"""
_VALUE_APPEARANCES = f"""UNWIND $keys AS key MATCH (:Entity {{key: key}})<-[m:MENTIONS]-(r) WHERE {live("r")}
RETURN key, {_SEEN}"""
_LOTS = f"""UNWIND $keys AS key
MATCH (:Entity {{key: key}})<-[h:{of("IN_HANDS_OF")}]-(l:Lot)<-[:LISTS]-(r) WHERE {live("h", "r")}
RETURN key, r.rec, r.name, r.kind, r.reported_us, l.substance, l.quantity, l.unit, l.grams, l.key"""
_USERS = f"""MATCH (:Entity {{key: $value}})<-[f:{_USES}]-(e:Entity) WHERE e.key > 0 AND {live("f")}
RETURN DISTINCT e.key"""
_USED = f"""UNWIND $keys AS key MATCH (:Entity {{key: key}})-[f:{_USES}]->(e:Entity)
WHERE e.key < 0 AND {live("f")} RETURN DISTINCT key, e.key"""

_DELIVERY = """f.record, f.rec, f.basis, f.substance, f.earliest_us, f.latest_us, f.confidence"""


def _deliveries(pattern: str) -> str:
    return f"""UNWIND $keys AS key MATCH (e:Entity {{key: key}}){pattern.format(_SUPPLIED)}(o:Entity)
WHERE o <> e AND {live("f")} {said_by("f")} RETURN f.edge, key, o.key, {_DELIVERY}, r.region, r.case"""


def _withdrawn(pattern: str, far: str) -> str:
    """As in the SQLite store: who stood at this end is asked of the moment before the record was closed, of
    the entities that the present profiles belonged to then; the other end is who it was last."""
    return f"""UNWIND $keys AS key
MATCH (:Entity {{key: key}})<-[n:OF|WAS_OF]-(p:Profile) WHERE {live("n")}
MATCH (p)-[h:OF|WAS_OF]->(t:Entity) WHERE h.opened <= $tx
WITH key, t, min(h.opened) AS opened, max(coalesce(h.closed, $live)) AS closed
MATCH (t){pattern.format("WAS_SUPPLIED")}(:Entity)
WHERE f.closed <= $tx AND opened < f.closed AND closed >= f.closed
MATCH (r:WasRecord {{rec: f.rec}}) WHERE r.closed = f.closed
AND EXISTS {{ MATCH (w:Withdrawal {{hash: r.hash}})
    WHERE w.name = r.name AND w.reported_us >= r.reported_us AND w.opened <= $tx }}
AND NOT EXISTS {{ MATCH (s:Record {{hash: r.hash}}) WHERE s.name = r.name AND {live("s")} }}
AND NOT EXISTS {{ MATCH (s:WasRecord {{hash: r.hash}}) WHERE s.name = r.name AND {live("s")} }}
MATCH (:Profile {{pid: f.{far}}})-[b:OF|WAS_OF]->(o:Entity) WHERE b.opened <= $tx
WITH key, f, o, coalesce(b.closed, $live) AS left ORDER BY left DESC
WITH key, f, collect(o.key)[0] AS other WHERE other <> key
RETURN DISTINCT f.edge, key, other, {_DELIVERY}"""


_LIVE_DELIVERIES = {"up": _deliveries("<-[f:{}]-"), "down": _deliveries("-[f:{}]->")}
_WITHDRAWN_DELIVERIES = {
    "up": _withdrawn("<-[f:{}]-", "source_node"),
    "down": _withdrawn("-[f:{}]->", "target_node"),
}
_EDGE = """f.edge, type(f), f.key, f.record, startNode(f).key, startNode(f).id, startNode(f).type,
    endNode(f).key, endNode(f).id, endNode(f).type, f.earliest_us, f.latest_us, f.basis, f.substance,
    f.quantity, f.unit, f.amount, f.confidence"""
_ALL_EDGES = f"""MATCH ()-[f:%s]->() WHERE f.edge > $after AND {live("f")}
WITH f ORDER BY f.edge LIMIT $batch {said_by("f")} RETURN {_EDGE}, r.region, r.case ORDER BY f.edge"""
_EDGES_AT = f"""MATCH (:Entity {{key: $key}})-[f:{_ANY}]-() WHERE {live("f")} WITH DISTINCT f
{said_by("f")} WITH f, r ORDER BY r.reported_us DESC, f.record, f.key LIMIT $limit
RETURN {_EDGE}, r.region, r.case"""
_EDGES_AMONG = f"""UNWIND $keys AS key MATCH (:Entity {{key: key}})-[f:{_ANY}]->(e:Entity)
WHERE e.key IN $keys AND {live("f")} WITH f ORDER BY f.edge LIMIT $limit
{said_by("f")} RETURN {_EDGE}, r.region, r.case ORDER BY f.edge"""


def _of_records(types: str, returned: str) -> str:
    """Live facts of some types that records state."""
    return f"""UNWIND $keys AS key CALL (key) {{
    MATCH (r:Record {{hash: key}}) RETURN r UNION ALL MATCH (r:WasRecord {{hash: key}}) RETURN r }}
WITH r WHERE {live("r")}
MATCH (r)-[:MENTIONS]->(:Profile)-[o:OF|WAS_OF]->(e:Entity) WHERE {live("o")} WITH DISTINCT r, e
MATCH (e)-[f:{types}]->() WHERE f.rec = r.rec AND {live("f")} WITH DISTINCT r, f {returned}"""


_EDGES_OF_RECORDS = _of_records(_ANY, f"RETURN {_EDGE}, r.region, r.case ORDER BY f.key")
_CONFIRMED = _of_records(
    of("SUPPLIED"),
    "WHERE f.confirmed_by IS NOT NULL "
    "RETURN r.hash, f.key, f.confirmed_by, f.confirmed_because, f.confirmed_us",
)


class Facts:
    """Reads appearances, deliveries, lots and edges within one view."""

    def __init__(self, view: View, identities: Neo4jIdentities) -> None:
        self._view = view
        self._identities = identities

    def appearances(self, keys: Iterable[int]) -> dict[int, list[Appearance]]:
        """Live records of each entity, by (reported, record); one entry per record."""
        wanted = set(keys)
        found: dict[int, dict[int, Appearance]] = {}
        for query, those in (
            (_APPEARANCES, (key for key in wanted if key > 0)),
            (_VALUE_APPEARANCES, (key for key in wanted if key < 0)),
        ):
            for key, *row in self._view.rows_for(those, query):
                keep_clearest(found.setdefault(key, {}), appearance(*row))
        return {key: sorted(records.values(), key=by_time) for key, records in found.items()}

    def deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]:
        """Live deliveries into (up) or out of (down) the entities."""
        rows = self._view.noted.of(self._view.rows_for(keys, _LIVE_DELIVERIES[direction]), 3)
        return [delivery(row, direction) for row in rows]

    def withdrawn_deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]:
        """Deliveries of records that a withdrawal took back."""
        if not self._view.rows("MATCH (w:Withdrawal) RETURN true LIMIT 1"):
            return []
        rows = self._view.rows_for(keys, _WITHDRAWN_DELIVERIES[direction])
        return [delivery(row, direction) for row in rows]

    def held_lots(self, keys: Iterable[int]) -> dict[int, list[HeldLot]]:
        """Live lots in the hands of each entity, by (reported, record, key of the lot)."""
        found: dict[int, list[Row]] = {}
        for key, *row in self._view.rows_for(set(keys), _LOTS):
            found.setdefault(key, []).append(tuple(row))
        for rows in found.values():
            rows.sort(key=lambda row: (row[3], row[1], row[-1]))
        return {key: [HeldLot(*row[:-1]) for row in rows] for key, rows in found.items()}

    def users_of(self, value_key: int) -> list[int]:
        """Who uses a phone or account."""
        return sorted(key for (key,) in self._view.rows(_USERS, value=value_key))

    def values_used_by(self, keys: Iterable[int]) -> dict[int, list[int]]:
        """Phones and accounts of each entity."""
        found: dict[int, list[int]] = {}
        for key, value in self._view.rows_for(set(keys), _USED):
            found.setdefault(key, []).append(value)
        return {key: sorted(values) for key, values in found.items()}

    def edges_at(self, key: int, limit: int) -> list[Edge]:
        """Live edges of one entity, the last reported first."""
        return self._edges(self._view.rows(_EDGES_AT, key=key, limit=limit))

    def edges_among(self, keys: Iterable[int], limit: int) -> list[Edge]:
        """Live edges between these entities, the first ones stated."""
        return self._edges(self._view.rows(_EDGES_AMONG, keys=list(keys), limit=limit))

    def edges_of_records(self, record_hashes: Iterable[int]) -> list[Edge]:
        """Live edges that records state; those of one record by their keys."""
        return self._edges(self._view.rows_for(record_hashes, _EDGES_OF_RECORDS))

    def confirmations_of_records(self, record_hashes: Iterable[int]) -> dict[str, Confirmation]:
        """Who confirmed those of their live edges that are drawn by a person's word, by the edges' ids."""
        found = self._view.rows_for(record_hashes, _CONFIRMED)
        return {part_id("edg", hash_, key): confirmation(*word) for hash_, key, *word in found}

    def all_edges(self, batch: int) -> Iterator[Edge]:
        """All live edges, one by one, in the order in which they were first stated."""
        of_types = [self._of_type(type_, batch) for type_ in _TYPES]
        yield from (edge for _, edge in merge(*of_types, key=itemgetter(0)))

    def _of_type(self, type_: str, batch: int) -> Iterator[tuple[int, Edge]]:
        after = 0
        while rows := self._view.rows(_ALL_EDGES % type_, after=after, batch=batch):
            yield from zip((row[0] for row in rows), self._edges(rows), strict=True)
            after = rows[-1][0]

    def _edges(self, found: Iterable[Row]) -> list[Edge]:
        """The edges of these rows. Who is at their ends need not be asked for any more, nor where their
        records belong.
        """
        self._identities.make_room()
        edges = []
        for _, type_, key, record, *ends_and_rest in self._view.noted.of(found, 3):
            source, target, rest = ends_and_rest[:3], ends_and_rest[3:6], ends_and_rest[6:]
            self._identities.remember(*source)
            self._identities.remember(*target)
            edges.append(edge_of((key, hash64(record), record, _TYPES[type_], *rest), source[1], target[1]))
        return edges
