"""The SQLite store as readers see it: `graph.port.GraphReader` at one moment.

Use `open_reader` for a file that someone else may be writing to; give `SqliteReader` the writer's own
connection to see what is not committed yet. The parts: `view` (connection and moment), `identity`
(keys and ids), `portraits` (entities), `facts` (edges, lots), `archive` (records, alerts), `lookup`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.port import Appearance, Delivery, Direction, HeldLot, RecordCopy
from graph.sqlite.archive import Archive
from graph.sqlite.errors import map_sqlite_errors
from graph.sqlite.facts import Facts
from graph.sqlite.format import APPLICATION_ID, VERSION
from graph.sqlite.identity import Identities
from graph.sqlite.lookup import Lookup
from graph.sqlite.portraits import Portraits
from graph.sqlite.view import View
from schemas.alerts import Finding
from schemas.claims import MentionType
from schemas.entities import Edge, Entity
from schemas.errors import StoreForeign, StoreUnavailable
from schemas.ids import record_hash_of

_WAIT_SECONDS = 5.0
_CACHE_KIB = 262_144
_MAPPED_BYTES = 1 << 33


class SqliteReader:
    """What a SQLite store knew at `as_of` (microseconds), or knows now. Not for several threads."""

    def __init__(self, connection: sqlite3.Connection, as_of: int | None = None) -> None:
        view = View(connection, as_of)
        self._view = view
        self._identities = Identities(view)
        self._portraits = Portraits(view, self._identities)
        self._facts = Facts(view, self._identities)
        self._archive = Archive(view)
        self._lookup = Lookup(view, self._identities, self._archive)

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection it reads through, for what else is to be read at the same state."""
        return self._view.connection

    @property
    def as_of(self) -> int | None:
        return self._view.as_of

    def resolve(self, who: str) -> tuple[int, ...]:
        return self._lookup.resolve(who)

    def search(self, text: str, limit: int = 50) -> list[int]:
        return self._lookup.search(text, limit)

    def public_id(self, key: int) -> str:
        return self._identities.one(key)[0]

    def public_ids(self, keys: Iterable[int]) -> dict[int, str]:
        return self._identities.ids(keys)

    def type_of(self, key: int) -> MentionType:
        return self._identities.one(key)[1]

    def label(self, key: int) -> str:
        """The label; of an entity that is not live (any more), its id."""
        return self.labels((key,)).get(key) or self.public_id(key)

    def labels(self, keys: Iterable[int]) -> dict[int, str]:
        return self._portraits.labels(keys)

    def entities(self, keys: Iterable[int]) -> list[Entity]:
        return self._portraits.entities(keys)

    def all_entities(self, batch: int = 1000) -> Iterator[int]:
        return self._identities.all(batch)

    def entity_of_nodes(self, nodes: Iterable[int]) -> dict[int, int]:
        return self._identities.entities_of(nodes)

    def nodes_of(self, key: int) -> tuple[int, ...]:
        return tuple(self._identities.nodes((key,)).get(key, ()))

    def appearances(self, keys: Iterable[int]) -> dict[int, list[Appearance]]:
        return self._facts.appearances(keys)

    def deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]:
        return self._facts.deliveries(keys, direction)

    def held_lots(self, keys: Iterable[int]) -> dict[int, list[HeldLot]]:
        return self._facts.held_lots(keys)

    def users_of(self, value_key: int) -> list[int]:
        return self._facts.users_of(value_key)

    def values_used_by(self, keys: Iterable[int]) -> dict[int, list[int]]:
        return self._facts.values_used_by(keys)

    def edges_of(self, key: int, limit: int = 1000) -> list[Edge]:
        return self._facts.edges_at(key, limit)

    def all_edges(self, batch: int = 1000) -> Iterator[Edge]:
        return self._facts.all_edges(batch)

    def edge(self, identifier: str) -> Edge | None:
        record_hash = record_hash_of(identifier)
        if record_hash is None or not identifier.startswith("edg-"):
            return None
        edges = self._facts.edges_of_record(record_hash)
        return next((edge for edge in edges if edge.id == identifier), None)

    def record(self, name: str) -> RecordCopy | None:
        return self._archive.record(name)

    def entities_in(self, name: str) -> list[int]:
        return sorted(set(self.entity_of_nodes(self._archive.nodes_of_record(name)).values()))

    def findings(self, *, withdrawn: bool = False) -> Iterator[tuple[str, Finding]]:
        return self._archive.findings(withdrawn=withdrawn)

    def finding(self, identifier: str) -> tuple[Finding, bool] | None:
        return self._archive.finding(identifier)

    def withdrawn_deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]:
        if not self._facts.any_withdrawal():
            return []
        return self._facts.deliveries(keys, direction, "withdrawn")


@contextmanager
def open_reader(path: str | Path, as_of: int | None = None) -> Iterator[SqliteReader]:
    """A reader of a store file that sees one unchanging state, even beside a running ingest.

    Raises `StoreUnavailable` when there is no such file or it cannot be read, `StoreForeign` when
    it is something else, `StoreLocked` when a writer keeps it to itself.
    """
    path = Path(path)
    if not path.is_file():
        raise StoreUnavailable(f"there is no store at {path}: put records into it with `suyuan ingest FILE`")
    with map_sqlite_errors():
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_WAIT_SECONDS, isolation_level=None
        )
        try:
            _prepare(connection, path)
            yield SqliteReader(connection, as_of)
        finally:
            connection.close()


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
    connection.execute("PRAGMA query_only = ON")
    connection.execute("BEGIN")
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise StoreForeign(f"{path} is not a Suyuan store; choose another --store")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        raise StoreForeign(f"{path} has version {version}, this program reads version {VERSION}")
