"""Extract: an enriched record → mentions, claims and lots, from its fields and from its text.

Pure: the same record always says the same. Structured fields come first; what the text names too
is one mention with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import structs

from schemas.claims import Derived, Identifier, Lot, Mention, Predicate
from schemas.records import Interception, Relation, Seizure, When
from schemas.reference import substances, units
from streams.stages.draft import Draft, Said, stated
from streams.stages.enrich import Enriched
from streams.stages.extract_text import extract_text, text_of_tip
from streams.stages.features import Contexts, Described, describe
from streams.text.deals import DealReading
from streams.text.tips.reader import read_tip, read_tips

_PARCEL_WITH_GOODS, _PARCEL_UNKNOWN, _PARCEL_OPENED_EMPTY = 0.95, 0.5, 0.1
_CARRIAGE, _PAYMENT = 0.8, 0.75


def extract_all(records: Sequence[Enriched]) -> list[Derived]:
    """All that each record says, as `extract` has it; texts are read side by side, which is faster."""
    texts = [text_of_tip(each) for each in records]
    read = iter(read_tips([text for text in texts if text]))
    return [
        _Reader(each).read(frozenset(), next(read) if text else None)
        for each, text in zip(records, texts, strict=True)
    ]


def extract(enriched: Enriched, confirmed: frozenset[str] = frozenset()) -> Derived:
    """All that the record says.

    A delivery (`supplied`) is claimed by a `supplied` relation, by a parcel from sender to
    recipient, by carriage for somebody with goods, and by a payment for goods; `basis` says which. One that
    only waits (`Derived.waiting`) is claimed, and its people are mentioned, if its key is `confirmed`.
    """
    text = text_of_tip(enriched)
    return _Reader(enriched).read(confirmed, read_tip(text) if text else None)


class _Reader:
    """Reads one record's fields into a draft."""

    def __init__(self, enriched: Enriched) -> None:
        self.draft = Draft(enriched)
        self.record, self.enriched, self.lots = self.draft.record, enriched, self.draft.lots

    def read(self, confirmed: frozenset[str], told: DealReading | None) -> Derived:
        self._things()
        self._lots()
        self._belongings()
        self._relations()
        self._parcel_deliveries()
        self._payments()
        read = extract_text(self.draft, self.record.text, told, confirmed) if self.record.text else ()
        self._surroundings()
        return Derived(
            mentions=tuple(self.draft.mentions),
            claims=tuple(self.draft.claims),
            lots=tuple(self.lots),
            line=self.enriched.line,
            lead=self._lead(),
            grade=self.draft.grade,
            doubts=tuple(sorted(self.draft.doubts)),
            read=read,
            waiting=tuple(self.draft.waiting),
            warnings=(*self.enriched.warnings, *self._suspects(), *self._doubts()),
        )

    def _suspects(self) -> Iterator[str]:
        for mention in self.draft.mentions:
            for field in mention.suspect:
                yield f"suspect_value:{mention.ref}.{field}"

    def _doubts(self) -> Iterator[str]:
        return (f"text_{doubt}" for doubt in sorted(self.draft.doubts))

    def _lead(self) -> bool:
        """Goods that are named for certain, with someone or something that can be followed."""
        goods = any(lot.substance for lot in self.lots) or any(
            claim.predicate == "supplied" and (claim.substance or claim.basis == "relation")
            for claim in self.draft.claims
        )
        return goods and any(mention.type not in ("case", "place") for mention in self.draft.mentions)

    # --- mentions -----------------------------------------------------------------------------

    def _things(self) -> None:
        contexts = Contexts(self.record)
        for described in describe(self.record, contexts):
            self._thing(described)

    def _thing(self, thing: Described) -> None:
        at = self.draft.add(
            Mention(
                type=thing.type,
                ref=thing.ref,
                features=thing.features,
                role=thing.role,
                suspect=thing.suspect,
            )
        )
        self.draft.by_ref[thing.ref] = at
        for identifier in thing.features.identifiers:
            self.draft.owns(at, identifier)

    # --- claims -------------------------------------------------------------------------------

    def _belongings(self) -> None:
        for vehicle in self.record.vehicles or ():
            at = self.draft.by_ref[vehicle.ref]
            self.draft.claim(f"{vehicle.ref}/driver", "drives", self.draft.ref(vehicle.driver), at)
            self.draft.claim(f"{vehicle.ref}/owner", "owns", self.draft.ref(vehicle.owner), at)
            for passenger in dict.fromkeys(vehicle.passengers or ()):
                self.draft.claim(
                    f"{vehicle.ref}/passenger/{passenger}", "rides_in", self.draft.ref(passenger), at
                )

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
                    holder=self.draft.ref(lot.held_by),
                    found_in=self.draft.ref(lot.found_in),
                )
            )

    def _only_substance(self) -> str | None:
        """The one substance of the record's lots; None when there are none or several."""
        found = {lot.substance for lot in self.lots}
        return found.pop() if len(found) == 1 else None

    def _relations(self) -> None:
        for number, relation in enumerate(self.record.relations or ()):
            subject, obj = self.draft.ref(relation.source), self.draft.ref(relation.target)
            key, said = f"relations/{number}", self._said(relation)
            goods = relation.substance or self.lots
            if relation.kind == "supplied":
                said = structs.replace(said, substance=self._goods(relation))
            self.draft.claim(key, relation.kind, subject, obj, said)
            if relation.kind == "carried_for" and goods:
                carriage = structs.replace(
                    said,
                    basis="carriage",
                    factor=_CARRIAGE,
                    substance=self._goods(relation),
                    amount=None,
                )
                self.draft.claim(f"{key}/carriage", "supplied", obj, subject, carriage)

    def _goods(self, relation: Relation) -> str | None:
        """The substance a relation names; when it names none, the only one of the record's lots."""
        return substances.lookup(relation.substance) if relation.substance else self._only_substance()

    def _said(self, relation: Relation) -> Said:
        return Said(
            basis="relation",
            when=stated(relation.at),
            substance=substances.lookup(relation.substance) if relation.substance else None,
            quantity=relation.quantity,
            unit=relation.unit,
            amount=relation.amount,
        )

    def _payments(self) -> None:
        """Money with goods: who was paid supplied who paid, unless the record says so itself."""
        supplied = self.draft.supplied()
        for number, relation in enumerate(self.record.relations or ()):
            if relation.kind != "paid":
                continue
            payer, payee = self.draft.ref(relation.source), self.draft.ref(relation.target)
            goods = relation.substance or relation.quantity is not None or self.lots
            if goods and payer is not None and payee is not None and (payee, payer) not in supplied:
                payment = structs.replace(
                    self._said(relation),
                    basis="payment",
                    factor=_PAYMENT,
                    substance=self._goods(relation),
                )
                self.draft.claim(f"relations/{number}/goods", "supplied", payee, payer, payment)

    def _parcel_deliveries(self) -> None:
        for parcel in self.record.parcels or ():
            at = self.draft.by_ref[parcel.ref]
            sender, recipient = self.draft.ref(parcel.sender), self.draft.ref(parcel.recipient)
            sent = _since(stated(parcel.sent_at))
            self.draft.claim(f"{parcel.ref}/sender", "sent", sender, at, Said(when=sent))
            self.draft.claim(f"{parcel.ref}/recipient", "received", recipient, at, Said(when=sent))
            inside = {lot.substance for lot in self.lots if lot.found_in == at}
            said = Said(
                basis="parcel",
                when=sent,
                factor=_PARCEL_WITH_GOODS if inside else self._parcel_without_goods(),
                substance=inside.pop() if len(inside) == 1 else None,
            )
            self.draft.claim(f"{parcel.ref}/delivery", "supplied", sender, recipient, said)

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
            for index, mention in enumerate(self.draft.mentions)
            if mention.type in ("person", "vehicle", "parcel", "organisation")
        ]
        for identifier, predicate in places:
            at = self.draft.value(identifier.kind, identifier, f"@{identifier.kind}", None)
            for index in followable:
                self.draft.claim(f"{self.draft.name(index)}/{predicate}", predicate, index, at)


def _since(sent: When | None) -> When | None:
    """A parcel sent at a time is delivered from then on, no one says until when."""
    return When(sent.earliest, None, sent.text) if sent else None
