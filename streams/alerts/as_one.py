"""The graph as it would be if two entities were one: what the rules ask, told of the two together.

Nothing is written. To see what the rules would find, give it to a `Lens`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from graph.port import Appearance, Delivery, Direction, EvidenceReader, HeldLot, ReportedDelivery
from graph.said import by_time, keep_clearest
from schemas.claims import MentionType

D = TypeVar("D", bound=Delivery)


class AsOne:
    """`graph.port.RuleReader` over another reader, in which `absorbed` is `kept`.

    Both are keys of resolved entities of one type. After a merge only the key of the one that is spoken of
    first is alive, so that has to be `kept`.
    `read` counts what was asked and answered: how much work the rules had with it.
    """

    def __init__(self, reader: EvidenceReader, kept: int, absorbed: int) -> None:
        self._reader, self._kept, self._absorbed = reader, kept, absorbed
        self.read = 0

    def _asked(self, keys: Iterable[int]) -> set[int]:
        """The keys below: of the one both, and nothing of the other, who is no longer there."""
        wanted = set(keys) - {self._absorbed}
        self.read += len(wanted)
        return wanted | {self._absorbed} if self._kept in wanted else wanted

    def _now(self, key: int) -> int:
        return self._kept if key == self._absorbed else key

    def _drawn(self, deliveries: list[D]) -> list[D]:
        """Deliveries between who is who now; what one of the two gave the other goes nowhere."""
        self.read += len(deliveries)
        return [
            self._between(each) for each in deliveries if self._now(each.source) != self._now(each.target)
        ]

    def _between(self, delivery: D) -> D:
        if self._absorbed not in (delivery.source, delivery.target):
            return delivery
        source, target = self._now(delivery.source), self._now(delivery.target)
        return msgspec.structs.replace(delivery, source=source, target=target)

    # --- who ----------------------------------------------------------------------------------

    def public_id(self, key: int) -> str:
        return self._reader.public_id(key)

    def public_ids(self, keys: Iterable[int]) -> dict[int, str]:
        return self._reader.public_ids(keys)

    def type_of(self, key: int) -> MentionType:
        return self._reader.type_of(key)

    def live_types(self, keys: Iterable[int]) -> dict[int, MentionType]:
        return self._reader.live_types(set(keys) - {self._absorbed})

    def labels(self, keys: Iterable[int]) -> dict[int, str]:
        wanted = set(keys) - {self._absorbed}
        labels = self._reader.labels(wanted - {self._kept})
        if self._kept in wanted:
            labels[self._kept] = self._reader.label_together((self._kept, self._absorbed))
        return labels

    def identity_kinds(self, keys: Iterable[int]) -> dict[int, frozenset[str]]:
        kinds: dict[int, frozenset[str]] = {}
        for key, found in self._reader.identity_kinds(self._asked(keys)).items():
            kinds[self._now(key)] = kinds.get(self._now(key), frozenset()) | found
        return kinds

    # --- what is said of them -----------------------------------------------------------------

    def appearances(self, keys: Iterable[int]) -> dict[int, list[Appearance]]:
        found = self._reader.appearances(self._asked(keys))
        if (more := found.pop(self._absorbed, None)) is not None:
            by_record = {seen.rec: seen for seen in found.get(self._kept, ())}
            for seen in more:
                keep_clearest(by_record, seen)
            found[self._kept] = sorted(by_record.values(), key=by_time)
        self.read += sum(map(len, found.values()))
        return found

    def held_lots(self, keys: Iterable[int]) -> dict[int, list[HeldLot]]:
        found = self._reader.held_lots(self._asked(keys))
        if (more := found.pop(self._absorbed, None)) is not None:
            found[self._kept] = sorted((*found.get(self._kept, ()), *more), key=by_time)
        self.read += sum(map(len, found.values()))
        return found

    def with_goods(self, recs: Iterable[int]) -> set[int]:
        return self._reader.with_goods(recs)

    def deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]:
        return self._drawn(self._reader.deliveries(self._asked(keys), direction))

    def likely_deliveries(
        self, keys: Iterable[int], direction: Direction, least: float, least_parcel: float, after: int
    ) -> list[ReportedDelivery]:
        asked = self._asked(keys)
        return self._drawn(self._reader.likely_deliveries(asked, direction, least, least_parcel, after))

    def last_edge(self) -> int:
        return self._reader.last_edge()

    # --- numbers ------------------------------------------------------------------------------

    def values_used_by(self, keys: Iterable[int]) -> dict[int, list[int]]:
        found = self._reader.values_used_by(self._asked(keys))
        if (more := found.pop(self._absorbed, None)) is not None:
            found[self._kept] = sorted({*found.get(self._kept, ()), *more})
        return found

    def users_within(self, values: Iterable[int], most: int) -> dict[int, list[int]]:
        found = self._reader.users_within(values, most + 1)  # the two are only one of them
        return {
            value: sorted({self._now(user) for user in users})[: most + 1] for value, users in found.items()
        }
