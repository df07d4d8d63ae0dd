"""`suyuan bench ingest`: records a second through the whole pipeline on one core, beside the floor."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from msgspec import Struct

from schemas.records import Message, Refusal
from streams.bench.floor import floor
from streams.bench.stopwatch import watching
from streams.bench.worlds import RECORDS, STORE, Tell, apart, highest_resident, make_world, quiet
from streams.embedded import IngestReport, Owner
from streams.inputs import read_lines
from streams.ledger import Act
from streams.pipeline import Outcome

_PAGE, _FRAME_HEAD = 4096, 24
_FRAMES_AT, _SALT_AT = 16, 32
"""Where SQLite's index of the log has the number of frames, in the machine's byte order, and what
tells one log from the next ("WAL-mode File Format" of its documentation)."""


class Ingested(Struct, frozen=True, kw_only=True):
    """An ingest and what it took: `worst_batch`, `processor` and `stages` in seconds, `resident` in
    MiB at the highest, `logged` in bytes of SQLite's log."""

    report: IngestReport
    processor: float
    worst_batch: float
    resident: float
    logged: int
    stages: dict[str, float]


class LogMeter:
    """Counts the bytes that go into a store's write-ahead log, however often the log begins anew.

    It must be closed after the store: when a process closes this file, SQLite's locks on it go too.
    """

    def __init__(self, store: Path) -> None:
        self._file = os.open(f"{store}-shm", os.O_RDONLY)
        self._last = self._now()
        self.bytes = 0

    def look(self) -> None:
        """Adds what was written since the last look; to be called after every batch."""
        frames, log = self._now()
        written = frames - self._last[0] if log == self._last[1] else frames
        self.bytes += written * (_PAGE + _FRAME_HEAD)
        self._last = frames, log

    def _now(self) -> tuple[int, bytes]:
        frames = int.from_bytes(os.pread(self._file, 4, _FRAMES_AT), sys.byteorder)
        return frames, os.pread(self._file, 8, _SALT_AT)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)


def run(records: int = 10_000, seed: int = 1, tell: Tell = quiet) -> dict[str, Any]:
    """The figures of one size. `of_floor` is the part of the floor's speed that the ingest reaches."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        apart(tell, make_world, folder, records, seed)
        ingested: Ingested = apart(tell, ingest_world, folder, records)
        opening, resident = apart(tell, open_again, folder)
        beneath = apart(tell, floor, folder)
        stored = (folder / STORE).stat().st_size
    read, seconds = ingested.report.read, ingested.report.seconds
    return {
        "records": read,
        "seconds": seconds,
        "records_a_second": round(read / seconds),
        "processor_ms_a_record": round(1000 * ingested.processor / read, 3),
        "floor_records_a_second": round(read / beneath.seconds),
        "floor_processor_ms_a_record": round(1000 * beneath.processor / read, 3),
        "of_floor": round(beneath.seconds / seconds, 3),
        "worst_batch_seconds": ingested.worst_batch,
        "resident_mib": ingested.resident,
        "open_seconds": opening,
        "open_resident_mib": resident,
        "log_bytes_a_record": round(ingested.logged / read),
        "store_bytes_a_record": round(stored / read),
        "stages_ms_a_record": {
            stage: round(1000 * taken / read, 4) for stage, taken in ingested.stages.items()
        },
    }


class _Watched(Owner):
    """An owner whose batches are timed, each from the end of the one before, and told of."""

    took: list[float]
    after: Callable[[int], None]
    since: float
    read: int

    def take(self, messages: list[Message], act: Act | None = None) -> tuple[Outcome, list[Refusal]]:
        outcome = super().take(messages, act)
        self.took.append(time.perf_counter() - self.since)
        self.read += len(messages)
        self.after(self.read)
        self.since = time.perf_counter()
        return outcome

    def watch(self, after: Callable[[int], None]) -> None:
        """From now on; `after` is called with the number of lines that were read."""
        self.took, self.after, self.since, self.read = [], after, time.perf_counter(), 0


def ingest_world(folder: Path, records: int, tell: Tell = quiet) -> Ingested:
    """Ingests the folder's records into its store and watches every batch and stage."""
    tell("ingesting", 0, records)
    owner = _Watched.open(folder / STORE, clock=clock)
    with LogMeter(folder / STORE) as log, owner, watching() as watch:

        def after(read: int) -> None:
            log.look()
            tell("ingesting", read, records)

        with read_lines(str(folder / RECORDS)) as lines:
            started = time.process_time()
            owner.watch(after)
            report = owner.ingest(lines)
            taken = time.process_time() - started
    return Ingested(
        report=report,
        processor=taken,
        worst_batch=round(max(owner.took), 3),
        resident=highest_resident(),
        logged=log.bytes,
        stages=watch.seconds(),
    )


def open_again(folder: Path, tell: Tell = quiet) -> tuple[float, float]:
    """Seconds to open the folder's store for writing, and MiB of memory after it."""
    tell("opening", 0, 1)
    started = time.perf_counter()
    with Owner.open(folder / STORE, clock=clock):
        return round(time.perf_counter() - started, 3), highest_resident()


def clock() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1000
