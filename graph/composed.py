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
from graph.port import Appearance, Delivery, Direction, HeldLot, Place, Received, RecordCopy
from graph.portraits import PortraitReader, Sees, all_seen
from schemas.alerts import Finding
from schemas.claims import MentionType
from schemas.entities import Confirmation, Edge, Entity
from schemas.ids import hash64, record_hash_of


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

    def confirmations_of_records(self, record_hashes: Iterable[int]) -> dict[str, Confirmation]:
        """Who confirmed those of their live edges that are drawn by a person's word, by the edges' ids."""


class ArchiveReader(Protocol):
    """Records and alerts; see the methods of `GraphReader` of the same names."""

    def findings(self, *, withdrawn: bool = False) -> Iterator[tuple[str, Finding]]: ...
    def finding(self, identifier: str) -> tuple[Finding, bool] | None: ...
    def findings_about(self, identifiers: Iterable[str]) -> Iterator[tuple[str, Finding]]: ...
    def latest_findings(self, before: Place | None = None) -> Iterator[tuple[str, Finding]]: ...

    def records(self, names: Iterable[str]) -> list[RecordCopy]:
        """Of each known record the live revision, else the last one, in the order of the names."""

    def nodes_of_records(self, names: Iterable[str]) -> Iterator[tuple[str, int]]:
        """Each record's name with the nodes that its live revision speaks of."""

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
        self._lookup = Lookup(parts.index, parts.identities, parts.archive.nodes_of_records)

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
        return next(iter(self.edges((identifier,))), None)

    def edges(self, identifiers: Iterable[str]) -> list[Edge]:
        """Those of the edges that live, in the order of their ids, each once."""
        wanted = list(dict.fromkeys(identifiers))
        found = {edge.id: edge for edge in self._facts.edges_of_records(_records_of_edges(wanted))}
        return [found[each] for each in wanted if each in found]

    def edges_in(self, names: Collection[str]) -> list[Edge]:
        """Live edges that records state."""
        edges = self._facts.edges_of_records({hash64(name) for name in names})
        return [edge for edge in edges if edge.records[0] in names]

    def confirmation(self, identifier: str) -> Confirmation | None:
        return self.confirmations((identifier,)).get(identifier)

    def confirmations(self, identifiers: Iterable[str]) -> dict[str, Confirmation]:
        """By whose word live edges are drawn, by their ids; those that need none are left out."""
        return self._facts.confirmations_of_records(_records_of_edges(identifiers))

    def record(self, name: str) -> RecordCopy | None:
        return next(iter(self.records((name,))), None)

    def records(self, names: Iterable[str]) -> list[RecordCopy]:
        """As `record`, of those that are known."""
        return self._archive.records(names)

    def entities_in(self, name: str) -> list[int]:
        return self.entities_in_each((name,))[name]

    def entities_in_each(self, names: Iterable[str]) -> dict[str, list[int]]:
        """As `entities_in`, of each of the records."""
        nodes: dict[str, list[int]] = {name: [] for name in names}
        for name, node in self._archive.nodes_of_records(nodes):
            nodes[name].append(node)
        entity_of = self.entity_of_nodes({node for those in nodes.values() for node in those})
        return {
            name: sorted({entity_of[node] for node in those if node in entity_of})
            for name, those in nodes.items()
        }

    def findings(self, *, withdrawn: bool = False) -> Iterator[tuple[str, Finding]]:
        return self._archive.findings(withdrawn=withdrawn)

    def finding(self, identifier: str) -> tuple[Finding, bool] | None:
        return self._archive.finding(identifier)

    def findings_about(self, identifiers: Iterable[str]) -> Iterator[tuple[str, Finding]]:
        return self._archive.findings_about(identifiers)

    def latest_findings(self, before: Place | None = None) -> Iterator[tuple[str, Finding]]:
        return self._archive.latest_findings(before)


def _records_of_edges(identifiers: Iterable[str]) -> set[int]:
    """Hashes of the names of the records that state edges."""
    hashes = (record_hash_of(each) for each in identifiers if each.startswith("edg-"))
    return {each for each in hashes if each is not None}
