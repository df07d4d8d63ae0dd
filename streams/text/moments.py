"""Dates and times in Chinese text, as partial ISO 8601 strings no more precise than the words.

A day without a year (6月5日) and 当日, 同日, 当晚, 次日 take what they lack from the date before
them in the text. What depends on when the text was written (昨天) is left alone.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from streams.text import numerals
from streams.text.findings import FoundTime

if TYPE_CHECKING:
    from streams.text.findings import Precision
    from streams.text.identifiers import Ground

_N = "0-9〇零一二三四五六七八九十"
_SIGN = r"\-/."
_CLOCK = (
    r"(?:[T\s日的]{0,2}(?P<part>凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚间|晚|深夜|夜间|夜里|夜)?"
    rf"(?P<hour>[{_N}]{{1,3}})"
    rf"(?:[时点](?:(?P<half>半)|(?P<minute>[{_N}]{{1,3}})分?)?|:(?P<colon>[0-9]{{2}})(?::[0-9]{{2}})?)许?)?"
)
# Begins with a set of characters, so that `re` skips to the first of them.
_MOMENT = re.compile(
    rf"[{_N}当同次第翌](?:"
    r"(?<=[12一二])(?<![0-9].)(?P<year>[0-9]{3}|[〇零一二三四五六七八九]{3})"
    rf"(?:年(?:(?P<month>[{_N}]{{1,2}})月份?)?|[{_SIGN}](?P<signed>[0-9]{{1,2}})(?=[{_SIGN}][0-9]))"
    rf"|(?<=[{_N}])(?<![0-9].)(?P<lone>[{_N}]?)月(?=[{_N}]{{1,3}}[日号])"
    r"|(?P<same>(?<=当)[日天晚夜]|(?<=同)日|(?<=同)一天|(?<=[次翌])日|(?<=第)二天))"
    rf"(?:(?:(?<=月)|(?<=月份)|[{_SIGN}])(?P<day>[{_N}]{{1,3}})[日号]?(?![0-9年月]))?{_CLOCK}"
)
_NEXT_DAY = "次第翌"
_EVENING = frozenset(("下午", "傍晚", "晚上", "晚间", "晚", "深夜", "夜间", "夜里", "夜"))


class _Day(NamedTuple):
    year: int
    month: int | None = None
    day: int | None = None


def find_times(text: str, ground: Ground) -> list[FoundTime]:
    """Dates and times of a folded text outside identifiers, in order of place."""
    found = []
    known: _Day | None = None
    for match in _MOMENT.finditer(text):
        day = _day(match, known)
        if day is None or not ground.free(*match.span()):
            continue
        known = day if day.day or known is None else known
        item = _time(match, day)
        if item is not None:
            found.append(item)
    return found


def _day(match: re.Match[str], known: _Day | None) -> _Day | None:
    """The day a match speaks of, or None when it cannot be told or does not exist."""
    first = match[0][0]
    if match["same"]:
        return _following(known) if first in _NEXT_DAY else _same(known)
    if match["year"]:
        year, month = _whole(first + match["year"]) or 0, _whole(match["month"] or match["signed"])
    elif known is None:
        return None
    else:
        year, month = known.year, _whole(first + match["lone"])
    day = _whole(match["day"])
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return _Day(year, month, day)


def _same(known: _Day | None) -> _Day | None:
    return known if known is not None and known.day and known.month else None


def _following(known: _Day | None) -> _Day | None:
    if known is None or not known.day or not known.month:
        return None
    try:
        after = date(known.year, known.month, known.day) + timedelta(days=1)
    except OverflowError:
        return None
    return _Day(after.year, after.month, after.day)


def _whole(text: str | None) -> int | None:
    if text is None:
        return None
    value = numerals.arabic(text) if text[0].isascii() else numerals.chinese(text)
    return None if value is None else int(value)


def _time(match: re.Match[str], day: _Day) -> FoundTime | None:
    start, end = match.span()
    iso, precision = _iso_day(day)
    hour = _hour(match)
    if match["hour"] and (hour is None or day.day is None):
        end = match.start("part") if match["part"] else match.start("hour")
    elif hour is not None:
        iso, precision = f"{iso}T{hour:02d}", "hour"
        minute = 30 if match["half"] else _whole(match["minute"] or match["colon"])
        if minute is not None and minute < 60:
            iso, precision = f"{iso}:{minute:02d}", "minute"
    return FoundTime(start=start, end=end, iso=iso, precision=precision) if end > start else None


def _iso_day(day: _Day) -> tuple[str, Precision]:
    if day.month is None:
        return f"{day.year:04d}", "year"
    if day.day is None:
        return f"{day.year:04d}-{day.month:02d}", "month"
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}", "day"


def _hour(match: re.Match[str]) -> int | None:
    """The hour of 24, or None: 晚12点 belongs to the next day and is not guessed at."""
    hour = _whole(match["hour"])
    if hour is None or hour > 23:
        return None
    part = match["part"] or ("晚" if match["same"] in ("晚", "夜") else "")
    if part in _EVENING:
        if hour == 12 and part != "下午":
            return None
        small_hours = hour < 6 and part.startswith(("深夜", "夜"))
        return hour + 12 if 1 <= hour < 12 and not small_hours else hour
    if part == "中午" and 1 <= hour <= 2:
        return hour + 12
    return 0 if part == "凌晨" and hour == 12 else hour
