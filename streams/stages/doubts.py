"""What a tip's text takes back: deals that it has by hearsay only, or that somebody denies.

A field may state the same deal without a doubt. Its claim then has no more of the grade's confidence than
the text leaves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schemas.claims import Doubt
from streams.text.deals import Deal, DealReading

_OF_DRUGS = ("trafficked", "possessed")
_SAME = {"sold_to": "supplied"}
Told = tuple[str, int, int | str | None]
"""A kind of deal and its two ends: people by the place of their first mention, a drug by its code; a sale is
a supply."""


def taken_back(reading: DealReading) -> Mapping[Told, Doubt]:
    """The deals that are denied, and those that are told as hearsay and nowhere as a fact."""
    told: dict[Told, set[str]] = {}
    for deal in reading.deals:
        told.setdefault(_told(reading, deal), set()).add(deal.status)
    doubted: dict[Told, Doubt] = {}
    for deed, statuses in told.items():
        if "denied" in statuses:
            doubted[deed] = "denied"
        elif "hearsay" in statuses and "asserted" not in statuses:
            doubted[deed] = "hearsay"
    return doubted


def of_all(reading: DealReading) -> Doubt | None:
    """The doubt in which the whole text stands: it tells of deals, and of none but by hearsay or denied."""
    doubts = set(taken_back(reading).values())
    if not doubts or any(deal.status == "asserted" for deal in reading.deals):
        return None
    return "hearsay" if "hearsay" in doubts else "denied"


def _told(reading: DealReading, deal: Deal) -> Told:
    goods = deal.kind in _OF_DRUGS
    other = reading.substances[deal.object].code if goods else reading.same[deal.object]
    return _SAME.get(deal.kind, deal.kind), reading.same[deal.subject], other


def between_people(doubted: Mapping[Told, Doubt]) -> Iterator[tuple[str, int, int, Doubt]]:
    """Those of the deals in which somebody deals with somebody: their kind, both, and the doubt."""
    for (kind, one, other), doubt in doubted.items():
        if isinstance(other, int):
            yield kind, one, other, doubt
