"""Number plates (机动车号牌) by GA 36-2018, with new-energy plates of eight characters.

Own patterns: the published Python parsers cut eight-character plates short. The separator `·` is
folded away; I and O are never issued, so they are not guessed into 1 and 0 either.
"""

from __future__ import annotations

import re

from schemas.identifiers import mask
from schemas.identifiers.parsed import Parsed, fold, too_long

KIND = "plate"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LETTER = "A-HJ-NP-Z"
_ISSUER = rf"[{PROVINCES}][{_LETTER}]"
_WHOLE = re.compile(
    "|".join(
        (
            rf"{_ISSUER}[{_LETTER}0-9]{{5}}",
            rf"{_ISSUER}[A-HJK][{_LETTER}0-9][0-9]{{4}}",  # new energy, small
            rf"{_ISSUER}[0-9]{{5}}[A-HJK]",  # new energy, large
            rf"[{PROVINCES}][A-Z][{_LETTER}0-9]{{4}}[警学挂领]",
            rf"粤Z[{_LETTER}0-9]{{4}}[港澳]",
            r"使[0-9]{6}",
            r"[0-9]{6}使",
            rf"[{PROVINCES}]X[{_LETTER}0-9]{{4}}应急",
        )
    )
)
_JUNK = re.compile(r"[\s\-_/]+")
_DOTS = re.compile(r"[·•・.‧∙⋅●]")
_LABEL = re.compile(r"^(?:车牌号?码?|号牌|车号)(?:为|是)?[::]?")
_HIDDEN = re.compile(rf"[{PROVINCES}*][A-Z*][{_LETTER}0-9*]{{3,6}}[警学挂港澳领]?")
_LETTER_I_O = re.compile(rf"[{PROVINCES}][A-Z0-9]{{6,7}}")


def parse(text: str) -> Parsed:
    """Normal form: seven or eight characters without separator, letters upper case.

    >>> parse("琼a·12345").normal, parse("琼AD12345").normal, parse("琼A12O45").reason
    ('琼A12345', '琼AD12345', 'I and O are not issued')
    """
    if too_long(text):
        return Parsed(KIND, text, reason="too long")
    value = _JUNK.sub("", _LABEL.sub("", fold(text).upper()))
    value = value[:2] + _DOTS.sub("", value[2:3]) + value[3:]
    if _WHOLE.fullmatch(value):
        return Parsed(KIND, text, normal=value)
    folded = mask.fold_word(value)
    if mask.ONE in folded:
        return _hidden(text, folded)
    if _LETTER_I_O.fullmatch(value) and ("I" in value[1:] or "O" in value[1:]):
        return Parsed(KIND, text, reason="I and O are not issued")
    return Parsed(KIND, text, reason="not a plate of GA 36-2018")


def _hidden(raw: str, value: str) -> Parsed:
    if not _HIDDEN.fullmatch(value) or len(value) not in (7, 8):
        return Parsed(KIND, raw, reason="hidden beyond use")
    if sum(char != mask.ONE for char in value) < 2:
        return Parsed(KIND, raw, reason="hidden beyond use")
    return Parsed(KIND, raw, mask=value, reason="masked")
