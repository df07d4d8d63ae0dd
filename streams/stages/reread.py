"""Reading records anew: when a judgement pins one of their mentions, or lets it go.

The record's row is closed and opened again in one transaction, from the working copy in the log, so
views as of an earlier moment keep what was known then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from graph.sqlite.view import LIVE
from schemas.ids import hash64
from streams.stages.dedupe import Deduped, Opened, Prepared, insert_record, keep
from streams.state import OwnerState

Prepare = Callable[[bytes, bytes, int], Prepared]
"""The front's way from a working copy, its digest and its time of receipt to a prepared record."""


def reopen(state: OwnerState, tx: int, names: Iterable[str], prepare: Prepare) -> Deduped:
    """Close and open again the live records with these names."""
    deduped = Deduped(opened=[], closed=[], conflicts=[], counts=Counter())
    for rec, digest, received, body in state.rows(
        "SELECT record.rec, digest, received, body FROM record JOIN log USING (rec)"
        " WHERE hash IN (SELECT value FROM json_each(?))"
        f" AND closed = {LIVE} AND opened < closed ORDER BY record.rec",
        [hash64(name) for name in sorted(names)],
    ):
        prepared = prepare(body, digest, received)
        again = state.next("record")
        keep(state, again, prepared)
        state.db.execute(
            "INSERT INTO provenance SELECT ?, worker, topic, part, position FROM provenance WHERE rec = ?",
            (again, rec),
        )
        state.db.execute("UPDATE record SET closed = ? WHERE rec = ?", (tx, rec))
        insert_record(state, again, prepared, tx, LIVE)
        deduped.closed.append(rec)
        deduped.opened.append(Opened(again, prepared))
    return deduped
