"""Entities read from the SQLite store, for many keys with few statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph.portraits import PortraitReader, Spoken, features_of
from graph.sqlite.identity import SqliteIdentities
from graph.sqlite.view import LIVE_RECORD, NODES, View
from schemas.claims import Features

_MENTIONS = f"""WITH {NODES} SELECT n.ent, m.node, r.name, m.ref, m.start, m.stop
    FROM node n CROSS JOIN mention m ON m.node = n.node
    CROSS JOIN record r ON r.rec = m.rec WHERE {LIVE_RECORD}"""
_FEATURES = """SELECT p.pid, p.features FROM json_each(:keys) k CROSS JOIN profile p ON p.pid = k.value"""
_VALUES = """SELECT -v.v, v.kind, v.value FROM json_each(:keys) k CROSS JOIN value v ON v.v = -k.value"""


class SqlitePortraits(PortraitReader):
    """Builds entities and labels within one view."""

    def __init__(self, view: View, identities: SqliteIdentities) -> None:
        super().__init__(identities)
        self._view = view

    def spoken(self, keys: Iterable[int]) -> Iterator[Spoken]:
        yield from self._view.rows_for(keys, _MENTIONS)

    def features(self, pids: Iterable[int]) -> Iterator[tuple[int, Features]]:
        for pid, packed in self._view.rows_for(pids, _FEATURES):
            yield pid, features_of(packed)

    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        yield from self._view.rows_for(keys, _VALUES)
