"""What a tip's text tells of deals, set beside the people whom the record's fields describe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from schemas.claims import Features, Mention, TextMention
from schemas.identifiers import names
from schemas.records import Report, When
from streams.text.deals import Deal, DealReading

DELIVERIES = ("sold_to", "supplied")
_TOLD = 0.7
"""Part of the grade's confidence that rules have in a delivery read in a sentence they know."""


class ToldPerson(Struct, frozen=True):
    """Somebody in a text who deals: their names there, and where they are first named."""

    said: tuple[str, ...]
    features: Features
    span: tuple[int, int]

    def refs_in(self, record: Report) -> list[str]:
        """The refs of the record's people who have one of these names."""
        wanted = {names.key(each) for each in self.said}
        return [
            person.ref
            for person in record.persons or ()
            if wanted & {names.key(each) for each in (person.name, *(person.aliases or ())) if each}
        ]

    def is_doubtful(self, refs: Sequence[str]) -> bool:
        """Whether it is open who of the record's people it is: several fit, or only a mask does."""
        masked = all(names.is_masked(names.key(each)) for each in self.said)
        return len(refs) > 1 or (masked and bool(refs))

    def mention(self) -> Mention:
        """A mention of their own, for somebody whom no field describes."""
        return Mention(type="person", span=self.span, features=self.features)


def told_person(reading: DealReading, text: str, index: int) -> ToldPerson | None:
    """The person of a mention; None where only a surname or a pronoun is said, which fits too many."""
    one = reading.same[index]
    theirs = [
        each
        for each, same in zip(reading.people, reading.same, strict=True)
        if same == one and each.kind not in ("pronoun", "surname")
    ]
    if not theirs:
        return None
    said = tuple(dict.fromkeys(text[slice(*each.span)] for each in theirs))
    full = [text[slice(*each.span)] for each in theirs if each.kind in ("name", "masked")]
    name = names.normalise(full[0]) if full else ""
    others = {names.normalise(each) for each in said} - {name}
    return ToldPerson(said, Features(name=name, aliases=tuple(sorted(others))), theirs[0].span)


def deliveries(reading: DealReading) -> Iterator[Deal]:
    """The deliveries that the text states as facts, in sentences understood whole, and nowhere denies."""
    told = [deal for deal in reading.deals if deal.kind in DELIVERIES]
    denied = {_ends(reading, deal) for deal in told if deal.status == "denied"}
    for deal in told:
        if deal.status == "asserted" and deal.plain and _ends(reading, deal) not in denied:
            yield deal


def _ends(reading: DealReading, deal: Deal) -> tuple[int, int]:
    return reading.same[deal.subject], reading.same[deal.object]


def is_to_come(when: When | None, reported: int) -> bool:
    """Whether what is told lies behind the time it was reported at: nobody has seen it."""
    return when is not None and when.earliest is not None and when.earliest > reported


def factor(deal: Deal) -> float:
    """What remains of the grade's confidence for a delivery that was read in a text, 0 to 1."""
    return round(_TOLD * deal.score, 4)


def statements(reading: DealReading, text: str) -> Iterator[TextMention]:
    """What the text says of deals, also what it denies or has by hearsay, for people to check."""
    for deal in reading.deals:
        ends = reading.substances if deal.kind in ("trafficked", "possessed") else reading.people
        one, two = text[slice(*reading.people[deal.subject].span)], text[slice(*ends[deal.object].span)]
        yield TextMention("statement", deal.start, deal.end, f"{deal.status} {deal.kind}: {one} → {two}")
