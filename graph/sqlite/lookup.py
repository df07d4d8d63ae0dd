"""Finding entities by what people type: an id, a mention, an identifier, a name, part of a number."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable

from graph.sqlite.archive import Archive
from graph.sqlite.identity import Identities
from graph.sqlite.portraits import features_of
from graph.sqlite.view import View
from graph.tokens import Alternative, Term, query_tokens, whole_name, whole_number
from schemas.claims import Identifier, MentionType
from schemas.identifiers import KINDS, mask, names, parse

_CANDIDATES = 200
"""Rows of the index one reading of a query is judged by; a name that more people share needs more
of it typed, or a number."""

_VALUE_TYPES: tuple[tuple[MentionType, str], ...] = (
    ("phone", "phone"),
    ("account", "bank_card"),
    ("account", "wechat"),
    ("case", "case"),
    ("place", "region"),
    ("place", "checkpoint"),
)
_MATCH = "SELECT rowid FROM search WHERE search MATCH :query LIMIT :limit"
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
        nodes = self._match(Alternative((tuple(Term(token) for token in tokens),)), limit=-1)
        carriers = [
            pid
            for pid, packed in self._view.rows_for((n for n in nodes if n > 0), _FEATURES)
            if not wanted.isdisjoint(features_of(packed).identifiers)
        ]
        found = set(self._identities.entities_of(carriers).values())
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
        nodes = [node for node in self._match(Alternative(((Term(token),),)), limit=-1) if node > 0]
        called = []
        for pid, packed in self._view.rows_for(nodes, _FEATURES):
            features = features_of(packed)
            if key in map(names.key, (features.name, *features.aliases)):
                called.append(pid)
        return tuple(sorted(set(self._identities.entities_of(called).values())))

    def search(self, text: str, limit: int) -> list[int]:
        """Entities that fit the text, best first; see `graph.port.GraphReader.search`."""
        found: dict[int, None] = {}
        entity = self._identities.by_id(text.strip())
        if entity is not None:
            found[entity] = None
        self._add(found, self._archive.nodes_of_record(text.strip()))
        for alternative in query_tokens(text):
            if len(found) >= limit:
                break
            nodes = self._match(alternative, _CANDIDATES)
            if alternative.pattern:
                nodes = self._compatible(nodes, alternative.pattern)
            self._add(found, nodes)
        return list(found)[:limit]

    def _add(self, found: dict[int, None], nodes: list[int]) -> None:
        """Adds the entities of the nodes, the ones spoken of most first, then by id."""
        entity_of = self._identities.entities_of(nodes)
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

    def _match(self, alternative: Alternative, limit: int) -> list[int]:
        try:
            rows = self._view.rows(_MATCH, query=fts_query(alternative), limit=limit)
        except sqlite3.OperationalError as error:
            if "fts5" in str(error):  # characters that the tokenizer takes apart
                return []
            raise
        return [node for (node,) in rows]


def fts_query(alternative: Alternative) -> str:
    """The query in the language of FTS5.

    >>> fts_query(Alternative(((Term("h:138"),), (Term("r:4321", True), Term("王")))))
    '("h:138") AND ("r:4321" * OR "王")'
    """
    return " AND ".join(
        "(" + " OR ".join(f'"{term.token}"' + " *" * term.prefix for term in group) + ")"
        for group in alternative.groups
    )
