import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers import plate


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("琼A12345", "琼A12345"),
        ("琼a·1234b", "琼A1234B"),
        ("琼A•12345", "琼A12345"),
        ("琼A 12345", "琼A12345"),
        ("琼AD12345", "琼AD12345"),
        ("琼A12345D", "琼A12345D"),
        ("琼AK12345", "琼AK12345"),
        ("粤Z1234港", "粤Z1234港"),
        ("粤Z1234澳", "粤Z1234澳"),
        ("琼A1234警", "琼A1234警"),
        ("琼A1234学", "琼A1234学"),
        ("琼A1234挂", "琼A1234挂"),
        ("沪A0023领", "沪A0023领"),
        ("使014578", "使014578"),
        ("014578使", "014578使"),
        ("车牌号：琼A12345", "琼A12345"),
        ("琼Ａ１２３４５", "琼A12345"),
    ],
)
def test_plates_of_the_standard(text, normal):
    assert plate.parse(text).normal == normal


@pytest.mark.parametrize(
    "text",
    [
        "琼A1234",
        "琼A123456",
        "琼AL12345",
        "琼A12345L",
        "琼AD1234A5",
        "海A12345",
        "A12345",
        "琼112345",
        "无牌",
        "",
    ],
)
def test_what_is_no_plate_is_suspect(text):
    assert plate.parse(text).suspect


@pytest.mark.parametrize("text", ["琼A12I45", "琼A12O45", "琼I12345", "琼O12345"])
def test_the_letters_i_and_o_are_refused_and_not_guessed(text):
    assert plate.parse(text).reason == "I and O are not issued"


@given(
    st.sampled_from(plate.PROVINCES),
    st.from_regex(r"[A-HJ-NP-Z][A-HJK][A-HJ-NP-Z0-9][0-9]{4}", fullmatch=True),
)
def test_a_new_energy_plate_keeps_all_its_eight_characters(province, rest):
    assert len(plate.parse(f"{province}{rest[0]}·{rest[1:]}").normal) == 8


def test_too_much_hidden_is_of_no_use():
    assert plate.parse("琼******").suspect
    assert plate.parse("琼A**5").suspect
