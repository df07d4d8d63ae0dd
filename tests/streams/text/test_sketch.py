"""Sketches: what is kept of a text, so that changed copies are met."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.text.sketch import BANDS, MINIMA, MOST_DETAILS, MOST_PAIRS, SHORTEST, bands_of, sketch

TIP = "有人在大同路12号金海岸酒吧后门卖气弹，每箱300元，车牌琼A12345，电话13800001234。"


def agreeing(one: str, other: str) -> int:
    """How many minima of two texts agree."""
    made = [np.frombuffer(sketch(text).minima, np.uint8) for text in (one, other)]
    return int(np.count_nonzero(made[0] == made[1]))


def test_a_head_a_tail_and_pictures_leave_most_of_a_sketch():
    copy = f"【转办】🙏{TIP}请核查。"
    assert agreeing(TIP, copy) > MINIMA * 0.7
    assert len(set(bands_of(sketch(TIP))) & set(bands_of(sketch(copy)))) > BANDS // 2


def test_other_words_around_the_same_numbers_still_meet():
    other = "大同路12号，金海岸的后门口，一箱气弹要300元，司机开琼A12345，打13800001234就送来"
    assert set(bands_of(sketch(TIP))) & set(bands_of(sketch(other)))


def test_the_same_words_around_other_numbers_agree_less_than_other_words_around_the_same():
    other = (
        TIP.replace("12号", "98号").replace("300", "250").replace("A12345", "B99Z88").replace("1380", "1571")
    )
    reworded = "大同路12号，金海岸的后门口，一箱气弹要300元，司机开琼A12345，打13800001234就送来"
    assert agreeing(TIP, other) < agreeing(TIP, reworded)


def test_a_phone_written_in_groups_or_wide_digits_is_the_same_detail():
    other = TIP.replace("13800001234", "１３８ ００００-１２３４")
    assert sketch(other).details == sketch(TIP).details


def test_a_number_of_another_thing_is_another_detail():
    assert sketch(TIP.replace("300元", "300克")).details != sketch(TIP).details


@pytest.mark.parametrize("other", ["485", "4.85", "48.51"])
def test_a_decimal_number_is_another_than_its_digits(other):
    at, price = "每箱300元", TIP.replace("每箱300元", "每箱48.5元")
    assert sketch(price).details != sketch(TIP.replace(at, f"每箱{other}元")).details


@pytest.mark.parametrize("same", ["48.50", "４８．５", "48.500"])
def test_a_decimal_number_is_the_same_however_it_is_written(same):
    assert sketch(f"{TIP}重48.5克").details == sketch(f"{TIP}重{same}克").details


def test_digits_in_groups_are_no_decimal_numbers():
    assert sketch(TIP.replace("13800001234", "138.0000.1234")).details == sketch(TIP).details
    assert sketch(f"{TIP}2018.01.27").details == sketch(f"{TIP}20180127").details


def test_a_text_that_says_too_little_has_none():
    assert sketch("卖气弹" + "！" * 100) is None
    assert sketch("字" * SHORTEST) is not None


def test_the_bands_are_those_of_earlier_versions():
    """Kept sketches are met by new ones: another hash would need every sketch made anew."""
    assert bands_of(sketch(TIP))[:2] == [7766227657696271314, 1010223651093047228]


def test_a_long_text_keeps_no_more_than_the_most():
    text = "".join(
        chr(0x4E00 + number * 7919 % 20_000) + (f"{number}" if number % 5 else "，")
        for number in range(9_000)
    )
    kept = sketch(text)
    assert (len(kept.pairs), len(kept.details)) == (4 * MOST_PAIRS, 4 * MOST_DETAILS)
    assert len(kept.clauses) == MOST_PAIRS


def test_a_word_without_end_is_read_once_and_not_from_each_of_its_letters_on():
    """Read from each letter on it takes minutes."""
    assert sketch(TIP + "a" * 250_000 + "*" * 250_000) is not None


@given(st.text(max_size=200), st.text(st.characters(categories=["Cs", "Lo", "Nd", "So", "Zs"]), max_size=80))
def test_any_text_has_a_sketch_or_none_and_always_the_same(one, other):
    for text in (one, other, one + other):
        made = sketch(text)
        assert made == sketch(text)
        if made is not None:
            assert len(bands_of(made)) == BANDS
            assert len(made.clauses) * 4 == len(made.pairs)
