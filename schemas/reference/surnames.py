"""Surnames (姓) and given-name characters with their approximate frequency: how rare a name is.

Two people called 王伟 are probably two people; two called 覃玮骁 are probably one. `name_bits`
says how much a shared name tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from math import log2

from schemas.reference import tables

_UNLISTED_CHAR = 0.1
"""Per mille of given-name characters for one outside the table."""
_SINGLE_BITS = 1.7
"""0.15 of people have a single given character, twice as likely to be a usual one: -log2(0.3)."""
_FEWEST_BITS, _MOST_BITS = 4.0, 16.0


@cache
def _surnames() -> dict[str, tuple[float, float, tuple[str, ...]]]:
    return {
        row[0]: (float(row[1]), float(row[2] or row[1]), tuple(filter(None, row[3].split("|"))))
        for row in tables.rows("surnames.tsv")
    }


@cache
def _given() -> dict[str, tuple[float, tuple[str, ...]]]:
    return {
        row[0]: (float(row[1]), tuple(row[2].split("|")) if row[2:] else ())
        for row in tables.rows("given_chars.tsv")
    }


def share(surname: str, *, hainan: bool = False) -> float:
    """Bearers of a surname per mille of the population, of China or of Hainan; 0 when not listed.

    >>> share("王") > share("覃") > 0.0, share("符", hainan=True) > share("符"), share("阿")
    (True, True, 0.0)
    """
    row = _surnames().get(surname)
    if row is None:
        return 0.0
    return row[1] if hainan else row[0]


def family_names() -> Iterator[str]:
    """All listed surnames."""
    return iter(_surnames())


def given_chars() -> Iterator[str]:
    """All listed characters of given names."""
    return iter(_given())


def given_share(char: str) -> float:
    """Per mille of the characters of given names that are this one; some for one that is not listed.

    >>> given_share("伟") > given_share("骁") > 0.0
    True
    """
    row = _given().get(char)
    return _UNLISTED_CHAR if row is None else row[0]


def given_readings(char: str) -> tuple[str, ...]:
    """How a character of given names is read, where that is in two usual ways, else empty.

    >>> given_readings("乐"), given_readings("明")
    (('le', 'yue'), ())
    """
    row = _given().get(char)
    return () if row is None else row[1]


def readings(surname: str) -> tuple[str, ...]:
    """How a surname is read where that differs from the character's usual reading, else empty.

    >>> readings("曾"), readings("覃"), readings("王")
    (('zeng',), ('qin', 'tan'), ())
    """
    row = _surnames().get(surname)
    return () if row is None else row[2]


@lru_cache(maxsize=1 << 14)
def split(name: str) -> tuple[str, str]:
    """Surname and given name; the surname is empty where none should be assumed.

    Names with a middle dot (given and father's name), in Latin letters, or whose first character is
    no surname have none.

    >>> split("欧阳明"), split("符玮强"), split("买买提·艾力"), split("阿明")
    (('欧阳', '明'), ('符', '玮强'), ('', '买买提·艾力'), ('', '阿明'))
    """
    if len(name) < 2 or "·" in name or len(name) > 5:
        return "", name
    table = _surnames()
    if len(name) >= 3 and name[:2] in table:
        return name[:2], name[2:]
    if name[0] in table and len(name) <= 4:
        return name[0], name[1:]
    return "", name


@lru_cache(maxsize=1 << 16)
def name_bits(name: str, *, hainan: bool = False) -> float:
    """How many bits a shared full name is worth: -log2 of the share of people with that name.

    Between 4 and 16; a name with no surname that is known counts by its length (`bits_of` for the rest).

    >>> name_bits("王伟") < name_bits("覃玮骁"), name_bits("王"), name_bits("买买提·艾力")
    (True, 4.0, 15.0)
    """
    surname, given = split(name)
    if not surname:
        return bounded(2.5 * len(name))
    return bounded(bits_of(share(surname, hainan=hainan), [given_share(char) for char in given]))


def bits_of(family: float, given: Sequence[float]) -> float:
    """Bits of names whose surname and whose given characters have these shares, per mille; not bounded.

    Characters of a given name go in pairs more often than by chance (建国), so in longer names each counts
    three quarters of its bits; one name in seven has a single character, drawn from about half as many.
    That gives 12.5 bits for 王伟 and 13.5 for 王建国, whose bearers are known to number some 290,000 and
    100,000 [K].
    """
    chars = [-log2(each / 1000) for each in given]
    own = chars[0] + _SINGLE_BITS if len(chars) == 1 else 0.75 * sum(chars)
    return own - log2(family / 1000)


def bounded(bits: float) -> float:
    """Bits of a name, at least 4: however common, two names are equal by a reason; and at most 16."""
    return max(_FEWEST_BITS, min(_MOST_BITS, bits))
