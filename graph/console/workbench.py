"""The workbench: one SQLite file beside the store for all that the console keeps itself.

The store is what is known, and can be made anew from the records; accounts, saved views and answers cannot,
and no reader of the store needs them. So they stand apart, in a file for its owner only (mode 0600). Several
server processes and the command line use it at once: WAL, and whoever finds it busy waits.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

from schemas.errors import StoreForeign, StoreLocked, StoreUnavailable

APPLICATION = 0x5359434F
"""“SYCO” in ASCII: a file with another one is not ours."""
VERSION = 2
_WAIT_SECONDS = 10.0
_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full: make room, nothing was half written",
    sqlite3.SQLITE_CORRUPT: "it is damaged: put back a copy of it",
    sqlite3.SQLITE_READONLY: "it may only be read: make the file and its folder writable",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: make its folder, and make it writable",
    sqlite3.SQLITE_IOERR: "the disk does not answer: check it",
}


class Workbench:
    """An open workbench, for all threads of a process: they take turns at its one connection.

    Turns are short (no password is hashed in one), so a connection for each thread would gain nothing.
    """

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self.path = path
        self._db, self._turn = db, RLock()

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """The workbench at `path`; a new one when there is none.

        Raises `StoreForeign` when the file is something else, of another version, or not its owner's alone;
        `StoreUnavailable` when it cannot be made or read.
        """
        path = Path(path)
        with _errors(path):
            if not path.exists():
                _make(path)
            if path.stat().st_mode & 0o077:
                raise StoreForeign(f"others than its owner can use the workbench: chmod 600 {path}")
            db = sqlite3.connect(path, isolation_level=None, timeout=_WAIT_SECONDS, check_same_thread=False)
            try:
                _check(db, path)
            except BaseException:
                db.close()
                raise
        return cls(path, db)

    def close(self) -> None:
        """Closes the file."""
        with self._turn:
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for questions that see one state.

        Raises `StoreUnavailable`, and `StoreLocked` when others kept it for too long.
        """
        yield from self._transaction("BEGIN")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction of its own: on disk when the block ends well, undone when it does not.

        Raises as `reading` does.
        """
        yield from self._transaction("BEGIN IMMEDIATE")

    @contextmanager
    def noting(self) -> Iterator[sqlite3.Connection]:
        """As `writing`, without waiting for the disk: for what a power cut may take back.

        When a session was last used, say, or the audit's head, which the audit itself is ahead of.
        """
        with self._turn, _errors(self.path):
            self._db.execute("PRAGMA synchronous = NORMAL")
            try:
                yield from self._transaction("BEGIN IMMEDIATE")
            finally:
                self._db.execute("PRAGMA synchronous = FULL")

    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._turn, _errors(self.path):
            self._db.execute(begin)
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise


def _make(path: Path) -> None:
    """A new workbench, unless another process was quicker: it appears whole, and replaces nothing."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    os.close(descriptor)
    draft = Path(name)
    try:
        db = sqlite3.connect(draft, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(Path(__file__).with_name("schema.sql").read_text("utf-8"))
            db.execute(f"PRAGMA application_id = {APPLICATION}")
            db.execute(f"PRAGMA user_version = {VERSION}")
        finally:
            db.close()
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()


def _check(db: sqlite3.Connection, path: Path) -> None:
    """Whether the file is a workbench of this version; what is not is left as it is."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION:
        raise StoreForeign(f"{path} is not a workbench: move it away or set SUYUAN_WORKBENCH")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        raise StoreForeign(f"{path} has version {version}, this program uses version {VERSION}")
    db.execute("PRAGMA journal_mode = WAL")  # which a copy from a backup has not
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    """SQLite's and the system's errors as ours, with what to do about them."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreLocked(f"another process keeps the workbench {path} to itself: wait for it") from error
        if code == sqlite3.SQLITE_NOTADB:
            raise StoreForeign(f"{path} is not a workbench: move it away or set SUYUAN_WORKBENCH") from error
        if code not in _ADVICE:
            raise  # a fault of ours, not of the file
        raise StoreUnavailable(f"the workbench {path}: {_ADVICE[code]}") from error
    except OSError as error:
        raise StoreUnavailable(f"the workbench {path} cannot be made or read: {error.strerror}") from error
