import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reference import units


@pytest.mark.parametrize(
    ("quantity", "unit", "grams"),
    [
        (1, "克", 1),
        (0.5, "g", 0.5),
        (2, "公斤", 2000),
        (2, "KG", 2000),
        (2, "千克", 2000),
        (500, "毫克", 0.5),
        (1, "mg", 0.001),
        (3, "斤", 1500),
        (3, "两", 150),
        (1.5, "吨", 1_500_000),
        (1, "ｋｇ", 1000),
        (0.1 + 0.2, "克", 0.3),
    ],
)
def test_units_of_mass(quantity, unit, grams):
    assert units.to_grams(quantity, unit) == grams


@pytest.mark.parametrize(
    "unit", ["片", "粒", "颗", "支", "包", "袋", "瓶", "罐", "盒", "个", "钱", "", "盎司"]
)
@pytest.mark.parametrize("substance", [None, "methamphetamine_tablets", "nitrous_oxide"])
def test_what_is_counted_is_never_weighed(unit, substance):
    assert units.to_grams(10, unit, substance, "气体") is None


def test_litres_become_grams_only_for_the_gas():
    assert units.to_grams(54, "升", "nitrous_oxide", "气体") == 100
    assert units.to_grams(54_000, "毫升", "nitrous_oxide", "gas") == 100
    for form in (None, "", "钢瓶", "气瓶容积", "气体钢瓶", "液体"):
        assert units.to_grams(54, "升", "nitrous_oxide", form) is None
    assert units.to_grams(54, "升", "ghb", "气体") is None
    assert units.to_grams(54, "升", None, "气体") is None


def test_a_cartridge_of_8_grams_holds_about_4_litres_of_gas():
    assert units.to_grams(4.32, "L", "nitrous_oxide", "gas") == pytest.approx(8)


@pytest.mark.parametrize("quantity", [None, -1, math.nan, math.inf])
def test_impossible_quantities_are_unknown(quantity):
    assert units.to_grams(quantity, "克") is None


@given(st.floats(0, 1e12), st.sampled_from(["克", "公斤", "毫克", "吨", "升", "片"]))
def test_no_amount_raises_or_turns_negative(quantity, unit):
    grams = units.to_grams(quantity, unit, "nitrous_oxide", "气体")
    assert grams is None or grams >= 0


def test_small_deals_follow_the_threshold_of_the_substance():
    assert units.is_small(0.07, "heroin")
    assert not units.is_small(50, "heroin")
    assert units.is_small(80, "nitrous_oxide")
    assert not units.is_small(100_000, "nitrous_oxide")
    assert not units.is_small(None, "heroin")
    assert not units.is_small(0, "heroin")
    assert units.is_small(1, None)
