"""What stores read, put into the values of the port: the same for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from sys import intern
from typing import Any, TypeVar

from graph.port import Appearance, Delivery, Direction, Place, Received
from schemas.alerts import Finding
from schemas.entities import Confirmation, Edge
from schemas.ids import hash64, part_id
from schemas.times import iso

D = TypeVar("D", bound=Delivery)
Findings = Iterator[tuple[str, Finding]]

_ROLES = ("suspect", "user", "witness", "unknown")
"""Which role stands when one record speaks of an entity twice."""

by_time = attrgetter("reported", "record")
"""The order of an entity's appearances."""


def keep_clearest(by_record: dict[int, Appearance], seen: Appearance) -> None:
    """Add an appearance; of two in one record, that whose role says more stays."""
    other = by_record.get(seen.rec)
    if other is None or _ROLES.index(seen.role) < _ROLES.index(other.role):
        by_record[seen.rec] = seen


def appearance(*row: Any) -> Appearance:
    """A row as it comes: `lead` is stored as 0 or 1. Texts that many records have in common are kept once:
    rules go through thousands of records, and to fetch each one's own from memory takes longer than the rule.
    """
    (
        rec, record, kind, source, region, case, line, checkpoint, outcome, reported, copy_of, lead, role,
        grade, doubts,
    ) = row  # fmt: skip
    return Appearance(
        rec, record, _kept_once(kind), _kept_once(source), _kept_once(region), _kept_once(case), line,
        _kept_once(checkpoint), _kept_once(outcome), reported, names_of(copy_of), bool(lead),
        _kept_once(role), _kept_once(grade), _kept_once(doubts),
    )  # fmt: skip


def about(findings: Findings, identifiers: Iterable[str]) -> Findings:
    """Those of all alerts that name one of the entities, for a store that cannot look for them."""
    wanted = set(identifiers)
    return ((id_, finding) for id_, finding in findings if not wanted.isdisjoint(finding.entities))


def latest(findings: Findings, before: Place | None) -> Findings:
    """All alerts, the last raised first, for a store that does not keep them so."""
    placed = sorted(((finding.raised, id_), finding) for id_, finding in findings)
    return ((place[1], finding) for place, finding in reversed(placed) if before is None or place < before)


def names_of(found: str | Iterable[str] | None) -> tuple[str, ...]:
    """Names of records as a store gives them: in one text with blanks between, which no name has, or apart.

    >>> names_of("a/1 b/2"), names_of(["a/1"]), names_of(None)
    (('a/1', 'b/2'), ('a/1',), ())
    """
    if not found:
        return ()
    return tuple(map(intern, found.split(" ") if isinstance(found, str) else found))


def _kept_once(text: Any) -> Any:
    return None if text is None else intern(text)


def delivery(row: Any, direction: Direction, made: type[D] = Delivery) -> D:  # type: ignore[assignment]
    """(edge, the end asked for, the other end, …): which of them supplied depends on the direction."""
    edge, near, far, *rest = row
    return made(edge, far, near, *rest) if direction == "up" else made(edge, near, far, *rest)


def edge_of(row: Any, source: str, target: str) -> Edge:
    """(key, hash of the record's name, record, type, earliest, latest, …) between two ids."""
    key, record_hash, record, type_, earliest, latest, *rest = row
    return Edge(
        part_id("edg", record_hash, key),
        type_,
        source,
        target,
        None if earliest is None else iso(earliest),
        None if latest is None else iso(latest),
        (record,),
        *rest,
    )


def belongings(
    names: set[str], rows_of: Callable[[Iterable[int]], Iterable[tuple[Any, ...]]]
) -> Iterator[tuple[str, str, str | None]]:
    """Name, region and case of records, from rows (name, region, case, lives, revision, rec) of the hashes of
    their names: of the live revision, else of the last.
    """
    found: dict[str, tuple[tuple[bool, int, int], str, str | None]] = {}
    for name, region, case, *age in rows_of({hash64(name) for name in names}):
        lives, revision, rec = age
        rank = bool(lives), revision, rec
        if name in names and (name not in found or found[name][0] < rank):
            found[name] = rank, region, case
    return ((name, region, case) for name, (_, region, case) in found.items())


def places(
    hashes: Iterable[int], rows_of: Callable[[Iterable[int]], Iterable[tuple[Any, ...]]]
) -> Iterator[tuple[int, str, str | None]]:
    """Hash, region and case of the records whose names have these hashes, from rows as `belongings` takes."""
    rows = list(rows_of(hashes))
    found = belongings({row[0] for row in rows}, lambda _: rows)
    return ((hash64(name), region, case) for name, region, case in found)


def since(moment: int, page: Callable[[int], Sequence[tuple[Any, ...]]]) -> Iterator[Received]:
    """Live records received after a moment, the last ones first: from pages of rows (rec, name, kind, case,
    reported, received, lives) below a key, which grows with time.
    """
    before = 1 << 62
    while rows := page(before):
        for rec, name, kind, case, reported, received, lives in rows:
            if received <= moment:
                return
            before = rec
            if lives:
                yield Received(record=name, kind=kind, case=case, reported=reported, received=received)


def confirmation(by: str, because: str, at: int) -> Confirmation:
    """Who confirmed an edge, why, and when."""
    return Confirmation(by, because, iso(at))
