"""Waybill numbers of couriers (快递单号): 8 to 30 letters and digits; carriers share no check digit."""

from __future__ import annotations

import re

from schemas.identifiers import mask
from schemas.identifiers.parsed import Parsed, fold, too_long

KIND = "tracking_no"
_JUNK = re.compile(r"[\s\-_.]+")
_LABEL = re.compile(r"^(?:快递|运单|物流)?单?号(?:码|为|是)?[::]?")
_WHOLE = re.compile(r"[A-Z0-9]{8,30}")
_HIDDEN = re.compile(r"[A-Z0-9*]{4,34}")
_FEWEST_DIGITS = 5


def parse(text: str) -> Parsed:
    """Normal form: upper case without separators.

    >>> parse("sf 1000-2000-3000").normal, parse("SF****3000").mask
    ('SF100020003000', 'SF…3000')
    """
    if too_long(text):
        return Parsed(KIND, text, reason="too long")
    value = _JUNK.sub("", _LABEL.sub("", fold(text))).upper()
    if _WHOLE.fullmatch(value):
        return _whole(text, value)
    folded = mask.fold_word(value)
    if mask.ONE in folded and _HIDDEN.fullmatch(folded):
        if len(folded.replace(mask.ONE, "")) < 4:
            return Parsed(KIND, text, reason="hidden beyond use")
        return Parsed(KIND, text, mask=mask.loosen(folded), reason="masked")
    return Parsed(KIND, text, reason="not 8 to 30 letters and digits")


def _whole(raw: str, value: str) -> Parsed:
    if sum(char.isdigit() for char in value) < _FEWEST_DIGITS:
        return Parsed(KIND, raw, reason="too few digits")
    if len(set(value)) == 1:
        return Parsed(KIND, raw, reason="a placeholder")
    return Parsed(KIND, raw, normal=value)
