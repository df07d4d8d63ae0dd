"""A reader for one who may not see all: everything is read from the records that they may see, and no others.

`seen_by` makes it of another one. What an entity is called, which numbers it has, whether it is found
by one of them and whom it is linked to are put together from visible records alone, so nothing has to be
taken out of an answer afterwards. An entity of which no visible record speaks does not exist here. Who is one
with whom is decided by all records, hidden ones too: that two are one is told, why is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import islice

from msgspec import structs

from graph.composed import ComposedReader, FactReader, Parts
from graph.identities import Identities, Named, Value
from graph.lookup import Index
from graph.port import (
    Appearance,
    Delivery,
    Direction,
    HeldLot,
)
from graph.portraits import PortraitReader, Sees, Spoken
from graph.seen_archive import SeenArchive
from graph.sight import AT_ONCE, WITHHELD, Sight
from graph.tokens import Alternative
from schemas.claims import Features, MentionType
from schemas.entities import Confirmation, Edge
from schemas.ids import PREFIXES, hash64, part_id, part_of

_MOST_LINKS = 10_000
"""Edges of a phone or account among which its users are looked for, the last reported ones."""


class SeenReader(ComposedReader):
    """A reader of what somebody may see."""

    def __init__(
        self,
        sight: Sight,
        parts: Parts,
        reader: ComposedReader,
        archive: SeenArchive,
        back: tuple[SeenReader, _Asked] | None,
    ) -> None:
        super().__init__(parts, reader.as_of)
        self.sight, self._reader, self._archive_seen, self._back = sight, reader, archive, back

    def position(self) -> int:
        return self._reader.position()

    @property
    def withheld(self) -> bool:
        """Whether deliveries or links were left out of answers since this was made. Of an earlier moment it
        is told by what is left out now: else whoever asks for one moment after the other would learn when
        it came.
        """
        if self._back is None:
            return self.sight.withheld
        present, asked = self._back
        nodes = self._identities.nodes(asked.of())
        entity_of = present.whole_entities_of({node for those in nodes.values() for node in those})
        now = {key: {entity_of[n] for n in those if n in entity_of} for key, those in nodes.items()}
        asked.again(present, now)
        return present.withheld

    def whole_entities_of(self, nodes: Iterable[int]) -> dict[int, int]:
        """As `entity_of_nodes`, hidden records or not: not to be shown."""
        return self._reader.entity_of_nodes(nodes)

    def sees_all_of(self, identifiers: Iterable[str]) -> bool:
        """Whether all live records that speak of these entities may be seen, and those of which they are
        copies: what was found of them by looking at all may be told only then.
        """
        return all(self.sight.all_of([tuple(identifiers)]))

    def ids_of_all(self, key: int) -> list[str]:
        """The ids that an entity may have had, one by each of its mentions, hidden ones too: not to be shown,
        but to look for it by.
        """
        prefix = PREFIXES[self.type_of(key)]
        spoken = self._reader.parts.portraits.spoken((key,)) if key > 0 else ()
        made = {
            part_id(prefix, hash64(record), part_of(ref, start, stop))
            for _, _, record, ref, start, stop, _, _ in spoken
        }
        return sorted(made | {self._reader.public_id(key)})

    def standing_alerts(self) -> set[str]:
        """Ids of all live alerts that may be seen."""
        return set(self._archive_seen.standing())

    def visible(self, names: Iterable[str]) -> set[str]:
        """Those of the records that may be seen."""
        return self.sight.records(names)


def seen_by(reader: ComposedReader, sees: Sees, later: ComposedReader | None = None) -> SeenReader:
    """What of a reader's store may be seen, at the same moment. Not for several threads, as the reader.

    `later` reads the same store at a later moment: what may not be seen by then is not seen of this one
    either.
    """
    present = None if later is None else seen_by(later, sees)
    sight = Sight(reader.parts, sees, None if present is None else present.sight)
    identities = _SeenIdentities(reader.parts.identities, sight)
    archive = SeenArchive(reader.parts.archive, sight)
    asked = _Asked()
    parts = Parts(
        identities=identities,
        portraits=_SeenPortraits(reader.parts.portraits, identities, sight),
        facts=_SeenFacts(reader.parts.facts, identities, sight, asked),
        archive=archive,
        index=_SeenIndex(reader.parts.index, sight),
    )
    return SeenReader(sight, parts, reader, archive, None if present is None else (present, asked))


class _SeenIdentities(Identities):
    def __init__(self, inner: Identities, sight: Sight) -> None:
        super().__init__()
        self._inner, self._sight = inner, sight

    def identified(self, keys: set[int]) -> Iterator[tuple[int, str, MentionType]]:
        """By the earliest mention, as everywhere; where that is hidden, by a visible one: an id is made of a
        record's name, so that who guesses the name would know that it speaks of somebody. One of whom no
        visible record speaks any more has none then.
        """
        types, ids = self._inner.types(keys), self._inner.ids(keys)
        hidden = self._sight.hidden_firsts(ids)
        known = {key: id_ for key, id_ in ids.items() if key not in hidden}
        known |= self._by_visible_mentions(hidden, types)
        yield from ((key, id_, types[key]) for key, id_ in known.items())

    def _by_visible_mentions(self, keys: set[int], types: Mapping[int, MentionType]) -> dict[int, str]:
        first: dict[int, tuple[str, str]] = {}
        for key, _, record, ref, start, stop, _, _ in self._sight.spoken(keys):
            mention = record, part_of(ref, start, stop)
            first[key] = min(first.get(key, mention), mention)
        return {
            key: part_id(PREFIXES[types[key]], hash64(record), part) for key, (record, part) in first.items()
        }

    def renamed(self, edges: list[Edge]) -> list[Edge]:
        """Edges with the ids that their ends have here."""
        keys = self._inner.keys({end for edge in edges for end in (edge.source, edge.target)})
        ids = self.ids(set(keys.values()))
        now = {old: ids[key] for old, key in keys.items() if key in ids}
        return [
            edge
            if now.get(edge.source) == edge.source and now.get(edge.target) == edge.target
            else structs.replace(edge, source=now[edge.source], target=now[edge.target])
            for edge in edges
            if edge.source in now and edge.target in now
        ]

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

    def named(self, record_hashes: Iterable[int]) -> Iterable[Named]:
        """Of visible records: who guesses a name could compute ids, and find of whom a hidden one speaks."""
        return list(self._sight.of(self._inner.named(record_hashes), lambda each: each[5]))

    def live_values(self, wanted: Iterable[Value]) -> dict[Value, int]:
        found = self._inner.live_values(wanted)
        seen = self._sight.nodes(found.values())
        return {value: key for value, key in found.items() if key in seen}

    def by_mention(self, record: str, ref: str) -> int | None:
        return super().by_mention(record, ref) if self._sight.records((record,)) else None


class _SeenPortraits(PortraitReader):
    def __init__(self, inner: PortraitReader, identities: Identities, sight: Sight) -> None:
        super().__init__(identities)
        self._inner, self._sight = inner, sight

    def spoken(self, keys: Iterable[int]) -> Iterator[Spoken]:
        yield from self._sight.spoken(keys)

    def live(self, keys: Iterable[int]) -> Iterator[tuple[int, int]]:
        return ((key, node) for key, nodes in self._sight.nodes(keys).items() for node in nodes)

    def counts(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str | None, int]]:
        return self._sight.counts(keys)

    def seen(self, keys: Iterable[int], sees: Sees) -> Iterator[tuple[int, int]]:
        return self._sight.seen(keys, sees)

    def features(self, pids: Iterable[int]) -> Iterator[tuple[int, Features]]:
        return self._inner.features(pids)

    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        return self._inner.values(keys)


class _Asked:
    """Whose deliveries and links were asked for: which they are follows from what may be seen alone."""

    def __init__(self) -> None:
        self.deliveries: defaultdict[Direction, set[int]] = defaultdict(set)
        self.links: defaultdict[int, set[int]] = defaultdict(set)

    def of(self) -> set[int]:
        """The keys of all of them."""
        together = (*self.deliveries.values(), *self.links.values())
        return {key for keys in together for key in keys}

    def again(self, present: SeenReader, now: Mapping[int, set[int]]) -> None:
        """Ask the same of the present, where each of them is these, until something is withheld."""
        facts = present.parts.facts
        for direction, keys in self.deliveries.items():
            there = sorted(_all_of(now, keys))
            facts.deliveries(there, direction)
            facts.withdrawn_deliveries(there, direction)
        for limit, keys in self.links.items():
            for key in sorted(_all_of(now, keys)):
                if present.withheld:
                    return
                facts.edges_at(key, limit)


def _all_of(now: Mapping[int, set[int]], keys: Iterable[int]) -> set[int]:
    return {each for key in keys for each in now.get(key, ())}


class _SeenFacts:
    def __init__(self, inner: FactReader, identities: _SeenIdentities, sight: Sight, asked: _Asked) -> None:
        self._inner, self._identities, self._sight, self._asked = inner, identities, sight, asked

    def appearances(self, keys: Iterable[int]) -> dict[int, list[Appearance]]:
        found = {
            key: [self._with_seen_copies(each) for each in self._seen_of(appearances)]
            for key, appearances in self._inner.appearances(keys).items()
        }
        return {key: appearances for key, appearances in found.items() if appearances}

    def _seen_of(self, appearances: list[Appearance]) -> list[Appearance]:
        placed = [each for each in appearances if self._sight.sees(each.region, each.case)]
        return self._sight.still(placed, lambda each: each.record)

    def _with_seen_copies(self, one: Appearance) -> Appearance:
        """A copy stays one where those told first may not be seen: it would count as a voice of its own."""
        if not one.copy_of:
            return one
        seen = self._sight.records(one.copy_of)
        return structs.replace(one, copy_of=tuple(n for n in one.copy_of if n in seen) or (WITHHELD,))

    def deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]:
        wanted = list(keys)
        self._asked.deliveries[direction].update(wanted)
        return self._seen(self._inner.deliveries(wanted, direction))

    def withdrawn_deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]:
        wanted = list(keys)
        self._asked.deliveries[direction].update(wanted)
        return self._seen(self._inner.withdrawn_deliveries(wanted, direction))

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
        self._asked.links[_MOST_LINKS].add(value_key)
        return sorted(self._used(self._inner.users_of(value_key), value_key))

    def values_used_by(self, keys: Iterable[int]) -> dict[int, list[int]]:
        wanted = list(keys)
        self._asked.links[_MOST_LINKS].update(wanted)
        found = self._inner.values_used_by(wanted)
        used = {key: sorted(self._used(values, key)) for key, values in found.items()}
        return {key: values for key, values in used.items() if values}

    def _used(self, others: Iterable[int], key: int) -> set[int]:
        """Those of the other ends of `uses` edges at an entity that a visible record states."""
        ids = self._identities.ids(others)
        ends = {
            end for e in self._read_on(key, _MOST_LINKS) if e.type == "uses" for end in (e.source, e.target)
        }
        return {other for other, id_ in ids.items() if id_ in ends}

    def edges_at(self, key: int, limit: int) -> list[Edge]:
        self._asked.links[limit].add(key)
        return self._read_on(key, limit)

    def _read_on(self, key: int, limit: int) -> list[Edge]:
        """Reads on until there are enough visible ones, or no more."""
        most = limit
        while True:
            found = self._inner.edges_at(key, most)
            seen = list(self._sight.of(found, _record_of))
            if len(seen) >= limit or len(found) < most:
                self._sight.withheld |= len(seen) < len(found)
                return self._identities.renamed(seen[:limit])
            most *= 4

    def edges_among(self, keys: Iterable[int], limit: int) -> list[Edge]:
        return self._identities.renamed(
            list(self._sight.of(self._inner.edges_among(keys, limit), _record_of))
        )

    def edges_of_records(self, record_hashes: Iterable[int]) -> list[Edge]:
        seen = self._sight.of(self._inner.edges_of_records(record_hashes), _record_of)
        return self._identities.renamed(list(seen))

    def confirmations_of_records(self, record_hashes: Iterable[int]) -> dict[str, Confirmation]:
        hashes = set(record_hashes)
        found = self._inner.confirmations_of_records(hashes)
        seen = {edge.id for edge in self.edges_of_records(hashes)} if found else set()
        return {identifier: word for identifier, word in found.items() if identifier in seen}

    def all_edges(self, batch: int) -> Iterator[Edge]:
        rest = self._sight.of(self._inner.all_edges(batch), _record_of)
        while chunk := list(islice(rest, AT_ONCE)):
            yield from self._identities.renamed(chunk)


class _SeenIndex:
    def __init__(self, inner: Index, sight: Sight) -> None:
        self._inner, self._sight = inner, sight

    def hits(self, alternative: Alternative, limit: int | None) -> Generator[tuple[int, int]]:
        """What hits by a number or name of a record that may not be seen is no hit."""
        rest = self._inner.hits(alternative, limit)
        try:
            while chunk := list(islice(rest, AT_ONCE)):
                seen = self._sight.nodes(entity for _, entity in chunk)
                yield from ((node, entity) for node, entity in chunk if node in seen.get(entity, ()))
        finally:
            rest.close()

    def features(self, pids: Iterable[int]) -> Iterator[tuple[int, Features]]:
        return self._inner.features(pids)

    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        return self._inner.values(keys)

    def spoken_of(self, nodes: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Each counts as one, however many records speak of it: search ranks by this, and hidden records must
        not show in it. To count the visible ones of all that hit takes longer than the search.
        """
        return ((node, 1) for node in nodes)


def _record_of(edge: Edge) -> str:
    (name,) = edge.records
    return name
