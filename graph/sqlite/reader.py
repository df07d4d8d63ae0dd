"""The SQLite store as readers see it: `graph.port.GraphReader` at one moment.

Use `open_reader` for a file that someone else may be writing to; give `SqliteReader` the writer's own
connection to see what is not committed yet. The parts: `view` (connection and moment), `identity`
(keys and ids), `portraits` (entities), `facts` (edges, lots), `archive` (records, alerts), `lookup`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.composed import ComposedReader, Parts
from graph.sqlite.archive import Archive
from graph.sqlite.errors import map_sqlite_errors
from graph.sqlite.facts import Facts
from graph.sqlite.format import APPLICATION_ID, VERSION
from graph.sqlite.identity import SqliteIdentities
from graph.sqlite.lookup import SqliteIndex
from graph.sqlite.portraits import SqlitePortraits
from graph.sqlite.view import View
from schemas.errors import StoreForeign, StoreUnavailable

_WAIT_SECONDS = 5.0
_STEPS = 2_000
"""Instructions of SQLite between two such questions: well below a millisecond."""
_CACHE_KIB = 262_144
_MAPPED_BYTES = 1 << 33


class SqliteReader(ComposedReader):
    """What a SQLite store knew at `as_of` (microseconds), or knows now. Not for several threads."""

    _facts: Facts

    def __init__(self, connection: sqlite3.Connection, as_of: int | None = None) -> None:
        view = View(connection, as_of)
        self._view = view
        identities = SqliteIdentities(view)
        portraits = SqlitePortraits(view, identities)
        parts = Parts(
            identities=identities,
            portraits=portraits,
            facts=Facts(view, identities),
            archive=Archive(view),
            index=SqliteIndex(view, portraits),
        )
        super().__init__(parts, view.as_of)

    def position(self) -> int:
        return self._view.last()

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection it reads through, for what else is to be read at the same state."""
        return self._view.connection


@contextmanager
def open_reader(
    path: str | Path, as_of: int | None = None, give_up: Callable[[], bool] | None = None
) -> Iterator[SqliteReader]:
    """A reader of a store file that sees one unchanging state, even beside a running ingest.

    While it reads it asks `give_up` now and then, and raises `TooSlow` when that says so.

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
            if give_up is not None:
                connection.set_progress_handler(give_up, _STEPS)
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
