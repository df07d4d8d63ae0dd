"""The simulator's own tables of names, confusable characters and places, read once from `tables/`.

They are made by hand for made worlds and are no statistic of anything. Use `tables()`; it reads
the files at the first call and keeps them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple


class Region(NamedTuple):
    """A place whose units record things: GB/T 2260 code, name, plate prefix, landline area code and
    the codes that the ID numbers of its people start with."""

    code: str
    name: str
    plate: str
    area: str
    id_codes: tuple[str, ...]
    local: bool


class Checkpoint(NamedTuple):
    """A made line of defence: id, region of its unit, kind (ferry, airport, courier, road)."""

    id: str
    region: str
    kind: str


class Script(NamedTuple):
    """How a character is written elsewhere: in pinyin, in Hong Kong's spellings, in its traditional form."""

    pinyin: str
    hong_kong: tuple[str, ...]
    traditional: str


class Tables(NamedTuple):
    """Lists to draw from evenly: an entry stands in a list as often as it is frequent."""

    surnames_local: list[str]
    surnames_other: list[str]
    given_m: list[str]
    given_f: list[str]
    homophones: dict[str, str]  # character -> the others that sound like it
    lookalikes: dict[str, str]  # character -> the others that look like it
    both_alike: dict[str, str]  # character -> the others that sound and look like it
    scripts: dict[str, Script]
    fathers: list[tuple[str, str]]  # names that stand before or after a dot, each with its Latin form
    given_dotted: dict[str, list[tuple[str, str]]]  # gender -> those that a person may be given
    regions: list[Region]
    elsewhere: list[Region]
    region_of: dict[str, Region]
    checkpoints: list[Checkpoint]  # where travellers are checked
    hubs: list[Checkpoint]  # where parcels are checked
    streets: list[str]
    estates: list[str]
    venues: list[str]
    shops: list[str]
    carriers: list[str]


def _rows(name: str) -> Iterator[list[str]]:
    text = resources.files(__package__).joinpath("tables", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _confusable(name: str, column: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in _rows(name):
        group = row[column]
        for char in group:
            others = found.get(char, "") + "".join(c for c in group if c != char)
            if others:
                found[char] = others
    return found


def _surnames() -> tuple[list[str], list[str]]:
    local: list[str] = []
    other: list[str] = []
    for name, here, there in _rows("surnames.tsv"):
        local += [name] * int(here)
        other += [name] * int(there)
    return local, other


def _given() -> tuple[list[str], list[str]]:
    men: list[str] = []
    women: list[str] = []
    for gender, weight, chars in _rows("given.tsv"):
        drawn = [c for c in chars for _ in range(int(weight))]
        men += drawn if gender in "mb" else []
        women += drawn if gender in "fb" else []
    return men, women


def _regions() -> tuple[list[Region], list[Region]]:
    here: list[Region] = []
    for code, name, weight, plate, area, ids in _rows("regions.tsv"):
        here += [Region(code, name, plate, area, tuple(ids.split(",")), True)] * int(weight)
    away: list[Region] = []
    for name, weight, plate, ids in _rows("elsewhere.tsv"):
        codes = tuple(ids.split(","))
        away += [Region(codes[0][:2] + "0000", name, plate, "", codes, False)] * int(weight)
    return here, away


@cache
def tables() -> Tables:
    """All tables; the files are read at the first call."""
    local, other = _surnames()
    men, women = _given()
    here, away = _regions()
    points: list[Checkpoint] = []
    for name, region, weight, kind in _rows("checkpoints.tsv"):
        points += [Checkpoint(name, region, kind)] * int(weight)
    words = {row[0]: row[1].split() for row in _rows("streets.tsv")}
    parts = [(gender, (name, latin)) for gender, name, latin in _rows("parts.tsv")]
    return Tables(
        surnames_local=local,
        surnames_other=other,
        given_m=men,
        given_f=women,
        homophones=_confusable("homophones.tsv", 1),
        lookalikes=_confusable("lookalikes.tsv", 0),
        both_alike=_confusable("both.tsv", 0),
        scripts={c: Script(pinyin, tuple(hk.split("|")), t) for c, pinyin, hk, t in _rows("scripts.tsv")},
        fathers=[part for gender, part in parts if gender == "m"],
        given_dotted={
            "male": [part for gender, part in parts if gender == "m"],
            "female": [part for gender, part in parts if gender == "f"],
        },
        regions=here,
        elsewhere=away,
        region_of={r.code: r for r in here},
        checkpoints=[p for p in points if p.kind != "courier"],
        hubs=[p for p in points if p.kind == "courier"],
        streets=words["street"],
        estates=words["estate"],
        venues=words["venue"],
        shops=words["shop"],
        carriers=words["carrier"],
    )


@cache
def tellings_table() -> dict[str, list[list[str]]]:
    """What witnesses say and what copies are dressed in, by part: facts, and the wordings of each."""
    return {part: [fact.split("/") for fact in facts.split("|")] for part, facts in _rows("tellings.tsv")}
