"""Records and alerts as they are kept: what an answer goes back to when it is asked why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec

from graph.port import MOST_COPIES, CopyOf, Place, Processed, Received, RecordCopy
from graph.portraits import Sees, all_seen
from graph.said import about, belongings, latest, places, since
from graph.sqlite.view import LIVE_RECORD, View
from schemas.alerts import Finding
from schemas.claims import TextMention
from schemas.ids import hash64

_RECORDS = """SELECT r.rec, r.name, r.kind, r.revision, r.reported, r.opened < r.closed AND r.closed > :tx,
    l.received, l.body, l.read, l.flags, p.worker, p.topic, p.part, p.position
    FROM record r CROSS JOIN log l ON l.rec = r.rec LEFT JOIN provenance p ON p.rec = r.rec
    WHERE r.hash = :hash AND r.name = :name AND r.opened <= :tx
    ORDER BY (r.opened < r.closed AND r.closed > :tx) DESC, r.revision DESC, r.rec DESC LIMIT 1"""
_WITHDRAWN = """SELECT reported, reason FROM withdrawal WHERE hash = :hash AND name = :name AND tx <= :tx
    ORDER BY reported DESC LIMIT 1"""
_COPY_OF = """SELECT f.name, k.name, c.alike FROM copy c CROSS JOIN record f ON f.rec = c.first
    CROSS JOIN record k ON k.rec = c.known_by WHERE c.rec = :rec AND c.opened <= :tx AND c.closed > :tx
    ORDER BY c.c"""
_COPIES = """SELECT r.name FROM copy c CROSS JOIN record r ON r.rec = c.rec
    WHERE c.first = :rec AND c.opened <= :tx AND c.closed > :tx ORDER BY r.reported, r.name LIMIT :most"""
_NODES_OF = f"""SELECT DISTINCT m.node FROM record r CROSS JOIN mention m ON m.rec = r.rec
    WHERE r.hash = :hash AND r.name = :name AND {LIVE_RECORD}"""
_BELONGINGS = """SELECT r.name, r.region, r.case_no,
    (r.opened < r.closed AND r.closed > :tx), r.revision, r.rec
    FROM json_each(:keys) k CROSS JOIN record r ON r.hash = k.value WHERE r.opened <= :tx"""
_LAST = f"""SELECT r.rec, r.name, r.kind, r.case_no, r.reported, l.received, {LIVE_RECORD}
    FROM record r CROSS JOIN log l ON l.rec = r.rec WHERE r.rec < :before ORDER BY r.rec DESC LIMIT :batch"""
_SPOKEN_WHERE = f"""SELECT DISTINCT r.name, r.region, r.case_no
    FROM mention m CROSS JOIN record r ON r.rec = m.rec WHERE m.node = :node AND {LIVE_RECORD}"""
_LIVE_ALERTS = "SELECT id, body FROM alert WHERE opened <= :tx AND closed > :tx ORDER BY id"
_WITHDRAWN_ALERTS = """SELECT id, body FROM alert WHERE opened <= :tx AND closed <= :tx AND NOT EXISTS (
    SELECT 1 FROM alert o WHERE o.id = alert.id AND o.opened <= :tx AND (o.closed > :tx OR o.a > alert.a))
    ORDER BY id"""
_RAISED = "json_extract(CAST(body AS TEXT), '$.raised')"
_LATEST_ALERTS = f"""SELECT id, body FROM alert WHERE opened <= :tx AND closed > :tx
    AND ({_RAISED} < :raised OR {_RAISED} = :raised AND id < :id) AND {_RAISED} <= :raised
    ORDER BY {_RAISED} DESC, id DESC LIMIT :batch"""
_ALERTS_ABOUT = """SELECT t.id, t.body FROM json_each(:keys) k CROSS JOIN about b ON b.entity = k.value
    CROSS JOIN alert t ON t.a = b.a WHERE t.opened <= :tx AND t.closed > :tx"""
_KNOWS_ABOUT = "SELECT 1 FROM sqlite_schema WHERE name = 'about'"
_ALERT = """SELECT body, closed > :tx FROM alert WHERE id = :id AND opened <= :tx
    ORDER BY closed > :tx DESC, a DESC LIMIT 1"""
_AT_ONCE = 200
_NEVER = (1 << 63) - 1


class Archive:
    """Reads records, withdrawals and alerts within one view."""

    def __init__(self, view: View) -> None:
        self._view = view

    def records(self, names: Iterable[str]) -> list[RecordCopy]:
        """Of each known record the live revision, else the last one, in the order of the names."""
        return [kept for name in names if (kept := self._record(name)) is not None]

    def _record(self, name: str) -> RecordCopy | None:
        found = self._view.rows(_RECORDS, hash=hash64(name), name=name)
        if not found:
            return None
        rec, record, kind, revision, reported, live, received, body, read, flags, *processed = found[0]
        return RecordCopy(
            record=record,
            kind=kind,
            revision=revision,
            reported=reported,
            received=received,
            live=bool(live),
            withdrawn_because=None if live else self._reason(name),
            body=_parsed(body),
            read=msgspec.json.decode(read, type=tuple[TextMention, ...]) if read else (),
            flags=tuple(flags.split(" ")) if flags else (),
            processed=None if processed[0] is None else Processed(*processed),
            copy_of=tuple(CopyOf(*row) for row in self._view.rows(_COPY_OF, rec=rec)),
            copies=tuple(name for (name,) in self._view.rows(_COPIES, rec=rec, most=MOST_COPIES)),
        )

    def _reason(self, name: str) -> str | None:
        found = self._view.rows(_WITHDRAWN, hash=hash64(name), name=name)
        return (found[0][1] or "no reason given") if found else None

    def nodes_of_records(self, names: Iterable[str]) -> Iterator[tuple[str, int]]:
        """Each record's name with the nodes that its live revision speaks of."""
        for name in names:
            yield from ((name, node) for (node,) in self._view.rows(_NODES_OF, hash=hash64(name), name=name))

    def belongings(self, names: Iterable[str]) -> Iterator[tuple[str, str, str | None]]:
        """Name, region and case of each record that is known: of its live revision, else of its last."""
        wanted, noted = set(names), self._view.noted
        missing = wanted
        if noted is not None:
            yield from noted.among(wanted)
            missing = noted.missing(wanted)
        if missing:
            yield from belongings(missing, lambda hashes: self._view.rows_for(hashes, _BELONGINGS))

    def places(self, hashes: Iterable[int]) -> Iterator[tuple[int, str, str | None]]:
        """Hash of the name, region and case of the records whose names have these hashes."""
        return places(hashes, lambda wanted: self._view.rows_for(wanted, _BELONGINGS))

    def received_since(self, moment: int) -> Iterator[Received]:
        """Live records received after a moment, the last ones first: keys grow with time."""
        return since(moment, lambda before: self._view.rows(_LAST, before=before, batch=_AT_ONCE))

    def spoken_where(self, key: int) -> Iterator[tuple[str, str, str | None]]:
        """Name, region and case of the live records that speak of a value, each once, as they came."""
        return self._view.stream(_SPOKEN_WHERE, node=key)

    def spoken_often(self, keys: Iterable[int], most: int, sees: Sees = all_seen) -> dict[int, int]:
        """How many live records that may be seen speak of each value; nobody counts further than `most`."""
        found = {}
        for key in set(keys):
            seen = (1 for _, region, case in self.spoken_where(key) if sees(region, case))
            found[key] = sum(islice(seen, most))
        return found

    def findings(self, *, withdrawn: bool = False) -> Iterator[tuple[str, Finding]]:
        """Live alerts by id; or those taken back, as they were last."""
        for identifier, body in self._view.stream(_WITHDRAWN_ALERTS if withdrawn else _LIVE_ALERTS):
            yield identifier, msgspec.json.decode(body, type=Finding)

    def finding(self, identifier: str) -> tuple[Finding, bool] | None:
        """An alert and whether it is live (else its evidence was taken back)."""
        found = self._view.rows(_ALERT, id=identifier)
        if not found:
            return None
        return msgspec.json.decode(found[0][0], type=Finding), bool(found[0][1])

    def findings_about(self, identifiers: Iterable[str]) -> Iterator[tuple[str, Finding]]:
        """Live alerts that name one of these entities, by id."""
        if not self._view.rows(_KNOWS_ABOUT):  # its owner has not opened it since there is this table
            yield from about(self.findings(), identifiers)
            return
        found: dict[str, bytes] = dict(self._view.rows_for_texts(identifiers, _ALERTS_ABOUT))
        yield from ((id_, msgspec.json.decode(found[id_], type=Finding)) for id_ in sorted(found))

    def latest_findings(self, before: Place | None = None) -> Iterator[tuple[str, Finding]]:
        """Live alerts, the last raised first; in pieces, for who asks for a few leaves no statement open."""
        if not self._view.rows(_KNOWS_ABOUT):
            yield from latest(self.findings(), before)
            return
        raised, id_ = before or (_NEVER, "")
        while rows := self._view.rows(_LATEST_ALERTS, raised=raised, id=id_, batch=_AT_ONCE):
            for id_, body in rows:
                finding = msgspec.json.decode(body, type=Finding)
                raised = finding.raised
                yield id_, finding


def _parsed(body: bytes) -> dict[str, Any]:
    return msgspec.json.decode(body, type=dict[str, Any])
