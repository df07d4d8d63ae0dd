"""When somebody was here last, so that they can be shown what has changed since."""

from __future__ import annotations

from graph.console.workbench import Workbench


class Visits:
    """The last visit of each user of a workbench; times in microseconds."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    def last(self, user: str) -> int | None:
        """When they were here last, or None."""
        with self._workbench.reading() as db:
            row = db.execute("SELECT at FROM visit WHERE user = ?", (user,)).fetchone()
        return None if row is None else int(row[0])

    def note(self, user: str, at: int) -> None:
        """They are here at this moment; an earlier one than is known changes nothing."""
        with self._workbench.noting() as db:
            db.execute(
                "INSERT INTO visit VALUES (?, ?) ON CONFLICT (user) DO UPDATE SET at = max(at, excluded.at)",
                (user, at),
            )
