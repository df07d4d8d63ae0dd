"""WeChat ids (微信号): 6 to 20 of letters, digits, `_` and `-`, a letter first.

`wxid_…` is the internal id every account has. Sources disagree on the first character; the
stricter reading is taken, and the value as sent is kept. Ids are compared without case [K].
"""

from __future__ import annotations

import re

from schemas.identifiers import mask
from schemas.identifiers.parsed import Parsed, fold, too_long

KIND = "wechat"
_LABEL = re.compile(r"^(?:微信|微信号|微信id|wechat|vx|wx|v)(?:为|是)?\s*[::]\s*", re.IGNORECASE)
_WHOLE = re.compile(r"[a-z][a-z0-9_-]{5,19}")
_INTERNAL = re.compile(r"wxid_[a-z0-9]{6,24}")
_HIDDEN = re.compile(r"[a-z0-9_*-]{4,24}")
_DIGITS = re.compile(r"\d{5,12}", re.ASCII)


def parse(text: str) -> Parsed:
    """Normal form: lower case.

    >>> parse("微信号：Qiqiu_88").normal, parse("13800001234").reason
    ('qiqiu_88', 'a phone or QQ number, not a WeChat id')
    """
    if too_long(text):
        return Parsed(KIND, text, reason="too long")
    value = _LABEL.sub("", fold(text)).lower()
    if _WHOLE.fullmatch(value) or _INTERNAL.fullmatch(value):
        return Parsed(KIND, text, normal=value)
    if _DIGITS.fullmatch(value):
        return Parsed(KIND, text, reason="a phone or QQ number, not a WeChat id")
    folded = mask.fold_word(value)
    if mask.ONE in folded and _HIDDEN.fullmatch(folded):
        if len(folded.replace(mask.ONE, "")) < 2:
            return Parsed(KIND, text, reason="hidden beyond use")
        return Parsed(KIND, text, mask=mask.loosen(folded), reason="masked")
    return Parsed(KIND, text, reason="not a WeChat id")
