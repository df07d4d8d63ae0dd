"""Lines of a table that are bound to all lines before them: the vault's audit and the store's ledger.

The tables refuse to change or lose lines (triggers beside their definitions); whoever goes around
that with another tool breaks the chain of hashes, and a cut end shows because the last hash stands in
`meta` too.
"""

from __future__ import annotations

import sqlite3
from hashlib import blake2b

import msgspec
from msgspec import Struct

from schemas.errors import SuyuanError

_START = b"\0" * 32


class Line(Struct, frozen=True, kw_only=True):
    """Who did what, when (microseconds) and why; `n` counts from 1."""

    n: int
    at: int
    who: str
    what: str
    because: str


class Chain(Struct, frozen=True, kw_only=True):
    """A chained table with the columns n, at, who, what, because and hash.

    `called` is what people call it, `error` what is raised when it was tampered with.
    """

    table: str
    called: str
    error: type[SuyuanError]

    def append(self, db: sqlite3.Connection, at: int, who: str, what: str, because: str) -> None:
        """Adds a line inside the caller's transaction."""
        last = db.execute(f"SELECT n, hash FROM {self.table} ORDER BY n DESC LIMIT 1").fetchone()
        n, before = last or (0, _START)
        line = Line(n=n + 1, at=at, who=who, what=what, because=because)
        link = _link(before, line)
        db.execute(f"INSERT INTO {self.table} VALUES (?, ?, ?, ?, ?, ?)", (*_fields(line), link))
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (self.table, link))

    def read(self, db: sqlite3.Connection) -> list[Line]:
        """All lines, oldest first. Raises `error` when one was changed, added or removed."""
        lines: list[Line] = []
        before = _START
        for n, at, who, what, because, link in db.execute(
            f"SELECT n, at, who, what, because, hash FROM {self.table} ORDER BY n"
        ):
            line = Line(n=n, at=at, who=who, what=what, because=because)
            if n != len(lines) + 1 or link != _link(before, line):
                raise self.error(f"line {len(lines) + 1} of {self.called} was changed: keep the file")
            lines.append(line)
            before = link
        head = db.execute("SELECT value FROM meta WHERE key = ?", (self.table,)).fetchone()
        if (head[0] if head else _START) != before:
            raise self.error(f"{self.called} was cut after line {len(lines)}: keep the file")
        return lines


def _fields(line: Line) -> tuple[int, int, str, str, str]:
    return line.n, line.at, line.who, line.what, line.because


def _link(before: bytes, line: Line) -> bytes:
    return blake2b(before + msgspec.json.encode(_fields(line)), digest_size=32).digest()
