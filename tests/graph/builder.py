"""Builds small stores row by row, so that the reader is tested without the stages that write."""

from __future__ import annotations

import json
import sqlite3
from importlib import resources
from pathlib import Path

import msgspec

from graph.sqlite.format import APPLICATION_ID, VERSION
from graph.tokens import tokens_of_features, tokens_of_value
from schemas.alerts import Finding
from schemas.claims import Features, Identifier
from schemas.ids import hash64, whole_id
from schemas.times import instant

LIVE = 1 << 62
DAY = 86_400_000_000


def at(text: str) -> int:
    """Microseconds of a date or time, +08:00."""
    found = instant(text)
    assert found is not None
    return found


class StoreBuilder:
    """Each `record` is a transaction of its own, received on a day of January 2020."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        for name in ("schema.sql", "alerts.sql"):
            self.db.executescript(resources.files("graph.sqlite").joinpath(name).read_text("utf-8"))
        self.db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self.db.execute(f"PRAGMA user_version = {VERSION}")
        self.tx = 0
        self.profiles: dict[tuple[str, Features], int] = {}
        self.values: dict[tuple[str, str, str], int] = {}
        self.mentions: dict[tuple[str, str], int] = {}
        self.recs: dict[str, int] = {}

    def _insert(self, table: str, **row: object) -> int:
        marks = ", ".join("?" * len(row))
        sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"
        return self.db.execute(sql, tuple(row.values())).lastrowid

    def begin(self) -> int:
        """The next transaction; returns its number. Transaction n is received on January n, 2020."""
        self.tx += 1
        return self._insert("tx", tx=self.tx, received=self.moment(self.tx))

    def moment(self, tx: int) -> int:
        return at("2020-01-01") + (tx - 1) * DAY

    def record(self, name: str, *, reported: str = "2019-12-01", kind: str = "tip", **columns: object) -> int:
        """A live record; returns its key. `body` is what the log keeps."""
        self.begin()
        body = columns.pop("body", {"kind": kind, "text": "笑气"})
        rec = self._insert(
            "record",
            hash=hash64(name),
            name=name,
            kind=kind,
            reported=at(reported),
            source=name.split("/", maxsplit=1)[0],
            closed=LIVE,
            **{"revision": 1, "region": "460100", "lead": 1, "digest": b"", "opened": self.tx} | columns,
        )
        self._insert("log", rec=rec, received=self.moment(self.tx), body=json.dumps(body).encode())
        self.recs[name] = rec
        return rec

    def close_record(self, name: str) -> None:
        """Takes a record back in a transaction of its own, without a withdrawal."""
        self.begin()
        self.db.execute("UPDATE record SET closed = ? WHERE rec = ?", (self.tx, self.recs[name]))

    def copy(self, name: str, first: str, *, alike: float = 0.9, known_by: str | None = None) -> None:
        """A record is found to be a copy of another, in a transaction of its own."""
        self.begin()
        self._insert(
            "copy", rec=self.recs[name], first=self.recs[first], known_by=self.recs[known_by or first],
            alike=alike, opened=self.tx, closed=LIVE,
        )  # fmt: skip

    def close_copy(self, name: str) -> None:
        """A record is no longer taken for a copy, from a transaction of its own on."""
        self.begin()
        self.db.execute(
            "UPDATE copy SET closed = ? WHERE rec = ? AND closed = ?", (self.tx, self.recs[name], LIVE)
        )

    def withdraw(self, name: str, *, reported: str = "2019-12-31", reason: str | None = None) -> None:
        """A withdrawal, and what the owner does on it: record and lonely profiles are closed."""
        self.close_record(name)
        self._insert(
            "withdrawal", hash=hash64(name), name=name, reported=at(reported), reason=reason,
            received=self.moment(self.tx), digest=b"", tx=self.tx,
        )  # fmt: skip
        self.db.execute(
            """UPDATE assign SET closed = :tx WHERE closed = :live AND pid NOT IN (
                SELECT m.node FROM mention m JOIN record r ON r.rec = m.rec WHERE r.closed = :live)""",
            {"tx": self.tx, "live": LIVE},
        )

    def profile(self, type_: str, features: Features) -> int:
        key = (type_, features)
        if key not in self.profiles:
            packed = msgspec.msgpack.encode(features)
            pid = self._insert("profile", type=type_, hash=hash64(repr(features)), features=packed)
            self._insert("search", rowid=pid, tokens=tokens_of_features(features, type_))
            self.profiles[key] = pid
        return self.profiles[key]

    def mention(
        self, record: str, ref: str, type_: str = "person", *, role: str = "unknown",
        entity: tuple[str, str] | None = None, **features: object,
    ) -> int:  # fmt: skip
        """A mention of a resolved type; of the entity that begins at `entity`, else of its own."""
        pid = self.profile(type_, Features(**features))
        return self._mention(record, ref, pid, role, entity)

    def _mention(self, record: str, ref: str, pid: int, role: str, entity: tuple[str, str] | None) -> int:
        m = self._insert("mention", rec=self.recs[record], node=pid, ref=ref, role=role)
        self.mentions[record, ref] = m
        live = self.db.execute("SELECT ent FROM assign WHERE pid = ? AND closed = ?", (pid, LIVE)).fetchone()
        if live is None:
            ent = self.mentions[entity] if entity else m
            self._insert("assign", pid=pid, ent=ent, opened=self.tx, closed=LIVE)
        return m

    def value(self, record: str, type_: str, kind: str, value: str, ref: str | None = None) -> int:
        """A mention of a value, from text unless `ref` is given (`""` for neither); returns its node."""
        key = (type_, kind, value)
        if key not in self.values:
            v = self._insert("value", hash=hash64(*key), type=type_, kind=kind, value=value)
            self._insert("search", rowid=-v, tokens=tokens_of_value(kind, value))
            self.values[key] = v
        node = -self.values[key]
        span = {} if ref is not None else {"start": 3, "stop": 3 + len(value)}
        self._insert("mention", rec=self.recs[record], node=node, ref=ref or None, role="unknown", **span)
        return node

    def move(self, record: str, ref: str, entity: tuple[str, str]) -> None:
        """Merges or splits: the mention's profile goes over to the entity that begins at `entity`."""
        self.begin()
        pid = self.node(record, ref)
        self.db.execute("UPDATE assign SET closed = ? WHERE pid = ? AND closed = ?", (self.tx, pid, LIVE))
        self._insert("assign", pid=pid, ent=self.mentions[entity], opened=self.tx, closed=LIVE)

    def node(self, record: str, ref: str) -> int:
        m = self.mentions[record, ref]
        return self.db.execute("SELECT node FROM mention WHERE m = ?", (m,)).fetchone()[0]

    def edge(
        self, record: str, type_: str, source: str, target: str | int, *, key: str | None = None,
        earliest: str | None = None, latest: str | None = None, **columns: object,
    ) -> int:  # fmt: skip
        """An edge between two mentions (refs) of a record, or from a mention to a value's node."""
        src_m = self.mentions[record, source]
        to_value = isinstance(target, int)
        return self._insert(
            "edge",
            rec=self.recs[record],
            key=key or f"{type_}/{source}/{target}",
            type=type_,
            src=self.node(record, source),
            dst=target if to_value else self.node(record, target),
            src_m=src_m,
            dst_m=src_m if to_value else self.mentions[record, target],
            earliest=None if earliest is None else at(earliest),
            latest=at(latest or "2019-12-01"),
            **{"basis": "relation", "confidence": 0.9} | columns,
        )

    def confirm(self, edge: int, by: str, because: str, day: str) -> None:
        """Somebody's word by which an edge is drawn."""
        self._insert("confirmed", e=edge, by=by, because=because, at=at(day))

    def lot(self, record: str, key: str, holder: str, **columns: object) -> int:
        node = self.node(record, holder)
        return self._insert("lot", rec=self.recs[record], key=key, holder=node, **columns)

    def alert(self, finding: Finding) -> str:
        identifier = whole_id("alt", finding.rule, finding.key)
        self._insert(
            "alert", id=identifier, rule=finding.rule, key=finding.key,
            body=msgspec.json.encode(finding), subject=0, opened=self.tx, closed=LIVE,
        )  # fmt: skip
        return identifier

    def supply(self, name: str, source: str, target: str, **edge: object) -> None:
        """A record in which one named person supplies another; names are identities here."""
        self.record(name)
        for ref, who in (("s", source), ("t", target)):
            self.mention(name, ref, name=who)
        self.edge(name, "supplied", "s", "t", **edge)


def phone(number: str) -> Identifier:
    return Identifier("phone", number)
