"""What one reader may see of a store: everything is read from the records that they may see, and only those.

`seen_by` makes a reader of another one. What an entity is called, which numbers it has, whether it is found
by one of them and whom it is linked to are put together from visible records alone, so nothing has to be
taken out of an answer afterwards. An entity of which no visible record speaks does not exist here.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from functools import cache
from itertools import islice
from typing import TypeVar

from msgspec import structs

from graph.composed import ArchiveReader, ComposedReader, FactReader, Parts
from graph.identities import Identities, Named
from graph.lookup import Index
from graph.port import Appearance, CopyOf, Delivery, Direction, HeldLot, Received, RecordCopy
from graph.portraits import PortraitReader, Sees, Spoken
from graph.tokens import Alternative
from schemas.alerts import Finding
from schemas.claims import Features, MentionType
from schemas.entities import Confirmation, Edge

WITHHELD = "withheld"
"""Stands for the name of a record that may not be seen, where its being there counts."""

_AT_ONCE = 500
_MOST_LINKS = 10_000
"""Edges of a phone or account among which its users are looked for, the last reported ones."""

T = TypeVar("T")


class SeenReader(ComposedReader):
    """A reader of what somebody may see. `withheld`: since it was made, deliveries were left out."""

    def __init__(self, sight: Sight, parts: Parts, reader: ComposedReader) -> None:
        super().__init__(parts, reader.as_of)
        self._sight, self._reader = sight, reader

    def position(self) -> int:
        return self._reader.position()

    @property
    def withheld(self) -> bool:
        return self._sight.withheld

    def sees_all_of(self, identifiers: Iterable[str]) -> bool:
        """Whether all live records that speak of these entities may be seen, and those of which they are
        copies: what was found of them by looking at all may be told only then.
        """
        inner = self._reader.parts
        keys = inner.identities.keys(identifiers).values()
        found = [one for those in inner.facts.appearances(keys).values() for one in those]
        names = {name for one in found for name in (one.record, *one.copy_of)}
        return self.visible(names) == names

    def visible(self, names: Iterable[str]) -> set[str]:
        """Those of the records that may be seen."""
        return self._sight.records(names)


def seen_by(reader: ComposedReader, sees: Sees) -> SeenReader:
    """What of a reader's store may be seen, at the same moment. Not for several threads, as the reader."""
    sight = Sight(reader.parts, sees)
    identities = _SeenIdentities(reader.parts.identities, sight)
    parts = Parts(
        identities=identities,
        portraits=_SeenPortraits(reader.parts.portraits, identities, sight),
        facts=_SeenFacts(reader.parts.facts, identities, sight),
        archive=_SeenArchive(reader.parts.archive, sight),
        index=_SeenIndex(reader.parts.index, sight),
    )
    return SeenReader(sight, parts, reader)


class Sight:
    """Answers what may be seen, from where records belong; each record is asked for once."""

    def __init__(self, parts: Parts, sees: Sees) -> None:
        self.withheld = False
        self.sees: Sees = cache(sees)  # there are few places, and many records of each
        self._parts = parts
        self._records: dict[str, bool] = {WITHHELD: False}
        self._nodes: dict[int, set[int]] = {}

    def records(self, names: Iterable[str]) -> set[str]:
        """Those of the records that may be seen; of an unknown one nothing may."""
        wanted = set(names)
        missing = [name for name in wanted if name not in self._records]
        if missing:
            self._records.update(dict.fromkeys(missing, False))
            for name, region, case in self._parts.archive.belongings(missing):
                self._records[name] = self.sees(region, case)
        return {name for name in wanted if self._records[name]}

    def nodes(self, keys: Iterable[int]) -> dict[int, set[int]]:
        """Of each entity the nodes of which a visible record speaks; entities without any are left out."""
        wanted = set(keys)
        missing = wanted - self._nodes.keys()
        self._nodes.update((key, set()) for key in missing)
        for key, node in self._parts.portraits.seen(missing, self.sees):
            self._nodes[key].add(node)
        return {key: self._nodes[key] for key in wanted if self._nodes[key]}

    def of(self, things: Iterable[T], name: Callable[[T], str]) -> Iterator[T]:
        """Those of the things whose record may be seen, in order."""
        rest = iter(things)
        while chunk := list(islice(rest, _AT_ONCE)):
            seen = self.records(map(name, chunk))
            yield from (each for each in chunk if name(each) in seen)


class _SeenIdentities(Identities):
    def __init__(self, inner: Identities, sight: Sight) -> None:
        super().__init__()
        self._inner, self._sight = inner, sight

    def identified(self, keys: set[int]) -> Iterator[tuple[int, str, MentionType]]:
        types = self._inner.types(keys)
        yield from ((key, id_, types[key]) for key, id_ in self._inner.ids(keys).items())

    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, MentionType, str, str]]:
        yield from self._inner.values(keys)

    def entities_of(self, nodes: Iterable[int]) -> dict[int, int]:
        found = self._inner.entities_of(nodes)
        seen = self._sight.nodes(found.values())
        return {node: entity for node, entity in found.items() if entity in seen}

    def nodes(self, keys: Iterable[int]) -> dict[int, list[int]]:
        return {key: sorted(nodes) for key, nodes in self._sight.nodes(keys).items()}

    def all(self, batch: int) -> Iterator[int]:
        rest = self._inner.all(batch)
        while chunk := list(islice(rest, batch)):
            seen = self._sight.nodes(chunk)
            yield from (key for key in chunk if key in seen)

    def keys(self, identifiers: Iterable[str]) -> dict[str, int]:
        found = self._inner.keys(identifiers)
        seen = self._sight.nodes(found.values())
        return {identifier: key for identifier, key in found.items() if key in seen}

    def named(self, record_hash: int) -> Iterable[Named]:
        """All of them: an id may go back to a record that may not be seen, and to somebody who may."""
        return self._inner.named(record_hash)

    def live_value(self, hash_: int, type_: MentionType) -> int | None:
        key = self._inner.live_value(hash_, type_)
        return key if key is not None and self._sight.nodes((key,)) else None

    def by_mention(self, record: str, ref: str) -> int | None:
        return super().by_mention(record, ref) if self._sight.records((record,)) else None


class _SeenPortraits(PortraitReader):
    def __init__(self, inner: PortraitReader, identities: Identities, sight: Sight) -> None:
        super().__init__(identities)
        self._inner, self._sight = inner, sight

    def spoken(self, keys: Iterable[int]) -> Iterator[Spoken]:
        sees = self._sight.sees
        # Whole, since a store keeps beside it what it is asked for next.
        yield from [each for each in self._inner.spoken(keys) if sees(each[6], each[7])]

    def live(self, keys: Iterable[int]) -> Iterator[tuple[int, int]]:
        return ((key, node) for key, nodes in self._sight.nodes(keys).items() for node in nodes)

    def counts(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str | None, int]]:
        return (each for each in self._inner.counts(keys) if self._sight.sees(each[1], each[2]))

    def seen(self, keys: Iterable[int], sees: Sees) -> Iterator[tuple[int, int]]:
        own = self._sight.sees
        return self._inner.seen(keys, lambda region, case: own(region, case) and sees(region, case))

    def features(self, pids: Iterable[int]) -> Iterator[tuple[int, Features]]:
        return self._inner.features(pids)

    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        return self._inner.values(keys)


class _SeenFacts:
    def __init__(self, inner: FactReader, identities: Identities, sight: Sight) -> None:
        self._inner, self._identities, self._sight = inner, identities, sight

    def appearances(self, keys: Iterable[int]) -> dict[int, list[Appearance]]:
        sees = self._sight.sees
        found = {
            key: [self._with_seen_copies(each) for each in appearances if sees(each.region, each.case)]
            for key, appearances in self._inner.appearances(keys).items()
        }
        return {key: appearances for key, appearances in found.items() if appearances}

    def _with_seen_copies(self, one: Appearance) -> Appearance:
        """A copy stays one where those told first may not be seen: it would count as a voice of its own."""
        if not one.copy_of:
            return one
        seen = self._sight.records(one.copy_of)
        return structs.replace(one, copy_of=tuple(n for n in one.copy_of if n in seen) or (WITHHELD,))

    def deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]:
        return self._seen(self._inner.deliveries(keys, direction))

    def withdrawn_deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]:
        return self._seen(self._inner.withdrawn_deliveries(keys, direction))

    def _seen(self, deliveries: list[Delivery]) -> list[Delivery]:
        seen = list(self._sight.of(deliveries, lambda each: each.record))
        self._sight.withheld |= len(seen) < len(deliveries)
        return seen

    def held_lots(self, keys: Iterable[int]) -> dict[int, list[HeldLot]]:
        found = {
            key: list(self._sight.of(lots, lambda each: each.record))
            for key, lots in self._inner.held_lots(keys).items()
        }
        return {key: lots for key, lots in found.items() if lots}

    def users_of(self, value_key: int) -> list[int]:
        """Whose use of it a visible record states; see `_MOST_LINKS`."""
        return sorted(self._used(self._inner.users_of(value_key), value_key))

    def values_used_by(self, keys: Iterable[int]) -> dict[int, list[int]]:
        found = self._inner.values_used_by(keys)
        used = {key: sorted(self._used(values, key)) for key, values in found.items()}
        return {key: values for key, values in used.items() if values}

    def _used(self, others: Iterable[int], key: int) -> set[int]:
        """Those of the other ends of `uses` edges at an entity that a visible record states."""
        ids = self._identities.ids(others)
        ends = {
            end for e in self.edges_at(key, _MOST_LINKS) if e.type == "uses" for end in (e.source, e.target)
        }
        return {other for other, id_ in ids.items() if id_ in ends}

    def edges_at(self, key: int, limit: int) -> list[Edge]:
        """Reads on until there are enough visible ones, or no more."""
        most = limit
        while True:
            found = self._inner.edges_at(key, most)
            seen = list(self._sight.of(found, _record_of))
            if len(seen) >= limit or len(found) < most:
                return seen[:limit]
            most *= 4

    def edges_among(self, keys: Iterable[int], limit: int) -> list[Edge]:
        return list(self._sight.of(self._inner.edges_among(keys, limit), _record_of))

    def edges_of_record(self, record_hash: int) -> list[Edge]:
        return list(self._sight.of(self._inner.edges_of_record(record_hash), _record_of))

    def confirmations_of_record(self, record_hash: int) -> dict[str, Confirmation]:
        seen = self.edges_of_record(record_hash)
        return self._inner.confirmations_of_record(record_hash) if seen else {}

    def all_edges(self, batch: int) -> Iterator[Edge]:
        return self._sight.of(self._inner.all_edges(batch), _record_of)


class _SeenArchive:
    def __init__(self, inner: ArchiveReader, sight: Sight) -> None:
        self._inner, self._sight = inner, sight

    def record(self, name: str) -> RecordCopy | None:
        if not self._sight.records((name,)):
            return None
        kept = self._inner.record(name)
        return None if kept is None else self._with_seen_copies(kept)

    def _with_seen_copies(self, kept: RecordCopy) -> RecordCopy:
        if not kept.copy_of and not kept.copies:
            return kept
        seen = self._sight.records(
            (*kept.copies, *(name for one in kept.copy_of for name in (one.record, one.known_by)))
        )

        def named(name: str) -> str:
            return name if name in seen else WITHHELD

        copy_of = tuple(CopyOf(named(one.record), named(one.known_by), one.alike) for one in kept.copy_of)
        return structs.replace(kept, copy_of=copy_of, copies=tuple(n for n in kept.copies if n in seen))

    def findings(self, *, withdrawn: bool = False) -> Iterator[tuple[str, Finding]]:
        for identifier, finding in self._inner.findings(withdrawn=withdrawn):
            if self._whole(finding):
                yield identifier, finding

    def finding(self, identifier: str) -> tuple[Finding, bool] | None:
        found = self._inner.finding(identifier)
        return found if found is not None and self._whole(found[0]) else None

    def _whole(self, finding: Finding) -> bool:
        """An alert is seen by who may see all its records: its reasons tell of each."""
        return len(self._sight.records(finding.records)) == len(set(finding.records))

    def nodes_of_record(self, name: str) -> list[int]:
        return self._inner.nodes_of_record(name) if self._sight.records((name,)) else []

    def received_since(self, moment: int) -> Iterator[Received]:
        return self._sight.of(self._inner.received_since(moment), lambda each: each.record)

    def spoken_where(self, key: int) -> Iterator[tuple[str, str, str | None]]:
        return (each for each in self._inner.spoken_where(key) if self._sight.sees(each[1], each[2]))

    def belongings(self, names: Iterable[str]) -> Iterator[tuple[str, str, str | None]]:
        return self._sight.of(self._inner.belongings(names), lambda each: each[0])


class _SeenIndex:
    def __init__(self, inner: Index, sight: Sight) -> None:
        self._inner, self._sight = inner, sight

    def hits(self, alternative: Alternative, limit: int | None) -> Generator[tuple[int, int]]:
        """What hits by a number or name of a record that may not be seen is no hit."""
        rest = self._inner.hits(alternative, limit)
        try:
            while chunk := list(islice(rest, _AT_ONCE)):
                seen = self._sight.nodes(entity for _, entity in chunk)
                yield from ((node, entity) for node, entity in chunk if node in seen.get(entity, ()))
        finally:
            rest.close()

    def features(self, pids: Iterable[int]) -> Iterator[tuple[int, Features]]:
        return self._inner.features(pids)

    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        return self._inner.values(keys)

    def spoken_of(self, nodes: Iterable[int]) -> Iterator[tuple[int, int]]:
        return self._inner.spoken_of(nodes)


def _record_of(edge: Edge) -> str:
    (name,) = edge.records
    return name
