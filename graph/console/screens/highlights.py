"""Where in a record an edge is stated: an edge's id is made of the record's name and its claim's key.

So the fields and spans that a record could state are tried one by one, and those that give the id are it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from graph.port import RecordCopy
from schemas.entities import Edge
from schemas.identifiers import parse
from schemas.ids import hash64, part_id

_NUMBERS = {"phones": "phone", "wechat": "wechat", "bank_cards": "bank_card"}
_NOT_STATED = ("denied", "heard", "planned", "unsure")


class Highlight(Struct, frozen=True, omit_defaults=True):
    """A place in a record: a field by its path (`relations[0]`), or a span of the text (code points)."""

    path: str
    start: int | None = None
    end: int | None = None


def highlights(
    kept: RecordCopy, edges: Iterable[Edge], called: Mapping[str, Collection[str]]
) -> list[Highlight]:
    """The places of a record that state these edges, each once; `called` are all names of the edges' ends."""
    wanted = {edge.id: edge for edge in edges if kept.record in edge.records}
    own = hash64(kept.record)
    found: dict[Highlight, None] = {}
    for key, place in _candidates(kept):
        if part_id("edg", own, key) in wanted:
            found.setdefault(place)
    for edge in wanted.values():
        if edge.basis == "text":
            ends = [called.get(end, ()) for end in (edge.source, edge.target)]
            found.update(dict.fromkeys(_told(kept, ends)))
    return list(found)


def _candidates(kept: RecordCopy) -> Iterator[tuple[str, Highlight]]:
    yield from _relations(kept.body)
    yield from _things(kept.body, "vehicles", ("driver", "owner"))
    yield from _things(kept.body, "parcels", ("sender", "recipient", "delivery"))
    yield from _passengers(kept.body)
    yield from _numbers(kept)
    yield from _surroundings(kept)


def _relations(body: Mapping[str, Any]) -> Iterator[tuple[str, Highlight]]:
    for at, _ in enumerate(body.get("relations") or ()):
        for more in ("", "/carriage", "/goods"):
            yield f"relations/{at}{more}", Highlight(f"relations[{at}]")


def _things(body: Mapping[str, Any], where: str, parts: Iterable[str]) -> Iterator[tuple[str, Highlight]]:
    for at, thing in enumerate(body.get(where) or ()):
        for part in parts:
            path = f"{where}[{at}].{part}" if part in thing else f"{where}[{at}]"
            yield f"{thing['ref']}/{part}", Highlight(path)


def _passengers(body: Mapping[str, Any]) -> Iterator[tuple[str, Highlight]]:
    for at, vehicle in enumerate(body.get("vehicles") or ()):
        for passenger in vehicle.get("passengers") or ():
            yield f"{vehicle['ref']}/passenger/{passenger}", Highlight(f"vehicles[{at}].passengers")


def _numbers(kept: RecordCopy) -> Iterator[tuple[str, Highlight]]:
    """Numbers that somebody uses, from their fields and from the text."""
    owners = [person["ref"] for person in kept.body.get("persons") or ()]
    owners += [f"@{one.start}-{one.end}" for one in kept.read if one.type == "person"]
    for at, person in enumerate(kept.body.get("persons") or ()):
        for field, kind in _NUMBERS.items():
            for value in person.get(field) or ():
                normal = parse(kind, str(value)).normal
                yield f"{person['ref']}/uses/{kind}/{normal}", Highlight(f"persons[{at}].{field}")
    for one in kept.read:
        if one.type in _NUMBERS.values():
            for owner in owners:
                yield f"{owner}/uses/{one.type}/{one.value}", Highlight("text", one.start, one.end)


def _surroundings(kept: RecordCopy) -> Iterator[tuple[str, Highlight]]:
    """Where somebody was seen, and in which case."""
    named = [f"@{one.start}-{one.end}" for one in kept.read]
    for where in ("persons", "organisations", "vehicles", "parcels"):
        named += [thing["ref"] for thing in kept.body.get(where) or ()]
    place = "checkpoint" if kept.body.get("checkpoint") else "place"
    for name in dict.fromkeys(named):
        yield f"{name}/seen_at", Highlight(place)
        yield f"{name}/involved_in", Highlight("case")


def _told(kept: RecordCopy, ends: Sequence[Collection[str]]) -> list[Highlight]:
    """The clauses of the text that state a deal, of these two by their names if there are any such."""
    stated = [
        (Highlight("text", one.start, one.end), str(one.value).partition(": ")[2].split(" → "))
        for one in kept.read
        if one.type == "statement" and not str(one.value).startswith(_NOT_STATED)
    ]

    def named(who: list[str]) -> int:
        return sum(name in names for name, names in zip(who, ends, strict=False))

    most = max((named(who) for _, who in stated), default=0)
    return [place for place, who in stated if named(who) == most]
