"""What people said about two mentions: the last word on a pair stands."""

from __future__ import annotations

import pytest

from streams.resolve.judgements import Judgements
from tests.streams.resolve.who import town

A, B, C = "made-up/1#a", "made-up/2#b", "made-up/3#c"


def living(*rows):
    judgements = Judgements(rows)
    for pid, mention in enumerate((A, B, C), 1):
        judgements.lives(mention, pid)
    return judgements


def test_a_judgement_is_known_from_both_sides():
    judgements = living((A, B, "same"))
    assert dict(judgements.partners(1)) == {2: "same"}
    assert dict(judgements.partners(2)) == {1: "same"}
    assert dict(judgements.partners(3)) == {}


def test_the_last_word_on_a_pair_stands_whichever_way_round_it_was_given():
    assert dict(living((A, B, "same"), (B, A, "different")).partners(1)) == {2: "different"}


@pytest.mark.parametrize("verdict", ["undone", "unsure"])
def test_an_answer_taken_back_or_left_open_leaves_the_pair_to_the_model(verdict):
    judgements = living((A, B, "same"), (B, A, verdict))
    assert dict(judgements.partners(1)) == {}
    assert judgements.names() == []
    assert not judgements.pinned(A)


def test_taking_back_one_answer_leaves_the_others():
    judgements = living((A, B, "same"), (A, C, "different"), (A, B, "undone"))
    assert dict(judgements.partners(1)) == {3: "different"}
    assert set(judgements.names()) == {A, C}
    assert judgements.pinned(A)
    assert not judgements.pinned(B)


def test_taking_back_what_was_never_said_is_no_fault():
    assert living((A, B, "undone")).names() == []


def test_somebody_who_is_not_there_is_nobodys_partner():
    judgements = living((A, B, "same"), (A, C, "same"))
    judgements.dies(2)
    assert dict(judgements.partners(1)) == {3: "same"}
    assert dict(judgements.partners(2)) == {}
    assert judgements.pid(B) is None
    judgements.dies(2)
    judgements.lives(B, 9)
    assert dict(judgements.partners(9)) == {1: "same"}


def test_a_mention_that_moved_to_another_profile_is_not_lost_when_the_old_one_dies():
    judgements = living((A, B, "same"))
    judgements.lives(B, 9)
    judgements.dies(2)
    assert judgements.pid(B) == 9


# --- in the store -------------------------------------------------------------------------------------------


@pytest.fixture
def here():
    with town() as made:
        yield made


PHONE = "13876543210"


def test_same_joins_two_that_the_model_keeps_apart_and_all_that_is_one_with_them(here):
    one, again = here.people({"name": "符玮强", "phones": [PHONE]} for _ in range(2))
    other, too = here.people({"name": "陈明亮", "wechat": ["wx_made_up"]} for _ in range(2))
    here.judge(one, other, "same")
    assert here.together(one, again, other, too)
    here.judge(other, one, "undone")
    assert here.groups() == {frozenset({one, again}), frozenset({other, too})}


def test_different_parts_two_with_just_the_same_features(here):
    one, other = here.people({"name": "符玮强", "phones": [PHONE]} for _ in range(2))
    assert here.together(one, other)
    here.judge(one, other, "different")
    assert here.apart(one, other)
    here.judge(one, other, "undone")
    assert here.together(one, other)


def test_judgements_reach_through_others(here):
    one, two, three = here.people({"name": name} for name in ("符玮强", "陈明亮", "王建国"))
    here.judge(one, two, "same")
    here.judge(two, three, "same")
    assert here.together(one, two, three)
    here.judge(one, three, "different")
    assert here.apart(one, three)


def test_a_judgement_stands_over_a_restart_and_over_a_later_revision(here):
    one, other = here.person("a", name="符玮强", phones=[PHONE]), here.person("b", name="陈明亮")
    here.judge(one, other, "same")
    here.restart()
    assert here.together(one, other)
    here.person("a", revision=2, name="符伟强", phones=[PHONE])
    assert here.together(one, other)


def test_a_judgement_waits_for_a_mention_that_is_withdrawn_and_comes_back(here):
    one, other = here.person("a", name="符玮强"), here.person("b", name="陈明亮")
    here.judge(one, other, "same")
    here.withdraw(other)
    assert here.groups() == {frozenset({one})}
    here.person("b", revision=2, reported_at="2023-11-15T12:00:00+08:00", name="陈明亮")
    assert here.together(one, other)


def test_a_person_and_a_vehicle_judged_the_same_before_they_were_known_stay_two(here):
    here.judge("made-up/a#x", "made-up/b#x", "same")
    one, other = here.person("a", name="符玮强"), here.vehicle("b", plate="琼A12345")
    assert here.apart(one, other)
