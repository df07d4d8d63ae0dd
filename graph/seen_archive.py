"""Records and alerts for one who may not see all: see `graph.seen`."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import islice

from msgspec import structs

from graph.composed import ArchiveReader
from graph.port import CopyOf, Place, Received, RecordCopy
from graph.portraits import Sees, all_seen
from graph.sight import AT_ONCE, WITHHELD, Sight
from schemas.alerts import Finding
from schemas.reference.words import word

NOT_TOLD = word("alert", "not_told")
"""Stands for the reasons of an alert that speak of records that may not be seen."""
_FEW = 50
"""Alerts that are looked at together where the first ones may be enough."""


class SeenArchive:
    """`graph.composed.ArchiveReader` of what may be seen."""

    def __init__(self, inner: ArchiveReader, sight: Sight) -> None:
        self._inner, self._sight = inner, sight

    def records(self, names: Iterable[str]) -> list[RecordCopy]:
        wanted = list(names)
        seen = self._sight.records(wanted)
        found = self._inner.records(name for name in wanted if name in seen)
        seen = self._sight.records(name for kept in found for name in _beside(kept))
        return [self._with_seen_copies(kept, seen) for kept in found]

    def _with_seen_copies(self, kept: RecordCopy, seen: Container[str]) -> RecordCopy:
        if not kept.copy_of and not kept.copies:
            return kept

        def named(name: str) -> str:
            return name if name in seen else WITHHELD

        copy_of = tuple(CopyOf(named(one.record), named(one.known_by), one.alike) for one in kept.copy_of)
        return structs.replace(kept, copy_of=copy_of, copies=tuple(n for n in kept.copies if n in seen))

    def findings(self, *, withdrawn: bool = False) -> Iterator[tuple[str, Finding]]:
        return self._as_seen(self._inner.findings(withdrawn=withdrawn))

    def findings_about(self, identifiers: Iterable[str]) -> Iterator[tuple[str, Finding]]:
        return self._as_seen(self._inner.findings_about(identifiers))

    def latest_findings(self, before: Place | None = None) -> Iterator[tuple[str, Finding]]:
        return self._as_seen(self._inner.latest_findings(before), _FEW)

    def standing(self) -> Iterator[str]:
        """Ids of the live alerts that are seen: without their words, for which much more has to be read."""
        rest = self._inner.findings()
        while chunk := list(islice(rest, AT_ONCE)):
            seen = self._sight.records(name for _, finding in chunk for name in finding.records)
            yield from (each for each, finding in chunk if seen.issuperset(finding.records))

    def _as_seen(
        self, rest: Iterator[tuple[str, Finding]], at_once: int = AT_ONCE
    ) -> Iterator[tuple[str, Finding]]:
        while chunk := list(islice(rest, at_once)):
            seen = self._sight.records(name for _, finding in chunk for name in finding.records)
            known = [(each, finding) for each, finding in chunk if seen.issuperset(finding.records)]
            whole = self._sight.all_of([finding.entities for _, finding in known])
            for (identifier, finding), whole_seen in zip(known, whole, strict=True):
                yield identifier, finding if whole_seen else _without_words(finding)

    def finding(self, identifier: str) -> tuple[Finding, bool] | None:
        """An alert is seen by who may see all the records that it names; its words, for which all that is
        known of its entities was looked at, by who may see all of that.
        """
        found = self._inner.finding(identifier)
        if found is None or not self._sight.records(found[0].records).issuperset(found[0].records):
            return None
        finding, lives = found
        # Of one that was taken back nobody knows any more what was looked at.
        whole = lives and all(self._sight.all_of([finding.entities]))
        return (finding if whole else _without_words(finding)), lives

    def nodes_of_records(self, names: Iterable[str]) -> Iterator[tuple[str, int]]:
        return self._inner.nodes_of_records(self._sight.records(names))

    def received_since(self, moment: int) -> Iterator[Received]:
        return self._sight.of(self._inner.received_since(moment), lambda each: each.record)

    def spoken_where(self, key: int) -> Iterator[tuple[str, str, str | None]]:
        rest = (each for each in self._inner.spoken_where(key) if self._sight.sees(each[1], each[2]))
        while chunk := list(islice(rest, AT_ONCE)):
            yield from self._sight.still(chunk, lambda each: each[0])

    def spoken_often(self, keys: Iterable[int], most: int, sees: Sees = all_seen) -> dict[int, int]:
        own = self._sight.sees
        if self._sight.looks_back:  # by place alone nothing is known of a later moment
            return {key: sum(1 for _ in islice(self._spoken_by(key, sees), most)) for key in set(keys)}
        return self._inner.spoken_often(
            keys, most, lambda region, case: own(region, case) and sees(region, case)
        )

    def _spoken_by(self, key: int, sees: Sees) -> Iterator[str]:
        return (name for name, region, case in self.spoken_where(key) if sees(region, case))

    def places(self, hashes: Iterable[int]) -> Iterator[tuple[int, str, str | None]]:
        return self._sight.places(hashes)

    def belongings(self, names: Iterable[str]) -> Iterator[tuple[str, str, str | None]]:
        return self._sight.of(self._inner.belongings(names), lambda each: each[0])


def _without_words(finding: Finding) -> Finding:
    """An alert of which only is told that it is there: its words speak of records that are hidden."""
    return structs.replace(finding, reasons=(NOT_TOLD,), against=(), cases=())


def _beside(kept: RecordCopy) -> tuple[str, ...]:
    """The other records that a record's copy names."""
    return (*kept.copies, *(name for one in kept.copy_of for name in (one.record, one.known_by)))
