"""The graph in Neo4j as readers see it: `graph.port.GraphReader` at one moment.

The parts: `view` (session and moment), `identity` (keys and ids), `portraits` (entities), `facts` (edges,
lots), `archive` (records, alerts), `lookup` (search). What is not Cypher is shared with the SQLite store.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j import READ_ACCESS, Driver, Session

from graph.composed import ComposedReader, Parts
from graph.neo4j.access import Access
from graph.neo4j.archive import Archive
from graph.neo4j.facts import Facts
from graph.neo4j.identity import Neo4jIdentities
from graph.neo4j.lookup import Neo4jIndex
from graph.neo4j.portraits import Neo4jPortraits
from graph.neo4j.server import CONNECT_SECONDS, connected, made_driver
from graph.neo4j.view import Left, View

ALL_ROWS = -1
"""All rows of an answer at once: answers are small, and every page costs a round trip."""


class Neo4jReader(ComposedReader):
    """What the graph knew at `as_of` (microseconds), or knows at this moment. Not for several threads.

    It goes on seeing the state in which it was opened, while changes are applied. When no time is `left` it
    raises `TooSlow`.
    """

    def __init__(self, session: Session, as_of: int | None = None, left: Left | None = None) -> None:
        view = View(session, as_of, left)
        identities = Neo4jIdentities(view)
        portraits = Neo4jPortraits(view, identities)
        parts = Parts(
            identities=identities,
            portraits=portraits,
            facts=Facts(view, identities),
            archive=Archive(view),
            index=Neo4jIndex(view, portraits, identities),
        )
        super().__init__(parts, view.as_of)
        self._view = view

    def position(self) -> int:
        return self._view.tx


@contextmanager
def open_reader(access: Access, as_of: int | None = None, left: Left | None = None) -> Iterator[Neo4jReader]:
    """A reader of the server that sees one unchanging state, even while changes are applied.

    Raises `StoreUnavailable` when nobody answers, the password is wrong or nothing is projected there yet,
    `UsageError` when the address is none.
    """
    with connected(access) as driver, _session(driver, access) as session:
        yield Neo4jReader(session, as_of, left)


class ReaderPool:
    """Readers of one server, for the threads of a console: through one driver, which keeps its connections.

    To open a connection, to say who asks and to be told the way takes as long as many a question. A server
    that was away is reached again by the first question after it is back.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._driver = made_driver(access)

    @contextmanager
    def reading(self, as_of: int | None = None, left: Left | None = None) -> Iterator[Neo4jReader]:
        """As `open_reader`."""
        with _session(self._driver, self._access) as session:
            yield Neo4jReader(session, as_of, left)

    def close(self) -> None:
        """Closes all connections; call it when nobody asks any more."""
        self._driver.close()


def _session(driver: Driver, access: Access) -> Session:
    return driver.session(
        database=access.database,
        default_access_mode=READ_ACCESS,
        fetch_size=ALL_ROWS,
        connection_acquisition_timeout=CONNECT_SECONDS,
    )
