"""Identifiers: one file a kind, each a parser that never raises.

`parse(kind, text)` gives the normal form of a whole and valid value, the mask of a partly hidden
one, and otherwise the reason why the value cannot identify anything. Two values in normal form
(masked or not) are compared with `compatible`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from schemas.identifiers import (
    bank_card,
    case_no,
    credit_code,
    id_number,
    licence_no,
    phone,
    plate,
    tracking_no,
    wechat,
)
from schemas.identifiers.mask import compatible
from schemas.identifiers.parsed import Parsed

__all__ = ["KINDS", "Parsed", "compatible", "parse"]

_PARSERS: dict[str, Callable[[str], Parsed]] = {
    "id_number": id_number.parse,
    "phone": phone.parse,
    "wechat": wechat.parse,
    "bank_card": bank_card.parse,
    "plate": plate.parse,
    "tracking_no": tracking_no.parse,
    "credit_code": credit_code.parse,
    "licence_no": licence_no.parse,
    "case": case_no.parse,
}
KINDS: tuple[str, ...] = tuple(_PARSERS)
"""The kinds of `schemas.claims.Identifier`."""


@lru_cache(maxsize=1 << 16)
def parse(kind: str, text: str) -> Parsed:
    """Parses a value of one of `KINDS`; bad values come back with a reason, never as an exception.

    Raises KeyError for a kind that does not exist (a fault of the caller, not of the data).

    >>> parse("phone", "+86 138-0000-1234").normal
    '13800001234'
    >>> parse("phone", "138****1234").mask
    '138****1234'
    """
    return _PARSERS[kind](text)
