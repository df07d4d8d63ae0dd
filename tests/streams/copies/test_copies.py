"""Who copies whom is a function of the set of live tips."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.copies.copies import Copies, CopyOf, Tip
from streams.simulate.tellings import tellings
from streams.text.sketch import sketch

CASE = "有人在大同路12号金海岸酒吧后门卖气弹，每箱300元，车牌琼A12345，电话13800001234，请尽快来查。"
LONGER = [
    "有人在大同路12号", "金海岸酒吧后门", "当面卖气弹给学生", "每箱300元", "车牌琼A12345", "电话13800001234",
    "戴黑色帽子", "旁边有2个人望风", "半夜才开门",
]  # fmt: skip
PARTS = ["，".join(each) for some in (3, 4, 7) for each in combinations(LONGER, some)]
"""What one tip becomes when clauses are left out: some of these are near one another, some are not."""


def made(rec: int, reported: int, text: str, name: str = "", channel: str = "app"):
    return Tip(reported, name or f"460100-110/{rec}", channel, rec), sketch(text)


BORN = [
    *(made(rec, told.reported, told.text, told.name) for rec, told in enumerate(tellings(11, 30, "medium"))),
    *(made(1_000 + at, at * 7 % 13, text) for at, text in enumerate(PARTS[::2]) if sketch(text)),
]
RECS = [each.rec for each, _ in BORN]


def origin(copies: Copies, rec: int) -> int | None:
    found = copies.of(rec)
    return found[0].first if found else None


def origins(copies: Copies):
    return {rec: copies.of(rec) for rec in RECS}


def of_set(alive, crowd: int):
    """The origins of a set of tips that came all at once."""
    copies = Copies(crowd)
    copies.change([BORN[at] for at in sorted(alive)], [])
    return origins(copies)


def test_a_tip_forwarded_with_a_head_is_a_copy_of_the_one_reported_first():
    copies = Copies()
    assert copies.change([made(1, 200, f"【转办】{CASE}"), made(2, 100, CASE)], []) == {
        1: (CopyOf(2, 2, 1.0),)
    }


def test_of_two_reported_at_once_the_first_by_name_is_the_origin():
    copies = Copies()
    copies.change([made(1, 5, CASE, "b/1"), made(2, 5, CASE, "a/1"), made(3, 5, f"转：{CASE}", "c/1")], [])
    assert [origin(copies, rec) for rec in (1, 2, 3)] == [2, None, 2]


def test_when_the_first_is_taken_back_the_next_is_first():
    copies = Copies()
    copies.change([made(1, 1, CASE), made(2, 2, f"【转办】{CASE}"), made(3, 3, f"{CASE}请核查")], [])
    assert copies.change([], [1]) == {2: (), 3: (CopyOf(2, 2, 0.938),)}


def test_a_tip_that_comes_late_but_was_reported_first_becomes_the_origin():
    copies = Copies()
    copies.change([made(2, 2, f"【转办】{CASE}")], [])
    assert copies.change([made(1, 1, CASE)], []) == {2: (CopyOf(1, 1, 1.0),)}


def test_a_copy_of_a_copy_is_one_of_the_tip_told_first_and_says_by_which_it_is_known():
    """Three clauses and seven are too far apart to be known by each other."""
    texts = ["，".join(LONGER[:end]) for end in (3, 5, 7)]
    near, far = Copies(), Copies()
    tips = [made(rec, rec, text) for rec, text in enumerate(texts, 1)]
    assert near.change(tips, []) == {2: (CopyOf(1, 1, 1.0),), 3: (CopyOf(1, 2, 1.0),)}
    assert far.change([tips[0], tips[2]], []) == {}
    assert near.change([], [2]) == {3: ()}


def test_the_same_words_about_another_car_and_phone_are_no_copy():
    other = CASE.replace("A12345", "B77Z01").replace("13800001234", "15712349876").replace("12号", "99号")
    copies = Copies()
    assert copies.change([made(1, 1, CASE), made(2, 2, other)], []) == {}


def test_tips_of_which_nobody_says_over_which_channel_they_came_are_not_taken_for_those_of_one():
    other = "大同路12号金海岸酒吧后门有人卖气弹，每箱300元，车牌琼A12345，天天晚上都在"
    known = {}
    for channel in ("app", ""):
        copies = Copies()
        copies.change([made(1, 1, CASE, channel=channel), made(2, 2, other, channel=channel)], [])
        known[channel] = origin(copies, 2)
    assert known == {"app": 1, "": None}


def test_a_complaint_in_the_same_words_about_another_house_is_no_copy():
    """Two tips of `suyuan simulate`."""
    one = "东方市桂林洋中路113号星月居10栋1403室有人半夜摔东西吵架，邻居睡不着。"
    other = "深圳市龙舌坡94号星月居10栋1403室有人半夜摔东西吵架，邻居睡不着。"
    copies = Copies()
    assert copies.change([made(1, 1, one), made(2, 2, other)], []) == {}


def test_two_witnesses_who_saw_different_things_are_no_copies():
    one = "昨晚9点多在大同路12号金海岸酒吧后门，有人卖气弹，卖了30支，戴黑色帽子，旁边有2个人望风。"
    other = "昨晚10点左右，大同路12号金海岸酒吧的楼下，有人卖气弹，卖了45支，车牌琼A12345，要价30元，请来查。"
    copies = Copies()
    assert copies.change([made(1, 1, one), made(2, 2, other, channel="phone")], []) == {}


OTHER = "三亚市望潮路55号3栋202室有陌生人深夜搬运钢瓶，车牌粤B88K21，联系电话15911112222，邻居很担心。"


def test_what_was_made_of_two_tips_is_a_copy_of_both_which_stay_apart():
    merged, copies = f"{CASE}另外，{OTHER}", Copies()
    copies.change([made(1, 2, CASE), made(2, 1, OTHER), made(3, 3, merged), made(4, 4, f"转：{merged}")], [])
    assert [[each.first for each in copies.of(rec)] for rec in (1, 2, 3, 4)] == [[], [], [2, 1], [2, 1]]


def test_a_copy_of_a_tip_is_none_of_another_that_was_merged_with_it_in_between():
    tips = [
        made(1, 1, CASE),
        made(2, 2, OTHER),
        made(3, 3, f"{CASE}另外，{OTHER}"),
        made(4, 4, f"转：{OTHER}"),
    ]
    copies = Copies()
    copies.change(tips, [])
    assert [each.first for each in copies.of(4)] == [2]


def test_what_two_tips_were_made_of_is_the_first_of_both():
    copies = Copies()
    copies.change([made(1, 2, CASE), made(2, 3, OTHER), made(3, 1, f"{CASE}另外，{OTHER}")], [])
    assert [origin(copies, rec) for rec in (1, 2, 3)] == [3, 3, None]


@given(st.data(), st.sampled_from([0, 1, 2]))
def test_neither_order_nor_batches_nor_detours_change_who_copies_whom(data, crowd):
    copies, alive = Copies(crowd), set()
    for _ in range(data.draw(st.integers(1, 6))):
        some = set(data.draw(st.lists(st.integers(0, len(BORN) - 1), max_size=60)))
        copies.change([BORN[at] for at in some - alive], [RECS[at] for at in some & alive])
        alive ^= some
    assert origins(copies) == of_set(alive, crowd)


@given(st.permutations(range(len(BORN))), st.integers(1, len(BORN)))
def test_what_is_told_of_changes_adds_up_to_what_is_known(order, size):
    copies, told = Copies(), dict.fromkeys(RECS, ())
    for start in range(0, len(order), size):
        told |= copies.change([BORN[at] for at in order[start : start + size]], [])
    assert told == origins(copies)


def test_one_more_of_many_wrappings_costs_no_look_at_all_the_others(monkeypatch):
    looked_at, trace = [], Copies._trace

    def watched(self, text, first):
        looked_at.append(len(self._near.get(text, ())))
        return trace(self, text, first)

    monkeypatch.setattr(Copies, "_trace", watched)
    copies = Copies(crowd=4)
    copies.change([made(at, at, f"{chr(0x4E00 + at * 7)}群转发：{CASE}") for at in range(300)], [])
    assert sum(origin(copies, at) == 0 for at in range(1, 300)) > 290
    looked_at.clear()
    copies.change([made(300, 300, f"转发：{CASE}谢谢")], [])
    assert looked_at
    assert max(looked_at) < 30


@pytest.mark.parametrize("crowd", [3, 64])
def test_a_message_that_many_hand_on_in_many_wrappings_stays_one(crowd):
    copies = Copies(crowd)
    heads = "甲乙丙丁戊己庚辛壬癸"
    copies.change([made(at, 100 - at, f"{head}群转发：{CASE}") for at, head in enumerate(heads)], [])
    assert [origin(copies, at) for at in range(len(heads))] == [*[len(heads) - 1] * (len(heads) - 1), None]
