"""How two values agree: levels of names, dates and the rest, one by one."""

from __future__ import annotations

import pytest

from streams.tables.comparisons import COMPARISONS
from streams.tables.features import features_of, values_of
from streams.tables.fields import Fields


def level(kind, left, right):
    (forth,), (back,) = COMPARISONS[kind].levels([left], [right]), COMPARISONS[kind].levels([right], [left])
    assert forth == back, "a comparison has no direction"
    return int(forth)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("wilhelm", "wilhelmm", 4),
        ("anna maria", "anna", 4),
        ("margarethe", "margaretha", 4),
        ("catherine", "katharina", 2),
        ("robert", "bob", 2),
        ("a", "anna", 2),
        ("anna", "boris", 0),
        ("伟", "炜", 2),
        ("小明", "晓明", 2),
        ("陈", "阵", 2),
        ("陈", "王", 0),
        ("陈", "chan", 4),
        ("王", "wong", 4),
        ("欧阳", "au yeung", 4),
        ("小明", "xiaoming", 4),
        ("小明", "siu ming", 4),
        ("小明", "weiqiang", 0),
        ("иван", "ivan", -1),
    ],
)
def test_names_agree_by_letters_words_sound_and_look(left, right, expected):
    assert level("name", left, right) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("19840103", "19840301", 4),
        ("19840103", "19840104", 4),
        ("19840103", "19840112", 3),
        ("19840103", "19740103", 4),
        ("19840103", "1984", 3),
        ("19840103", "19841127", 1),
        ("19840103", "19621127", 0),
    ],
)
def test_dates_agree_by_their_parts(left, right, expected):
    assert level("date", left, right) == expected


@pytest.mark.parametrize(
    ("kind", "left", "right", "expected"),
    [
        ("identifier", "x1234567", "x1234568", 2),
        ("identifier", "x1234567", "x9994567", 0),
        ("email", "anna.abel@post.example", "anna.abel@mail.example", 2),
        ("email", "anna.abel1@post.example", "anna.abel2@post.example", 0),
        ("postcode", "bh8 8ur", "bh8 1aa", 1),
        ("phones", "89812345678 13800001111", "0089812345678", 1),
        ("generation", "jr", "sr", 0),
        ("flag", "m", "f", 0),
        ("text", "red woollen coat", "coat red woollen", 3),
        ("category", "altdorf", "altdorff", 1),
    ],
)
def test_other_values_agree_by_what_they_are(kind, left, right, expected):
    assert level(kind, left, right) == expected


@pytest.mark.parametrize(("one", "other"), [("陳樂明", "陈乐明"), ("锺嘉昇", "钟嘉升"), ("傅喆", "付哲")])
def test_forms_of_a_chinese_name_are_one(one, other):
    fields = Fields({"who": "name"})
    features = features_of(fields)
    left, right = (list(values_of({"who": name}, fields, features)) for name in (one, other))
    assert left == right
