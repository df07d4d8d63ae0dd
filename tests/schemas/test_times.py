"""Times as stated become moments and closed stretches, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.records import Period
from schemas.times import DAY, HOUR, MINUTE, SECOND, instant, iso, when

CHINA = timezone(timedelta(hours=8))


def micros(*parts: int, tz=CHINA) -> int:
    return (datetime(*parts, tzinfo=tz) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    "text",
    [
        "2019-06-03T21:14:00+08:00",
        "2019-06-03T13:14:00Z",
        "2019-06-03t13:14:00z",
        "2019-06-03T21:14",
        "2019-06-03 21:14:00",
        "2019-06-03T21:14:00.000",
        "2019-06-03T21:14:00+0800",
        "2019-06-03T21:14+08",
        "2019-06-03T05:44:00-07:30",
    ],
)
def test_one_moment_can_be_written_in_many_ways(text):
    assert instant(text) == micros(2019, 6, 3, 21, 14)


def test_a_time_without_offset_is_in_china():
    assert instant("2019-06-03T08:00") == micros(2019, 6, 3, tz=UTC)


def test_fractions_keep_microseconds_and_no_more():
    assert instant("2019-06-03T21:14:00.1234567+08:00") == micros(2019, 6, 3, 21, 14) + 123456
    assert instant("2019-06-03T21:14:00,5") == micros(2019, 6, 3, 21, 14) + 500_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "昨天",
        "2019",
        "2019-06",
        "2019-13-01",
        "2019-02-29T00:00",
        "2019-06-03T24:00",
        "2019-06-03T21:60",
        "2019-06-03T21:14:60",
        "2019-06-03T21:14+24:00",
        "2019-06-03T21:14+08:60",
        "2019-06-03T21:14:00+08:00 ",
        "2019-06-03T21:14:00+08:00\n",
        " 2019-06-03",
        "2019/06/03",
        "20190603T2114",
        "２０１９-06-03T21:14",
        "2019-06-03T21:14:00." + "1" * 100,
        "1559567640",
        "0000-01-01T00:00",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59:59-08:00",
        "2019-06-03T21:14\x00",
    ],
)
def test_what_is_no_moment_is_none_and_never_an_error(text):
    assert instant(text) is None


@pytest.mark.parametrize(
    ("text", "start", "length"),
    [
        ("2019", (2019, 1, 1), 365 * DAY),
        ("2020", (2020, 1, 1), 366 * DAY),
        ("2019-06", (2019, 6, 1), 30 * DAY),
        ("2020-02", (2020, 2, 1), 29 * DAY),
        ("2019-12", (2019, 12, 1), 31 * DAY),
        ("2019-06-03", (2019, 6, 3), DAY),
        ("2019-06-03T21", (2019, 6, 3, 21), HOUR),
        ("2019-06-03T21:14", (2019, 6, 3, 21, 14), MINUTE),
        ("2019-06-03T21:14:05", (2019, 6, 3, 21, 14, 5), SECOND),
        ("2019-06-03T21:14:05.25", (2019, 6, 3, 21, 14, 5, 250_000), 1),
        ("9999-12", (9999, 12, 1), 31 * DAY),
    ],
)
def test_a_partial_time_is_a_closed_stretch_of_its_own_precision(text, start, length):
    stretch = when(text)
    assert stretch is not None
    assert stretch.earliest == micros(*start)
    assert stretch.latest == micros(*start) + length - 1
    assert stretch.text == text


def test_a_period_runs_from_the_start_of_one_end_to_the_end_of_the_other():
    stretch = when(Period(start="2019-06", end="2019-08-03"))
    assert stretch is not None
    assert (stretch.earliest, stretch.latest) == (micros(2019, 6, 1), micros(2019, 8, 4) - 1)
    assert stretch.text == "2019-06/2019-08-03"


def test_a_period_may_be_open():
    since, until = when(Period(start="2019-06")), when(Period(end="2019-06"))
    assert since is not None
    assert until is not None
    assert (since.earliest, since.latest) == (micros(2019, 6, 1), None)
    assert (until.earliest, until.latest) == (None, micros(2019, 7, 1) - 1)


@pytest.mark.parametrize(
    "period",
    [
        Period(start="2019-06", end="2019-05"),
        Period(start="soon", end="2019-05"),
        Period(start="2019-05", end="later"),
    ],
)
def test_a_period_that_ends_before_it_begins_or_cannot_be_read_is_none(period):
    assert when(period) is None


def test_a_period_within_one_month_is_read_though_its_ends_overlap():
    stretch = when(Period(start="2019-06-20", end="2019-06"))
    assert stretch is not None
    assert stretch.earliest == micros(2019, 6, 20)


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)))  # noqa: DTZ001
def test_what_is_written_reads_back(moment):
    stated = (moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert instant(iso(stated)) == stated


@given(st.text(alphabet="0123456789-:T+Z. ", max_size=32) | st.text(max_size=32))
def test_any_text_is_read_or_is_none(text):
    instant(text)
    stretch = when(text)
    if stretch is not None:
        assert stretch.earliest is not None
        assert stretch.latest is not None
        assert stretch.earliest <= stretch.latest
        assert len(iso(stretch.earliest)) >= 25
        assert len(iso(stretch.latest)) >= 25


@given(st.datetimes(), st.timedeltas(min_value=timedelta(hours=-23), max_value=timedelta(hours=23)))
def test_reading_agrees_with_the_standard_library(moment, shift):
    minutes = timedelta(minutes=shift // timedelta(minutes=1))
    text = moment.replace(tzinfo=timezone(minutes)).isoformat()
    ours = instant(text)
    if ours is not None:
        theirs = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
        assert ours == theirs // timedelta(microseconds=1)
    else:
        assert moment.year in {1, 9999}
