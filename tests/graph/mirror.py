"""A projection in a few dictionaries: what a change says, applied by the letter.

It checks what every projection relies on: nothing is closed that is not there, nothing comes twice, and
no row speaks of another that did not come before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.ids import hash64, part_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graph.port import GraphReader
    from schemas.changes import Change


class Mirror:
    """What lives, by key."""

    def __init__(self) -> None:
        self.seq = self.part = 0
        self.records: dict[int, str] = {}
        self.received: set[int] = set()
        self.profiles: dict[int, Any] = {}
        self.entities: dict[int, tuple[str, str, str]] = {}
        self.members: dict[int, int] = {}
        self.facts: dict[int, Any] = {}
        self.lots: dict[int, Any] = {}
        self.places: dict[tuple[int, bool], int] = {}
        self.alerts: dict[int, Any] = {}
        self.withdrawn: set[tuple[str, int]] = set()
        self.mentions: dict[int, Any] = {}
        self.copies: dict[int, Any] = {}

    def apply(self, changes: Iterable[Change]) -> Mirror:
        for change in changes:
            assert change.after == self.seq if change.part == 1 else change.seq == self.seq
            self.seq, self.part = change.seq, change.part
            self._close(change)
            self._open(change)
        return self

    def _close(self, change: Change) -> None:
        for closed in change.facts_closed:
            assert self.facts.pop(closed.edge).type == closed.type
        for taken in change.lots_taken:
            del self.places[taken.lot, taken.inside]
        for left in change.profiles_left:
            assert self.members.pop(left.pid) == left.entity
        for copy in change.copies_lost:
            del self.copies[copy]
        for rec in change.records_closed:
            del self.records[rec]
        for a in change.alerts_closed:
            del self.alerts[a]
        for key in change.entities_closed:
            del self.entities[key]
        self.withdrawn |= {(one.name, one.reported) for one in change.withdrawals}

    def _open(self, change: Change) -> None:
        for record in change.records:
            assert record.rec not in self.received
            self.received.add(record.rec)
            if record.live:
                self.records[record.rec] = record.name
        for copy in change.copies:
            assert {copy.rec, copy.first} <= self.records.keys()
            assert self.copies.setdefault(copy.copy, copy) is copy
        for profile in change.profiles:
            assert profile.pid not in self.profiles
            self.profiles[profile.pid] = profile
        for one in change.entities:
            assert one.fresh == (one.key not in self.entities)
            self.entities[one.key] = (one.id, one.type, one.label)
        for joined in change.profiles_joined:
            assert joined.pid in self.profiles
            assert joined.entity in self.entities
            assert self.members.setdefault(joined.pid, joined.entity) == joined.entity
        for mention in change.mentions:
            assert mention.rec in self.received
            assert mention.node in (self.profiles if mention.node > 0 else self.entities)
            self.mentions[mention.m] = mention
        self._place(change)

    def _place(self, change: Change) -> None:
        for fact in change.facts:
            assert fact.edge not in self.facts
            assert {fact.source, fact.target} <= self.entities.keys()
            self.facts[fact.edge] = fact
        for lot in change.lots:
            assert lot.rec in self.received
            self.lots[lot.lot] = lot
        for placed in change.lots_placed:
            assert placed.lot in self.lots
            assert placed.entity in self.entities
            assert self.places.setdefault((placed.lot, placed.inside), placed.entity) == placed.entity
        for alert in change.alerts:
            assert set(alert.recs) <= self.records.keys()
            if alert.live:
                self.alerts[alert.a] = alert

    def known(self) -> dict[str, Any]:
        """What it says, in public terms."""
        id_of = {key: one[0] for key, one in self.entities.items()}
        return {
            "entities": sorted(self.entities.values()),
            "edges": sorted(
                (_id(one), one.type, id_of[one.source], id_of[one.target], one.record, one.confidence)
                for one in self.facts.values()
            ),
            "lots": sorted(
                (id_of[key], self.lots[lot].substance or "")
                for (lot, inside), key in self.places.items()
                if not inside
            ),
            "alerts": sorted((one.id, one.finding.records) for one in self.alerts.values()),
            "copies": sorted(
                (self.records[one.rec], self.records[one.first], one.known_by, one.alike)
                for one in self.copies.values()
            ),
        }


def _id(fact: Any) -> str:
    return part_id("edg", hash64(fact.record), fact.key)


def _copies(reader: GraphReader, keys: Iterable[int]) -> Iterator[tuple[str, str, str, float]]:
    """The records that speak of somebody and are copies, each once."""
    seen = {one.record: one.copy_of for found in reader.appearances(keys).values() for one in found}
    for record, copy_of in seen.items():
        copies = reader.record(record).copy_of
        assert tuple(copy.record for copy in copies) == copy_of
        for copy in copies:
            yield record, copy.record, copy.known_by, copy.alike


def known_to(reader: GraphReader) -> dict[str, Any]:
    """The same of a reader."""
    keys = list(reader.all_entities())
    id_of, label_of = reader.public_ids(keys), reader.labels(keys)
    return {
        "entities": sorted((id_of[key], reader.type_of(key), label_of[key]) for key in keys),
        "edges": sorted(
            (one.id, one.type, one.source, one.target, one.records[0], one.confidence)
            for one in reader.all_edges()
        ),
        "lots": sorted(
            (id_of[key], lot.substance or "") for key, lots in reader.held_lots(keys).items() for lot in lots
        ),
        "alerts": sorted((id_, finding.records) for id_, finding in reader.findings()),
        "copies": sorted(_copies(reader, keys)),
    }
