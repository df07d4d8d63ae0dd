"""The embedded runner: a file in front, the owner's SQLite file behind, all in one process.

Per batch: the originals and reporters go sealed into the vault (on disk first), then records, state,
graph, outbox and offset go into the store in one transaction. A batch that is cut short leaves
nothing but sealed bytes; running the same input again has no further effect.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct, structs

from graph.sqlite.errors import map_sqlite_errors
from graph.sqlite.view import LIVE
from schemas.decisions import Decision, Verification
from schemas.errors import NotFound, UsageError
from schemas.records import Message, Origin, Refusal
from streams import ledger
from streams.changed import changes
from streams.collector import without_collector
from streams.consolidating import Proposal, Told, propose, tell
from streams.inputs import chunks
from streams.pace import Pace
from streams.pipeline import Outcome, run_front
from streams.position import noted
from streams.said import Word
from streams.stages.decode import CutLine
from streams.vault.original import Opened
from streams.withdrawing import withdrawal
from streams.writer import Writer

BATCH = 250
"""Records a transaction at most: so many that what is done in each (the disk's sync, and busy people, who
are looked at anew) does not count for much. At a million records 100 cost a quarter more for each record; 500
took twice as long a batch and were no faster."""
BATCH_SECONDS = 0.42
"""What a transaction is to take: short enough to wait for. On the way to a million records the longest takes
twice as long as this."""

_DEAD = f"FROM record d WHERE d.closed < {LIVE}"
_LIVE_EDGES = f"""SELECT (SELECT count(*) FROM edge)
    - (SELECT count(*) FROM (SELECT d.rec {_DEAD}) CROSS JOIN edge USING (rec))"""
_LIVE_VALUES = f"""SELECT (SELECT count(*) FROM value) - count(*) FROM (
        SELECT DISTINCT m.node FROM (SELECT d.rec {_DEAD}) CROSS JOIN mention m USING (rec) WHERE m.node < 0)
    AS gone WHERE NOT EXISTS (SELECT 1 FROM mention m CROSS JOIN record r ON r.rec = m.rec
        WHERE m.node = gone.node AND r.closed = {LIVE})"""
"""Few records are dead: what they said is taken from the whole, which is quick to count."""


class IngestReport(Struct, frozen=True, kw_only=True):
    """What an ingest did. `entities`, `edges` and `alerts` are the live totals of the store after it."""

    read: int
    accepted: int
    duplicates: int
    superseded: int
    withdrawn: int
    rejected: dict[str, int]
    entities: int
    edges: int
    alerts: int
    seconds: float


class Owner(Writer):
    """The owner of a store whose records come from files."""

    def _must_be_mine(self) -> None:
        """What is put into a store that a log feeds, past the log, would be gone when it is made anew."""
        with map_sqlite_errors():
            fed = noted(self.state.db)
        if fed:
            raise UsageError(
                "this store is fed by a worker from Kafka, which makes it anew if need be: send what it is "
                "to know the same way, with --to kafka"
            )

    def ingest(self, lines: Iterable[tuple[Origin, bytes]], *, batch: int | None = None) -> IngestReport:
        """Put lines through the pipeline, `batch` a transaction, or as many as `BATCH_SECONDS` allow."""
        pace = Pace(BATCH, BATCH_SECONDS) if batch is None else Pace(batch)
        begun = self._clock()
        counts: Counter[str] = Counter()
        rejected: Counter[str] = Counter()
        with without_collector():
            for chunk in chunks(lines, pace):
                started, received = self._clock(), self._now()
                outcome, refused = self.take([Message(body=b, origin=o, received=received) for o, b in chunk])
                pace.took(len(chunk), (self._clock() - started) / 1e6)
                counts += outcome.counts
                counts["read"] += len(chunk)
                rejected.update(refusal.reason for refusal in refused)
                gc.freeze()
        return self._report(counts, rejected, begun)

    def take(self, messages: list[Message], act: ledger.Act | None = None) -> tuple[Outcome, list[Refusal]]:
        """One batch of messages: what is secret goes into the vault, the rest to the owner's stages.

        `act` is what a person did that makes this batch; it goes into the ledger.
        """
        batch = run_front(messages, self._vault.pepper)
        self._vault.put_many(batch.secret)
        outcome = self._run(lambda: self.core.run_batch(batch, act))
        return outcome, batch.refused + outcome.conflicts

    def withdraw(self, name: str, because: str, *, who: str) -> dict[str, Any]:
        """Take back a record: all of its revisions reported until now. The record and its `Changes`.

        Raises `NotFound` when no such record lives.
        """
        with map_sqlite_errors():
            message = withdrawal(self.state.db, name, because, self._now())
        outcome, refused = self.take(
            [message], ledger.withdrew(name, who=who, because=because, at=message.received)
        )
        if refused:
            raise NotFound(f"{name} cannot be withdrawn: {refused[0].reason} ({refused[0].expected})")
        with map_sqlite_errors():
            return {"record": name, **structs.asdict(changes(self.state, (name,), outcome))}

    def judge(self, decision: Decision) -> dict[str, Any]:
        """Take what a person decided; it beats the model until it is taken back. Its `Changes`.

        Its mentions need not be there yet. Raises `UsageError` when they cannot be one and the same.
        """
        self._must_be_possible(decision)
        names = self.core.judgements.concerned(decision.said)
        outcome = self._run(lambda: self.core.judge(decision, self._now()))
        records = {name.rpartition("#")[0] for name in names}
        with map_sqlite_errors():
            return structs.asdict(changes(self.state, records, outcome))

    def verify(self, word: Verification) -> dict[str, Any]:
        """Take what a person said about a delivery that a text tells; its record need not be there. Its
        `Changes`.
        """
        outcome = self._run(lambda: self.core.verify(word, self._now()))
        with map_sqlite_errors():
            return structs.asdict(changes(self.state, (word.record,), outcome))

    def proposal(self, *, back: bool = False) -> Proposal:
        """What a refit would make of the weights and of who is who (`back`: what the taking back of the last
        one would); nothing is changed. Raises `NotFound` when there is none to take back.
        """
        with map_sqlite_errors(), without_collector():
            return propose(self.state, self.core.judgements, back=back)

    def told(self, proposal: Proposal) -> Told:
        """What is going to change."""
        with map_sqlite_errors():
            return tell(self.state, proposal)

    def consolidate(self, proposal: Proposal, word: Word) -> dict[str, Any]:
        """Do what was proposed of this state; it stands until it is taken back. Its `Changes`."""
        decision = proposal.decision(word)
        with without_collector():
            outcome = self._run(
                lambda: self.core.consolidate(decision, self._now(), reweighed=proposal.reweighed)
            )
        with map_sqlite_errors():
            return structs.asdict(changes(self.state, (), outcome))

    def retry_refused(self, key: Path, *, who: str) -> IngestReport:
        """Put the refused originals through again; those that are accepted now leave the list."""
        with map_sqlite_errors():
            hashes = [row[0] for row in self.state.db.execute("SELECT sha256 FROM refusal ORDER BY n")]
        again = self._vault.open_many(hashes, key, because="rejected retry", who=who)
        lines = ((Origin(file="retry", line=n), as_it_came(item)) for n, item in enumerate(again, 1))
        return self.ingest(lines)

    def _report(self, counts: Counter[str], rejected: Counter[str], begun: int) -> IngestReport:
        db = self.state.db
        with map_sqlite_errors():
            values, edges = db.execute(_LIVE_VALUES).fetchone()[0], db.execute(_LIVE_EDGES).fetchone()[0]
            alerts = db.execute("SELECT count(*) FROM alert WHERE closed = ?", (LIVE,)).fetchone()[0]
        resolved = np.unique(np.frombuffer(self.state.ent, np.int64))
        return IngestReport(
            read=counts["read"],
            accepted=counts["accepted"],
            duplicates=counts["duplicates"],
            superseded=counts["superseded"],
            withdrawn=counts["withdrawn"],
            rejected=dict(sorted(rejected.items())),
            entities=int(np.count_nonzero(resolved)) + values,
            edges=edges,
            alerts=alerts,
            seconds=round(max(0, self._clock() - begun) / 1e6, 3),
        )


def as_it_came(item: Opened) -> bytes:
    """The bytes of an item; of a line that was too long to be kept whole, with its true hash."""
    whole = len(item.body) == item.size
    return item.body if whole else CutLine(item.body, item.sha256, item.size)
