"""Answers to alerts: what people made of them, one after the other; none is changed or deleted.

An answer names the version it saw (how many answers there were), so of two who answer at once the second is
told what the first said. Whether somebody may give this answer to this alert is for `access` to say.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from enum import StrEnum

import msgspec
from msgspec import Struct

from graph.console.access import Action
from graph.console.workbench import Workbench
from schemas.errors import Changed, Invalid

_LONGEST_REASON = 1000


class State(StrEnum):
    """What becomes of an alert by an answer."""

    ACKNOWLEDGED = "acknowledged"
    IN_WORK = "in_work"
    ESCALATED = "escalated"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


NEEDS: dict[State, Action] = {
    State.ACKNOWLEDGED: Action.ANSWER_ALERT,
    State.IN_WORK: Action.ANSWER_ALERT,
    State.ESCALATED: Action.DECIDE_ALERT,
    State.CONFIRMED: Action.DECIDE_ALERT,
    State.REJECTED: Action.DECIDE_ALERT,
}
"""What one has to be allowed for each answer."""


class Answer(Struct, frozen=True, kw_only=True):
    """One answer; `version` counts from 1 for each alert, `at` in microseconds."""

    alert: str
    version: int
    state: State
    by: str
    because: str
    at: int


class Reply(Struct, frozen=True, kw_only=True):
    """What somebody answers."""

    state: State
    by: str
    because: str
    at: int


class Answers:
    """The answers of a workbench."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    def of(self, alerts: Iterable[str]) -> dict[str, list[Answer]]:
        """The answers to these alerts, oldest first; an alert without one is not in it."""
        with self._workbench.reading() as db:
            return _of(db, alerts)

    def answered(self) -> dict[str, State]:
        """The alerts that somebody answered, with the last answer to each."""
        with self._workbench.reading() as db:
            rows = db.execute("SELECT alert, state, max(version) FROM answer GROUP BY alert").fetchall()
        return {alert: State(last) for alert, last, _ in rows}

    def give(self, alert: str, version: int, reply: Reply) -> list[Answer]:
        """Answers an alert of which `version` answers were seen; returns all answers there are then.

        A decision (escalated, confirmed, rejected) needs a reason. Raises `Changed`, whose `now` are the
        answers that stand, and `Invalid`.
        """
        because = reply.because.strip()
        if len(because) > _LONGEST_REASON or (not because and NEEDS[reply.state] is Action.DECIDE_ALERT):
            raise Invalid("because", f"say why, in at most {_LONGEST_REASON} characters")
        with self._workbench.writing() as db:
            before = _of(db, [alert]).get(alert, [])
            if len(before) != version:
                raise Changed("somebody answered meanwhile: see what stands", before)
            answer = Answer(
                alert=alert,
                version=version + 1,
                state=reply.state,
                by=reply.by,
                because=because,
                at=reply.at,
            )
            db.execute(
                "INSERT INTO answer (alert, version, state, by, because, at) VALUES (?, ?, ?, ?, ?, ?)",
                (alert, answer.version, reply.state.value, reply.by, because, reply.at),
            )
            return [*before, answer]


def _of(db: sqlite3.Connection, alerts: Iterable[str]) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for alert, version, state, by, because, at in db.execute(
        "SELECT alert, version, state, by, because, at FROM answer WHERE alert IN "
        "(SELECT value FROM json_each(?)) ORDER BY alert, version",
        (msgspec.json.encode(list(alerts)).decode(),),
    ):
        answer = Answer(alert=alert, version=version, state=State(state), by=by, because=because, at=at)
        found.setdefault(alert, []).append(answer)
    return found
