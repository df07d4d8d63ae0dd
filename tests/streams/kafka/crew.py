"""A deployment for tests: workers in processes of their own, on real servers, as an operator starts them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from graph.export import canonical
from graph.neo4j.reader import open_reader as open_projection
from graph.neo4j.server import Access
from graph.sqlite.reader import open_reader
from schemas import changes, topics
from streams.local.neo4j import USER
from tests.streams.kafka.outpost import PATIENCE, Outpost, Process, eventually

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from tests.servers import Address

_SESSION = "6"
"""Seconds after which a killed worker's partitions are free."""


class Crew(Outpost):
    """Topics of its own, the workers on them, and a folder for the owner's store."""

    def __init__(self, folder: Path, bootstrap: str, prefix: str, neo4j: Address | None = None) -> None:
        super().__init__(folder, bootstrap, prefix, SUYUAN_KAFKA_SESSION=_SESSION)
        self.store = folder / "world.db"
        self.workers: list[Process] = []
        self.neo4j = neo4j
        if neo4j is not None:
            self.env |= {
                "SUYUAN_NEO4J_URI": neo4j.uri, "SUYUAN_NEO4J_USER": USER,
                "SUYUAN_NEO4J_PASSWORD": neo4j.password,
            }  # fmt: skip

    def start(self, kind: str, *words: str, **env: str) -> Process:
        """One more worker."""
        self.workers.append(self.background("worker", kind, *words, **env))
        return self.workers[-1]

    def begin(self, *words: object) -> subprocess.Popen[bytes]:
        """A command that goes on while others happen."""
        return self.background(*words).process

    # --- how far they are -----------------------------------------------------------------------

    def known(self) -> bool:
        """Whether the owner has taken all of the log, and told all that came of it."""
        ((_, end),) = self.ends(topics.CLAIMS).items()
        return end > 0 and self.query("SELECT next FROM input") == [(end,)] and self.told() == self.seq()

    def told(self) -> int:
        """The number of the last change that is out."""
        ((_, end),) = self.ends(topics.CHANGES).items()
        return self.changes(end - 1)[-1].seq if end else 0

    def changes(self, begin: int = 0) -> list[changes.Change]:
        """The changes that are out, from an offset on."""
        return [changes.decode(message.value) for message in self.messages(topics.CHANGES, begin)]

    def seq(self) -> int:
        """The number of the owner's last transaction."""
        return self.query("SELECT coalesce(max(tx), 0) FROM tx")[0][0] if self.store.exists() else 0

    def query(self, sql: str, store: Path | None = None) -> list[Any]:
        """Rows of the owner's store."""
        if not (path := store or self.store).exists():
            return []
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            try:
                return db.execute(sql).fetchall()
            except sqlite3.OperationalError:  # its tables are just being made
                return []

    def taken(self) -> int:
        """How many messages of the log the owner has taken."""
        found = self.query("SELECT next FROM input")
        return found[0][0] if found else 0

    def projected(self) -> bool:
        """Whether Neo4j shows all that the owner knows."""
        found = self.cypher("MATCH (p:Projection) WHERE p.part = p.parts RETURN p.store, p.seq")
        store = self.query("SELECT value FROM meta WHERE key = 'store'")
        return bool(store) and found == [[store[0][0], self.seq()]]

    def cypher(self, query: str) -> list[list[Any]]:
        """Rows of a query on Neo4j."""
        from neo4j import GraphDatabase

        assert self.neo4j is not None
        at = self.neo4j
        with (
            GraphDatabase.driver(
                at.uri, auth=(USER, at.password), notifications_min_severity="OFF"
            ) as driver,
            driver.session() as session,
        ):
            return session.run(query).values()

    def settle(self, *, neo4j: bool = True, patience: float = PATIENCE) -> None:
        """Waits until everything that was sent has come to the end of its way."""
        self._until(self.taken_in, "intake", patience)
        self._until(self.known, "the owner", patience)
        if neo4j and self.neo4j is not None:
            self._until(self.projected, "the projection", patience)

    def _until(self, holds: Callable[[], bool], what: str, patience: float) -> None:
        def supervised() -> bool:
            for worker in self.workers:
                worker.supervise()
            return holds()

        eventually(supervised, what, patience)

    # --- what is known --------------------------------------------------------------------------

    def export(self, store: Path | None = None) -> list[bytes]:
        """The owner's knowledge."""
        with open_reader(store or self.store) as reader:
            return list(canonical(reader))

    @property
    def access(self) -> Access:
        """How its Neo4j is reached."""
        assert self.neo4j is not None
        return Access(uri=self.neo4j.uri, user=USER, password=self.neo4j.password)

    def projection(self) -> list[bytes]:
        """What Neo4j shows of it."""
        with open_projection(self.access) as reader:
            return list(canonical(reader))
