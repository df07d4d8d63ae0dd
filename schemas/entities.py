"""What is known: entities and edges, as commands, scripts and the console see them."""

from __future__ import annotations

from msgspec import Struct

from schemas.claims import MentionType

NOTICE = "线索，非证据"
"""A lead is not evidence (and not guilt): shown wherever a lead is shown."""


class MentionRef(Struct, frozen=True, omit_defaults=True):
    """Where an entity is spoken of: a record and a `ref` in it, or a `span` of its text."""

    record: str
    ref: str | None = None
    span: tuple[int, int] | None = None


class EntityIdentifier(Struct, frozen=True):
    """A number or name that identifies an entity, with the records that say so."""

    kind: str
    value: str
    records: tuple[str, ...]


class Entity(Struct, frozen=True):
    """The contract's ENTITY."""

    id: str
    type: MentionType
    label: str
    mentions: tuple[MentionRef, ...]
    identifiers: tuple[EntityIdentifier, ...]
    aliases: tuple[str, ...]


class Edge(Struct, frozen=True, rename={"source": "from", "target": "to"}):
    """The contract's edge of an export; `source` and `target` are entity ids, times ISO 8601."""

    id: str
    type: str
    source: str
    target: str
    earliest: str | None
    latest: str | None
    records: tuple[str, ...]
    basis: str
    substance: str | None = None
    quantity: float | None = None
    unit: str | None = None
    amount: float | None = None
    confidence: float = 1.0


class Confirmation(Struct, frozen=True):
    """Who confirmed what a text tells, why, and when (ISO 8601)."""

    by: str
    because: str
    at: str


class Hop(Struct, frozen=True, rename={"source": "from", "target": "to"}):
    """One delivery of a chain; `source` is always the supplier, `kind` the basis of the claim."""

    source: Entity
    target: Entity
    kind: str
    substance: str | None
    earliest: str | None
    latest: str | None
    confidence: float
    records: tuple[str, ...]


class Chain(Struct, frozen=True):
    """The most confident time-feasible chain to one end; confidence is the product of its hops'."""

    confidence: float
    hops: tuple[Hop, ...]


class Reached(Struct, frozen=True):
    """Someone a trace reached, in the fewest hops, with the records on the way."""

    id: str
    label: str
    hops: int
    records: tuple[str, ...]


class Excluded(Struct, frozen=True, rename={"source": "from", "target": "to"}):
    """A delivery that a trace did not follow, and why."""

    source: str
    target: str
    records: tuple[str, ...]
    reason: str  # time, withdrawn, confidence, substance, withheld
    detail: str


class Trace(Struct, frozen=True):
    """The contract's TRACE. `note` says why nothing was found and what is nearest."""

    origin: Entity
    direction: str
    as_of: str | None
    truncated: bool
    chains: tuple[Chain, ...]
    reached: tuple[Reached, ...]
    excluded: tuple[Excluded, ...]
    note: str | None = None
