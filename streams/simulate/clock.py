"""The made worlds' own reading and writing of times: seconds since 1970 UTC, +08:00 on paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

DAY = 86_400
_EAST = 8 * 3600
_EPOCH = date(1970, 1, 1)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """A moment of Beijing time in seconds.

    >>> at(1970, 1, 1, 8)
    0
    """
    return ((date(year, month, day) - _EPOCH).days * 24 + hour) * 3600 + minute * 60 - _EAST


@lru_cache(maxsize=4096)
def _day_text(number: int) -> str:
    return (_EPOCH + timedelta(days=number)).isoformat()


def day(seconds: int) -> str:
    """The day, as 2019-06-03.

    >>> day(at(2019, 6, 3, 23, 59))
    '2019-06-03'
    """
    return _day_text((seconds + _EAST) // DAY)


def minute(seconds: int) -> str:
    """The minute without offset, as 2019-06-03T21:14."""
    number, rest = divmod(seconds + _EAST, DAY)
    return f"{_day_text(number)}T{rest // 3600:02d}:{rest // 60 % 60:02d}"


def stamp(seconds: int, style: int = 0) -> str:
    """The second with offset +08:00 (style 0), without offset (1) or in UTC (2).

    >>> [stamp(at(2019, 6, 3, 7), style) for style in range(3)]
    ['2019-06-03T07:00:00+08:00', '2019-06-03T07:00:00', '2019-06-02T23:00:00Z']
    """
    number, rest = divmod(seconds + (0 if style == 2 else _EAST), DAY)
    tail = ("+08:00", "", "Z")[style]
    return f"{_day_text(number)}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}{tail}"


def _ends(text: str) -> tuple[int, int]:
    """First and last second of a partial date or time as this package writes them."""
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        after = (year + month // 12, month % 12 + 1)
        return at(year, month, 1), at(*after, 1) - 1
    if len(text) == 10:
        start = at(int(text[:4]), int(text[5:7]), int(text[8:]))
        return start, start + DAY - 1
    if len(text) == 16:
        start = at(*(int(p) for p in (text[:4], text[5:7], text[8:10], text[11:13], text[14:])))
        return start, start + 59
    moment = datetime.fromisoformat(text)
    offset = timedelta(0) if moment.tzinfo else timedelta(seconds=_EAST)
    start = int((moment.replace(tzinfo=moment.tzinfo or UTC) - offset).timestamp())
    return start, start


def span(stated: str | Mapping[str, str] | None) -> tuple[int | None, int | None]:
    """First and last second that a stated time covers; None where it is open.

    >>> a, b = span("2019-06"); b - a + 1 == 30 * DAY
    True
    """
    if stated is None:
        return None, None
    if isinstance(stated, str):
        return _ends(stated)
    start, end = stated.get("from"), stated.get("to")
    return (_ends(start)[0] if start else None), (_ends(end)[1] if end else None)


def moment(stated: str) -> int:
    """The second of a full time as `stamp` writes it, in any of its styles.

    >>> [moment(stamp(77, style)) for style in range(3)]
    [77, 77, 77]
    """
    return _ends(stated)[0]
