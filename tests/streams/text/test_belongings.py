"""Whose a number is: only where a text says so, and nobody else's it could be."""

from __future__ import annotations

import pytest

from streams.text.belongings import find_belongings
from streams.text.clauses import parse
from streams.text.fold import fold
from streams.text.spans import read_text


def owned(text):
    """(who, kind, number) of each belonging."""
    parsed = parse(fold(text), read_text(text))
    found = find_belongings(parsed.text, parsed.people, parsed.reading.identifiers)
    return [
        (text[slice(*parsed.people[each.person].span)], each.identifier.kind, each.identifier.normal)
        for each in found
    ]


@pytest.mark.parametrize(
    "text",
    [
        "符小满（电话13800138000）把冰毒卖给林海生",
        "符小满(13800138000)把冰毒卖给林海生",
        "符小满的手机号是13800138000",
        "电话为13800138000的符小满卖冰毒",
        "符小满，男，联系电话：13800138000",
        "符小满 13800138000",
    ],
)
def test_a_number_is_theirs_who_is_named_right_beside_it(text):
    assert owned(text) == [("符小满", "phone", "13800138000")]


def test_several_numbers_in_one_bracket_are_all_theirs():
    text = "林海生向符小满（电话13800138000，微信号fxm_8801）购买冰毒"
    assert owned(text) == [("符小满", "phone", "13800138000"), ("符小满", "wechat", "fxm_8801")]


@pytest.mark.parametrize(
    "text",
    [
        "符小满把冰毒卖给林海生，电话13800138000",  # either's
        "他的电话是13800138000",
        "符小满在店里，打13800138000就来",
        "符小满说打电话13800138000联系",
        "13800138000符小满、13900139000林海生",
        "13800138000 符小满，13900139000 林海生",
        "符小满，13800138000是林海生的号码",
    ],
)
def test_a_number_that_may_be_anothers_is_nobodys(text):
    assert owned(text) == []


def test_who_is_named_behind_a_number_and_a_joint_has_it_and_nobody_before():
    text = "电话13800138000的符小满，13900139000的林海生"
    assert owned(text) == [("符小满", "phone", "13800138000"), ("林海生", "phone", "13900139000")]
    text = "符小满电话13800138000，电话13900139000是林海生的"
    assert owned(text) == [("符小满", "phone", "13800138000")]


def test_a_row_of_numbers_costs_time_in_proportion():
    text = "符小满（电话13800138000）" * 2_000
    assert len(owned(text)) == 2_000
