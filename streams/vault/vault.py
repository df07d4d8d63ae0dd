"""The vault's file: sealed originals by hash and name, the envelopes, and the audit.

One SQLite file of its own, on disk (`synchronous=FULL`) before the store's batch that rests on it.
Writing the same bytes twice keeps them once, so a batch that is repeated after a crash adds nothing.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nacl.public import PrivateKey
from nacl.utils import random

from schemas.errors import NotFound, UsageError, VaultError
from streams.vault import audit
from streams.vault.box import Opener, make_key, read_key
from streams.vault.files import appearing_whole
from streams.vault.original import Opened, Original, Sealed
from streams.vault.sealing import seal

APPLICATION = 0x53595641
VERSION = 1
_SCHEMA = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE envelope (n INTEGER PRIMARY KEY, box BLOB NOT NULL)",
    """
    CREATE TABLE sealed (
        n INTEGER PRIMARY KEY,
        sha256 BLOB NOT NULL UNIQUE,    -- of the whole message
        name TEXT,                      -- source/source_id, when it could be read
        received INTEGER NOT NULL,      -- microseconds
        what TEXT NOT NULL,             -- original, or reporter: sealed by its sender
        size INTEGER NOT NULL,          -- of the whole message; more than the body when a line was cut
        envelope INTEGER REFERENCES envelope,  -- NULL: the body is itself a sealed box
        body BLOB NOT NULL
    )
    """,
    "CREATE INDEX sealed_name ON sealed (name) WHERE name IS NOT NULL",
    *audit.SCHEMA,
    f"PRAGMA application_id = {APPLICATION}",
    f"PRAGMA user_version = {VERSION}",
)
_COLUMNS = "sealed.sha256, sealed.name, sealed.received, sealed.what, sealed.size, envelope.box, sealed.body"
_FROM = "sealed LEFT JOIN envelope ON envelope.n = sealed.envelope"


def _now() -> int:
    return time.time_ns() // 1000


class Vault:
    """An open vault. Writing needs nothing but the file; opening an item needs the key's file.

    `pepper` is a random secret of this vault that keys the digests of `streams.stages.seal`: without
    it, whoever reads a store could try telephone numbers until a digest fits.
    """

    def __init__(self, path: Path, db: sqlite3.Connection, clock: Callable[[], int]) -> None:
        self._path, self._db, self._clock = path, db, clock
        with _errors(path):
            meta: dict[str, bytes] = dict(db.execute("SELECT key, value FROM meta"))
        self.public_key = meta["public_key"]
        self.pepper = meta["pepper"]

    @classmethod
    def create_or_open(
        cls, path: str | Path, key_path: str | Path | None = None, clock: Callable[[], int] = _now
    ) -> Self:
        """The vault at `path`; a new one, with its key (mode 0600), when there is none.

        `key_path` is `PATH.key` unless given and is not looked at when the vault exists. Raises
        `VaultError` when the file is something else, or cannot be read or written.
        """
        path = Path(path)
        key_path = Path(key_path) if key_path else path.with_name(f"{path.name}.key")
        with _errors(path):
            if not path.exists():
                _make(path, key_path)
            db = sqlite3.connect(path, isolation_level=None, timeout=10)
            try:
                _check(db, path)
                return cls(path, db, clock)
            except BaseException:
                db.close()
                raise

    @classmethod
    def open(cls, path: str | Path, clock: Callable[[], int] = _now) -> Self:
        """The vault at `path`. Raises `NotFound` when there is none."""
        if not Path(path).exists():
            raise NotFound(f"there is no vault at {path}: name it with SUYUAN_VAULT")
        return cls.create_or_open(path, clock=clock)

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def put_many(self, originals: Iterable[Original]) -> int:
        """Seals a batch and puts it on disk; returns how many were not there yet.

        Raises `VaultError` (disk full, locked, read-only), and then none of the batch is kept.
        """
        return self.put_sealed(seal(originals, self.public_key))

    def put_sealed(self, items: Iterable[Sealed]) -> int:
        """Puts on disk what was sealed here or elsewhere; returns how many were not there yet.

        Raises as `put_many` does.
        """
        numbers: dict[bytes | None, int | None] = {None: None}
        with self._transaction() as db:
            rows = []
            for item in items:
                if item.envelope not in numbers:
                    made = db.execute("INSERT INTO envelope (box) VALUES (?)", (item.envelope,))
                    numbers[item.envelope] = made.lastrowid
                rows.append(
                    (
                        item.sha256, item.name, item.received, item.what, item.size,
                        numbers[item.envelope], item.body,
                    )
                )  # fmt: skip
            new = db.executemany(
                "INSERT INTO sealed (sha256, name, received, what, size, envelope, body) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
                rows,
            ).rowcount
            if new < len(rows):
                _drop_unused(db, rows)
        return max(new, 0)

    def sealed(self, sha256: str) -> Sealed | None:
        """An item in its box, to be passed on; None when it is not here. Opens nothing."""
        rows = self._rows("sha256 = ?", (bytes.fromhex(sha256),))
        return Sealed(*rows[0]) if rows else None

    def open_record(self, name: str, key_path: str | Path, *, because: str, who: str) -> bytes:
        """All that arrived under a record's name, oldest first, one message a line, in clear.

        A reporter that was sealed by its sender follows on a line of its own. The audit has the
        opening before a byte is returned. Raises `NotFound`, `UsageError` without a reason, and
        `VaultError` when the key is missing, wrong, or not its owner's alone.
        """
        rows = self._rows("name = ? ORDER BY sealed.n", (name,))
        if not rows:
            raise NotFound(f"the vault holds nothing under {name}")
        return b"\n".join(each.body for each in self._opened(rows, key_path, name, because, who))

    def open_refused(self, sha256: str, key_path: str | Path, *, because: str, who: str) -> Opened:
        """What was refused under the hash that `suyuan rejected` shows. Audited like `open_record`."""
        return next(self.open_many([sha256], key_path, because=because, who=who))

    def open_many(
        self, hashes: Sequence[str], key_path: str | Path, *, because: str, who: str
    ) -> Iterator[Opened]:
        """Many items by their hashes, in that order, with one line in the audit for each.

        The lines are written and the key is tried before this returns; the items are opened one by
        one. Raises as `open_record` does.
        """
        key = self._key(key_path, because, who)
        self._audit([f"sha256:{each}" for each in hashes], because, who)
        return self._each(hashes, Opener(key))

    def audit(self) -> list[audit.Opening]:
        """Every opening so far. Raises `VaultError` when the audit was tampered with."""
        with _errors(self._path):
            return audit.read(self._db)

    def verify_audit(self) -> int:
        """How many openings the audit holds, after checking that none was changed or removed.

        Raises `VaultError` when one was.
        """
        return len(self.audit())

    def _each(self, hashes: Sequence[str], opener: Opener) -> Iterator[Opened]:
        for each in hashes:
            rows = self._rows("sha256 = ?", (bytes.fromhex(each),))
            if not rows:
                raise NotFound(f"the vault holds nothing with the hash {each}")
            yield _open(rows[0], opener)

    def _opened(
        self, rows: list[tuple[Any, ...]], key_path: str | Path, what: str, because: str, who: str
    ) -> list[Opened]:
        opener = Opener(self._key(key_path, because, who))
        self._audit([what], because, who)
        return [_open(row, opener) for row in rows]

    def _key(self, key_path: str | Path, because: str, who: str) -> PrivateKey:
        if not because.strip() or not who.strip():
            raise UsageError("opening the vault needs a reason and a name: --because WHY")
        key = read_key(Path(key_path))
        if bytes(key.public_key) != self.public_key:
            raise VaultError(f"{key_path} is the key of another vault, not of {self._path}")
        return key

    def _audit(self, what: Sequence[str], because: str, who: str) -> None:
        with self._transaction() as db:
            for each in what:
                audit.append(db, self._clock(), who, each, because)

    def _rows(self, condition: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with _errors(self._path):
            return self._db.execute(f"SELECT {_COLUMNS} FROM {_FROM} WHERE {condition}", values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with _errors(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise


def _drop_unused(db: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Remove the envelopes of items that were all there before."""
    ours = {row[5] for row in rows} - {None}
    for sha256_, *_, number, _ in rows:
        used = db.execute("SELECT envelope FROM sealed WHERE sha256 = ?", (sha256_,)).fetchone()
        if number is not None and used[0] == number:
            ours.discard(number)
    db.executemany("DELETE FROM envelope WHERE n = ?", [(number,) for number in ours])


def _open(row: tuple[Any, ...], opener: Opener) -> Opened:
    digest, name, received, what, size, envelope, body = row
    clear = opener.open(envelope, body)
    if what == "original" and len(clear) == size and sha256(clear).digest() != digest:
        raise VaultError("an item of the vault is not what its hash says: the file was changed")
    return Opened(sha256=digest, name=name, received=received, body=clear, size=size, what=what)


def _make(path: Path, key_path: Path) -> None:
    """A new vault, unless another process was quicker."""
    public_key = bytes(make_key(key_path).public_key)
    with suppress(FileExistsError), appearing_whole(path) as draft:
        db = sqlite3.connect(draft, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("BEGIN")
            for statement in _SCHEMA:
                db.execute(statement)
            secrets = [("public_key", public_key), ("pepper", random(32))]
            db.executemany("INSERT INTO meta VALUES (?, ?)", secrets)
            db.execute("COMMIT")
        finally:
            db.close()


def _check(db: sqlite3.Connection, path: Path) -> None:
    """Whether the file is a vault of this version; what is not is left as it is."""
    found = tuple(db.execute(f"PRAGMA {mark}").fetchone()[0] for mark in ("application_id", "user_version"))
    if found != (APPLICATION, VERSION):
        raise VaultError(f"{path} is not a vault of this version: move it away or set SUYUAN_VAULT")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA cache_size = -65536")  # 64 MiB: the two indexes are written at random


_ADVICE = {
    sqlite3.SQLITE_BUSY: "another process is writing to it: wait for it or stop it",
    sqlite3.SQLITE_LOCKED: "another process is writing to it: wait for it or stop it",
    sqlite3.SQLITE_FULL: "the disk is full: make room and start again, nothing was half written",
    sqlite3.SQLITE_NOTADB: "it is not a vault: move it away or set SUYUAN_VAULT",
    sqlite3.SQLITE_CORRUPT: "it is damaged: put back a copy of it",
    sqlite3.SQLITE_READONLY: "it may only be read: make the file and its folder writable",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: make its folder, and make it writable",
    sqlite3.SQLITE_IOERR: "the disk does not answer: check it",
}


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    """SQLite's and the system's errors as `VaultError`s that say what to do."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a fault of ours, not of the file
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        raise VaultError(f"the vault {path}: {_ADVICE.get(code, type(error).__name__)}") from error
    except OSError as error:
        raise VaultError(f"the vault {path} cannot be made or read: {error.strerror}") from error
