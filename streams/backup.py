"""A copy of a store and its vault as of one moment, taken while the owner goes on writing, and of what the
console keeps beside them.

The store is copied first. Every batch has its originals in the vault before it is in the store, so the
vault, copied after it, holds all that the copied store rests on. So it is with the workbench and the audit:
the audit, copied after it, goes at least as far as the workbench says.
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
    """Where the copies are, how many bytes they have together, and the last transaction in them.

    `workbench` and `audit` are None where nobody has used the console.
    """

    store: str
    vault: str
    workbench: str | None
    audit: str | None
    bytes: int
    tx: int


def back_up(settings: Settings, folder: Path) -> Backup:
    """Copies store, vault, workbench and audit, but not the vault's key, into a new folder.

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
        if settings.workbench.exists():
            _copy(settings.workbench, draft / settings.workbench.name)
        if settings.audit.exists():
            _copy_lines(settings.audit, draft / settings.audit.name)
        tx = _last_tx(store)
    there = {each.name: each for each in folder.iterdir()}
    return Backup(
        store=str(folder / store.name),
        vault=str(folder / vault.name),
        workbench=_named(there.get(settings.workbench.name)),
        audit=_named(there.get(settings.audit.name)),
        bytes=sum(each.stat().st_size for each in there.values()),
        tx=tx,
    )


def _named(path: Path | None) -> str | None:
    return None if path is None else str(path)


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


def _copy_lines(source: Path, target: Path) -> None:
    """A file that only grows; a line that is half written meanwhile is mended when the copy is opened."""
    target.touch(mode=0o600)
    shutil.copyfile(source, target)


def _last_tx(store: Path) -> int:
    with closing(sqlite3.connect(store)) as db:
        return int(db.execute("SELECT coalesce(max(tx), 0) FROM tx").fetchone()[0])
