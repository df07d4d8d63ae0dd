"""Seal: bytes → what the vault must have first, and a working copy without the reporter.

Nothing after this stage sees who gave a tip. It is pure, so it only says what to seal; the runner
gives that to the vault, which has it on disk before anything else of the batch is written.
"""

from __future__ import annotations

import base64
from hashlib import blake2b, sha256
from typing import Any

import msgspec
from msgspec import Struct

from schemas.records import Message, Origin, Refusal, Reporter, SealedReporter, Source, SourceId
from streams.stages.decode import CutLine, decode
from streams.stages.refusals import Fault, structural
from streams.text.redaction import nothing_to_hide, redact_record
from streams.vault.original import Original

_SECRETS = ("reporter", "reporter_sealed")


class Working(Struct, frozen=True, kw_only=True):
    """A redacted record on its way to intake, not yet looked at; `null` fields are left out.

    `digest` is of the original as parsed JSON, with the reporter: equal means sent the same again.
    `canonical` is the document's canonical form where it is at hand, because nothing was hidden.
    """

    document: dict[str, Any]
    name: str | None
    digest: bytes
    origin: Origin
    sha256: str
    received: int
    canonical: bytes | None = None


class WorkingCopy(Struct, frozen=True, kw_only=True):
    """A message that another machine took apart already: its original is sealed, `body` is what goes on.

    `digest`, `sha256` and `received` are the original's.
    """

    body: bytes
    digest: bytes
    sha256: str
    origin: Origin
    received: int  # microseconds

    def __repr__(self) -> str:
        """Without the bytes."""
        return f"WorkingCopy(origin={self.origin!r}, received={self.received}, size={len(self.body)})"


class Divided(Struct, frozen=True, kw_only=True):
    """A message taken apart: `secret` is for the vault, `onward` for intake.

    `told` when a reporter came in clear.
    """

    secret: tuple[Original, ...]
    onward: Working | Refusal
    told: bool = False


class _Name(Struct, frozen=True):
    source: Source
    source_id: SourceId


class _Secrets(Struct, frozen=True):
    reporter: Reporter | None = None
    reporter_sealed: SealedReporter | None = None


def divide(message: Message, pepper: bytes = b"") -> Divided:
    """Takes a message apart; never raises, whatever the bytes.

    `pepper` is the vault's (`Vault.pepper`, at most 64 bytes). It keys the digest, so that a reporter
    cannot be found by trying names and numbers against a store.
    """
    decoded = decode(message.body)
    if isinstance(decoded, Fault):
        original = _original(message, None)
        return Divided(secret=(original,), onward=_refusal(decoded, message, original))
    document, canonical = decoded
    original = _original(message, _name(document))
    secrets = _secrets(document)
    if isinstance(secrets, Fault):
        return Divided(secret=(original,), onward=_refusal(secrets, message, original))
    plain = nothing_to_hide(document, canonical.decode())
    working = Working(
        document=document if plain else _without_reporter(document),
        canonical=canonical if plain else None,
        name=original.name,
        digest=blake2b(canonical, digest_size=32, key=pepper).digest(),
        origin=message.origin,
        sha256=original.sha256.hex(),
        received=message.received,
    )
    told = tells_reporter(document)
    if secrets.reporter_sealed is None:
        return Divided(secret=(original,), onward=working, told=told)
    boxed = boxed_reporter(base64.b64decode(secrets.reporter_sealed), original)
    return Divided(secret=(original, boxed), onward=working, told=told)


def go_on(copy: WorkingCopy) -> Divided:
    """A message that was sealed elsewhere, on its way to intake; a damaged copy is refused."""
    decoded = decode(copy.body)
    if isinstance(decoded, Fault):
        return Divided(secret=(), onward=decoded.refuse(copy.origin, copy.sha256, copy.received))
    document, canonical = decoded
    working = Working(
        document=document,
        canonical=canonical,
        name=_name(document),
        digest=copy.digest,
        origin=copy.origin,
        sha256=copy.sha256,
        received=copy.received,
    )
    return Divided(secret=(), onward=working)


def tells_reporter(document: dict[str, Any]) -> bool:
    """Whether a document says in clear who gave the tip, in the field that is for it."""
    return "reporter" in document


def _without_reporter(document: dict[str, Any]) -> dict[str, Any]:
    redacted, _ = redact_record(document)
    if redacted.keys() & _SECRETS:
        return {key: value for key, value in redacted.items() if key not in _SECRETS}
    return redacted


def _name(document: dict[str, Any]) -> str | None:
    try:
        name = msgspec.convert(document, _Name)
    except msgspec.ValidationError:
        return None
    return f"{name.source}/{name.source_id}"


def _secrets(document: dict[str, Any]) -> _Secrets | Fault:
    """A tip's two secret fields, checked here because no later stage sees them."""
    if document.get("kind") != "tip" or not document.keys() & _SECRETS:
        return _Secrets()
    try:
        return msgspec.convert(document, _Secrets)
    except msgspec.ValidationError as error:
        return structural(error, _Secrets)


def _original(message: Message, name: str | None) -> Original:
    body = message.body
    whole = (body.sha256, body.size) if isinstance(body, CutLine) else (sha256(body).digest(), len(body))
    return Original(sha256=whole[0], size=whole[1], name=name, received=message.received, body=body)


def boxed_reporter(box: bytes, original: Original) -> Original:
    """A reporter that the sender sealed: kept beside the original, as it is."""
    return Original(
        sha256=sha256(box + original.sha256).digest(),
        size=len(box),
        name=original.name,
        received=original.received,
        body=box,
        what="reporter",
    )


def _refusal(fault: Fault, message: Message, original: Original) -> Refusal:
    return fault.refuse(message.origin, original.sha256.hex(), message.received, original.name)
