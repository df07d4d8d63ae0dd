"""Money and quantities, in digits and in Chinese numerals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.text import numerals
from streams.text.spans import read_text


@pytest.mark.parametrize(
    ("text", "yuan", "approximate"),
    [
        ("300元", 300, False),
        ("３０００元", 3000, False),
        ("1,200.50元", 1200.5, False),
        ("三千元", 3000, False),
        ("一百余元", 100, True),
        ("两百五十块钱", 250, False),
        ("两千三元", 2300, False),
        ("伍佰元", 500, False),
        ("1.5万元", 15000, False),
        ("10几万元", 100000, True),
        ("3万多元", 30000, True),
        ("两三百元", 200, True),
        ("300多块", 300, True),
        ("约500元", 500, True),
        ("500元左右", 500, True),
        ("5000人民币", 5000, False),
        ("人民币5,000", 5000, False),
        ("￥300", 300, False),
        ("一亿两千万元", 120000000, False),
        ("200-300元", 200, True),
    ],
)
def test_amounts_are_read_in_yuan(text, yuan, approximate):
    assert [(item.yuan, item.approximate) for item in read_text(f"收了{text}，走了").amounts] == [
        (yuan, approximate)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2015元旦",
        "住3单元",
        "元元",
        "300美元",
        "第五元",
        "三元里",
        "5块冰毒",
        "两块石头",
        "港币300",
        "几千元",
    ],
)
def test_what_only_looks_like_yuan_is_none(text):
    assert not read_text(text).amounts


@pytest.mark.parametrize(
    ("text", "value", "unit", "approximate"),
    [
        ("0.5g", 0.5, "克", False),
        ("0．5克", 0.5, "克", False),
        ("约5克", 5, "克", True),
        ("50余克", 50, "克", True),
        ("五十多克", 50, "克", True),
        ("5克多", 5, "克", True),
        ("十小包", 10, "包", False),
        ("两包", 2, "包", False),
        ("半斤", 0.5, "斤", False),
        ("二两", 2, "两", False),
        ("一克半", 1.5, "克", False),
        ("3公斤", 3, "千克", False),
        ("2 kg", 2, "千克", False),
        ("三十粒", 30, "粒", False),
        ("100ml", 100, "毫升", False),
        ("近2000升", 2000, "升", True),
        ("2L", 2, "升", False),
        ("一百四十支", 140, "支", False),
        ("12箱", 12, "箱", False),
        ("1.2吨", 1.2, "吨", False),
        ("3至5克", 3, "克", True),
        ("两三包", 2, "包", True),
        ("O.08克", 0.08, "克", False),
        ("l.5克", 1.5, "克", False),
        ("5㎎", 5, "毫克", False),
    ],
)
def test_quantities_are_read_with_a_common_unit(text, value, unit, approximate):
    found = [item for item in read_text(f"查获{text}，余下").quantities if item.value == value]
    assert [(item.unit, item.approximate) for item in found] == [(unit, approximate)]


@pytest.mark.parametrize(
    "text",
    ["一支队伍", "第二支队", "3号包厢", "三包间", "5G手机", "128G内存", "一两个人", "两次", "1克拉", "5升级",
     "第3包", "一片区域", "3人", "5栋2单元", "2019年", "Ig", "克克克", "箱包", "两个人", "一条路"],
)  # fmt: skip
def test_what_only_looks_like_a_quantity_is_none(text):
    assert not read_text(text).quantities


def test_a_range_takes_no_part_of_the_measure_before_it():
    text = "1两-5克，3克至5克"
    found = [text[slice(*item.span)] for item in read_text(text).quantities]
    assert found == ["1两", "5克", "3克", "5克"]


def test_the_span_covers_number_and_unit():
    text = "共约五十余克。"
    (found,) = read_text(text).quantities
    assert text[slice(*found.span)] == "五十余克"


def written(number):
    """A numeral below 100,000,000 as people write it."""
    digits, units = "零一二三四五六七八九", ["", "十", "百", "千"]
    if number >= 10_000:
        rest = number % 10_000
        return (
            written(number // 10_000) + "万" + (("零" if rest < 1000 else "") + written(rest) if rest else "")
        )
    out, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            out += ("零" if gap and out else "") + digits[digit] + units[power]
            gap = False
        else:
            gap = True
    return out


@given(st.integers(1, 99_999_999))
def test_every_written_numeral_reads_back(number):
    assert numerals.chinese(written(number)) == number


@given(st.text(alphabet=numerals.CHINESE, max_size=16))
def test_no_row_of_numerals_breaks_the_reading(text):
    value = numerals.chinese(text)
    assert value is None or value >= 0
