"""The SQLite store as readers see it: `graph.port.GraphReader` at one moment.

Use `open_reader` for a file that someone else may be writing to; give `SqliteReader` the writer's own
connection to see what is not committed yet. The parts: `view` (connection and moment), `identity`
(keys and ids), `portraits` (entities), `facts` (edges, lots), `archive` (records, alerts), `lookup`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from stat import S_ISREG

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


_File = tuple[int, int]
"""Device and inode."""


class SqliteReader(ComposedReader):
    """What a SQLite store knew at `as_of` (microseconds), or knows now. Not for several threads."""

    _facts: Facts

    def __init__(
        self, connection: sqlite3.Connection, as_of: int | None = None, *, unchanging: bool = False
    ) -> None:
        view = View(connection, as_of, unchanging=unchanging)
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
    with closing(ReaderPool(path, kept=0)) as pool, pool.reading(as_of, give_up) as reader:
        yield reader


class ReaderPool:
    """Readers of one store file, for the threads of a server: connections are kept for the next one.

    What was mapped and cached of the file is there again, and statements need not be prepared anew: opening
    takes as long as many a question. Between readings no connection holds a state of the file.
    """

    def __init__(self, path: str | Path, kept: int = 8) -> None:
        self._path, self._most = Path(path), kept
        self._kept: list[tuple[_File, sqlite3.Connection]] = []

    @contextmanager
    def reading(
        self, as_of: int | None = None, give_up: Callable[[], bool] | None = None
    ) -> Iterator[SqliteReader]:
        """As `open_reader`."""
        with map_sqlite_errors():
            file, connection = self._taken()
            try:
                _begin(connection, self._path)
                connection.set_progress_handler(give_up, _STEPS)
                yield SqliteReader(connection, as_of, unchanging=True)
                connection.set_progress_handler(None, 0)
                connection.execute("ROLLBACK")
            except BaseException:
                connection.close()
                raise
            self._give_back(file, connection)

    def close(self) -> None:
        """Closes what is kept."""
        while self._kept:
            self._kept.pop()[1].close()

    def _taken(self) -> tuple[_File, sqlite3.Connection]:
        file = _file(self._path)
        while self._kept:
            try:
                known, connection = self._kept.pop()
            except IndexError:  # another thread was quicker
                break
            if known == file:
                return known, connection
            connection.close()  # another file has taken its place
        return file, _connected(self._path)

    def _give_back(self, file: _File, connection: sqlite3.Connection) -> None:
        if len(self._kept) < self._most:
            self._kept.append((file, connection))
        else:
            connection.close()


def _file(path: Path) -> _File:
    """Which file it is. Raises `StoreUnavailable` when there is none."""
    try:
        status = path.stat()
    except OSError:
        status = None
    if status is None or not S_ISREG(status.st_mode):
        raise StoreUnavailable(f"there is no store at {path}: put records into it with `suyuan ingest FILE`")
    return status.st_dev, status.st_ino


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_WAIT_SECONDS, isolation_level=None,
        check_same_thread=False,  # one after the other
    )  # fmt: skip
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _begin(connection: sqlite3.Connection, path: Path) -> None:
    """A transaction, in which it sees one state, of a file that is a store of ours."""
    connection.execute("BEGIN")
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise StoreForeign(f"{path} is not a Suyuan store; choose another --store")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        raise StoreForeign(f"{path} has version {version}, this program reads version {VERSION}")
