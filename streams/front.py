"""The front of the pipeline: bytes → what a record says. Stateless, so workers are added here.

seal → intake → enrich → extract, one message at a time; nothing is written and nothing raises for
bad input.
"""

from __future__ import annotations

import msgspec

from schemas.records import Message, Origin, Refusal, Report
from streams.stages.dedupe import Prepared
from streams.stages.enrich import enrich
from streams.stages.extract import extract
from streams.stages.intake import take_in
from streams.stages.seal import Working, divide
from streams.vault.original import Original


class Front(msgspec.Struct, frozen=True):
    """The stateless stages; `pepper` keys digests (see `streams.vault`)."""

    pepper: bytes = b""

    def prepare(self, message: Message) -> tuple[tuple[Original, ...], Prepared | Refusal]:
        """What the vault must hold first, and the record prepared for the owner, or its refusal."""
        divided = divide(message, self.pepper)
        onward = divided.onward
        return divided.secret, onward if isinstance(onward, Refusal) else _prepare(onward)


def prepare_working_copy(body: bytes, digest: bytes, received: int, origin: Origin) -> Prepared:
    """Prepare a record again from the working copy that the log holds."""
    document = msgspec.json.decode(body)
    working = Working(
        document=document, name=None, digest=digest, origin=origin, sha256="", received=received
    )
    prepared = _prepare(working)
    assert isinstance(prepared, Prepared), "the log holds accepted records only"
    return prepared


def _prepare(working: Working) -> Prepared | Refusal:
    accepted = take_in(working)
    if isinstance(accepted, Refusal):
        return accepted
    enriched = enrich(accepted) if isinstance(accepted.record, Report) else None
    return Prepared(
        accepted=accepted,
        enriched=enriched,
        derived=extract(enriched) if enriched else None,
        origin=working.origin,
        sha256=working.sha256,
        received=working.received,
    )
