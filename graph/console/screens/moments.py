"""Times as people read them: by China's clocks, and no more precise than they are known."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import Literal

from schemas.reference.words import Lang, word

Precision = Literal["year", "month", "day", "minute", "span", "bound"]

_CHINA = timezone(timedelta(hours=8))
_YEAR = 12
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def precision(earliest: str | None, latest: str) -> Precision:
    """How precisely a time is known, from its bounds (ISO 8601).

    >>> precision(None, "2019-06-03T15:59:59Z")
    'bound'
    >>> precision("2019-06-02T16:00:00Z", "2019-06-03T15:59:59.999999Z")
    'day'
    >>> precision("2019-05-31T16:00:00Z", "2019-06-30T15:59:59.999999Z")
    'month'
    >>> precision("2019-06-09T16:00:00Z", "2019-07-09T15:59:59.999999Z")
    'span'
    """
    if earliest is None:
        return "bound"
    first, over = _here(earliest), _here(latest)
    if over - first < timedelta(minutes=1):
        return "minute"
    after = over + timedelta(microseconds=1)
    if first.time() != time.min or after.time() != time.min:
        return "span"
    if after - first == timedelta(days=1):
        return "day"
    months = (after.year - first.year) * 12 + after.month - first.month
    if first.day != 1 or after.day != 1:
        return "span"
    return "month" if months == 1 else "year" if months == _YEAR and first.month == 1 else "span"


def stretch(earliest: str | None, latest: str | None, lang: Lang) -> str:
    """A stretch of valid time (ISO 8601) in words; what is not known of it is not said.

    >>> stretch("2019-06-03T00:00:00+08:00", "2019-06-03T23:59:59.999999+08:00", "zh")
    '2019年6月3日'
    >>> stretch("2019-06-27T00:00:00+08:00", "2019-06-30T01:39:35+08:00", "en")
    '27 June 2019 to 30 June 2019, 01:39'
    >>> stretch(None, "2019-06-30T23:59:59.999999+08:00", "zh")
    '不晚于 2019年6月30日'
    """
    if latest is None:
        return word("when", "unknown", lang) if earliest is None else _since(earliest, lang)
    if earliest is None:
        return word("when", "until", lang, to=ended(latest, lang))
    known = precision(earliest, latest)
    if known == "span":
        return word("when", "span", lang, **{"from": begun(earliest, lang), "to": ended(latest, lang)})
    return _said(_here(earliest), known, lang)


def moment(at: str, lang: Lang) -> str:
    """A point in time (ISO 8601) to the minute.

    >>> moment("2019-06-03T13:14:59Z", "zh"), moment("2019-06-03T13:14:59Z", "en")
    ('2019年6月3日 21:14', '3 June 2019, 21:14')
    """
    return _said(_here(at), "minute", lang)


def _since(earliest: str, lang: Lang) -> str:
    return word("when", "since", lang, **{"from": begun(earliest, lang)})


def begun(at: str, lang: Lang) -> str:
    """A lower bound (ISO 8601): a day where it is the first moment of one."""
    here = _here(at)
    return _said(here, "day" if here.time() == time.min else "minute", lang)


def ended(at: str, lang: Lang) -> str:
    """An upper bound (ISO 8601): a day where it is the last moment of one."""
    here = _here(at)
    return _said(here, "day" if here.time() >= time(23, 59, 59) else "minute", lang)


def _said(at: datetime, known: Precision, lang: Lang) -> str:
    if lang == "zh":
        day = {"year": f"{at.year}年", "month": f"{at.year}年{at.month}月"}
        whole = f"{at.year}年{at.month}月{at.day}日"
        return day.get(known, f"{whole} {at:%H:%M}" if known == "minute" else whole)
    month = f"{_MONTHS[at.month - 1]} {at.year}"
    day = {"year": str(at.year), "month": month}
    return day.get(known, f"{at.day} {month}, {at:%H:%M}" if known == "minute" else f"{at.day} {month}")


def _here(moment: str) -> datetime:
    """A moment (ISO 8601 with its offset) by China's clocks, whose days and months are meant."""
    return datetime.fromisoformat(moment).astimezone(_CHINA)
