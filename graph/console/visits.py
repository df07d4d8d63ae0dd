"""When somebody was here last, so that they can be shown what has changed since."""

from __future__ import annotations

import sqlite3

from graph.console.workbench import Workbench


class Visits:
    """The last visit of each user of a workbench; times in microseconds."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    def last(self, user: str) -> int | None:
        """When they were at work last, before the session they are in now; None when they never were."""
        with self._workbench.reading() as db:
            row = db.execute("SELECT at FROM visit WHERE user = ?", (user,)).fetchone()
        return None if row is None else int(row[0])


def note_visits(db: sqlite3.Connection, which: str, values: tuple[object, ...]) -> None:
    """Sessions (`which` is a condition on them) were visits until they were last used; in the caller's
    transaction, before they are forgotten.
    """
    db.execute(
        f"""INSERT INTO visit SELECT user, max(seen) FROM session WHERE {which} GROUP BY user
        ON CONFLICT (user) DO UPDATE SET at = max(at, excluded.at)""",
        values,
    )
