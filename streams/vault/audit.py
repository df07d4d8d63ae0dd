"""The audit: who opened what, when and why, each line bound to all lines before it."""

from __future__ import annotations

from schemas.errors import VaultError
from streams.chain import Chain, Line

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

Opening = Line
"""One opening; `what` names the record or the hash."""

_CHAIN = Chain(table="audit", called="the vault's audit", error=VaultError)
append, read = _CHAIN.append, _CHAIN.read
