"""Keys, nodes and public ids: who an integer of a store is. What a store adds is how it is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator

from schemas.claims import MentionType
from schemas.errors import NotFound
from schemas.ids import PREFIXES, hash64, part_id, part_of, record_hash_of

_REMEMBERED = 200_000
_VALUE_TYPES: tuple[MentionType, ...] = ("phone", "account", "case", "place")
_VALUE_PREFIXES = {PREFIXES[type_]: type_ for type_ in _VALUE_TYPES}

Named = tuple[int, int, str | None, int | None, int | None, str]
"""(hash, node, ref, start, stop, record): a mention in a record whose name has this hash."""
Value = tuple[int, MentionType]
"""Hash and type of a value."""


class Identities(ABC):
    """Translates between entity keys, nodes and public ids within one view."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, MentionType]] = {}  # key -> id and type, which never change
        self._given: dict[str, int] = {}  # the other way round

    # --- what a store answers -------------------------------------------------------------------

    @abstractmethod
    def identified(self, keys: set[int]) -> Iterator[tuple[int, str, MentionType]]:
        """Public id and type of each key, whether it lives or not."""

    @abstractmethod
    def values(self, keys: Iterable[int]) -> Iterator[tuple[int, MentionType, str, str]]:
        """Type, kind and value of each (negative) key."""

    @abstractmethod
    def entities_of(self, nodes: Iterable[int]) -> dict[int, int]:
        """The live entity of each node; a value is live while a live record speaks of it."""

    @abstractmethod
    def nodes(self, keys: Iterable[int]) -> dict[int, list[int]]:
        """The live nodes of each entity, in order."""

    @abstractmethod
    def all(self, batch: int) -> Iterator[int]:
        """Keys of all live entities, ascending: values, then resolved ones."""

    @abstractmethod
    def named(self, record_hashes: Iterable[int]) -> Iterable[Named]:
        """Mentions with a ref or span in all records whose names have these hashes: of each hash those of the
        live record first, then of the last received; a value, which stands under the ref of whoever it
        belongs to, after them."""

    @abstractmethod
    def live_values(self, wanted: Iterable[Value]) -> dict[Value, int]:
        """The keys of live values by their hashes and types."""

    # --- what follows from it -------------------------------------------------------------------

    def ids(self, keys: Iterable[int]) -> dict[int, str]:
        """Public ids of many entities."""
        return {key: found[0] for key, found in self._look_up(keys).items()}

    def types(self, keys: Iterable[int]) -> dict[int, MentionType]:
        """Types of many entities."""
        return {key: found[1] for key, found in self._look_up(keys).items()}

    def one(self, key: int) -> tuple[str, MentionType]:
        """Public id and type; raises `NotFound` for a key that never was."""
        found = self._known.get(key) or self._look_up((key,)).get(key)
        if found is None:
            raise NotFound("no such entity in this store")
        return found

    def remember(self, key: int, identifier: str, type_: MentionType) -> None:
        """What a store read beside something else need not be asked for again."""
        self._known[key] = identifier, type_
        self._given[identifier] = key

    def make_room(self) -> None:
        """Forget what was remembered when it is very much; call it before many more are."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
            self._given.clear()

    def _look_up(self, keys: Iterable[int]) -> dict[int, tuple[str, MentionType]]:
        wanted = list(keys)
        self.make_room()
        missing = {key for key in wanted if key not in self._known}
        for key, identifier, type_ in self.identified(missing):
            self.remember(key, identifier, type_)
        return {key: self._known[key] for key in wanted if key in self._known}

    def keys(self, identifiers: Iterable[str]) -> dict[str, int]:
        """Keys of many ids; those that were just given out, as the ends of edges, are not looked up again."""
        wanted = list(identifiers)
        known = {each: self._given[each] for each in wanted if each in self._given}
        found = self.by_ids(each for each in wanted if each not in known) | known
        return {each: found[each] for each in wanted if each in found}

    def by_id(self, identifier: str) -> int | None:
        """The live entity of a public id, a former one too."""
        return self.by_ids((identifier,)).get(identifier)

    def by_ids(self, identifiers: Iterable[str]) -> dict[str, int]:
        """The live entities of public ids, former ones too; those that name none are left out."""
        values: dict[str, Value] = {}
        mentions: dict[str, int] = {}
        for identifier in identifiers:
            hash_, prefix = record_hash_of(identifier), identifier.partition("-")[0]
            if hash_ is None or prefix in ("edg", "alt"):
                continue
            if prefix in _VALUE_PREFIXES:
                values[identifier] = hash_, _VALUE_PREFIXES[prefix]
            else:
                mentions[identifier] = hash_
        live = self.live_values(set(values.values()))
        found = {each: live[value] for each, value in values.items() if value in live}
        return found | self._by_first_mention(mentions)

    def _by_first_mention(self, hashes: dict[str, int]) -> dict[str, int]:
        """Of each id (with the hash of a record's name) the entity of the first mention that makes it."""
        # Each mention's id is made once, not once for every id that its record is asked for.
        wanted = {_unprefixed(identifier) for identifier in hashes}
        making: defaultdict[str, list[int]] = defaultdict(list)
        for hash_, node, ref, start, stop, _ in self.named(set(hashes.values())):
            made = _unprefixed(part_id("", hash_, part_of(ref, start, stop)))
            if made in wanted:
                making[made].append(node)
        fitting = {identifier: making[_unprefixed(identifier)] for identifier in hashes}
        entity_of = self.entities_of({node for nodes in fitting.values() for node in nodes})
        types = self.types(set(entity_of.values()))
        found: dict[str, int] = {}
        for identifier, nodes in fitting.items():
            for entity in (entity_of[node] for node in nodes if node in entity_of):
                if PREFIXES[types[entity]] == identifier.partition("-")[0]:
                    found.setdefault(identifier, entity)
        return found

    def by_mention(self, record: str, ref: str) -> int | None:
        """The live entity of `record#ref`; for a mention from text `ref` is `@start-stop`."""
        for _, node, own, start, stop, name in self.named((hash64(record),)):
            if name == record and part_of(own, start, stop) == ref:
                entity = self.entities_of((node,)).get(node)
                if entity is not None:
                    return entity
        return None

    def value_key(self, type_: MentionType, kind: str, value: str) -> int | None:
        """The key of a live value entity."""
        hashed = hash64(type_, kind, value), type_
        key = self.live_values((hashed,)).get(hashed)
        if key is None:
            return None
        same = any((kind, value) == (own_kind, own) for _, _, own_kind, own in self.values((key,)))
        return key if same else None


def _unprefixed(identifier: str) -> str:
    return identifier.partition("-")[2]
