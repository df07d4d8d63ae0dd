import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reference import substances

ALL = substances.all_substances()


def _check_digit_fits(cas):
    digits = cas.replace("-", "")
    return int(digits[-1]) == sum(int(d) * n for n, d in enumerate(reversed(digits[:-1]), 1)) % 10


@pytest.mark.parametrize("row", ALL, ids=lambda row: row.code)
def test_every_entry_is_sound(row):
    assert re.fullmatch(r"[a-z0-9_]+", row.code)
    assert not row.cas or _check_digit_fits(row.cas)
    assert list(row.regimes) == sorted(row.regimes, key=lambda regime: regime.since)
    assert row.regimes
    assert not row.group or substances.known(row.group)
    assert not set(row.aliases) & set(row.slang)


def test_names_and_aliases_belong_to_one_substance_each():
    owners = {}
    for row in ALL:
        for word in (row.name, *row.aliases):
            assert owners.setdefault(word.casefold(), row.code) == row.code, word


@pytest.mark.parametrize(
    ("cas", "bracket"),
    [
        ("561-27-3", 50),
        ("537-46-2", 50),
        ("6740-88-1", 500),
        ("111982-50-4", None),
        ("42542-10-9", 100),
        ("50-36-2", 50),
        ("57-27-2", 100),
        ("8008-60-4", 1000),
        ("5650-44-2", 200),
        ("1189805-46-6", None),
        ("591-81-1", 2000),
        ("96-48-0", None),
        ("1622-62-4", None),
        ("2011-67-8", 250_000),
        ("28911-01-5", 50_000),
        ("50-37-3", None),
        ("520-52-5", None),
        ("437-38-7", 125),
        ("76-99-3", 1000),
        ("27203-92-5", 2000),
        ("76-57-3", 5000),
        ("2682867-55-4", None),
        ("299-42-3", None),
        ("4021-34-5", None),
        ("33125-97-2", None),
        ("10024-97-2", None),
        ("1972-08-3", None),
    ],
)
def test_the_substances_of_the_domain_are_there_with_their_brackets(cas, bracket):
    code = substances.lookup(cas)
    assert substances.substance(code).bracket_grams == bracket


def test_forms_of_cannabis_have_brackets_of_their_own():
    brackets = substances.substance("cannabis").brackets
    assert (brackets["大麻叶"], brackets["大麻脂"], brackets["大麻油"]) == (150_000, 10_000, 5000)


@pytest.mark.parametrize("row", ALL, ids=lambda row: row.code)
def test_every_name_and_alias_is_found_alone_and_in_a_sentence(row):
    for word in (row.name, *row.aliases):
        assert substances.lookup(word) == row.code
        text = f"查获{word}若干"
        assert substances.find_in(text) == [(2, 2 + len(word), row.code, False)]


def test_slang_is_marked_as_slang():
    for word in ("气弹", "奶油气弹", "奶油枪耗材", "气囊", "气球"):
        assert substances.find_in(f"有人卖{word}") == [(3, 3 + len(word), "nitrous_oxide", True)]
    assert substances.find_in("卖冰")[0][3] is True
    assert substances.find_in("卖冰毒")[0][3] is False


def test_a_word_of_several_substances_means_none_of_them():
    assert substances.lookup("丸仔") is None
    assert substances.find_in("两粒丸仔") == []


def test_everyday_words_that_contain_slang_are_passed_over():
    assert substances.find_in("冰箱里有冰糖，放了热气球") == []


def test_a_latin_name_stands_alone():
    assert [found[2] for found in substances.find_in("检出MDMA成分和K粉")] == ["mdma", "ketamine"]
    assert substances.find_in("型号LSD2000XMDMA") == []


def test_full_width_letters_keep_their_positions():
    assert substances.find_in("买Ｋ粉和ＭＤＭＡ") == [(1, 3, "ketamine", False), (4, 8, "mdma", False)]


def test_the_longest_name_wins():
    assert substances.find_in("甲基苯丙胺片剂") == [(0, 7, "methamphetamine_tablets", False)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("甲基苯丙胺（冰毒）", "methamphetamine"),
        ("甲基苯丙胺（麻古）", "methamphetamine_tablets"),
        ("疑似毒品海洛因", "heroin"),
        ("“笑气”", "nitrous_oxide"),
        ("疑似“气弹”", "nitrous_oxide"),
        ("k粉", "ketamine"),
        ("冰", "methamphetamine"),
        ("海洛因和冰毒", None),
        ("白色晶体", None),
        ("", None),
        ("nitrous_oxide", "nitrous_oxide"),
    ],
)
def test_what_a_field_names(name, code):
    assert substances.lookup(name) == code


def test_control_is_judged_by_the_schedule_of_the_day():
    etomidate = substances.substance("etomidate")
    assert not etomidate.controlled("2023-09-30")
    assert etomidate.controlled("2023-10-01")
    assert not substances.substance("metomidate").controlled("2024-06-30")
    assert substances.substance("propoxate").controlled("2024-07-01")


def test_nitrous_oxide_is_never_a_drug_but_its_regime_is_dated():
    gas = substances.substance("nitrous_oxide")
    assert not any(gas.controlled(day) for day in ("2016-01-01", "2019-10-01", "2025-01-01"))
    assert gas.legal_regime("2014-01-01") is None
    assert "非法经营罪" in gas.legal_regime("2020-04-20").basis
    assert "危险作业罪" in gas.legal_regime("2021-03-01").basis


@given(st.text(alphabet="甲基苯丙胺冰毒K粉气弹球MDa ", max_size=60))
def test_findings_do_not_overlap_and_stand_in_order(text):
    end = 0
    for start, stop, code, _ in substances.find_in(text):
        assert end <= start < stop <= len(text)
        assert substances.known(code)
        end = stop


def test_a_preparation_and_its_substance_may_be_one_delivery():
    assert substances.same_goods("methamphetamine", "methamphetamine_tablets")
    assert substances.same_goods(None, "heroin")
    assert not substances.same_goods("heroin", "ketamine")
