"""Telephone numbers: mainland mobiles and landlines with area code, and foreign numbers with `+`.

Which numbers exist is taken from the `phonenumbers` metadata, after our own test of masks and
length: alone the library turns `138****1234` into a number and drops the letters of `l3876O01234`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from schemas.identifiers import mask
from schemas.identifiers.parsed import Parsed, fold, too_long

KIND = "phone"
_MOBILE_LENGTH = 11
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_JUNK = re.compile(r"[\s\-‐‑–—―_.·()\[\]【】/]+")
_LABEL = re.compile(
    r"^(?:联系)?(?:手机|电话|座机|固话|号码|手机号|手机号码|电话号码|TEL|PHONE)[::]?", re.IGNORECASE
)
_COUNTRY = re.compile(r"^(?:\+86|0086|86(?=1[3-9*]))")
_EXTENSION = re.compile(r"(?:转|分机|EXT|#|,)(\d{1,6})$", re.IGNORECASE | re.ASCII)
_DASHED_EXTENSION = re.compile(r"^(1[3-9]\d{9})[\s\-]+(\d{3,4})$", re.ASCII)
_TAIL = re.compile(r"^(?:尾号|后四位|末四位)(?:为|是)?[::]?(\d{3,6})$", re.ASCII)
_SERVICE = re.compile(r"(?:1\d{2}|1\d{4}|12\d{3}|9[56]\d{3,6}|[48]00\d{7})", re.ASCII)
_HIDDEN = re.compile(r"[\d*]{4,14}", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_TWO_NUMBERS = re.compile(r"\d{7,}\s*[、,;/和及或]\s*\+?\d{7,}", re.ASCII)


def parse(text: str) -> Parsed:
    """Normal form: 11 digits for a mobile, area code with its 0 for a landline, else E.164.

    >>> parse("0898-6622 3344").normal, parse("+852 9123 4567").normal
    ('089866223344', '+85291234567')
    >>> parse("l3876O01234").reason
    'not a telephone number'
    """
    if _MOBILE.fullmatch(text):
        return _mobile(text, text)
    if too_long(text):
        return Parsed(KIND, text, reason="too long")
    value = _LABEL.sub("", fold(text))
    if _TWO_NUMBERS.search(value):
        return Parsed(KIND, text, reason="more than one number")
    tail = _TAIL.match(value)
    if tail is not None:
        return Parsed(KIND, text, mask=tail[1].rjust(_MOBILE_LENGTH, mask.ONE), reason="masked")
    if _DASHED_EXTENSION.match(value):
        return Parsed(KIND, text, reason="a courier's number with extension, not a person's")
    return _bare(text, _JUNK.sub("", value))


def _bare(raw: str, value: str) -> Parsed:
    extension = _EXTENSION.search(value)
    if extension is not None:
        value = value[: extension.start()]
    value = _COUNTRY.sub("", value)
    if _MOBILE.fullmatch(value):
        if extension is not None:
            return Parsed(KIND, raw, reason="a courier's number with extension, not a person's")
        return _mobile(raw, value)
    if value.startswith("+"):
        return _foreign(raw, value)
    if _DIGITS.fullmatch(value):
        return _other_digits(raw, value, extended=extension is not None)
    return _hidden(raw, mask.fold_digits(value))


def _mobile(raw: str, value: str) -> Parsed:
    if _patterns()[0].fullmatch(value):
        return Parsed(KIND, raw, normal=value)
    return Parsed(KIND, raw, reason="no such mobile prefix")


def _other_digits(raw: str, value: str, *, extended: bool) -> Parsed:
    national = value.removeprefix("0")
    if value.startswith("0") and _patterns()[1].fullmatch(national):
        warning = "extension left out" if extended else None
        return Parsed(KIND, raw, normal=value, warning=warning)
    if value.startswith("01") and _MOBILE.fullmatch(national):
        return _mobile(raw, national)
    if _SERVICE.fullmatch(value):
        return Parsed(KIND, raw, reason="a service number")
    if len(value) in (7, 8):
        return Parsed(KIND, raw, reason="landline without area code")
    if len(value) in (10, 11) and _patterns()[1].fullmatch(value) and not value.startswith("1"):
        return Parsed(KIND, raw, normal="0" + value, warning="area code without its 0")
    return Parsed(KIND, raw, reason="not a telephone number")


def _hidden(raw: str, value: str) -> Parsed:
    if mask.ONE not in value or not _HIDDEN.fullmatch(value):
        return Parsed(KIND, raw, reason="not a telephone number")
    if value.startswith("0"):
        fitting = value if len(value) in (11, 12) else mask.stretch(value, 12)
    else:
        fitting = mask.stretch(value, _MOBILE_LENGTH)
    visible = sum(char != mask.ONE for char in fitting or "")
    if fitting is None or visible < 2 or fitting[0] not in "01*":
        return Parsed(KIND, raw, reason="hidden beyond use")
    return Parsed(KIND, raw, mask=fitting, reason="masked")


def _foreign(raw: str, value: str) -> Parsed:
    import phonenumbers  # noqa: PLC0415  metadata of 240 countries, wanted by few records

    try:
        number = phonenumbers.parse(value, None) if _DIGITS.fullmatch(value[1:]) else None
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        return Parsed(KIND, raw, reason="not a telephone number")
    if number.country_code == 86:
        national = str(number.national_number)
        return _bare(raw, national if _MOBILE.fullmatch(national) else "0" + national)
    normal = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Parsed(KIND, raw, normal=normal)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The patterns of mainland mobiles and landlines, compiled once from the library's metadata.

    Parsing and validating every number through the library costs 40 times as much.
    """
    from phonenumbers import PhoneMetadata  # noqa: PLC0415  see `_foreign`

    china: Any = PhoneMetadata.metadata_for_region("CN")
    return (
        re.compile(china.mobile.national_number_pattern, re.ASCII),
        re.compile(china.fixed_line.national_number_pattern, re.ASCII),
    )
