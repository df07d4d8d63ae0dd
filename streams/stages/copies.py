"""Copies: which of the tips that came, and of those that were there, are copies of others now.

A copy stays a record of its own, with its own time and receipt; what it says counts once, with the tip that
told it first.
"""

from __future__ import annotations

import msgspec

from graph.sqlite.view import LIVE
from schemas.records import Tip as TipRecord
from streams.copies.copies import Tip
from streams.stages.dedupe import Deduped, Opened
from streams.state import OwnerState
from streams.text.sketch import Sketch

_encode = msgspec.msgpack.Encoder().encode


def find_copies(state: OwnerState, deduped: Deduped) -> set[int]:
    """Write what the tips' texts are, and who copies whom; the live records of which that has changed."""
    born = [each for item in deduped.opened if (each := _told(item))]
    died = [rec for rec in deduped.closed if rec in state.copies]
    if not (born or died):
        return set()
    state.db.executemany(
        "INSERT INTO sketch VALUES (?, ?, ?)", [(tip.rec, tip.channel, _encode(kept)) for tip, kept in born]
    )
    changed = state.copies.change(born, died)
    state.db.executemany(
        "UPDATE copy SET closed = ? WHERE rec = ? AND closed = ?",
        [(state.tx, rec, LIVE) for rec in (*died, *changed)],
    )
    state.db.executemany(
        "INSERT INTO copy (rec, first, known_by, alike, opened, closed) VALUES (?, ?, ?, ?, ?, ?)",
        [(rec, *each, state.tx, LIVE) for rec, found in changed.items() for each in found],
    )
    return set(changed)


def _told(item: Opened) -> tuple[Tip, Sketch] | None:
    """A tip and what is kept of its text; None of what is no tip, or says too little."""
    accepted, sketch = item.prepared.accepted, item.prepared.sketch
    record = accepted.record
    if sketch is None or not isinstance(record, TipRecord):
        return None
    return Tip(accepted.reported, accepted.name, record.channel or "", item.rec), sketch
