"""Entities as the contract shows them, built for many keys with few questions to a store.

What a store adds is how mentions, features and values are read (`PortraitReader`'s three questions).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from graph.chunks import chunks
from graph.identities import Identities
from graph.labels import also_called, label_of, settled_label
from schemas.claims import Features, Mention
from schemas.entities import Entity, EntityIdentifier, MentionRef
from schemas.ids import part_of
from schemas.reference import checkpoints, regions

_AT_ONCE = 1000

Spoken = tuple[int, int, str, str | None, int | None, int | None, str, str | None]
"""(entity, node, record, ref, start, stop, region, case): where a live record speaks of an entity, and where
it belongs."""

Sees = Callable[[str, str | None], bool]
"""Whether a record of a region (GB/T 2260 code) and a case (None: of none) may be seen."""


def all_seen(_region: str, _case: str | None) -> bool:
    """What whoever may see everything sees."""
    return True


_features = msgspec.msgpack.Decoder(Features)


@lru_cache(maxsize=4096)
def features_of(packed: bytes) -> Features:
    """The features of a stored profile."""
    return _features.decode(packed)


def value_label(kind: str, value: str) -> str:
    """How a value is called: places by their name, everything else by itself."""
    if kind == "region":
        return regions.full_name(value) or value
    if kind == "checkpoint":
        known = checkpoints.checkpoint(value)
        return known.name if known else value
    return value


class Portrait:
    """What the live records say of one entity, while it is being read."""

    def __init__(self) -> None:
        self.mentions: list[tuple[str, str | None, int | None, int | None]] = []
        self.records: defaultdict[int, set[str]] = defaultdict(set)  # node -> records
        self.called: defaultdict[str, set[str]] = defaultdict(set)
        self.aliases: defaultdict[str, set[str]] = defaultdict(set)
        self.identifiers: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def describe(self, records: set[str], features: Features) -> None:
        if features.name:
            self.called[features.name] |= records
        for alias in features.aliases:
            self.aliases[alias] |= records
        for each in (*features.identifiers, *features.masked):
            self.identifiers[each.kind, each.value] |= records

    def add(self, record: str, mention: Mention) -> None:
        """One more mention of the entity."""
        start, stop = mention.span or (None, None)
        self.mentions.append((record, mention.ref, start, stop))
        if mention.features is not None:
            self.describe({record}, mention.features)
        if mention.value is not None:
            self.identifiers[mention.value.kind, mention.value.value].add(record)

    def take(self, other: Portrait) -> None:
        """All that is said of another entity is said of this one."""
        self.mentions += other.mentions
        for node, records in other.records.items():
            self.records[node] |= records
        for name, records in other.called.items():
            self.called[name] |= records
        for alias, records in other.aliases.items():
            self.aliases[alias] |= records
        for identifier, records in other.identifiers.items():
            self.identifiers[identifier] |= records

    def forget(self, record: str) -> None:
        """A record no longer speaks of the entity."""
        self.mentions = [mention for mention in self.mentions if mention[0] != record]
        everything: tuple[dict[Any, set[str]], ...] = (self.called, self.aliases, self.identifiers)
        for said in everything:
            for what, records in list(said.items()):
                records.discard(record)
                if not records:
                    del said[what]

    def place(self) -> str:
        """Where it is spoken of first: how to call what has neither a name nor a number."""
        record, ref, start, stop = min(self.mentions, key=_mention_order)
        return f"{record}#{part_of(ref, start, stop)}"


def _span(start: int | None, stop: int | None) -> tuple[int, int] | None:
    return None if start is None or stop is None else (start, stop)


def _mention_order(mention: tuple[str, str | None, int | None, int | None]) -> tuple[str, str, int, int]:
    record, ref, start, stop = mention
    return record, ref or "", start or 0, stop or 0


class Sketch(Struct, frozen=True):
    """An entity without the records that speak of it; `identifiers` are (kind, value)."""

    label: str
    aliases: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]


class PortraitReader(ABC):
    """Builds entities and labels within one view of a store."""

    def __init__(self, identities: Identities) -> None:
        self._identities = identities

    @abstractmethod
    def spoken(self, keys: Iterable[int]) -> Iterator[Spoken]:
        """All mentions of these entities in live records."""

    @abstractmethod
    def seen(self, keys: Iterable[int], sees: Sees) -> Iterator[tuple[int, int]]:
        """Entity and node, each once, of the nodes of these entities of which a live record speaks that may
        be seen."""

    @abstractmethod
    def counts(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str | None, int]]:
        """Entity, region, case, and how many live records of these speak of it."""

    @abstractmethod
    def features(self, pids: Iterable[int]) -> Iterator[tuple[int, Features]]:
        """The features of each profile."""

    @abstractmethod
    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        """Kind and value of each value."""

    def entities(self, keys: Iterable[int]) -> list[Entity]:
        """The contract's ENTITY for each key that is live, in the order of the keys."""
        built: list[Entity] = []
        for chunk in chunks(list(keys), _AT_ONCE):
            portraits = self.read(set(chunk))
            labels = self.labels_of(portraits)
            known = self._identities.ids(portraits)
            types = self._identities.types(portraits)
            built.extend(
                _entity(known[key], types[key], labels[key], portraits[key])
                for key in chunk
                if key in portraits
            )
        return built

    def brief(self, keys: Iterable[int]) -> list[Entity]:
        """As `entities`, without mentions and the records of identifiers, of which there may be very many."""
        wanted = list(keys)
        sketches = self.sketches(wanted)
        ids, types = self._identities.ids(sketches), self._identities.types(sketches)
        return [
            Entity(
                id=ids[key],
                type=types[key],
                label=sketches[key].label,
                mentions=(),
                identifiers=tuple(EntityIdentifier(*each, ()) for each in sketches[key].identifiers),
                aliases=sketches[key].aliases,
            )
            for key in wanted
            if key in sketches
        ]

    def labels(self, keys: Iterable[int]) -> dict[int, str]:
        """The label of each entity that is live."""
        return {key: sketch.label for key, sketch in self.sketches(keys).items()}

    def live(self, keys: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Entity and node, each once, of the nodes of these entities of which a live record speaks."""
        return self.seen(keys, all_seen)

    def sketches(self, keys: Iterable[int]) -> dict[int, Sketch]:
        """How each entity that is live is called, and by which numbers it is known.

        All records that speak of it are read only where the label depends on how many they are.
        """
        found: dict[int, Sketch] = {}
        for chunk in chunks(list(keys), _AT_ONCE):
            of_node = {node: key for key, node in self.live(set(chunk))}
            described: defaultdict[int, list[Features]] = defaultdict(list)
            for pid, features in self.features(node for node in of_node if node > 0):
                described[of_node[pid]].append(features)
            labels = {key: settled_label(said) for key, said in described.items()}
            unsettled = {key for key, label in labels.items() if label is None}
            labels |= self.labels_of(self.read(unsettled))
            found |= {key: _sketch(labels[key] or "", said) for key, said in described.items()}
            for key, kind, value in self.values(node for node in of_node if node < 0):
                found[key] = Sketch(value_label(kind, value), (), ((kind, value),))
        return found

    def read(self, keys: set[int]) -> dict[int, Portrait]:
        """What is said of each entity that is live."""
        portraits: dict[int, Portrait] = {}
        for key, node, record, ref, start, stop, _, _ in self.spoken(keys):
            portrait = portraits.get(key) or portraits.setdefault(key, Portrait())
            portrait.mentions.append((record, ref, start, stop))
            portrait.records[node].add(record)
        of_node = {node: key for key, portrait in portraits.items() for node in portrait.records}
        for pid, features in self.features(n for n in of_node if n > 0):
            portrait = portraits[of_node[pid]]
            portrait.describe(portrait.records[pid], features)
        for node, kind, value in self.values(n for n in of_node if n < 0):
            portraits[node].identifiers[kind, value] |= portraits[node].records[node]
        return portraits

    def labels_of(self, portraits: dict[int, Portrait]) -> dict[int, str]:
        """How the entities with these portraits are called."""
        labels = {}
        for key, portrait in portraits.items():
            if key < 0:
                labels[key] = value_label(*next(iter(portrait.identifiers)))
            else:
                called = label_of(portrait.called, portrait.aliases, portrait.identifiers)
                labels[key] = called or portrait.place()
        return labels


def _sketch(label: str, described: Collection[Features]) -> Sketch:
    called = {each.name: () for each in described if each.name}
    aliases = {alias: () for each in described for alias in each.aliases}
    numbers = {(one.kind, one.value) for each in described for one in (*each.identifiers, *each.masked)}
    return Sketch(label, also_called(called, aliases, label), tuple(sorted(numbers)))


def _entity(identifier: str, type_: str, label: str, portrait: Portrait) -> Entity:
    return Entity(
        id=identifier,
        type=type_,  # type: ignore[arg-type]  # a store holds no other types
        label=label,
        mentions=tuple(
            MentionRef(record, ref, None if ref is not None else _span(start, stop))
            for record, ref, start, stop in sorted(portrait.mentions, key=_mention_order)
        ),
        identifiers=tuple(
            EntityIdentifier(kind, value, tuple(sorted(records)))
            for (kind, value), records in sorted(portrait.identifiers.items())
        ),
        aliases=also_called(portrait.called, portrait.aliases, label),
    )
