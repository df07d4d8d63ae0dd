"""Times as records state them, read into microseconds since 1970 UTC and written back.

A record may know a day only to the month. `when` keeps that precision as a closed interval,
`instant` is for times that are points (`reported_at`). Without an offset both mean +08:00, which
China has kept everywhere; the summers of 1986–1991, when clocks there stood an hour ahead, are
left at +08:00 because the contract says so.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from schemas.records import Period, When

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_CHINA = timezone(timedelta(hours=8))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_CHINA_OFFSET = 8 * HOUR

# ISO 8601, extended form, cut off after any part but with all parts before it.
_STATED = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,30}))?)?)?"
    r"(Z|z|[+-]\d\d(?::?\d\d)?)?)?)?)?\Z",
    re.ASCII,
)


def _at(year: int, month: int, day: int) -> int:
    """Midnight in +08:00; raises ValueError when there is no such day."""
    return (date(year, month, day).toordinal() - _EPOCH_DAY) * DAY - _CHINA_OFFSET


_FIRST = _at(1, 1, 1)
_LAST = _at(9999, 12, 31) + DAY - 1


def instant(text: str) -> int | None:
    """The point in time that `text` names (microseconds), or None when it names none.

    For `reported_at`. A bare day is its midnight in +08:00; a month or year is not a point.

    >>> instant("2019-06-03T21:14:00+08:00") == instant("2019-06-03T13:14:00Z")
    True
    >>> instant("2019-06-03 21:14") == instant("2019-06-03T21:14+08:00")
    True
    >>> instant("2019-06"), instant("2019-02-30T10:00"), instant("昨天")
    (None, None, None)
    """
    if len(text) < 10:
        return None
    read = _read(text)
    return None if read is None else read[0]


def when(stated: str | Period) -> When | None:
    """The stretch of time that was stated, both ends closed, or None when it cannot be read.

    An open end of a period stays None. None, too, when `from` is after `to`.

    >>> stretch = when("2019-06")
    >>> iso(stretch.earliest), iso(stretch.latest)
    ('2019-06-01T00:00:00+08:00', '2019-06-30T23:59:59.999999+08:00')
    >>> when(Period(start="2019-06", end="2019-05")) is None
    True
    >>> when(Period(start="2019-06")).latest is None
    True
    """
    if isinstance(stated, str):
        read = _read(stated)
        return None if read is None else When(read[0], read[1], stated)
    return _period(stated)


def _period(stated: Period) -> When | None:
    first = last = None
    if stated.start is not None:
        first = _read(stated.start)
        if first is None:
            return None
    if stated.end is not None:
        last = _read(stated.end)
        if last is None:
            return None
    if first is not None and last is not None and first[0] > last[1]:
        return None
    return When(
        None if first is None else first[0],
        None if last is None else last[1],
        f"{stated.start or '..'}/{stated.end or '..'}",
    )


def _read(text: str) -> tuple[int, int] | None:
    found = _STATED.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    try:
        if hour is None:
            return _days(int(year), month, day)
        start = _at(int(year), int(month), int(day))
        start += _clock(int(hour), int(minute or 0), int(second or 0))
        start += _CHINA_OFFSET - _offset(offset)
    except ValueError:
        return None
    length = HOUR if minute is None else MINUTE if second is None else SECOND
    if fraction is not None:
        start += int(fraction[:6].ljust(6, "0"))
        length = 1
    return (start, start + length - 1) if _FIRST <= start <= _LAST - length + 1 else None


def _days(year: int, month: str | None, day: str | None) -> tuple[int, int]:
    """First and last microsecond of a year, a month or a day."""
    if month is None:
        return _at(year, 1, 1), _at(year, 12, 31) + DAY - 1
    if day is not None:
        start = _at(year, int(month), int(day))
        return start, start + DAY - 1
    start = _at(year, int(month), 1)
    length = 31
    while True:  # 28 days exist in every month
        try:
            return start, _at(year, int(month), length) + DAY - 1
        except ValueError:
            length -= 1


def _clock(hour: int, minute: int, second: int) -> int:
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError("no such time of day")
    return hour * HOUR + minute * MINUTE + second * SECOND


def _offset(text: str | None) -> int:
    if text is None:
        return _CHINA_OFFSET
    if text in "Zz":
        return 0
    size = _clock(int(text[1:3]), int(text[3:].lstrip(":") or 0), 0)
    return -size if text[0] == "-" else size


def iso(micros: int) -> str:
    """A moment for people and scripts, in +08:00. Reads back with `instant`.

    >>> iso(0)
    '1970-01-01T08:00:00+08:00'
    """
    return (_EPOCH.astimezone(_CHINA) + timedelta(microseconds=micros)).isoformat()
