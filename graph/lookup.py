"""Finding entities by what people type: an id, a mention, an identifier, a name, part of a number.

How hits are judged and ranked is the same for every store; what a store adds is an `Index` of our tokens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from itertools import islice
from typing import Protocol

from graph.identities import Identities
from graph.tokens import Alternative, Term, query_tokens, whole_name, whole_number
from schemas.claims import Features, Identifier, MentionType
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


class Index(Protocol):
    """What a store knows of tokens, at one moment."""

    def hits(self, alternative: Alternative, limit: int | None) -> Generator[tuple[int, int]]:
        """Live nodes, each with its entity, by node, among the first `limit` that hit (None: among all)."""

    def features(self, pids: Iterable[int]) -> Iterator[tuple[int, Features]]:
        """The features of each profile."""

    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        """Kind and value of each value."""

    def spoken_of(self, nodes: Iterable[int]) -> Iterator[tuple[int, int]]:
        """How many mentions each node has, in records of whatever time."""


class Lookup:
    """Resolves and searches within one view of a store."""

    def __init__(
        self,
        index: Index,
        identities: Identities,
        nodes_of_records: Callable[[Iterable[str]], Iterable[tuple[str, int]]],
    ) -> None:
        self._index = index
        self._identities = identities
        self._nodes_of_records = nodes_of_records

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
            for pid, features in self._index.features(entity_of)
            if not wanted.isdisjoint(features.identifiers)
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
        for pid, features in self._index.features(entity_of):
            if key in map(names.key, (features.name, *features.aliases)):
                called.add(entity_of[pid])
        return tuple(sorted(called))

    def _resolved(self, alternative: Alternative) -> dict[int, int]:
        """All live profiles that hit, each with its entity."""
        return {node: entity for node, entity in self._index.hits(alternative, None) if node > 0}

    def search(self, text: str, limit: int) -> list[int]:
        """Entities that fit the text, best first; see `graph.port.GraphReader.search`.

        Who types an id means that one, so nothing else is looked for.
        """
        if not _is_text(text):
            return []
        entity = self._identities.by_id(text.strip())
        if entity is not None:
            return [entity][:limit]
        found: dict[int, None] = {}
        if "/" in text:
            nodes = (node for _, node in self._nodes_of_records((text.strip(),)))
            self._add(found, self._identities.entities_of(nodes))
        for alternative in query_tokens(text):
            if len(found) >= limit:
                break
            self._add(found, self._candidates(alternative, found, limit))
        return list(found)[:limit]

    def _candidates(self, alternative: Alternative, found: dict[int, None], limit: int) -> dict[int, int]:
        """Live nodes that fit, each with its entity, until there are `limit` entities or no more rows."""
        fitting: dict[int, int] = {}
        most = _MOST_COMPARED if alternative.pattern else _MOST_ROWS
        with closing(self._index.hits(alternative, _MOST_ROWS)) as hits:
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
        for node, count in self._index.spoken_of(entity_of):
            weight[entity_of[node]] += count
        ids = self._identities.ids(weight)
        for key in sorted(weight, key=lambda key: (key < 0, -weight[key], ids[key])):
            found.setdefault(key)

    def _compatible(self, nodes: Iterable[int], pattern: str) -> list[int]:
        """Nodes with a number, whole or masked, that could be the one asked for."""
        kept = []
        for pid, features in self._index.features(n for n in nodes if n > 0):
            numbers = (each.value for each in (*features.identifiers, *features.masked))
            if any(mask.compatible(number.upper(), pattern) for number in numbers):
                kept.append(pid)
        values = self._index.values(n for n in nodes if n < 0)
        return kept + [key for key, _, value in values if mask.compatible(value.upper(), pattern)]


def _is_text(typed: str) -> bool:
    """False for halves of surrogate pairs (bytes of a terminal that are no UTF-8): no record holds such."""
    return typed.isascii() or not any("\ud800" <= char <= "\udfff" for char in typed)
