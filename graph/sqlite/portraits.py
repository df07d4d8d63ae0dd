"""Entities read from the SQLite store, for many keys with few statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph.portraits import PortraitReader, Sees, Spoken, features_of
from graph.sqlite.identity import SqliteIdentities
from graph.sqlite.view import LIVE_RECORD, NODES, View
from schemas.claims import Features

_MENTIONS = f"""WITH {NODES} SELECT n.ent, m.node, r.name, m.ref, m.start, m.stop, r.region, r.case_no
    FROM node n CROSS JOIN mention m ON m.node = n.node
    CROSS JOIN record r ON r.rec = m.rec WHERE {LIVE_RECORD}"""
_FIRST_PLACES = f"""WITH {NODES} SELECT n.ent, n.node, r.region, r.case_no
    FROM node n CROSS JOIN mention m ON m.m = (
        SELECT s.m FROM mention s CROSS JOIN record r ON r.rec = s.rec
        WHERE s.node = n.node AND {LIVE_RECORD} LIMIT 1)
    CROSS JOIN record r ON r.rec = m.rec"""
_ALL_PLACES = f"""WITH {NODES} SELECT DISTINCT n.ent, n.node, r.region, r.case_no
    FROM node n CROSS JOIN mention m ON m.node = n.node
    CROSS JOIN record r ON r.rec = m.rec WHERE {LIVE_RECORD}"""
_COUNTS = f"""WITH {NODES} SELECT n.ent, r.region, r.case_no, count(DISTINCT r.rec)
    FROM node n CROSS JOIN mention m ON m.node = n.node
    CROSS JOIN record r ON r.rec = m.rec WHERE {LIVE_RECORD} GROUP BY 1, 2, 3"""
_FEATURES = """SELECT p.pid, p.features FROM json_each(:keys) k CROSS JOIN profile p ON p.pid = k.value"""
_VALUES = """SELECT -v.v, v.kind, v.value FROM json_each(:keys) k CROSS JOIN value v ON v.v = -k.value"""


class SqlitePortraits(PortraitReader):
    """Builds entities and labels within one view."""

    def __init__(self, view: View, identities: SqliteIdentities) -> None:
        super().__init__(identities)
        self._view = view

    def spoken(self, keys: Iterable[int]) -> Iterator[Spoken]:
        yield from self._view.rows_for(keys, _MENTIONS)

    def seen(self, keys: Iterable[int], sees: Sees) -> Iterator[tuple[int, int]]:
        """One record a node is looked at first, which is often enough; then all of those that are left."""
        left = set()
        for key, node, *where in self._view.rows_for(keys, _FIRST_PLACES):
            if sees(*where):
                yield key, node
            else:
                left.add((key, node))
        for key, node, *where in self._view.rows_for({key for key, _ in left}, _ALL_PLACES):
            if (key, node) in left and sees(*where):
                left.discard((key, node))
                yield key, node

    def counts(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str | None, int]]:
        yield from self._view.rows_for(keys, _COUNTS)

    def features(self, pids: Iterable[int]) -> Iterator[tuple[int, Features]]:
        for pid, packed in self._view.rows_for(pids, _FEATURES):
            yield pid, features_of(packed)

    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        yield from self._view.rows_for(keys, _VALUES)
