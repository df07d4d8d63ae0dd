"""The ledger: what people did to knowledge by hand (judgements, withdrawals, models), when and why.

Written in the transaction that carries the act out, so there is no act without its line. It is
append-only and chained (`streams.chain`), and no part of what is known: `export --canonical` leaves it out.
"""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from schemas.decisions import Consolidation, Decision, Split, Verification
from schemas.errors import StoreUnavailable
from streams.chain import Chain, Line

_CHAIN = Chain(table="ledger", called="the ledger", error=StoreUnavailable)


class Act(Struct, frozen=True, kw_only=True):
    """Something a person did; `at` in microseconds."""

    at: int
    who: str
    what: str
    because: str


def withdrew(record: str, *, who: str, because: str, at: int) -> Act:
    """The taking back of a record by hand (one that a source sends is in the records)."""
    return Act(at=at, who=who, what=f"withdrew {record}", because=because)


def judged(decision: Decision) -> Act:
    """The answer about two mentions, or the taking apart of an entity's."""
    if isinstance(decision, Split):
        more = f" and {len(decision.rest) - 1} more" if len(decision.rest) > 1 else ""
        what = f"split {' '.join(decision.apart)} from {decision.rest[0]}{more}"
    else:
        what = f"judged {decision.left} {decision.right} {decision.verdict}"
    return Act(at=decision.at, who=decision.by, what=what, because=decision.because)


def verified(word: Verification) -> Act:
    """The word about what a text tells."""
    return Act(at=word.at, who=word.by, what=f"judged {word.claim} {word.verdict}", because=word.because)


def consolidated(consolidation: Consolidation) -> Act:
    """Another model, or the taking back of one."""
    if consolidation.weights is None:
        what = "took back the last consolidation"
    else:
        moved = ", ".join(f"{level} {bits:+g}" for level, bits in consolidation.weights)
        what = f"consolidated {moved or 'to what experts say'}"
    return Act(at=consolidation.at, who=consolidation.by, what=what, because=consolidation.because)


def append(db: sqlite3.Connection, act: Act) -> None:
    """Adds an act inside the caller's transaction."""
    _CHAIN.append(db, act.at, act.who, act.what, act.because)


def read(db: sqlite3.Connection) -> list[Line]:
    """All acts, oldest first. Raises `StoreUnavailable` when the ledger was tampered with."""
    return _CHAIN.read(db)


def verify(db: sqlite3.Connection) -> int:
    """How many acts the ledger holds, after checking that none was changed, added or removed.

    Raises `StoreUnavailable` when one was. Someone who replaces the whole file can forge it: whoever
    must exclude that keeps the last hash elsewhere.
    """
    return len(read(db))
