"""Keys, nodes and public ids: who an integer of the store is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from graph.sqlite.view import LIVE_RECORD, NODES, View
from schemas.claims import MentionType
from schemas.errors import NotFound
from schemas.ids import PREFIXES, hash64, part_id, part_of, record_hash_of, whole_id

_REMEMBERED = 200_000
_VALUE_TYPES: tuple[MentionType, ...] = ("phone", "account", "case", "place")
_VALUE_PREFIXES = {PREFIXES[type_]: type_ for type_ in _VALUE_TYPES}

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
_MENTIONS_NAMED = """SELECT m.node, m.ref, m.start, m.stop, r.name
    FROM record r CROSS JOIN mention m ON m.rec = r.rec
    WHERE r.hash = :hash AND r.opened <= :tx AND (m.ref IS NOT NULL OR m.start IS NOT NULL)
    ORDER BY (r.closed > :tx AND r.opened < r.closed) DESC, r.rec DESC, m.node < 0, m.m"""
"""A value stands under the ref of whoever it belongs to, or (the place of a record) under none."""
_PLAUSIBLE_NODES = f"WITH {NODES} SELECT ent, node FROM node"
_ALL_RESOLVED = """SELECT DISTINCT ent FROM assign
    WHERE closed > :tx AND opened <= :tx AND ent > :after ORDER BY ent LIMIT :batch"""
_ALL_VALUES = f"""SELECT -v FROM value WHERE v < :before AND EXISTS (
    SELECT 1 FROM mention m CROSS JOIN record r ON r.rec = m.rec
    WHERE m.node = -value.v AND {LIVE_RECORD}) ORDER BY v DESC LIMIT :batch"""


class Identities:
    """Translates between entity keys, nodes and public ids within one view."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._known: dict[int, tuple[str, MentionType]] = {}  # key -> id and type, which never change

    def ids(self, keys: Iterable[int]) -> dict[int, str]:
        """Public ids of many entities."""
        return {key: found[0] for key, found in self._look_up(keys).items()}

    def types(self, keys: Iterable[int]) -> dict[int, MentionType]:
        """Types of many entities."""
        return {key: found[1] for key, found in self._look_up(keys).items()}

    def one(self, key: int) -> tuple[str, MentionType]:
        """Public id and type; raises `NotFound` for a key that never was."""
        found = self._known.get(key) or self._look_up((key,)).get(key)
        if found is None:
            raise NotFound("no such entity in this store")
        return found

    def _look_up(self, keys: Iterable[int]) -> dict[int, tuple[str, MentionType]]:
        wanted = list(keys)
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        missing = {key for key in wanted if key not in self._known}
        self._known.update(self._read(missing))
        return {key: self._known[key] for key in wanted if key in self._known}

    def _read(self, keys: set[int]) -> Iterator[tuple[int, tuple[str, MentionType]]]:
        mentions = [key for key in keys if key > 0]
        for m, type_, hash_, ref, start, stop in self._view.rows_for(mentions, _MENTION_IDS):
            part = part_of(ref, start, stop)
            yield m, (part_id(PREFIXES[type_], hash_, part), type_)
        values = [key for key in keys if key < 0]
        for key, type_, kind, value in self._view.rows_for(values, _VALUE_IDS):
            yield key, (whole_id(PREFIXES[type_], type_, kind, value), type_)

    def entities_of(self, nodes: Iterable[int]) -> dict[int, int]:
        """The live entity of each node; a value is live while a live record speaks of it."""
        wanted = list(nodes)
        found: dict[int, int] = dict(self._view.rows_for(wanted, _ENTITIES_OF_NODES))
        if any(node < 0 for node in wanted):
            found.update((node, node) for (node,) in self._view.rows_for(wanted, _LIVE_VALUES))
        return found

    def nodes(self, keys: Iterable[int]) -> dict[int, list[int]]:
        """The live nodes of each entity, in order."""
        found: dict[int, list[int]] = {}
        for key, node in self._view.rows_for(keys, _PLAUSIBLE_NODES):
            found.setdefault(key, []).append(node)
        return {key: sorted(nodes) for key, nodes in found.items()}

    def all(self, batch: int) -> Iterator[int]:
        """Keys of all live entities, ascending: values, then resolved ones."""
        before = 1 << 62
        while found := self._view.rows(_ALL_VALUES, before=before, batch=batch):
            yield from (key for (key,) in found)
            before = -found[-1][0]
        after = 0
        while found := self._view.rows(_ALL_RESOLVED, after=after, batch=batch):
            yield from (key for (key,) in found)
            after = found[-1][0]

    def by_id(self, identifier: str) -> int | None:
        """The live entity of a public id, a former one too."""
        hash_ = record_hash_of(identifier)
        prefix = identifier.partition("-")[0]
        if hash_ is None or prefix in ("edg", "alt"):
            return None
        if prefix in _VALUE_PREFIXES:
            return self._live_value(hash_, _VALUE_PREFIXES[prefix])
        for node, ref, start, stop, _ in self._view.rows(_MENTIONS_NAMED, hash=hash_):
            part = part_of(ref, start, stop)
            if part_id(prefix, hash_, part) == identifier:
                entity = self.entities_of((node,)).get(node)
                if entity is not None and PREFIXES[self.one(entity)[1]] == prefix:
                    return entity
        return None

    def by_mention(self, record: str, ref: str) -> int | None:
        """The live entity of `record#ref`; for a mention from text `ref` is `@start-stop`."""
        for node, own, start, stop, name in self._view.rows(_MENTIONS_NAMED, hash=hash64(record)):
            part = part_of(own, start, stop)
            if name == record and part == ref:
                entity = self.entities_of((node,)).get(node)
                if entity is not None:
                    return entity
        return None

    def _live_value(self, hash_: int, type_: MentionType) -> int | None:
        for (v,) in self._view.rows("SELECT v FROM value WHERE hash = :h AND type = :t", h=hash_, t=type_):
            if self.entities_of((-v,)):
                return cast("int", -v)
        return None

    def value_key(self, type_: str, kind: str, value: str) -> int | None:
        """The key of a live value entity."""
        sql = "SELECT v FROM value WHERE hash = :h AND type = :t AND kind = :k AND value = :v"
        for (v,) in self._view.rows(sql, h=hash64(type_, kind, value), t=type_, k=kind, v=value):
            if self.entities_of((-v,)):
                return cast("int", -v)
        return None
