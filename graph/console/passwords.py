"""Passwords: which are refused, how they are hashed, and how one is made up.

argon2id with the library's parameters (RFC 9106). They are in each hash, so when the library raises them,
`outdated` says which hashes to make anew. A password is taken in its compatibility form (NFKC): a Chinese
input method types the same key as １ or as 1.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schemas.errors import Invalid

SHORTEST = 12
LONGEST = 256
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Thirty-two that are not taken for each other: no l, no o, no 0, no 1."""
_GROUPS, _GROUP = 4, 5
_AT_ONCE = 2
"""Hashes made at one time: each takes 64 MiB and all of four cores."""

Fresh = Callable[[int], bytes]
"""Gives that many random bytes; `secrets.token_bytes` but in tests."""


class Passwords:
    """Hashes and verifies; `hasher` has the parameters, the library's own unless given."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._room = BoundedSemaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """The hash to keep, with its parameters and salt."""
        with self._room:
            return self._hasher.hash(_bytes(password))

    def fits(self, known: str | None, password: str) -> bool:
        """Whether this is the password of a hash; without one (nobody has that name) as slow, and no."""
        nobodys = self._nobodys  # before the first answer of either kind
        with self._room:
            try:
                self._hasher.verify(known or nobodys, _bytes(password))
            except (VerificationError, InvalidHashError):
                return False
        return known is not None

    def outdated(self, known: str) -> bool:
        """Whether a hash was made with other parameters than are used now."""
        return self._hasher.check_needs_rehash(known)

    @cached_property
    def _nobodys(self) -> str:
        return self.hash("")


def made_up(fresh: Fresh) -> str:
    """A password of 100 random bits that can be read out and typed: `k7mqp-2nd8x-…`.

    >>> made_up(bytes)
    'aaaaa-aaaaa-aaaaa-aaaaa'
    """
    letters = "".join(_LETTERS[byte % len(_LETTERS)] for byte in fresh(_GROUPS * _GROUP))
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def check(password: str, user: str, name: str, field: str = "password") -> None:
    """Raises `Invalid` for a password that is too short or long, that holds the user's own name, or that is
    among those that everybody tries first.
    """
    text = _folded(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise Invalid(field, f"a password has {SHORTEST} to {LONGEST} characters")
    # Two letters of a short user are in many good passwords; two Chinese characters are a name.
    if any(len(own) > (3 if own.isascii() else 1) and own in text for own in (_folded(user), _folded(name))):
        raise Invalid(field, "a password must not hold the user's own name")
    if text in _absurd() or len(set(text)) < 4:
        raise Invalid(field, "this password is among the first that anybody tries")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@cache
def _absurd() -> frozenset[str]:
    text = Path(__file__).with_name("absurd_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))
