"""Levels and weights: the experts' stay what they were, and what is learned never turns a rule round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.decisions import Evidence
from streams.resolve.model import contradicted, score
from streams.resolve.weights import CONFLICT, EXPECTED, EXPERTS, FURTHEST, Weights
from tests.streams.resolve.made import person

PHONE = "phone:13800000001"
LEVELS = [level for rates in EXPECTED.values() for level in rates]
MODELS = st.dictionaries(st.sampled_from(LEVELS), st.floats(-FURTHEST, FURTHEST)).map(Weights)
PAIRS = {
    "name.same": (person("符玮强"), person("符玮强")),
    "name.homophone": (person("符玮强"), person("符卫强")),
    "name.look_alike": (person("陈建国"), person("阵建国")),
    "name.homophone_look_alike": (person("符玮强"), person("符伟强")),
    "name.one_character": (person("王建国"), person("王建军")),
    "birth.day": (person(birth="1990-03-07"), person(birth="1990-03-07")),
    "birth.swapped": (person(birth="1990-03-07"), person(birth="1990-07-03")),
    "birth.digit": (person(birth="1990-03-07"), person(birth="1990-03-08")),
    "birth.year_off": (person(birth="1989-03-07"), person(birth="1990-03-07")),
    "birth.parts": (person(birth="1990-03-07"), person(birth="1990-03-25")),
    "birth.other": (person(birth="1990-03-07"), person(birth="1965-12-25")),
    "birth.month": (person(birth="1990-03"), person(birth="1990-03-07")),
    "birth.other_month": (person(birth="1990-03"), person(birth="1990-04-07")),
    "birth.year": (person(birth="1990"), person(birth="1990-03-07")),
    "birth.other_year": (person(birth="1991"), person(birth="1990-03-07")),
    "gender.same": (person(gender="male"), person(gender="male")),
    "gender.other": (person(gender="male"), person(gender="female")),
    "hukou.county": (person(hukou="460106"), person(hukou="460106")),
    "hukou.prefecture": (person(hukou="460106"), person(hukou="460105")),
    "hukou.elsewhere": (person(hukou="460106"), person(hukou="440800")),
}
EXPERT_BITS = {
    "name.same": 14.0, "name.one_character": -2.0,
    "birth.day": 12.0, "birth.swapped": 7.0, "birth.digit": 4.0, "birth.year_off": 4.0, "birth.parts": 2.0,
    "birth.other": -9.0, "birth.month": 8.0, "birth.other_month": -9.0, "birth.year": 4.5,
    "birth.other_year": -9.0, "gender.same": 1.0, "gender.other": -6.0, "hukou.county": 4.5,
    "hukou.prefecture": 2.0, "hukou.elsewhere": -1.5,
}  # fmt: skip


def test_every_level_that_is_learned_is_found_somewhere():
    assert PAIRS.keys() == set(LEVELS)


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_has_a_name_and_moves_alone(level):
    pair = PAIRS[level]
    (evidence,) = score(*pair).evidence
    assert evidence.level == level
    assert evidence.bits == EXPERT_BITS.get(level, evidence.bits)
    others = Weights({each: 1.0 for each in LEVELS if each != level})
    assert score(*pair, others) == score(*pair, EXPERTS) == score(*pair)


@pytest.mark.parametrize("family", EXPECTED)
def test_what_experts_expect_is_shares_of_a_whole(family):
    assert sum(EXPECTED[family].values()) == pytest.approx(1.0)
    assert min(EXPECTED[family].values()) > 0


def test_a_learned_level_counts_so_many_bits_more_or_less():
    one, other = person("符玮强", identifiers=[PHONE]), person("符卫强", identifiers=[PHONE])
    before, after = score(one, other), score(one, other, Weights({"name.homophone": 1.25}))
    assert after.bits == pytest.approx(before.bits + 1.25)
    assert score(other, one, Weights({"name.homophone": 1.25})).bits == after.bits


@pytest.mark.parametrize("more", [-FURTHEST, -1.5, -0.2, 0.2, 1.5, FURTHEST])
@pytest.mark.parametrize("bits", [-14.0, -6.0, -4.0, CONFLICT, -2.999, -1.5, 0.0, 0.5, 2.0, 12.0])
def test_no_weight_turns_against_what_it_was_for(more, bits):
    found = Weights({"made up": more}).weigh(Evidence("name", bits, "made up", "made up")).bits
    assert (found <= CONFLICT) == (bits <= CONFLICT)
    assert found >= 0 if bits > 0 else found <= 0
    assert abs(found - bits) <= abs(more) + 0.001


@given(MODELS)
def test_masks_nicknames_and_numbers_weigh_what_they_weighed(model):
    masked = person("符某强", identifiers=[PHONE], masked=["id_number:460***********1234"])
    for other in (person("符玮强", identifiers=[PHONE]), person("阿强", identifiers=[PHONE])):
        assert score(masked, other, model) == score(masked, other)


@given(MODELS)
def test_two_numbers_that_exclude_each_other_do_so_under_any_weights(model):
    one = person("符玮强", identifiers=["id_number:46010619900307003X", PHONE])
    other = person("符玮强", identifiers=["id_number:460106199003070056", PHONE])
    found = score(one, other, model)
    assert found.exclusive
    assert found.bits < 0


def test_what_a_household_shares_counts_once_and_what_it_is_experts_say():
    home = {"address": "海口市龙华区金贸路", "hukou": "460106"}
    brothers = person("王建国", **home), person("王建军", **home)
    found = score(*brothers, Weights({"name.one_character": FURTHEST, "hukou.county": FURTHEST}))
    assert {each.feature: each.bits for each in found.evidence} == {"name": 0.0, "address": 7.0, "hukou": 0.0}


@given(MODELS)
def test_what_speaks_against_is_the_same_for_every_model(model):
    for pair in PAIRS.values():
        assert contradicted(score(*pair, model)) == contradicted(score(*pair))
