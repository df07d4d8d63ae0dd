"""Comparing names and birth dates: levels, each with its bits and its reason."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from schemas.decisions import Evidence
from schemas.identifiers import names

if TYPE_CHECKING:
    from streams.resolve.profiles import Profile

_DIFFERENT = Evidence("name", -14.0, "different names")
_ONE_CHARACTER = Evidence("name", -2.0, "one character of the given name differs")
_SURNAME_DIFFERS = Evidence("name", 0.0, "same given name of two characters, other surname")
_MASK_FITS = Evidence("name", 0.0, "masked name fits")
_NICKNAME_FITS = Evidence("name", 2.0, "nickname fits the name")
_NICKNAME_SAYS_NOTHING = Evidence("name", 0.0, "a nickname beside a name")
_DATE_PARTS = (slice(0, 4), slice(5, 7), slice(8, 10))
_NICKNAME_WORDS = frozenset("阿老小大哥姐仔妹弟叔婶嫂爷伯总板先生女士太师傅经理医队长姨")
_HOMOPHONE_COST = 5.0
_ROMANISED_COST = 5.0
_ALIAS_COST = 6.0


def compare_names(a: Profile, b: Profile) -> Evidence | None:
    """The level at which two people's names agree, weighed by how rare the name is."""
    left, right = a.name_key, b.name_key
    if not left or not right:
        return None
    if a.masked_name or b.masked_name:
        return _MASK_FITS if names.compatible(left, right) else _DIFFERENT
    if left == right:
        bits = 2.0 if a.nickname else a.name_bits
        return Evidence("name", bits, "same nickname" if a.nickname else "same name")
    if left in b.alias_keys or right in a.alias_keys:
        bits = 3.0 if a.nickname or b.nickname else max(a.name_bits, b.name_bits) - _ALIAS_COST
        return Evidence("name", bits, "alias")
    if a.nickname or b.nickname:
        return _nickname(a, b)
    return _full_names(left, right, min(a.name_bits, b.name_bits))


def _nickname(a: Profile, b: Profile) -> Evidence:
    if a.nickname and b.nickname:
        return _NICKNAME_SAYS_NOTHING
    short, full = (a, b) if a.nickname else (b, a)
    fits = any(char in full.name_key for char in short.name_key if char not in _NICKNAME_WORDS)
    return _NICKNAME_FITS if fits else _NICKNAME_SAYS_NOTHING


@lru_cache(maxsize=200_000)
def _full_names(left: str, right: str, bits: float) -> Evidence:
    if is_latin(left) != is_latin(right):
        if _romanised(left, right):
            return Evidence("name", max(bits - _ROMANISED_COST, 2.0), "romanised")
        return _DIFFERENT
    if is_latin(left):
        if sorted(left.split()) == sorted(right.split()):
            return Evidence("name", max(bits - 1.0, 2.0), "same name, other order")
        return _DIFFERENT
    if sound_alike(left, right):
        return Evidence("name", max(bits - _HOMOPHONE_COST, 2.0), "same sound")
    if len(left) == len(right) >= 3 and sum(x != y for x, y in zip(left, right, strict=True)) == 1:
        return _ONE_CHARACTER if left[0] == right[0] else _SURNAME_DIFFERS
    return _DIFFERENT


@lru_cache(maxsize=200_000)
def compare_births(left: str, right: str) -> Evidence | None:
    """Two birth dates, each year, month or day precise (`1990`, `1990-06`, `1990-06-03`)."""
    if not left or not right:
        return None
    common = min(len(left), len(right))
    if left[:common] == right[:common]:
        bits = {4: 4.5, 7: 8.0}.get(common, 12.0)
        return Evidence(
            "birth",
            bits,
            {4: "same year of birth", 7: "same month of birth"}.get(common, "same date of birth"),
        )
    if common == 10:
        if left[:4] == right[:4] and left[5:7] == right[8:10] and left[8:10] == right[5:7]:
            return Evidence("birth", 7.0, "day and month swapped")
        if sum(x != y for x, y in zip(left, right, strict=True)) == 1:
            return Evidence("birth", 5.0, "one digit of the date differs")
        if left[4:] == right[4:] and abs(int(left[:4]) - int(right[:4])) in (1, 10):
            return Evidence("birth", 4.0, "year of birth off by 1 or 10")
        if sum(left[part] == right[part] for part in _DATE_PARTS) == 2:
            return Evidence("birth", 2.0, "two parts of the date agree")
    return Evidence("birth", -9.0, "different dates of birth")


def is_latin(name: str) -> bool:
    return name.isascii() and any(char.isalpha() for char in name)


@lru_cache(maxsize=100_000)
def _sounds(name: str) -> frozenset[tuple[str, ...]]:
    return frozenset(names.readings(name))


def sound_alike(left: str, right: str) -> bool:
    """Whether two Chinese names may be read alike, tones aside, by any of their readings.

    >>> sound_alike("符玮强", "符伟强"), sound_alike("符玮强", "符伟明")
    (True, False)
    """
    return len(left) == len(right) and not _sounds(left).isdisjoint(_sounds(right))


def _romanised(left: str, right: str) -> bool:
    """Whether one is a romanisation of the other, surname first or last."""
    latin, chinese = (left, right) if is_latin(left) else (right, left)
    parts = "".join(char if char.isalpha() else " " for char in latin).split()
    spelt = {"".join(parts), "".join([*parts[1:], *parts[:1]]), "".join([*parts[-1:], *parts[:-1]])}
    return any("".join(reading) in spelt for reading in _sounds(chinese))


def names_conflict(left: str, right: str) -> bool:
    """Whether two full names cannot be one person's, however misspelt."""
    return left != right and _full_names(left, right, 8.0) is _DIFFERENT
