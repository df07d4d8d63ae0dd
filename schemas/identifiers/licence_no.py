"""Licence numbers of venues (许可证号): every office has its own form, so the rule is loose."""

from __future__ import annotations

import re

from schemas.identifiers import mask
from schemas.identifiers.parsed import Parsed, fold, too_long

KIND = "licence_no"
_JUNK = re.compile(r"[\s·_.]+")
_BRACKETS = str.maketrans("[]【】()〔〕{}", "〔〕〔〕〔〕〔〕〔〕")
_DASHES = str.maketrans("‐‑–—―", "-----")
_WHOLE = re.compile(r"[0-9A-Z\u4e00-\u9fff〔〕/-]{4,40}")
_HIDDEN = re.compile(r"[0-9A-Z\u4e00-\u9fff〔〕/*-]{4,40}")
_FEWEST_DIGITS = 3


def parse(text: str) -> Parsed:
    """Normal form: upper case, one kind of bracket and dash, no spaces.

    >>> parse("琼文娱 (2018) 第0012号").normal
    '琼文娱〔2018〕第0012号'
    """
    if too_long(text):
        return Parsed(KIND, text, reason="too long")
    value = _JUNK.sub("", fold(text).upper()).translate(_BRACKETS).translate(_DASHES)
    folded = mask.fold_word(value)
    digits = sum(char in "0123456789" for char in folded)
    if mask.ONE in folded:
        if _HIDDEN.fullmatch(folded) and digits >= _FEWEST_DIGITS:
            return Parsed(KIND, text, mask=mask.loosen(folded), reason="masked")
        return Parsed(KIND, text, reason="hidden beyond use")
    if _WHOLE.fullmatch(value) and digits >= _FEWEST_DIGITS:
        return Parsed(KIND, text, normal=value)
    return Parsed(KIND, text, reason="not a licence number")
