"""What an act of a person changed, in figures: who was somebody else before, which statements went.

Counted is what readers see. Rows that a judgement writes anew (`streams.stages.reread`) are no change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from schemas.ids import hash64, part_of
from streams.pipeline import Outcome
from streams.state import OwnerState

Members = frozenset[str | int]
"""Of an entity: its mentions in the act's records, by name, and its profiles that others speak of."""

_PROFILES = """SELECT m.node FROM record r CROSS JOIN mention m ON m.rec = r.rec
    WHERE r.hash IN (SELECT value FROM json_each(:hashes)) AND m.node > 0"""
_ENTITIES = """SELECT DISTINCT a.ent FROM json_each(:pids) k CROSS JOIN assign a
    ON a.pid = k.value AND a.closed >= :tx AND a.opened <= :tx"""
"""Those before the transaction and those after it."""
_MEMBERS = """SELECT a.ent, a.pid, EXISTS (
        SELECT 1 FROM mention m CROSS JOIN record r ON r.rec = m.rec
        WHERE m.node = a.pid AND r.closed > :tx AND r.opened <= :tx
        AND r.hash NOT IN (SELECT value FROM json_each(:hashes)))
    FROM json_each(:ents) k CROSS JOIN assign a ON a.ent = k.value AND a.closed > :tx AND a.opened <= :tx"""
_MENTIONS = """SELECT m.node, r.name, m.ref, m.start, m.stop
    FROM record r CROSS JOIN mention m ON m.rec = r.rec
    WHERE r.hash IN (SELECT value FROM json_each(:hashes)) AND r.closed > :tx AND r.opened <= :tx
    AND m.node > 0"""
_EDGES = """SELECT e.key FROM record r CROSS JOIN edge e ON e.rec = r.rec
    WHERE r.hash IN (SELECT value FROM json_each(:hashes)) AND r.closed > :tx AND r.opened <= :tx"""


class Changes(Struct, frozen=True, kw_only=True):
    """Entities of the resolved types that are not what they were, and alerts and edges that came or went.

    Of two that become one, two are before and one is after; an entity that only lost a mention counts on
    both sides, one that vanished only before.
    """

    entities_before: int
    entities_after: int
    edges_closed: int
    alerts_raised: int
    alerts_withdrawn: int


def changes(state: OwnerState, names: Iterable[str], outcome: Outcome) -> Changes:
    """What the last transaction changed: an act on the records of these names, and what followed from it."""
    act = _Act(state, names, outcome)
    before, after = act.entities(state.tx - 1), act.entities(state.tx)
    return Changes(
        entities_before=len(before - after),
        entities_after=len(after - before),
        edges_closed=len(act.edges(state.tx - 1) - act.edges(state.tx)),
        alerts_raised=outcome.alerts_raised,
        alerts_withdrawn=outcome.alerts_withdrawn,
    )


class _Act:
    """The records of an act and the entities it touched, looked at before and after."""

    def __init__(self, state: OwnerState, names: Iterable[str], outcome: Outcome) -> None:
        self._db = state.db
        self._hashes = _json(hash64(name) for name in names)
        spoken = state.db.execute(_PROFILES, {"hashes": self._hashes})
        pids = {pid for (pid,) in spoken} | {item.pid for item in outcome.moved}
        touched = state.db.execute(_ENTITIES, {"pids": _json(pids), "tx": state.tx})
        self._ents = _json(ent for (ent,) in touched)

    def entities(self, tx: int) -> set[Members]:
        """Who was who at the end of a transaction, as far as the act touched it."""
        at = {"tx": tx, "hashes": self._hashes, "ents": self._ents}
        entity_of: dict[int, int] = {}
        members: defaultdict[int, set[str | int]] = defaultdict(set)
        for ent, pid, spoken_of_by_others in self._db.execute(_MEMBERS, at).fetchall():
            entity_of[pid] = ent
            members[ent].update([pid] if spoken_of_by_others else ())
        for pid, name, ref, start, stop in self._db.execute(_MENTIONS, at):
            members[entity_of[pid]].add(f"{name}#{part_of(ref, start, stop)}")
        return {frozenset(those) for those in members.values()}

    def edges(self, tx: int) -> set[str]:
        """The statements of the act's records that stood at the end of a transaction."""
        return {key for (key,) in self._db.execute(_EDGES, {"tx": tx, "hashes": self._hashes})}


def _json(values: Iterable[int]) -> str:
    return msgspec.json.encode(sorted(values)).decode()
