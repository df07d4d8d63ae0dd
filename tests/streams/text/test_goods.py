"""Substances, slang with its support, and which quantity belongs to which."""

import pytest

from streams.text.spans import read_text


def slang(text):
    return [(text[slice(*item.span)], item.supported) for item in read_text(text).substances if item.is_slang]


def measured(text):
    reading = read_text(text)
    return [
        (item.value, item.unit, None if item.of is None else reading.substances[item.of].code)
        for item in reading.quantities
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("查获海洛因", "heroin"),
        ("甲基苯丙胺片剂", "methamphetamine_tablets"),
        ("一瓶笑气", "nitrous_oxide"),
        ("Ｋ粉", "ketamine"),
        ("mdma", "mdma"),
    ],
)
def test_names_of_substances_are_read_and_need_no_support(text, code):
    found = read_text(text).substances
    assert [(item.code, item.is_slang, item.supported) for item in found] == [(code, False, True)]


@pytest.mark.parametrize(
    "text", ["冰", "他说起冰来", "院里有叶子", "桌上放着邮票", "后山长蘑菇", "今晚吃猪肉"]
)
def test_a_slang_word_alone_is_never_supported(text):
    assert slang(text)
    assert not any(supported for _, supported in slang(text))


@pytest.mark.parametrize(
    "text",
    [
        "他手里有冰，300元一个",
        "阿明吸冰",
        "出货，冰和叶子都有",
        "两克冰",
        "贩叶子",
        "邮票有货源",
        "他卖冰",
        "海洛因和冰",
    ],
)
def test_price_quantity_trade_use_or_a_plain_name_support_slang(text):
    assert slang(text)
    assert all(supported for _, supported in slang(text))


@pytest.mark.parametrize(
    "text", ["他在菜市场卖猪肉，10元一斤", "去邮局买邮票，3元一张", "超市卖蘑菇", "饭店买冰"]
)
def test_household_trade_does_not_support_slang(text):
    assert slang(text)
    assert not any(supported for _, supported in slang(text))


def test_support_must_stand_in_the_same_sentence_and_near():
    assert slang("阿明贩货。院里有叶子") == [("叶子", False)]
    assert slang("阿明贩货" + "，又说了很多别的事情" * 3 + "，院里有叶子") == [("叶子", False)]


@pytest.mark.parametrize("text", ["冰箱里有货300元", "买茶叶子", "卖干冰", "买冰糖", "卖猪肉松"])
def test_everyday_words_that_contain_slang_are_no_substance(text):
    assert not read_text(text).substances


@pytest.mark.parametrize("text", ["毒品", "可疑毒品", "白色晶体状物质", "淡黄色粉末"])
def test_words_for_some_drug_are_found_without_a_code(text):
    assert [(item.code, item.span) for item in read_text(text).substances] == [(None, (0, len(text)))]


def test_a_quantity_belongs_to_the_nearest_substance_of_its_sentence():
    assert measured("冰毒5克和海洛因3克") == [(5.0, "克", "methamphetamine"), (3.0, "克", "heroin")]
    assert measured("5克冰毒、3克海洛因") == [(5.0, "克", "methamphetamine"), (3.0, "克", "heroin")]
    assert measured("有冰毒。另有5克") == [(5.0, "克", None)]


def test_a_quantity_never_belongs_to_unsupported_slang():
    text = "菜市场有5克猪肉"
    assert measured(text) == [(5.0, "克", None)]


def test_counters_of_anything_count_only_beside_a_substance():
    assert measured("三个人买两个冰毒") == [(2.0, "个", "methamphetamine")]
    assert measured("一管海洛因，五张桌子") == [(1.0, "管", "heroin")]
    assert measured("两块海洛因") == [(2.0, "块", "heroin")]
