import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.identifiers import names

NAMES = st.text(alphabet="林陈王小强明某*×甲乙丙xX1", min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("林 小 强", "林小强"),
        ("　林小强　", "林小强"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"),
        ("买买提.艾力", "买买提·艾力"),
        ("Lin  Xiaoqiang", "Lin Xiaoqiang"),
        ("Ｌｉｎ", "Lin"),
        ("", ""),
    ],
)
def test_normal_forms(text, normal):
    assert names.normalise(text) == normal


@given(st.text(max_size=12))
def test_a_normal_form_stays_as_it_is(text):
    once = names.normalise(text)
    assert names.normalise(once) == once


def test_traditional_characters_are_folded_in_the_key_only():
    assert names.key("範偉強") == names.key("范伟强")
    assert names.normalise("範偉強") == "範偉強"


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("曾小强", "zengxiaoqiang"),
        ("单小强", "shanxiaoqiang"),
        ("覃小强", "qinxiaoqiang"),
        ("仇小强", "qiuxiaoqiang"),
        ("解小强", "xiexiaoqiang"),
        ("查小强", "zhaxiaoqiang"),
        ("任小强", "renxiaoqiang"),
        ("尉迟强", "yuchiqiang"),
        ("万俟强", "moqiqiang"),
        ("朴小强", "piaoxiaoqiang"),
        ("区小强", "ouxiaoqiang"),
    ],
)
def test_surnames_are_read_as_surnames(name, sound):
    assert names.sound_key(name) == sound


def test_what_is_simplified_elsewhere_and_not_in_names_stays():
    assert names.key("李乾權") == "李乾权"
    assert ("li", "qian", "quan") in names.readings("李乾权")


def test_homophones_share_a_sound():
    assert names.sound_key("符玮强") == names.sound_key("符伟强") == names.sound_key("符偉強")
    assert names.sound_key("符玮强") != names.sound_key("符玮明")


def test_all_readings_of_a_given_name_are_listed_with_the_usual_first():
    found = names.readings("林乐")
    assert {("lin", "le"), ("lin", "yue")} <= set(found)
    assert "".join(found[0]) == names.sound_key("林乐")


def test_readings_are_capped_for_long_names():
    assert len(names.readings("和行重乐长好着")) <= 24


@given(NAMES, NAMES)
@example("丙", "丙X")
def test_name_compatibility_is_symmetric(left, right):
    assert names.compatible(left, right) == names.compatible(right, left)


@given(st.text(alphabet="林陈王小强明", min_size=2, max_size=4))
def test_a_name_fits_its_own_masks(name):
    for masked in (name[0] + "某", name[0] + "某某", name[0] + "**", name[0] + "某" + name[2:]):
        assert names.compatible(masked, name)


@pytest.mark.parametrize(
    ("left", "right", "fits"),
    [
        ("林某某", "林小强", True),
        ("林某", "林小强", True),
        ("林某某", "林强", True),
        ("林某某", "陈小强", False),
        ("林*强", "林小强", True),
        ("林*强", "林小明", False),
        ("林*强", "林强", False),
        ("林某甲", "林小强", True),
        ("林某甲", "林某乙", False),
        ("林某甲", "林某甲", True),
        ("林XX", "林小强", True),
        ("林某", "林", False),
        ("欧阳某", "欧阳强", True),
        ("林小强", "林小强", True),
        ("林小强", "林小明", False),
    ],
)
def test_which_masks_fit(left, right, fits):
    assert names.compatible(left, right) is fits


@pytest.mark.parametrize(
    "name",
    [
        "阿明",
        "老王",
        "小李",
        "强哥",
        "王姐",
        "光头强",
        "陈老板",
        "明明",
        "阿K",
        "二哥",
        "胖子",
        "高妹",
        "细妹",
        "小弟",
        "陈仔",
    ],
)
def test_nicknames(name):
    assert names.is_nickname(name)


@pytest.mark.parametrize(
    "name",
    [
        "林小强",
        "王小妹",
        "吴妹",
        "陈弟",
        "陈水仔",
        "欧阳明",
        "买买提·艾力",
        "Lin Xiaoqiang",
        "林某某",
        "符强",
    ],
)
def test_names_that_are_no_nicknames(name):
    assert not names.is_nickname(name)


_AT_ONCE = """\
import threading, time
from schemas.identifiers import names

def read(after):
    time.sleep(after)
    names.readings("单强")

wrong = []
threading.excepthook = lambda told: wrong.append(told.exc_value)
threads = [threading.Thread(target=read, args=(number / 500,)) for number in range(150)]
for each in threads:
    each.start()
for each in threads:
    each.join()
assert not wrong, wrong
"""


def test_names_are_read_well_by_threads_that_come_while_the_first_still_loads_the_readings():
    subprocess.run([sys.executable, "-c", _AT_ONCE], check=True)
