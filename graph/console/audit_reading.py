"""Reading all of the audit: the proof that nobody changed it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from graph.console.audit_lines import START, Head, Line, read, sound
from schemas.errors import StoreUnavailable


class Wrong(StrEnum):
    """What can be wrong with a line."""

    CHANGED = "changed"
    MISSING = "missing"
    OUT_OF_ORDER = "out of order"
    CUT_OFF = "end cut off"


class Breach(Struct, frozen=True):
    """The first line that is wrong, and how; of an end that was cut off, the first line that is gone."""

    n: int
    how: Wrong


class Verdict(Struct, frozen=True):
    """How many lines are as they were written, and the fault behind them, if there is one."""

    lines: int
    fault: Breach | None = None

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault is None


def verify(path: Path, head: Head) -> Verdict:
    """Reads all of the audit and says which line is the first that is wrong; `head` is where it should end.

    Lines behind the head are right if they are chained: they came since, or a crash kept them from the
    workbench; so is a part of a line there, which the next opening cuts off. About 150,000 lines a second.
    Raises `StoreUnavailable`.
    """
    try:
        with path.open("rb") as file:
            return _verify(file, head)
    except FileNotFoundError:
        return Verdict(0, Breach(1, Wrong.CUT_OFF) if head.n else None)
    except OSError as error:
        raise unreadable(path, error) from error


def _verify(file: BinaryIO, head: Head) -> Verdict:
    n, before = 0, START
    for raw in file:
        if not raw.endswith(b"\n"):
            break
        line = sound(raw[:-1])
        if line is None:
            return Verdict(n, Breach(n + 1, Wrong.CHANGED))
        if line.n != n + 1:
            return Verdict(n, Breach(n + 1, _moved(file, line, n + 1)))
        if line.previous != before:
            first = n if n and _goes_on(file, line, head) else n + 1
            return Verdict(first - 1, Breach(first, Wrong.CHANGED))
        if line.n == head.n and line.hash != head.hash:
            return Verdict(n, Breach(n + 1, Wrong.CHANGED))
        n, before = line.n, line.hash
    return Verdict(n, Breach(n + 1, Wrong.CUT_OFF) if n < head.n else None)


def _moved(rest: BinaryIO, line: Line, expected: int) -> Wrong:
    """Whether the line that should stand here stands somewhere else."""
    later = line.n > expected
    found = later and any((other := read(raw)) is not None and other.n == expected for raw in rest)
    return Wrong.OUT_OF_ORDER if found or not later else Wrong.MISSING


def _goes_on(rest: BinaryIO, line: Line, head: Head) -> bool:
    """Whether what follows rests on this line: then it is the line before it that was written anew."""
    after = read(next(rest, b"").rstrip(b"\n"))
    return line.hash == (head.hash if after is None else after.previous)


def unreadable(path: Path, error: OSError) -> StoreUnavailable:
    """That the system does not give the audit."""
    return StoreUnavailable(f"the audit {path} cannot be read: {error.strerror}")
