"""What goes into the vault, and what comes out when it is opened."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

What = Literal["original", "reporter"]


class Original(Struct, frozen=True, kw_only=True):
    """Bytes to be sealed before anything else of their record is written.

    `what` is `original` for a message as it arrived, `reporter` for a box that a sender had already
    sealed to the vault's key (`body` is that box and is kept as it is). `sha256` is over the whole
    message; `size` is its length, which is more than `body` holds when an endless line was cut.
    """

    sha256: bytes
    name: str | None
    received: int  # microseconds
    body: bytes
    size: int
    what: What = "original"

    def __repr__(self) -> str:
        """Only what is not secret, so that no trace or log can show the bytes."""
        return f"Original(sha256={self.sha256.hex()[:12]}…, size={self.size}, what={self.what!r})"


class Sealed(Struct, frozen=True, array_like=True):
    """An original in its box, as the vault keeps it: made with the public key, by anyone, anywhere.

    `envelope` is the sealed key of the box (see `streams.vault.box`); None when `body` is itself a box that
    the sender had sealed.
    """

    sha256: bytes
    name: str | None
    received: int  # microseconds
    what: What
    size: int
    envelope: bytes | None
    body: bytes


class Opened(Original, frozen=True, kw_only=True):
    """An item of the vault in clear."""

    def __repr__(self) -> str:
        """Only what is not secret."""
        return f"Opened(sha256={self.sha256.hex()[:12]}…, size={self.size}, what={self.what!r})"
