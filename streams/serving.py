"""The owner behind a log: workers prepare what goes in, others learn from it what came out.

Knows nothing of Kafka. A runner hands over messages with their offsets (`take`), publishes what is
`news`, and says so (`told`). Per batch: the sealed originals go into the vault (on disk first), then
records, state, graph, outbox and how far the log was read go into the store in one transaction. What
is cut short or fails leaves no trace, and comes again from the log.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from graph.sqlite.feed import Feed
from schemas.changes import Change
from schemas.decisions import Consolidation, Decision, Verification
from schemas.errors import UsageError, VaultError
from schemas.records import Origin, Refusal
from streams.collector import without_collector
from streams.handover import Handover
from streams.outbox import Letter, Outbox
from streams.pipeline import Batch, Outcome
from streams.position import Read, noted
from streams.stages.dedupe import Prepared
from streams.takeover import Published, Reign, is_last, take_over
from streams.vault.vault import Vault
from streams.writer import Clock, Writer

_DECIDED = Decision | Verification | Consolidation


class Arrival(Struct, frozen=True, kw_only=True):
    """One message of the log, decoded, and its offset."""

    offset: int
    handover: Handover


class Taken(Struct, frozen=True, kw_only=True):
    """What became of some messages; `skipped` had been taken before."""

    counts: Counter[str]
    refused: Counter[str]
    alerts_raised: int
    alerts_withdrawn: int
    skipped: int


class Server(Writer):
    """The owner of a jurisdiction's store, fed by one partition of the log."""

    publishes = True

    def __init__(self, path: Path, vault: Path, key: Path | None, clock: Clock) -> None:
        super().__init__(path, vault, key, clock)
        self._reign: Reign | None = None
        self._published = 0
        self._outbox = Outbox(self.state.db)

    @property
    def vault(self) -> Vault:
        """The vault, for the boxes of what was refused."""
        return self._vault

    # --- in -----------------------------------------------------------------------------------

    def next_offset(self, topic: str, partition: int) -> int:
        """Where in the log to go on: the store knows it, whatever the broker remembers."""
        return noted(self.state.db).get((topic, partition), 0)

    def take(self, topic: str, partition: int, arrivals: Sequence[Arrival]) -> Taken:
        """Take messages in the order of the log; those that were taken before are skipped.

        Raises what the vault and the store raise; of the messages that it had not finished then nothing
        is kept, in memory neither.
        """
        begin = self.next_offset(topic, partition)
        fresh = [arrival for arrival in arrivals if arrival.offset >= begin]
        outcomes: list[Outcome] = []
        refused: Counter[str] = Counter()
        self._must_fit(fresh)
        with without_collector(for_good=True):
            self._vault.put_sealed(sealed for each in fresh for sealed in each.handover.sealed)
            for run in _runs(fresh):
                outcome = self._apply(run, (Read(topic, partition, run[-1].offset + 1),))
                refused.update(refusal.reason for refusal in (*outcome.conflicts, *_refused(run)))
                outcomes.append(outcome)
            gc.collect(1)  # the runner around this does make cycles
            gc.freeze()
        return Taken(
            counts=sum((outcome.counts for outcome in outcomes), Counter()),
            refused=refused,
            alerts_raised=sum(outcome.alerts_raised for outcome in outcomes),
            alerts_withdrawn=sum(outcome.alerts_withdrawn for outcome in outcomes),
            skipped=len(arrivals) - len(fresh),
        )

    def _must_fit(self, arrivals: Iterable[Arrival]) -> None:
        """Boxes that this vault's key does not open would be lost; other digests look like conflicts."""
        for arrival in arrivals:
            if arrival.handover.sealed and arrival.handover.vault != self._vault.public_key:
                raise VaultError(
                    "originals arrived that are sealed to another vault than this store's: give intake and "
                    "gateway this vault's public key, or name the vault that they use with SUYUAN_VAULT"
                )

    def _apply(self, run: Sequence[Arrival], read: tuple[Read, ...]) -> Outcome:
        first = run[0].handover
        if isinstance(decision := first.outcome, Decision) and self._is_possible(decision):
            return self._run(lambda: self.core.judge(decision, first.received, read))
        if isinstance(word := first.outcome, Verification):
            return self._run(lambda: self.core.verify(word, first.received, read))
        if isinstance(consolidation := first.outcome, Consolidation):
            return self._run(lambda: self.core.consolidate(consolidation, first.received, read))
        batch = _batch(run, read)  # without records when it is of a decision that cannot be
        return self._run(lambda: self.core.run_batch(batch, first.act))

    def _is_possible(self, decision: Decision) -> bool:
        try:
            self._must_be_possible(decision)
        except UsageError:
            return False
        return True

    # --- out ----------------------------------------------------------------------------------

    def reigned_last(self, last: Published | None) -> bool:
        """Whether the last change that is out came from this file, and from nobody after it."""
        return last is not None and is_last(self.state.db, last)

    def take_over(self, last: Published | None, fresh: str) -> Reign:
        """Begin to reign, before anything is taken; see `streams.takeover`."""
        self._reign = take_over(self.state.db, last, fresh)
        self._published = self._reign.published
        return self._reign

    def letters(self) -> list[Letter]:
        """Alerts and conflicts that are to be told."""
        return self._outbox.waiting()

    def letters_arrived(self, letters: Sequence[Letter]) -> None:
        """These letters were confirmed."""
        if letters:
            self._outbox.confirmed(letters[-1].seq)

    def changes(self) -> Iterator[Change]:
        """What has changed since what was published last, in parts; oldest first."""
        assert self._reign is not None, "an owner takes over before it tells anything"
        yield from Feed(self.state.db).since(self._published)

    def changes_arrived(self, seq: int) -> None:
        """All parts of the changes up to this one were confirmed."""
        self._published = seq


def _runs(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    """Messages that can share a transaction: what a person decided has one of its own."""
    run: list[Arrival] = []
    for arrival in arrivals:
        if arrival.handover.act is None and not isinstance(arrival.handover.outcome, _DECIDED):
            run.append(arrival)
            continue
        if run:
            yield run
        yield [arrival]
        run = []
    if run:
        yield run


def _batch(run: Sequence[Arrival], read: tuple[Read, ...]) -> Batch:
    """One batch of the messages of a run; it was received when the last of them was."""
    last = run[-1].handover.outcome
    return Batch(
        secret=[],
        prepared=[
            replace(each.handover.outcome, worker=each.handover.worker)
            for each in run
            if isinstance(each.handover.outcome, Prepared)
        ],
        refused=_refused(run),
        received=max(each.handover.received for each in run),
        origin=Origin() if isinstance(last, _DECIDED) else last.origin,
        read=read,
    )


def _refused(run: Iterable[Arrival]) -> list[Refusal]:
    return [each.handover.outcome for each in run if isinstance(each.handover.outcome, Refusal)]
