"""Pages of the audit from its end, each checked as far as it reads: `audit_reading.verify` checks the whole.

What a page says of itself is this and no more. Of all users its lines are as they were written, follow one
another without a gap, and are followed by the line that they were asked before, or, on the first page, by the
end that the workbench knows: nobody changed, moved or removed one of them. Of one user each line is as it was
written; whether others are missing between them only the whole chain tells.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec
from msgspec import Struct

from graph.console.audit_lines import Head, Line, read, sound
from graph.console.audit_reading import Breach, Wrong, unreadable

_BLOCK = 1 << 16


class Checked(Struct, frozen=True):
    """What was looked at: lines that follow one another (`chain`) or each for itself (`lines`), and the first
    fault that was met, from the end on.
    """

    how: Literal["chain", "lines"]
    fault: Breach | None = None


class Page(Struct, frozen=True):
    """Lines, the latest first; `next` is what to give as `after` for those before, if there are any."""

    lines: list[Line]
    next: int | None
    checked: Checked


def page(
    path: Path, head: Head, *, after: int | None = None, user: str | None = None, limit: int = 200
) -> Page:
    """The last `limit` lines, of one user or all, before the line `after`; `head` is where all should end.

    Of all users it costs what it shows; of one user what lies between. Lines that cannot be read are left
    out, and are a fault. Raises `StoreUnavailable`.
    """
    try:
        with path.open("rb") as file:
            end, follower = _before(file, after)
            raws = _backwards(file, end)
            return _of_one(raws, user, limit) if user else _of_all(raws, follower, head, limit)
    except FileNotFoundError:
        fault = Breach(head.n, Wrong.CUT_OFF) if head.n else None
        return Page([], None, Checked("lines" if user else "chain", fault))
    except OSError as error:
        raise unreadable(path, error) from error


def _of_all(raws: Iterator[bytes], follower: Line | None, head: Head, limit: int) -> Page:
    found = list(islice(raws, limit + 1))
    fault: Breach | None = None
    lines: list[Line] = []
    for raw in found[:limit]:
        line = sound(raw)
        fault = fault or _wrong(line, lines[-1] if lines else follower, head)
        readable = line or read(raw)
        if readable is not None:
            lines.append(readable)
    if not found and follower is None and head.n:
        fault = Breach(1, Wrong.CUT_OFF)
    more = len(found) > limit and lines
    return Page(lines, lines[-1].n if more else None, Checked("chain", fault))


def _wrong(line: Line | None, follower: Line | None, head: Head) -> Breach | None:
    """What is wrong with a line, from the one behind it or, where there is none, from the end."""
    if line is None:
        return Breach(head.n if follower is None else follower.n - 1, Wrong.CHANGED)
    if follower is None and line.n < head.n:
        return Breach(line.n + 1, Wrong.CUT_OFF)
    if follower is not None and line.n != follower.n - 1:
        return Breach(follower.n - 1, Wrong.MISSING if line.n < follower.n else Wrong.OUT_OF_ORDER)
    told = follower.previous if follower is not None else head.hash if line.n == head.n else line.hash
    as_kept = line.n != head.n or line.hash == head.hash
    return None if line.hash == told and as_kept else Breach(line.n, Wrong.CHANGED)


def _of_one(raws: Iterator[bytes], user: str, limit: int) -> Page:
    needle = b'"user":' + msgspec.json.encode(user)
    lines: list[Line] = []
    fault = None
    for raw in raws:
        if needle not in raw:
            continue
        line = read(raw)
        if line is None or line.user != user:
            continue
        if len(lines) == limit:
            return Page(lines, lines[-1].n, Checked("lines", fault))
        if sound(raw) is None:
            fault = fault or Breach(line.n, Wrong.CHANGED)
        lines.append(line)
    return Page(lines, None, Checked("lines", fault))


# --- where lines stand ------------------------------------------------------------------------------


def _before(file: BinaryIO, after: int | None) -> tuple[int, Line | None]:
    """Where the lines before this one end, and the first line behind that, if there is one.

    What stands behind the last line end is no line yet: a crash left it, and the next opening cuts it off.
    """
    size = file.seek(0, os.SEEK_END)
    if after is None:
        return _whole_lines(file, size), None
    start = _start_of(file, after, size)
    file.seek(start)
    return start, read(file.readline().rstrip(b"\n"))


def _whole_lines(file: BinaryIO, size: int) -> int:
    """Where the last line end is."""
    end = size
    while end:
        start = max(0, end - _BLOCK)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _start_of(file: BinaryIO, n: int, size: int) -> int:
    """Where the first line begins that is this one or a later one: lines grow, so it is found by halves."""
    low, high = 0, size
    while high - low > _BLOCK:
        middle = (low + high) // 2
        file.seek(middle)
        file.readline()
        begun = file.tell()
        line = read(file.readline().rstrip(b"\n"))
        if begun >= high:
            break
        if line is None or line.n < n:
            low = begun
        else:
            high = begun
    file.seek(low)
    while raw := file.readline():
        line = read(raw.rstrip(b"\n"))
        if line is not None and line.n >= n:
            break
        low += len(raw)
    return low


def _backwards(file: BinaryIO, end: int) -> Iterator[bytes]:
    """The lines up to a place, from the last to the first, without their ends."""
    rest = b""
    while end:
        start = max(0, end - _BLOCK)
        file.seek(start)
        first, *lines = (file.read(end - start) + rest).split(b"\n")
        yield from (line for line in reversed(lines) if line)
        end, rest = start, first
    if rest:
        yield rest
