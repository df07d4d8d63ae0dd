"""Entities read from Neo4j, for many keys with few questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

import msgspec

from graph.neo4j.identity import Neo4jIdentities
from graph.neo4j.view import Row, View, live, lives
from graph.portraits import PortraitReader, Sees, Spoken
from schemas.claims import Features

_OF_PROFILES = f"""UNWIND $keys AS key MATCH (e:Entity {{key: key}})<-[o:OF|WAS_OF]-(p:Profile)
WHERE {live("o")} WITH key, e, p, COLLECT {{ MATCH (p)<-[m:MENTIONS]-(r) WHERE {live("r")}
    RETURN [r.name, m.ref, m.start, m.stop, r.region, r.case] }} AS said WHERE size(said) > 0
RETURN key, e.id, e.type, p.pid, p.features, said"""
_OF_VALUES = f"""UNWIND $keys AS key MATCH (e:Entity {{key: key}})
WITH key, e, COLLECT {{ MATCH (e)<-[m:MENTIONS]-(r) WHERE {live("r")}
    RETURN [r.name, m.ref, m.start, m.stop, r.region, r.case] }} AS said WHERE size(said) > 0
RETURN key, e.id, e.type, e.kind, e.value, said"""
_FIRST_PLACES_OF_PROFILES = f"""UNWIND $keys AS key
MATCH (:Entity {{key: key}})<-[o:OF|WAS_OF]-(p:Profile) WHERE {live("o")}
CALL (p) {{ MATCH (p)<-[:MENTIONS]-(r) WHERE {live("r")} RETURN r.region AS region, r.case AS case LIMIT 1 }}
RETURN key, p.pid, region, case"""
_FIRST_PLACES_OF_VALUES = f"""UNWIND $keys AS key MATCH (e:Entity {{key: key}})
CALL (e) {{ MATCH (e)<-[:MENTIONS]-(r) WHERE {live("r")} RETURN r.region AS region, r.case AS case LIMIT 1 }}
RETURN key, key AS node, region, case"""
_PLACES_OF_PROFILES = f"""UNWIND $keys AS key
MATCH (e:Entity {{key: key}})<-[o:OF|WAS_OF]-(p:Profile)<-[:MENTIONS]-(r) WHERE {live("o", "r")}
RETURN DISTINCT key, p.pid, r.region, r.case"""
_PLACES_OF_VALUES = f"""UNWIND $keys AS key MATCH (:Entity {{key: key}})<-[:MENTIONS]-(r) WHERE {live("r")}
RETURN DISTINCT key, key AS node, r.region, r.case"""
_COUNTS_OF_PROFILES = f"""UNWIND $keys AS key
MATCH (e:Entity {{key: key}})<-[o:OF|WAS_OF]-(p:Profile)<-[:MENTIONS]-(r) WHERE {live("o", "r")}
RETURN key, r.region, r.case, count(DISTINCT r)"""
_COUNTS_OF_VALUES = f"""UNWIND $keys AS key MATCH (:Entity {{key: key}})<-[:MENTIONS]-(r) WHERE {live("r")}
RETURN key, r.region, r.case, count(DISTINCT r)"""
_FEATURES = "UNWIND $keys AS key MATCH (p:Profile {pid: key}) RETURN key, p.features"
_LABELS = f"""UNWIND $keys AS key MATCH (e:Entity {{key: key}}) WHERE {lives("e")}
RETURN key, CASE WHEN e.since <= $tx THEN e.label END"""

_decode = msgspec.json.Decoder(Features).decode


@lru_cache(maxsize=4096)
def features_of(text: str) -> Features:
    """The features of a profile as it is kept here."""
    return _decode(text)


class Neo4jPortraits(PortraitReader):
    """Builds entities and labels within one view."""

    def __init__(self, view: View, identities: Neo4jIdentities) -> None:
        super().__init__(identities)
        self._view = view
        self._features: dict[int, str] = {}
        self._values: dict[int, tuple[str, str]] = {}

    def labels(self, keys: Iterable[int]) -> dict[int, str]:
        """The label that stands at each live entity; where it was changed since, made anew."""
        found: dict[int, str | None] = dict(self._view.rows_for(set(keys), _LABELS))
        labels = {key: label for key, label in found.items() if label is not None}
        return labels | super().labels(found.keys() - labels.keys())

    def spoken(self, keys: Iterable[int]) -> Iterator[Spoken]:
        """Asks for features, values and ids at the same time: they are wanted next."""
        wanted = set(keys)
        self._features.clear()
        self._values.clear()
        resolved = self._view.rows_for((key for key in wanted if key > 0), _OF_PROFILES)
        for key, identifier, type_, pid, features, said in resolved:
            self._identities.remember(key, identifier, type_)
            self._features[pid] = features
            yield from ((key, pid, *each) for each in said)
        values = self._view.rows_for((key for key in wanted if key < 0), _OF_VALUES)
        for key, identifier, type_, kind, value, said in values:
            self._identities.remember(key, identifier, type_)
            self._values[key] = kind, value
            yield from ((key, key, *each) for each in said)

    def seen(self, keys: Iterable[int], sees: Sees) -> Iterator[tuple[int, int]]:
        """One record a node is looked at first, which is often enough; then all of those that are left."""
        left = set()
        for key, node, *where in self._places(keys, _FIRST_PLACES_OF_PROFILES, _FIRST_PLACES_OF_VALUES):
            if sees(*where):
                yield key, node
            else:
                left.add((key, node))
        everywhere = self._places({key for key, _ in left}, _PLACES_OF_PROFILES, _PLACES_OF_VALUES)
        for key, node, *where in everywhere:
            if (key, node) in left and sees(*where):
                left.discard((key, node))
                yield key, node

    def _places(self, keys: Iterable[int], of_profiles: str, of_values: str) -> Iterator[Row]:
        wanted = set(keys)
        yield from self._view.rows_for((key for key in wanted if key > 0), of_profiles)
        yield from self._view.rows_for((key for key in wanted if key < 0), of_values)

    def counts(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str | None, int]]:
        wanted = set(keys)
        yield from self._view.rows_for((key for key in wanted if key > 0), _COUNTS_OF_PROFILES)
        yield from self._view.rows_for((key for key in wanted if key < 0), _COUNTS_OF_VALUES)

    def features(self, pids: Iterable[int]) -> Iterator[tuple[int, Features]]:
        wanted = set(pids)
        held = {pid: self._features[pid] for pid in wanted & self._features.keys()}
        for pid, text in chain(held.items(), self._view.rows_for(wanted - held.keys(), _FEATURES)):
            yield pid, features_of(text)

    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        wanted = set(keys)
        held = wanted & self._values.keys()
        yield from ((key, *self._values[key]) for key in held)
        for key, _, kind, value in self._identities.values(wanted - held):
            yield key, kind, value
