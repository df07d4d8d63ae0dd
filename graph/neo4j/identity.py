"""Keys, nodes and public ids as the graph in Neo4j holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph.identities import Identities, Named, Value
from graph.neo4j.view import View, live, lives
from schemas.claims import MentionType
from schemas.ids import PREFIXES, id_of_hash

_IDS = "UNWIND $keys AS key MATCH (e:Entity {key: key}) RETURN key, e.id, e.type"
_VALUES = "UNWIND $keys AS key MATCH (e:Entity {key: key}) RETURN key, e.type, e.kind, e.value"
_OF_PROFILES = f"""UNWIND $keys AS key MATCH (:Profile {{pid: key}})-[o:OF|WAS_OF]->(e:Entity)
WHERE {live("o")} RETURN key, e.key, e.id, e.type"""
_LIVE_VALUES = f"UNWIND $keys AS key MATCH (e:Entity {{key: key}}) WHERE {lives('e')} RETURN key"
_PROFILES = f"""UNWIND $keys AS key MATCH (:Entity {{key: key}})<-[o:OF|WAS_OF]-(p:Profile)
WHERE {live("o")} RETURN key, p.pid"""
_ALL = f"""MATCH (e:Entity) WHERE e.key > $after WITH e WHERE {lives("e")}
RETURN e.key ORDER BY e.key LIMIT $batch"""
_NAMED = f"""UNWIND $keys AS key CALL (key) {{
    MATCH (r:Record {{hash: key}}) RETURN r UNION ALL MATCH (r:WasRecord {{hash: key}}) RETURN r }}
WITH key, r, {live("r")} AS lives WHERE r.opened <= $tx
MATCH (r)-[m:MENTIONS]->(n) WHERE m.ref IS NOT NULL OR m.start IS NOT NULL
WITH key, r, m, lives, coalesce(n.pid, n.key) AS node
RETURN key, node, m.ref, m.start, m.stop, r.name ORDER BY lives DESC, r.rec DESC, node < 0, m.m"""
_LIVE_VALUE = f"""UNWIND $keys AS id MATCH (e:Entity {{id: id}}) WHERE {lives("e")}
RETURN id, e.key ORDER BY e.key DESC"""
_BEFORE_ALL = -(1 << 62)


class Neo4jIdentities(Identities):
    """Translates between entity keys, nodes and public ids within one view."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view

    def identified(self, keys: set[int]) -> Iterator[tuple[int, str, MentionType]]:
        yield from self._view.rows_for(keys, _IDS)

    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, MentionType, str, str]]:
        yield from self._view.rows_for(keys, _VALUES)

    def entities_of(self, nodes: Iterable[int]) -> dict[int, int]:
        wanted = set(nodes)
        found: dict[int, int] = {}
        self.make_room()
        of_profiles = self._view.rows_for((node for node in wanted if node > 0), _OF_PROFILES)
        for node, key, identifier, type_ in of_profiles:
            self.remember(key, identifier, type_)
            found[node] = key
        values = self._view.rows_for((node for node in wanted if node < 0), _LIVE_VALUES)
        return found | {key: key for (key,) in values}

    def nodes(self, keys: Iterable[int]) -> dict[int, list[int]]:
        wanted = set(keys)
        found: dict[int, list[int]] = {key: [key] for key in wanted if key < 0}
        for key, pid in self._view.rows_for((key for key in wanted if key > 0), _PROFILES):
            found.setdefault(key, []).append(pid)
        return {key: sorted(nodes) for key, nodes in found.items()}

    def all(self, batch: int) -> Iterator[int]:
        after = _BEFORE_ALL
        while found := self._view.rows(_ALL, after=after, batch=batch):
            yield from (key for (key,) in found)
            after = found[-1][0]

    def named(self, record_hashes: Iterable[int]) -> Iterable[Named]:
        yield from self._view.rows_for(record_hashes, _NAMED)

    def live_values(self, wanted: Iterable[Value]) -> dict[Value, int]:
        of_id = {id_of_hash(PREFIXES[type_], hash_): (hash_, type_) for hash_, type_ in wanted}
        found: dict[Value, int] = {}
        for identifier, key in self._view.rows_for(of_id, _LIVE_VALUE):
            found.setdefault(of_id[identifier], key)
        return found
