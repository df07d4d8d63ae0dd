"""At which level two people's names agree, and what that is worth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers.romanised import is_latin
from streams.resolve.name_levels import compare_names, names_conflict, sound_alike
from tests.streams.resolve.made import person


def level(left, right, **aliases):
    found = compare_names(person(left), person(right, **aliases))
    assert found is None or found.feature == "name"
    return found and found.why


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        ("符玮强", "符玮强", "same name"),
        ("符玮强", "符瑋強", "same name"),
        ("傅玮强", "付玮强", "variant character"),
        ("符哲", "符喆", "variant character"),
        ("符玮强", "符伟强", "same sound and look alike"),
        ("曾强", "增强", "same sound and look alike"),
        ("符玮强", "符威强", "same sound"),
        ("覃美", "秦美", "same sound"),
        ("覃美", "谈美", "same sound"),
        ("符晟", "符晨", "look alike"),
        ("刑卫东", "邢卫东", "same sound and look alike"),
        ("陈卫东", "阵卫东", "look alike"),
        ("欧阳娜", "欧阳哪", "same sound and look alike"),
        ("欧阳娜", "欧杨娜", "same sound"),
        ("符玮强", "Fu Weiqiang", "romanised"),
        ("符玮强", "Weiqiang Fu", "romanised"),
        ("符玮强", "FU WEI QIANG", "romanised"),
        ("符玮强", "FU, Wei-qiang", "romanised"),
        ("欧阳娜", "Ouyang Na", "romanised"),
        ("吕伟", "Lyu Wei", "romanised"),
        ("陈小明", "CHAN Siu-ming", "romanised in Cantonese"),
        ("陈小明", "Siu Ming Chan", "romanised in Cantonese"),
        ("黄伟强", "Wong Wai Keung", "romanised in Cantonese"),
        ("王志豪", "Wong Chi Ho", "romanised in Cantonese"),
        ("吴志豪", "Ng Chi Ho", "romanised in Cantonese"),
        ("欧阳伟", "Au Yeung Wai", "romanised in Cantonese"),
        ("司徒伟", "Szeto Wai", "romanised in Cantonese"),
        ("曾志伟", "Tsang Chi Wai", "romanised in Cantonese"),
        ("王伟", "Wang W.", "surname and initials"),
        ("王小明", "X.M. Wang", "surname and initials"),
        ("Wang Wei", "W. Wang", "surname and initials"),
        ("王小明", "Wang M.", "different names"),
        ("买买提·艾力", "Maimaiti Aili", "romanised"),
        ("买买提·艾力", "买买提艾力", "same name, written without its dot"),
        ("买买提·艾力", "麦买提·艾力", "same sound"),
        ("买买提·艾力", "买买提", "part of the name"),
        ("买买提·艾力", "艾力", "part of the name"),
        ("买买提·艾力", "艾力·买买提", "given and father's name in other order"),
        ("买买提·艾力", "吐尔逊·艾力", "different names"),
        ("买买提·艾力", "符玮强", "different names"),
        ("符玮强", "Chen Ming", "different names"),
        ("Fu Weiqiang", "Weiqiang Fu", "same name, other order"),
        ("Fu Weiqiang", "Chen Ming", "different names"),
        ("王建国", "王建军", "one character of the given name differs"),
        ("王建国", "汪建国", "same sound"),
        ("王建国", "李建国", "same given name of two characters, other surname"),
        ("王伟", "李伟", "different names"),
        ("王建国", "陈明亮", "different names"),
        ("王某某", "王建国", "masked name fits"),
        ("王某某", "李建国", "different names"),
        ("王某国", "王某某", "masked name fits"),
        ("李某某", "莉乾权", "masked name fits but for how it is written"),
        ("李某某", "季乾权", "masked name fits but for how it is written"),
        ("李某强", "李乾蔷", "masked name fits but for how it is written"),
        ("李某强", "莉乾蔷", "different names"),
        ("李某某", "陈乾权", "different names"),
        ("李某某", "Li Qianquan", "masked name fits but for how it is written"),
        ("陈某某", "Siu-ming Chan", "masked name fits but for how it is written"),
        ("欧阳某", "Au Yeung Ka Wai", "masked name fits but for how it is written"),
        ("李某某", "Wang Wei", "different names"),
        ("阿强", "符玮强", "nickname fits the name"),
        ("王先生", "王建国", "nickname fits the name"),
        ("阿强", "陈明亮", "a nickname beside a name"),
        ("阿强", "阿明", "a nickname beside a name"),
        ("阿强", "阿强", "same nickname, not known to be of one case"),
        ("", "符玮强", None),
        ("符玮强", "", None),
    ],
)
def test_two_names_agree_at_the_level(left, right, why):
    assert level(left, right) == why
    assert level(right, left) == why


def test_an_alias_agrees_with_the_name_it_stands_for_and_is_worth_less_than_the_name():
    real, other = person("符玮强"), person("陈明亮", aliases=("符玮强",))
    assert compare_names(real, other).why == compare_names(other, real).why == "alias"
    assert 0 < compare_names(real, other).bits < compare_names(real, real).bits


@pytest.mark.parametrize(
    ("case", "bits"), [("case:2019-551", 3.0), ("plate:琼A12345", 2.0), ("case:2019-7", 2.0)]
)
def test_a_nickname_stands_for_a_name_only_in_the_case_that_says_so(case, bits):
    nickname = person("阿强", contexts=["case:2019-551", "plate:琼A12345"])
    called = person("符玮强", aliases=("阿强",), contexts=[case])
    assert compare_names(nickname, called).bits == compare_names(called, nickname).bits == bits


def test_one_nickname_says_something_within_a_case_and_nothing_beyond_it():
    here, again, elsewhere = (
        person("阿强", contexts=[f"case:{n}"]) for n in ("2019-551", "2019-551", "2019-7")
    )
    assert compare_names(here, again).bits == 2.0
    assert compare_names(here, elsewhere).bits == 0.0


def test_a_rare_name_says_more_than_a_common_one():
    rare, common = (compare_names(person(name), person(name)).bits for name in ("覃玮骁", "王伟"))
    assert rare > common > 0


def test_a_name_common_in_hainan_says_less_than_its_rarity_elsewhere():
    assert compare_names(person("符伟"), person("符伟")).bits < 15


def test_a_homophone_says_less_than_the_same_characters_and_never_nothing():
    bits = [compare_names(person(name), person(name)).bits for name in ("符玮强", "符伟强")]
    for alike in ("符伟强", "符威强", "符炜强", "Fu Weiqiang"):
        assert 2.0 <= compare_names(person("符玮强"), person(alike)).bits <= min(bits) - 1.0
    assert compare_names(person("王伟"), person("王玮")).bits >= 2.0


def test_a_bare_number_is_no_latin_name():
    assert is_latin("li wei")
    assert not is_latin("123")
    assert not is_latin("李伟")


def test_names_of_other_length_never_sound_alike():
    assert not sound_alike("符玮", "符玮强")


@pytest.mark.parametrize(
    ("left", "right", "conflict"),
    [
        ("符玮强", "符玮强", False),
        ("符玮强", "符伟强", False),
        ("符玮强", "符玮明", False),
        ("符玮强", "fu weiqiang", False),
        ("符玮强", "chen ming", True),
        ("符玮强", "陈明亮", True),
        ("陈明", "陈亮", True),
    ],
)
def test_names_conflict_only_when_no_misspelling_explains_them(left, right, conflict):
    assert names_conflict(left, right) is conflict


NAMES = st.text("符玮伟强明王阿某*·付傅Li ", max_size=5)


@given(NAMES, NAMES)
def test_comparing_names_is_symmetric_and_never_raises(left, right):
    assert compare_names(person(left), person(right)) == compare_names(person(right), person(left))


def worth(left, right):
    return compare_names(person(left), person(right)).bits


def test_a_sound_that_many_names_have_says_less_than_a_rare_one():
    assert worth("李红", "李洪") < worth("邢翀", "邢冲")
    assert worth("王建国", "Wang Jianguo") < worth("覃玮骁", "Qin Weixiao")


def test_a_variant_says_more_than_a_homophone_and_a_homophone_more_the_fewer_look_like_it():
    assert worth("符哲", "符喆") > worth("符哲", "符辙")
    assert worth("符玮强", "符伟强") > worth("符玮强", "符威强")


def test_initials_say_less_than_a_romanised_name():
    assert 2.0 <= worth("符玮强", "Fu W.Q.") < worth("符玮强", "Fu Weiqiang")
    assert worth("符玮强", "Fu W.") < worth("符玮强", "Fu W.Q.")


@given(
    st.sampled_from(("林某某", "王某", "王*明", "欧阳某", "买买提·某某")),
    st.sampled_from(("王小明", "林强", "欧阳娜")),
)
def test_a_mask_never_speaks_for_anybody(masked, name):
    for one, other in ((masked, name), (masked, masked), (name, masked)):
        assert compare_names(person(one), person(other)).bits <= 0.0
