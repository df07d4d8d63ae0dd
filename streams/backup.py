"""A copy of a store and its vault as of one moment, taken while the owner goes on writing.

The store is copied first. Every batch has its originals in the vault before it is in the store, so the
vault, copied after it, holds all that the copied store rests on.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from msgspec import Struct

from graph.sqlite.errors import map_sqlite_errors
from graph.sqlite.reader import open_reader
from schemas.errors import StoreUnavailable, UsageError
from streams.settings import Settings


class Backup(Struct, frozen=True, kw_only=True):
    """Where the copies are, how many bytes they have together, and the last transaction in them."""

    store: str
    vault: str
    bytes: int
    tx: int


def back_up(settings: Settings, folder: Path) -> Backup:
    """Copies store and vault, but not the vault's key, into a folder that must not be there yet.

    The folder appears when the copies are whole and found sound. Raises `UsageError` when it
    is there, `StoreForeign` or `StoreUnavailable` when there is nothing to copy or it is damaged.
    """
    if folder.exists():
        raise UsageError(f"{folder} is there already: a backup replaces nothing, name a new folder")
    with open_reader(settings.store):
        pass  # it is a store of this version
    with _appearing(folder) as draft:
        store, vault = draft / settings.store.name, draft / settings.vault.name
        _copy(settings.store, store)
        _copy(settings.vault, vault)
        tx = _last_tx(store)
    size = sum((folder / each.name).stat().st_size for each in (store, vault))
    return Backup(store=str(folder / store.name), vault=str(folder / vault.name), bytes=size, tx=tx)


@contextmanager
def _appearing(folder: Path) -> Iterator[Path]:
    """A folder to fill, only for its owner, that gets its name when all went well."""
    draft = folder.with_name(f".{folder.name}.part")
    if draft.exists():
        shutil.rmtree(draft)  # of a backup that was killed
    draft.mkdir(mode=0o700, parents=True)
    try:
        yield draft
        draft.rename(folder)
    finally:
        if draft.exists():
            shutil.rmtree(draft)


def _copy(source: Path, target: Path) -> None:
    """One file through SQLite's online backup, which sees one state beside a writer."""
    target.touch(mode=0o600)
    with (
        map_sqlite_errors(),
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        (sound,) = new.execute("PRAGMA quick_check(1)").fetchone()
    if sound != "ok":
        raise StoreUnavailable(f"{source} is damaged ({sound}): keep it, and go back to an older backup")


def _last_tx(store: Path) -> int:
    with closing(sqlite3.connect(store)) as db:
        return int(db.execute("SELECT coalesce(max(tx), 0) FROM tx").fetchone()[0])
