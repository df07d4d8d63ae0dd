"""How well and how fast copies of tips are told from what independent witnesses say (`suyuan bench copies`).

Everything is made up (`streams.simulate.tellings`). Quality is measured at three levels of change, tips
arriving in any order; speed, from text to origin, beside many texts that are held.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

from streams.bench.worlds import Tell, apart, highest_resident, quiet
from streams.collector import without_collector
from streams.copies.copies import Copies, Tip
from streams.simulate.tellings import CHANGES, COPIES, Told, tellings
from streams.text.sketch import Sketch, sketches

_JUDGED = 50_000
"""Tips of each level, unless fewer are asked for."""
_MEASURED = 10_000
_TOGETHER = 1_000


def run(texts: int = 1_000_000, *, seed: int = 1, tell: Tell = quiet) -> dict[str, Any]:
    """Precision and recall of copies, the share of witnesses called copies, and texts a second."""
    levels = {level: apart(tell, judged, min(texts, _JUDGED), level, seed) for level in CHANGES}
    held: dict[str, Any] = apart(tell, _held, texts, seed)
    return {"texts": texts, **levels, "held": held}


def judged(texts: int, level: str, seed: int, tell: Tell = quiet) -> dict[str, Any]:
    """How well copies of one level are recognised."""
    told = list(tellings(seed, texts, level))
    return _figures(told, _put_in(Copies(), told, random.Random(seed), tell))  # noqa: S311  an order


def _held(texts: int, seed: int, tell: Tell) -> dict[str, Any]:
    with without_collector():
        told = list(tellings(seed, texts + _MEASURED, "medium"))
        copies = Copies()
        _put_in(copies, told[:texts], random.Random(seed), tell)  # noqa: S311  an order
        began = time.perf_counter()
        _put_in(copies, told[texts:], random.Random(seed), quiet, texts)  # noqa: S311
        seconds = time.perf_counter() - began
    return {
        **_figures(told, copies),
        "texts_a_second": round((len(told) - texts) / seconds),
        "resident_mib": highest_resident(),
    }


def _put_in(copies: Copies, told: list[Told], chance: random.Random, tell: Tell, start: int = 0) -> Copies:
    order = list(range(len(told)))
    chance.shuffle(order)
    for done in range(0, len(order), _TOGETHER):
        some = [(start + at, told[at]) for at in order[done : done + _TOGETHER]]
        copies.change(list(_sketched(some)), [])
        tell("telling copies", done, len(order))
    return copies


def _sketched(told: Sequence[tuple[int, Told]]) -> Iterator[tuple[Tip, Sketch]]:
    for (rec, each), small in zip(told, sketches([each.text for _, each in told]), strict=True):
        if small is not None:
            yield Tip(each.reported, each.name, each.channel, rec), small


def _figures(told: list[Told], copies: Copies) -> dict[str, Any]:
    """Of a copy it is right to say that it is one of a tip with a witness in common; of a witness it is
    not."""
    found_of = map(copies.of, range(len(told)))
    origins = [found[0].first if found else None for found in found_of]
    right = [
        of is not None and bool(told[of].roots & each.roots) for each, of in zip(told, origins, strict=True)
    ]
    called = sum(of is not None for of in origins)
    true = [each.kind != "witness" for each in told]
    later = _independent(told)
    found = {kind: [ok for ok, each in zip(right, told, strict=True) if each.kind == kind] for kind in COPIES}
    hits = sum(ok and is_copy for ok, is_copy in zip(right, true, strict=True))
    return {
        "precision": round(hits / called, 4),
        "recall": round(hits / sum(true), 4),
        "recall_of": {kind: round(sum(each) / len(each), 4) for kind, each in found.items()},
        "witnesses_called_copies": round(sum(origins[at] is not None for at in later) / len(later), 4),
    }


def _independent(told: list[Told]) -> list[int]:
    """The witnesses of what another told before them."""
    seen: dict[int, list[int]] = {}
    for at, each in enumerate(told):
        if each.kind == "witness":
            seen.setdefault(each.scene, []).append(at)
    return [
        at
        for together in seen.values()
        for at in sorted(together, key=lambda at: (told[at].reported, told[at].name))[1:]
    ]
