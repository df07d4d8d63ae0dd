"""Extract: an enriched record → mentions, claims and lots, from its fields and from its text.

Pure: the same record always says the same. Structured fields come first; what the text names too
is one mention with them.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, structs

from schemas import times
from schemas.claims import (
    Basis,
    Claim,
    Derived,
    Features,
    Identifier,
    Lot,
    Mention,
    MentionType,
    Predicate,
    TextMention,
)
from schemas.records import Interception, Period, Relation, Report, Seizure, Tip, When
from schemas.reference import substances, units
from streams.stages.enrich import Enriched
from streams.stages.features import Contexts, Described, describe
from streams.stages.told import deliveries, factor, is_to_come, statements, told_person
from streams.text.deals import Deal, DealReading, read_deals
from streams.text.fingerprint import fingerprint
from streams.text.mentions import text_mentions
from streams.text.spans import TextReading, read_text

_PARCEL_WITH_GOODS, _PARCEL_UNKNOWN, _PARCEL_OPENED_EMPTY = 0.95, 0.5, 0.1
_CARRIAGE, _PAYMENT = 0.8, 0.75
_NAMED_BY: dict[str, MentionType] = {"plate": "vehicle", "id_number": "person", "tracking_no": "parcel"}
_VALUE_TYPES: dict[str, MentionType] = {
    "phone": "phone",
    "wechat": "account",
    "bank_card": "account",
    "case": "case",
    "checkpoint": "place",
    "region": "place",
}


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


def extract(enriched: Enriched) -> Derived:
    """All that the record says.

    A delivery (`supplied`) is claimed by a `supplied` relation, by a parcel from sender to
    recipient, by carriage for somebody with goods, and by a payment for goods; `basis` says which.
    """
    return _Reader(enriched).read()


class _Reader:
    """Collects one record's mentions, claims and lots."""

    def __init__(self, enriched: Enriched) -> None:
        record = enriched.accepted.record
        assert isinstance(record, Report)
        self.record, self.enriched = record, enriched
        self.reported = enriched.accepted.reported
        self.mentions: list[Mention] = []
        self.claims: list[Claim] = []
        self.lots: list[Lot] = []
        self.by_ref: dict[str, int] = {}
        self.by_value: dict[tuple[str, Identifier], int] = {}
        self.known: dict[Identifier, int] = {}
        self.when = enriched.accepted.occurred

    def read(self) -> Derived:
        self._things()
        self._lots()
        self._belongings()
        self._relations()
        self._parcel_deliveries()
        self._payments()
        reading = read_text(self.record.text) if self.record.text else None
        told = self._told(reading) if reading and isinstance(self.record, Tip) else ()
        if reading:
            self._text(reading)
        self._surroundings()
        return Derived(
            mentions=tuple(self.mentions),
            claims=tuple(self.claims),
            lots=tuple(self.lots),
            line=self.enriched.line,
            fingerprint=self._fingerprint(),
            lead=self._lead(),
            read=(*(text_mentions(reading) if reading else ()), *told),
            warnings=(*self.enriched.warnings, *self._suspects()),
        )

    def _suspects(self) -> Iterator[str]:
        for mention in self.mentions:
            for field in mention.suspect:
                yield f"suspect_value:{mention.ref}.{field}"

    def _fingerprint(self) -> int | None:
        text = self.record.text
        return fingerprint(text) if text and isinstance(self.record, Tip) else None

    def _lead(self) -> bool:
        """Goods that are named for certain, with someone or something that can be followed."""
        goods = any(lot.substance for lot in self.lots) or any(
            claim.predicate == "supplied" and (claim.substance or claim.basis == "relation")
            for claim in self.claims
        )
        return goods and any(mention.type not in ("case", "place") for mention in self.mentions)

    # --- mentions -----------------------------------------------------------------------------

    def _add(self, mention: Mention) -> int:
        self.mentions.append(mention)
        return len(self.mentions) - 1

    def _value(self, kind: str, value: Identifier, ref: str | None, span: tuple[int, int] | None) -> int:
        mention_type = _VALUE_TYPES[kind]
        at = self.by_value.get((mention_type, value))
        if at is None:
            at = self._add(Mention(type=mention_type, ref=ref, span=span, value=value))
            self.by_value[mention_type, value] = at
        return at

    def _things(self) -> None:
        contexts = Contexts(self.record)
        for described in describe(self.record, contexts):
            self._thing(described)

    def _thing(self, thing: Described) -> None:
        at = self._add(
            Mention(
                type=thing.type,
                ref=thing.ref,
                features=thing.features,
                role=thing.role,
                suspect=thing.suspect,
            )
        )
        self.by_ref[thing.ref] = at
        for identifier in thing.features.identifiers:
            self.known.setdefault(identifier, at)
            if identifier.kind in ("phone", "wechat", "bank_card"):
                value = self._value(identifier.kind, identifier, thing.ref, None)
                self._claim(f"{thing.ref}/uses/{identifier.kind}/{identifier.value}", "uses", at, value)

    # --- claims -------------------------------------------------------------------------------

    def _claim(
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

    def _belongings(self) -> None:
        for vehicle in self.record.vehicles or ():
            at = self.by_ref[vehicle.ref]
            self._claim(f"{vehicle.ref}/driver", "drives", self._ref(vehicle.driver), at)
            self._claim(f"{vehicle.ref}/owner", "owns", self._ref(vehicle.owner), at)
            for passenger in dict.fromkeys(vehicle.passengers or ()):
                self._claim(f"{vehicle.ref}/passenger/{passenger}", "rides_in", self._ref(passenger), at)

    def _ref(self, ref: str | None) -> int | None:
        return self.by_ref.get(ref) if ref else None

    def _lots(self) -> None:
        for lot in self.record.lots or ():
            code = substances.lookup(lot.substance) if lot.substance else None
            self.lots.append(
                Lot(
                    key=lot.ref,
                    substance=code,
                    quantity=lot.quantity,
                    unit=lot.unit,
                    grams=units.to_grams(lot.quantity, lot.unit, code, lot.form),
                    holder=self._ref(lot.held_by),
                    found_in=self._ref(lot.found_in),
                )
            )

    def _only_substance(self) -> str | None:
        """The one substance of the record's lots; None when there are none or several."""
        found = {lot.substance for lot in self.lots}
        return found.pop() if len(found) == 1 else None

    def _relations(self) -> None:
        for number, relation in enumerate(self.record.relations or ()):
            subject, obj = self._ref(relation.source), self._ref(relation.target)
            key, said = f"relations/{number}", self._said(relation)
            goods = relation.substance or self.lots
            if relation.kind == "supplied":
                said = structs.replace(said, substance=self._goods(relation))
            self._claim(key, relation.kind, subject, obj, said)
            if relation.kind == "carried_for" and goods:
                carriage = structs.replace(
                    said,
                    basis="carriage",
                    factor=_CARRIAGE,
                    substance=self._goods(relation),
                    amount=None,
                )
                self._claim(f"{key}/carriage", "supplied", obj, subject, carriage)

    def _goods(self, relation: Relation) -> str | None:
        """The substance a relation names; when it names none, the only one of the record's lots."""
        return substances.lookup(relation.substance) if relation.substance else self._only_substance()

    def _said(self, relation: Relation) -> Said:
        return Said(
            basis="relation",
            when=_stated(relation.at),
            substance=substances.lookup(relation.substance) if relation.substance else None,
            quantity=relation.quantity,
            unit=relation.unit,
            amount=relation.amount,
        )

    def _payments(self) -> None:
        """Money with goods: who was paid supplied who paid, unless the record says so itself."""
        stated = {(claim.subject, claim.object) for claim in self.claims if claim.predicate == "supplied"}
        for number, relation in enumerate(self.record.relations or ()):
            if relation.kind != "paid":
                continue
            payer, payee = self._ref(relation.source), self._ref(relation.target)
            goods = relation.substance or relation.quantity is not None or self.lots
            if goods and payer is not None and payee is not None and (payee, payer) not in stated:
                payment = structs.replace(
                    self._said(relation),
                    basis="payment",
                    factor=_PAYMENT,
                    substance=self._goods(relation),
                )
                self._claim(f"relations/{number}/goods", "supplied", payee, payer, payment)

    def _parcel_deliveries(self) -> None:
        for parcel in self.record.parcels or ():
            at = self.by_ref[parcel.ref]
            sender, recipient = self._ref(parcel.sender), self._ref(parcel.recipient)
            sent = _since(_stated(parcel.sent_at))
            self._claim(f"{parcel.ref}/sender", "sent", sender, at, Said(when=sent))
            self._claim(f"{parcel.ref}/recipient", "received", recipient, at, Said(when=sent))
            inside = {lot.substance for lot in self.lots if lot.found_in == at}
            said = Said(
                basis="parcel",
                when=sent,
                factor=_PARCEL_WITH_GOODS if inside else self._parcel_without_goods(),
                substance=inside.pop() if len(inside) == 1 else None,
            )
            self._claim(f"{parcel.ref}/delivery", "supplied", sender, recipient, said)

    def _parcel_without_goods(self) -> float:
        released = isinstance(self.record, Interception) and self.record.outcome == "released"
        return _PARCEL_OPENED_EMPTY if released else _PARCEL_UNKNOWN

    def _surroundings(self) -> None:
        """Place and case: for the people and things of the record, each once."""
        places: list[tuple[Identifier, Predicate]] = []
        if self.enriched.checkpoint:
            places.append((Identifier("checkpoint", self.enriched.checkpoint), "seen_at"))
        elif isinstance(self.record, Seizure) and self.enriched.place:
            places.append((Identifier("region", self.enriched.place), "seen_at"))
        if self.enriched.case:
            places.append((Identifier("case", self.enriched.case), "involved_in"))
        followable = [
            index
            for index, mention in enumerate(self.mentions)
            if mention.type in ("person", "vehicle", "parcel", "organisation")
        ]
        for identifier, predicate in places:
            at = self._value(identifier.kind, identifier, f"@{identifier.kind}", None)
            for index in followable:
                self._claim(f"{_name(self.mentions[index])}/{predicate}", predicate, index, at)

    # --- text ---------------------------------------------------------------------------------

    def _text(self, reading: TextReading) -> None:
        for found in reading.identifiers:
            if found.normal is None:
                continue
            identifier = Identifier(found.kind, found.normal)
            if identifier in self.known:
                continue
            if found.kind in ("phone", "wechat", "bank_card"):
                self._value(found.kind, identifier, None, found.span)
                continue
            features = Features(identifiers=(identifier,))
            mention = Mention(type=_NAMED_BY[found.kind], span=found.span, features=features)
            self.known[identifier] = self._add(mention)
        self._text_lots(reading)

    def _told(self, reading: TextReading) -> tuple[TextMention, ...]:
        """Claims the deliveries that a tip's text states and no field does; all that it says of deals."""
        text = self.record.text or ""
        told = read_deals(text, reading)
        stated = {(claim.subject, claim.object) for claim in self.claims if claim.predicate == "supplied"}
        at: dict[int, int | None] = {}
        for number, deal in enumerate(deliveries(told)):
            subject, obj = (self._person_told(told, text, each, at) for each in (deal.subject, deal.object))
            said = _as_told(deal)
            if (subject, obj) not in stated and not is_to_come(said.when, self.reported):
                self._claim(f"text/{number}", "supplied", subject, obj, said)
        return tuple(statements(told, text))

    def _person_told(self, told: DealReading, text: str, index: int, at: dict[int, int | None]) -> int | None:
        """The mention of a person in the text: the one of the field that has the name, else a new one."""
        one = told.same[index]
        if one not in at:
            person = told_person(told, text, index)
            refs = person.refs_in(self.record) if person else ()
            if person is None or person.is_doubtful(refs):
                at[one] = None
            else:
                at[one] = self.by_ref[refs[0]] if refs else self._add(person.mention())
        return at[one]

    def _text_lots(self, reading: TextReading) -> None:
        structured = {lot.substance for lot in self.lots}
        for index, substance in enumerate(reading.substances):
            if not substance.code or not substance.supported or substance.code in structured:
                continue
            structured.add(substance.code)
            quantity = next((found for found in reading.quantities if found.of == index), None)
            self.lots.append(
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
        when=_stated(deal.time.iso) if deal.time else None,
        factor=factor(deal),
        substance=deal.substance.code if deal.substance else None,
        quantity=deal.quantity.value if deal.quantity else None,
        unit=deal.quantity.unit if deal.quantity else None,
        amount=deal.amount.yuan if deal.amount else None,
    )


def _stated(time: str | Period | None) -> When | None:
    """A time that a field states; None when it states none, or none that can be read."""
    read = times.when(time) if time is not None else None
    return read if read and (read.earliest, read.latest) != (None, None) else None


def _since(sent: When | None) -> When | None:
    """A parcel sent at a time is delivered from then on, no one says until when."""
    return When(sent.earliest, None, sent.text) if sent else None


def _name(mention: Mention) -> str:
    return mention.ref or (f"@{mention.span[0]}-{mention.span[1]}" if mention.span else "")
