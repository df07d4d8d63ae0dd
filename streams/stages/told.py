"""What a tip's text tells of deals, set beside the people whom the record's fields describe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from schemas.claims import Features, Identifier, Mention, Predicate, TextMention
from schemas.identifiers import names
from schemas.records import Report, When
from streams.text.deals import Deal, DealReading
from streams.text.findings import FoundIdentifier, FoundPerson

DELIVERIES = ("sold_to", "supplied")
DEALINGS: tuple[Predicate, ...] = ("paid", "works_for", "carried_for")
"""What else of two people may be told in a text and is an edge."""
_TOLD = 0.7
"""Part of the grade's confidence that rules have in a delivery read in a sentence they know."""


class ToldPerson(Struct, frozen=True):
    """Somebody in a text: their names there, where they are first named, and their numbers with places."""

    said: tuple[str, ...]
    features: Features
    span: tuple[int, int]
    numbers: tuple[tuple[Identifier, tuple[int, int]], ...] = ()

    def refs_in(self, record: Report) -> list[str]:
        """The refs of the record's people who have one of these names."""
        wanted = {names.key(each) for each in self.said}
        return [
            person.ref
            for person in record.persons or ()
            if wanted & {names.key(each) for each in (person.name, *(person.aliases or ())) if each}
        ]

    @property
    def is_masked(self) -> bool:
        """Whether all that is known of the name is a mask."""
        return all(names.is_masked(names.key(each)) for each in self.said)

    def fits(self, features: Features) -> bool:
        """Whether somebody with a number of theirs may be called so: the number of two strangers is nobody's.

        A surname is enough: a number with a name heard or written wrongly is still theirs.
        """
        theirs, own = names.key(features.name), names.key(self.features.name)
        return not theirs or not own or theirs[0] == own[0] or names.compatible(theirs, own)

    def mention(self) -> Mention:
        """A mention of their own, for somebody whom no field describes."""
        return Mention(type="person", span=self.span, features=self.features)


def told_people(reading: DealReading, text: str) -> dict[int, ToldPerson]:
    """The people of a text by the place of their first mention, but for those who are a surname or a pronoun
    only, which fit too many."""
    named: dict[int, list[FoundPerson]] = {}
    for each, one in zip(reading.people, reading.same, strict=True):
        if each.kind not in ("pronoun", "surname"):
            named.setdefault(one, []).append(each)
    owned: dict[int, list[FoundIdentifier]] = {}
    for belonging in reading.belongings:
        owned.setdefault(reading.same[belonging.person], []).append(belonging.identifier)
    return {one: _told(theirs, owned.get(one, ()), text) for one, theirs in named.items()}


def _told(theirs: Sequence[FoundPerson], numbers: Sequence[FoundIdentifier], text: str) -> ToldPerson:
    said = tuple(dict.fromkeys(text[slice(*each.span)] for each in theirs))
    full = [text[slice(*each.span)] for each in theirs if each.kind in ("name", "masked")]
    name = names.normalise(full[0]) if full else ""
    others = {names.normalise(each) for each in said} - {name}
    whole = {Identifier(each.kind, each.normal): each.span for each in numbers if each.normal}
    masked = {Identifier(each.kind, each.mask) for each in numbers if each.mask}
    features = Features(
        name=name,
        aliases=tuple(sorted(others)),
        identifiers=tuple(sorted(whole)),
        masked=tuple(sorted(masked)),
    )
    return ToldPerson(said, features, theirs[0].span, tuple(whole.items()))


def deliveries(reading: DealReading) -> Iterator[Deal]:
    """The deliveries that the text states as facts, in sentences understood whole, and nowhere denies."""
    return (deal for deal in _stated(reading, DELIVERIES) if deal.plain)


def dealings(reading: DealReading) -> Iterator[tuple[Predicate, Deal]]:
    """What else the text states as a fact of two people, in sentences that the rules understood whole.

    The judge is not asked: how sure it must be was learned from deliveries.
    """
    for kind in DEALINGS:
        for deal in _stated(reading, (kind,)):
            if deal.plain and deal.rule and (kind != "paid" or _is_money(reading, deal)):
                yield kind, deal


def _is_money(reading: DealReading, deal: Deal) -> bool:
    """Whether a text that names a drug says no more of a sum: 500元学费 and 900元的快递 are not for it."""
    return bool(reading.substances) and deal.amount is not None and deal.amount.end == deal.end


def unsure(reading: DealReading) -> list[Deal]:
    """Those that it states in sentences that were not understood whole, the surest first."""
    found = (deal for deal in _stated(reading, DELIVERIES) if not deal.plain)
    return sorted(found, key=lambda deal: (-deal.score, deal.start, deal.subject, deal.object))


def _stated(reading: DealReading, kinds: Sequence[str]) -> Iterator[Deal]:
    """The deals of these kinds that the text states and nowhere denies."""
    told = [deal for deal in reading.deals if deal.kind in kinds]
    denied = {_ends(reading, deal) for deal in told if deal.status == "denied"}
    return (deal for deal in told if deal.status == "asserted" and _ends(reading, deal) not in denied)


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
