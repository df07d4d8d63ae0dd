"""What happens to a record, from top to bottom.

    bytes ─ seal ─ intake ─ enrich ─ extract ─▶ dedupe ─ resolve ─ cluster ─ link ─ detect
            front: stateless, one message at a time    owner: one transaction a batch

Runners put messages through `run_front`, give `secret` to the vault, and the rest to `Core.run_batch`.
They know nothing of what happens in here, and here nothing is known of files, topics, clocks or settings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct, structs

from schemas.decisions import Consolidation, Decision, Verification
from schemas.ids import text_digest
from schemas.records import Message, Origin, Refusal, Report
from streams import ledger, models, said, verified
from streams.alerts.book import AlertChange
from streams.detector import Detector
from streams.ledger import Act
from streams.position import Read
from streams.stages.cluster import Moved, assign, recluster, touched_by
from streams.stages.copies import find_copies
from streams.stages.dedupe import Deduped, Prepared, dedupe
from streams.stages.enrich import enrich
from streams.stages.extract import extract, extract_all
from streams.stages.intake import take_in
from streams.stages.link import link
from streams.stages.reread import reopen
from streams.stages.resolve import Resolved, Resolver
from streams.stages.reweigh import Reweighed, reweigh
from streams.stages.seal import Working, WorkingCopy, divide, go_on
from streams.stages.sketch import sketch_texts
from streams.state import OwnerState
from streams.vault.original import Original

FRONT = ("seal", "intake", "enrich", "extract")
OWNER = ("dedupe", "resolve", "cluster", "link", "detect")
"""The stages of the two sides, in the order in which a record passes them."""


# --- front: bytes → what a record says ------------------------------------------------------------------


class Batch(Struct, frozen=True, kw_only=True):
    """What the front made of some messages; `secret` must be in the vault, on disk, before the rest goes on.

    `told` are the names of records whose reporter came in clear (None when it could not be read);
    `received` and `origin` are the last message's. `read` says how far the log has been read with this
    batch, for runners that have one.
    """

    secret: list[Original]
    told: list[str | None] = []
    prepared: list[Prepared]
    refused: list[Refusal]
    received: int
    origin: Origin
    read: tuple[Read, ...] = ()


class Front(Struct, frozen=True, kw_only=True):
    """What the front made of one message; `told` if its reporter came in clear."""

    secret: tuple[Original, ...]
    told: bool
    outcome: Prepared | Refusal


def run_front(messages: Sequence[Message | WorkingCopy], pepper: bytes) -> Batch:
    """Put messages (at least one) through the stateless stages. Nothing raises for bad input.

    What a gateway sealed already begins at intake. `pepper` keys digests (see `streams.vault`). This is
    where workers are added.
    """
    fronts = read([take(each, pepper) for each in messages])
    last = messages[-1]
    return Batch(
        secret=[each for front in fronts for each in front.secret],
        told=[front.secret[0].name for front in fronts if front.told],
        prepared=[front.outcome for front in fronts if isinstance(front.outcome, Prepared)],
        refused=[front.outcome for front in fronts if isinstance(front.outcome, Refusal)],
        received=last.received,
        origin=last.origin,
    )


def take(message: Message | WorkingCopy, pepper: bytes) -> Front:
    """A message up to the point where it is known whether it is usable; what it says is not read yet."""
    divided = go_on(message) if isinstance(message, WorkingCopy) else divide(message, pepper)  # seal
    onward = divided.onward
    outcome = onward if isinstance(onward, Refusal) else _taken(onward)
    return Front(secret=tuple(divided.secret), told=divided.told, outcome=outcome)


def read(fronts: Sequence[Front]) -> list[Front]:
    """The same with what they say. Texts are read side by side: one at a time takes several times as long."""
    taken = [front.outcome for front in fronts if isinstance(front.outcome, Prepared)]
    said = iter(sketch_texts(_read(taken)))
    return [
        structs.replace(front, outcome=next(said)) if isinstance(front.outcome, Prepared) else front
        for front in fronts
    ]


def _taken(working: Working) -> Prepared | Refusal:
    """A record of which is not read yet what it says."""
    accepted = take_in(working)  # intake
    if isinstance(accepted, Refusal):
        return accepted
    return Prepared(
        accepted=accepted,
        enriched=enrich(accepted) if isinstance(accepted.record, Report) else None,
        derived=None,
        origin=working.origin,
        sha256=working.sha256,
        received=working.received,
    )


def _read(taken: Sequence[Prepared]) -> list[Prepared]:
    """The records with what they say; a withdrawal says nothing."""
    reports = [each.enriched for each in taken if each.enriched]
    said = iter(extract_all(reports))  # extract
    return [structs.replace(each, derived=next(said)) if each.enriched else each for each in taken]


def prepare_again(body: bytes, digest: bytes, received: int) -> Prepared:
    """Prepare a record anew from the working copy that the log holds."""
    document = msgspec.json.decode(body)
    taken = _taken(
        Working(document=document, name=None, digest=digest, origin=Origin(), sha256="", received=received)
    )
    assert isinstance(taken, Prepared), "the log holds accepted records only"
    return sketch_texts(_read((taken,)))[0]


# --- owner: what records say → what is known ------------------------------------------------------------


class Outcome(Struct, frozen=True, kw_only=True):
    """What a batch changed."""

    counts: Counter[str]
    conflicts: list[Refusal]
    moved: list[Moved]
    alerts_raised: int
    alerts_withdrawn: int
    edges: int


class Core:
    """The owner's stages on one state; every call is one transaction."""

    def __init__(self, state: OwnerState, detector: Detector) -> None:
        self.state, self.detector = state, detector
        self.judgements = said.judgements(state.db)
        self.verifications = verified.verifications(state.db)
        self.resolver = Resolver(state, self.judgements)

    def run_batch(self, batch: Batch, act: Act | None = None) -> Outcome:
        """Put records through the owner's stages, and write refusals.

        `act` is what a person did that makes this batch; it goes into the ledger unless it is refused.
        """
        state, origin = self.state, batch.origin
        with state.transaction(
            batch.received, origin.file or origin.topic, origin.line or origin.offset, batch.read
        ) as tx:
            if act is not None and batch.prepared:
                ledger.append(state.db, act)
            deduped = dedupe(state, tx, [self._as_verified(each) for each in batch.prepared])
            state.refuse([*batch.refused, *deduped.conflicts])
            state.tell("suyuan.rejected", map(_told, deduped.conflicts))
            conflicting = {refusal.sha256 for refusal in deduped.conflicts}
            state.no_longer_refused({each.sha256 for each in batch.prepared} - conflicting)
            return self._know(deduped)

    def judge(self, decision: Decision, received: int, read: Sequence[Read] = ()) -> Outcome:
        """Write what a person decided, read the records of those whom it pins or lets go anew, and divide
        what it touches.
        """
        state, judgements = self.state, self.judgements
        with state.transaction(received, "judgement", None, read) as tx:
            ledger.append(state.db, ledger.judged(decision))
            said.keep(state.db, decision, tx)
            names = judgements.concerned(decision.said)
            before, pinned = self._judged(names), set(filter(judgements.pinned, names))
            judgements.say(decision.said)
            anew = pinned.symmetric_difference(filter(judgements.pinned, names))
            for name, pid in said.live_mentions(state.db, filter(judgements.named, names - anew)):
                judgements.lives(name, pid)
            records = {name.rpartition("#")[0] for name in anew}
            return self._know(reopen(state, tx, records, self._prepare_again), before)

    def verify(self, word: Verification, received: int, read: Sequence[Read] = ()) -> Outcome:
        """Write what a person said about a claim that waits, and read its record anew if that draws it, draws
        it no longer, or on another's word.
        """
        state, about = self.state, (word.record, word.text)
        with state.transaction(received, "verification", None, read) as tx:
            ledger.append(state.db, ledger.verified(word))
            verified.keep(state.db, word, tx)
            before = self.verifications.confirmed(*about)
            self.verifications.say(word)
            anew = [word.record] if self.verifications.confirmed(*about) != before else []
            return self._know(reopen(state, tx, anew, self._prepare_again))

    def consolidate(
        self,
        consolidation: Consolidation,
        received: int,
        read: Sequence[Read] = (),
        reweighed: Reweighed | None = None,
    ) -> Outcome:
        """Score under another model from now on, and all that is known too.

        `reweighed` is what that makes of this very state, where it is known already.
        """
        state = self.state
        with state.transaction(received, "consolidation", None, read) as tx:
            ledger.append(state.db, ledger.consolidated(consolidation))
            models.keep(state.db, consolidation, tx)
            state.follow(models.in_force(state.db))
            found = reweighed or reweigh(state, self.judgements, state.weights)
            state.pairs.replace(found.pairs.rows())
            assign(state, found.moved)
            alerts = self.detector.detect(state, _NO_RECORDS, found.moved)
            return _outcome(Counter(), [], found.moved, alerts, edges=0)

    def _prepare_again(self, body: bytes, digest: bytes, received: int) -> Prepared:
        return self._as_verified(prepare_again(body, digest, received))

    def _as_verified(self, prepared: Prepared) -> Prepared:
        """The record with what people confirmed of its text, whoever extracted it."""
        record, derived = prepared.accepted.record, prepared.derived
        if not isinstance(record, Report) or derived is None or not derived.waiting:
            return prepared
        words = self.verifications.confirmed(record.name, text_digest(record.text or ""))
        if not words or prepared.enriched is None:
            return prepared
        keys = frozenset(word.key for word in words)
        return structs.replace(prepared, derived=extract(prepared.enriched, keys), confirmed=words)

    def _judged(self, mentions: Iterable[str]) -> set[int]:
        """Live profiles of mentions and of those they were judged against."""
        pids = {pid for name in mentions if (pid := self.judgements.pid(name)) is not None}
        return pids | {other for pid in pids for other, _ in self.judgements.partners(pid)}

    def _know(self, deduped: Deduped, also: Iterable[int] = ()) -> Outcome:
        """From who copies whom to detect; `also` are profiles to divide anew besides those that changed."""
        state = self.state
        copied = find_copies(state, deduped)
        resolved = self.resolver.resolve(deduped)
        moved = recluster(state, self.judgements, self._touched(resolved).union(also), resolved.died)
        edges = link(state, resolved)
        state.flush()
        alerts = self.detector.detect(state, resolved, moved, copied)
        return _outcome(deduped.counts, deduped.conflicts, moved, alerts, edges=edges)

    def _touched(self, resolved: Resolved) -> set[int]:
        """Profiles whose component may be divided otherwise now."""
        touched = self.resolver.pairs.touched | resolved.born | touched_by(self.state, resolved)
        self.resolver.pairs.touched.clear()
        return touched | {other for pid in resolved.born for other, _ in self.judgements.partners(pid)}


_NO_RECORDS = Resolved(placed=[], left=[], born=set(), died=set(), new_values=[])


def _outcome(
    counts: Counter[str],
    conflicts: list[Refusal],
    moved: list[Moved],
    alerts: Sequence[AlertChange],
    *,
    edges: int,
) -> Outcome:
    return Outcome(
        counts=counts,
        conflicts=conflicts,
        moved=moved,
        alerts_raised=sum(change.raised for change in alerts),
        alerts_withdrawn=sum(change.body is None for change in alerts),
        edges=edges,
    )


def _told(conflict: Refusal) -> tuple[str, bytes]:
    """A conflict as others are told of it; the front tells of its own refusals itself."""
    return conflict.record or "", msgspec.json.encode(conflict)
