"""Runs detection for the owner: what a batch touched in, alert rows and messages out."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from graph.port import Appearance
from graph.said import appearance, names_of
from graph.sqlite.evidence import SqliteEvidence
from graph.sqlite.view import LIVE
from schemas.claims import Mention
from schemas.records import Interception, Report
from streams.alerts.book import AlertBook, AlertChange
from streams.alerts.lens import Lens
from streams.alerts.rules import Rules
from streams.alerts.scene import Touched
from streams.stages.cluster import Moved
from streams.stages.detect import detect, detect_everything
from streams.stages.resolve import Placed, Resolved
from streams.state import OwnerState

STANDING = "SELECT id, rule, key, body, subject FROM alert WHERE closed = ?"
"""The live alerts, for `AlertBook.load`."""

_QUIET = ("place", "case")
"""No rule is about these alone; what they tie together is touched itself."""
_SPOKEN_OF = f"""SELECT m.rec, m.node, (SELECT group_concat(t.name, ' ') FROM (
        SELECT o.name FROM copy c CROSS JOIN record o ON o.rec = c.first
        WHERE c.rec = m.rec AND c.closed = {LIVE} ORDER BY c.c) t),
    (SELECT v.type FROM value v WHERE v.v = -m.node)
    FROM json_each(?) k CROSS JOIN mention m ON m.rec = k.value"""


class Copied(NamedTuple):
    """A node of which a record speaks that is a copy of others now, or of none; of a value its type.

    `copy_of` are the names of those others, as `APPEARANCE_COLUMNS` have them.
    """

    rec: int
    node: int
    copy_of: str | None
    type: str | None


class Detector:
    """Holds the rules, the open alerts and a reader that sees the running transaction."""

    def __init__(self, db: sqlite3.Connection, rules: Rules) -> None:
        self._rules = rules
        self._reader = SqliteEvidence(db)
        self._lens = Lens(self._reader, rules.loosest)
        self._book = AlertBook.load(db.execute(STANDING, (LIVE,)))

    def detect(
        self, state: OwnerState, resolved: Resolved, moved: list[Moved], copied: Iterable[int] = ()
    ) -> list[AlertChange]:
        """Examine what the batch touched; write and return the alerts that changed.

        `copied` are the live records that are copies of another now, or of none: whoever they speak of is
        touched too.
        """
        spoken_of = [Copied(*row) for row in state.rows(_SPOKEN_OF, sorted(copied))]
        self._tell(state, resolved, moved, spoken_of)
        touched = Touched(
            entities=frozenset((*_touched(state, resolved, moved), *_copied(state, spoken_of))),
            changed=frozenset(_changed(state, resolved, moved)),
            opened=frozenset(item.opened.rec for item in resolved.placed),
        )
        changes = self._book.changes(detect(touched, self._lens, self._rules))
        _write(state, changes, self._book.renamed)
        self._book.settle(changes)
        return changes

    def examine_anew(self, state: OwnerState) -> list[AlertChange]:
        """Examine everything that is known: what other rules found must not stand."""
        changed: list[AlertChange] = []
        for examined in detect_everything(self._reader, self._rules):
            changes = self._book.changes(examined)
            _write(state, changes, self._book.renamed)
            self._book.settle(changes)
            changed += changes
        return changed

    @property
    def version(self) -> str:
        """A hash of the rules in force."""
        return self._rules.version

    def _tell(
        self, state: OwnerState, resolved: Resolved, moved: list[Moved], spoken_of: list[Copied]
    ) -> None:
        """Keep the reader's long lists of records up to date."""
        reader = self._reader
        reader.changed(move.before for move in moved if move.before and move.after)
        gone = {move.pid: move.before for move in moved if not move.after}
        for each in resolved.left:
            key = each.node if each.node < 0 else gone.get(each.node, state.ent[each.node])
            reader.lost(key, each.rec, each.record)
        for move in moved:
            if move.after and move.pid not in resolved.born:
                reader.joined(move.after, move.pid)
        for item in resolved.placed:
            for mention, node in zip(_all_mentions(item), item.nodes, strict=True):
                key = node if node < 0 else state.ent[node]
                if reader.keeps(key):
                    reader.gained(key, _appearance(item, mention.role), mention)
        for rec, node, copy_of, _ in spoken_of:
            reader.copied(_key(state, node), rec, names_of(copy_of))


def _appearance(item: Placed, role: str) -> Appearance:
    accepted, enriched = item.opened.prepared.accepted, item.opened.prepared.enriched
    derived = item.opened.prepared.derived
    record = accepted.record
    assert isinstance(record, Report)
    assert enriched is not None
    assert derived is not None
    return appearance(
        item.opened.rec,
        accepted.name,
        record.kind,
        record.source,
        record.region,
        enriched.case,
        enriched.line,
        enriched.checkpoint,
        record.outcome if isinstance(record, Interception) else None,
        accepted.reported,
        None,  # if it is a copy, the reader is told after this
        derived.lead,
        role,
        derived.grade,
        " ".join(derived.doubts) or None,
    )


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
        for mention, node, m in zip(_all_mentions(item), item.nodes, item.rows, strict=True):
            if mention.type in _QUIET:
                continue
            alone = spoken[node] == 1 and node not in ends
            if node < 0:
                if not (alone and node in fresh_values):
                    yield node
            elif not (alone and state.ent[node] == m and sizes[m] == 1):
                yield state.ent[node]
    yield from _left(state, resolved)


def _copied(state: OwnerState, spoken_of: list[Copied]) -> Iterator[int]:
    """Keys of those of whom the records speak."""
    return (_key(state, each.node) for each in spoken_of if each.type not in _QUIET)


def _key(state: OwnerState, node: int) -> int:
    return node if node < 0 else state.ent[node]


def _changed(state: OwnerState, resolved: Resolved, moved: list[Moved]) -> Iterator[int]:
    """Keys of entities that lost something, or whose members are others now but for new ones."""
    for move in moved:
        if move.pid not in resolved.born:
            yield from filter(None, (move.before, move.after))
    yield from _left(state, resolved)


def _left(state: OwnerState, resolved: Resolved) -> Iterator[int]:
    """Keys of those of whom a record no longer speaks."""
    for each in resolved.left:
        if each.node < 0 or state.ent[each.node]:
            yield each.node if each.node < 0 else state.ent[each.node]


def _all_mentions(item: Placed) -> tuple[Mention, ...]:
    derived = item.opened.prepared.derived
    assert derived is not None
    return derived.mentions


def _delivery_ends(item: Placed) -> set[int]:
    derived = item.opened.prepared.derived
    assert derived is not None
    return {
        item.nodes[end]
        for claim in derived.claims
        if claim.predicate == "supplied"
        for end in (claim.subject, claim.object)
    }


def _write(state: OwnerState, changes: list[AlertChange], renamed: list[AlertChange]) -> None:
    state.db.executemany(
        "UPDATE alert SET subject = ? WHERE id = ? AND closed = ?",
        [(change.subject, change.id, LIVE) for change in renamed],
    )
    state.db.executemany(
        "UPDATE alert SET closed = ? WHERE id = ? AND closed = ?",
        [(state.tx, change.id, LIVE) for change in changes if change.closes],
    )
    state.db.executemany(
        "INSERT INTO alert (id, rule, key, body, subject, opened, closed) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (change.id, change.rule, change.key, change.body, change.subject, state.tx, LIVE)
            for change in changes
            if change.body is not None
        ],
    )
    state.tell("suyuan.alerts", ((change.id, change.body or b"") for change in changes))
