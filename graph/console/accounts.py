"""Accounts: who may sign in, as what, and where.

A wrong name and a wrong password are refused with the same words and after the same time, and names that
nobody has are locked like others, so that trying says nothing about who is here. Whatever changes what
somebody may do ends their sessions.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from typing import overload

import msgspec
from msgspec import Struct, structs

from graph.console.access import Role, Scope, checked_case, checked_region
from graph.console.lockout import Attempts, failed
from graph.console.passwords import Fresh, Passwords, check, made_up
from graph.console.visits import note_visits
from graph.console.workbench import Workbench
from schemas.errors import AccountLocked, CredentialsRefused, Invalid, NoAccount, NotFound

_USER = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}", re.ASCII)
_LONGEST_NAME = 80
_MOST_NAMES = 10_000
"""Names nobody has whose failures are remembered; beyond, those that failed longest ago are forgotten."""
FIRST = "admin"
"""The user of the first administrator."""


class Account(Struct, frozen=True, kw_only=True):
    """Somebody who may sign in; the hash of the password is not in it. `made` in microseconds."""

    user: str
    name: str
    role: Role
    regions: tuple[str, ...]
    cases: tuple[str, ...]
    disabled: bool
    must_change: bool
    locked_until: int
    made: int

    @property
    def scope(self) -> Scope:
        """What of the data is theirs."""
        return Scope(user=self.user, role=self.role, regions=self.regions, cases=frozenset(self.cases))


class Newcomer(Struct, frozen=True, kw_only=True):
    """Somebody who is to have an account; the values as they were typed."""

    user: str
    name: str
    role: Role
    regions: Sequence[str] = ()
    cases: Sequence[str] = ()


class Change(Struct, frozen=True, kw_only=True):
    """What is to be another for an account; what is None stays."""

    name: str | None = None
    role: Role | None = None
    regions: Sequence[str] | None = None
    cases: Sequence[str] | None = None
    disabled: bool | None = None


class Renewal(Struct, frozen=True):
    """A password and the one that is to take its place; it does not show them."""

    old: str
    new: str

    def __repr__(self) -> str:
        """Without what is secret."""
        return "Renewal(…)"


class Accounts:
    """The accounts of a workbench. `fresh` gives random bytes, for passwords that are made up."""

    def __init__(self, workbench: Workbench, fresh: Fresh, passwords: Passwords | None = None) -> None:
        self._workbench, self._fresh = workbench, fresh
        self._passwords = passwords or Passwords()

    def all(self) -> list[Account]:
        """Everybody, by user."""
        with self._workbench.reading() as db:
            return [found(db, user) for (user,) in db.execute("SELECT user FROM account ORDER BY user")]

    def one(self, user: str) -> Account:
        """One account. Raises `NotFound`."""
        with self._workbench.reading() as db:
            return found(db, user)

    def members(self, case: str) -> list[Account]:
        """Who is in the team of a case, by user."""
        with self._workbench.reading() as db:
            rows = db.execute(
                "SELECT user FROM member WHERE case_no = ? ORDER BY user", (checked_case(case),)
            )
            return [found(db, user) for (user,) in rows.fetchall()]

    def add(self, new: Newcomer, at: int, password: str | None = None) -> str:
        """A new account; returns its password, made up unless given, which is kept nowhere.

        It has to be changed at the first use. Raises `Invalid`.
        """
        user, name = _checked_user(new.user), _checked_name(new.name)
        places, teams = _checked(new.regions, new.cases)
        password = self._given(password, user, name)
        known = self._passwords.hash(password)
        with self._workbench.writing() as db:
            if _there(db, user):
                raise Invalid("user", f"there is an account {user} already")
            _insert(db, structs.replace(new, user=user, name=name), known, at)
            _grant(db, user, places, teams)
        return password

    def first_administrator(self, at: int) -> str | None:
        """Makes `admin` where there is no account at all, and returns the password; else None."""
        with self._workbench.reading() as db:
            if _any(db):
                return None
        password = made_up(self._fresh)
        known = self._passwords.hash(password)
        with self._workbench.writing() as db:
            if _any(db):  # another server was quicker
                return None
            _insert(db, Newcomer(user=FIRST, name="Administrator", role=Role.ADMINISTRATOR), known, at)
        return password

    def authenticate(self, user: str, password: str, at: int) -> Account:
        """The account that has this name and password.

        Raises `CredentialsRefused`, or `AccountLocked` after too many failures, to the right password too.
        """
        user = user.strip().casefold()
        if not _USER.fullmatch(user):
            user = ""  # nobody's, and as slow
        with self._workbench.reading() as db:
            _check_lock(_attempts(db, user), at)
            row = db.execute("SELECT hash, disabled FROM account WHERE user = ?", (user,)).fetchone()
        known, disabled = row or (None, True)
        if not self._passwords.fits(known, password) or known is None or disabled:
            self._failed(user, at)
            raise _refused()
        anew = self._passwords.hash(password) if self._passwords.outdated(known) else None
        with self._workbench.writing() as db:
            _check_lock(_attempts(db, user), at)  # others may have failed meanwhile
            if db.execute("SELECT hash, disabled FROM account WHERE user = ?", (user,)).fetchone() != row:
                raise _refused()
            db.execute("DELETE FROM attempt WHERE user = ?", (user,))
            if anew is not None:
                db.execute("UPDATE account SET hash = ? WHERE user = ?", (anew, user))
            return found(db, user)

    def vouched(self, user: str) -> Account:
        """The account of somebody for whom an identity provider answers, by the name that it gives.

        A lock is about guessing passwords, and does not matter here. Raises `NoAccount` where nobody is
        called so, or the account is shut: it does not say which.
        """
        with self._workbench.reading() as db:
            # Other scripts have letters that fold to ASCII ones: ſam is not sam.
            if user.isascii() and _there(db, user.casefold()):
                account = found(db, user)
                if not account.disabled:
                    return account
        raise NoAccount

    def change_password(self, user: str, words: Renewal, at: int, keep: bytes | None = None) -> None:
        """Their own password, by themselves; `keep` is the digest of the session that may go on.

        Raises as `authenticate` does, and `Invalid` for the new one.
        """
        account = self.authenticate(user, words.old, at)
        check(words.new, account.user, account.name, "new")
        if words.new == words.old:
            raise Invalid("new", "this is the password that is to be changed")
        self._set_password(account.user, words.new, must_change=False, keep=keep)

    def reset_password(self, user: str, password: str | None = None) -> str:
        """Another password, given by somebody else: it has to be changed at the first use.

        Returns it; made up unless given. Takes a lock away. Raises `NotFound`, `Invalid`.
        """
        account = self.one(user)
        password = self._given(password, account.user, account.name)
        self._set_password(account.user, password, must_change=True)
        return password

    def change(self, user: str, to: Change) -> Account:
        """Changes what is given, and returns the account as it is then. Their sessions end.

        To enable somebody takes a lock away. Raises `NotFound`, and `Invalid`, for the last administrator
        who would not be one any more, too.
        """
        places, teams = _checked(to.regions, to.cases)
        with self._workbench.writing() as db:
            before = found(db, user)
            name = before.name if to.name is None else _checked_name(to.name)
            disabled = before.disabled if to.disabled is None else to.disabled
            db.execute(
                "UPDATE account SET name = ?, role = ?, disabled = ? WHERE user = ?",
                (name, (to.role or before.role).value, disabled, before.user),
            )
            if to.disabled is False:
                db.execute("DELETE FROM attempt WHERE user = ?", (before.user,))
            _replace(db, before.user, places, teams)
            _end_sessions(db, before.user)
            _check_administrator(db, before)
            return found(db, user)

    def grant(self, user: str, regions: Sequence[str] = (), cases: Sequence[str] = ()) -> Account:
        """Adds regions and cases. Raises `NotFound`, `Invalid`."""
        places, teams = _checked(regions, cases)
        with self._workbench.writing() as db:
            account = found(db, user)
            _grant(db, account.user, places, teams)
            _end_sessions(db, account.user)
            return found(db, user)

    def revoke(self, user: str, regions: Sequence[str] = (), cases: Sequence[str] = ()) -> Account:
        """Takes regions and cases away. Raises `NotFound`, `Invalid`."""
        places, teams = _checked(regions, cases)
        with self._workbench.writing() as db:
            account = found(db, user)
            _replace(db, account.user, set(account.regions) - set(places), set(account.cases) - set(teams))
            _end_sessions(db, account.user)
            return found(db, user)

    def _given(self, password: str | None, user: str, name: str) -> str:
        if password is None:
            return made_up(self._fresh)
        check(password, user, name)
        return password

    def _set_password(
        self, user: str, password: str, *, must_change: bool, keep: bytes | None = None
    ) -> None:
        known = self._passwords.hash(password)
        with self._workbench.writing() as db:
            db.execute(
                "UPDATE account SET hash = ?, must_change = ? WHERE user = ?", (known, must_change, user)
            )
            db.execute("DELETE FROM attempt WHERE user = ?", (user,))
            _end_sessions(db, user, keep)

    def _failed(self, user: str, at: int) -> None:
        """Counts a failure. Raises `AccountLocked` when that locks the name."""
        with self._workbench.writing() as db:
            after = failed(_attempts(db, user), at)
            recent = msgspec.json.encode(after.recent).decode()
            db.execute(
                "INSERT OR REPLACE INTO attempt VALUES (?, ?, ?, ?, ?)",
                (user, recent, after.locks, after.locked_until, after.last),
            )
            db.execute(
                "DELETE FROM attempt WHERE user NOT IN (SELECT user FROM account) AND user NOT IN "
                "(SELECT user FROM attempt ORDER BY last DESC LIMIT ?)",
                (_MOST_NAMES,),
            )
        _check_lock(after, at)


def _refused() -> CredentialsRefused:
    return CredentialsRefused("the name or the password is not right")


def found(db: sqlite3.Connection, user: str) -> Account:
    """The account of a user, in the caller's transaction. Raises `NotFound`."""
    row = db.execute(
        "SELECT user, name, role, disabled, must_change, made FROM account WHERE user = ?",
        (user.strip().casefold(),),
    ).fetchone()
    if row is None:
        raise NotFound("there is no account of this name: `suyuan users list` names them all")
    regions = db.execute("SELECT region FROM granted_region WHERE user = ? ORDER BY region", row[:1])
    cases = db.execute("SELECT case_no FROM member WHERE user = ? ORDER BY case_no", row[:1])
    return Account(
        user=row[0],
        name=row[1],
        role=Role(row[2]),
        regions=tuple(region for (region,) in regions),
        cases=tuple(case for (case,) in cases),
        disabled=bool(row[3]),
        must_change=bool(row[4]),
        locked_until=_attempts(db, row[0]).locked_until,
        made=row[5],
    )


def _attempts(db: sqlite3.Connection, user: str) -> Attempts:
    row = db.execute(
        "SELECT recent, locks, locked_until, last FROM attempt WHERE user = ?", (user,)
    ).fetchone()
    if row is None:
        return Attempts()
    recent = msgspec.json.decode(row[0], type=tuple[int, ...])
    return Attempts(recent=recent, locks=row[1], locked_until=row[2], last=row[3])


def _check_lock(attempts: Attempts, at: int) -> None:
    if attempts.locked(at):
        raise AccountLocked("too many attempts failed: wait before the next one", attempts.locked_until)


def _there(db: sqlite3.Connection, user: str) -> bool:
    return db.execute("SELECT 1 FROM account WHERE user = ?", (user,)).fetchone() is not None


def _any(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM account LIMIT 1").fetchone() is not None


def _insert(db: sqlite3.Connection, new: Newcomer, known: str, at: int) -> None:
    db.execute(
        "INSERT INTO account (user, name, role, hash, must_change, made) VALUES (?, ?, ?, ?, 1, ?)",
        (new.user, new.name, new.role.value, known, at),
    )


def _grant(db: sqlite3.Connection, user: str, regions: Iterable[str], cases: Iterable[str]) -> None:
    db.executemany("INSERT OR IGNORE INTO granted_region VALUES (?, ?)", [(user, each) for each in regions])
    db.executemany("INSERT OR IGNORE INTO member VALUES (?, ?)", [(each, user) for each in cases])


def _replace(
    db: sqlite3.Connection, user: str, regions: Iterable[str] | None, cases: Iterable[str] | None
) -> None:
    if regions is not None:
        db.execute("DELETE FROM granted_region WHERE user = ?", (user,))
    if cases is not None:
        db.execute("DELETE FROM member WHERE user = ?", (user,))
    _grant(db, user, regions or (), cases or ())


def _end_sessions(db: sqlite3.Connection, user: str, keep: bytes | None = None) -> None:
    note_visits(db, "user = ? AND digest IS NOT ?", (user, keep))
    db.execute("DELETE FROM session WHERE user = ? AND digest IS NOT ?", (user, keep))


def _check_administrator(db: sqlite3.Connection, before: Account) -> None:
    """Somebody has to be left who can make accounts."""
    if before.role is not Role.ADMINISTRATOR or before.disabled:
        return
    left = db.execute(
        "SELECT 1 FROM account WHERE role = ? AND NOT disabled LIMIT 1", (Role.ADMINISTRATOR.value,)
    ).fetchone()
    if left is None:
        raise Invalid("role", "this is the last administrator: make another one first")


@overload
def _checked(regions: Sequence[str], cases: Sequence[str]) -> tuple[list[str], list[str]]: ...
@overload
def _checked(
    regions: Sequence[str] | None, cases: Sequence[str] | None
) -> tuple[list[str] | None, list[str] | None]: ...
def _checked(
    regions: Sequence[str] | None, cases: Sequence[str] | None
) -> tuple[list[str] | None, list[str] | None]:
    """Regions and cases in their normal forms. Raises `Invalid`."""
    return (
        None if regions is None else [checked_region(each) for each in regions],
        None if cases is None else [checked_case(each) for each in cases],
    )


def _checked_user(text: str) -> str:
    user = text.strip().casefold()
    if not _USER.fullmatch(user):
        raise Invalid("user", "a user is 1 to 40 small letters, digits, dots, dashes or underscores")
    return user


def _checked_name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Invalid("name", f"a name has 1 to {_LONGEST_NAME} characters")
    return name
