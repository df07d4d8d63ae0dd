"""Unified social credit codes (统一社会信用代码) by GB 32100: 18 characters with a check character."""

from __future__ import annotations

import re

from stdnum.cn import uscc

from schemas.identifiers import mask
from schemas.identifiers.parsed import Parsed, fold, too_long

KIND = "credit_code"
_LENGTH = 18
_JUNK = re.compile(r"[\s\-_.]+")
_SHAPE = re.compile(r"[0-9A-Z]{18}")
_REGISTRATION = re.compile(r"\d{15}", re.ASCII)
_HIDDEN = re.compile(r"[0-9A-Z*]{4,18}")


def parse(text: str) -> Parsed:
    """Normal form: 18 characters, upper case.

    >>> parse("91350100m000100y43").normal, parse("91350100M000100Y44").reason
    ('91350100M000100Y43', 'check character does not fit')
    """
    if too_long(text):
        return Parsed(KIND, text, reason="too long")
    value = _JUNK.sub("", fold(text)).upper()
    if _SHAPE.fullmatch(value):
        if uscc.is_valid(value):
            return Parsed(KIND, text, normal=value)
        return Parsed(KIND, text, reason="check character does not fit")
    if _REGISTRATION.fullmatch(value):
        return Parsed(KIND, text, reason="a registration number of before 2015, not a credit code")
    folded = mask.fold_word(value)
    if mask.ONE in folded and _HIDDEN.fullmatch(folded):
        return _hidden(text, folded)
    return Parsed(KIND, text, reason="not 18 letters and digits")


def _hidden(raw: str, value: str) -> Parsed:
    fitting = mask.stretch(value, _LENGTH)
    if fitting is None or len(fitting.replace(mask.ONE, "")) < 4:
        return Parsed(KIND, raw, reason="hidden beyond use")
    return Parsed(KIND, raw, mask=fitting, reason="masked")
