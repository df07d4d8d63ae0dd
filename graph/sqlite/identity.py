"""Keys, nodes and public ids: who an integer of the store is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph.identities import Identities, Named, Value
from graph.sqlite.view import LIVE_RECORD, NODES, View
from schemas.claims import MentionType
from schemas.ids import PREFIXES, part_id, part_of, whole_id

_MENTION_IDS = """SELECT m.m, p.type, r.hash, m.ref, m.start, m.stop
    FROM json_each(:keys) k CROSS JOIN mention m ON m.m = k.value
    CROSS JOIN record r ON r.rec = m.rec CROSS JOIN profile p ON p.pid = m.node"""
_VALUE_IDS = """SELECT -v.v, v.type, v.kind, v.value
    FROM json_each(:keys) k CROSS JOIN value v ON v.v = -k.value"""
_ENTITIES_OF_NODES = """SELECT k.value, a.ent FROM json_each(:keys) k CROSS JOIN assign a
    ON a.pid = k.value AND a.closed > :tx AND a.opened <= :tx WHERE k.value > 0"""
_LIVE_VALUES = f"""SELECT k.value FROM json_each(:keys) k WHERE k.value < 0 AND EXISTS (
    SELECT 1 FROM mention m CROSS JOIN record r ON r.rec = m.rec
    WHERE m.node = k.value AND {LIVE_RECORD})"""
_MENTIONS_NAMED = """SELECT r.hash, m.node, m.ref, m.start, m.stop, r.name
    FROM json_each(:keys) k CROSS JOIN record r ON r.hash = k.value CROSS JOIN mention m ON m.rec = r.rec
    WHERE r.opened <= :tx AND (m.ref IS NOT NULL OR m.start IS NOT NULL)
    ORDER BY (r.closed > :tx AND r.opened < r.closed) DESC, r.rec DESC, m.node < 0, m.m"""
"""A value stands under the ref of whoever it belongs to, or (the place of a record) under none."""
_PLAUSIBLE_NODES = f"WITH {NODES} SELECT ent, node FROM node"
_ALL_RESOLVED = """SELECT DISTINCT ent FROM assign
    WHERE closed > :tx AND opened <= :tx AND ent > :after ORDER BY ent LIMIT :batch"""
_VALUE = "SELECT v FROM value WHERE hash = :hash AND type = :type"
_ALL_VALUES = f"""SELECT -v FROM value WHERE v < :before AND EXISTS (
    SELECT 1 FROM mention m CROSS JOIN record r ON r.rec = m.rec
    WHERE m.node = -value.v AND {LIVE_RECORD}) ORDER BY v DESC LIMIT :batch"""


class SqliteIdentities(Identities):
    """Translates between entity keys, nodes and public ids within one view."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view

    def identified(self, keys: set[int]) -> Iterator[tuple[int, str, MentionType]]:
        mentions = [key for key in keys if key > 0]
        for m, type_, record_hash, ref, start, stop in self._view.rows_for(mentions, _MENTION_IDS):
            yield m, part_id(PREFIXES[type_], record_hash, part_of(ref, start, stop)), type_
        for key, type_, kind, value in self.values(key for key in keys if key < 0):
            yield key, whole_id(PREFIXES[type_], type_, kind, value), type_

    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, MentionType, str, str]]:
        yield from self._view.rows_for(keys, _VALUE_IDS)

    def entities_of(self, nodes: Iterable[int]) -> dict[int, int]:
        wanted = list(nodes)
        found: dict[int, int] = dict(self._view.rows_for(wanted, _ENTITIES_OF_NODES))
        if any(node < 0 for node in wanted):
            found.update((node, node) for (node,) in self._view.rows_for(wanted, _LIVE_VALUES))
        return found

    def nodes(self, keys: Iterable[int]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for key, node in self._view.rows_for(keys, _PLAUSIBLE_NODES):
            found.setdefault(key, []).append(node)
        return {key: sorted(nodes) for key, nodes in found.items()}

    def all(self, batch: int) -> Iterator[int]:
        before = 1 << 62
        while found := self._view.rows(_ALL_VALUES, before=before, batch=batch):
            yield from (key for (key,) in found)
            before = -found[-1][0]
        after = 0
        while found := self._view.rows(_ALL_RESOLVED, after=after, batch=batch):
            yield from (key for (key,) in found)
            after = found[-1][0]

    def named(self, record_hashes: Iterable[int]) -> Iterable[Named]:
        return self._view.rows_for(record_hashes, _MENTIONS_NAMED)

    def live_values(self, wanted: Iterable[Value]) -> dict[Value, int]:
        found: dict[Value, int] = {}
        for value in wanted:
            hash_, type_ = value
            for (v,) in self._view.rows(_VALUE, hash=hash_, type=type_):
                if self.entities_of((-v,)):
                    found.setdefault(value, -int(v))
        return found
