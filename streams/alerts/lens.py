"""A look at the graph: everything is fetched once, for many keys at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from graph.port import Appearance, Direction, HeldLot, ReportedDelivery, RuleReader
from schemas.claims import MentionType
from streams.alerts.memory import MOST, Memory
from streams.alerts.policy import Supply

_T = TypeVar("_T")

ANY_SUPPLY = Supply(0.0, 0.0)


class Lens:
    """Remembers what the reader said until a batch changes it; `look_again` says what that was.

    Of deliveries it knows those that `supply` trusts: the loosest trust of any rule. They are read on from
    the last edge where somebody only gained some: a busy supplier does in nearly every batch.
    `load_…` fetches for many keys; the singular asks for one and fetches when it was not loaded.
    """

    def __init__(self, reader: RuleReader, supply: Supply = ANY_SUPPLY, most: int = MOST) -> None:
        self._reader, self._supply = reader, supply
        self._appearances: Memory[list[Appearance]] = Memory(most=most)
        self._records: Memory[dict[int, Appearance]] = Memory(most=most)
        self._deliveries: dict[Direction, Memory[list[ReportedDelivery]]] = {
            "up": Memory(lambda found: {each.source for each in found}, most),
            "down": Memory(lambda found: {each.target for each in found}, most),
        }
        self._last_edge = reader.last_edge()
        self._lots: Memory[list[HeldLot]] = Memory(most=most)
        self._users: Memory[tuple[int, list[int]]] = Memory(lambda found: found[1], most)
        self._values: Memory[list[int]] = Memory(most=most)
        self._types: Memory[MentionType] = Memory(most=most)
        self._ids: Memory[str] = Memory(most=most)
        self._portraits: Memory[tuple[str, frozenset[str]]] = Memory(most=most)

    def look_again(self, touched: frozenset[int], changed: frozenset[int]) -> None:
        """What was known of the entities in `touched` is old. Those in `changed` lost something or are others
        now; the rest only gained something.
        """
        for memory in self._memories():
            memory.settle()
            memory.forget(touched)
        for direction, deliveries in self._deliveries.items():
            deliveries.settle()
            deliveries.forget(changed)
            self._read_on(touched, direction)
        self._last_edge = self._reader.last_edge()

    def _memories(self) -> tuple[Memory[Any], ...]:
        return (
            self._appearances, self._records, self._lots, self._users, self._values, self._types, self._ids,
            self._portraits,
        )  # fmt: skip

    def live_types(self, keys: Iterable[int]) -> dict[int, MentionType]:
        """Types of those keys that still name an entity."""
        wanted = set(keys)
        for key, type_ in self._reader.live_types(self._types.lacks(wanted)).items():
            self._types.put(key, type_)
        return {key: known for key in wanted if (known := self._types.get(key)) is not None}

    def type_of(self, key: int) -> MentionType:
        return _asked(self._types, key, self._reader.type_of)

    def public_id(self, key: int) -> str:
        return _asked(self._ids, key, self._reader.public_id)

    def load_portraits(self, keys: Iterable[int]) -> None:
        """Ids, labels, and of resolved entities the kinds of their identifiers."""
        missing = self._portraits.lacks(keys)
        if not missing:
            return
        for key, identifier in self._reader.public_ids(missing).items():
            self._ids.put(key, identifier)
        kinds = self._reader.identity_kinds(key for key in missing if key > 0)
        for key, label in self._reader.labels(missing).items():
            self._portraits.put(key, (label, kinds.get(key, frozenset())))

    def label(self, key: int) -> str:
        return self._portrait(key)[0]

    def identity_kinds(self, key: int) -> frozenset[str]:
        """Kinds of the whole identifiers an entity carries."""
        return self._portrait(key)[1]

    def _portrait(self, key: int) -> tuple[str, frozenset[str]]:
        self.load_portraits((key,))
        portrait = self._portraits.get(key)
        assert portrait is not None, "whom a finding names is live"
        return portrait

    def with_goods(self, recs: Iterable[int]) -> set[int]:
        return self._reader.with_goods(recs)

    def load_appearances(self, keys: Iterable[int]) -> None:
        _fill(self._appearances, keys, self._reader.appearances)

    def appearances(self, key: int) -> list[Appearance]:
        """Live records of an entity, by (reported, record)."""
        return _of(self._appearances, key, self.load_appearances)

    def record(self, key: int, rec: int) -> Appearance:
        """The record `rec`, in which the entity appears."""
        found = self._records.get(key)
        if found is None:
            found = {seen.rec: seen for seen in self.appearances(key)}
            self._records.put(key, found)
        return found[rec]

    def load_deliveries(self, keys: Iterable[int], direction: Direction) -> None:
        _fill(self._deliveries[direction], keys, lambda missing: self._deliveries_of(missing, direction))

    def _read_on(self, keys: Iterable[int], direction: Direction) -> None:
        """Adds to what is remembered of these entities what was drawn since."""
        known = self._deliveries[direction]
        held = {key: found for key in keys if (found := known.get(key)) is not None}
        for key, more in self._deliveries_of(held, direction, self._last_edge).items():
            known.put(key, held[key] + more)

    def _deliveries_of(
        self, keys: Iterable[int], direction: Direction, after: int = 0
    ) -> dict[int, list[ReportedDelivery]]:
        grouped: dict[int, list[ReportedDelivery]] = {}
        least, least_parcel = self._supply.least_confidence, self._supply.least_parcel_confidence
        for delivery in self._reader.likely_deliveries(keys, direction, least, least_parcel, after):
            end = delivery.target if direction == "up" else delivery.source
            grouped.setdefault(end, []).append(delivery)
        return grouped

    def deliveries(self, key: int, direction: Direction) -> list[ReportedDelivery]:
        return _of(self._deliveries[direction], key, lambda keys: self.load_deliveries(keys, direction))

    def unlikely_suppliers(self, key: int) -> int:
        """How many deliveries to an entity there are that no rule trusts."""
        return len(self._reader.deliveries((key,), "up")) - len(self.deliveries(key, "up"))

    def load_lots(self, keys: Iterable[int]) -> None:
        _fill(self._lots, keys, self._reader.held_lots)

    def lots(self, key: int) -> list[HeldLot]:
        return _of(self._lots, key, self.load_lots)

    def load_values(self, keys: Iterable[int]) -> None:
        _fill(self._values, keys, self._reader.values_used_by)

    def values(self, key: int) -> list[int]:
        """Phones and accounts that an entity uses."""
        return _of(self._values, key, self.load_values)

    def load_users(self, values: Iterable[int], most: int) -> None:
        missing = [value for value in dict.fromkeys(values) if self._known_users(value, most) is None]
        if missing:
            found = self._reader.users_within(missing, most)
            for value in missing:
                self._users.put(value, (most, found.get(value, [])))

    def users(self, value: int, most: int) -> list[int]:
        """Users of a value; when more than `most`, any `most` + 1 of them."""
        found = self._known_users(value, most)
        if found is None:
            self.load_users((value,), most)
            found = self._known_users(value, most)
        assert found is not None
        return found

    def _known_users(self, value: int, most: int) -> list[int] | None:
        found = self._users.get(value)
        return found[1] if found is not None and found[0] == most else None


def _fill(
    held: Memory[list[_T]], keys: Iterable[int], fetch: Callable[[list[int]], dict[int, list[_T]]]
) -> None:
    missing = held.lacks(keys)
    if missing:
        found = fetch(missing)
        for key in missing:
            held.put(key, found.get(key, []))


def _of(held: Memory[list[_T]], key: int, load: Callable[[tuple[int]], None]) -> list[_T]:
    found = held.get(key)
    if found is None:
        load((key,))
        found = held.get(key)
    assert found is not None
    return found


def _asked(held: Memory[_T], key: int, ask: Callable[[int], _T]) -> _T:
    found = held.get(key)
    if found is None:
        found = ask(key)
        held.put(key, found)
    return found
