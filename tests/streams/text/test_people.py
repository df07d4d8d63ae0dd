"""People in text: names with their boundaries, masks, nicknames, aliases; common words are no names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.text.fold import fold
from streams.text.people import find_people


def found(text):
    return [(text[slice(*each.span)], each.kind) for each in find_people(fold(text), [])]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("符小满把货卖给欧阳海生", ["符小满", "欧阳海生"]),
        ("我向王明购买", ["王明"]),
        ("买买提·艾力和林海生一起", ["买买提·艾力", "林海生"]),
        ("範偉強賣給陳曉", ["範偉強", "陳曉"]),
        ("卖给黄某明、刘某林等人", ["黄某明", "刘某林"]),
        ("陈某某、林某甲", ["陈某某", "林某甲"]),
        ("王*找李**拿货", ["王*", "李**"]),
        ("阿强叫老三送货", ["阿强", "老三"]),
        ("姓陈的卖给强哥", ["姓陈的", "强哥"]),
    ],
)
def test_people_are_found_with_exact_ends(text, names):
    assert [name for name, _ in found(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "时间大概是晚上，路边有车辆",
        "他们方便的时候，在小区门口和老板商量",
        "关于这件事，应该严查",
        "高兴的周末，全家在海边游泳",
        "马上去公安局报案，万一出事",
        "大家小时候在码头，石头很多",
    ],
)
def test_common_words_are_no_names(text):
    assert [name for name, kind in found(text) if kind != "pronoun"] == []


@pytest.mark.parametrize(
    ("text", "alias", "name"),
    [
        ("陈小强（绰号“阿强”）", "阿强", "陈小强"),
        ("陈小强，人称强哥，", "强哥", "陈小强"),
        ("外号“大许”的许贵生", "大许", "许贵生"),
        ("陈小强（阿强）", "阿强", "陈小强"),
    ],
)
def test_an_alias_points_to_the_name_that_the_text_gives_it_to(text, alias, name):
    people = find_people(text, [])
    (other,) = [each for each in people if each.alias_of is not None]
    assert text[slice(*other.span)] == alias
    assert text[slice(*other.alias_of)] == name


def test_a_name_is_found_again_where_little_speaks_for_it():
    text = "林海月卖给我。都是林海月哄骗的"
    assert [name for name, kind in found(text) if kind == "name"] == ["林海月", "林海月"]


@given(st.text(alphabet="林海生阿强哥某*·（）“”绰号，卖给老三A1 \n欧阳", max_size=60))
def test_people_stand_in_order_without_overlap_in_any_text(text):
    ends = 0
    for each in find_people(fold(text), []):
        assert ends <= each.start < each.end <= len(text)
        ends = each.end
