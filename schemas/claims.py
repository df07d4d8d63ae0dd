"""What a record says, taken apart: mentions of things, claims between them, lots of goods.

All of it is a function of the record alone, so extraction scales by adding workers and a
record can be taken back by name. Times are microseconds since 1970 UTC.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct

MentionType = Literal[
    "person", "organisation", "vehicle", "parcel", "venue", "phone", "account", "case", "place"
]
RESOLVED_TYPES: tuple[MentionType, ...] = ("person", "organisation", "vehicle", "parcel", "venue")
"""Types whose identity is decided by comparing features; the others are named by their value."""

Predicate = Literal[
    "supplied", "paid", "called", "carried_for", "works_for", "owns", "related_to", "met",
    "uses", "drives", "rides_in", "sent", "received", "held", "seen_at", "involved_in",
]  # fmt: skip
Basis = Literal["relation", "parcel", "carriage", "payment", "field", "text"]
"""On which kind of statement a claim stands; a delivery (`supplied`) always says which."""
Doubt = Literal["denied", "hearsay"]
"""How a text takes back what is told: somebody denies it (否认), or the teller only heard of it (听说)."""


class Identifier(NamedTuple):
    """A complete, valid identifier in normal form, for example `("phone", "13800001234")`.

    Kinds: id_number, phone, wechat, bank_card, plate, tracking_no, credit_code, licence_no, case.
    """

    kind: str
    value: str


class Features(Struct, frozen=True, array_like=True, kw_only=True):
    """What is compared when two mentions of one type might be the same thing.

    `identifiers` are whole and valid; `masked` are partly hidden and only ever tested for
    compatibility; `contexts` tie the mention to things that support a name but never stand alone
    (the plate driven, the parcel sent, the case). Places are GB/T 2260 codes.
    """

    name: str = ""
    aliases: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    masked: tuple[Identifier, ...] = ()
    contexts: tuple[Identifier, ...] = ()
    gender: str = ""
    birth: str = ""  # 1990, 1990-06 or 1990-06-03
    hukou: str = ""
    address: str = ""  # normalised for comparison
    region: str = ""  # of the recording unit
    colour: str = ""  # vehicles
    form: str = ""  # vehicles and venues: the type


class Mention(Struct, frozen=True, kw_only=True):
    """One place in a record where a thing is spoken of.

    `value` is set for the types that are named by their value (phone, account, case, place);
    `features` for the others. `suspect` lists fields whose value failed its own rule.
    """

    type: MentionType
    ref: str | None = None
    span: tuple[int, int] | None = None
    value: Identifier | None = None
    features: Features | None = None
    role: str = "unknown"
    suspect: tuple[str, ...] = ()


class Claim(Struct, frozen=True, kw_only=True):
    """Something a record says of two of its mentions. One claim becomes one edge.

    `key` names the claim inside the record (`relations/0`, `parcels/x/delivery`); `subject` and
    `object` are indexes into the record's mentions. A delivery's subject is the supplier.
    `earliest` and `latest` bound the time it happened (both closed; None when unknown).
    """

    key: str
    predicate: Predicate
    subject: int
    object: int
    basis: Basis = "field"
    substance: str | None = None  # canonical code of schemas.reference.substances
    quantity: float | None = None
    unit: str | None = None
    amount: float | None = None
    earliest: int | None = None
    latest: int | None = None
    confidence: float = 1.0


class Lot(Struct, frozen=True, kw_only=True):
    """Goods in a record: what, how much, in whose hands or in which vehicle or parcel.

    `grams` only when a conversion is certain; `holder` and `found_in` index the mentions.
    """

    key: str
    substance: str | None
    quantity: float | None = None
    unit: str | None = None
    grams: float | None = None
    holder: int | None = None
    found_in: int | None = None
    span: tuple[int, int] | None = None


class TextMention(Struct, frozen=True, array_like=True):
    """What was read in a record's text, and where: code points of the redacted text, end exclusive.

    `type` is one of the contract's types of mention; `value` the normal form, if there is one: a
    number, a canonical code, `5 克`, yuan, a partial ISO time. A `statement` is a clause that tells of
    a deal; its value says how surely, what, and of whom: `denied sold_to: 阿强 → 老三`.
    """

    type: str
    start: int
    end: int
    value: str | None = None


class WaitingClaim(Struct, frozen=True, kw_only=True):
    """A delivery that a tip's text states, not surely enough to be drawn unless a person confirms it.

    `key` names it in the record, by where its two people are named first (`text@0-9`: who is named at 0
    supplied who is named at 9). `start` and `end` are the clause that says it, `supplier` and `recipient`
    where the two are named; code points of the redacted text, ends exclusive. `score`: how sure the reader
    is, 0 to 1. `time` is a partial ISO time.
    """

    key: str
    start: int
    end: int
    supplier: tuple[int, int]
    recipient: tuple[int, int]
    score: float
    substance: str | None = None
    quantity: float | None = None
    unit: str | None = None
    amount: float | None = None
    time: str | None = None


class Derived(Struct, frozen=True, kw_only=True):
    """All that one record says: the output of extraction, the input of the owner.

    `line` is the line of defence (1, 2, 3) of an interception's checkpoint; `lead` says whether the record
    names goods together with someone or something that can be followed (a slang word alone does not);
    `grade` is the record's (Admiralty), or less where its text says so; `doubts` are the ways in which the
    text takes deals back that it tells, in alphabetical order;
    `read` is all that was found in the text, for people to check; `waiting` are the deliveries in it that
    wait for a person's word, also those that have it. `warnings` flag what is kept and not used: values that
    fail their own rule (`suspect_value:p1.phone`), an unknown checkpoint, a text that takes back what is told
    (`text_hearsay`, `text_denied`).
    """

    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    lots: tuple[Lot, ...]
    line: int | None = None
    lead: bool = False
    grade: str = "F6"
    doubts: tuple[Doubt, ...] = ()
    read: tuple[TextMention, ...] = ()
    waiting: tuple[WaitingClaim, ...] = ()
    warnings: tuple[str, ...] = ()
