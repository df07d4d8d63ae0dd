"""Which Chinese names a name in Latin letters may spell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers import names, romanised
from schemas.reference import surnames

SPELT = [
    ("陈小明", "Chan Siu Ming"),
    ("黄伟强", "Wong Wai Keung"),
    ("王志豪", "Wong Chi-ho"),
    ("吴志豪", "Ng Chi Ho"),
    ("张家辉", "Cheung Ka Fai"),
    ("徐国良", "Tsui Kwok Leung"),
    ("徐伟", "Chui Wai"),
    ("李美仪", "Lee Mei Yee"),
    ("欧阳家伟", "Au-Yeung Ka Wai"),
    ("司徒伟文", "Szeto Wai Man"),
    ("司徒小明", "See To Siu Ming"),
    ("周永强", "Chow Wing Keung"),
    ("曾志伟", "Tsang Chi Wai"),
    ("谢安", "Tse On"),
    ("许诗", "Hui Sze"),
    ("叶玉", "Yip Yuk"),
    ("石天", "Shek Tin"),
    ("郭子华", "Kwok Tsz Wah"),
    ("朱月", "Chu Yuet"),
    ("于新", "Yue San"),
    ("袁泉", "Yuen Chuen"),
    ("何可", "Ho Ho"),
]


@pytest.mark.parametrize(("chinese", "latin"), SPELT)
def test_the_spellings_of_hong_kong_are_known_and_share_a_key_with_the_name(chinese, latin):
    plain = names.key(latin)
    assert romanised.system(plain, chinese) == "cantonese"
    given = surnames.split(chinese)[1]
    assert romanised.cantonese_key(given) in romanised.given_keys(plain)


@pytest.mark.parametrize(
    ("chinese", "latin"),
    [
        ("符玮强", "Fu Weiqiang"),
        ("符玮强", "WEIQIANG FU"),
        ("符玮强", "Fu Wei-Qiang"),
        ("欧阳娜", "Ouyang Na"),
        ("单强", "Shan Qiang"),
        ("覃美", "Qin Mei"),
        ("覃美", "Tan Mei"),
        ("吕伟", "Lyu Wei"),
        ("吕伟", "Lü Wei"),
        ("西安", "Xi'an"),
        ("买买提·艾力", "Maimaiti Aili"),
    ],
)
def test_pinyin_is_known_in_both_orders_and_by_every_reading_of_the_surname(chinese, latin):
    assert romanised.system(names.key(latin.replace("ü", "v")), chinese) == "pinyin"


@pytest.mark.parametrize(
    ("chinese", "latin", "fits"),
    [
        ("王小明", "Wang X.M.", True), ("王小明", "X. M. Wang", True), ("王小明", "Wang X", True),
        ("王小明", "Wang M.", False), ("王小明", "Wang X.L.", False), ("王小明", "W. Xiaoming", False),
        ("陈小明", "Chan S.M.", True), ("欧阳娜", "Ouyang N.", True), ("王", "Wang W.", False),
    ],
)  # fmt: skip
def test_initials_stand_for_a_given_name_only(chinese, latin, fits):
    assert (romanised.system(names.key(latin), chinese) == "initials") is fits


@pytest.mark.parametrize(
    ("chinese", "latin"),
    [("陈小明", "Wong Siu Ming"), ("陈小明", "Chan"), ("符玮强", "Fu"), ("王伟", ""), ("王伟", "123"),
     ("艾力·买买提", "Maimaiti Aili")],
)  # fmt: skip
def test_other_names_are_not_spelt_so(chinese, latin):
    assert romanised.system(names.key(latin), chinese) is None


def test_every_surname_and_every_usual_given_character_has_a_cantonese_reading():
    for surname in surnames.family_names():
        assert romanised.cantonese(surname + "明"), surname
    for char in surnames.given_chars():
        assert romanised.cantonese("王" + char), char


def test_a_surname_is_read_as_a_surname_in_cantonese_too():
    assert romanised.cantonese("曾生")[0][0] == "zang"
    assert romanised.cantonese("区小明")[0][0] == "au"
    assert romanised.cantonese("尉迟明")[0][:2] == ("wat", "ci")


@given(st.text(max_size=30))
def test_a_latin_name_has_few_orders_and_keys_whatever_it_is(text):
    assert len(romanised.orders(text.lower())) <= 3
    assert all(len(words) <= 5 for words in romanised.orders(text.lower()))
    assert len(romanised.given_keys(text.lower())) <= 4


@given(st.text("abcdwxyzgn .-'é王明·", max_size=12), st.text("王小明欧阳·a某", max_size=6))
def test_no_text_makes_it_fail(latin, chinese):
    romanised.system(latin, chinese)
    romanised.abbreviates(latin, latin)
    romanised.cantonese_key(chinese)
    romanised.given_keys(latin)
