import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reference import regions, tables

ROWS = list(tables.rows("regions.tsv"))
CODES = st.sampled_from(sorted({row[0] for row in ROWS}))


def test_the_table_is_whole_and_small():
    assert len(ROWS) > 6000
    assert all(len(row) == 5 for row in ROWS)
    assert all(re.fullmatch(r"\d{6}", row[0]) for row in ROWS)
    assert all(re.fullmatch(r"(\d{4}-\d{2})?", month) for row in ROWS for month in row[2:4])


def test_every_period_ends_after_it_began():
    assert all(not row[3] or row[2] < row[3] for row in ROWS)


def test_a_code_has_at_most_one_name_at_a_time():
    for code in {row[0] for row in ROWS}:
        spans = sorted((row[2], row[3]) for row in ROWS if row[0] == code)
        for (_, until), (since, _) in pairwise(spans):
            assert until, code
            assert until <= since, code


def test_the_code_of_today_is_in_force_today():
    living = {row[0] for row in ROWS if not row[3]}
    assert all(row[4] in living for row in ROWS if row[4])


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("460001", "1995-06", "通什市"),
        ("460001", "2002-06-01", "五指山市"),
        ("460001", "2010-01", None),
        ("460003", "2000-01", "儋州市"),
        ("469003", "2010-01", "儋州市"),
        ("469003", "2018-01", None),
        ("460400", "2010-01", None),
        ("460400", "2016-01", "儋州市"),
        ("469025", "2005-01", "定安县"),
        ("469025", "2015-01", "白沙黎族自治县"),
        ("441900", "2019-10-01", "东莞市"),
        ("442000", "2019-10-01", "中山市"),
        ("440825", "2019-10-01", "徐闻县"),
        ("999999", "2019-10-01", None),
    ],
)
def test_a_code_means_what_it_meant_on_the_day(code, on, name):
    found = regions.region(code, on)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("code", "on", "now"),
    [
        ("460003", None, "460400"),
        ("469003", None, "460400"),
        ("460030", None, "469025"),
        ("469030", "2005-01", "469025"),
        ("469030", "2015-01", "469030"),
        ("442126", "1985-01", "469022"),
        ("460100", None, "460100"),
        ("123456", None, "123456"),
    ],
)
def test_former_codes_lead_to_the_place_of_today(code, on, now):
    assert regions.current(code, on) == now


@given(CODES)
def test_every_place_lies_in_its_province_and_in_itself(code):
    assert regions.within(code, code)
    assert regions.within(code, code[:2] + "0000")


@given(CODES, CODES)
def test_compatibility_of_places_is_symmetric(left, right):
    assert regions.compatible(left, right) == regions.compatible(right, left)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("陵水县", "469028"),
        ("海南省陵水黎族自治县", "469028"),
        ("海南", "460000"),
        ("吉林", "220000"),
        ("海口市龙华区", "460106"),
        ("深圳市龙华区", "440309"),
        ("广东徐闻", "440825"),
        ("广东省东莞市", "441900"),
        ("海南省儋县", "460400"),
        ("琼中", "469030"),
        ("内蒙古", "150000"),
        ("460003", "460400"),
        ("460022", "469005"),
        ("龙华区", None),
        ("火星", None),
        ("", None),
        ("１２３", None),
    ],
)
def test_places_are_found_by_name_or_code(text, code):
    assert regions.resolve(text) == code


def test_a_name_of_many_places_needs_a_hint():
    assert regions.find_in("在鼓楼区被查获") == []
    assert regions.find_in("在鼓楼区被查获", near="350102") == [(1, 4, "350102")]


def test_a_street_is_no_place():
    assert regions.find_in("住中山路和海口大道旁") == []
