"""A reader made of parts: what every store's `graph.port.GraphReader` has in common.

A store adds its parts (`Parts`), each of which reads one thing within the same view.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from msgspec import Struct

from graph.identities import Identities
from graph.lookup import Index, Lookup
from graph.port import Appearance, Delivery, Direction, HeldLot, Received, RecordCopy
from graph.portraits import PortraitReader, Sees, all_seen
from schemas.alerts import Finding
from schemas.claims import MentionType
from schemas.entities import Confirmation, Edge, Entity
from schemas.ids import hash64, part_id, record_hash_of


class FactReader(Protocol):
    """Appearances, deliveries, lots and edges; see the methods of `GraphReader` of the same names."""

    def appearances(self, keys: Iterable[int]) -> dict[int, list[Appearance]]: ...
    def deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]: ...
    def withdrawn_deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]: ...
    def held_lots(self, keys: Iterable[int]) -> dict[int, list[HeldLot]]: ...
    def users_of(self, value_key: int) -> list[int]: ...
    def values_used_by(self, keys: Iterable[int]) -> dict[int, list[int]]: ...
    def all_edges(self, batch: int) -> Iterator[Edge]: ...

    def edges_at(self, key: int, limit: int) -> list[Edge]:
        """Live edges of one entity, the last reported first."""

    def edges_among(self, keys: Iterable[int], limit: int) -> list[Edge]:
        """Live edges between these entities, the first ones stated."""

    def edges_of_records(self, record_hashes: Iterable[int]) -> list[Edge]:
        """Live edges that records state, by the hashes of their names; those of one record by their keys."""

    def confirmations_of_record(self, record_hash: int) -> dict[str, Confirmation]:
        """Who confirmed those of its live edges that are drawn by a person's word, by their keys in it."""


class ArchiveReader(Protocol):
    """Records and alerts; see the methods of `GraphReader` of the same names."""

    def record(self, name: str) -> RecordCopy | None: ...
    def findings(self, *, withdrawn: bool = False) -> Iterator[tuple[str, Finding]]: ...
    def finding(self, identifier: str) -> tuple[Finding, bool] | None: ...

    def nodes_of_record(self, name: str) -> list[int]:
        """Nodes that the live revision of a record speaks of."""

    def belongings(self, names: Iterable[str]) -> Iterator[tuple[str, str, str | None]]:
        """Name, region and case of each record that is known: of its live revision, else of its last."""

    def places(self, hashes: Iterable[int]) -> Iterator[tuple[int, str, str | None]]:
        """Hash of the name, region and case of the records whose names have these hashes."""

    def received_since(self, moment: int) -> Iterator[Received]:
        """Live records received after a moment (microseconds), the last ones first."""

    def spoken_where(self, key: int) -> Iterator[tuple[str, str, str | None]]:
        """Name, region and case of the live records that speak of a value, each once, as they came: they may
        be many."""

    def spoken_often(self, keys: Iterable[int], most: int, sees: Sees = all_seen) -> dict[int, int]:
        """How many live records that may be seen speak of each value; nobody counts further than `most`."""


class Parts(Struct, frozen=True, kw_only=True):
    """What a store answers with, all within one view."""

    identities: Identities
    portraits: PortraitReader
    facts: FactReader
    archive: ArchiveReader
    index: Index


class ComposedReader(ABC):
    """`graph.port.GraphReader` over a store's parts, at `as_of` (microseconds; None for now)."""

    def __init__(self, parts: Parts, as_of: int | None) -> None:
        self.parts, self._as_of = parts, as_of
        self._identities, self._portraits = parts.identities, parts.portraits
        self._facts, self._archive = parts.facts, parts.archive
        self._lookup = Lookup(parts.index, parts.identities, parts.archive.nodes_of_record)

    @property
    def as_of(self) -> int | None:
        return self._as_of

    @abstractmethod
    def position(self) -> int:
        """How far the store is: a number that grows whenever what is known changes."""

    def resolve(self, who: str) -> tuple[int, ...]:
        return self._lookup.resolve(who)

    def search(self, text: str, limit: int = 50) -> list[int]:
        return self._lookup.search(text, limit)

    def public_id(self, key: int) -> str:
        return self._identities.one(key)[0]

    def public_ids(self, keys: Iterable[int]) -> dict[int, str]:
        return self._identities.ids(keys)

    def keys_of(self, identifiers: Iterable[str]) -> dict[str, int]:
        return self._identities.keys(identifiers)

    def type_of(self, key: int) -> MentionType:
        return self._identities.one(key)[1]

    def label(self, key: int) -> str:
        """The label; of an entity that is not live (any more), its id."""
        return self.labels((key,)).get(key) or self.public_id(key)

    def labels(self, keys: Iterable[int]) -> dict[int, str]:
        return self._portraits.labels(keys)

    def entities(self, keys: Iterable[int]) -> list[Entity]:
        return self._portraits.entities(keys)

    def all_entities(self, batch: int = 1000) -> Iterator[int]:
        return self._identities.all(batch)

    def entity_of_nodes(self, nodes: Iterable[int]) -> dict[int, int]:
        return self._identities.entities_of(nodes)

    def nodes_of(self, key: int) -> tuple[int, ...]:
        return tuple(self._identities.nodes((key,)).get(key, ()))

    def appearances(self, keys: Iterable[int]) -> dict[int, list[Appearance]]:
        return self._facts.appearances(keys)

    def deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]:
        return self._facts.deliveries(keys, direction)

    def withdrawn_deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]:
        return self._facts.withdrawn_deliveries(keys, direction)

    def held_lots(self, keys: Iterable[int]) -> dict[int, list[HeldLot]]:
        return self._facts.held_lots(keys)

    def users_of(self, value_key: int) -> list[int]:
        return self._facts.users_of(value_key)

    def values_used_by(self, keys: Iterable[int]) -> dict[int, list[int]]:
        return self._facts.values_used_by(keys)

    def edges_of(self, key: int, limit: int = 1000) -> list[Edge]:
        return self._facts.edges_at(key, limit)

    def edges_among(self, keys: Iterable[int], limit: int) -> list[Edge]:
        """Live edges between these entities, the first ones stated."""
        return self._facts.edges_among(keys, limit)

    def all_edges(self, batch: int = 1000) -> Iterator[Edge]:
        return self._facts.all_edges(batch)

    def edge(self, identifier: str) -> Edge | None:
        record_hash = record_hash_of(identifier)
        if record_hash is None or not identifier.startswith("edg-"):
            return None
        edges = self._facts.edges_of_records((record_hash,))
        return next((edge for edge in edges if edge.id == identifier), None)

    def edges_in(self, names: Collection[str]) -> list[Edge]:
        """Live edges that records state."""
        edges = self._facts.edges_of_records({hash64(name) for name in names})
        return [edge for edge in edges if edge.records[0] in names]

    def confirmation(self, identifier: str) -> Confirmation | None:
        record_hash = record_hash_of(identifier)
        if record_hash is None or not identifier.startswith("edg-"):
            return None
        found = self._facts.confirmations_of_record(record_hash)
        return next(
            (word for key, word in found.items() if part_id("edg", record_hash, key) == identifier), None
        )

    def record(self, name: str) -> RecordCopy | None:
        return self._archive.record(name)

    def entities_in(self, name: str) -> list[int]:
        return sorted(set(self.entity_of_nodes(self._archive.nodes_of_record(name)).values()))

    def findings(self, *, withdrawn: bool = False) -> Iterator[tuple[str, Finding]]:
        return self._archive.findings(withdrawn=withdrawn)

    def finding(self, identifier: str) -> tuple[Finding, bool] | None:
        return self._archive.finding(identifier)
