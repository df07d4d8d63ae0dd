"""Comparing dates of birth: levels, each with its bits and its reason. Names: `name_levels`."""

from __future__ import annotations

from functools import lru_cache

from schemas.decisions import Evidence

_SAME = {
    4: Evidence("birth", 4.5, "same year of birth", "birth.year"),
    7: Evidence("birth", 8.0, "same month of birth", "birth.month"),
    10: Evidence("birth", 12.0, "same date of birth", "birth.day"),
}
_OTHER = {
    4: Evidence("birth", -9.0, "different dates of birth", "birth.other_year"),
    7: Evidence("birth", -9.0, "different dates of birth", "birth.other_month"),
    10: Evidence("birth", -9.0, "different dates of birth", "birth.other"),
}
"""By how many characters of the date both have."""
_DATE_PARTS = (slice(0, 4), slice(5, 7), slice(8, 10))


@lru_cache(maxsize=200_000)
def compare_births(left: str, right: str) -> Evidence | None:
    """Two birth dates, each year, month or day precise (`1990`, `1990-06`, `1990-06-03`)."""
    if not left or not right:
        return None
    common = min(len(left), len(right))
    if left[:common] == right[:common]:
        return _SAME[common]
    if common < 10:
        return _OTHER[common]
    if left[:4] == right[:4] and left[5:7] == right[8:10] and left[8:10] == right[5:7]:
        return Evidence("birth", 7.0, "day and month swapped", "birth.swapped")
    if sum(x != y for x, y in zip(left, right, strict=True)) == 1:
        # of dates one in 650 is so near; of a person's pairs of mentions one in 40 (typed, not swapped)
        return Evidence("birth", 4.0, "one digit of the date differs", "birth.digit")
    if left[4:] == right[4:] and abs(int(left[:4]) - int(right[:4])) in (1, 10):
        return Evidence("birth", 4.0, "year of birth off by 1 or 10", "birth.year_off")
    if sum(left[part] == right[part] for part in _DATE_PARTS) == 2:
        return Evidence("birth", 2.0, "two parts of the date agree", "birth.parts")
    return _OTHER[10]
