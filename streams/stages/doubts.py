"""What a tip's text takes back: deals that it has by hearsay only, or that somebody denies.

A field may state the same deal without a doubt. Its claim then has no more of the grade's confidence than
the text leaves it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from schemas.claims import Doubt
from streams.text.deals import Deal, DealReading

_OF_DRUGS = ("trafficked", "possessed")
_SAME = {"sold_to": "supplied"}
Who = Callable[[int], int | None]
"""Who of the record's people one of a text's is, by their place in the reading; None where that is open."""
Told = tuple[str, int | str, int | str | None]
"""A kind of deal and its two ends: people as `Who` has them (a text where that is open), a drug by its code;
a sale is a supply."""


def taken_back(reading: DealReading, who: Who) -> Mapping[Told, Doubt]:
    """The deals that are denied, and those that are told as hearsay and nowhere as a fact."""
    told: dict[Told, set[str]] = {}
    for deal in reading.deals:
        told.setdefault(_told(reading, deal, who), set()).add(deal.status)
    doubted: dict[Told, Doubt] = {}
    for deed, statuses in told.items():
        if "denied" in statuses:
            doubted[deed] = "denied"
        elif "hearsay" in statuses and "asserted" not in statuses:
            doubted[deed] = "hearsay"
    return doubted


def of_all(reading: DealReading, taken: Mapping[Told, Doubt]) -> Doubt | None:
    """The doubt in which the whole text stands: it tells of deals, and of none but by hearsay or denied."""
    doubts = set(taken.values())
    if not doubts or any(deal.status == "asserted" for deal in reading.deals):
        return None
    return "hearsay" if "hearsay" in doubts else "denied"


def between_people(doubted: Mapping[Told, Doubt]) -> Iterator[tuple[str, int, int, Doubt]]:
    """Those of the deals in which somebody deals with somebody, of whom it is clear who they are: their kind,
    both, and the doubt."""
    for (kind, one, other), doubt in doubted.items():
        if isinstance(one, int) and isinstance(other, int):
            yield kind, one, other, doubt


def _told(reading: DealReading, deal: Deal, who: Who) -> Told:
    def end(index: int) -> int | str:
        one = who(index)
        return f"somebody named at {reading.same[index]}" if one is None else one

    goods = deal.kind in _OF_DRUGS
    other = reading.substances[deal.object].code if goods else end(deal.object)
    return _SAME.get(deal.kind, deal.kind), end(deal.subject), other
