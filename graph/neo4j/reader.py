"""The graph in Neo4j as readers see it: `graph.port.GraphReader` at one moment.

The parts: `view` (session and moment), `identity` (keys and ids), `portraits` (entities), `facts` (edges,
lots), `archive` (records, alerts), `lookup` (search). What is not Cypher is shared with the SQLite store.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j import READ_ACCESS, Session

from graph.composed import ComposedReader, Parts
from graph.neo4j.access import Access
from graph.neo4j.archive import Archive
from graph.neo4j.facts import Facts
from graph.neo4j.identity import Neo4jIdentities
from graph.neo4j.lookup import Neo4jIndex
from graph.neo4j.portraits import Neo4jPortraits
from graph.neo4j.server import connected
from graph.neo4j.view import View

ALL_ROWS = -1
"""All rows of an answer at once: answers are small, and every page costs a round trip."""


class Neo4jReader(ComposedReader):
    """What the graph knew at `as_of` (microseconds), or knows at this moment. Not for several threads.

    It goes on seeing the state in which it was opened, while changes are applied.
    """

    def __init__(self, session: Session, as_of: int | None = None) -> None:
        view = View(session, as_of)
        identities = Neo4jIdentities(view)
        portraits = Neo4jPortraits(view, identities)
        parts = Parts(
            identities=identities,
            portraits=portraits,
            facts=Facts(view),
            archive=Archive(view),
            index=Neo4jIndex(view, portraits, identities),
        )
        super().__init__(parts, view.as_of)
        self._view = view

    def position(self) -> int:
        return self._view.tx


@contextmanager
def open_reader(access: Access, as_of: int | None = None) -> Iterator[Neo4jReader]:
    """A reader of the server that sees one unchanging state, even while changes are applied.

    Raises `StoreUnavailable` when nobody answers, the password is wrong or nothing is projected there yet,
    `UsageError` when the address is none.
    """
    with (
        connected(access) as driver,
        driver.session(
            database=access.database, default_access_mode=READ_ACCESS, fetch_size=ALL_ROWS
        ) as session,
    ):
        yield Neo4jReader(session, as_of)
