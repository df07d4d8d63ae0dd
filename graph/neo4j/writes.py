"""What each kind of row of a change does to the graph: one statement for all rows of a kind.

A statement takes `$rows` and `$seq`. Rows are made here; they hold what Neo4j can store, texts that people
read beside what programs compare. What begins is put in by one statement, whose parts are those of the kinds:
a change of few records, of which there are many, costs one way to the server and back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from graph.neo4j.model import COPY_OF, FACTS, PLACES, was
from graph.tokens import tokens_of_features, tokens_of_value
from schemas.changes import (
    AlertRaised,
    Belongs,
    Change,
    EntityKnown,
    Fact,
    FactClosed,
    LotListed,
    LotTaken,
    Mentioned,
    ProfileMade,
    RecordCame,
    Withdrawn,
)
from schemas.ids import hash64
from schemas.times import iso

Rows = list[Any]

_encode = msgspec.json.encode


class Write(NamedTuple):
    """A statement with the rows it is run for."""

    statement: str
    rows: Rows


def ended(change: Change) -> Iterator[Write]:
    """The statements for what a change ends, in order; those without rows are left out."""
    for field, step in _ENDS.items():
        if given := getattr(change, field):
            yield from (write for write in step(given) if write.rows)


def begun(change: Change) -> dict[str, Rows]:
    """The parameters of `BEGIN`: what a change begins, to be put in after what it ends."""
    return {name: rows(change) for name, (_, rows) in _BEGINS.items()}


# --- what ends ------------------------------------------------------------------------------------

_END = """UNWIND $rows AS row MATCH (a)-[f:{type} {{{key}: row}}]->(b)
CREATE (a)-[w:{was}]->(b) SET w = properties(f), w.closed = $seq DELETE f"""
_LEFT = """UNWIND $rows AS row MATCH (p:Profile {pid: row[0]})-[f:OF]->(e:Entity {key: row[1]})
CREATE (p)-[w:WAS_OF]->(e) SET w = properties(f), w.closed = $seq DELETE f"""
_RECORDS_CLOSED = """UNWIND $rows AS row MATCH (r:Record {rec: row})
SET r.closed = $seq, r:WasRecord REMOVE r:Record"""
_ALERTS_CLOSED = """UNWIND $rows AS row MATCH (a:Alert {a: row})
SET a.closed = $seq, a:WasAlert REMOVE a:Alert"""
_ENTITIES_CLOSED = """UNWIND $rows AS row MATCH (e:Entity {key: row})
WITH e, toUpper(left(e.type, 1)) + substring(e.type, 1) AS label
SET e.closed = e.closed + $seq, e:$('Was' + label) REMOVE e:$(label)"""


def _ended(type_: str, key: str, keys: Rows) -> Write:
    return Write(_END.format(type=type_, key=key, was=was(type_)), keys)


def _facts_closed(rows: Sequence[FactClosed]) -> Iterator[Write]:
    by_type: defaultdict[str, Rows] = defaultdict(list)
    for row in rows:
        by_type[row.type].append(row.edge)
    yield from (_ended(FACTS[type_], "edge", edges) for type_, edges in by_type.items())


def _lots_taken(rows: Sequence[LotTaken]) -> Iterator[Write]:
    for inside, type_ in PLACES.items():
        yield _ended(type_, "lot", [row.lot for row in rows if row.inside == inside])


# --- what begins ----------------------------------------------------------------------------------


def _fields(names: Iterable[str], start: int = 0) -> str:
    """A map of Cypher from the items of a row; what is null there is not stored.

    >>> _fields(["rec", "name"], 2)
    'rec: row[2], name: row[3]'
    """
    return ", ".join(f"{name}: row[{number}]" for number, name in enumerate(names, start))


_RECORD = (
    "rec", "name", "kind", "revision", "source", "region", "case", "operation", "line", "checkpoint",
    "outcome", "grade", "doubts", "lead", "body", "read", "flags", "worker", "topic", "partition",
    "offset",
)  # fmt: skip
_RECORD_MADE = ("hash", "reported", "reported_us", "received", "received_us")
"""What is made of a record's row besides."""
_RECORDS = f"""UNWIND $rows AS row
CREATE (:%s {{{_fields((*_RECORD, *_RECORD_MADE))}, opened: $seq, closed: %s}})"""
_COPIES = f"""UNWIND $rows AS row MATCH (r:Record {{rec: row[1]}}) MATCH (o:Record {{rec: row[2]}})
CREATE (r)-[:{COPY_OF} {{copy: row[0], known_by: row[3], alike: row[4], opened: $seq}}]->(o)"""
_PROFILES = f"""UNWIND $rows AS row
CREATE (:Profile {{{_fields(("pid", "type", "name", "aliases", "numbers", "features", "tokens"))}}})"""
_ENTITY = ("label", "names", "numbers", "id", "type", "kind", "value", "tokens")
_ENTITIES_FRESH = f"""UNWIND $rows AS row MERGE (e:Entity {{key: row[0]}})
ON CREATE SET e.opened = [$seq], e.closed = []
ON MATCH SET e.opened = e.opened + $seq
SET e += {{{_fields(_ENTITY, 2)}, since: $seq}}, e:$(row[1])
WITH e, row WHERE size(e.opened) > 1 REMOVE e:$('Was' + row[1])"""
_ENTITIES_RENAMED = """UNWIND $rows AS row MATCH (e:Entity {key: row[0]})
SET e.since = CASE e.label WHEN row[1] THEN e.since ELSE $seq END
SET e.label = row[1], e.names = row[2], e.numbers = row[3]"""
_JOINED = """UNWIND $rows AS row MATCH (p:Profile {pid: row[0]}) MATCH (e:Entity {key: row[1]})
CREATE (p)-[:OF {opened: $seq}]->(e)"""
_MENTIONS = """UNWIND $rows AS row MATCH (r:Record {rec: row[0]})
UNWIND row[1] AS said MATCH (n:%s {%s: said[0]})
CREATE (r)-[:MENTIONS {m: said[1], ref: said[2], start: said[3], stop: said[4], role: said[5]}]->(n)"""
_FACT = (
    "edge", "rec", "record", "key", "basis", "confidence", "earliest", "earliest_us", "latest", "latest_us",
    "days", "substance", "quantity", "unit", "amount", "source_node", "target_node", "confirmed_by",
    "confirmed_because", "confirmed", "confirmed_us",
)  # fmt: skip
_FACTS = f"""UNWIND $rows AS row MATCH (a:Entity {{key: row[0]}}) MATCH (b:Entity {{key: row[1]}})
CREATE (a)-[:$(row[2]) {{{_fields(_FACT, 3)}, opened: $seq}}]->(b)"""
_LOT = ("key", "substance", "quantity", "unit", "grams")
_LOTS = f"""UNWIND $rows AS row MATCH (r:Record {{rec: row[0]}})
CREATE (r)-[:LISTS]->(:Lot {{{_fields(("lot", *_LOT), 1)}}})"""
_PLACED = """UNWIND $rows AS row MATCH (l:Lot {lot: row[0]}) MATCH (e:Entity {key: row[1]})
CREATE (l)-[:$(row[2]) {lot: row[0], opened: $seq}]->(e)"""
_ALERT = ("a", "id", "rule", "severity", "raised", "region", "cases", "records", "reasons", "against", "body")
_ALERTS = f"UNWIND $rows AS row CREATE (:%s {{{_fields(_ALERT)}, opened: $seq%s}})"
_ABOUT = """UNWIND $rows AS row MATCH (a:Alert {a: row[0]}) MATCH (e:Entity {id: row[1]})
CREATE (a)-[:ABOUT]->(e)"""
_RESTS_ON = """UNWIND $rows AS row MATCH (a:Alert {a: row[0]}) MATCH (r:Record {rec: row[1]})
CREATE (a)-[:RESTS_ON]->(r)"""
_WITHDRAWAL = ("n", "name", "hash", "reported", "reported_us", "reason")
_MOMENTS = "UNWIND $rows AS row CREATE (:Transaction {seq: $seq, received: row})"
_WITHDRAWALS = f"UNWIND $rows AS row CREATE (:Withdrawal {{{_fields(_WITHDRAWAL)}, opened: $seq}})"


def _record(row: RecordCame) -> Rows:
    return [
        *(getattr(row, name) for name in _RECORD),
        hash64(row.name), shown(row.reported), row.reported, shown(row.received), row.received,
    ]  # fmt: skip


def _profile(row: ProfileMade) -> Rows:
    features = row.features
    numbers = [each.value for each in (*features.identifiers, *features.masked)]
    return [
        row.pid, row.type, features.name or None, features.aliases or None, numbers or None,
        _encode(features).decode(), tokens_of_features(features, row.type),
    ]  # fmt: skip


def _fresh(row: EntityKnown) -> Rows:
    tokens = None if row.kind is None or row.value is None else tokens_of_value(row.kind, row.value)
    return [
        row.key, row.type.capitalize(), row.label, row.names, row.numbers, row.id, row.type, row.kind,
        row.value, tokens,
    ]  # fmt: skip


def _said(rows: Iterable[Mentioned]) -> Rows:
    """Grouped by record, so that each record is looked up once."""
    of_record: defaultdict[int, Rows] = defaultdict(list)
    for row in rows:
        of_record[row.rec].append([row.node, row.m, row.ref, row.start, row.stop, row.role])
    return [[rec, said] for rec, said in of_record.items()]


def _fact(row: Fact) -> Rows:
    return [
        row.source, row.target, FACTS[row.type], row.edge, row.rec, row.record, row.key, row.basis,
        row.confidence, shown(row.earliest), row.earliest, shown(row.latest), row.latest,
        days(row.earliest, row.latest), row.substance, row.quantity, row.unit, row.amount, row.source_node,
        row.target_node, row.confirmed_by, row.confirmed_because, shown(row.confirmed_at), row.confirmed_at,
    ]  # fmt: skip


def _lot(row: LotListed) -> Rows:
    return [row.rec, row.lot, *(getattr(row, name) for name in _LOT)]


def _alert(row: AlertRaised) -> Rows:
    one = row.finding
    return [
        row.a, row.id, one.rule, one.severity, shown(one.raised), one.region, one.cases, one.records,
        one.reasons, one.against, _encode(one).decode(),
    ]  # fmt: skip


def _withdrawal(row: Withdrawn) -> Rows:
    return [row.n, row.name, hash64(row.name), shown(row.reported), row.reported, row.reason]


@lru_cache(maxsize=4096)
def shown(moment: int | None) -> str | None:
    """A moment as people read it in Neo4j Browser, in China's time; texts of this form sort by time.

    >>> shown(1_559_567_640_000_000)
    '2019-06-03 21:14:00'
    """
    return None if moment is None else iso(moment)[:19].replace("T", " ")


def days(earliest: int | None, latest: int | None) -> str | None:
    """From which day to which, short enough to stand on an edge in Neo4j Browser.

    >>> days(1_559_567_640_000_000, 1_559_567_640_000_000), days(1_559_567_640_000_000, 1_561_800_000_000_000)
    ('2019-06-03', '2019-06-03/29')
    """
    first, last = ((shown(moment) or "")[:10] for moment in (earliest, latest))
    if not first or not last or first == last:
        return first or last or None
    same = next((length for length in (8, 5) if first[:length] == last[:length]), 0)
    return f"{first}/{last[same:]}"


def _profiles_left(rows: Sequence[Belongs]) -> Iterator[Write]:
    yield Write(_LEFT, [[row.pid, row.entity] for row in rows])


def _copies_lost(rows: Sequence[int]) -> Iterator[Write]:
    yield _ended(COPY_OF, "copy", list(rows))


def _keys(statement: str) -> Callable[[Sequence[int]], Iterator[Write]]:
    def step(rows: Sequence[int]) -> Iterator[Write]:
        yield Write(statement, list(rows))

    return step


_ENDS: dict[str, Callable[[Any], Iterable[Write]]] = {
    "facts_closed": _facts_closed,
    "lots_taken": _lots_taken,
    "profiles_left": _profiles_left,
    "copies_lost": _copies_lost,
    "records_closed": _keys(_RECORDS_CLOSED),
    "alerts_closed": _keys(_ALERTS_CLOSED),
    "entities_closed": _keys(_ENTITIES_CLOSED),
}
"""By the fields of a change, in their order."""

_BEGINS: dict[str, tuple[str, Callable[[Change], Rows]]] = {
    "withdrawals": (_WITHDRAWALS, lambda change: [_withdrawal(row) for row in change.withdrawals]),
    "records": (
        _RECORDS % ("Record", "null"),
        lambda change: [_record(row) for row in change.records if row.live],
    ),
    # a revision that never came into force is closed by the transaction that received it
    "was_records": (
        _RECORDS % ("WasRecord", "$seq"),
        lambda change: [_record(row) for row in change.records if not row.live],
    ),
    "copies": (
        _COPIES,
        lambda change: [[row.copy, row.rec, row.first, row.known_by, row.alike] for row in change.copies],
    ),
    "profiles": (_PROFILES, lambda change: [_profile(row) for row in change.profiles]),
    "fresh": (_ENTITIES_FRESH, lambda change: [_fresh(row) for row in change.entities if row.fresh]),
    "renamed": (
        _ENTITIES_RENAMED,
        lambda change: [
            [row.key, row.label, row.names, row.numbers] for row in change.entities if not row.fresh
        ],
    ),
    "joined": (_JOINED, lambda change: [[row.pid, row.entity] for row in change.profiles_joined]),
    "of_profiles": (
        _MENTIONS % ("Profile", "pid"),
        lambda change: _said(row for row in change.mentions if row.node > 0),
    ),
    "of_values": (
        _MENTIONS % ("Entity", "key"),
        lambda change: _said(row for row in change.mentions if row.node < 0),
    ),
    "facts": (_FACTS, lambda change: [_fact(row) for row in change.facts]),
    "lots": (_LOTS, lambda change: [_lot(row) for row in change.lots]),
    "placed": (
        _PLACED,
        lambda change: [[row.lot, row.entity, PLACES[row.inside]] for row in change.lots_placed],
    ),
    "alerts": (
        _ALERTS % ("Alert", ""),
        lambda change: [_alert(row) for row in change.alerts if row.live],
    ),
    "was_alerts": (
        _ALERTS % ("WasAlert", ", closed: $seq"),
        lambda change: [_alert(row) for row in change.alerts if not row.live],
    ),
    "about": (
        _ABOUT,
        lambda change: [[row.a, id_] for row in change.alerts if row.live for id_ in row.finding.entities],
    ),
    "rests_on": (
        _RESTS_ON,
        lambda change: [[row.a, rec] for row in change.alerts if row.live for rec in row.recs],
    ),
    "moments": (
        _MOMENTS,
        lambda change: [change.received] if change.part == change.parts else [],
    ),
}
"""In the order in which they are put in, by the names of their rows."""

BEGIN = "\n".join(
    f"CALL () {{ {statement.replace('$rows', f'$begun.{name}')} }}"
    for name, (statement, _) in _BEGINS.items()
)
"""One statement, whose rows come in one map: for lists of their own Neo4j makes a plan for every order of
magnitude of each, and planning takes longer than doing."""
