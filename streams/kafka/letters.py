"""The messages that intake and the gateway write: their keys, headers and values.

Both write the same, so a record that was refused, or sealed, looks alike wherever that was done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import msgspec
from msgspec import Struct

from schemas.decisions import Consolidation, Verification
from schemas.records import Refusal, Report
from schemas.topics import CLAIMS, RAW_TIP, REJECTED, jurisdiction_of
from streams.handover import Handover, encode
from streams.kafka.reading import Outgoing
from streams.stages.dedupe import Prepared
from streams.stages.refusals import as_document
from streams.vault.original import Sealed

Named = Callable[[str], str]
"""A topic's name in `schemas.topics` → its name on this broker."""


class SealedHeaders(Struct, frozen=True, kw_only=True):
    """What a raw message's headers say when the gateway sealed it."""

    sealed: tuple[Sealed, ...]
    sha256: str
    digest: bytes
    received: int


def raw(prepared: Prepared, sealed: Sequence[Sealed], topic: str) -> Outgoing:
    """A record that the gateway sealed and found usable: its working copy, the rest in headers."""
    original, *others = sealed
    headers = _box(original) | {
        "digest": prepared.accepted.digest.hex().encode(),
        "received": str(prepared.received).encode(),
    }
    for reporter in others:
        headers["sealed-reporter"] = reporter.body
    accepted = prepared.accepted
    return Outgoing(topic=topic, key=accepted.name.encode(), value=accepted.body, headers=headers)


def _box(original: Sealed) -> dict[str, bytes]:
    return {
        "sealed": original.body,
        "envelope": original.envelope or b"",
        "sha256": original.sha256.hex().encode(),
        "size": str(original.size).encode(),
    }


def sealed_headers(headers: Mapping[str, bytes], name: str | None) -> SealedHeaders | None:
    """What the gateway wrote; None when the message came from somebody else, or is not whole."""
    try:
        whole = bytes.fromhex(headers["sha256"].decode())
        digest = bytes.fromhex(headers["digest"].decode())
        received, size = int(headers["received"]), int(headers["size"])
        box, envelope = headers["sealed"], headers["envelope"]
    except (KeyError, ValueError):
        return None
    if len(whole) != 32 or len(digest) != 32 or not 0 <= received < 2**62 or not 0 <= size < 2**62:
        return None
    sealed = [Sealed(whole, name, received, "original", size, envelope, box)]
    if reporter := headers.get("sealed-reporter"):
        second = sha256(reporter + whole).digest()
        sealed.append(Sealed(second, name, received, "reporter", len(reporter), None, reporter))
    return SealedHeaders(sealed=tuple(sealed), sha256=whole.hex(), digest=digest, received=received)


def claims(
    handover: Handover, jurisdictions: Sequence[str], named: Named, owners: Sequence[int] | None = None
) -> list[Outgoing]:
    """A handover to the owner of its record's region; a withdrawal or a person's word goes to every owner.

    Who has the records that these name is not said in them. Another model is for the `owners` of the store
    that it was learned from.
    """
    outcome = handover.outcome
    name, region, everywhere = None, None, False
    if isinstance(outcome, Prepared):
        record = outcome.accepted.record
        name = record.name
        everywhere = not isinstance(record, Report)
        region = record.region if isinstance(record, Report) else None
    elif isinstance(outcome, Refusal):
        name = outcome.record
    elif isinstance(outcome, Consolidation):
        everywhere = True
    elif isinstance(outcome, Verification):
        name, everywhere = outcome.record, True
    else:
        name, everywhere = outcome.said[0][0], True
    every = range(len(jurisdictions)) if owners is None else owners
    where = every if everywhere else [jurisdiction_of(region, jurisdictions)]
    value, key = encode(handover), _key(name)
    return [Outgoing(topic=named(CLAIMS), key=key, value=value, partition=each) for each in where]


def rejected(refusal: Refusal, original: Sealed, named: Named) -> Outgoing:
    """A dead letter: the refusal as `suyuan rejected --json` shows it, with the sealed original."""
    origin = refusal.origin
    stood = {
        "topic": origin.topic,
        "partition": origin.partition,
        "offset": origin.offset,
        "file": origin.file,
        "line": origin.line,
    }
    headers = _box(original) | {"reason": refusal.reason.encode(), "received": str(refusal.received).encode()}
    headers |= {name: str(value).encode() for name, value in stood.items() if value is not None}
    return Outgoing(
        topic=named(REJECTED),
        key=_key(refusal.record),
        value=msgspec.json.encode(as_document(refusal)),
        headers=headers,
    )


def _key(name: str | None) -> bytes | None:
    return None if name is None else name.encode()


def size_of(message: Outgoing) -> int:
    """Bytes that a message takes in a topic, at most: a record batch with it alone."""
    told = sum(len(name) + len(value) + 10 for name, value in message.headers.items())
    return len(message.value or b"") + len(message.key or b"") + told + 128


def raw_topic(kind: str, named: Named, withdrawal: str = RAW_TIP) -> str:
    """The topic of a record of this kind; of a withdrawal the one that was named for it."""
    return named(withdrawal if kind == "withdrawal" else f"suyuan.raw.{kind}")
