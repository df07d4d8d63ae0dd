"""The records that sources send: tips, seizures, interceptions and withdrawals.

Each struct is one row of the contract's tables, after decoding: missing and `null` are
the same, times are still as sent. `streams.stages.intake` makes them from bytes, and
`schemas.jsonschema` publishes them: both read the constraints from the types below.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Kind = Literal["tip", "seizure", "interception", "withdrawal"]
Purpose = Literal["investigation", "public_safety", "rehabilitation", "health", "supervision"]
Tlp = Literal["RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"]
Role = Literal["suspect", "witness", "user", "unknown"]
RelationKind = Literal["supplied", "paid", "called", "carried_for", "works_for", "owns", "related_to", "met"]
Channel = Literal["phone", "letter", "walk_in", "app", "web", "wechat"]
Direction = Literal["inbound", "outbound"]
Outcome = Literal["released", "recorded", "detained", "seized"]
Gender = Literal["male", "female", "unknown", "男", "女"]

# `\Z` and not `$`, which in Python also matches before a last line feed.
Source = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{1,39}\Z")]
SourceId = Annotated[str, Meta(pattern=r"^[^\s#]{1,80}\Z")]
Ref = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,40}\Z")]
Region = Annotated[str, Meta(pattern=r"^[0-9]{6}\Z")]
Revision = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Whole = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Europol = Annotated[str, Meta(pattern=r"^[ABCX][1-4]\Z")]
Handling = Annotated[str, Meta(pattern=r"^H[0-3]\Z")]
SealedReporter = Annotated[
    str,
    Meta(
        pattern=r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\Z",
        min_length=64,  # a sealed box is 48 bytes longer than what it holds
    ),
]


class Period(Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """A stretch of time with partial ends, as sent: `{"from": "2019-06", "to": "2019-08-03"}`."""

    start: str | None = None
    end: str | None = None


class Grade(Struct, frozen=True):
    """Admiralty grade, or Europol's with its handling code; the original is kept as sent."""

    source: Literal["A", "B", "C", "D", "E", "F"] | None = None
    information: Literal[1, 2, 3, 4, 5, 6] | None = None
    europol: Europol | None = None
    handling: Handling | None = None


class Person(Struct, frozen=True):
    """A person (人员) as one record describes them."""

    ref: Ref
    name: str | None = None
    aliases: tuple[str, ...] | None = None
    id_number: str | None = None
    phones: tuple[str, ...] | None = None
    wechat: tuple[str, ...] | None = None
    bank_cards: tuple[str, ...] | None = None
    gender: Gender | None = None
    birth_date: str | None = None
    hukou: str | None = None
    address: str | None = None
    role: Role | None = None


class Organisation(Struct, frozen=True):
    """A company or other body (单位) with its unified social credit code."""

    ref: Ref
    name: str | None = None
    credit_code: str | None = None
    address: str | None = None


class Vehicle(Struct, frozen=True):
    """A vehicle (车辆), who drives and owns it and who rides in it (refs)."""

    ref: Ref
    plate: str | None = None
    type: str | None = None
    colour: str | None = None
    driver: str | None = None
    owner: str | None = None
    passengers: tuple[str, ...] | None = None


class Parcel(Struct, frozen=True):
    """A courier parcel (寄递件); `sender` and `recipient` are refs."""

    ref: Ref
    tracking_no: str | None = None
    carrier: str | None = None
    sender: str | None = None
    recipient: str | None = None
    sender_address: str | None = None
    recipient_address: str | None = None
    sent_at: str | None = None


class Venue(Struct, frozen=True):
    """A place of entertainment or business (场所)."""

    ref: Ref
    name: str | None = None
    licence_no: str | None = None
    type: str | None = None
    address: str | None = None


class LotRecord(Struct, frozen=True):
    """Goods as a record lists them; the raw quantity, unit and form are kept."""

    ref: Ref
    substance: str | None = None
    quantity: float | None = None
    unit: str | None = None
    form: str | None = None
    container: str | None = None
    containers: Whole | None = None
    marks: tuple[str, ...] | None = None
    seal_no: str | None = None
    sample_no: str | None = None
    purity: float | None = None
    held_by: str | None = None
    found_in: str | None = None


class Money(Struct, frozen=True):
    """Money found or spoken of; `held_by` is a ref."""

    amount: float | None = None
    currency: str | None = None
    form: str | None = None
    held_by: str | None = None


class Relation(Struct, frozen=True, rename={"source": "from", "target": "to"}):
    """A stated relation between two things of the record (`source` and `target` are refs)."""

    source: str
    target: str
    kind: RelationKind
    substance: str | None = None
    quantity: float | None = None
    unit: str | None = None
    amount: float | None = None
    at: str | Period | None = None
    place: str | None = None


class Reporter(Struct, frozen=True):
    """Who gave a tip (举报人). Sealed to the vault before anything is written."""

    name: str | None = None
    phone: str | None = None
    id_number: str | None = None
    address: str | None = None
    anonymous: bool | None = None


class Site(Struct, frozen=True):
    """Where a seizure took place."""

    name: str | None = None
    address: str | None = None
    region: str | None = None
    lat: float | None = None
    lon: float | None = None


class Withdrawal(Struct, frozen=True, kw_only=True):
    """Takes back every revision of a record reported no later than this (撤回)."""

    kind: Literal["withdrawal"]
    source: Source
    source_id: SourceId
    reported_at: str
    reason: str | None = None
    revision: Revision | None = None

    @property
    def name(self) -> str:
        """The record it withdraws, as `source/source_id`."""
        return f"{self.source}/{self.source_id}"


class Report(Struct, frozen=True, kw_only=True):
    """What tips, seizures and interceptions have in common."""

    kind: Kind
    source: Source
    source_id: SourceId
    reported_at: str
    region: Region
    revision: Revision | None = None
    occurred: str | Period | None = None
    unit: str | None = None
    case: str | None = None
    operation: str | None = None
    grade: Grade | None = None
    purpose: Purpose | None = None
    tlp: Tlp | None = None
    text: str | None = None
    persons: tuple[Person, ...] | None = None
    organisations: tuple[Organisation, ...] | None = None
    vehicles: tuple[Vehicle, ...] | None = None
    parcels: tuple[Parcel, ...] | None = None
    venues: tuple[Venue, ...] | None = None
    lots: tuple[LotRecord, ...] | None = None
    money: tuple[Money, ...] | None = None
    relations: tuple[Relation, ...] | None = None

    @property
    def name(self) -> str:
        """The record's name everywhere: `source/source_id`."""
        return f"{self.source}/{self.source_id}"


class Tip(Report, frozen=True, kw_only=True):
    """A citizen's tip (举报)."""

    kind: Literal["tip"]
    channel: Channel | None = None
    reporter: Reporter | None = None
    reporter_sealed: SealedReporter | None = None


class Seizure(Report, frozen=True, kw_only=True):
    """A seizure (缴获、扣押) of goods or money."""

    kind: Literal["seizure"]
    place: Site | None = None


class Interception(Report, frozen=True, kw_only=True):
    """A check (查缉、堵截) at one of the three lines of defence (三道防线)."""

    kind: Literal["interception"]
    checkpoint: str | None = None
    direction: Direction | None = None
    outcome: Outcome | None = None
    vessel: str | None = None


Record = Tip | Seizure | Interception | Withdrawal


class When(Struct, frozen=True):
    """A stretch of valid time, both ends closed, in microseconds since 1970 UTC; `text` as sent."""

    earliest: int | None
    latest: int | None
    text: str


class Accepted(Struct, frozen=True, kw_only=True):
    """A record that passed intake, with its times read and its working copy redacted.

    `body` is the redacted working copy (canonical JSON, what the log keeps); `digest` is over the
    original's parsed JSON (with the reporter, so equal means equal as sent); `extra_fields` counts
    unknown fields by path.
    """

    record: Record
    name: str
    revision: int
    reported: int  # microseconds
    occurred: When | None
    body: bytes
    digest: bytes
    extra_fields: int = 0
    warnings: tuple[str, ...] = ()


RefusalReason = Literal["encoding", "json", "schema", "too_large", "reference", "conflict", "purpose", "time"]


class Origin(Struct, frozen=True, omit_defaults=True):
    """Where a message came from: a file's line (from 1) or a topic's offset."""

    file: str | None = None
    line: int | None = None
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None


class Refusal(Struct, frozen=True, kw_only=True):
    """A record that cannot be used: why, where, and the hash of its bytes (which stay sealed)."""

    reason: RefusalReason
    origin: Origin
    sha256: str
    received: int  # microseconds
    record: str | None = None
    path: str | None = None
    expected: str | None = None


class Message(Struct, frozen=True, kw_only=True):
    """Bytes as they arrived, with where from and when."""

    body: bytes
    origin: Origin
    received: int  # microseconds

    def __repr__(self) -> str:
        """Without the bytes: they may name a reporter, and messages end up in logs and traces."""
        return f"Message(origin={self.origin!r}, received={self.received}, size={len(self.body)})"
