"""The projector: applies the owner's changes to the graph in Neo4j, each once, in order.

How far the graph is stands in the graph itself, in the node `Projection`, and moves in the same transaction
as what it tells of. So a change that comes again, from a redelivery or from an owner that has been replaced,
is recognised and does nothing, and two projectors at once wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from msgspec import Struct, structs
from neo4j import Driver, ManagedTransaction, Session

from graph.neo4j.errors import map_neo4j_errors
from graph.neo4j.schema import prepare
from graph.neo4j.writes import BEGIN, Rows, Write, begun, ended
from schemas.changes import Change
from schemas.errors import ProjectionBehind, StoreForeign

_ROWS_AT_ONCE = 5_000
"""Rows of one transaction of Neo4j, about: few enough that the next ones are made ready meanwhile, and enough
that a commit does not count."""
_WIPED_AT_ONCE = 10_000

_LOCK = """MERGE (p:Projection {name: 'suyuan'}) ON CREATE SET p.new = true
SET p.locked = true REMOVE p.locked RETURN properties(p)"""
_OTHERS = "MATCH (n) WHERE NOT n:Projection RETURN true LIMIT 1"
_MOVE = "MATCH (p:Projection {name: 'suyuan'}) SET p = $position, p.name = 'suyuan'"
# Each deletes a batch and says how many that were; to be run until it deletes nothing.
WIPES = (
    "MATCH ()-[f]->() WITH f LIMIT $most DELETE f RETURN count(*)",
    "MATCH (n) WHERE NOT n:Projection WITH n LIMIT $most DELETE n RETURN count(*)",
)


class Position(Struct, frozen=True, kw_only=True):
    """How far a projection is: the last part applied of which change. `wiping` while an older one goes."""

    store: str
    epoch: int
    seq: int
    part: int
    parts: int
    wiping: bool = False

    @property
    def whole(self) -> bool:
        """Whether the change of `seq` is there with all its parts."""
        return self.part == self.parts


class Projector:
    """Applies changes through a driver that stays the caller's."""

    def __init__(self, driver: Driver, database: str | None = None) -> None:
        self._driver = driver
        self._database = database

    def prepare(self) -> None:
        """Make constraints and indexes; call it once before the first change."""
        prepare(self._driver, self._database)

    def position(self) -> Position | None:
        """How far the graph is; None when nothing was ever projected, or what was is just being deleted."""
        with map_neo4j_errors(), self._session() as session:
            found = session.run("MATCH (p:Projection {name: 'suyuan'}) RETURN properties(p)").values()
        # a node that somebody else deletes while it is read is found without its properties
        return _position(found[0][0]) if found and "store" in found[0][0] else None

    def apply(self, changes: Iterable[Change]) -> None:
        """Apply changes in order; those seen before, or of an owner that was replaced, are passed over.

        A change of another store with a higher epoch empties the graph and begins anew. Transient errors
        are tried again. Raises `ProjectionBehind` when changes are missing in between, `StoreForeign`
        when the database holds something else, `StoreUnavailable` when the server stays away.
        """
        position = self.position()
        new = (one for one in changes if position is None or position.wiping or not _is_past(one, position))
        # What comes next is put into rows while the server works: both take about as long.
        with ThreadPoolExecutor(max_workers=1) as ahead:
            waiting: Future[list[Prepared]] | None = None
            for group in _groups(new):
                following = ahead.submit(_prepare, group)
                if waiting is not None:
                    self._apply(waiting.result())
                waiting = following
            if waiting is not None:
                self._apply(waiting.result())

    def _apply(self, group: list[Prepared]) -> None:
        with map_neo4j_errors(), self._session() as session:
            rest = group
            while rest:
                rest = session.execute_write(_apply, rest)
                if rest:
                    self._wipe(session)

    def _wipe(self, session: Session) -> None:
        """Empty the graph in batches. Cut short, it goes on with the next change: the position says so."""
        while session.execute_write(_wiped_some):
            pass

    def _session(self) -> Session:
        return self._driver.session(database=self._database)


class Prepared(NamedTuple):
    """A change with the statements for what it ends, and the rows of what it begins."""

    change: Change
    ended: list[Write]
    begun: dict[str, Rows]


def _prepare(changes: list[Change]) -> list[Prepared]:
    return [Prepared(change, list(ended(change)), begun(change)) for change in changes]


def _groups(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Changes that go into one transaction."""
    group: list[Change] = []
    rows = 0
    for change in changes:
        if group and rows + change.rows() > _ROWS_AT_ONCE:
            yield group
            group, rows = [], 0
        group.append(change)
        rows += change.rows()
    if group:
        yield group


def _apply(tx: ManagedTransaction, group: list[Prepared]) -> list[Prepared]:
    """Apply what is next; gives back what is to come after the graph was emptied."""
    position = _locked(tx)
    before = position
    for number, prepared in enumerate(group):
        change = prepared.change
        if position is not None and position.wiping:
            _move(tx, position, before)
            return group[number:]
        if position is not None and _is_past(change, position):
            continue
        if position is not None and change.store != position.store:
            position = structs.replace(_before(change), wiping=True)
            _move(tx, position, before)
            return group[number:]
        _must_follow(change, position)
        _write(tx, prepared)
        position = _at(change)
    _move(tx, position, before)
    return []


def _locked(tx: ManagedTransaction) -> Position | None:
    """The position, which nobody else moves until this transaction ends."""
    record = tx.run(_LOCK).single(strict=True)
    found: dict[str, Any] = record[0]
    if "store" in found:
        return _position(found)
    if tx.run(_OTHERS).single() is not None:
        raise StoreForeign(
            "this Neo4j holds a graph that is no projection of Suyuan's: give Suyuan a database of its own, "
            "or empty this one"
        )
    return None


def _write(tx: ManagedTransaction, prepared: Prepared) -> None:
    seq = prepared.change.seq
    for statement, rows in prepared.ended:
        tx.run(statement, rows=rows, seq=seq).consume()
    tx.run(BEGIN, begun=prepared.begun, seq=seq).consume()


def _move(tx: ManagedTransaction, position: Position | None, before: Position | None) -> None:
    if position is not None and position != before:
        tx.run(_MOVE, position=structs.asdict(position)).consume()


def _wiped_some(tx: ManagedTransaction) -> bool:
    """Delete a batch; whether there may be more. The position is looked at with each: whoever is late would
    delete what another projector, which was done with it, has written since.
    """
    position = _locked(tx)
    if position is None or not position.wiping:
        return False
    for statement in WIPES:
        if tx.run(statement, most=_WIPED_AT_ONCE).single(strict=True).value():
            return True
    _move(tx, structs.replace(position, wiping=False), position)
    return False


def _position(found: dict[str, Any]) -> Position:
    return Position(**{name: found[name] for name in Position.__struct_fields__})


def _at(change: Change) -> Position:
    return Position(
        store=change.store, epoch=change.epoch, seq=change.seq, part=change.part, parts=change.parts
    )


def _before(change: Change) -> Position:
    """Where a projection of the change's store begins."""
    return Position(store=change.store, epoch=change.epoch, seq=0, part=1, parts=1)


def _is_past(change: Change, position: Position) -> bool:
    """Whether a change says nothing new: it was applied, or its owner has been replaced."""
    if change.store != position.store:
        return change.epoch <= position.epoch
    if change.epoch < position.epoch:
        return True
    return (change.seq, change.part) <= (position.seq, position.part)


def _must_follow(change: Change, position: Position | None) -> None:
    """Raises `ProjectionBehind` unless the change is the very next one."""
    reached = position or _before(change)
    goes_on = change.seq == reached.seq and (change.part, change.parts) == (reached.part + 1, reached.parts)
    begins = reached.whole and change.part == 1 and change.after == reached.seq
    if not (goes_on or begins):
        raise ProjectionBehind(
            f"the graph in Neo4j is at transaction {reached.seq} of the owner, the next change is of "
            f"{change.seq}, which follows {change.after}: changes are missing in between. Let the projection "
            "read the changes from the beginning again; what is there already is passed over"
        )
