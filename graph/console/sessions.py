"""Sessions: who is signed in, until when, and for what purpose they read which case.

A session is known by the sha256 of its token, which only the browser has: whoever copies the workbench gets
into no session. What somebody may do is looked up each time, never kept in the session.
"""

from __future__ import annotations

import base64
import sqlite3
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest

from msgspec import Struct

from graph.console.access import Scope, checked_case
from graph.console.accounts import Account, found
from graph.console.passwords import Fresh
from graph.console.visits import note_visits
from graph.console.workbench import Workbench
from schemas.errors import Invalid, NotAMember, SessionEnded
from schemas.times import HOUR, MINUTE

LONGEST = 12 * HOUR
IDLE = 30 * MINUTE
OUTSIDE = ""
"""The key of the purpose of work outside a case."""
_NOTED = MINUTE
"""How exactly is known when a session was last used: an answer does not write each time."""
_TOKEN_BYTES = 32
_PURPOSE = (4, 200)


class Way(StrEnum):
    """How somebody showed who they are."""

    PASSWORD = "password"  # noqa: S105 -- the name of a way
    OIDC = "oidc"


class Session(Struct, frozen=True, kw_only=True):
    """Somebody at work, since they came by `way`. `expires` (microseconds) is when it ends if nothing is
    asked any more; `purposes` are by case. It does not show the secret against forged requests.
    """

    account: Account
    digest: bytes
    csrf: str
    purposes: dict[str, str]
    created: int
    seen: int
    way: Way = Way.PASSWORD

    @property
    def must_change(self) -> bool:
        """Whether the password they came with was given by somebody else: another one comes first.

        Whoever came without a password has shown who they are by other means, and has none to change.
        """
        return self.way is Way.PASSWORD and self.account.must_change

    @property
    def expires(self) -> int:
        """The end after half an hour without a question, and after twelve hours in any case."""
        return min(self.created + LONGEST, self.seen + IDLE)

    @property
    def scope(self) -> Scope:
        """What of the data is theirs."""
        return self.account.scope

    def purpose(self, case: str | None) -> str | None:
        """The purpose said for a case, or for work outside one; None when none was."""
        return self.purposes.get(checked_case(case) if case else OUTSIDE)

    def proves(self, csrf: str) -> bool:
        """Whether a request that changes something carries this session's secret."""
        return compare_digest(self.csrf.encode(), csrf.encode("utf-8", "surrogatepass"))

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"Session(user={self.account.user!r})"


class Sessions:
    """The sessions of a workbench. `fresh` gives random bytes, for tokens."""

    def __init__(self, workbench: Workbench, fresh: Fresh) -> None:
        self._workbench, self._fresh = workbench, fresh

    def start(self, account: Account, at: int, way: Way = Way.PASSWORD) -> tuple[str, Session]:
        """A session of somebody who was authenticated, and its token, which is kept nowhere.

        Sessions that have ended are forgotten on this occasion. Raises `SessionEnded` when the account was
        shut meanwhile.
        """
        token, csrf = self._secret(), self._secret()
        digest = digest_of(token)
        with self._workbench.writing() as db:
            over = (at - LONGEST, at - IDLE)
            note_visits(db, "created <= ? OR seen <= ? OR user = ?", (*over, account.user))
            db.execute("DELETE FROM session WHERE created <= ? OR seen <= ?", over)
            row = (digest, account.user, csrf, at, at, way.value)
            db.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?, ?)", row)
            return token, _session(db, digest, at)

    def one(self, token: str, at: int, *, asked: bool = True) -> Session:
        """The session of a token. Unless `asked` by a person, half an hour without a question goes on.

        Raises `SessionEnded`.
        """
        digest = digest_of(token)
        with self._workbench.reading() as db:
            session = _session(db, digest, at)
        if not asked or at - session.seen < _NOTED:
            return session
        with self._workbench.noting() as db:
            db.execute("UPDATE session SET seen = max(seen, ?) WHERE digest = ?", (at, digest))
            return _session(db, digest, at)

    def end(self, token: str) -> None:
        """Signs out; whoever is not signed in stays so."""
        digest = digest_of(token)
        with self._workbench.writing() as db:
            note_visits(db, "digest = ?", (digest,))
            db.execute("DELETE FROM session WHERE digest = ?", (digest,))

    def state_purpose(self, token: str, case: str | None, purpose: str, at: int) -> Session:
        """Says for what a case is read in this session, or what is read outside a case.

        Said again it replaces what was said; the audit has with each line what was said then. Raises
        `SessionEnded`, `NotAMember`, `Invalid`.
        """
        number, purpose = checked_case(case) if case else OUTSIDE, " ".join(purpose.split())
        shortest, longest = _PURPOSE
        if not shortest <= len(purpose) <= longest or not purpose.isprintable():
            raise Invalid("purpose", f"a purpose has {shortest} to {longest} characters")
        digest = digest_of(token)
        with self._workbench.writing() as db:
            session = _session(db, digest, at)
            if number and number not in session.scope.cases:
                raise NotAMember(f"the case {number} is not one of yours: its lead can add you")
            db.execute("INSERT OR REPLACE INTO purpose VALUES (?, ?, ?)", (digest, number, purpose))
            return _session(db, digest, at)

    def _secret(self) -> str:
        return base64.urlsafe_b64encode(self._fresh(_TOKEN_BYTES)).decode().rstrip("=")


def digest_of(token: str) -> bytes:
    """By what a session is known of which somebody has the token."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def _session(db: sqlite3.Connection, digest: bytes, at: int) -> Session:
    row = db.execute(
        "SELECT user, csrf, created, seen, way FROM session WHERE digest = ?", (digest,)
    ).fetchone()
    if row is None:
        raise SessionEnded("sign in: nobody is, or not any more")
    purposes = db.execute("SELECT case_no, purpose FROM purpose WHERE digest = ?", (digest,))
    session = Session(
        account=found(db, row[0]),
        digest=digest,
        csrf=row[1],
        purposes=dict(purposes.fetchall()),
        created=row[2],
        seen=row[3],
        way=Way(row[4]),
    )
    if session.expires <= at or session.account.disabled:
        raise SessionEnded("the session has ended: sign in again")
    return session
