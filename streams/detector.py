"""Runs detection for the owner: what a batch touched in, alert rows and messages out."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator

from graph.sqlite.evidence import SqliteEvidence
from graph.sqlite.view import LIVE
from streams.alerts.book import AlertBook, AlertChange
from streams.alerts.rules import Rules
from streams.alerts.scene import Touched
from streams.stages.cluster import Moved
from streams.stages.detect import detect
from streams.stages.resolve import Placed, Resolved
from streams.state import OwnerState

_QUIET = ("place", "case")
"""No rule is about these alone; what they tie together is touched itself."""


class Detector:
    """Holds the rules, the open alerts and a reader that sees the running transaction."""

    def __init__(self, db: sqlite3.Connection, rules: Rules) -> None:
        self._rules = rules
        self._reader = SqliteEvidence(db)
        self._book = AlertBook.load(
            db.execute("SELECT id, rule, key, body FROM alert WHERE closed = ?", (LIVE,)).fetchall(),
            self._reader,
        )

    def detect(self, state: OwnerState, resolved: Resolved, moved: list[Moved]) -> list[AlertChange]:
        """Examine what the batch touched; write and return the alerts that changed."""
        touched = Touched(
            entities=frozenset(_touched(state, resolved, moved)),
            opened=frozenset(item.opened.rec for item in resolved.placed),
        )
        changes = self._book.changes(detect(touched, self._reader, self._rules))
        _write(state, changes)
        self._book.settle(changes)
        return changes


def _touched(state: OwnerState, resolved: Resolved, moved: list[Moved]) -> Iterator[int]:
    """Keys of entities that gained or lost something, but for new ones that stand alone."""
    sizes = Counter(move.after for move in moved)
    fresh_values = {node for node, _, _ in resolved.new_values}
    spoken = Counter(node for item in resolved.placed for node in item.nodes)
    for move in moved:
        if move.before:
            yield move.before
            if move.after:
                yield move.after
    for item in resolved.placed:
        ends = _delivery_ends(item)
        for mention, node, m in zip(_mentions(item), item.nodes, item.rows, strict=True):
            if mention in _QUIET:
                continue
            alone = spoken[node] == 1 and node not in ends
            if node < 0:
                if not (alone and node in fresh_values):
                    yield node
            elif not (alone and state.ent[node] == m and sizes[m] == 1):
                yield state.ent[node]
    for node, _ in resolved.left:
        if node < 0 or state.ent[node]:
            yield node if node < 0 else state.ent[node]


def _mentions(item: Placed) -> Iterable[str]:
    derived = item.opened.prepared.derived
    assert derived is not None
    return (mention.type for mention in derived.mentions)


def _delivery_ends(item: Placed) -> set[int]:
    derived = item.opened.prepared.derived
    assert derived is not None
    return {
        item.nodes[end]
        for claim in derived.claims
        if claim.predicate == "supplied"
        for end in (claim.subject, claim.object)
    }


def _write(state: OwnerState, changes: list[AlertChange]) -> None:
    state.db.executemany(
        "UPDATE alert SET closed = ? WHERE id = ? AND closed = ?",
        [(state.tx, change.id, LIVE) for change in changes if change.closes],
    )
    state.db.executemany(
        "INSERT INTO alert (id, rule, key, body, opened, closed) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (change.id, change.rule, change.key, change.body, state.tx, LIVE)
            for change in changes
            if change.body is not None
        ],
    )
    state.db.executemany(
        "INSERT INTO outbox (topic, key, body) VALUES ('suyuan.alerts', ?, ?)",
        [(change.id, change.body or b"") for change in changes],
    )
