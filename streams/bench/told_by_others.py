"""How well deliveries are read out of tips by an author who knew neither the rules nor the simulator.

One JSON object a line: `text`, `facts` (who is said to have supplied whom, by names as they stand there) and
`not_facts`, pairs that the text names without stating it.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from streams.bench.evaluate import Rate
from streams.stages.told import DELIVERIES, deliveries
from streams.text.deals import Deal, DealReading
from streams.text.fold import fold
from streams.text.tips.reader import read_tips


class Handover(NamedTuple):
    """From whom to whom."""

    source: str
    target: str


class Labelled(Struct, frozen=True):
    """A text, the deliveries it states, and the pairs of which it states none."""

    text: str
    facts: frozenset[Handover]
    others: frozenset[Handover]


def labelled(name: str) -> list[Labelled]:
    """The tips of `first` or `second`."""
    file = resources.files("streams.bench.others").joinpath(f"{name}.jsonl")
    return [_labelled(msgspec.json.decode(line)) for line in file.read_bytes().splitlines()]


def _labelled(row: dict[str, Any]) -> Labelled:
    return Labelled(row["text"], _handovers(row["facts"]), _handovers(row["not_facts"]))


def _handovers(rows: Iterable[dict[str, str]]) -> frozenset[Handover]:
    return frozenset(Handover(fold(row["from"]), fold(row["to"])) for row in rows)


def judged(tips: Iterable[Labelled]) -> dict[str, Any]:
    """Precision, recall and F1 of what is read as stated, and of what would be drawn as an edge.

    `false_facts`: pairs that are named without a delivery stated, read as one, as a share of all such.
    """
    counts = {"read": [0, 0, 0], "edges": [0, 0, 0]}
    wrong = unsure = 0
    every = list(tips)
    for tip, reading in zip(every, read_tips([tip.text for tip in every]), strict=True):
        stated = [d for d in reading.deals if d.kind in DELIVERIES and d.status == "asserted"]
        for name, deals in (("read", stated), ("edges", list(deliveries(reading)))):
            found = [_ends(reading, tip.text, deal) for deal in deals]
            pairs = {pair: {fact for fact in tip.facts if _is(fact, pair)} for pair in found}
            hit = set().union(*pairs.values()) if pairs else set()
            counts[name][0] += len(hit)
            counts[name][1] += len(hit) + sum(not facts for facts in pairs.values())
            counts[name][2] += len(tip.facts)
            if name == "read":
                false = {other for other in tip.others for pair in found if _is(other, pair)}
                wrong, unsure = wrong + len(false), unsure + len(tip.others)
    read, edges = (Rate(*counts[name]) for name in ("read", "edges"))
    return {**read.figures(), "edges": edges.figures(), "false_facts": round(wrong / max(unsure, 1), 4)}


Ends = tuple[frozenset[str], frozenset[str]]


def _ends(reading: DealReading, text: str, deal: Deal) -> Ends:
    """All that the text calls the two of a deal."""
    return _names(reading, text, deal.subject), _names(reading, text, deal.object)


def _names(reading: DealReading, text: str, index: int) -> frozenset[str]:
    one = reading.same[index]
    return frozenset(
        fold(text[slice(*person.span)])
        for person, same in zip(reading.people, reading.same, strict=True)
        if same == one
    )


def _is(handover: Handover, ends: Ends) -> bool:
    """Whether these are the two; a name cut short or long by a character or two is still the name."""
    return all(
        any(
            name == said or (min(len(name), len(said)) > 1 and (name in said or said in name))
            for said in names
        )
        for name, names in zip(handover, ends, strict=True)
    )
