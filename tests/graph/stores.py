"""One suite for the port over every store: the same records, read through SQLite and through Neo4j.

A test fills a SQLite store and asks for its reader with `reader_of(store)`. For Neo4j the store goes through
the change feed into the real server, again whenever the test changed it meanwhile.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from graph.neo4j.access import Access
from graph.neo4j.projector import Projector
from graph.neo4j.reader import Neo4jReader
from graph.neo4j.server import connected
from graph.sqlite.feed import Feed
from schemas.changes import Change
from streams.local.process import locked
from tests.servers import common

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from neo4j import Driver

    from tests.servers import Address


class Projections:
    """The shared server, to which one SQLite store after the other is projected."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.projector = Projector(driver)
        self._shown: tuple[sqlite3.Connection, int] | None = None
        self.session = driver.session(fetch_size=-1)

    def make_room(self) -> None:
        """Where other tests emptied the server, what they left goes, and constraints and indexes are made.

        They take seconds, so they stay for the next test.
        """
        self._shown = None
        if self.projector.position() is None:
            self.session.run("MATCH (n) DETACH DELETE n").consume()
            self.projector.prepare()

    @staticmethod
    def next_epoch() -> int:
        """Higher than that of whoever came before, in other processes too."""
        return time.time_ns()

    def renamed(self, changes: Iterable[Change]) -> Iterator[Change]:
        """The changes as those of a store that was never seen and whose owner came last."""
        epoch = self.next_epoch()
        return (structs.replace(change, store=f"s{epoch}", epoch=epoch) for change in changes)

    def show(self, connection: sqlite3.Connection) -> None:
        """Project the store anew unless the graph shows it as it is."""
        state = connection, connection.total_changes
        if self._shown == state:
            return
        self.projector.apply([*self.renamed(Feed(connection).since(0))] or [_nothing(self.next_epoch())])
        self._shown = state

    def present(self) -> Neo4jReader:
        """A reader of what the graph holds now, and goes on to see."""
        return Neo4jReader(self.session)

    def reader_of(self, connection: sqlite3.Connection, as_of: int | None = None) -> Any:
        """A reader of what the store holds whenever it is asked."""
        return _Following(self, connection, as_of)


class _Following:
    """A reader in Neo4j that sees what was put into the SQLite store since, like one on its connection."""

    def __init__(self, projections: Projections, connection: sqlite3.Connection, as_of: int | None) -> None:
        self._projections, self._connection, self._as_of = projections, connection, as_of

    def present(self) -> Neo4jReader:
        """A reader of what the store holds now."""
        self._projections.show(self._connection)
        return Neo4jReader(self._projections.session, self._as_of)

    def __getattr__(self, name: str) -> Any:
        self._projections.show(self._connection)
        return getattr(Neo4jReader(self._projections.session, self._as_of), name)


def _nothing(epoch: int) -> Change:
    return Change(store=f"s{epoch}", epoch=epoch, seq=1, after=0, received=0)


@pytest.fixture(scope="session")
def projections(neo4j: Address) -> Iterator[Projections]:
    """The shared server for projections; hold it with `held` while it is used."""
    access = Access(uri=neo4j.uri, password=neo4j.password)
    with connected(access) as driver:
        shared = Projections(driver)
        yield shared
        shared.session.close()


@contextmanager
def held(shared: Projections) -> Iterator[Projections]:
    """Nobody else uses the shared server meanwhile."""
    with locked(common() / "neo4j.use"):
        shared.make_room()
        yield shared
