"""What a parser makes of a value as sent; the common form of every kind of identifier."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

_MAX_LENGTH = 128


class Parsed(NamedTuple):
    """A value as sent and what it is worth as an identity.

    Exactly one of three holds: `normal` is set (whole and valid, may identify), `mask` is set
    (partly hidden, a test of compatibility only), or neither (kept and shown, never compared).
    `reason` says why `normal` is missing; `warning` is something odd that does not refuse.
    """

    kind: str
    raw: str
    normal: str | None = None
    mask: str | None = None
    reason: str | None = None
    warning: str | None = None

    @property
    def suspect(self) -> bool:
        """Whether the value failed its own rule: neither whole and valid nor honestly masked."""
        return self.normal is None and self.mask is None


def fold(text: str) -> str:
    """The text in its compatibility form (NFKC: full-width digits become plain ones), trimmed.

    >>> fold(" １３８ ")
    '138'
    """
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text).strip()


def too_long(text: str) -> bool:
    """Whether a value is longer than any identifier and not worth looking at."""
    return len(text) > _MAX_LENGTH
