"""One batch's look at the graph: everything is fetched once, for many keys at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from graph.port import Appearance, Delivery, Direction, EvidenceReader, HeldLot
from schemas.claims import MentionType
from streams.alerts.policy import Supply

_T = TypeVar("_T")

ANY_SUPPLY = Supply(0.0, 0.0)


class Lens:
    """Remembers what the reader said, for the length of one batch (the graph stands still in it).

    Of deliveries it knows those that `supply` trusts: the loosest trust of any rule.
    `load_…` fetches for many keys; the singular asks for one and fetches when it was not loaded.
    """

    def __init__(self, reader: EvidenceReader, supply: Supply = ANY_SUPPLY) -> None:
        self._reader, self._supply = reader, supply
        self._appearances: dict[int, list[Appearance]] = {}
        self._deliveries: dict[Direction, dict[int, list[Delivery]]] = {"up": {}, "down": {}}
        self._lots: dict[int, list[HeldLot]] = {}
        self._users: dict[tuple[int, int], list[int]] = {}
        self._values: dict[int, list[int]] = {}
        self._types: dict[int, MentionType] = {}
        self._records: dict[int, dict[int, Appearance]] = {}
        self._ids: dict[int, str] = {}
        self._labels: dict[int, str] = {}
        self._kinds: dict[int, frozenset[str]] = {}

    def live_types(self, keys: Iterable[int]) -> dict[int, MentionType]:
        """Types of those keys that still name an entity."""
        wanted = set(keys)
        self._types.update(self._reader.live_types(wanted - self._types.keys()))
        return {key: self._types[key] for key in wanted if key in self._types}

    def type_of(self, key: int) -> MentionType:
        if key not in self._types:
            self._types[key] = self._reader.type_of(key)
        return self._types[key]

    def public_id(self, key: int) -> str:
        if key not in self._ids:
            self._ids[key] = self._reader.public_id(key)
        return self._ids[key]

    def load_portraits(self, keys: Iterable[int]) -> None:
        """Ids, labels, and of resolved entities the kinds of their identifiers."""
        missing = [key for key in dict.fromkeys(keys) if key not in self._labels]
        if missing:
            self._ids.update(self._reader.public_ids(missing))
            self._labels.update(self._reader.labels(missing))
            self._kinds.update(self._reader.identity_kinds(key for key in missing if key > 0))

    def label(self, key: int) -> str:
        if key not in self._labels:
            self.load_portraits((key,))
        return self._labels[key]

    def identity_kinds(self, key: int) -> frozenset[str]:
        """Kinds of the whole identifiers an entity carries."""
        self.load_portraits((key,))
        return self._kinds.get(key, frozenset())

    def with_goods(self, recs: Iterable[int]) -> set[int]:
        return self._reader.with_goods(recs)

    def load_appearances(self, keys: Iterable[int]) -> None:
        _fill(self._appearances, keys, self._reader.appearances)

    def appearances(self, key: int) -> list[Appearance]:
        """Live records of an entity, by (reported, record)."""
        if key not in self._appearances:
            self.load_appearances((key,))
        return self._appearances[key]

    def record(self, key: int, rec: int) -> Appearance:
        """The record `rec`, in which the entity appears."""
        found = self._records.get(key)
        if found is None:
            found = self._records[key] = {seen.rec: seen for seen in self.appearances(key)}
        return found[rec]

    def load_deliveries(self, keys: Iterable[int], direction: Direction) -> None:
        def fetch(missing: list[int]) -> dict[int, list[Delivery]]:
            grouped: dict[int, list[Delivery]] = {}
            for delivery in self._reader.likely_deliveries(
                missing, direction, self._supply.least_confidence, self._supply.least_parcel_confidence
            ):
                end = delivery.target if direction == "up" else delivery.source
                grouped.setdefault(end, []).append(delivery)
            return grouped

        _fill(self._deliveries[direction], keys, fetch)

    def deliveries(self, key: int, direction: Direction) -> list[Delivery]:
        held = self._deliveries[direction]
        if key not in held:
            self.load_deliveries((key,), direction)
        return held[key]

    def unlikely_suppliers(self, key: int) -> int:
        """How many deliveries to an entity there are that no rule trusts."""
        return len(self._reader.deliveries((key,), "up")) - len(self.deliveries(key, "up"))

    def load_lots(self, keys: Iterable[int]) -> None:
        _fill(self._lots, keys, self._reader.held_lots)

    def lots(self, key: int) -> list[HeldLot]:
        if key not in self._lots:
            self.load_lots((key,))
        return self._lots[key]

    def load_values(self, keys: Iterable[int]) -> None:
        _fill(self._values, keys, self._reader.values_used_by)

    def values(self, key: int) -> list[int]:
        """Phones and accounts that an entity uses."""
        if key not in self._values:
            self.load_values((key,))
        return self._values[key]

    def load_users(self, values: Iterable[int], most: int) -> None:
        missing = [value for value in values if (value, most) not in self._users]
        if missing:
            found = self._reader.users_within(missing, most)
            self._users.update({(value, most): found.get(value, []) for value in missing})

    def users(self, value: int, most: int) -> list[int]:
        """Users of a value; when more than `most`, any `most` + 1 of them."""
        if (value, most) not in self._users:
            self.load_users((value,), most)
        return self._users[value, most]


def _fill(
    held: dict[int, list[_T]], keys: Iterable[int], fetch: Callable[[list[int]], dict[int, list[_T]]]
) -> None:
    missing = [key for key in dict.fromkeys(keys) if key not in held]
    if missing:
        found = fetch(missing)
        held.update({key: found.get(key, []) for key in missing})
