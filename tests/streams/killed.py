"""Puts a file of records into a store and tells how far it is, so that a test can kill it on the way.

`python -m tests.streams.killed STORE RECORDS BATCH` writes one byte to standard output before it begins, and
one for every `STEP` statements that the store and its vault have run.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from graph.export import canonical
from graph.sqlite.reader import open_reader
from streams.embedded import Owner
from streams.inputs import read_lines
from streams.vault.vault import Vault

ROOT = Path(__file__).parents[2]
STEP = 10
NEVER = 1 << 60
_UNSEALED = "SELECT name FROM record WHERE name NOT IN (SELECT name FROM vault.sealed WHERE name NOT NULL)"

_COPIES = """SELECT r.name, f.name, k.name, c.alike FROM copy c JOIN record r ON r.rec = c.rec
    JOIN record f ON f.rec = c.first JOIN record k ON k.rec = c.known_by
    WHERE c.closed = 1 << 62 ORDER BY r.name"""


def _has_tables(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] > 0


def _moved(shared: Path) -> int:
    """Bytes at the head of a log that SQLite had begun to move into the file, and so had synced before.

    `nBackfillAttempted` of the WAL-index header.
    """
    return _end_of_frame(shared, 128)


def _committed(shared: Path) -> int:
    """Bytes at the head of a log that hold whole transactions: `mxFrame` of the WAL-index header."""
    return _end_of_frame(shared, 16)


def _end_of_frame(shared: Path, at: int) -> int:
    """Where the frame ends whose number stands there; a frame is a page of 4096 bytes and 24 of its own."""
    number = shared.read_bytes()[at : at + 4] if shared.exists() else b""
    return 32 + int.from_bytes(number, sys.byteorder) * 4120


_TORN = {"world.db": _moved, "world.vault": _committed}
"""Up to where a torn log is whole. What the vault has committed was on the disk before the store wrote what
rests on it, so no disk that keeps the order of syncs loses it and keeps the other."""


# --- in the process that is killed ----------------------------------------------------------------


def _tell(_: str) -> None:
    _tell.count += 1
    if _tell.count % STEP == 0:
        os.write(1, b".")


_tell.count = 0


def _ingest(store: Path, records: str, batch: int) -> None:
    os.write(1, b".")
    with Owner.open(store, clock=lambda: time.time_ns() // 1000) as owner, read_lines(records) as lines:
        owner.connection.set_trace_callback(_tell)
        owner._vault._db.set_trace_callback(_tell)
        owner.ingest(lines, batch=batch)


# --- in the test ----------------------------------------------------------------------------------


class Desk:
    """A store in a folder, and the file that is put into it again and again."""

    def __init__(self, folder: Path, records: Path, batch: int) -> None:
        self.folder, self.records, self.batch = folder, records, batch
        self.store = folder / "world.db"
        self.new()

    def new(self) -> None:
        """Begin again with nothing."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()

    def run(self, kill_at: int = NEVER, pause: float = 0.0) -> tuple[int, bool]:
        """One ingest, killed `pause` seconds after its step `kill_at`: steps seen, and whether it was."""
        command = (sys.executable, "-m", "tests.streams.killed", self.store, self.records, str(self.batch))
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            steps = 0
            while steps <= kill_at and process.stdout.read(1):
                steps += 1
            if steps > kill_at:
                time.sleep(pause)
                process.send_signal(signal.SIGKILL)
            code = process.wait(timeout=120)
        assert code in (0, -signal.SIGKILL)
        return steps, code != 0

    def tear(self, chance: random.Random) -> None:
        """Cut the logs off somewhere, as a disk does that lost its last writes."""
        for name, whole in _TORN.items():
            log = self.folder / f"{name}-wal"
            if log.exists() and (size := log.stat().st_size):
                os.truncate(log, chance.randrange(min(whole(self.folder / f"{name}-shm"), size), size + 1))

    def export(self) -> list[bytes]:
        """What is known, and after it which record is a copy of which."""
        with open_reader(self.store) as reader:
            return [*canonical(reader), *(repr(row).encode() for row in reader.connection.execute(_COPIES))]

    def faults(self) -> list[tuple[str]]:
        """What SQLite finds wrong, and records that were written before their originals were sealed.

        Looked for in a copy, because opening a file already mends it.
        """
        copy = self.folder.with_name(f"{self.folder.name}-copy")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder, copy)
        found = []
        with closing(sqlite3.connect(copy / "world.db")) as db:
            if (copy / "world.vault").exists():
                db.execute("ATTACH ? AS vault", (str(copy / "world.vault"),))
                found += db.execute(_UNSEALED).fetchall() if _has_tables(db) else []
            for name in ("main", "vault") if (copy / "world.vault").exists() else ("main",):
                found += [row for row in db.execute(f"PRAGMA {name}.integrity_check") if row != ("ok",)]
        return found

    def unsealed(self) -> set[str]:
        """Names of records in the store whose originals cannot be opened with the vault's key."""
        with open_reader(self.store) as reader:
            names = {name for (name,) in reader.connection.execute("SELECT name FROM record")}
        lines = set(self.records.read_bytes().splitlines())
        with Vault.open(self.folder / "world.vault") as vault:
            return {name for name in names if not self._sealed(vault, name) <= lines}

    def _sealed(self, vault: Vault, name: str) -> set[bytes]:
        key = self.folder / "world.vault.key"
        return set(vault.open_record(name, key, because="test", who="test").split(b"\n"))


if __name__ == "__main__":
    _ingest(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
