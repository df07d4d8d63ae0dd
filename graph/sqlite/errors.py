"""SQLite's errors as ours, with what to do about them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from schemas.errors import StoreForeign, StoreLocked, StoreUnavailable, TooSlow


@contextmanager
def map_sqlite_errors() -> Iterator[None]:
    """Re-raise what SQLite raises for the file (not for our SQL) as the most specific store error."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", None)
        primary = code & 0xFF if code is not None else None
        if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreLocked(
                "another process holds the store; wait for it or use another --store"
            ) from error
        if primary == sqlite3.SQLITE_INTERRUPT:
            raise TooSlow("this took too long and was cancelled: ask for less") from error
        if primary == sqlite3.SQLITE_NOTADB:
            raise StoreForeign("the file is not a Suyuan store; choose another --store") from error
        if primary == sqlite3.SQLITE_FULL:
            raise StoreUnavailable("the disk is full; free some space and run the command again") from error
        if primary in (
            sqlite3.SQLITE_CORRUPT,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_PERM,
        ):
            raise StoreUnavailable(f"the store cannot be read or written ({error})") from error
        raise
