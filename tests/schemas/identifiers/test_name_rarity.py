"""How rare a way of being alike is depends on the name, and on where it is common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers import name_rarity as rarity
from schemas.identifiers.shapes import look_alikes
from schemas.reference import surnames

NAMES = st.text("符玮伟强明王欧阳买张丽红骁", min_size=2, max_size=4)


@given(NAMES)
def test_a_sound_is_never_rarer_than_the_name_itself(name):
    assert 4.0 <= rarity.sound_bits(name) <= rarity.name_bits(name) <= 16.0


@pytest.mark.parametrize(
    ("one", "other"), [("符玮强", "符伟强"), ("王明", "汪明"), ("欧阳娜", "欧杨娜"), ("增强", "曾强")]
)
def test_being_alike_but_for_a_character_tells_the_same_both_ways_and_less_than_the_name(one, other):
    for bits in (rarity.homophone_bits, rarity.look_alike_bits, rarity.homophone_look_alike_bits):
        assert bits(one, other) == bits(other, one)
        assert 4.0 <= bits(one, other) <= max(rarity.name_bits(one), rarity.name_bits(other))


def test_the_same_and_similar_sounds_are_told_apart_by_how_many_characters_have_them():
    assert rarity.homophone_bits("王翀", "王充") > rarity.homophone_bits("王玉", "王宇")


def test_a_sound_and_a_shape_together_are_rarer_than_either():
    one, other = "李玮", "李伟"
    assert other[1] in look_alikes(one[1])
    assert rarity.homophone_look_alike_bits(one, other) > rarity.homophone_bits(one, other)
    assert rarity.homophone_look_alike_bits(one, other) >= rarity.look_alike_bits(one, other)


def test_the_sound_of_a_surname_that_is_common_in_hainan_says_less_than_it_would_elsewhere():
    """符 is one surname in twenty there and one in three thousand in China; 傅 and 付 sound like it."""
    assert rarity.sound_bits("符明") < surnames.bits_of(surnames.share("符"), [6.0]) - 3
    assert rarity.name_bits("符明") < surnames.name_bits("符明")


def test_a_surname_in_a_form_that_is_not_listed_is_as_common_as_its_listed_form():
    for bits in (rarity.name_bits, rarity.sound_bits, lambda name: rarity.initials_bits(name, 1)):
        assert bits("锺小明") == bits("钟小明")
    assert surnames.share("锺") == 0.0


def test_initials_tell_little_and_more_with_each_letter():
    assert (
        0.0
        < rarity.initials_bits("王小明", 1)
        < rarity.initials_bits("王小明", 2)
        < rarity.sound_bits("王小明")
    )
    assert rarity.initials_bits("买买提·艾力", 2) == 0.0
