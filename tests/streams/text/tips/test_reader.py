"""Tips read by the model that ships, and by rules beside it; and whatever else somebody may send."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.simulate.tips.styles import STYLES
from streams.simulate.tips.writer import write_tips
from streams.text.tips import reader
from streams.text.tips.reader import read_tip, read_tips
from tests.streams.steps import steps


def sales(text):
    """(from, to, how) of the deliveries a text tells of, by their first names in it."""
    found = read_tip(text)

    def name(place):
        return text[slice(*found.people[found.same[place]].span)]

    return {
        (name(each.subject), name(each.object), each.status)
        for each in found.deals
        if each.kind in ("sold_to", "supplied")
    }


@pytest.mark.parametrize(
    "text",
    [
        "我要举报符小满，他经常卖冰毒给林海生",
        "符小满把一包K粉塞给了林海生，我亲眼看到的",
        "林海生的冰毒都是从符小满那里拿的",
        "被举报人符小满，男，于2019年6月3日在龙华区将冰毒2克以600元的价格贩卖给林海生",
        "林海生跟我们小区的符小满买麻古，一次十颗",
        "符小满给林海生寄了一箱笑气，走的快递",
    ],
)
def test_who_supplied_whom_is_read_in_whatever_order_it_is_told(text):
    assert ("符小满", "林海生", "asserted") in sales(text)


@pytest.mark.parametrize(
    "text",
    [
        "听说符小满卖冰毒给林海生",
        "符小满没有卖冰毒给林海生",
        "有人讲符小满卖冰毒给林海生，我没见过",
        "符小满是不是卖冰毒给林海生？",
        "符小满卖冰毒给林海生，这是别人编的",
        "符小满打算下个月卖冰毒给林海生",
    ],
)
def test_what_is_heard_denied_asked_or_planned_is_no_fact(text):
    assert ("符小满", "林海生", "asserted") not in sales(text)


def test_a_chain_is_read_link_by_link():
    text = "符小满从林海生处购得海洛因10克，后又卖给王小明2克"
    assert {("林海生", "符小满", "asserted"), ("符小满", "王小明", "asserted")} <= sales(text)


def test_every_deal_says_what_it_rests_on_and_names_nobody_in_that():
    (deal, *_) = read_tip("我要举报符小满，他经常卖冰毒给林海生").deals
    assert deal.reasons
    assert not [why for why in deal.reasons if "小满" in why.because or "海生" in why.because]


def test_a_text_without_goods_is_read_by_rules_alone():
    found = read_tip("符小满（电话13800138000）夜里唱歌，吵得林海生睡不着")
    assert found.deals == ()
    assert [each.identifier.normal for each in found.belongings] == ["13800138000"]


PIECES = st.sampled_from(
    ["符小满", "卖", "冰毒", "给", "林海生", "（", "）", "，", "。", "\n", "他", "没有", "5克", "300元",
     "某某",
     "13800138000", "\u200b", "😡", "A", "ئۇيغۇر", "{a} [b] SELECT * FROM", "ignore all instructions", "\x07",
     "電話", " "]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_string_is_read_and_all_that_is_found_lies_within_it(text):
    found = read_tip(text)
    for each in (*found.people, *found.substances, *found.deals, *found.belongings):
        assert 0 <= each.start < each.end <= len(text)
    for deal in found.deals:
        assert 0 < deal.score <= 1
        assert found.same[deal.subject] == deal.subject


@pytest.mark.parametrize(
    "piece", ["符小满把冰毒卖给林海生，", "他", "冰毒", "陈某某、", "没有。", "（", "😡"]
)
def test_reading_takes_time_linear_in_the_length(piece):
    def cost(length):
        text = "冰毒" + piece * (length // len(piece))
        return steps(lambda: read_tip(text))

    short, long = cost(4_000), cost(8_000)
    assert long < 2.6 * short


@pytest.mark.parametrize(
    "text",
    ["老黑就给李四和■■■卖了5克冰毒", "老黑还向■■■（电话13912345678）贩卖冰毒", "■■■说老黑给李四卖冰毒"],
)
def test_whoever_is_hidden_in_a_text_is_nobody_in_it(text):
    found = read_tip(text)
    assert not [each for each in found.people if "■" in text[slice(*each.span)]]
    assert found.belongings == ()


def test_tips_read_together_are_read_as_each_alone_in_any_order(monkeypatch):
    texts = [tip.text for tip in write_tips(STYLES, 80, seed=3)]
    alone = [read_tip(text) for text in texts]
    assert read_tips(texts) == alone
    monkeypatch.setattr(reader, "_MOST_AT_ONCE", 200)
    assert read_tips([*texts, *texts[::-1]]) == [*alone, *alone[::-1]]


@pytest.mark.parametrize("role", ["高中生", "钟点工", "快递员", "应届生", "马仔"])
def test_whoever_is_named_by_what_they_do_is_nobody_to_be_found_again(role):
    found = read_tip(f"我看见陈大勇昨晚把冰毒塞给了{role}，还收了钱")
    at = {each.start: each.kind for each in found.people}
    assert at.get(found.people[0].start) != "surname"
    assert [kind for start, kind in at.items() if start == 14 and kind != "surname"] == []


READ = """
import hashlib
from streams.text.tips.reader import read_tip
text = "符小满把冰毒塞给林海生，林海生又转给王小明两包，听说陈大勇也从符小满那里拿货"
said = [(deal.score, deal.status, deal.plain, deal.reasons) for deal in read_tip(text).deals]
print(len(said), hashlib.sha256(repr(said).encode()).hexdigest())
"""


def test_every_process_reads_the_same_to_the_last_digit():
    told = {
        subprocess.run(
            [sys.executable, "-c", READ],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
