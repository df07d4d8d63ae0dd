"""The owner's side of the pipeline: one batch, one transaction, the stages in order.

dedupe → resolve → cluster → link → detect. The embedded runner calls it on a file of lines, a worker
on messages of a topic; neither knows anything of what happens in here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from schemas.decisions import Judgement
from schemas.records import Refusal
from streams.detector import Detector
from streams.resolve.judgements import Judgements
from streams.stages.cluster import Moved, recluster, touched_by
from streams.stages.dedupe import Deduped, Opened, Prepared, dedupe
from streams.stages.link import link
from streams.stages.reread import live_mentions, reopen
from streams.stages.resolve import Resolved, Resolver
from streams.state import OwnerState


class Outcome(Struct, frozen=True, kw_only=True):
    """What a batch changed."""

    counts: Counter[str]
    conflicts: list[Refusal]
    moved: list[Moved]
    alerts_raised: int
    alerts_withdrawn: int
    edges: int


class Core:
    """Runs batches on one state."""

    def __init__(self, state: OwnerState, detector: Detector) -> None:
        self.state, self.detector = state, detector
        self.judgements = Judgements(
            state.db.execute("SELECT left, right, verdict FROM judgement ORDER BY j").fetchall()
        )
        self.resolver = Resolver(state, self.judgements)
        for name, pid in live_mentions(state, self.judgements.names()):
            self.judgements.lives(name, pid)

    def run_batch(
        self,
        batch: Sequence[Prepared],
        refused: Sequence[Refusal],
        received: int,
        origin: str | None,
        position: int | None,
    ) -> Outcome:
        """Put records through the owner's stages, and write refusals, in one transaction."""
        with self.state.transaction(received, origin, position) as tx:
            deduped = dedupe(self.state, tx, batch)
            self.state.refuse([*refused, *deduped.conflicts])
            conflicting = {refusal.sha256 for refusal in deduped.conflicts}
            self.state.no_longer_refused({each.sha256 for each in batch} - conflicting)
            return self._know(deduped)

    def judge(self, judgement: Judgement, received: int) -> Outcome:
        """Write a judgement, read the records of its mentions anew, and divide what it touches."""
        with self.state.transaction(received, "judgement", None) as tx:
            self.state.db.execute(
                "INSERT INTO judgement (left, right, verdict, by, because, at, tx)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    judgement.left, judgement.right, judgement.verdict, judgement.by, judgement.because,
                    judgement.at, tx,
                ),
            )  # fmt: skip
            before = self._judged((judgement.left, judgement.right))
            self.judgements.set(judgement.left, judgement.right, judgement.verdict)
            names = {name.rpartition("#")[0] for name in (judgement.left, judgement.right)}
            deduped = reopen(self.state, tx, names)
            return self._know(deduped, before)

    def _judged(self, mentions: Iterable[str]) -> set[int]:
        """Live profiles of mentions and of those they were judged against."""
        pids = {pid for name in mentions if (pid := self.judgements.pid(name)) is not None}
        return pids | {other for pid in pids for other, _ in self.judgements.partners(pid)}

    def _know(self, deduped: Deduped, also: Iterable[int] = ()) -> Outcome:
        state = self.state
        resolved = self.resolver.resolve(deduped)
        touched = self.resolver.pairs.touched | resolved.born | touched_by(state, resolved) | set(also)
        touched |= {other for pid in resolved.born for other, _ in self.judgements.partners(pid)}
        moved = recluster(state, self.judgements, touched, resolved.died)
        self.resolver.pairs.touched.clear()
        edges = link(state, resolved)
        state.flush()
        alerts = self.detector.detect(state, resolved, moved)
        return Outcome(
            counts=deduped.counts,
            conflicts=deduped.conflicts,
            moved=moved,
            alerts_raised=sum(change.body is not None and not change.closes for change in alerts),
            alerts_withdrawn=sum(change.body is None for change in alerts),
            edges=edges,
        )


__all__ = ["Core", "Opened", "Outcome", "Resolved"]
