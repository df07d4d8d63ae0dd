from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from schemas.identifiers import id_number


def number(region="460106", born="19900307", sequence="003"):
    body = region + born + sequence
    return body + mod_11_2.calc_check_digit(body)


BIRTHS = st.dates(date(1900, 1, 1), date(2020, 12, 31))
BODIES = st.tuples(
    st.sampled_from(["460106", "460022", "469003", "440825", "330113", "469999", "810000"]),
    BIRTHS,
    st.integers(1, 999),
)


@given(BODIES)
def test_a_right_number_tells_birth_gender_and_place(parts):
    region, born, sequence = parts
    value = number(region, f"{born:%Y%m%d}", f"{sequence:03d}")
    parsed = id_number.parse(value)
    assert parsed.normal == value
    assert id_number.birth_date(value) == born
    assert id_number.gender(value) == ("male" if sequence % 2 else "female")
    assert id_number.region(value) == region


@given(BODIES, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(parts, at, shift):
    region, born, sequence = parts
    value = number(region, f"{born:%Y%m%d}", f"{sequence:03d}")
    wrong = value[:at] + str((int(value[at]) + shift) % 10) + value[at + 1 :]
    assert id_number.parse(wrong).normal is None


@given(BODIES, st.integers(0, 16))
def test_two_neighbouring_digits_swapped_are_noticed(parts, at):
    region, born, sequence = parts
    value = number(region, f"{born:%Y%m%d}", f"{sequence:03d}")
    swapped = value[:at] + value[at + 1] + value[at] + value[at + 2 :]
    if swapped != value:
        assert id_number.parse(swapped).normal is None


def test_a_person_born_before_the_region_existed_has_a_valid_number():
    assert id_number.parse(number("460106", "19550101")).normal is not None


@pytest.mark.parametrize("region", ["469999", "999999"[:0] + "460999"])
def test_an_unknown_region_is_a_warning(region):
    parsed = id_number.parse(number(region))
    assert parsed.normal is not None
    assert parsed.warning == "region code is not in the table"


def test_a_former_region_needs_no_warning():
    assert id_number.parse(number("460003")).warning is None


@pytest.mark.parametrize("region", ["810000", "820000", "830000"])
def test_residents_of_hong_kong_macao_and_taiwan_are_known(region):
    parsed = id_number.parse(number(region))
    assert (parsed.normal is not None, parsed.warning) == (True, None)


def test_foreigners_with_permanent_residence_are_known_and_have_no_region():
    value = number("911840", "19780815", "012")
    assert id_number.parse(value).normal == value
    assert id_number.parse(value).warning is None
    assert id_number.region(value) is None
    assert id_number.birth_date(value) == date(1978, 8, 15)


@pytest.mark.parametrize(
    "value",
    [
        number(born="19900230"),
        number(born="18500101"),
        number(born="19901301"),
        number(born="21500101"),
        number(sequence="000"),
        "0" + number()[1:],
        "46010619900307003",
        "4601061990030700300",
        "46O106199003070031",
        "",
        "身份不明",
    ],
)
def test_impossible_numbers_are_suspect(value):
    assert id_number.parse(value).suspect


def test_full_width_digits_spaces_and_a_small_x_are_folded():
    for sequence in range(1, 60):
        value = number(sequence=f"{sequence:03d}")
        if value.endswith("X"):
            break
    wide = "".join(chr(ord(char) + 0xFEE0) for char in value)
    spaced = f"{value[:6]} {value[6:14]} {value[14:]}".lower()
    assert id_number.parse(wide).normal == id_number.parse(spaced).normal == value


def test_a_number_of_15_digits_is_lengthened():
    old = id_number.parse("460100900307003")
    assert old.normal == number("460100", "19900307", "003")
    assert old.warning


def test_a_number_of_15_digits_with_an_impossible_date_is_suspect():
    assert id_number.parse("460100901307003").suspect


def test_a_centenarian_of_1985_was_born_in_the_19th_century():
    assert id_number.birth_date(id_number.parse("460100900307998").normal) == date(1890, 3, 7)


def test_a_visible_date_that_cannot_be_makes_a_masked_number_suspect():
    assert id_number.parse("460***19901399****").suspect


def test_a_single_x_at_the_end_of_a_mask_is_the_check_character():
    assert id_number.parse("4601******7003X").mask == "4601*********7003X"
    assert id_number.parse("46010019900307XXXX").mask == "46010019900307****"


def test_hidden_parts_tell_nothing():
    masked = "460***********0030"
    assert id_number.birth_date(masked) is None
    assert id_number.gender(masked) == "male"
    assert id_number.region(masked) is None
