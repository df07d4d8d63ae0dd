"""The audit: who opened what, when and why, each line bound to all lines before it.

The table refuses to change or lose lines; whoever goes around it with another tool breaks the chain
of hashes, and a cut end shows because the last hash stands in `meta` too.
"""

from __future__ import annotations

import sqlite3
from hashlib import blake2b

import msgspec
from msgspec import Struct

from schemas.errors import VaultError

SCHEMA = (
    """
    CREATE TABLE audit (
        n INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
        because TEXT NOT NULL, hash BLOB NOT NULL
    )
    """,
    """
    CREATE TRIGGER audit_stands BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
    """,
    """
    CREATE TRIGGER audit_stays BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
    """,
)
_START = b"\0" * 32


class Opening(Struct, frozen=True, kw_only=True):
    """One line of the audit. `what` names the record or the hash; `at` is in microseconds."""

    n: int
    at: int
    who: str
    what: str
    because: str


def append(db: sqlite3.Connection, at: int, who: str, what: str, because: str) -> None:
    """Adds a line inside the caller's transaction."""
    last = db.execute("SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1").fetchone() or (0, _START)
    opening = Opening(n=last[0] + 1, at=at, who=who, what=what, because=because)
    link = _link(last[1], opening)
    db.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", (*_fields(opening), link))
    db.execute("INSERT OR REPLACE INTO meta VALUES ('audit', ?)", (link,))


def read(db: sqlite3.Connection) -> list[Opening]:
    """All lines, oldest first. Raises `VaultError` when a line was changed, added or removed."""
    openings: list[Opening] = []
    before = _START
    for *fields, link in db.execute("SELECT n, at, who, what, because, hash FROM audit ORDER BY n"):
        n, at, who, what, because = fields
        opening = Opening(n=n, at=at, who=who, what=what, because=because)
        if n != len(openings) + 1 or link != _link(before, opening):
            raise VaultError(f"line {len(openings) + 1} of the vault's audit was changed: keep the file")
        openings.append(opening)
        before = link
    head = db.execute("SELECT value FROM meta WHERE key = 'audit'").fetchone()
    if (head[0] if head else _START) != before:
        raise VaultError(f"the vault's audit was cut after line {len(openings)}: keep the file")
    return openings


def _fields(opening: Opening) -> tuple[int, int, str, str, str]:
    return opening.n, opening.at, opening.who, opening.what, opening.because


def _link(before: bytes, opening: Opening) -> bytes:
    return blake2b(before + msgspec.json.encode(_fields(opening)), digest_size=32).digest()
