"""`suyuan bench tips`: how well deals are read out of made tips, in styles known to the reader and in others.

A relation counts where its kind, both its people (by a place that names them, exactly) and its being
asserted agree. `false_facts` are those that the text denies, has by hearsay, plans or asks and that were
read as facts, as a share of all those the texts hold. `edges` are the deliveries that would be drawn.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from streams.bench import told_by_others
from streams.bench.evaluate import Rate
from streams.bench.worlds import Tell, quiet
from streams.simulate.tips import held_out, styles
from streams.simulate.tips.gold import WrittenTip
from streams.simulate.tips.writer import write_tips
from streams.stages.told import DELIVERIES, deliveries
from streams.text.deals import Deal, DealReading
from streams.text.tips.reader import read_tip, read_tips

_SETS = {"seen": styles.STYLES, "held_out": held_out.STYLES}
_TOGETHER = 500
_OF_GOODS = ("trafficked", "possessed")
Statement = tuple[str, str, str]


class Judged(NamedTuple):
    """The figures of one set of tips."""

    relations: dict[str, Rate]
    edges: Rate
    people: Rate
    false_facts: float
    status: float
    slots: dict[str, float]

    def figures(self) -> dict[str, Any]:
        """The figures as they are printed; `status` is the share of unsure deals read as what they are."""
        every = _sum(self.relations.values())
        return {
            **every.figures(),
            "edges": self.edges.figures(),
            "people": self.people.figures(),
            "false_facts": round(self.false_facts, 4),
            "status": round(self.status, 4),
            "slots": {name: round(share, 4) for name, share in self.slots.items()},
            "by_relation": {kind: rate.figures() for kind, rate in sorted(self.relations.items())},
        }


def run(size: int = 4_000, seed: int = 1, tell: Tell = quiet) -> dict[str, Any]:
    """Precision, recall and F1 of both sets of styles, `size` tips each, and the tips read a second."""
    figures: dict[str, Any] = {"tips": size}
    texts: list[str] = []
    for number, (name, each) in enumerate(_SETS.items()):
        tell("reading tips", number, len(_SETS))
        tips = list(write_tips(each, size, seed=seed * 2 + number))
        figures[name] = judged(tips).figures()
        texts += [tip.text for tip in tips]
    figures["by_others"] = told_by_others.judged(told_by_others.labelled("second"))
    figures["tips_per_second"] = speed(texts)
    return figures


def speed(texts: list[str]) -> int:
    """Texts that one core reads a second, warmed up, as many together as the pipeline has in a batch."""
    read_tips(texts[:50])
    started = time.perf_counter()
    for some in range(0, len(texts), _TOGETHER):
        read_tips(texts[some : some + _TOGETHER])
    return round(len(texts) / (time.perf_counter() - started))


def judged(tips: Iterable[WrittenTip]) -> Judged:
    """How well the reading of tips fits their truth."""
    tally, every = _Tally(), list(tips)
    for tip, reading in zip(every, read_tips([tip.text for tip in every]), strict=True):
        tally.add(tip, reading)
    kinds = sorted({*tally.true, *tally.found})
    return Judged(
        {kind: Rate(tally.right[kind], tally.found[kind], tally.true[kind]) for kind in kinds},
        Rate(*tally.edges),
        Rate(*tally.people),
        tally.wrong / tally.unsure if tally.unsure else 0.0,
        tally.alike / tally.unsure if tally.unsure else 1.0,
        {name: tally.filled[name] / tally.slots[name] for name in sorted(tally.slots)},
    )


class _Tally:
    """Counts over tips: facts by relation, people, unsure deals, slots."""

    def __init__(self) -> None:
        self.right, self.found, self.true = Counter[str](), Counter[str](), Counter[str]()
        self.slots, self.filled = Counter[str](), Counter[str]()
        self.people, self.edges = [0, 0, 0], [0, 0, 0]
        self.unsure = self.wrong = self.alike = 0

    def add(self, tip: WrittenTip, reading: DealReading) -> None:
        """Counts one tip."""
        said, read = _facts_of(tip), _read(tip, reading)
        self.true.update(kind for kind, *_ in said)
        self.found.update(kind for kind, *_ in read)
        self.right.update(statement[0] for statement in read if statement in said)
        unsure = {each[:4] for each in tip.relations if each.status != "asserted" and each[:3] not in said}
        every = {(deal.kind, *_ends(tip, reading, deal), deal.status) for deal in reading.deals}
        self.unsure += len(unsure)
        self.wrong += sum(each[:3] in read for each in unsure)
        self.alike += len(unsure & every)
        self._count_people(tip, reading)
        self._count_edges(tip, reading, said)
        self._count_slots(tip, read)

    def _count_people(self, tip: WrittenTip, reading: DealReading) -> None:
        true = {(m.start, m.end) for m in tip.mentions if m.type == "person" and m.named}
        found = {each.span for each in reading.people if each.kind != "pronoun"}
        for place, number in enumerate((len(true & found), len(found), len(true))):
            self.people[place] += number

    def _count_edges(self, tip: WrittenTip, reading: DealReading, said: set[Statement]) -> None:
        true = {each for each in said if each[0] in DELIVERIES}
        drawn = {(deal.kind, *_ends(tip, reading, deal)) for deal in deliveries(reading)}
        for place, number in enumerate((len(true & drawn), len(drawn), len(true))):
            self.edges[place] += number

    def _count_slots(self, tip: WrittenTip, read: dict[Statement, Deal]) -> None:
        """Of the deals read right, how many have the slots that the truth has."""
        for each in tip.relations:
            deal = read.get(each[:3])
            if each.status != "asserted" or deal is None:
                continue
            for name in ("substance", "quantity", "amount", "time"):
                key, got = getattr(each, name), getattr(deal, name)
                if key is not None:
                    self.slots[name] += 1
                    self.filled[name] += got is not None and _covers(tip, key, got.span)


def _read(tip: WrittenTip, reading: DealReading) -> dict[Statement, Deal]:
    """The facts of a reading by their keys of the truth."""
    facts = (deal for deal in reading.deals if deal.status == "asserted")
    return {(deal.kind, *_ends(tip, reading, deal)): deal for deal in facts}


def _sum(rates: Iterable[Rate]) -> Rate:
    every = list(rates)
    return Rate(sum(r.right for r in every), sum(r.found for r in every), sum(r.true for r in every))


def _facts_of(tip: WrittenTip) -> set[Statement]:
    return {(each.kind, each.source, each.target) for each in tip.relations if each.status == "asserted"}


def _ends(tip: WrittenTip, reading: DealReading, deal: Deal) -> tuple[str, str]:
    """The keys of the truth that a deal's two ends stand at; a place where nobody is named has its own."""
    subject = _key(tip, reading.people[deal.subject].span)
    if deal.kind in _OF_GOODS:
        return subject, _key(tip, reading.substances[deal.object].span)
    return subject, _key(tip, reading.people[deal.object].span)


def _key(tip: WrittenTip, span: tuple[int, int]) -> str:
    return next(
        (m.key for m in tip.mentions if m.named and (m.start, m.end) == span), f"?{span[0]}-{span[1]}"
    )


def _covers(tip: WrittenTip, key: str, span: tuple[int, int]) -> bool:
    return any(m.key == key and m.start < span[1] and span[0] < m.end for m in tip.mentions)


def misread(tips: Iterable[WrittenTip]) -> Iterator[tuple[WrittenTip, set[Statement], set[Statement]]]:
    """The tips read wrong, with what was missed and what was read too much: to work on the rules."""
    for tip in tips:
        said, read = _facts_of(tip), set(_read(tip, read_tip(tip.text)))
        if read != said:
            yield tip, said - read, read - said
