"""Numbers of Chinese identity documents: 18 characters by GB 11643, and their 15-digit forerunner.

Residents (居民身份证), residents of Hong Kong, Macao and Taiwan (港澳台居民居住证: 810000, 820000,
830000) and foreigners with permanent residence (外国人永久居留身份证, since 2023: first digit 9)
share one layout: six digits of place, the date of birth, a sequence of three whose last digit is
odd for men, and a check character by ISO 7064 MOD 11-2.

`stdnum.cn.ric` is not used: it rejects people born before their region's code existed and raises
KeyError on some codes. An unknown region is a warning here, never a refusal.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from stdnum.iso7064 import mod_11_2

from schemas.identifiers import mask
from schemas.identifiers.parsed import Parsed, fold, too_long
from schemas.reference import regions

KIND = "id_number"
_LENGTH = 18
_EARLIEST_BIRTH = 1880
"""The number exists since 1984; an earlier birth is a typing error."""
_LATEST_BIRTH = 2099
_WHOLE = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_OLD = re.compile(r"[1-9]\d{14}", re.ASCII)
_HIDDEN = re.compile(r"[\d*]{3,17}[\dX*]", re.ASCII)
_TAIL = re.compile(r"(?:尾号|后四位|后四位为|后6位|后六位|末四位)[::]?(\d{3,7}[\dX])", re.ASCII)
_JUNK = re.compile(r"[\s\-·._]+")
_CENTENARIANS = ("996", "997", "998", "999")
"""Sequences of 15-digit numbers kept for people born in the 19th century."""
_SPECIAL = ("810000", "820000", "830000")


def parse(text: str) -> Parsed:
    """Normal form: 18 characters, `X` upper case; old numbers are lengthened.

    >>> parse("460100199003070030").reason
    'check character does not fit'
    >>> parse("460***1234").mask
    '460***********1234'
    """
    if too_long(text):
        return Parsed(KIND, text, reason="too long")
    value = _JUNK.sub("", fold(text).upper())
    if _WHOLE.fullmatch(value):
        return _whole(text, value)
    if _OLD.fullmatch(value):
        return _old(text, value)
    return _hidden(text, value)


def _whole(raw: str, value: str) -> Parsed:
    reason = _fault(value)
    if reason is None and mod_11_2.checksum(value) != 1:
        reason = "check character does not fit"
    if reason is not None:
        return Parsed(KIND, raw, reason=reason)
    return Parsed(KIND, raw, normal=value, warning=_region_warning(value))


def _old(raw: str, value: str) -> Parsed:
    century = "18" if value[12:] in _CENTENARIANS else "19"
    longer = value[:6] + century + value[6:]
    reason = _fault(longer)
    if reason is not None:
        return Parsed(KIND, raw, reason=reason)
    whole = longer + mod_11_2.calc_check_digit(longer)
    return Parsed(KIND, raw, normal=whole, warning="15-digit number, lengthened")


def _fault(value: str) -> str | None:
    if _date(value[6:14]) is None:
        return "date of birth does not exist"
    if value[14:17] == "000":
        return "sequence 000 is never issued"
    return None


def _date(digits: str) -> date | None:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return born if _EARLIEST_BIRTH <= born.year <= _LATEST_BIRTH else None


def _region_warning(value: str) -> str | None:
    if value[0] == "9" or value[:6] in _SPECIAL or regions.known(value[:6]):
        return None
    return "region code is not in the table"


def _hidden(raw: str, value: str) -> Parsed:
    tail = _TAIL.search(value)
    if tail is not None:
        return Parsed(KIND, raw, mask=tail[1].rjust(_LENGTH, mask.ONE), reason="masked")
    folded = _fold_masks(value)
    if mask.ONE not in folded or not _HIDDEN.fullmatch(folded):
        return Parsed(KIND, raw, reason="not 18 (or 15) digits")
    stretched = mask.stretch(folded, _LENGTH)
    if stretched is None or stretched == mask.ONE * _LENGTH:
        return Parsed(KIND, raw, reason="hidden beyond use")
    born = stretched[6:14]
    if mask.ONE not in born and _date(born) is None:
        return Parsed(KIND, raw, reason="date of birth does not exist")
    return Parsed(KIND, raw, mask=stretched, reason="masked")


def _fold_masks(value: str) -> str:
    """A single X at the end is a check character, any other X hides a digit."""
    if value.endswith("X") and not value.endswith("XX"):
        return mask.fold_digits(value[:-1]) + "X"
    return mask.fold_digits(value)


def birth_date(number: str) -> date | None:
    """The date of birth in a number in normal form; None when it is masked or not one.

    >>> birth_date("460100199003070031")
    datetime.date(1990, 3, 7)
    """
    return _date(number[6:14]) if len(number) == _LENGTH and number[6:14].isdecimal() else None


def gender(number: str) -> Literal["male", "female"] | None:
    """The gender in a number in normal form (odd sequence: male); None when it is hidden.

    >>> gender("460100199003070031")
    'male'
    """
    if len(number) != _LENGTH or not number[16].isdecimal():
        return None
    return "male" if int(number[16]) % 2 else "female"


def region(number: str) -> str | None:
    """The GB/T 2260 code of first registration; None for foreigners' numbers and hidden codes.

    >>> region("460100199003070031")
    '460100'
    """
    code = number[:6]
    return code if len(number) == _LENGTH and code.isdecimal() and code[0] != "9" else None
