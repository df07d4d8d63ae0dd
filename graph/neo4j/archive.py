"""Records and alerts as the graph in Neo4j keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from graph.neo4j.model import COPY_OF, of
from graph.neo4j.view import Row, View, live
from graph.port import MOST_COPIES, CopyOf, Place, Processed, Received, RecordCopy
from graph.portraits import Sees, all_seen
from graph.said import about, belongings, latest, places, since
from schemas.alerts import Finding
from schemas.claims import TextMention
from schemas.ids import hash64


def _revisions() -> str:
    """A subquery: what came of the record of which `key` is the hash and the name, as `r`."""
    each = (
        f"MATCH (r:{label} {{hash: key[0]}}) WHERE r.name = key[1] AND r.opened <= $tx RETURN r"
        for label in ("Record", "WasRecord")
    )
    return f"CALL (key) {{ {' UNION ALL '.join(each)} }}"


_COPY = of(COPY_OF)
_RECORDS = f"""UNWIND $keys AS key CALL (key) {{
    {_revisions()} WITH r, {live("r")} AS lives
    RETURN r, lives ORDER BY lives DESC, r.revision DESC, r.rec DESC LIMIT 1 }}
RETURN r.name, r.kind, r.revision, r.reported_us, r.received_us, lives, r.body, r.read, r.flags,
    COLLECT {{ MATCH (r)-[c:{_COPY}]->(o) WHERE {live("c")}
        RETURN [o.name, c.known_by, c.alike] ORDER BY c.copy }},
    COLLECT {{ MATCH (r)<-[c:{_COPY}]-(o) WHERE {live("c")}
        RETURN o.name ORDER BY o.reported_us, o.name LIMIT {MOST_COPIES} }},
    COLLECT {{ MATCH (w:Withdrawal {{hash: key[0]}}) WHERE NOT lives AND w.name = key[1] AND w.opened <= $tx
        RETURN coalesce(w.reason, '') ORDER BY w.reported_us DESC LIMIT 1 }},
    r.worker, r.topic, r.partition, r.offset"""
_NODES = f"""UNWIND $keys AS key {_revisions()} WITH r WHERE {live("r")}
MATCH (r)-[:MENTIONS]->(n) RETURN DISTINCT r.name, coalesce(n.pid, n.key)"""
_BELONGINGS = f"""UNWIND $keys AS key
CALL (key) {{
    MATCH (r:Record {{hash: key}}) RETURN r UNION ALL MATCH (r:WasRecord {{hash: key}}) RETURN r }}
WITH r WHERE r.opened <= $tx RETURN r.name, r.region, r.case, {live("r")}, r.revision, r.rec"""
_LAST = f"""CALL () {{
    MATCH (r:Record) WHERE r.rec < $before RETURN r ORDER BY r.rec DESC LIMIT $batch
    UNION ALL MATCH (r:WasRecord) WHERE r.rec < $before RETURN r ORDER BY r.rec DESC LIMIT $batch }}
WITH r ORDER BY r.rec DESC LIMIT $batch
RETURN r.rec, r.name, r.kind, r.case, r.reported_us, r.received_us, {live("r")}"""
_SPOKEN_WHERE = f"""MATCH (:Entity {{key: $key}})<-[m:MENTIONS]-(r) WHERE {live("r")}
WITH r, min(m.m) AS said WHERE said > $after
RETURN said, r.name, r.region, r.case ORDER BY said LIMIT $limit"""
_SPOKEN_OFTEN = f"""UNWIND $keys AS key MATCH (:Entity {{key: key}})<-[:MENTIONS]-(r) WHERE {live("r")}
RETURN key, r.region, r.case, count(DISTINCT r)"""
_LIVE_ALERTS = f"""MATCH (a:Alert|WasAlert) WHERE {live("a")} AND a.id > $after
RETURN a.id, a.body ORDER BY a.id LIMIT $batch"""
_WITHDRAWN_ALERTS = """MATCH (a:WasAlert) WHERE a.closed <= $tx AND a.id > $after
AND NOT EXISTS { MATCH (o:Alert {id: a.id}) WHERE o.opened <= $tx }
AND NOT EXISTS { MATCH (o:WasAlert {id: a.id}) WHERE o.opened <= $tx AND (o.closed > $tx OR o.a > a.a) }
RETURN a.id, a.body ORDER BY a.id LIMIT $batch"""
_ALERT = f"""CALL () {{
    MATCH (a:Alert {{id: $id}}) RETURN a UNION ALL MATCH (a:WasAlert {{id: $id}}) RETURN a }}
WITH a, {live("a")} AS lives WHERE a.opened <= $tx
RETURN a.body, lives ORDER BY lives DESC, a.a DESC LIMIT 1"""
_AT_ONCE = 1000
_FURTHER = 20_000
"""Records in the pages after the first, with which most are content: each page looks at all that speak of a
value, in order not to lose any."""

_finding = msgspec.json.Decoder(Finding).decode


class Archive:
    """Reads records, withdrawals and alerts within one view."""

    def __init__(self, view: View) -> None:
        self._view = view

    def records(self, names: Iterable[str]) -> list[RecordCopy]:
        """Of each known record the live revision, else the last one, in the order of the names."""
        wanted = list(names)
        found = {row[0]: _copy(row) for row in self._view.rows_for(_hashed(wanted), _RECORDS)}
        return [found[name] for name in wanted if name in found]

    def nodes_of_records(self, names: Iterable[str]) -> Iterator[tuple[str, int]]:
        """Each record's name with the nodes that its live revision speaks of."""
        return ((name, node) for name, node in self._view.rows_for(_hashed(names), _NODES))

    def belongings(self, names: Iterable[str]) -> Iterator[tuple[str, str, str | None]]:
        """Name, region and case of each record that is known: of its live revision, else of its last."""
        wanted = set(names)
        yield from self._view.noted.among(wanted)
        missing = self._view.noted.missing(wanted)
        yield from belongings(missing, lambda hashes: self._view.rows_for(hashes, _BELONGINGS))

    def places(self, hashes: Iterable[int]) -> Iterator[tuple[int, str, str | None]]:
        """Hash of the name, region and case of the records whose names have these hashes."""
        return places(hashes, lambda wanted: self._view.rows_for(wanted, _BELONGINGS))

    def received_since(self, moment: int) -> Iterator[Received]:
        """Live records received after a moment, the last ones first."""
        return since(moment, lambda before: self._view.rows(_LAST, before=before, batch=_AT_ONCE))

    def spoken_where(self, key: int) -> Iterator[tuple[str, str, str | None]]:
        """Name, region and case of the live records that speak of a value, each once, as they came."""
        after, limit = -1, _AT_ONCE
        while rows := self._view.rows(_SPOKEN_WHERE, key=key, after=after, limit=limit):
            yield from (tuple(row[1:]) for row in rows)
            if len(rows) < limit:
                return
            after, limit = rows[-1][0], _FURTHER

    def spoken_often(self, keys: Iterable[int], most: int, sees: Sees = all_seen) -> dict[int, int]:
        """How many live records that may be seen speak of each value; nobody counts further than `most`."""
        found = dict.fromkeys(keys, 0)
        for key, region, case, count in self._view.rows_for(found, _SPOKEN_OFTEN):
            if sees(region, case):
                found[key] = min(most, found[key] + count)
        return found

    def findings(self, *, withdrawn: bool = False) -> Iterator[tuple[str, Finding]]:
        """Live alerts by id; or those taken back, as they were last."""
        query, after = _WITHDRAWN_ALERTS if withdrawn else _LIVE_ALERTS, ""
        while rows := self._view.rows(query, after=after, batch=_AT_ONCE):
            yield from ((identifier, _finding(body)) for identifier, body in rows)
            after = rows[-1][0]

    def finding(self, identifier: str) -> tuple[Finding, bool] | None:
        """An alert and whether it is live (else its evidence was taken back)."""
        found = self._view.rows(_ALERT, id=identifier)
        return (_finding(found[0][0]), found[0][1]) if found else None

    def findings_about(self, identifiers: Iterable[str]) -> Iterator[tuple[str, Finding]]:
        """Live alerts that name one of these entities, by id."""
        return about(self.findings(), identifiers)

    def latest_findings(self, before: Place | None = None) -> Iterator[tuple[str, Finding]]:
        """Live alerts, the last raised first."""
        return latest(self.findings(), before)


def _hashed(names: Iterable[str]) -> list[list[int | str]]:
    return [[hash64(name), name] for name in names]


def _copy(row: Row) -> RecordCopy:
    record, kind, revision, reported, received, lives, body, read, flags, *more = row
    copy_of, copies, reasons, *processed = more
    return RecordCopy(
        record=record,
        kind=kind,
        revision=revision,
        reported=reported,
        received=received,
        live=lives,
        withdrawn_because=(reasons[0] or "no reason given") if reasons else None,
        body=msgspec.json.decode(body, type=dict[str, Any]),
        read=msgspec.json.decode(read, type=tuple[TextMention, ...]) if read else (),
        flags=tuple(flags.split(" ")) if flags else (),
        processed=None if processed[0] is None else Processed(*processed),
        copy_of=tuple(CopyOf(*each) for each in copy_of),
        copies=tuple(copies),
    )
