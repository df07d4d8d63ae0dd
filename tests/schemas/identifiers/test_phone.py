import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers import phone

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(MOBILES, st.sampled_from(["", "+86", "0086", "86", "+86 ", "+86-", "0", "手机：", "电话"]))
def test_all_ways_to_write_a_mobile_give_one_form(number, prefix):
    plain = phone.parse(number)
    assert phone.parse(f"{prefix}{number}").normal == plain.normal
    assert phone.parse(f"{prefix}{number[:3]}-{number[3:7]} {number[7:]}").normal == plain.normal


@given(MOBILES)
def test_which_mobiles_exist_agrees_with_the_library(number):
    known = phonenumbers.is_valid_number(phonenumbers.parse("+86" + number))
    assert (phone.parse(number).normal is not None) == known


@given(st.from_regex(r"0[1-9][0-9]{1,2}[2-8][0-9]{6,7}", fullmatch=True))
def test_which_landlines_exist_agrees_with_the_library(number):
    parsed = phonenumbers.parse(number, "CN")
    if phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.FIXED_LINE:
        assert phone.parse(number).normal == number


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("0898-66223344", "089866223344"),
        ("（0898）6622 3344", "089866223344"),
        ("+86 898 6622 3344", "089866223344"),
        ("010-62223344", "01062223344"),
        ("+85291234567", "+85291234567"),
        ("＋８６１３８００００１２３４", "13800001234"),
    ],
)
def test_landlines_and_foreign_numbers(text, normal):
    assert phone.parse(text).normal == normal


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("l3876O01234", "not a telephone number"),
        ("110", "a service number"),
        ("95588", "a service number"),
        ("4008123456", "a service number"),
        ("66223344", "landline without area code"),
        ("12000001234", "not a telephone number"),
        ("1380000123", "not a telephone number"),
        ("13800001234、13900001234", "more than one number"),
        ("13800001234转1234", "a courier's number with extension, not a person's"),
        ("13800001234-1234", "a courier's number with extension, not a person's"),
        ("+1 23", "not a telephone number"),
        ("不详", "not a telephone number"),
        ("***********", "hidden beyond use"),
    ],
)
def test_what_is_no_persons_number_says_why(text, reason):
    parsed = phone.parse(text)
    assert (parsed.normal, parsed.mask, parsed.reason) == (None, None, reason)


def test_a_mask_is_never_turned_into_a_number():
    for text in ("138****1234", "138×××1234", "138＊＊＊＊1234", "138XXXX1234"):
        parsed = phone.parse(text)
        assert (parsed.normal, parsed.mask) == (None, "138****1234")


def test_an_extension_of_a_landline_is_left_out_with_a_warning():
    parsed = phone.parse("0898-66223344转801")
    assert (parsed.normal, parsed.warning) == ("089866223344", "extension left out")
