"""The chain of the demonstration, when its tips are nothing but text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graph.sqlite.reader import open_reader
from graph.trace import trace
from schemas.records import Origin
from streams.embedded import Owner
from streams.simulate.scenario import Scenario, scenario
from tests.streams.made_up import ticking

if TYPE_CHECKING:
    from schemas.entities import Entity

FIELDS = ("persons", "organisations", "vehicles", "parcels", "venues", "lots", "money", "relations")


@pytest.fixture(scope="module")
def made() -> Scenario:
    return scenario()


def without_fields(line: bytes) -> bytes:
    """The line of a tip with its text alone; any other as it is."""
    try:
        record = json.loads(line)
    except ValueError:
        return line
    if not isinstance(record, dict) or record.get("kind") != "tip":
        return line
    return json.dumps({k: v for k, v in record.items() if k not in FIELDS}).encode()


def chain_to_producer(path: Path, lines: list[bytes], made: Scenario) -> list[tuple[str, str, str | None]]:
    """The hops of the chain from the producer to the street seizure, people by their names in the truth."""
    with Owner.open(path, clock=ticking()) as owner:
        owner.ingest((Origin(file="made", line=n), line) for n, line in enumerate(lines, 1))
    people = {name: line["person"] for line in made.truth if "person" in line for name in line["mentions"]}
    with open_reader(path) as reader:
        (key,) = reader.resolve(made.origin)
        for chain in trace(reader, key).chains:
            hops = [(who(people, hop.source), who(people, hop.target), hop.substance) for hop in chain.hops]
            if hops[0][0] == made.producer:
                return hops
    return []


def who(people: dict[str, str], entity: Entity) -> str:
    """Whom the truth says an entity is: the one whom all mentions that have a ref are of."""
    known = {people.get(f"{each.record}#{each.ref}") for each in entity.mentions if each.ref} - {None}
    return known.pop() if len(known) == 1 else entity.label


def test_tips_without_any_field_lead_to_the_producer_as_they_do_with_them(made, tmp_path):
    with_fields = chain_to_producer(tmp_path / "fields.db", made.lines, made)
    text_only = chain_to_producer(tmp_path / "text.db", [*map(without_fields, made.lines)], made)
    assert len(with_fields) >= 4
    assert text_only == with_fields
