"""The audit: a file that only grows, in which everything stands that somebody read or did in the console.

`NAME.audit.jsonl` is for its owner only (mode 0600), and inspectors read it through the console. Lines are
chained (`audit_lines`); where the file ends stands in the workbench too, so a cut end shows (`verify`).
Someone who may write both files can forge both: whoever must exclude that keeps a head elsewhere.

An entry is on the disk before what it tells of is shown. If it cannot be written, the reading has to fail.
Several processes append at once. A crash leaves at most a line that the workbench does not know of yet, which
is taken over if it fits, or a part of a line, which is cut off, and a line says so. Where the end was cut off
by somebody, the next line still names the one that is gone: writing goes on, and `verify` finds the gap.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock
from typing import Self

from msgspec import structs

from graph.console.audit_lines import Entry, Head, Line, chained, sound
from graph.console.audit_pages import Page, page
from graph.console.audit_reading import Verdict, verify
from graph.console.workbench import Workbench
from schemas.errors import StoreError, StoreForeign, StoreUnavailable

MENDED = "mended"
"""The action of a line that says that a part of a line was cut off; `about` has how many bytes."""


class _Waiting:
    """An entry on its way into the file, and what became of it.

    `turn` is set when something has become of it, or when it is the first that waits: then who brought it
    writes all that wait.
    """

    def __init__(self, entry: Entry) -> None:
        self.entry, self.turn = entry, Event()
        self.line: Line | None = None
        self.failed: StoreError | None = None


class Audit:
    """An open audit, for all threads of a process. `clock` gives microseconds.

    Entries of several threads go to the disk together: one wait for the disk is for all that came meanwhile.
    """

    def __init__(self, path: Path, workbench: Workbench, clock: Callable[[], int]) -> None:
        self.path = path
        self._workbench, self._clock = workbench, clock
        self._queue: list[_Waiting] = []
        self._door, self._writing = Lock(), False

    @classmethod
    def open(cls, path: str | Path, workbench: Workbench, clock: Callable[[], int]) -> Self:
        """The audit at `path`, mended after a crash; a new one when there is none.

        Raises `StoreUnavailable`, and `StoreForeign` when others than its owner can use the file.
        """
        audit = cls(Path(path), workbench, clock)
        with audit._locked() as file:
            audit._write(file, audit._mended(file, clock()), [])
        return audit

    def append(self, entry: Entry) -> Line:
        """Writes an entry; it is on the disk when this returns. Not inside a turn at the workbench.

        Raises `StoreUnavailable` or `StoreLocked`: then what it tells of must not be shown.
        """
        mine = _Waiting(entry)
        with self._door:
            self._queue.append(mine)
            if not self._writing:
                self._writing = True
                mine.turn.set()
        mine.turn.wait()
        if mine.line is None and mine.failed is None:
            self._append_all()
        if mine.failed is not None:
            raise type(mine.failed)(str(mine.failed)) from mine.failed  # others raise it too
        assert mine.line is not None
        return mine.line

    def page(self, *, after: int | None = None, user: str | None = None, limit: int = 200) -> Page:
        """Lines from the end; see `audit_pages.page`."""
        return page(self.path, self.head(), after=after, user=user, limit=limit)

    def verify(self) -> Verdict:
        """Whether any line was changed, moved or removed; see `audit_reading.verify`."""
        return verify(self.path, self.head())

    def head(self) -> Head:
        """Where the audit ends as the workbench knows it; whoever must be sure keeps it elsewhere too."""
        return head_of(self._workbench)

    def _append_all(self) -> None:
        """Writes what waits, tells each what became of it, and leaves what came meanwhile to the next."""
        with self._door:
            batch, self._queue = self._queue, []
        failed: StoreError = StoreUnavailable(f"the audit {self.path} was not written")
        try:
            with self._locked() as file:
                at = self._clock()
                entries = [(each.entry, at) for each in batch]
                lines = self._write(file, self._mended(file, at), entries)
            for each, line in zip(batch, lines, strict=True):
                each.line = line
        except StoreError as error:
            failed = error
        finally:
            with self._door:
                self._writing = bool(self._queue)
                if self._queue:
                    self._queue[0].turn.set()
            for each in batch:
                each.failed = None if each.line else failed
                each.turn.set()

    def _write(self, file: int, end: _End, entries: Sequence[tuple[Entry, int]]) -> list[Line]:
        """Puts entries behind the end, and the new end into the workbench."""
        lines, written, head = [], b"", end.head
        for entry, at in (*end.first, *entries):
            line, raw = chained(head, entry, at)
            head = Head(n=line.n, hash=line.hash, size=head.size + len(raw))
            lines.append(line)
            written += raw
        if written:
            self._put(file, written, end.head.size)
        if head != end.known:
            with self._workbench.noting() as db:
                db.execute("INSERT OR REPLACE INTO audit_head VALUES (1, ?, ?, ?)", structs.astuple(head))
        return lines[len(end.first) :]

    def _put(self, file: int, written: bytes, size: int) -> None:
        """All of it on the disk, or none."""
        try:
            whole = os.write(file, written) == len(written)
            os.fsync(file)
        except OSError:
            with suppress(OSError):
                os.ftruncate(file, size)
            raise
        if not whole:
            os.ftruncate(file, size)
            raise StoreUnavailable(f"the audit {self.path}: the disk is full, so nothing can be read")

    def _mended(self, file: int, at: int) -> _End:
        """Where the file ends, made whole, and what has to be written first."""
        known = self.head()
        size = os.fstat(file).st_size
        if size == known.size:
            return _End(known, known)
        if size > known.size:
            head, torn = _taken_over(file, known)
            if head.size + torn == size:
                if not torn:
                    return _End(known, head)
                os.ftruncate(file, head.size)
                entry = Entry(user="", action=MENDED, about=(f"bytes:{torn}",))
                return _End(known, head, ((entry, at),))
        # Somebody cut it or wrote into it. Nothing is taken away, so that all of it can be looked at.
        if size and os.pread(file, 1, size - 1) != b"\n":
            size += os.write(file, b"\n")
        return _End(known, structs.replace(known, size=size))

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """The file, with all other processes and threads kept away."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        try:
            new = not self.path.exists()
            file = os.open(self.path, flags, 0o600)
            try:
                if os.fstat(file).st_mode & 0o077:
                    raise StoreForeign(f"others than its owner can use the audit: chmod 600 {self.path}")
                fcntl.flock(file, fcntl.LOCK_EX)
                if new:
                    _sync(self.path.parent)
                yield file
            finally:
                os.close(file)
        except OSError as error:
            raise StoreUnavailable(
                f"the audit {self.path} cannot be written: {error.strerror}, so nothing can be read"
            ) from error


class _End:
    """Where the file ends (`head`), what the workbench knew of it, and entries to be written first."""

    def __init__(self, known: Head, head: Head, first: tuple[tuple[Entry, int], ...] = ()) -> None:
        self.known, self.head, self.first = known, head, first


def head_of(workbench: Workbench) -> Head:
    """Where the audit ends as a workbench knows it."""
    with workbench.reading() as db:
        row = db.execute("SELECT n, hash, size FROM audit_head").fetchone()
    return Head() if row is None else Head(n=row[0], hash=row[1], size=row[2])


def _taken_over(file: int, head: Head) -> tuple[Head, int]:
    """The head after the lines that stand behind it and fit, and how many bytes without line end follow."""
    with open(file, "rb", closefd=False) as lines:
        lines.seek(head.size)
        for raw in lines:
            if not raw.endswith(b"\n"):
                return head, len(raw)
            line = sound(raw[:-1])
            if line is None or line.n != head.n + 1 or line.previous != head.hash:
                break
            head = Head(n=line.n, hash=line.hash, size=head.size + len(raw))
    return head, 0


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
