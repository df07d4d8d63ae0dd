"""What is true of a made world: who is who, which deliveries live records state, which sources
a trace should find. All of it is reckoned here from the records as made.

A delivery is stated by a `supplied` relation; by a parcel, from sender to recipient; by carriage
(`carried_for` with goods: from the principal to the carrier); by payment (`paid` with goods: from
the paid to the payer, unless the record already says so).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import replace
from typing import Any, NamedTuple

from streams.simulate.cell import Draft, Maker, Truth
from streams.simulate.clock import span
from streams.simulate.people import Person

MAX_HOPS = 8
_SAME = {
    "氧化亚氮": "N2O", "一氧化二氮": "N2O", "笑气": "N2O", "N2O": "N2O",
    "甲基苯丙胺": "METH", "冰毒": "METH",
    "氯胺酮": "KET", "K粉": "KET",
    "大麻": "THC",
    "麻古": "MAGU",
    "MDMA": "MDMA", "摇头丸": "MDMA",
    "海洛因": "HEROIN",
}  # fmt: skip


class Stated(NamedTuple):
    """One delivery that a record states; `content` is goods, unknown or empty (opened, nothing in
    it). Times are seconds; `earliest` None when open."""

    record: str
    source: Person
    target: Person
    basis: str
    substance: str | None
    content: str
    earliest: int | None
    latest: int
    hoax: bool


def _code(name: object) -> str | None:
    return _SAME.get(name) if isinstance(name, str) else None


def stated(draft: Draft) -> list[Stated]:
    """The deliveries that a draft's record states between people."""
    record = draft.record
    lots: list[dict[str, Any]] = record.get("lots", [])
    relations: list[dict[str, Any]] = record.get("relations", [])
    found = [_of_parcel(draft, parcel, lots) for parcel in record.get("parcels", [])]
    given = {(x["from"], x["to"]) for x in relations if x["kind"] == "supplied"}
    only = _code(lots[0].get("substance")) if lots else None
    for x in relations:
        one, two = x["from"], x["to"]
        goods = bool(lots) or "substance" in x or "quantity" in x
        code = _code(x.get("substance"))
        if x["kind"] == "supplied":
            found.append(_made(draft, (one, two, "relation"), x, code or only))
        elif x["kind"] == "carried_for" and goods:
            found.append(_made(draft, (two, one, "carriage"), x, code or only))
        elif x["kind"] == "paid" and goods and (two, one) not in given:
            found.append(_made(draft, (two, one, "payment"), x, code or only))
    return [x for x in found if x is not None]


def as_told(draft: Draft) -> Draft:
    """The draft as the best analyst could read it: its strangers are people of their own."""
    if not draft.strangers:
        return draft
    people = {ref: copy(who) if ref in draft.strangers else who for ref, who in draft.people.items()}
    return replace(draft, people=people)


def _made(draft: Draft, what: tuple[str, str, str], said: dict[str, Any], code: str | None) -> Stated | None:
    source, target = draft.people.get(what[0]), draft.people.get(what[1])
    if source is None or target is None or source is target:
        return None
    start, end = span(said["at"] if "at" in said else draft.record.get("occurred"))
    latest = draft.reported if end is None else min(end, draft.reported)
    return Stated(draft.name, source, target, what[2], code, "goods", start, latest, draft.hoax)


def _of_parcel(draft: Draft, parcel: dict[str, Any], lots: list[dict[str, Any]]) -> Stated | None:
    source = draft.people.get(parcel.get("sender", ""))
    target = draft.people.get(parcel.get("recipient", ""))
    if source is None or target is None:
        return None
    inside = [lot for lot in lots if lot.get("found_in") == parcel["ref"]]
    empty = draft.record["kind"] == "interception" and draft.record.get("outcome") == "released"
    content = "goods" if inside else "empty" if empty else "unknown"
    code = _code(inside[0].get("substance")) if inside else None
    # what is sent at a time arrives some time from then on
    sent = parcel.get("sent_at")
    start, end = (span(sent)[0], None) if sent else span(draft.record.get("occurred"))
    latest = draft.reported if end is None else min(end, draft.reported)
    return Stated(draft.name, source, target, "parcel", code, content, start, latest, draft.hoax)


Label = tuple[Person, str | None, int | None]


class Ends(NamedTuple):
    """Where the chains up from an origin end. `sure`: nobody is stated to have supplied them before,
    on any chain, and one chain leads there without a hoax. `possible`: on some chain that is so."""

    sure: list[Person]
    possible: list[Person]


def ends(origin: Person, deliveries: Iterable[Stated]) -> Ends:
    """The people at whom the chains of deliveries in time order that lead up from `origin` end.

    Every chain is followed, one substance each, up to `MAX_HOPS` hops; parcels opened and found
    without goods are none.
    """
    into: dict[Person, list[Stated]] = {}
    for one in deliveries:
        if one.content != "empty":
            into.setdefault(one.target, []).append(one)
    sure, possible = _walk(origin, into)
    honest = {p: [x for x in xs if not x.hoax] for p, xs in into.items()}
    certain = _walk(origin, honest)[0]
    return Ends([p for p in sure if p in certain], possible)


def _walk(origin: Person, into: dict[Person, list[Stated]]) -> tuple[list[Person], list[Person]]:
    """Those behind whom no chain goes on, and those behind whom some chain does not."""
    seen: set[Label] = set()
    layer: dict[Label, None] = {(origin, None, None): None}
    last: dict[Person, None] = {}
    passed: set[Person] = {origin}
    for _ in range(MAX_HOPS):
        after: dict[Label, None] = {}
        for label in layer:
            steps = list(_steps(label, into))
            after.update(dict.fromkeys(steps))
            if steps:
                passed.add(label[0])
            else:
                last[label[0]] = None
        layer = {label: None for label in after if label not in seen}
        seen.update(after)
    last.update(dict.fromkeys(label[0] for label in layer))
    last.pop(origin, None)
    return [p for p in last if p not in passed], list(last)


def _steps(label: Label, into: dict[Person, list[Stated]]) -> Iterator[Label]:
    person, code, bound = label
    for one in into.get(person, ()):
        if bound is not None and one.earliest is not None and one.earliest > bound:
            continue
        if code is not None and one.substance is not None and one.substance != code:
            continue
        yield one.source, code or one.substance, one.latest if bound is None else min(bound, one.latest)


def tell(drafts: list[Draft], maker: Maker) -> Iterator[Truth]:
    """The truth of a finished cell, line by line."""
    mentions: dict[Person, list[str]] = {}
    vehicles: dict[str, list[str]] = {}
    deliveries: list[Stated] = []
    readable: list[Draft] = []
    for draft in drafts:
        name = draft.name
        if not draft.alive:
            yield {"withdrawn": {"record": name}}
            continue
        for ref, person in draft.people.items():
            mentions.setdefault(person, []).append(f"{name}#{ref}")
        for ref, vehicle in draft.vehicles.items():
            vehicles.setdefault(vehicle.key, []).append(f"{name}#{ref}")
        deliveries += stated(draft)
        readable.append(as_told(draft))
        if draft.copy_of:
            yield {"copy": {"record": name, "of": draft.copy_of}}
        if draft.hoax:
            yield {"hoax": {"record": name}}
    maker.count("persons", len(mentions))
    maker.count("mentions", sum(map(len, mentions.values())))
    maker.count("vehicles", len(vehicles))
    maker.count("deliveries", len(deliveries))
    yield from ({"person": p.key, "mentions": refs} for p, refs in mentions.items())
    yield from ({"vehicle": key, "mentions": refs} for key, refs in vehicles.items())
    yield from map(_delivery, deliveries)
    yield from _sources(readable, deliveries, maker)


def _delivery(one: Stated) -> Truth:
    told: Truth = {
        "record": one.record,
        "from": one.source.key,
        "to": one.target.key,
        "substance": one.substance,
        "basis": one.basis,
        "content": one.content,
    }
    return {"delivery": told}


def _sources(readable: list[Draft], deliveries: list[Stated], maker: Maker) -> Iterator[Truth]:
    """The sources of each street seizure.

    `producers` must be found: they are sure in the truth, and also in what can be told from the
    records. `ends` may be found: those of either reading.
    """
    told = [one for draft in readable for one in stated(draft)]
    by_key = {person.key: person for one in deliveries for person in (one.source, one.target)}
    for draft in readable:
        if draft.street is None:
            continue
        holder = draft.people[draft.street]
        true = ends(by_key.get(holder.key, holder), deliveries)
        readable_ends = ends(holder, told)
        if not true.possible:
            continue
        sure = {p.key for p in readable_ends.sure}
        maker.count("sources")
        yield {
            "source": {
                "origin": f"{draft.name}#{draft.street}",
                "producers": [p.key for p in true.sure if p.key in sure],
                "ends": list(dict.fromkeys(p.key for p in (*true.possible, *readable_ends.possible))),
            }
        }
