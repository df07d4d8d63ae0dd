"""At which level two names or two dates of birth agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.resolve.comparisons import compare_births, compare_names, is_latin, names_conflict, sound_alike
from tests.streams.resolve.made import person


def level(left, right, **aliases):
    found = compare_names(person(left), person(right, **aliases))
    assert found is None or found.feature == "name"
    return found and found.why


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        ("符玮强", "符玮强", "same name"),
        ("符玮强", "符瑋強", "same name"),
        ("符玮强", "符伟强", "same sound"),
        ("曾强", "增强", "same sound"),
        ("符玮强", "Fu Weiqiang", "romanised"),
        ("符玮强", "Weiqiang Fu", "romanised"),
        ("符玮强", "FU WEI QIANG", "romanised"),
        ("符玮强", "Chen Ming", "different names"),
        ("Fu Weiqiang", "Weiqiang Fu", "same name, other order"),
        ("Fu Weiqiang", "Chen Ming", "different names"),
        ("王建国", "王建军", "one character of the given name differs"),
        ("王建国", "汪建国", "same sound"),
        ("王建国", "李建国", "same given name of two characters, other surname"),
        ("王伟", "李伟", "different names"),
        ("王建国", "陈明亮", "different names"),
        ("王某某", "王建国", "masked name fits"),
        ("王某某", "李建国", "different names"),
        ("王某国", "王某某", "masked name fits"),
        ("阿强", "符玮强", "nickname fits the name"),
        ("王先生", "王建国", "nickname fits the name"),
        ("阿强", "陈明亮", "a nickname beside a name"),
        ("阿强", "阿明", "a nickname beside a name"),
        ("阿强", "阿强", "same nickname"),
        ("", "符玮强", None),
        ("符玮强", "", None),
    ],
)
def test_two_names_agree_at_the_level(left, right, why):
    assert level(left, right) == why
    assert level(right, left) == why


def test_an_alias_agrees_with_the_name_it_stands_for_and_is_worth_less_than_the_name():
    real, other = person("符玮强"), person("陈明亮", aliases=("符玮强",))
    assert compare_names(real, other).why == compare_names(other, real).why == "alias"
    assert 0 < compare_names(real, other).bits < compare_names(real, real).bits
    nickname, called = person("阿强"), person("符玮强", aliases=("阿强",))
    assert compare_names(nickname, called).bits == compare_names(called, nickname).bits == 3.0


def test_a_rare_name_says_more_than_a_common_one():
    rare, common = (compare_names(person(name), person(name)).bits for name in ("覃玮骁", "王伟"))
    assert rare > common > 0


def test_a_name_common_in_hainan_says_less_than_its_rarity_elsewhere():
    assert compare_names(person("符伟"), person("符伟")).bits < 15


def test_a_homophone_says_less_than_the_same_characters_and_never_nothing():
    bits = [compare_names(person(name), person(name)).bits for name in ("符玮强", "符伟强")]
    for alike in ("符伟强", "Fu Weiqiang"):
        assert 2.0 <= compare_names(person("符玮强"), person(alike)).bits <= min(bits) - 2.0
    assert compare_names(person("王伟"), person("王玮")).bits >= 2.0


@pytest.mark.parametrize(
    ("left", "right", "bits"),
    [
        ("1990-06-03", "1990-06-03", 12.0),
        ("1990-06", "1990-06-03", 8.0),
        ("1990", "1990-06-03", 4.5),
        ("1990", "1990", 4.5),
        ("1990-03-06", "1990-06-03", 7.0),
        ("1990-06-03", "1990-06-08", 5.0),
        ("1990-06-13", "1991-06-13", 5.0),
        ("1999-06-13", "2000-06-13", 4.0),
        ("1990-06-23", "1998-06-23", 5.0),
        ("1988-06-23", "1993-06-23", 2.0),
        ("1990-06-03", "1990-11-03", 2.0),
        ("1990-06-03", "1985-11-21", -9.0),
        ("1990-06", "1991-06-03", -9.0),
        ("1990", "1991", -9.0),
    ],
)
def test_two_dates_of_birth_are_worth(left, right, bits):
    assert compare_births(left, right).bits == bits
    assert compare_births(right, left).bits == bits


def test_a_date_that_is_not_known_says_nothing():
    assert compare_births("", "1990") is None
    assert compare_births("1990", "") is None


def test_a_bare_number_is_no_latin_name():
    assert is_latin("Li Wei")
    assert not is_latin("123")
    assert not is_latin("李伟")


def test_names_of_other_length_never_sound_alike():
    assert not sound_alike("符玮", "符玮强")


@pytest.mark.parametrize(
    ("left", "right", "conflict"),
    [
        ("符玮强", "符玮强", False),
        ("符玮强", "符伟强", False),
        ("符玮强", "符玮明", False),
        ("符玮强", "fu weiqiang", False),
        ("符玮强", "chen ming", True),
        ("符玮强", "陈明亮", True),
        ("陈明", "陈亮", True),
    ],
)
def test_names_conflict_only_when_no_misspelling_explains_them(left, right, conflict):
    assert names_conflict(left, right) is conflict


NAMES = st.text("符玮伟强明王阿某*Li ", max_size=5)


@given(NAMES, NAMES)
def test_comparing_names_is_symmetric_and_never_raises(left, right):
    assert compare_names(person(left), person(right)) == compare_names(person(right), person(left))
