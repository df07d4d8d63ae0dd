"""How fast a row is resolved when many are resident (`suyuan bench online`).

Everybody is made up: three rows a person on the mean, some with a cell empty, a letter or a digit wrong. The
model is fitted to the first rows and then stays; the last rows are measured, many at once and one by one.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from streams.bench.made_store import GIVEN, SURNAMES
from streams.bench.worlds import Tell, apart, highest_resident, quiet
from streams.collector import without_collector
from streams.tables.features import Row
from streams.tables.fields import Fields
from streams.tables.online import Online

FIELDS = Fields(
    {
        "name": "name",
        "born": "date",
        "phone": "phone",
        "id": "identifier",
        "address": "address",
        "town": "city",
    }
)
_FITTED = 20_000
"""Rows that the model is fitted to at least, unless there are fewer."""
_MEASURED = 10_000
"""Rows that are measured, a tenth of them one by one."""
_TOGETHER = 64
_BUSY, _SPELLINGS, _GUESTS = 5_000, 30, 500
_TOWNS = tuple(f"{a}{b}镇" for a in "东西南北上下新老大小" for b in "山河溪岭湾坡田坝沙林")


def run(records: int = 1_000_000, *, seed: int = 1, tell: Tell = quiet) -> dict[str, Any]:
    """Rows a second and milliseconds a row with so many rows resident, and the memory that takes."""
    figures: dict[str, Any] = apart(tell, _measured, records, seed)
    return figures


def _measured(records: int, seed: int, tell: Tell) -> dict[str, Any]:
    with without_collector():
        return _run(records, seed, tell)


def _run(records: int, seed: int, tell: Tell) -> dict[str, Any]:
    rows = made_rows(records + _MEASURED, seed)
    online = Online(FIELDS)
    resident, fitted = 0, 0
    for some in _taken(rows, records):
        online.add(some)
        resident += len(some)
        if fitted < _FITTED and resident >= 2 * fitted:
            online.consolidate()
            fitted = resident
        tell("adding", resident, records)
    together = _MEASURED - _MEASURED // 10
    began = time.perf_counter()
    for some in _taken(rows, together):
        online.add(some)
    seconds = time.perf_counter() - began
    taken = sorted(_timed(online, row) for row in rows)
    tell("hubs", 0, 1)
    hubs = _hubs(online, random.Random(seed))  # noqa: S311  made-up data
    return {
        "records": records,
        "fitted_to": fitted,
        "records_a_second": round(together / seconds),
        "one_by_one_ms": {
            "p50": round(taken[len(taken) // 2], 3),
            "p99": round(taken[int(len(taken) * 0.99)], 3),
            "worst": round(taken[-1], 3),
        },
        "hubs": hubs,
        "resident_mib": highest_resident(),
    }


def _hubs(online: Online, chance: random.Random) -> dict[str, Any]:
    """Somebody in thousands of records under thirty spellings, and guests who all give their hotel's phone:
    the part of the records that is one, the pairs of guests that are, and the worst record."""
    busy, hotel = _person(chance), _person(chance)["phone"]
    spellings = {busy["name"]}
    while len(spellings) < _SPELLINGS:
        spellings.add(busy["name"][0] + _mistyped(busy["name"][1:], GIVEN, chance))
    spelt = sorted(spellings)
    rows = [(f"busy{at}", _seen_often(busy, chance.choice(spelt), chance)) for at in range(_BUSY)]
    rows += [(f"guest{at}", _person(chance) | {"phone": hotel}) for at in range(_GUESTS)]
    chance.shuffle(rows)
    worst = max(_timed(online, row) for row in rows)
    entities = online.resolved().entities()
    records = Counter(entities[f"busy{at}"] for at in range(_BUSY))
    guests = Counter(entities[f"guest{at}"] for at in range(_GUESTS))
    return {
        "records_in_one": round(max(records.values()) / _BUSY, 4),
        "guests_joined": sum(count * (count - 1) // 2 for count in guests.values()),
        "worst_ms": round(worst, 3),
    }


def _seen_often(person: dict[str, str], name: str, chance: random.Random) -> dict[str, str]:
    """What a record says of somebody who is known by his number, and seen now here and now there."""
    said = _seen({**person, "address": _address(chance)}, chance)
    return said | {"name": name, "phone": said["phone"] or person["phone"]}


def _taken(rows: Iterator[tuple[str, Row]], number: int) -> Iterator[list[tuple[str, Row]]]:
    """So many rows, some at a time."""
    while number > 0:
        some = [next(rows) for _ in range(min(_TOGETHER, number))]
        number -= len(some)
        yield some


def _timed(online: Online, row: tuple[str, Row]) -> float:
    """Milliseconds until a row is decided."""
    began = time.perf_counter()
    online.add([row])
    return (time.perf_counter() - began) * 1000


def made_rows(number: int, seed: int) -> Iterator[tuple[str, Row]]:
    """Rows of people of whom each was seen about three times, in no order."""
    chance = random.Random(seed)  # noqa: S311  made-up data
    for at in range(number):
        person = random.Random(f"{seed} {chance.randrange(max(number // 3, 1))}")  # noqa: S311  the same each time
        yield f"r{at}", _seen(_person(person), chance)


def _person(chance: random.Random) -> dict[str, str]:
    born = f"{chance.randint(1950, 2005)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    return {
        "name": chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2, 2)))),
        "born": f"{born[:4]}-{born[4:6]}-{born[6:]}",
        "phone": f"1{chance.randint(30, 99)}{chance.randrange(10**8):08d}",
        "id": f"46{chance.randrange(10**4):04d}{born}{chance.randrange(10**4):04d}",
        "address": _address(chance),
        "town": chance.choice(_TOWNS),
    }


def _address(chance: random.Random) -> str:
    street = chance.choice("中和建解人") + chance.choice("山平设放民")
    return f"{chance.choice(_TOWNS)}{street}路{chance.randint(1, 300)}号"


def _seen(person: dict[str, str], chance: random.Random) -> dict[str, str]:
    """What a record says of somebody: cells are empty, and now and then something is mistyped."""
    said = {
        column: value if column == "name" or chance.random() < _SAID[column] else ""
        for column, value in person.items()
    }
    if chance.random() < 0.15:
        column = chance.choice(("born", "phone", "id"))
        said[column] = _mistyped(said[column], "0123456789", chance)
    if chance.random() < 0.05:
        said["name"] = said["name"][0] + _mistyped(said["name"][1:], GIVEN, chance)
    return said


_SAID = {"born": 0.8, "phone": 0.6, "id": 0.4, "address": 0.6, "town": 0.9}
"""How often a record says what."""


def _mistyped(text: str, others: str, chance: random.Random) -> str:
    at = chance.randrange(len(text)) if text else 0
    return text[:at] + chance.choice(others) + text[at + 1 :] if text else text
