"""`bench find`: what investigators type, in a store of a million people."""

from __future__ import annotations

import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from graph.sqlite.reader import SqliteReader, open_reader
from schemas.entities import Entity
from schemas.identifiers import names
from streams.bench.made_store import make_store
from streams.bench.worlds import Tell, quiet

_SAMPLE = 400


def run(
    entities: int = 1_000_000, queries: int = 3000, *, seed: int = 1, tell: Tell = quiet
) -> dict[str, Any]:
    """Milliseconds at p50 and p99 over all kinds of query, and p99 of each kind."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "find.db"
        tell("making a store", 0, 1)
        make_store(path, entities, 0, seed)
        with open_reader(path) as reader:
            return _measure(reader, entities, queries, seed, tell)


def _measure(reader: SqliteReader, entities: int, queries: int, seed: int, tell: Tell) -> dict[str, Any]:
    chance = random.Random(seed)  # noqa: S311  a sample
    people = reader.entities(chance.sample(range(1, entities + 1), min(_SAMPLE, entities)))
    every = [each for person in people for each in typed(person).items()]
    asked = [(kind, text) for kind, text in every if text]
    taken: dict[str, list[float]] = {kind: [] for kind, _ in every}
    for done, (kind, text) in enumerate(chance.choices(asked, k=queries)):
        if done % 100 == 0:
            tell("searching", done, queries)
        started = time.perf_counter()
        reader.search(text)
        taken[kind].append((time.perf_counter() - started) * 1000)
    together = sorted(each for kind in taken.values() for each in kind)
    return {
        "entities": entities,
        "queries": len(together),
        "p50_ms": _at(together, 0.5),
        "p99_ms": _at(together, 0.99),
        "p99_ms_by_kind": {kind: _at(sorted(times), 0.99) for kind, times in taken.items() if times},
    }


def typed(person: Entity) -> dict[str, str]:
    """What somebody might type to find this person."""
    number = {each.kind: each.value for each in person.identifiers}
    phone, id_number = number.get("phone", ""), number.get("id_number", "")
    return {
        "name": person.label,
        "part of a name": person.label[-2:],
        "one character": person.label[0],
        "pinyin": names.sound_key(person.label),
        "whole phone": phone,
        "masked phone": f"{phone[:3]}****{phone[-4:]}" if phone else "",
        "first digits of a phone": phone[:7],
        "last digits of a phone": phone[-4:],
        "whole ID number": id_number,
        "first digits of an ID number": id_number[:6],
        "region and year of an ID number": id_number[:10],
    }


def _at(ordered: list[float], share: float) -> float:
    return round(ordered[int((len(ordered) - 1) * share)], 3)
