"""Finding entities by what people type: an id, a mention, an identifier, a name, part of a number."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import closing
from itertools import islice

from graph.sqlite.archive import Archive
from graph.sqlite.identity import Identities
from graph.sqlite.portraits import features_of
from graph.sqlite.view import LIVE_RECORD, View
from graph.tokens import Alternative, Term, query_tokens, whole_name, whole_number
from schemas.claims import Identifier, MentionType
from schemas.identifiers import KINDS, mask, names, parse

_CANDIDATES = 200
"""Live hits by which one reading of a query is judged, at least; more are read while they do not give
enough entities. A name that more people share needs more of it typed, or a number."""
_MOST_ROWS = 100_000
"""Rows of the index that one reading of a query looks at, dead ones included."""
_MOST_COMPARED = 5_000
"""Live hits whose numbers are read and compared with a mask, which takes ten times as long."""

_VALUE_TYPES: tuple[tuple[MentionType, str], ...] = (
    ("phone", "phone"),
    ("account", "bank_card"),
    ("account", "wechat"),
    ("case", "case"),
    ("place", "region"),
    ("place", "checkpoint"),
)
_HITS = f"""SELECT node, ent FROM (
        SELECT rowid AS node, CASE WHEN rowid > 0
            THEN (SELECT a.ent FROM assign a WHERE a.pid = search.rowid
                AND a.closed > :tx AND a.opened <= :tx)
            ELSE (SELECT m.node FROM mention m CROSS JOIN record r ON r.rec = m.rec
                WHERE m.node = search.rowid AND {LIVE_RECORD} LIMIT 1) END AS ent
        FROM search WHERE search MATCH :query LIMIT :limit)
    WHERE ent IS NOT NULL"""
"""Live nodes that hit, each with its entity, by node; read one by one as far as they are needed."""
_FEATURES = "SELECT p.pid, p.features FROM json_each(:keys) k CROSS JOIN profile p ON p.pid = k.value"
_SPOKEN_OF = """SELECT k.value, count(*) FROM json_each(:keys) k
    CROSS JOIN mention m ON m.node = k.value GROUP BY k.value"""


class Lookup:
    """Resolves and searches within one view."""

    def __init__(self, view: View, identities: Identities, archive: Archive) -> None:
        self._view = view
        self._identities = identities
        self._archive = archive

    def resolve(self, who: str) -> tuple[int, ...]:
        """All entities that `who` fits exactly; see `graph.port.GraphReader.resolve`."""
        who = who.strip()
        if not _is_text(who):
            return ()
        entity = self._identities.by_id(who)
        if entity is None and "#" in who:
            entity = self._identities.by_mention(*who.rsplit("#", 1))
        if entity is not None:
            return (entity,)
        return self._by_identifier(who) or self._by_name(who)

    def _by_identifier(self, who: str) -> tuple[int, ...]:
        parsed = (parse(kind, who).normal for kind in KINDS)
        wanted = {Identifier(kind, value) for kind, value in zip(KINDS, parsed, strict=True) if value}
        if not wanted:
            return ()
        tokens = sorted({whole_number(each.value) for each in wanted})
        entity_of = self._resolved(Alternative((tuple(Term(token) for token in tokens),)))
        found = {
            entity_of[pid]
            for pid, packed in self._view.rows_for(entity_of, _FEATURES)
            if not wanted.isdisjoint(features_of(packed).identifiers)
        }
        return tuple(sorted(found)) or self._values(who, wanted)

    def _values(self, who: str, wanted: set[Identifier]) -> tuple[int, ...]:
        places = {Identifier(kind, who) for kind in ("region", "checkpoint")}
        keys = (
            self._identities.value_key(type_, kind, each.value)
            for each in sorted(wanted | places)
            for type_, kind in _VALUE_TYPES
            if kind == each.kind
        )
        return tuple(key for key in keys if key is not None)

    def _by_name(self, who: str) -> tuple[int, ...]:
        key = names.key(who)
        token = whole_name(who)
        if len(token) < 3:
            return ()
        entity_of = self._resolved(Alternative(((Term(token),),)))
        called = set()
        for pid, packed in self._view.rows_for(entity_of, _FEATURES):
            features = features_of(packed)
            if key in map(names.key, (features.name, *features.aliases)):
                called.add(entity_of[pid])
        return tuple(sorted(called))

    def _resolved(self, alternative: Alternative) -> dict[int, int]:
        """All live profiles that hit, each with its entity."""
        return {node: entity for node, entity in self._hits(alternative, -1) if node > 0}

    def search(self, text: str, limit: int) -> list[int]:
        """Entities that fit the text, best first; see `graph.port.GraphReader.search`."""
        if not _is_text(text):
            return []
        found: dict[int, None] = {}
        entity = self._identities.by_id(text.strip())
        if entity is not None:
            found[entity] = None
        self._add(found, self._identities.entities_of(self._archive.nodes_of_record(text.strip())))
        for alternative in query_tokens(text):
            if len(found) >= limit:
                break
            self._add(found, self._candidates(alternative, found, limit))
        return list(found)[:limit]

    def _candidates(self, alternative: Alternative, found: dict[int, None], limit: int) -> dict[int, int]:
        """Live nodes that fit, each with its entity, until there are `limit` entities or no more rows."""
        fitting: dict[int, int] = {}
        most = _MOST_COMPARED if alternative.pattern else _MOST_ROWS
        with closing(self._hits(alternative, _MOST_ROWS)) as hits:
            read = islice(hits, most)
            while page := dict(islice(read, _CANDIDATES)):
                if alternative.pattern:
                    page = {node: page[node] for node in self._compatible(page, alternative.pattern)}
                fitting |= page
                if len(found.keys() | fitting.values()) >= limit:
                    break
        return fitting

    def _add(self, found: dict[int, None], entity_of: dict[int, int]) -> None:
        """Adds the entities of live nodes, the ones spoken of most first, then by id."""
        weight: Counter[int] = Counter()
        for node, count in self._view.rows_for(entity_of, _SPOKEN_OF):
            weight[entity_of[node]] += count
        ids = self._identities.ids(weight)
        for key in sorted(weight, key=lambda key: (key < 0, -weight[key], ids[key])):
            found.setdefault(key)

    def _compatible(self, nodes: Iterable[int], pattern: str) -> list[int]:
        """Nodes with a number, whole or masked, that could be the one asked for."""
        kept = []
        for pid, packed in self._view.rows_for((n for n in nodes if n > 0), _FEATURES):
            features = features_of(packed)
            numbers = (each.value for each in (*features.identifiers, *features.masked))
            if any(mask.compatible(number.upper(), pattern) for number in numbers):
                kept.append(pid)
        sql = "SELECT -v.v, v.value FROM json_each(:keys) k CROSS JOIN value v ON v.v = -k.value"
        values = self._view.rows_for((n for n in nodes if n < 0), sql)
        return kept + [key for key, value in values if mask.compatible(value.upper(), pattern)]

    def _hits(self, alternative: Alternative, limit: int) -> Generator[tuple[int, int]]:
        """Live nodes among the first `limit` rows that hit (of all: -1), each with its entity."""
        try:
            yield from self._view.stream(_HITS, query=fts_query(alternative), limit=limit)
        except sqlite3.OperationalError as error:
            if "fts5" not in str(error):  # which complains of characters that the tokenizer takes apart
                raise


def _is_text(typed: str) -> bool:
    """False for halves of surrogate pairs (bytes of a terminal that are no UTF-8): no record holds such."""
    return typed.isascii() or not any("\ud800" <= char <= "\udfff" for char in typed)


def fts_query(alternative: Alternative) -> str:
    """The query in the language of FTS5, where a quote inside a string is written twice.

    >>> fts_query(Alternative(((Term("h:138"),), (Term("r:4321", True), Term("王")))))
    '("h:138") AND ("r:4321" * OR "王")'
    """
    return " AND ".join(
        "(" + " OR ".join(_string(term.token) + " *" * term.prefix for term in group) + ")"
        for group in alternative.groups
    )


def _string(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'
