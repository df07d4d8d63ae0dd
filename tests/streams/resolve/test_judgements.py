"""What people said about two mentions: the last word on a pair stands."""

from __future__ import annotations

import pytest

from streams.resolve.judgements import Judgements
from tests.streams.resolve.who import town

A, B, C = "made-up/1#a", "made-up/2#b", "made-up/3#c"


def living(*rows):
    judgements = Judgements([row] for row in rows)
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


def test_taking_back_an_act_brings_back_what_stood_before_it():
    judgements = living((A, B, "different"), (A, B, "same"), (B, A, "undone"))
    assert dict(judgements.partners(1)) == {2: "different"}
    judgements.say([(A, B, "undone")])
    assert judgements.names() == []


def split_off():
    judgements = Judgements([[(A, B, "apart"), (A, C, "apart")]])
    for pid, mention in enumerate((A, B, C), 1):
        judgements.lives(mention, pid)
    return judgements


def test_a_split_keeps_apart_and_pins_only_what_was_taken_out():
    judgements = split_off()
    assert dict(judgements.partners(1)) == {2: "different", 3: "different"}
    assert dict(judgements.partners(3)) == {1: "different"}
    assert [judgements.pinned(mention) for mention in (A, B, C)] == [True, False, False]


def test_taking_back_a_split_by_any_of_its_pairs_takes_back_all_of_it():
    judgements = split_off()
    assert judgements.concerned([(C, A, "undone")]) == {A, B, C}
    judgements.say([(C, A, "undone")])
    assert judgements.names() == []
    assert not judgements.pinned(A)


def test_acts_are_numbered_as_they_came_and_each_knows_by_which_it_was_taken_back():
    judgements = split_off()
    judgements.say([(B, C, "unsure")])
    assert {number: set(pair) for pair, _, number in judgements.standing() if A not in pair} == {1: {B, C}}
    judgements.say([(C, A, "undone")])
    assert list(judgements.standing()) == [((B, C), "unsure", 1)]
    assert [judgements.taken_back_by(act) for act in (0, 1)] == [2, None]


def test_a_later_answer_about_one_pair_of_a_split_leaves_the_others():
    judgements = split_off()
    judgements.say([(A, B, "same")])
    assert dict(judgements.partners(1)) == {2: "same", 3: "different"}
    judgements.say([(A, C, "undone")])
    assert dict(judgements.partners(1)) == {2: "same"}


def test_one_of_several_mentions_in_a_profile_leaves_and_the_others_stay_known():
    judgements = Judgements([[(A, B, "apart"), (A, C, "apart")]])
    judgements.lives(A, 1)
    judgements.lives(B, 2)
    judgements.lives(C, 2)
    judgements.leaves(B)
    assert dict(judgements.partners(2)) == {1: "different"}
    judgements.leaves(C)
    assert dict(judgements.partners(2)) == {}
    assert dict(judgements.partners(1)) == {}


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


def test_two_who_stand_alone_by_nature_are_parted_at_once(here):
    """To be judged gives neither another profile, and neither is the one that the entity is named after."""
    here.person(name="符玮强", phones=[PHONE])
    one, other = here.people([{"phones": [PHONE]}] * 2)
    assert here.together(one, other)
    here.judge(one, other, "different")
    assert here.apart(one, other)


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


# --- split in the store -----------------------------------------------------------------------------------


def one_phone(here, count=4):
    """One profile of many mentions, and so one entity."""
    return here.people([{"name": "符玮强", "phones": [PHONE]}] * count)


def test_what_is_split_off_is_somebody_else_and_the_rest_stays_one(here):
    first, second, third, fourth = one_phone(here)
    here.split([second, third], [first, fourth])
    assert here.groups() == {frozenset({first, fourth}), frozenset({second, third})}


def test_a_split_pins_nothing_of_the_rest(here):
    mentions = one_phone(here)
    before = here.profiles()
    here.split(mentions[:1], mentions[1:])
    assert here.profiles() - before == 1


def test_who_comes_later_and_fits_both_sides_does_not_rejoin_them(here):
    first, second, third, _ = mentions = one_phone(here)
    here.split([second], [each for each in mentions if each != second])
    here.people([{"name": "符玮强", "phones": [PHONE], "gender": "male"}] * 3)
    assert here.apart(first, second)
    here.restart()
    here.person(name="符伟强", phones=[PHONE])
    assert here.apart(second, third)


def test_two_that_never_share_a_profile_are_split_too(here):
    """Bare names stand alone without being pinned: that they are judged now is all that changes."""
    mentions = here.people({"name": "符玮强", "hukou": hukou} for hukou in ("460106", "460106", "460106"))
    for other in mentions[1:]:
        here.judge(mentions[0], other, "same")
    assert here.together(*mentions)
    here.split(mentions[2:], mentions[:2])
    assert here.apart(mentions[0], mentions[2])
    assert here.together(*mentions[:2])


def test_a_split_holds_while_any_of_the_rest_lives(here):
    first, second, third, fourth = one_phone(here)
    here.split([second], [first, third, fourth])
    for gone in (first, third):
        here.withdraw(gone)
        assert here.apart(second, fourth)
    here.person(fourth.partition("/")[2].partition("#")[0], revision=2, name="符玮强", phones=[PHONE])
    assert here.apart(second, fourth)


def test_a_split_speaks_of_nobody_who_came_later_when_the_rest_is_gone_and_again_when_it_is_back(here):
    out, stays = one_phone(here, 2)
    here.split([out], [stays])
    earlier = here.person(name="符玮强", phones=[PHONE], reported_at="2019-06-01T10:00:00+08:00")
    assert here.together(stays, earlier)
    assert here.apart(out, earlier)
    here.withdraw(stays)
    assert here.together(out, earlier)
    back = {"revision": 2, "reported_at": "2023-11-15T12:00:00+08:00"}
    here.person(stays.partition("/")[2].partition("#")[0], name="符玮强", phones=[PHONE], **back)
    assert here.apart(out, stays)
    assert here.together(stays, earlier)


def test_taking_back_a_split_joins_all_again(here):
    first, second, third, fourth = one_phone(here)
    here.judge(first, second, "same")
    here.split([second, third], [first, fourth])
    here.judge(fourth, third, "undone")
    assert here.together(first, second, third, fourth)
    here.judge(first, second, "undone")
    assert here.together(first, second, third, fourth)


def test_an_accepted_pair_that_was_split_is_one_again_when_the_split_is_taken_back(here):
    one, other = here.person(name="符玮强"), here.person(name="陈明亮")
    here.judge(one, other, "same")
    here.split([other], [one])
    assert here.apart(one, other)
    here.restart()
    here.judge(one, other, "undone")
    assert here.together(one, other)
