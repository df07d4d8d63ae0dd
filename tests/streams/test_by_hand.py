"""Splitting and merging by hand, and taking it back: what hangs on what, and what cannot be."""

from __future__ import annotations

import pytest

from graph.export import canonical
from graph.sqlite.reader import SqliteReader
from schemas.errors import Ambiguous, NotFound, UsageError
from streams import by_hand
from streams.by_hand import Hand
from streams.said import Word
from tests.streams.made_up import RECEIVED, record
from tests.streams.resolve.who import town

PHONE, OTHER = "13876543210", "13898765432"
PHONE_OWNER = "符玮强"
ID_NUMBERS = ("46010619900307003X", "460106199003070056")
WORD = Word(by="王警官", because="核对", at=RECEIVED)


@pytest.fixture
def here():
    with town() as made:
        yield made


def hand(here):
    return Hand(here.owner.connection, SqliteReader(here.owner.connection))


def split(here, who, *mentions):
    here.owner.judge(hand(here).split(who, mentions, WORD))


def merge(here, a, b):
    merged = hand(here).merge(a, b, WORD)
    here.owner.judge(merged.judgement)
    return merged


def undo(here, a, b):
    here.owner.judge(hand(here).undo(a, b, WORD))


def entity(here, mention):
    reader = SqliteReader(here.owner.connection)
    return reader.public_id(*reader.resolve(mention))


def exported(here):
    return list(canonical(SqliteReader(here.owner.connection)))


def one_phone(here, count=4):
    return here.people([{"name": "符玮强", "phones": [PHONE]}] * count)


# --- split ------------------------------------------------------------------------------------------------


def test_mentions_are_taken_out_of_an_entity_that_is_named_as_people_do(here):
    first, second, third, fourth = one_phone(here)
    split(here, PHONE_OWNER, second, f" {third} ", second)
    assert here.groups() == {frozenset({first, fourth}), frozenset({second, third})}


def test_those_who_are_split_off_stay_together_though_only_the_rest_tied_them(here):
    one = here.person(name="符玮强", phones=[PHONE])
    two = here.person(name="符玮强", wechat=["wx_made_up"])
    tie = here.person(name="符玮强", phones=[PHONE], wechat=["wx_made_up"])
    split(here, tie, one, two)
    assert here.groups() == {frozenset({one, two}), frozenset({tie})}


def test_a_split_that_is_taken_back_leaves_what_was_there_before(here):
    mentions = one_phone(here)
    before = exported(here)
    split(here, PHONE_OWNER, *mentions[:2])
    assert exported(here) != before
    undo(here, mentions[3], mentions[0])
    assert exported(here) == before
    with pytest.raises(NotFound, match="nothing that anybody said"):
        undo(here, mentions[3], mentions[0])


def test_a_split_is_taken_back_by_the_ids_of_the_two_that_it_made(here):
    mentions = one_phone(here)
    before = exported(here)
    split(here, PHONE_OWNER, mentions[1])
    undo(here, entity(here, mentions[1]), entity(here, mentions[0]))
    assert exported(here) == before


def test_one_can_be_split_off_after_another(here):
    mentions = one_phone(here)
    for mention in mentions[:3]:
        split(here, mentions[3], mention)
    assert here.apart(*mentions)
    undo(here, mentions[0], mentions[1])
    assert here.groups() >= {frozenset({mention}) for mention in mentions[2:3]}


@pytest.mark.parametrize(
    ("mentions", "error", "says"),
    [
        (["made-up/none#x"], NotFound, "mention 1 of those to split off is not known"),
        (["made-up/r1#x", "made-up/r4#x"], UsageError, "mention 2 of those to split off is not a live one"),
        (["made-up/r1#x", "made-up/r2#x", "made-up/r3#x"], UsageError, "all the mentions"),
    ],
)
def test_what_cannot_be_split_off_is_said(here, mentions, error, says):
    one_phone(here, 3)
    here.person(name="陈明亮")
    with pytest.raises(error, match=says) as caught:
        hand(here).split(PHONE_OWNER, mentions, WORD)
    assert not any(mention in str(caught.value) for mention in mentions)


def test_a_number_or_several_of_a_name_are_not_split(here):
    here.people({"name": "王伟", "phones": [phone]} for phone in (PHONE, OTHER))
    with pytest.raises(Ambiguous):
        hand(here).split("王伟", ["made-up/r1#x"], WORD)
    reader = SqliteReader(here.owner.connection)
    phone = next(key for key in reader.all_entities() if reader.type_of(key) == "phone")
    with pytest.raises(UsageError, match="what its number says"):
        hand(here).split(reader.public_id(phone), ["made-up/r1#x"], WORD)


def test_a_split_that_would_say_too_much_at_once_is_refused(here, monkeypatch):
    mentions = one_phone(here)
    monkeypatch.setattr(by_hand, "MOST_PAIRS", 7)
    with pytest.raises(UsageError, match="2 of 4 mentions are too many"):
        hand(here).split(PHONE_OWNER, mentions[:2], WORD)
    hand(here).split(PHONE_OWNER, mentions[:1], WORD)


# --- merge ------------------------------------------------------------------------------------------------


def test_two_that_nothing_brings_together_are_merged_whole(here):
    ones = one_phone(here, 2)
    others = here.people([{"name": "陈明亮", "wechat": ["wx_made_up"]}] * 2)
    here.judge(*ones, "same")
    before = exported(here)
    ids = [entity(here, ones[0]), entity(here, others[0])]
    assert not merge(here, *ids).exclusive
    assert here.together(*ones, *others)
    undo(here, *ids)
    assert exported(here) == before


def test_an_entity_is_judged_by_its_earliest_mention_whatever_the_records_are_called(here):
    here.put(
        [
            record("tip", name, persons=[{"ref": "x", "name": "符玮强", "phones": [PHONE]}], reported_at=day)
            for name, day in (("a", "2019-06-05T10:00:00+08:00"), ("b", "2019-06-04T10:00:00+08:00"))
        ]
    )
    other = here.person(name="陈明亮")
    judgement = hand(here).merge("made-up/a#x", other, WORD).judgement
    assert judgement.left == "made-up/a#x", "a mention stands for itself"
    judgement = hand(here).merge("符玮强", other, WORD).judgement
    assert judgement.left == "made-up/b#x"


def test_two_id_numbers_that_differ_are_said_when_their_owners_are_merged(here):
    one, two = here.people({"name": "王伟", "id_number": number} for number in ID_NUMBERS)
    again = here.person(name="王伟", id_number=ID_NUMBERS[1])
    assert merge(here, one, two).exclusive
    assert here.together(one, two, again)
    masked = here.person(name="陈明亮", id_number="460106********003X")
    assert not hand(here).merge(one, masked, WORD).exclusive


def test_a_merge_against_id_numbers_hangs_on_those_who_bear_them_and_leaves_nobody_out(here):
    """Hung on the earliest mentions, that of the second would come over alone."""
    ones = here.people([one := {"name": "王伟", "phones": [PHONE]}, one | {"id_number": ID_NUMBERS[0]}])
    others = here.people([two := {"name": "王伟", "phones": [OTHER]}, two | {"id_number": ID_NUMBERS[1]}])
    assert here.groups() == {frozenset(ones), frozenset(others)}
    merged = merge(here, ones[0], others[0])
    assert (merged.judgement.left, merged.judgement.right) == (ones[1], others[1])
    assert here.together(*ones, *others)
    assert hand(here).left_out(merged) == []
    undo(here, entity(here, ones[0]), entity(here, others[0]))
    assert here.groups() == {frozenset(ones), frozenset(others)}


def test_who_does_not_come_along_with_a_merge_is_said(here):
    ones = here.people([{"name": "王伟", "phones": [PHONE]}, {"name": "王伟", "phones": [PHONE, OTHER]}])
    stranger = here.person(name="陈明亮", wechat=["wx_made_up_1"])
    merged = hand(here).merge(ones[0], stranger, WORD)
    here.owner.judge(merged.judgement)
    here.judge(ones[1], stranger, "different")
    assert hand(here).left_out(merged) == [ones[1]]


def test_those_who_are_one_cannot_be_merged(here):
    mentions = one_phone(here)
    with pytest.raises(UsageError, match="one already"):
        hand(here).merge(*mentions[:2], WORD)


def test_those_whom_a_judgement_keeps_apart_are_merged_when_it_was_taken_back(here):
    mentions = one_phone(here)
    split(here, PHONE_OWNER, mentions[0])
    with pytest.raises(UsageError) as caught:
        hand(here).merge(mentions[0], mentions[1], WORD)
    words = str(caught.value).partition("suyuan review undo ")[2].split()[:2]
    undo(here, *words)
    assert here.together(*mentions)


def test_a_person_and_a_vehicle_are_not_merged(here):
    one, other = here.person(name="符玮强"), here.vehicle(plate="琼A12345")
    with pytest.raises(UsageError, match="never one"):
        hand(here).merge(one, other, WORD)


# --- answers ----------------------------------------------------------------------------------------------


def answer(here, a, b, verdict):
    here.owner.judge(hand(here).answer(a, b, verdict, WORD))


def test_to_accept_one_of_a_split_does_not_tear_another_off_the_rest(here):
    first, second, third = here.people([{"name": "符玮强", "phones": [PHONE]}] * 3)
    split(here, PHONE_OWNER, third)
    for one in (first, entity(here, first)):
        with pytest.raises(UsageError, match="a judgement keeps the two apart"):
            hand(here).answer(one, third, "same", WORD)
    undo(here, first, third)
    assert here.together(first, second, third)


def test_an_answer_about_two_takes_the_place_of_the_last_one_about_them(here):
    first, second = here.people([{"name": "符玮强", "phones": [PHONE]}] * 2)
    answer(here, first, second, "different")
    answer(here, second, first, "same")
    assert here.together(first, second)


def test_what_somebody_said_of_others_of_the_two_is_not_overridden_by_accepting(here):
    ones, others = (
        here.people([{"name": name, "phones": [phone]}] * 2)
        for name, phone in (("符玮强", PHONE), ("陈明亮", OTHER))
    )
    answer(here, ones[1], others[1], "different")
    with pytest.raises(UsageError, match=f"undo {ones[1]} {others[1]}"):
        hand(here).answer(ones[0], others[0], "same", WORD)


def test_two_who_became_one_since_are_parted_by_the_ids_that_they_had(here):
    one, other, more = here.person(name="符玮强"), here.person(name="陈明亮"), here.person(name="陈明")
    ids = [entity(here, each) for each in (one, other)]
    merge(here, more, other)
    merge(here, one, more)
    answer(here, *ids, "different")
    assert here.apart(one, other)


def test_one_and_the_same_is_not_judged_against_itself(here):
    one, other = here.people([{"name": "符玮强", "phones": [PHONE]}] * 2)
    with pytest.raises(UsageError, match="name a mention of each"):
        hand(here).answer(one, entity(here, other), "different", WORD)


# --- undo -------------------------------------------------------------------------------------------------


def test_an_answer_about_a_mention_that_was_withdrawn_can_be_taken_back(here):
    one, other = here.person("a", name="符玮强"), here.person("b", name="陈明亮")
    here.judge(one, other, "same")
    here.withdraw(other)
    undo(here, other, one)
    here.person("b", revision=2, reported_at="2023-11-15T12:00:00+08:00", name="陈明亮")
    assert here.apart(one, other)


def test_an_act_between_two_entities_is_found_by_any_of_their_mentions(here):
    mentions = one_phone(here)
    split(here, PHONE_OWNER, mentions[0])
    later = here.person(name="符玮强", phones=[PHONE])
    undo(here, mentions[0], later)
    assert here.together(later, *mentions)


def test_an_act_about_other_mentions_of_one_entity_is_not_taken_back_for_those_that_were_named(here):
    first, second = one_phone(here, 2)
    other = here.person(name="陈明亮")
    merge(here, first, other)
    with pytest.raises(NotFound, match="nothing that anybody said"):
        hand(here).undo(first, second, WORD)
    undo(here, first, other)
    assert here.apart(first, other)


def test_where_several_acts_stand_between_two_the_mentions_have_to_be_named(here):
    ones = here.people([{"name": "符玮强", "phones": [PHONE]}] * 2)
    others = here.people([{"name": "陈明亮", "phones": [OTHER]}] * 2)
    here.judge(ones[0], others[0], "different")
    here.judge(ones[1], others[1], "unsure")
    with pytest.raises(UsageError, match="2 acts stand between"):
        hand(here).undo("符玮强", "陈明亮", WORD)
    assert hand(here).undo(others[1], ones[1], WORD).verdict == "undone"
