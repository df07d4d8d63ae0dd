"""What a browser carries while it is away at the identity provider, and how it is known again.

One secret in a cookie of a few minutes, and the page to go back to. All that goes to the provider is derived
from the secret, so nothing is kept here, and whoever begins again and again fills no table: the state and
the nonce bind the answer and its ID token to this browser, the verifier (PKCE) binds the code to us. The
code itself is good for once; that is the provider's to see to.
"""

from __future__ import annotations

import base64
import binascii
import re
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac
from typing import Self

from msgspec import Struct

from graph.console.passwords import Fresh

_SECRET_BYTES = 32
_PATH = re.compile(r"/(?![/\\]|api/)[\x21-\x5b\x5d-\x7e]{0,2000}", re.ASCII)
HOME = "/"


class Errand(Struct, frozen=True):
    """One way to the provider and back. It does not show its secret."""

    secret: bytes
    back: str

    @classmethod
    def begun(cls, fresh: Fresh, back: str) -> Self:
        """A new one, which ends at `back` if that is a page of ours, else at the first page."""
        return cls(fresh(_SECRET_BYTES), own_path(back))

    @classmethod
    def carried(cls, cookie: str) -> Self | None:
        """The one that a cookie holds; None when it holds none."""
        first, _, second = cookie.partition(".")
        try:
            secret, back = _bytes(first), _bytes(second).decode("ascii")
        except (binascii.Error, ValueError):
            return None
        return cls(secret, own_path(back)) if len(secret) == _SECRET_BYTES else None

    @property
    def cookie(self) -> str:
        """What the browser keeps, for as long as it is away."""
        return f"{_text(self.secret)}.{_text(self.back.encode())}"

    @property
    def state(self) -> str:
        """What the provider has to send back."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """What has to stand in the ID token."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What the code is redeemed with; the provider has its hash (RFC 7636)."""
        return self._derived("verifier")

    def fits(self, state: str) -> bool:
        """Whether an answer belongs to this errand."""
        return compare_digest(self.state.encode(), state.encode("utf-8", "surrogatepass"))

    def _derived(self, what: str) -> str:
        return _text(hmac(self.secret, what.encode(), sha256))

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"Errand(back={self.back!r})"


def own_path(text: str) -> str:
    r"""A page of ours with its query, as it stands; the first page for everything else.

    >>> own_path("/trace?who=1"), own_path("//elsewhere.example"), own_path("https://elsewhere.example")
    ('/trace?who=1', '/', '/')
    >>> own_path("/\\\\elsewhere.example"), own_path("/api/oidc/start"), own_path("")
    ('/', '/', '/')
    """
    return text if _PATH.fullmatch(text) else HOME


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
