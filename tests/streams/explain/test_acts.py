"""Acts in explanations: a split is one act, told once; what was taken back is told so and counts no more."""

from __future__ import annotations

import pytest

from schemas.decisions import Judgement, Split
from schemas.explanations import TakenBack
from streams.explain.words import act_en, act_zh, words_zh

PHONE, OTHER = "13876543210", "13898765432"
DAY = 86_400_000_000
DAYS = [f"1970-01-0{n}T08:00:00+08:00" for n in range(1, 10)]
"""The moments that are so many days after the first one."""


@pytest.fixture
def four(here):
    """One profile of four mentions."""
    return here.people([{"name": "符玮强", "phones": [PHONE]}] * 4)


def answer(here, left, right, verdict, day, by="王警官"):
    here.owner.judge(
        Judgement(left=left, right=right, verdict=verdict, by=by, because=f"理由{day}", at=day * DAY)
    )


def split(here, apart, rest, day, by="王警官"):
    here.owner.judge(Split(apart=tuple(apart), rest=tuple(rest), by=by, because=f"理由{day}", at=day * DAY))


def test_two_that_were_split_are_told_who_split_them_when_and_why(here, why, four):
    split(here, four[1:3], (four[0], four[3]), 2)
    for out in four[1:3]:
        for stays in (four[0], four[3]):
            found = why().pair(stays, out)
            assert (found.same, found.verdict) == (False, "judged_different")
            assert (found.judgement.verdict, found.judgement.by) == ("split", "王警官")
            assert (found.judgement.at, found.judgement.because) == (DAYS[2], "理由2")
            assert found.judgement.apart == tuple(four[1:3])
            assert found.judgement.rest == (four[0], four[3])
            assert found.judgements == (found.judgement,), "one act, told once"


def test_those_who_were_split_off_together_are_one_by_the_same_act(here, why, four):
    split(here, four[1:3], (four[0], four[3]), 2)
    found = why().pair(four[1], four[2])
    assert (found.same, found.verdict) == (True, "judged_same")
    assert found.judgement.verdict == "split"
    assert [join.judgement for join in found.path] == [found.judgement]


def test_two_of_the_rest_are_what_they_were(here, why, four):
    split(here, four[1:2], (four[0], *four[2:]), 2)
    assert why().pair(four[2], four[3]).verdict == "one_profile"


def test_after_the_undoing_of_a_split_what_was_said_before_counts_again(here, why):
    one, other = here.person(name="陈明亮"), here.person(name="王建国")
    answer(here, one, other, "same", 1, by="李警官")
    before = why().pair(one, other)
    assert (before.verdict, before.judgement.by) == ("judged_same", "李警官")
    split(here, [other], [one], 2)
    assert why().pair(one, other).judgement.verdict == "split"
    answer(here, one, other, "undone", 3, by="赵警官")
    found = why().pair(one, other)
    assert (found.same, found.verdict, found.words) == (True, "judged_same", before.words)
    assert (found.judgement, found.path) == (before.judgement, before.path)
    same, taken_back = found.judgements
    assert (same.verdict, same.taken_back) == ("same", None)
    assert taken_back.verdict == "split"
    assert taken_back.taken_back == TakenBack("赵警官", "理由3", DAYS[3])


def test_an_answer_that_comes_back_is_told_with_its_own_reason(here, why):
    one, other = here.people({"name": name, "phones": [PHONE]} for name in ("符国强", "符国明"))
    answer(here, one, other, "different", 1)
    answer(here, other, one, "same", 2)
    answer(here, one, other, "undone", 3)
    found = why().pair(one, other)
    assert (found.verdict, found.judgement.because) == ("judged_different", "理由1")
    answer(here, one, other, "undone", 4)
    found = why().pair(one, other)
    assert (found.verdict, found.judgement) == ("review", None)
    assert [each.taken_back.because for each in found.judgements] == ["理由4", "理由3"]


def test_a_later_answer_about_two_of_a_split_counts_for_these_only(here, why, four):
    out, *rest = four
    split(here, [out], rest, 1)
    answer(here, out, rest[0], "same", 2)
    assert why().pair(out, rest[0]).judgement.because == "理由2"
    assert why().pair(out, rest[1]).judgement.because == "理由1"
    answer(here, out, rest[0], "undone", 3)
    assert why().pair(out, rest[0]).judgement.because == "理由1"


def test_what_a_person_could_not_say_of_two_leaves_the_rest_of_a_split_apart(here, why, four):
    """The two mentions of the rest have one profile: of what was said about it, a split decides."""
    out, *rest = four
    split(here, [out], rest, 1)
    answer(here, out, rest[0], "unsure", 2)
    for each in rest:
        found = why().pair(out, each)
        assert (found.verdict, found.judgement.because) == ("judged_different", "理由1")


def test_the_entity_of_the_rest_is_told_of_the_split_and_its_other_half_is_near(here, why, four):
    split(here, four[1:3], (four[0], four[3]), 2)
    rest = why().entity(four[3])
    assert [[each.mention for each in profile.mentions] for profile in rest.profiles] == [[four[0], four[3]]]
    (act,) = rest.judgements
    assert (act.verdict, act.apart, act.rest) == ("split", tuple(four[1:3]), (four[0], four[3]))
    (near,) = rest.nearest
    assert near.entities[1].id == why().entity(four[1]).entity
    assert (near.verdict, near.judgement) == ("judged_different", act)
    answer(here, four[2], four[0], "undone", 3)
    whole = why().entity(four[3])
    assert [len(profile.mentions) for profile in whole.profiles] == [4]
    assert ([each.taken_back.at for each in whole.judgements], whole.nearest) == ([DAYS[3]], ())


def test_the_entity_of_those_split_off_is_joined_by_the_act(here, why, four):
    split(here, four[1:3], (four[0], four[3]), 2)
    off = why().entity(four[1])
    assert [(join.best, join.judgement) for join in off.joins] == [(None, off.judgements[0])]


def test_a_split_off_that_shares_nothing_is_near_until_it_is_taken_back(here, why):
    one, other = here.person(name="陈明亮"), here.person(name="王建国")
    split(here, [other], [one], 1)
    assert [each.verdict for each in why().entity(one).nearest] == ["judged_different"]
    answer(here, one, other, "undone", 2)
    assert why().entity(one).nearest == ()


def test_who_was_taken_out_twice_is_explained_by_the_first_of_the_acts_that_stand(here, why, four):
    out, *rest = four
    split(here, [out], rest[:2], 1)
    split(here, [out], rest[2:], 2)
    assert why().pair(out, rest[2]).judgement.because == "理由1", "the three of the rest are one profile"
    answer(here, out, rest[0], "undone", 3)
    assert why().pair(out, rest[2]).judgement.because == "理由2"


def test_of_several_acts_between_two_entities_the_earliest_is_named(here, why):
    ones = here.people([{"name": "符玮强", "phones": [PHONE]}] * 2)
    others = here.people([{"name": "陈明亮", "phones": [OTHER]}] * 2)
    answer(here, ones[0], others[0], "different", 2)
    answer(here, ones[1], others[1], "different", 1)
    ids = [why().entity(each[0]).entity for each in (ones, others)]
    for each in (ids, ids[::-1]):
        assert why().pair(*each).judgement.because == "理由1"


def test_the_taking_back_of_nothing_is_not_told(here, why):
    one, other = here.person(name="陈明亮"), here.person(name="王建国")
    answer(here, one, other, "undone", 1)
    assert why().pair(one, other).judgements == ()


def test_a_split_of_a_mention_that_is_gone_is_told_of_those_who_stay(here, why, four):
    split(here, four[:1], four[1:], 1)
    here.withdraw(four[1])
    (act,) = why().entity(four[2]).judgements
    assert act.rest == tuple(four[1:])


# --- in words ---------------------------------------------------------------------------------------------


def test_a_split_is_told_in_words_by_how_many_it_took_out(here, why, four):
    split(here, four[1:3], (four[0], four[3]), 2)
    found = why().pair(four[0], four[1])
    said = (
        "王警官, 1970-01-03, split off 2 mentions together: 理由2 "
        f"({four[1]} and 1 more from {four[0]} and 1 more)"
    )
    assert act_en(found.judgement) == said
    assert found.words == f"Not one, by a judgement: {said}."
    assert words_zh(found) == (
        "不同：人工判定（王警官，1970-01-03，拆出 2 处提及（为同一对象）：理由2；"
        f"{four[1]} 等 2 处 自 {four[0]} 等 2 处 分出）。"
    )


def test_a_split_of_one_from_one_names_the_two(here, why, four):
    split(here, four[:1], four[1:2], 2)
    (act,) = why().entity(four[0]).judgements
    assert act_en(act) == f"王警官, 1970-01-03, split off 1 mention: 理由2 ({four[0]} from {four[1]})"
    assert act_zh(act) == f"王警官，1970-01-03，拆出 1 处提及：理由2；{four[0]} 自 {four[1]} 分出"


def test_what_was_taken_back_is_told_with_who_took_it_back(here, why, four):
    answer(here, four[0], four[1], "different", 1)
    answer(here, four[0], four[1], "undone", 2, by="李警官")
    (act,) = why().entity(four[0]).judgements
    assert act_en(act) == (
        f"王警官, 1970-01-02, different: 理由1 ({four[0]} and {four[1]}); "
        "taken back by 李警官, 1970-01-03: 理由2"
    )
    assert act_zh(act).endswith("；李警官 于 1970-01-03 撤回：理由2")
