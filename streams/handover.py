"""What intake hands to the owner: one message of `suyuan.claims` for each message that came in.

It holds what the record says, or why it is refused, *and* the sealed originals, so that the owner can put
these into the vault before its transaction, exactly as the embedded runner does, and an owner without a
file can be made again from the topic alone. The first byte is the version of what follows (MessagePack). What
earlier versions hold is less than what records say now (of 1, what waits for a person's word; of 2, what a
text takes back): it is read again from the working copy.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct, structs

from schemas.claims import Derived
from schemas.decisions import Consolidation, Decision, Judgement, Split, Verification
from schemas.errors import TransportError
from schemas.records import Accepted, Interception, Origin, Refusal, Report, Seizure, Tip, When, Withdrawal
from schemas.topics import MAX_CLAIMS
from streams.ledger import Act
from streams.pipeline import prepare_again
from streams.stages.dedupe import Prepared
from streams.stages.enrich import Enriched
from streams.stages.sketch import sketch_texts
from streams.text.sketch import Sketch
from streams.vault.original import Sealed

VERSION = b"\x03"
_EARLIER = (b"\x01", b"\x02")
_ROOM = 64 << 10
"""Bytes that the broker's own framing, the key and the headers may take."""


class HandoverUnreadable(TransportError):
    """A message of `suyuan.claims` was written by a later version, or is damaged."""


class Handover(Struct, frozen=True, kw_only=True):
    """A message that passed intake; `worker` names who took it in, the outcome's origin where it stood.

    `outcome` is a `Refusal` for what cannot be used, a `Decision`, `Verification` or `Consolidation` for what
    a person decided. `vault` is the public key that the originals are sealed to: an owner whose vault has
    another one must not go on. `act` is what a person did by hand that makes this record, for the owner's
    ledger.
    """

    outcome: Prepared | Refusal | Decision | Verification | Consolidation
    worker: str
    received: int  # microseconds
    sealed: tuple[Sealed, ...] = ()
    vault: bytes = b""
    act: Act | None = None


class _Ready(Struct, frozen=True, array_like=True, tag="prepared"):
    kind: str
    body: bytes
    digest: bytes
    reported: int
    occurred: When | None
    extra_fields: int
    warnings: tuple[str, ...]
    registers: _Registers | None
    derived: Derived | None
    origin: Origin
    sha256: str
    sketch: Sketch | None = None  # earlier programs made none: None says nothing


class _Registers(Struct, frozen=True, array_like=True):
    """What enrichment adds to an accepted record."""

    line: int | None
    checkpoint: str | None
    place: str | None
    case: str | None
    grade: str
    confidence: float
    warnings: tuple[str, ...]


class _Refused(Struct, frozen=True, array_like=True, tag="refused"):
    refusal: Refusal


class _Judged(Struct, frozen=True, array_like=True, tag="judged"):
    judgement: Judgement


class _Split(Struct, frozen=True, array_like=True, tag="split"):
    split: Split


class _Verified(Struct, frozen=True, array_like=True, tag="verified"):
    verification: Verification


class _Consolidated(Struct, frozen=True, array_like=True, tag="consolidated"):
    consolidation: Consolidation


_Outcome = _Ready | _Refused | _Judged | _Split | _Verified | _Consolidated


class _Wire(Struct, frozen=True, array_like=True):
    worker: str
    received: int
    sealed: tuple[Sealed, ...]
    vault: bytes
    outcome: _Outcome
    act: Act | None


_RECORDS: dict[str, Any] = {
    kind: msgspec.json.Decoder(type_).decode
    for kind, type_ in (
        ("tip", Tip), ("seizure", Seizure), ("interception", Interception), ("withdrawal", Withdrawal)
    )
}  # fmt: skip
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Wire).decode


def encode(handover: Handover, limit: int = MAX_CLAIMS - _ROOM) -> bytes:
    """The message's value. What a record says is left out where it would not fit; `decode` reads it again."""
    outcome = handover.outcome
    if isinstance(outcome, Refusal):
        return VERSION + _encode(_wire(handover, _Refused(outcome)))
    if isinstance(outcome, Judgement):
        return VERSION + _encode(_wire(handover, _Judged(outcome)))
    if isinstance(outcome, Split):
        return VERSION + _encode(_wire(handover, _Split(outcome)))
    if isinstance(outcome, Verification):
        return VERSION + _encode(_wire(handover, _Verified(outcome)))
    if isinstance(outcome, Consolidation):
        return VERSION + _encode(_wire(handover, _Consolidated(outcome)))
    ready = _ready(outcome)
    value = VERSION + _encode(_wire(handover, ready))
    if len(value) <= limit or ready.derived is None:
        return value
    return VERSION + _encode(_wire(handover, structs.replace(ready, registers=None, derived=None)))


def _wire(handover: Handover, outcome: _Outcome) -> _Wire:
    return _Wire(handover.worker, handover.received, handover.sealed, handover.vault, outcome, handover.act)


def _ready(prepared: Prepared) -> _Ready:
    accepted, enriched = prepared.accepted, prepared.enriched
    registers = None
    if enriched is not None:
        registers = _Registers(
            enriched.line, enriched.checkpoint, enriched.place, enriched.case, enriched.grade,
            enriched.confidence, enriched.warnings,
        )  # fmt: skip
    return _Ready(
        accepted.record.kind, accepted.body, accepted.digest, accepted.reported, accepted.occurred,
        accepted.extra_fields, accepted.warnings, registers, prepared.derived, prepared.origin,
        prepared.sha256, prepared.sketch,
    )  # fmt: skip


def decode(value: bytes) -> Handover:
    """The handover in a message's value. Raises `HandoverUnreadable`."""
    if value[:1] not in (VERSION, *_EARLIER):
        raise HandoverUnreadable(
            "a message of suyuan.claims has another version than this program reads: update this worker"
        )
    try:
        wire = _decode(memoryview(value)[1:])
    except (msgspec.DecodeError, ValueError):
        # Not chained: the library's message may quote what it read.
        raise HandoverUnreadable("a message of suyuan.claims is damaged") from None
    outcome: Prepared | Refusal | Decision | Verification | Consolidation
    match wire.outcome:
        case _Refused(refusal):
            outcome = refusal
        case _Judged(judgement):
            outcome = judgement
        case _Split(split):
            outcome = split
        case _Verified(verification):
            outcome = verification
        case _Consolidated(consolidation):
            outcome = consolidation
        case _Ready() as ready:
            if value[:1] in _EARLIER:
                ready = structs.replace(ready, registers=None, derived=None)
            outcome = _prepared(ready, wire.received)
    return Handover(
        outcome=outcome,
        worker=wire.worker,
        received=wire.received,
        sealed=wire.sealed,
        vault=wire.vault,
        act=wire.act,
    )


def _prepared(ready: _Ready, received: int) -> Prepared:
    if ready.derived is None and ready.kind != "withdrawal":
        again = prepare_again(ready.body, ready.digest, received)
        return structs.replace(again, origin=ready.origin, sha256=ready.sha256)
    record = _RECORDS[ready.kind](ready.body)
    accepted = Accepted(
        record=record,
        name=record.name,
        revision=record.revision or 1,
        reported=ready.reported,
        occurred=ready.occurred,
        body=ready.body,
        digest=ready.digest,
        extra_fields=ready.extra_fields,
        warnings=ready.warnings,
    )
    prepared = Prepared(
        accepted=accepted,
        enriched=_enriched(accepted, ready.registers),
        derived=ready.derived,
        origin=ready.origin,
        sha256=ready.sha256,
        received=received,
        sketch=ready.sketch,
    )
    return prepared if ready.sketch is not None else sketch_texts((prepared,))[0]


def _enriched(accepted: Accepted, registers: _Registers | None) -> Enriched | None:
    if registers is None:
        return None
    assert isinstance(accepted.record, Report)
    return Enriched(accepted=accepted, **structs.asdict(registers))
