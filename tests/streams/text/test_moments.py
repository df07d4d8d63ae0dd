"""Dates and times, and what they take from the date before them."""

import pytest

from schemas import times
from streams.text.spans import read_text


def isos(text):
    return [item.iso for item in read_text(text).times]


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2019年6月3日21时许", "2019-06-03T21", "hour"),
        ("2019年6月3日21时14分", "2019-06-03T21:14", "minute"),
        ("2019年06月03日", "2019-06-03", "day"),
        ("2019年6月3号晚上9点半", "2019-06-03T21:30", "minute"),
        ("2019年6月份", "2019-06", "month"),
        ("2019年", "2019", "year"),
        ("2019年6月3日凌晨2时", "2019-06-03T02", "hour"),
        ("2019年6月3日下午3时20分", "2019-06-03T15:20", "minute"),
        ("2019年6月3日中午1点", "2019-06-03T13", "hour"),
        ("2019年6月3日深夜2点", "2019-06-03T02", "hour"),
        ("2019-06-03 21:14", "2019-06-03T21:14", "minute"),
        ("2019/6/3", "2019-06-03", "day"),
        ("2019.6.3", "2019-06-03", "day"),
        ("二〇一九年六月三日", "2019-06-03", "day"),
        ("二零一九年十二月三十一日", "2019-12-31", "day"),
        ("２０１９年６月", "2019-06", "month"),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_written(text, iso, precision):
    (found,) = read_text(f"于{text}").times
    assert (found.iso, found.precision) == (iso, precision)
    assert times.when(found.iso) is not None


def test_what_a_date_lacks_comes_from_the_date_before():
    assert isos("2019年12月31日交易，当晚11点取货，次日凌晨1时离开，5月2日再来") == [
        "2019-12-31",
        "2019-12-31T23",
        "2020-01-01T01",
        "2020-05-02",
    ]


@pytest.mark.parametrize(
    "text", ["当日21时", "5月2日", "昨天晚上", "2019年13月", "2019年2月30日", "12.5.3", "次日"]
)
def test_dates_that_cannot_be_told_or_do_not_exist_are_none(text):
    assert isos(text) in ([], ["2019"])


def test_twelve_at_night_is_not_guessed_at():
    (found,) = read_text("2019年6月3日晚12点").times
    assert (found.iso, found.precision, found.span) == ("2019-06-03", "day", (0, 9))
