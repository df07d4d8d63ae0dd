"""The full-text index in Neo4j: which live nodes have certain tokens.

The tokens are ours, separated by white space, so the index takes them as they are. Its hits come by their
score, which means nothing here: they are put into the order of the nodes, as the SQLite store reads them.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from operator import itemgetter

from graph.neo4j.identity import Neo4jIdentities
from graph.neo4j.model import SEARCH
from graph.neo4j.portraits import Neo4jPortraits
from graph.neo4j.view import Row, View, live, lives
from graph.tokens import Alternative, Term
from schemas.claims import Features

_FIRST, _WIDER = 2_000, 10
"""How many hits are asked for first, which nearly always are all of them, and how many times as many then. To
go on behind the first ones would lose some: the index has no order that lasts while it is written."""
_HITS = f"""CALL db.index.fulltext.queryNodes('{SEARCH}', $tokens, {{limit: $limit}}) YIELD node
WITH node, CASE WHEN node.pid IS NOT NULL
    THEN head([(node)-[o:OF|WAS_OF]->(e:Entity) WHERE {live("o")} | e])
    ELSE CASE WHEN {lives("node")} THEN node END END AS entity
RETURN coalesce(node.pid, node.key), entity.key, entity.id, entity.type,
    CASE WHEN entity IS NOT NULL THEN COUNT {{ (node)<-[:MENTIONS]-() }} END"""
_SPOKEN_OF = """UNWIND $keys AS key MATCH (n:{label} {{{name}: key}})
RETURN key, COUNT {{ (n)<-[:MENTIONS]-() }}"""
_SPECIAL = re.compile(r'([+\-&|!(){}\[\]^"~*?:\\/\s])')


class Neo4jIndex:
    """Reads the index within one view."""

    def __init__(self, view: View, portraits: Neo4jPortraits, identities: Neo4jIdentities) -> None:
        self._view = view
        self._portraits = portraits
        self._identities = identities
        self._spoken_of: dict[int, int] = {}

    def hits(self, alternative: Alternative, limit: int | None) -> Generator[tuple[int, int]]:
        """Live nodes among those that hit, each with its entity; by node within what was read at once."""
        self._spoken_of.clear()
        seen: set[int] = set()
        for most in _mosts(limit):
            rows = self._view.rows(_HITS, tokens=lucene_query(alternative), limit=most)
            yield from self._in_order(rows, seen)
            if len(rows) < most:
                return

    def _in_order(self, rows: list[Row], seen: set[int]) -> Iterator[tuple[int, int]]:
        """Those that were not seen yet. Keeps what came along and is asked for next."""
        for node, entity, identifier, type_, spoken_of in sorted(rows, key=itemgetter(0)):
            if entity is not None and node not in seen:
                seen.add(node)
                self._identities.remember(entity, identifier, type_)
                self._spoken_of[node] = spoken_of
                yield node, entity

    def features(self, pids: Iterable[int]) -> Iterator[tuple[int, Features]]:
        return self._portraits.features(pids)

    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        return self._portraits.values(keys)

    def spoken_of(self, nodes: Iterable[int]) -> Iterator[tuple[int, int]]:
        wanted = set(nodes)
        held = wanted & self._spoken_of.keys()
        yield from ((node, self._spoken_of[node]) for node in held)
        for label, name, those in (
            ("Profile", "pid", [node for node in wanted - held if node > 0]),
            ("Entity", "key", [node for node in wanted - held if node < 0]),
        ):
            yield from self._view.rows_for(those, _SPOKEN_OF.format(label=label, name=name))


def _mosts(limit: int | None) -> Iterator[int]:
    """How many hits are asked for, one time after the other, until there are no more or it is the limit.

    >>> from itertools import islice
    >>> list(_mosts(50_000)), list(islice(_mosts(None), 3))
    ([2000, 20000, 50000], [2000, 20000, 200000])
    """
    most = _FIRST
    while limit is None or most < limit:
        yield most
        most *= _WIDER
    yield limit


def lucene_query(alternative: Alternative) -> str:
    r"""The query in the language of Lucene, where what means something to it is escaped.

    >>> print(lucene_query(Alternative(((Term("h:138"),), (Term("r:4321", True), Term("王"))))))
    +(h\:138) +(r\:4321* 王)
    """
    return " ".join("+(" + " ".join(map(_term, group)) + ")" for group in alternative.groups)


def _term(term: Term) -> str:
    escaped = _SPECIAL.sub(r"\\\1", term.token)
    return escaped + "*" if term.prefix else escaped
