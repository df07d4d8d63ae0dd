"""Dedupe: which of the records that arrived are new, which replace, which are known already.

A record's fate is a function of the set of its revisions and withdrawals: it lives if and only if its
highest revision was reported later than its latest withdrawal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from graph.sqlite.view import LIVE
from schemas.claims import Derived
from schemas.decisions import Verification
from schemas.ids import hash64, text_digest
from schemas.records import Accepted, Interception, Origin, Refusal, Report, Withdrawal
from streams.stages.enrich import Enriched
from streams.stages.refusals import CONFLICT
from streams.state import OwnerState
from streams.text.sketch import Sketch


class Prepared(Struct, frozen=True, kw_only=True):
    """A message that passed the front: what it says, where from, and the hash of its bytes.

    `worker` names the process that did so, when it was not the owner itself; `sketch` is what is kept of a
    tip's text; `confirmed` are the words of people by which claims of it are drawn, which the owner adds.
    """

    accepted: Accepted
    enriched: Enriched | None
    derived: Derived | None
    origin: Origin
    sha256: str
    received: int
    worker: str = ""
    sketch: Sketch | None = None
    confirmed: tuple[Verification, ...] = ()


class Opened(Struct, frozen=True):
    """A record that came to life in this batch."""

    rec: int
    prepared: Prepared


class Deduped(Struct, frozen=True, kw_only=True):
    """The outcome for a batch; `closed` are records that died."""

    opened: list[Opened]
    closed: list[int]
    conflicts: list[Refusal]
    counts: Counter[str]


class _Row(Struct, frozen=True, kw_only=True):
    """A revision that is known; `fresh` when it came in this batch."""

    rec: int
    kind: str
    revision: int
    reported: int
    digest: bytes
    live: bool
    fresh: Prepared | None = None


class _History:
    """All revisions and withdrawals of one record name."""

    def __init__(self) -> None:
        self.rows: list[_Row] = []
        self.withdrawn_at: int | None = None
        self.withdrawals: set[bytes] = set()

    def withdraw(self, reported: int) -> None:
        """The latest withdrawal counts; times before 1970 are below zero."""
        self.withdrawn_at = reported if self.withdrawn_at is None else max(self.withdrawn_at, reported)

    def revision(self, number: int) -> _Row | None:
        return next((row for row in self.rows if row.revision == number), None)

    def in_force(self) -> _Row | None:
        """The row that should live, if any; of equal revisions (re-read records) the last."""
        if not self.rows:
            return None
        best = max(self.rows, key=lambda row: (row.revision, row.rec))
        alive = self.withdrawn_at is None or best.reported > self.withdrawn_at
        return best if alive else None


def dedupe(state: OwnerState, tx: int, batch: Sequence[Prepared]) -> Deduped:
    """Write records, receipts and withdrawals; say what came to life and what died."""
    histories = _load(state, dict.fromkeys(prepared.accepted.name for prepared in batch))
    outcome = Deduped(opened=[], closed=[], conflicts=[], counts=Counter())
    for prepared in batch:
        _take(state, tx, histories[prepared.accepted.name], prepared, outcome)
    for history in histories.values():
        _settle(state, tx, history, outcome)
    return outcome


def _load(state: OwnerState, names: Iterable[str]) -> dict[str, _History]:
    histories = {name: _History() for name in names}
    hashes = [hash64(name) for name in histories]
    for name, rec, kind, revision, reported, digest, opened, closed in state.rows(
        "SELECT name, rec, kind, revision, reported, digest, opened, closed FROM record"
        " WHERE hash IN (SELECT value FROM json_each(?)) ORDER BY rec",
        hashes,
    ):
        if name in histories:
            histories[name].rows.append(
                _Row(
                    rec=rec,
                    kind=kind,
                    revision=revision,
                    reported=reported,
                    digest=digest,
                    live=closed == LIVE and opened != closed,
                )
            )
    for name, reported, digest in state.rows(
        "SELECT name, reported, digest FROM withdrawal WHERE hash IN (SELECT value FROM json_each(?))", hashes
    ):
        if name in histories:
            history = histories[name]
            history.withdraw(reported)
            history.withdrawals.add(digest)
    return histories


def _take(state: OwnerState, tx: int, history: _History, prepared: Prepared, outcome: Deduped) -> None:
    accepted = prepared.accepted
    if isinstance(accepted.record, Withdrawal):
        _take_withdrawal(state, tx, history, prepared, outcome)
        return
    same = history.revision(accepted.revision)
    other_kind = any(row.kind != accepted.record.kind for row in history.rows)
    if other_kind or (same is not None and same.digest != accepted.digest):
        outcome.conflicts.append(_conflict(prepared))
        return
    if same is not None:
        outcome.counts["duplicates"] += 1
        _receipt(state, same.rec, prepared.received, "duplicate")
        return
    rec = state.next("record")
    outcome.counts["accepted"] += 1
    row = _Row(
        rec=rec,
        kind=accepted.record.kind,
        revision=accepted.revision,
        reported=accepted.reported,
        digest=accepted.digest,
        live=False,
        fresh=prepared,
    )
    if history.rows:
        outcome.counts["superseded"] += 1
    history.rows.append(row)
    keep(state, rec, prepared)


def _take_withdrawal(
    state: OwnerState, tx: int, history: _History, prepared: Prepared, outcome: Deduped
) -> None:
    accepted, record = prepared.accepted, prepared.accepted.record
    assert isinstance(record, Withdrawal)
    if accepted.digest in history.withdrawals:
        outcome.counts["duplicates"] += 1
        return
    outcome.counts["withdrawn"] += 1
    history.withdrawals.add(accepted.digest)
    history.withdraw(accepted.reported)
    state.db.execute(
        "INSERT INTO withdrawal (hash, name, reported, reason, received, digest, tx)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            hash64(accepted.name), accepted.name, accepted.reported, record.reason, prepared.received,
            accepted.digest, tx,
        ),
    )  # fmt: skip


def _settle(state: OwnerState, tx: int, history: _History, outcome: Deduped) -> None:
    in_force = history.in_force()
    for row in history.rows:
        lives = row is in_force
        if row.fresh is not None:
            insert_record(state, row.rec, row.fresh, tx, LIVE if lives else tx)
            if lives:
                outcome.opened.append(Opened(row.rec, row.fresh))
        elif row.live and not lives:
            outcome.closed.append(row.rec)
            state.db.execute("UPDATE record SET closed = ? WHERE rec = ?", (tx, row.rec))


def keep(state: OwnerState, rec: int, prepared: Prepared) -> None:
    """Write a record's working copy, what was read in its text and what is odd about it, into the log, and
    what of its text waits for a person's word.
    """
    derived = prepared.derived
    assert derived is not None
    read = msgspec.json.encode(derived.read) if derived.read else None
    unknown = prepared.accepted.extra_fields
    flags = " ".join([*derived.warnings, *([f"unknown_fields:{unknown}"] if unknown else [])]) or None
    state.db.execute(
        "INSERT INTO log VALUES (?, ?, ?, ?, ?)",
        (rec, prepared.received, prepared.accepted.body, read, flags),
    )
    if derived.waiting:
        record = prepared.accepted.record
        text = text_digest(record.text or "") if isinstance(record, Report) else ""
        state.db.executemany(
            "INSERT INTO waiting_claim VALUES (?, ?, ?, ?, ?)",
            [(rec, each.key, text, each.score, msgspec.json.encode(each)) for each in derived.waiting],
        )
    if (origin := prepared.origin).topic is not None:
        state.db.execute(
            "INSERT INTO provenance VALUES (?, ?, ?, ?, ?)",
            (rec, prepared.worker, origin.topic, origin.partition, origin.offset),
        )


def insert_record(state: OwnerState, rec: int, prepared: Prepared, opened: int, closed: int) -> None:
    """Write a record's row; its body is in the log already."""
    accepted, enriched, derived = prepared.accepted, prepared.enriched, prepared.derived
    record = accepted.record
    assert isinstance(record, Report)
    assert enriched is not None
    assert derived is not None
    outcome = record.outcome if isinstance(record, Interception) else None
    state.db.execute(
        "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            rec, hash64(accepted.name), accepted.name, record.kind, accepted.revision, accepted.reported,
            record.source, record.region, enriched.case, record.operation, enriched.line, enriched.checkpoint,
            outcome, derived.grade, " ".join(derived.doubts) or None, int(derived.lead), accepted.digest,
            opened, closed,
        ),
    )  # fmt: skip


def _receipt(state: OwnerState, rec: int, received: int, outcome: str) -> None:
    state.db.execute(
        "INSERT INTO receipt (rec, received, outcome) VALUES (?, ?, ?)", (rec, received, outcome)
    )


def _conflict(prepared: Prepared) -> Refusal:
    return CONFLICT.refuse(prepared.origin, prepared.sha256, prepared.received, prepared.accepted.name)
