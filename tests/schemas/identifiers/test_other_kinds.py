import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import uscc

from schemas.identifiers import bank_card, case_no, credit_code, licence_no, tracking_no, wechat


@given(st.integers(10**11, 10**18 - 1))
def test_a_bank_card_is_one_whose_check_digit_fits(body):
    digit = luhn.calc_check_digit(str(body))
    assert bank_card.parse(f"{body}{digit}").normal == f"{body}{digit}"
    assert bank_card.parse(f"{body}{(int(digit) + 1) % 10}").reason == "check digit does not fit"


def test_spaces_and_the_label_of_a_card_are_left_out():
    assert bank_card.parse("卡号：6222 0000 0000 0000 012").normal == "6222000000000000012"


@pytest.mark.parametrize("text", ["123456789012", "0" * 16, "12345678901234567890", "支付宝", ""])
def test_what_cannot_be_a_card_is_suspect(text):
    assert bank_card.parse(text).suspect


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Qiqiu_88", "qiqiu_88"),
        ("wxid_abc123def456gh", "wxid_abc123def456gh"),
        ("微信：abc-123", "abc-123"),
        ("VX: abcdef", "abcdef"),
    ],
)
def test_wechat_ids(text, normal):
    assert wechat.parse(text).normal == normal


@pytest.mark.parametrize("text", ["abc", "1abcdef", "a" * 21, "气球小王", "abc def", "13800001234", ""])
def test_what_is_no_wechat_id_is_suspect(text):
    assert wechat.parse(text).suspect


@pytest.mark.parametrize("text", ["1234567", "A" * 10, "单号不详", "11111111", "1" * 31, ""])
def test_what_is_no_waybill_number_is_suspect(text):
    assert tracking_no.parse(text).suspect


def test_a_waybill_number_is_folded():
    assert tracking_no.parse("快递单号：yt 8800-1122-3344").normal == "YT880011223344"


@given(st.from_regex(r"91[1-6][0-9]{5}[0-9A-HJ-NPQRTUWXY]{9}", fullmatch=True))
def test_a_credit_code_is_one_whose_check_character_fits(body):
    whole = body + uscc.calc_check_digit(body)
    assert credit_code.parse(whole.lower()).normal == whole
    other = "0" if whole[-1] != "0" else "1"
    assert credit_code.parse(body + other).suspect


def test_a_registration_number_of_before_is_told_apart():
    assert "before 2015" in credit_code.parse("460100000012345").reason


def test_licence_numbers_are_compared_without_their_typography():
    forms = ("琼文娱〔2018〕0012号", "琼文娱[2018]0012号", "琼文娱 (2018) 0012号", "琼文娱（２０１８）0012号")
    assert len({licence_no.parse(form).normal for form in forms}) == 1
    assert licence_no.parse("无证").suspect


@pytest.mark.parametrize(
    "text",
    ["2019-551", "２０１９－５５１", "“2019-551”专案", "2019—551号", "公安部目标案件2019-551", "2019-0551"],
)
def test_a_target_case_has_one_number(text):
    assert case_no.parse(text).normal == "2019-551"


def test_other_case_numbers_and_named_cases_are_kept():
    assert case_no.parse("琼公禁立字(2019) 12号").normal == "琼公禁立字〔2019〕12号"
    assert case_no.parse("「气球」专案").normal == "气球专案"
    assert case_no.parse("不详").suspect
