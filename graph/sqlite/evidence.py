"""The SQLite reader with the questions of the alert rules, answered for a batch at a time."""

from __future__ import annotations

import sqlite3
from bisect import insort
from collections.abc import Iterable

from msgspec import structs

from graph.port import Appearance, Direction, ReportedDelivery
from graph.portraits import Portrait, features_of
from graph.said import appearance, by_time, keep_clearest
from graph.sqlite.facts import APPEARANCE_COLUMNS, USERS
from graph.sqlite.reader import SqliteReader
from graph.sqlite.view import LIVE_RECORD, NODES
from schemas.claims import Mention, MentionType

_TYPES = """SELECT k.value, (SELECT p.type FROM assign a CROSS JOIN profile p ON p.pid = a.pid
    WHERE a.ent = k.value AND a.closed > :tx AND a.opened <= :tx LIMIT 1) AS of_type
    FROM json_each(:keys) k WHERE of_type IS NOT NULL"""
_VALUE_TYPES = f"""SELECT k.value, v.type FROM json_each(:keys) k CROSS JOIN value v ON v.v = -k.value
    WHERE EXISTS (SELECT 1 FROM mention m CROSS JOIN record r ON r.rec = m.rec
        WHERE m.node = k.value AND {LIVE_RECORD})"""
_USERS = f"{USERS} LIMIT :limit"
_GOODS = """SELECT k.value FROM json_each(:keys) k WHERE EXISTS (
    SELECT 1 FROM lot l WHERE l.rec = k.value)"""
_FEATURES = f"""WITH {NODES} SELECT n.ent, p.features FROM node n CROSS JOIN profile p ON p.pid = n.node"""

_OF_NODE = f"""SELECT {APPEARANCE_COLUMNS}, m.ref, m.start, m.stop
    FROM mention m CROSS JOIN record r ON r.rec = m.rec WHERE m.node = :node AND {LIVE_RECORD}"""
_MANY = 64
"""Records of one entity from which they are kept."""


class _Kept:
    """The records of one busy entity, in order, and what they call it (once somebody asked)."""

    def __init__(self, in_order: list[Appearance]) -> None:
        self.in_order = in_order
        self.portrait: Portrait | None = None
        self._by_record = {each.rec: each for each in in_order}

    def add(self, seen: Appearance) -> None:
        known = self._by_record.get(seen.rec)
        keep_clearest(self._by_record, seen)
        if known is None:
            insort(self.in_order, seen, key=by_time)
        elif self._by_record[seen.rec] is not known:
            self.in_order[self.in_order.index(known)] = seen

    def told_first(self, rec: int, by: tuple[str, ...]) -> None:
        known = self._by_record[rec]
        self._by_record[rec] = told = structs.replace(known, copy_of=by)
        self.in_order[self.in_order.index(known)] = told

    def remove(self, rec: int) -> None:
        if (known := self._by_record.pop(rec, None)) is not None:
            self.in_order.remove(known)


class SqliteEvidence(SqliteReader):
    """`graph.port.EvidenceReader`; made by the owner on its own connection, it sees the open batch.

    The records and names of those of whom there are very many are kept from batch to batch, because to
    read thousands of rows for every new one would make a busy person slow. The owner says with
    `changed`, `lost`, `joined`, `gained` and `copied`, in this order, what a batch did, before it asks.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._kept: dict[int, _Kept] = {}

    def changed(self, keys: Iterable[int]) -> None:
        """These entities lost members to others: what is kept of them is read anew."""
        for key in keys:
            self._kept.pop(key, None)

    def keeps(self, key: int) -> bool:
        """Whether `gained` has to be told of this entity's new mentions."""
        return key in self._kept

    def gained(self, key: int, seen: Appearance, mention: Mention) -> None:
        """A record of this batch speaks of an entity that is kept."""
        kept = self._kept[key]
        kept.add(seen)
        if kept.portrait is not None:
            kept.portrait.add(seen.record, mention)

    def lost(self, key: int, rec: int, record: str) -> None:
        """A record that spoke of an entity was closed, and with it all that it said."""
        kept = self._kept.get(key)
        if kept is None:
            return
        kept.remove(rec)
        if not kept.in_order:
            del self._kept[key]
        elif kept.portrait is not None:
            kept.portrait.forget(record)

    def joined(self, key: int, pid: int) -> None:
        """A profile that was somebody else's belongs to this entity now, with all its mentions."""
        kept = self._kept.get(key)
        if kept is None:
            return
        records = set()
        for *row, ref, start, stop in self._view.rows(_OF_NODE, node=pid):
            kept.add(appearance(*row))
            records.add(row[1])
            if kept.portrait is not None:
                kept.portrait.mentions.append((row[1], ref, start, stop))
        if kept.portrait is not None and records:
            ((packed,),) = self._view.rows("SELECT features FROM profile WHERE pid = :pid", pid=pid)
            kept.portrait.describe(records, features_of(packed))

    def copied(self, key: int, rec: int, copy_of: tuple[str, ...]) -> None:
        """A record that speaks of an entity is a copy of another one now, or of none."""
        if (kept := self._kept.get(key)) is not None:
            kept.told_first(rec, copy_of)

    def appearances(self, keys: Iterable[int]) -> dict[int, list[Appearance]]:
        wanted = set(keys)
        kept = wanted & self._kept.keys()
        found = super().appearances(wanted - kept)
        for key, seen in found.items():
            if len(seen) >= _MANY:
                self._kept[key] = _Kept(seen)
        found.update((key, self._kept[key].in_order) for key in kept)
        return found

    def labels(self, keys: Iterable[int]) -> dict[int, str]:
        wanted = set(keys)
        kept = wanted & self._kept.keys()
        labels = super().labels(wanted - kept)
        unread = {key for key in kept if self._kept[key].portrait is None}
        for key, portrait in self._portraits.read(unread).items():
            self._kept[key].portrait = portrait
        portraits = {key: held for key in kept if (held := self._kept[key].portrait) is not None}
        return labels | self._portraits.labels_of(portraits)

    def label_together(self, keys: Iterable[int]) -> str:
        whole = Portrait()
        for portrait in self._portraits.read(set(keys)).values():
            whole.take(portrait)
        return self._portraits.labels_of({1: whole})[1]

    def live_types(self, keys: Iterable[int]) -> dict[int, MentionType]:
        wanted = set(keys)
        found: dict[int, MentionType] = dict(self._view.rows_for((key for key in wanted if key > 0), _TYPES))
        found.update(self._view.rows_for((key for key in wanted if key < 0), _VALUE_TYPES))
        return found

    def users_within(self, values: Iterable[int], most: int) -> dict[int, list[int]]:
        return {
            value: sorted(user for (user,) in self._view.rows(_USERS, value=value, limit=most + 1))
            for value in values
        }

    def likely_deliveries(
        self, keys: Iterable[int], direction: Direction, least: float, least_parcel: float, after: int
    ) -> list[ReportedDelivery]:
        return self._facts.likely_deliveries(keys, direction, least, least_parcel, after)

    def last_edge(self) -> int:
        ((last,),) = self._view.rows("SELECT max(e) FROM edge")
        return last or 0

    def with_goods(self, recs: Iterable[int]) -> set[int]:
        return {rec for (rec,) in self._view.rows_for(recs, _GOODS)}

    def identity_kinds(self, keys: Iterable[int]) -> dict[int, frozenset[str]]:
        kinds: dict[int, set[str]] = {}
        for key, packed in self._view.rows_for(keys, _FEATURES):
            kinds.setdefault(key, set()).update(each.kind for each in features_of(packed).identifiers)
        return {key: frozenset(found) for key, found in kinds.items()}
