"""What extract has collected of one record so far: its mentions, claims and lots, each once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct, structs

from schemas import times
from schemas.claims import (
    Basis,
    Claim,
    Doubt,
    Identifier,
    Lot,
    Mention,
    MentionType,
    Predicate,
    WaitingClaim,
)
from schemas.records import Period, Report, When
from streams.stages.enrich import Enriched, doubted

_VALUE_TYPES: dict[str, MentionType] = {
    "phone": "phone",
    "wechat": "account",
    "bank_card": "account",
    "case": "case",
    "checkpoint": "place",
    "region": "place",
}
THINGS = ("phone", "wechat", "bank_card")
"""Identifiers that are things of their own, which people use."""


class Said(Struct, frozen=True, kw_only=True):
    """What a statement says beside who and what: on which basis, when, how much of which goods.

    `factor` lowers the grade's confidence for statements from which a claim only follows.
    """

    basis: Basis = "field"
    when: When | None = None
    factor: float = 1.0
    substance: str | None = None
    quantity: float | None = None
    unit: str | None = None
    amount: float | None = None


_FIELD = Said()


class Draft:
    """Collects one record's mentions, claims and lots, and the claims that wait for a person's word.

    `by_ref` has the places of mentions by the refs of fields, `known` by the identifiers that are theirs.
    """

    def __init__(self, enriched: Enriched) -> None:
        record = enriched.accepted.record
        assert isinstance(record, Report)
        self.record, self.enriched = record, enriched
        self.reported, self.when = enriched.accepted.reported, enriched.accepted.occurred
        self.mentions: list[Mention] = []
        self.claims: list[Claim] = []
        self.lots: list[Lot] = []
        self.waiting: list[WaitingClaim] = []
        self.grade, self.doubts = enriched.grade, frozenset[Doubt]()
        self.by_ref: dict[str, int] = {}
        self.known: dict[Identifier, int] = {}
        self._by_value: dict[tuple[str, Identifier], int] = {}

    def add(self, mention: Mention) -> int:
        """The place of a new mention."""
        self.mentions.append(mention)
        return len(self.mentions) - 1

    def ref(self, ref: str | None) -> int | None:
        """The mention of a field's ref; None where the field holds none."""
        return self.by_ref.get(ref) if ref else None

    def value(
        self, kind: str, value: Identifier, ref: str | None = None, span: tuple[int, int] | None = None
    ) -> int:
        """The mention of a thing that is named by its value, made where it is first spoken of."""
        mention_type = _VALUE_TYPES[kind]
        at = self._by_value.get((mention_type, value))
        if at is None:
            at = self.add(Mention(type=mention_type, ref=ref, span=span, value=value))
            self._by_value[mention_type, value] = at
        return at

    def owns(self, at: int, identifier: Identifier, span: tuple[int, int] | None = None) -> None:
        """An identifier is a mention's; one that is a thing of its own is also used by it."""
        self.known.setdefault(identifier, at)
        if identifier.kind in THINGS:
            value = self.value(identifier.kind, identifier, self.mentions[at].ref, span)
            named = self.name(at)
            self.claim(f"{named}/uses/{identifier.kind}/{identifier.value}", "uses", at, value)

    def owners(self, identifiers: Collection[Identifier]) -> Iterator[int]:
        """The mentions that have one of these among their features; a number may be several people's."""
        for at, mention in enumerate(self.mentions):
            if mention.features and not set(identifiers).isdisjoint(mention.features.identifiers):
                yield at

    def name(self, at: int) -> str:
        """What a mention is called within its record: its ref, or its place in the text."""
        mention = self.mentions[at]
        return mention.ref or (f"@{mention.span[0]}-{mention.span[1]}" if mention.span else "")

    def claim(
        self, key: str, predicate: Predicate, subject: int | None, obj: int | None, said: Said = _FIELD
    ) -> None:
        """One claim between two mentions; nothing when a side is missing or both are one."""
        if subject is None or obj is None or subject == obj:
            return
        when = said.when or self.when
        earliest, latest = (when.earliest, when.latest) if when else (None, None)
        latest = self.reported if latest is None else min(latest, self.reported)
        self.claims.append(
            Claim(
                key=key,
                predicate=predicate,
                subject=subject,
                object=obj,
                basis=said.basis,
                substance=said.substance,
                quantity=said.quantity,
                unit=said.unit,
                amount=said.amount,
                earliest=None if earliest is None else min(earliest, latest),
                latest=latest,
                confidence=round(self.enriched.confidence * said.factor, 4),
            )
        )

    def doubt(self, doubt: Doubt | None, deals: Mapping[tuple[Predicate, int, int], Doubt]) -> None:
        """Lowers the grade by the doubt in which the whole text stands, and what was claimed so far by that
        or by the doubt of its own."""
        of_record = self.enriched.grade
        self.grade, whole = doubted(of_record, doubt)
        shares: dict[str, float] = {}
        for claim in self.claims:
            own = deals.get((claim.predicate, claim.subject, claim.object))
            said = _field_of(claim.key)
            shares[said] = min(whole, doubted(of_record, own)[1], shares.get(said, 1.0))
        for number, claim in enumerate(self.claims):
            if claim.basis != "field" and (share := shares[_field_of(claim.key)]) < 1:
                confidence = round(claim.confidence * share, 4)
                self.claims[number] = structs.replace(claim, confidence=confidence)

    def supplied(self) -> set[tuple[int, int]]:
        """Who is said to supply whom so far."""
        return {(claim.subject, claim.object) for claim in self.claims if claim.predicate == "supplied"}


def _field_of(key: str) -> str:
    """The field that a claim comes from; a carriage and the delivery that follows from it come from one."""
    return "/".join(key.split("/")[:2])


def stated(time: str | Period | None) -> When | None:
    """A time that is stated; None when none is, or none that can be read."""
    read = times.when(time) if time is not None else None
    return read if read and (read.earliest, read.latest) != (None, None) else None
