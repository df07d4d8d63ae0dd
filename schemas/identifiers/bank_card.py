"""Bank card numbers (银行卡号): 13 to 19 digits that pass Luhn (ISO/IEC 7812).

One in ten random strings of digits passes Luhn, so in free text a context word must stand by;
that is the extractor's business. A field named `bank_cards` is context enough.
"""

from __future__ import annotations

import re

from stdnum import luhn

from schemas.identifiers import mask
from schemas.identifiers.parsed import Parsed, fold, too_long

KIND = "bank_card"
_JUNK = re.compile(r"[\s\-_.]+")
_LABEL = re.compile(r"^(?:银行)?(?:卡号|账号|帐号|卡)(?:为|是)?[::]?")
_WHOLE = re.compile(r"[1-9]\d{12,18}", re.ASCII)
_TAIL = re.compile(r"^(?:尾号|后四位|末四位)(?:为|是)?[::]?(\d{3,6})$", re.ASCII)
_HIDDEN = re.compile(r"[\d*]{4,24}", re.ASCII)


def parse(text: str) -> Parsed:
    """Normal form: the digits alone.

    >>> parse("6222 0000 0000 0000 003").reason
    'check digit does not fit'
    >>> parse("6222 **** **** 1234").mask
    '6222…1234'
    """
    if too_long(text):
        return Parsed(KIND, text, reason="too long")
    value = _JUNK.sub("", _LABEL.sub("", fold(text)))
    if _WHOLE.fullmatch(value):
        if luhn.checksum(value) == 0:
            return Parsed(KIND, text, normal=value)
        return Parsed(KIND, text, reason="check digit does not fit")
    tail = _TAIL.match(value)
    if tail is not None:
        return Parsed(KIND, text, mask=mask.MANY + tail[1], reason="masked")
    return _hidden(text, mask.fold_digits(value))


def _hidden(raw: str, value: str) -> Parsed:
    if mask.ONE not in value or not _HIDDEN.fullmatch(value):
        return Parsed(KIND, raw, reason="not 13 to 19 digits")
    if len(value.replace(mask.ONE, "")) < 3:
        return Parsed(KIND, raw, reason="hidden beyond use")
    return Parsed(KIND, raw, mask=mask.loosen(value), reason="masked")
