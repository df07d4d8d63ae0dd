"""Mergers without a ground: two people in one entity who have nothing in common but a name or a mask.

Never to happen, however badly a world is written. Nothing here knows how people are compared: what two
mentions share is read from the records, as they were sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec

from streams.bench.evaluate import Name

Grounds = set[tuple[str, str]]
_HIDING = frozenset("*×某■")
_FIELDS = ("id_number", "address", "hukou")
_ID_LENGTH = 18
_LISTS = ("phones", "wechat", "bank_cards")


def groundless(person_of: Mapping[Name, str], entity_of: Mapping[Name, str], records: Path) -> int:
    """How many pairs of people are in one entity whose mentions there share no whole number, year of birth,
    place of registration, address, vehicle, parcel or case.

    `records` is the file that was put in. Raises OSError when it cannot be read.
    """
    mixed = _mixed(person_of, entity_of)
    wanted = {
        name.rpartition("#")[0] for people in mixed for mentions in people.values() for name in mentions
    }
    known = _newest(records, wanted) if wanted else {}
    return sum(
        one.isdisjoint(other)
        for people in mixed
        for one, other in combinations([_all_grounds(mentions, known) for mentions in people.values()], 2)
    )


def _mixed(person_of: Mapping[Name, str], entity_of: Mapping[Name, str]) -> list[dict[str, list[Name]]]:
    """Of each entity that holds several people their mentions."""
    held: dict[str, dict[str, list[Name]]] = defaultdict(lambda: defaultdict(list))
    for name, person in person_of.items():
        if name in entity_of:
            held[entity_of[name]][person].append(name)
    return [people for people in held.values() if len(people) > 1]


def _newest(records: Path, wanted: set[str]) -> dict[str, dict[str, Any]]:
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    found: dict[str, dict[str, Any]] = {}
    with records.open("rb") as lines:
        for record in map(decode, lines):
            name = f"{record['source']}/{record['source_id']}"
            if name in wanted and record["kind"] != "withdrawal":
                older = found.get(name, record)
                found[name] = max(older, record, key=lambda each: each.get("revision", 1))
    return found


def _all_grounds(mentions: Iterable[Name], known: Mapping[str, dict[str, Any]]) -> Grounds:
    found: Grounds = set()
    for name in mentions:
        record, _, ref = name.rpartition("#")
        found |= grounds(known[record], ref)
    return found


def grounds(record: dict[str, Any], ref: str) -> Grounds:
    """What a record says of a person by which another record could know them, name and masks aside.

    An ID number says a year of birth, too.

    >>> person = {"ref": "p", "name": "王伟", "phones": ["138****1234"], "birth_date": "1990-06-03"}
    >>> sorted(grounds({"case": "2019-551", "persons": [person]}, "p"))
    [('born', '1990'), ('case', '2019-551')]
    """
    person = next(each for each in record["persons"] if each["ref"] == ref)
    said = [(field, person[field]) for field in _FIELDS if field in person]
    said += [(field, value) for field in _LISTS for value in person.get(field, ())]
    found = {(field, _bare(value)) for field, value in said if _HIDING.isdisjoint(value)}
    number = str(person.get("id_number", ""))
    years = (str(person.get("birth_date", ""))[:4], number[6:10] if len(number) == _ID_LENGTH else "")
    found |= {("born", year) for year in years if year.isdecimal()}
    if "case" in record:
        found.add(("case", record["case"]))
    return found | _ties(record, ref)


def _bare(value: str) -> str:
    return value.replace(" ", "").removeprefix("+86")


def _ties(record: dict[str, Any], ref: str) -> Grounds:
    """The plate of the vehicle they are in, the number of the parcel that they send or get."""
    found: Grounds = set()
    for vehicle in record.get("vehicles", ()):
        if ref in (vehicle.get("driver"), vehicle.get("owner"), *vehicle.get("passengers", ())):
            found.add(("plate", vehicle["plate"].replace("·", "")))
    for parcel in record.get("parcels", ()):
        if ref in (parcel.get("sender"), parcel.get("recipient")) and "tracking_no" in parcel:
            found.add(("parcel", parcel["tracking_no"]))
    return found
