"""What one transaction of the owner changed in the graph: the messages of `suyuan.changes`.

A `Change` holds all that a projection needs and never reads back, so a graph elsewhere (Neo4j) can be
made from nothing and kept up to date. Rows are closed, not deleted: what came with transaction `seq`
lives from `seq` on, what is listed as closed stopped living with it. A large transaction comes in
several parts; applied in order, no row speaks of another that comes later.

Keys are the store's integers. A *node* is a profile (positive) or a value (negative); an *entity* is
named by its earliest mention (positive) or by its value (negative). Times are microseconds since 1970 UTC.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from schemas.alerts import Finding
from schemas.claims import Features, MentionType


class RecordCame(Struct, frozen=True, array_like=True):
    """A record was received. `live` is false of a revision that never came into force.

    `body` is the redacted working copy, `read` what was found in its text (both JSON), `flags` what is odd
    about it. The last four say which worker prepared it, and from where in the log.
    """

    rec: int
    name: str
    kind: str
    revision: int
    reported: int
    received: int
    source: str
    region: str
    case: str | None
    operation: str | None
    line: int | None
    checkpoint: str | None
    outcome: str | None
    grade: str | None
    lead: bool
    live: bool
    body: str
    read: str | None
    flags: str | None
    worker: str | None = None
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None
    doubts: str | None = None


class CopyFound(Struct, frozen=True, array_like=True):
    """A tip is a copy of the one that told its text first (`first`), known by its likeness to a record."""

    copy: int
    rec: int
    first: int
    known_by: str
    alike: float


class ProfileMade(Struct, frozen=True, array_like=True):
    """Mentions with these features were met for the first time."""

    pid: int
    type: MentionType
    features: Features


class EntityKnown(Struct, frozen=True, array_like=True):
    """An entity began to live (`fresh`), or goes on living under another label or with other names.

    `names` and `numbers` are for people who look at it; what they stand on is in its profiles. Of a value
    (phone, account, case, place), `kind` and `value` say which.
    """

    key: int
    id: str
    type: MentionType
    label: str
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    fresh: bool
    kind: str | None = None
    value: str | None = None


class Belongs(Struct, frozen=True, array_like=True):
    """A profile is part of an entity."""

    pid: int
    entity: int


class Mentioned(Struct, frozen=True, array_like=True):
    """A record speaks of a node, under a `ref` or in a span of its text."""

    m: int
    rec: int
    node: int
    ref: str | None
    start: int | None
    stop: int | None
    role: str


class Fact(Struct, frozen=True, array_like=True):
    """Something a record says of two entities: one edge, for as long as its ends are these.

    When a profile moves to another entity the fact is closed and comes again with the new end. Its public
    id is made from `record` and `key` (`schemas.ids.part_id`). The last three say by whose word it is drawn,
    of a delivery that a text tells without being sure.
    """

    edge: int
    type: str
    source: int
    target: int
    source_node: int
    target_node: int
    rec: int
    record: str
    reported: int
    key: str
    basis: str
    confidence: float
    earliest: int | None
    latest: int | None
    substance: str | None
    quantity: float | None
    unit: str | None
    amount: float | None
    confirmed_by: str | None = None
    confirmed_because: str | None = None
    confirmed_at: int | None = None


class FactClosed(Struct, frozen=True, array_like=True):
    """A fact no longer stands, or not between these entities."""

    edge: int
    type: str


class LotListed(Struct, frozen=True, array_like=True):
    """Goods that a record lists."""

    lot: int
    rec: int
    key: str
    substance: str | None
    quantity: float | None
    unit: str | None
    grams: float | None


class LotPlaced(Struct, frozen=True, array_like=True):
    """A lot is in the hands of an entity, or (`inside`) in a vehicle or parcel."""

    lot: int
    inside: bool
    entity: int


class LotTaken(Struct, frozen=True, array_like=True):
    """A lot is no longer where it was, as its record is gone or the entity is another now."""

    lot: int
    inside: bool


class AlertRaised(Struct, frozen=True, array_like=True):
    """An alert came, or came again with other evidence; `recs` are the records it rests on.

    `live` is false of one that was taken back within the transaction.
    """

    a: int
    id: str
    live: bool
    finding: Finding
    recs: tuple[int, ...]


class Withdrawn(Struct, frozen=True, array_like=True):
    """A withdrawal was received for the record of this name."""

    n: int
    name: str
    reported: int
    reason: str | None


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"records": "records_came"}):
    """One transaction, or a part of it. The fields stand in the order in which they are applied.

    Records of stores up to version 6 came under `records`, in another form. They are not read: such a store
    has been made anew, under another name and a higher epoch, and what it told is passed over.

    `store` names the store for good, `epoch` grows with every owner of it; `after` is the transaction
    before this one (0: none), so that a gap is noticed.
    """

    store: str
    epoch: int
    seq: int
    after: int
    part: int = 1
    parts: int = 1
    received: int
    facts_closed: tuple[FactClosed, ...] = ()
    lots_taken: tuple[LotTaken, ...] = ()
    profiles_left: tuple[Belongs, ...] = ()
    copies_lost: tuple[int, ...] = ()
    records_closed: tuple[int, ...] = ()
    alerts_closed: tuple[int, ...] = ()
    entities_closed: tuple[int, ...] = ()
    withdrawals: tuple[Withdrawn, ...] = ()
    records: tuple[RecordCame, ...] = ()
    copies: tuple[CopyFound, ...] = ()
    profiles: tuple[ProfileMade, ...] = ()
    entities: tuple[EntityKnown, ...] = ()
    profiles_joined: tuple[Belongs, ...] = ()
    mentions: tuple[Mentioned, ...] = ()
    facts: tuple[Fact, ...] = ()
    lots: tuple[LotListed, ...] = ()
    lots_placed: tuple[LotPlaced, ...] = ()
    alerts: tuple[AlertRaised, ...] = ()

    def rows(self) -> int:
        """How many rows it holds."""
        return sum(len(getattr(self, name)) for name in ROWS)


ROWS = Change.__struct_fields__[Change.__struct_fields__.index("facts_closed") :]
"""The fields of a change that hold rows, in the order in which they are applied."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Change).decode


def encode(change: Change) -> bytes:
    """The message of a change."""
    return _encode(change)


def decode(message: bytes) -> Change:
    """The change of a message; raises `msgspec.DecodeError` for bytes that are none.

    >>> empty = Change(store="a1", epoch=1, seq=2, after=1, received=0)
    >>> decode(encode(empty)) == empty
    True
    """
    return _decode(message)
