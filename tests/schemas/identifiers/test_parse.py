"""What holds for every kind of identifier."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.identifiers import KINDS, compatible, names, parse
from schemas.reference import regions, substances, surnames

ANY_TEXT = st.text(max_size=200) | st.text(alphabet="0123456789Xx*×某-+· 琼粤A尾号转、()", max_size=40)
SURROGATES = st.text(alphabet=st.characters(categories=("Cs", "Nd", "Lo", "So")), max_size=30)


@given(st.sampled_from(KINDS), ANY_TEXT | SURROGATES)
@example("id_number", "²⁰¹²³⁴⁵⁶⁷⁸⁹⁰¹²³⁴⁵⁶")
@example("phone", "١٣٨٠٠٠٠١٢٣٤")
@example("phone", "+")
@example("plate", "")
@example("case", "２０１９－５５１" * 40)
def test_no_text_makes_a_parser_raise(kind, text):
    parsed = parse(kind, text)
    assert parsed.kind == kind
    assert parsed.raw == text
    assert parsed.normal is None or parsed.mask is None
    assert (parsed.normal is None) == (parsed.reason is not None)
    assert parsed.suspect == (parsed.normal is None and parsed.mask is None)


@given(st.sampled_from(KINDS), ANY_TEXT)
def test_a_normal_form_is_its_own_normal_form(kind, text):
    normal = parse(kind, text).normal
    if normal is not None:
        assert parse(kind, normal).normal == normal


@given(st.sampled_from(KINDS), ANY_TEXT)
def test_a_mask_in_normal_form_is_read_as_the_same_mask(kind, text):
    mask = parse(kind, text).mask
    if mask is not None and "…" not in mask:
        assert parse(kind, mask).mask == mask


@given(ANY_TEXT | SURROGATES)
def test_no_text_makes_the_name_and_reference_functions_raise(text):
    for function in (names.normalise, names.key, names.sound_key, names.readings, surnames.name_bits):
        function(text)
    names.is_masked(text)
    names.is_nickname(text)
    regions.resolve(text)
    substances.lookup(text)
    for start, end, *_ in (*regions.find_in(text), *substances.find_in(text)):
        assert 0 <= start < end <= len(text)


def test_an_unknown_kind_is_a_fault_of_the_caller():
    with pytest.raises(KeyError):
        parse("email", "a@b.c")


@pytest.mark.parametrize(
    ("kind", "masked", "whole"),
    [
        ("phone", "138****1234", "13800001234"),
        ("phone", "138xxxx1234", "13800001234"),
        ("phone", "尾号1234", "13800001234"),
        ("phone", "0898-6622****", "0898-66223344"),
        ("id_number", "460***********0031", "460100199003070031"),
        ("id_number", "4601001990XXXX0031", "460100199003070031"),
        ("id_number", "后四位0031", "460100199003070031"),
        ("plate", "琼A***45", "琼A12345"),
        ("plate", "琼A某某某45", "琼A12345"),
        ("bank_card", "6222 **** **** 0012", "6222000000000000012"),
        ("bank_card", "尾号0012", "6222000000000000012"),
        ("wechat", "qi***88", "qiqiu_88"),
        ("tracking_no", "SF****3000", "SF100020003000"),
        ("credit_code", "91350100****00Y43", "91350100M000100Y43"),
    ],
)
def test_a_masked_value_is_compatible_with_the_whole_one_and_identifies_nobody(kind, masked, whole):
    hidden = parse(kind, masked)
    assert hidden.normal is None
    assert hidden.reason == "masked"
    complete = parse(kind, whole).normal
    assert complete is not None
    assert compatible(hidden.mask, complete)


@pytest.mark.parametrize("kind", KINDS)
def test_a_wholly_hidden_value_is_worth_nothing(kind):
    assert parse(kind, "*" * 11).suspect
