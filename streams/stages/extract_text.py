"""What a record's text says beside its fields: people with their numbers, goods, deliveries told in tips."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from msgspec import structs

from schemas.claims import (
    Features,
    Identifier,
    Lot,
    Mention,
    MentionType,
    Predicate,
    TextMention,
    WaitingClaim,
)
from schemas.records import Tip
from streams.stages.doubts import between_people, of_all, taken_back
from streams.stages.draft import THINGS, Draft, Said, stated
from streams.stages.enrich import Enriched
from streams.stages.told import (
    ToldPerson,
    dealings,
    deliveries,
    factor,
    is_to_come,
    statements,
    told_people,
    unsure,
)
from streams.text.deals import Deal, DealReading
from streams.text.mentions import text_mentions
from streams.text.spans import TextReading, read_text

_NAMED_BY: dict[str, MentionType] = {"plate": "vehicle", "id_number": "person", "tracking_no": "parcel"}


def text_of_tip(enriched: Enriched) -> str | None:
    """The text in which people are told of, if it is a tip's and there is one."""
    record = enriched.accepted.record
    return (record.text or None) if isinstance(record, Tip) else None


def extract_text(
    draft: Draft, text: str, deals: DealReading | None, confirmed: frozenset[str]
) -> tuple[TextMention, ...]:
    """Adds what the text says to the draft; all that was found in it, then what it says of deals.

    `deals` is what `read_tip` reads in a tip; nothing of the kind is read in officers' texts. `confirmed` are
    the keys of claims that are drawn though they were read without being sure.
    """
    reading = read_text(text)
    told: tuple[TextMention, ...] = ()
    if deals is not None:
        _Told(draft, deals, text).add(confirmed)
        told = tuple(statements(deals, text))
    _numbers(draft, reading)
    _lots(draft, reading)
    return (*text_mentions(reading), *told)


class _Told:
    """Puts a tip's people and deliveries into the draft."""

    def __init__(self, draft: Draft, reading: DealReading, text: str) -> None:
        self.draft, self.reading = draft, reading
        self.people = told_people(reading, text)
        self.at: dict[int, int | None] = {}

    def add(self, confirmed: frozenset[str]) -> None:
        """Claims the deliveries that the text states and no field does, and whose the numbers are; of those
        that are not sure the ones that were confirmed.
        """
        self._doubt()
        stated = self.draft.supplied()
        for number, deal in enumerate(deliveries(self.reading)):
            subject, obj = self._person(deal.subject), self._person(deal.object)
            said = _as_told(deal)
            if (subject, obj) not in stated and not is_to_come(said.when, self.draft.reported):
                self.draft.claim(f"text/{number}", "supplied", subject, obj, said)
        self._dealings()
        for one, person in self.people.items():
            if person.features.identifiers:
                self._person(one)
        waiting = list(self._waiting())
        self.draft.waiting += [claim for claim, _ in waiting]
        for claim, deal in waiting:
            if claim.key in confirmed:
                subject, obj = self._person(deal.subject), self._person(deal.object)
                said = structs.replace(_as_told(deal), factor=1.0)  # a person read it: no rule is trusted
                self.draft.claim(claim.key, "supplied", subject, obj, said)

    def _dealings(self) -> None:
        """Claims what else the text states of two people and no field does."""
        stated = {(claim.predicate, claim.subject, claim.object) for claim in self.draft.claims}
        for number, (kind, deal) in enumerate(dealings(self.reading)):
            subject, obj = self._place(deal.subject), self._place(deal.object)
            said = _as_told(deal)
            if subject is None or obj is None or is_to_come(said.when, self.draft.reported):
                continue
            if (kind, subject, obj) not in stated:
                stated.add((kind, subject, obj))
                ends = self._person(deal.subject), self._person(deal.object)
                self.draft.claim(f"text/{kind}/{number}", kind, *ends, said)

    def _doubt(self) -> None:
        """What the text takes back weakens what the fields state."""
        taken = taken_back(self.reading, self._place)
        deals = {
            (cast("Predicate", kind), one, other): doubt for kind, one, other, doubt in between_people(taken)
        }
        self.draft.doubts |= frozenset(taken.values())
        self.draft.doubt(of_all(self.reading, taken), deals)

    def _waiting(self) -> Iterator[tuple[WaitingClaim, Deal]]:
        """What the text tells without being sure, of two who can be placed and nothing else has supply each
        other; of the same two the surest.
        """
        told: set[tuple[int, int]] = self.draft.supplied()
        for deal in unsure(self.reading):
            subject, obj = self._place(deal.subject), self._place(deal.object)
            if subject is None or obj is None or subject == obj or (subject, obj) in told:
                continue
            if not is_to_come(_as_told(deal).when, self.draft.reported):
                told.add((subject, obj))
                yield self._waits(deal), deal

    def _waits(self, deal: Deal) -> WaitingClaim:
        supplier, recipient = (
            self.people[self.reading.same[index]].span for index in (deal.subject, deal.object)
        )
        said = _as_told(deal)
        return WaitingClaim(
            key=f"text@{supplier[0]}-{recipient[0]}",
            start=deal.start,
            end=deal.end,
            supplier=supplier,
            recipient=recipient,
            score=deal.score,
            substance=said.substance,
            quantity=said.quantity,
            unit=said.unit,
            amount=said.amount,
            time=deal.time.iso if deal.time else None,
        )

    def _place(self, index: int) -> int | None:
        """Where somebody would be mentioned, without mentioning them: a place of their own is below zero.

        None where it is open who it is.
        """
        one = self.reading.same[index]
        if one in self.at or one not in self.people:
            return self.at.get(one)
        is_clear, at = self._meant(self.people[one])
        return None if not is_clear else ~one if at is None else at

    def _person(self, index: int) -> int | None:
        """The mention of a person in the text: a field's where they agree, else a new one."""
        one = self.reading.same[index]
        if one not in self.at:
            person = self.people.get(one)
            self.at[one] = self._placed(person) if person else None
        return self.at[one]

    def _placed(self, person: ToldPerson) -> int | None:
        """None where it is open who of the record's people it is."""
        is_clear, at = self._meant(person)
        if not is_clear:
            return None
        if at is None:
            at = self.draft.add(person.mention())
        self._gives(at, person)
        return at

    def _meant(self, person: ToldPerson) -> tuple[bool, int | None]:
        """Whether it is clear who somebody is, and who of the record's people (None: nobody of them)."""
        draft = self.draft
        owned = set(draft.owners(person.features.identifiers))
        named = {draft.by_ref[ref] for ref in person.refs_in(draft.record)}
        fitting = owned & named if owned and named else owned or named
        if len(fitting) > 1 or (not fitting and (owned or named)):
            return False, None
        if not fitting:
            return True, None
        (at,) = fitting
        return self._agrees(person, at, by_number=bool(owned)), at

    def _agrees(self, person: ToldPerson, at: int, *, by_number: bool) -> bool:
        features = self.draft.mentions[at].features
        if features is None or self.draft.mentions[at].type != "person":
            return False
        return person.fits(features) if by_number else not person.is_masked

    def _gives(self, at: int, person: ToldPerson) -> None:
        """Their numbers are the mention's too; a field's own stay as they are."""
        mention = self.draft.mentions[at]
        own = mention.features or Features()
        numbers = tuple(sorted({*own.identifiers, *person.features.identifiers}))
        masked = tuple(sorted({*own.masked, *person.features.masked}))
        features = structs.replace(own, identifiers=numbers, masked=masked)
        self.draft.mentions[at] = structs.replace(mention, features=features)
        for identifier, span in person.numbers:
            if self.draft.known.get(identifier) is None:
                self.draft.owns(at, identifier, span)


def _numbers(draft: Draft, reading: TextReading) -> None:
    """Numbers that no person was named with."""
    for found in reading.identifiers:
        if found.normal is None:
            continue
        identifier = Identifier(found.kind, found.normal)
        if identifier in draft.known:
            continue
        if found.kind in THINGS:
            draft.value(found.kind, identifier, span=found.span)
            continue
        features = Features(identifiers=(identifier,))
        mention = Mention(type=_NAMED_BY[found.kind], span=found.span, features=features)
        draft.known[identifier] = draft.add(mention)


def _lots(draft: Draft, reading: TextReading) -> None:
    structured = {lot.substance for lot in draft.lots}
    for index, substance in enumerate(reading.substances):
        if not substance.code or not substance.supported or substance.code in structured:
            continue
        structured.add(substance.code)
        quantity = next((found for found in reading.quantities if found.of == index), None)
        draft.lots.append(
            Lot(
                key=f"@{substance.start}-{substance.end}",
                substance=substance.code,
                quantity=quantity.value if quantity else None,
                unit=quantity.unit if quantity else None,
                span=substance.span,
            )
        )


def _as_told(deal: Deal) -> Said:
    return Said(
        basis="text",
        when=stated(deal.time.iso) if deal.time else None,
        factor=factor(deal),
        substance=deal.substance.code if deal.substance else None,
        quantity=deal.quantity.value if deal.quantity else None,
        unit=deal.quantity.unit if deal.quantity else None,
        amount=deal.amount.yuan if deal.amount else None,
    )
