"""The demonstration: case 2019-551, a made ring that produced, sold and used nitrous oxide (笑气).

37 made people, nearly 2,000 L and more than 100,000 yuan, seen only through scattered tips, checks
and seizures among some three thousand innocent records. What is public of the real case is its
number, its day (2020-04-20) and those three figures; everything else here is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec

from streams.simulate.case551 import CASE, ORIGIN, PEOPLE, Ring, ring_drafts
from streams.simulate.cell import Draft, Maker, Truth, mend
from streams.simulate.clock import DAY, at
from streams.simulate.hubs import lorry_driver, shop
from streams.simulate.innocents import correspondents, household, neighbours
from streams.simulate.refused import refused_lines
from streams.simulate.truth import tell
from streams.simulate.variants import choose_fate, expand, forwarded

START = at(2019, 5, 1)
END = at(2020, 4, 30)
INNOCENT = 3_000


class Scenario(NamedTuple):
    """The demonstration's input and its truth.

    `lines` are as they arrive, without line ends, some of them not usable; `origin` is the street
    seizure's holder whose chain leads to `producer` (keys as in the truth); `refused` counts the
    refusals by reason.
    """

    lines: list[bytes]
    truth: list[Truth]
    origin: str
    producer: str
    refused: dict[str, int]


def _around(maker: Maker) -> Iterator[list[Draft]]:
    """Innocent cells for ever, all within the months of the case."""
    r = maker.rng.random
    kinds: tuple[Callable[[Maker, int], list[Draft]], ...] = (
        household,
        household,
        correspondents,
        neighbours,
    )
    size = 120
    yield lorry_driver(maker, START, END - 10 * DAY, size)
    yield shop(maker, START, END - 10 * DAY, size)
    while True:
        start = START + int(r() * (END - START - 30 * DAY))
        yield kinds[int(r() * len(kinds))](maker, start)


def _innocent(maker: Maker) -> Iterator[tuple[list[Draft], list[Draft]]]:
    made = 0
    for cell in _around(maker):
        drafts = [d for d in cell if d.reported < END]
        for draft in drafts:
            choose_fate(draft, maker, 0.1 if draft.record["kind"] == "tip" else 0.0)
        mend(drafts, maker)
        copies = [again for draft in drafts for again in forwarded(draft, maker)]
        sent = [line for draft in drafts for line in expand(draft, maker)] + copies
        made += len(sent)
        yield drafts + copies, sent
        if made >= INNOCENT:
            return


def _ring(maker: Maker) -> tuple[Ring, list[Draft], list[Draft]]:
    ring, drafts = ring_drafts(maker)
    mend(drafts, maker)
    copies = [again for draft in drafts for again in forwarded(draft, maker)]
    sent = [line for draft in drafts for line in expand(draft, maker)] + copies
    return ring, drafts + copies, sent


def scenario(seed: int = 551) -> Scenario:
    """The whole demonstration; the same seed gives the same bytes.

    >>> made = scenario()
    >>> made.origin, 3_000 < len(made.lines) < 3_600
    ('460100-jd/2020-0117-03#p1', True)
    """
    maker = Maker(Random(f"suyuan case {seed}"), repair=0.97)
    ring, drafts, sent = _ring(maker)
    truth: list[Truth] = list(tell(drafts, maker))
    for cell, lines in _innocent(maker):
        truth += tell(cell, maker)
        sent += lines
    encode = msgspec.json.Encoder().encode
    # `enumerate` breaks ties of arrival, so that the order is fixed
    way = sorted((draft.arrival, n, encode(draft.record)) for n, draft in enumerate(sent))
    arrived, refused = refused_lines(maker, [line for _, _, line in way], ring)
    truth.append({"refused": refused})
    truth.append(_case(ring, maker, len(arrived)))
    return Scenario(arrived, truth, ORIGIN, ring.producer.key, refused)


def _case(ring: Ring, maker: Maker, lines: int) -> Truth:
    figures: dict[str, Any] = {
        "case": CASE,
        "origin": ORIGIN,
        "producer": ring.producer.key,
        "people": {role: [p.key for p in people] for role, people in ring.roles.items()},
        "litres": ring.litres,
        "yuan": ring.yuan,
    }
    counts = {"records": lines, "ring": PEOPLE, **maker.counts, **maker.scribe.counts}
    return {"case": figures, "counts": dict(sorted(counts.items()))}


def write_scenario(out: Path, seed: int = 551) -> Scenario:
    """Writes `records.jsonl` and `truth.jsonl` into the folder `out`.

    Raises OSError when the folder cannot be written to.
    """
    made = scenario(seed)
    out.mkdir(parents=True, exist_ok=True)
    (out / "records.jsonl").write_bytes(b"".join(line + b"\n" for line in made.lines))
    encode = msgspec.json.Encoder().encode
    (out / "truth.jsonl").write_bytes(b"".join(encode(line) + b"\n" for line in made.truth))
    return made
