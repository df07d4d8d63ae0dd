"""A text as mentions and relations in the words of the contract, whatever it is: a court's report or a tip.

Statistics find names and what is said of them, rules find numbers, money and times; each with a score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import compress, islice
from typing import TYPE_CHECKING, NamedTuple

from streams.text.findings import TextReading
from streams.text.reader import Extraction, Reader
from streams.text.reader import model as court_model
from streams.text.reader.mentions import Reason
from streams.text.spans import read_text
from streams.text.tips.reader import TipReading, shipped_reader

if TYPE_CHECKING:
    from collections.abc import Sequence

_COURT = re.compile("被告|公诉机关|检察院|法院|审理查明|本院|判决")
"""Words of courts: each of the annotated judgments has one, of 7,385 made tips 29 do."""
_WHOLE, _PART, _READ = 0.98, 0.8, 0.9
"""How sure rules are of a number that passes its own test, of one that does not or is masked, of the rest."""
_TOGETHER = 64
"""Texts that are tagged side by side."""
_TYPES = {"tracking_no": "parcel"}


class Mention(NamedTuple):
    """A place in a text: what is there, how surely, and in which normal form, where it has one."""

    type: str
    start: int
    end: int
    score: float
    value: str | None = None


class Relation(NamedTuple):
    """One mention related to another, by their places in the list; `status` says how the text says it."""

    type: str
    subject: int
    object: int
    score: float
    status: str = "asserted"
    rule: str = ""
    reasons: tuple[Reason, ...] = ()


class Claims(NamedTuple):
    """All mentions of a text in order of place, and what it says of them."""

    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]


def claims_of(texts: Iterable[str]) -> Iterator[Claims]:
    """What each text says, in their order.

    >>> text = "王强（电话13800138000）卖给李某某冰毒"
    >>> (claims,) = claims_of([text])
    >>> [(each.type, text[each.start : each.end]) for each in claims.mentions]
    [('person', '王强'), ('phone', '13800138000'), ('person', '李某某'), ('substance', '冰毒')]
    >>> [each.type for each in claims.relations if each.status == "asserted"][0]
    'sold_to'
    """
    waiting = iter(texts)
    while batch := list(islice(waiting, _TOGETHER)):
        is_court = [_COURT.search(text) is not None for text in batch]
        court = _court_reader().read(list(compress(batch, is_court)))
        tips = shipped_reader().read_all(
            [text for text, other in zip(batch, is_court, strict=True) if not other]
        )
        for text, of_court in zip(batch, is_court, strict=True):
            yield _of_court(text, next(court)) if of_court else _of_tip(next(tips))


@cache
def _court_reader() -> Reader:
    return Reader(court_model.shipped())


def _of_court(text: str, found: Extraction) -> Claims:
    """The reader's own mentions, and of the rules' those of kinds it does not know."""
    own = [Mention(each.kind, each.start, each.end, each.score) for each in found.mentions]
    mentions, place = _merged(own, _by_rules(read_text(text), counted=False))
    relations = (
        Relation(each.kind, place[each.subject], place[each.object], each.score, reasons=each.reasons)
        for each in found.relations
    )
    return Claims(mentions, tuple(relations))


def _of_tip(found: TipReading) -> Claims:
    read = found.deals
    people = {n: each for n, each in enumerate(read.people) if each.kind != "pronoun"}
    own = [Mention("person", each.start, each.end, each.score) for each in people.values()]
    tagged = {each.span: each.score for each in found.mentions}
    own += [
        Mention("substance", *each.span, tagged.get(each.span, _READ), each.code) for each in read.substances
    ]
    own += [
        Mention(each.kind, each.start, each.end, each.score)
        for each in found.mentions
        if each.kind in ("place", "venue", "organisation")
    ]
    mentions, place = _merged(own, _by_rules(found.reading, counted=True))
    of_person = {n: place[at] for at, n in enumerate(people)}
    relations = []
    for deal in read.deals:
        goods = deal.kind in ("trafficked", "possessed")
        target = place[len(people) + deal.object] if goods else of_person[deal.object]
        relations.append(
            Relation(
                deal.kind, of_person[deal.subject], target, deal.score, deal.status, deal.rule, deal.reasons
            )
        )
    return Claims(mentions, tuple(relations))


def _by_rules(reading: TextReading, *, counted: bool) -> Iterator[Mention]:
    """What rules find; `counted`: quantities and times too."""
    for each in reading.identifiers:
        kind = _TYPES.get(each.kind, each.kind)
        yield Mention(kind, *each.span, _WHOLE if each.normal else _PART, each.normal or each.mask)
    yield from (Mention("money", *each.span, _READ, f"{each.yuan:g}") for each in reading.amounts)
    if counted:
        yield from (
            Mention("quantity", *each.span, _READ, f"{each.value:g} {each.unit}")
            for each in reading.quantities
        )
        yield from (Mention("time", *each.span, _READ, each.iso) for each in reading.times)


def _merged(own: Sequence[Mention], more: Iterable[Mention]) -> tuple[tuple[Mention, ...], list[int]]:
    """Both in order of place, of the others what overlaps none of the first; where each of those went."""
    taken = {at for each in own for at in range(each.start, each.end)}
    free = [each for each in more if taken.isdisjoint(range(each.start, each.end))]
    every = [*own, *free]
    order = sorted(range(len(every)), key=lambda n: (every[n].start, every[n].end, n))
    place = [0] * len(every)
    for at, n in enumerate(order):
        place[n] = at
    return tuple(every[n] for n in order), place
