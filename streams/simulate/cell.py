"""A cell: records that share a closed cast, made together, with their variants and their truth.

Cells keep a world's memory bounded: once a cell is written its truth is known and forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from streams.simulate.blunders import Details, Scribe, keys
from streams.simulate.clock import stamp
from streams.simulate.noise import Noise, NoisyScribe
from streams.simulate.people import Person, Registry, Vehicle

Truth = dict[str, Any]


@dataclass(slots=True, eq=False)
class Draft:
    """A record being made, who and what its refs are, when it was reported and when it arrives.

    `alive` is False when a withdrawal will take it back; `plates` are those each person is seen
    with; `copies` says into how many other sources it is forwarded; `street` marks a seizure that
    a trace may start from, `hoax` a tip that is untrue; `strangers` are refs by which no analyst could
    tell the person from the records. `tale` says in words what the fields say, as they are in the end.
    """

    record: dict[str, Any]
    reported: int
    people: dict[str, Person] = field(default_factory=dict)
    vehicles: dict[str, Vehicle] = field(default_factory=dict)
    plates: dict[str, str] = field(default_factory=dict)
    arrival: int = 0
    alive: bool = True
    fate: str = ""  # "", resent, revised, revised_late, withdrawn, withdrawn_early, restored
    copies: int = 0
    street: str | None = None
    hoax: bool = False
    copy_of: str | None = None
    strangers: set[str] = field(default_factory=set)
    tale: Callable[[], str] | None = None

    @property
    def name(self) -> str:
        """The record's name."""
        return f"{self.record['source']}/{self.record['source_id']}"


class Maker:
    """What all cells share: the generator, the registry of people, the scribe, the numbering."""

    def __init__(
        self, rng: Random, namesakes: float = 0.04, repair: float = 0.9, noise: Noise | None = None
    ) -> None:
        self.rng = rng
        self.registry = Registry(rng, namesakes, noise.dotted if noise else 0.0)
        self.scribe = NoisyScribe(rng, noise) if noise else Scribe(rng)
        self.tables = self.registry.tables
        self.hotels: list[str] = []
        self.repair = repair
        self.counts: dict[str, int] = {}
        self._records = 0
        self._hotel_uses = 0

    def count(self, what: str, by: int = 1) -> None:
        """Adds to the counts that close the truth."""
        self.counts[what] = self.counts.get(what, 0) + by

    def record(self, kind: str, source: str, region: str, reported: int) -> dict[str, Any]:
        """The fields that every record has."""
        self._records += 1
        r = self.rng.random
        draw = r()
        style = 0 if draw < 0.95 else 1 if draw < 0.98 else 2
        made: dict[str, Any] = {
            "kind": kind,
            "source": source,
            "source_id": f"{kind[0].upper()}{self._records:08d}",
            "reported_at": stamp(reported, style),
            "region": region,
        }
        return made

    def grade(self, record: dict[str, Any]) -> None:
        """Grades a record in one of the two ways that are in use, or not at all."""
        r = self.rng.random
        draw = r()
        if draw < 0.6:
            record["grade"] = {"source": "ABCDEF"[int(r() * 6)], "information": 1 + int(r() * 6)}
        elif draw < 0.66:
            record["grade"] = {"europol": "ABCX"[int(r() * 4)] + str(1 + int(r() * 4)), "handling": "H1"}

    def hotel_phone(self) -> str:
        """The number of one of a few hotels and companies, given by very many different people."""
        self._hotel_uses += 1
        if len(self.hotels) < 3 + self._hotel_uses // 150:
            r = self.rng.random
            region = self.tables.regions[int(r() * len(self.tables.regions))]
            self.hotels.append(self.registry.landline(region) if r() < 0.5 else self.registry.phone())
        return self.hotels[int(self.rng.random() * len(self.hotels))]

    def withdrawal(self, draft: Draft, after: int) -> Draft:
        """A withdrawal of the draft's record, reported `after` seconds later."""
        reported = draft.reported + after
        reasons = ("举报人撤回", "查证不实", "录入错误", "重复录入")
        record = {
            "kind": "withdrawal",
            "source": draft.record["source"],
            "source_id": draft.record["source_id"],
            "reported_at": stamp(reported),
            "reason": reasons[int(self.rng.random() * 4)],
        }
        return Draft(record, reported, arrival=reported)


def mend(drafts: list[Draft], maker: Maker) -> None:
    """Gives most mentions that nothing ties to the same person's others a detail that does.

    What is left without one is counted as `unresolvable`: no analyst could tell from the records.
    """
    seen: dict[Person, list[tuple[Draft, str]]] = {}
    for draft in drafts:
        if draft.alive:
            for ref, person in draft.people.items():
                seen.setdefault(person, []).append((draft, ref))
    for person, places in seen.items():
        if len(places) > 1:
            _mend_person(person, places, maker)
    for draft in drafts:
        if draft.tale is not None:
            draft.record["text"] = draft.tale() + draft.record["text"]


def _mend_person(person: Person, places: list[tuple[Draft, str]], maker: Maker) -> None:
    details = [_details(draft, ref) for draft, ref in places]
    sets = [keys(d, person, draft.plates.get(ref)) for d, (draft, ref) in zip(details, places, strict=True)]
    parts = _parts(sets)
    for part in sorted(parts, key=len, reverse=True)[1:]:
        place = part[0]
        if maker.rng.random() < maker.repair:
            _tie(details[place], person, places[place][0].record["kind"], maker.rng)
        else:
            maker.count("unresolvable", len(part))
            for index in part:
                draft, ref = places[index]
                draft.strangers.add(ref)
    first = max(parts, key=len)
    if not sets[first[0]] or len(parts) > 1:
        _tie_core(details[first[0]], person)


def _tie(details: Details, person: Person, kind: str, rng: Random) -> None:
    if kind == "tip" and not person.shared and rng.random() < 0.6:
        details["phones"] = [person.phone]
    elif person.shared or rng.random() < 0.7 or "phones" in details:
        details["id_number"] = person.id_number
    else:
        details["phones"] = [person.phone]


def _tie_core(details: Details, person: Person) -> None:
    details["id_number"] = person.id_number
    details["phones"] = [person.phone]
    details["name"] = person.name


def _details(draft: Draft, ref: str) -> Details:
    found: Details = next(p for p in draft.record["persons"] if p["ref"] == ref)
    return found


def _parts(sets: list[list[tuple[str, ...]]]) -> list[list[int]]:
    """Groups of places that common keys tie together, each in order."""
    parent = list(range(len(sets)))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    holder: dict[tuple[str, ...], int] = {}
    for i, own in enumerate(sets):
        for key in own:
            parent[root(i)] = root(holder.setdefault(key, i))
    groups: dict[int, list[int]] = {}
    for i in range(len(sets)):
        groups.setdefault(root(i), []).append(i)
    return list(groups.values())
