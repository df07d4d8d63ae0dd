"""The full-text index of the SQLite store: which live nodes have certain tokens."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Iterator

from graph.sqlite.portraits import SqlitePortraits
from graph.sqlite.view import LIVE_RECORD, View
from graph.tokens import Alternative
from schemas.claims import Features

_HITS = f"""SELECT node, ent FROM (
        SELECT rowid AS node, CASE WHEN rowid > 0
            THEN (SELECT a.ent FROM assign a WHERE a.pid = search.rowid
                AND a.closed > :tx AND a.opened <= :tx)
            ELSE (SELECT m.node FROM mention m CROSS JOIN record r ON r.rec = m.rec
                WHERE m.node = search.rowid AND {LIVE_RECORD} LIMIT 1) END AS ent
        FROM search WHERE search MATCH :query LIMIT :limit)
    WHERE ent IS NOT NULL"""
"""Live nodes that hit, each with its entity, by node; read one by one as far as they are needed."""
_SPOKEN_OF = """SELECT k.value, count(*) FROM json_each(:keys) k
    CROSS JOIN mention m ON m.node = k.value GROUP BY k.value"""


class SqliteIndex:
    """Reads the index within one view."""

    def __init__(self, view: View, portraits: SqlitePortraits) -> None:
        self._view = view
        self._portraits = portraits

    def hits(self, alternative: Alternative, limit: int | None) -> Generator[tuple[int, int]]:
        """Live nodes among the first `limit` rows that hit (None: all), each with its entity."""
        most = -1 if limit is None else limit
        try:
            yield from self._view.stream(_HITS, query=fts_query(alternative), limit=most)
        except sqlite3.OperationalError as error:
            if "fts5" not in str(error):  # which complains of characters that the tokenizer takes apart
                raise

    def features(self, pids: Iterable[int]) -> Iterator[tuple[int, Features]]:
        return self._portraits.features(pids)

    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        return self._portraits.values(keys)

    def spoken_of(self, nodes: Iterable[int]) -> Iterator[tuple[int, int]]:
        yield from self._view.rows_for(nodes, _SPOKEN_OF)


def fts_query(alternative: Alternative) -> str:
    """The query in the language of FTS5, where a quote inside a string is written twice.

    >>> from graph.tokens import Term
    >>> fts_query(Alternative(((Term("h:138"),), (Term("r:4321", True), Term("王")))))
    '("h:138") AND ("r:4321" * OR "王")'
    """
    return " AND ".join(
        "(" + " OR ".join(_string(term.token) + " *" * term.prefix for term in group) + ")"
        for group in alternative.groups
    )


def _string(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'
