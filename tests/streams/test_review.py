"""Which pairs wait for a person, and why two are one or not."""

from __future__ import annotations

import pytest

from graph.sqlite.reader import SqliteReader
from schemas.errors import Ambiguous, NotFound, UsageError
from streams.resolve.model import LINK, REVIEW
from streams.review import Inspector
from tests.streams.resolve.who import town

PHONE, OTHER = "13876543210", "13898765432"


@pytest.fixture
def here():
    with town() as made:
        yield made


def inspector(here):
    return Inspector(here.owner.connection, SqliteReader(here.owner.connection))


def waiting(here, limit=50):
    return [{pair["a"], pair["b"]} for pair in inspector(here).review(limit)]


def brothers(here, phone=PHONE, **fields):
    """Two who differ in one character of the given name: a question for a person."""
    return here.people({"name": name, "phones": [phone]} | fields for name in ("符国强", "符国明"))


# --- review -----------------------------------------------------------------------------------------------


def test_a_pair_that_may_be_one_waits_with_the_reasons_for_and_against(here):
    one, two = brothers(here)
    (pair,) = inspector(here).review()
    assert (pair["a"], pair["b"]) == (one, two)
    assert REVIEW <= pair["bits"] < LINK
    assert {each["feature"] for each in pair["evidence"]} == {"phone", "name"}
    assert [each["label"] for each in pair["entities"]] == ["符国强", "符国明"]
    assert len({each["id"] for each in pair["entities"]}) == 2
    assert not pair["exclusive"]


def test_what_is_joined_or_has_nothing_in_common_does_not_wait(here):
    here.people({"name": "符玮强", "phones": [PHONE]} for _ in range(2))
    here.person(name="陈明亮")
    assert waiting(here) == []


def test_the_likeliest_pair_comes_first_and_the_list_ends_at_the_limit(here):
    less = brothers(here)
    more = brothers(here, OTHER, gender="male")
    assert waiting(here) == [set(more), set(less)]
    assert waiting(here, 1) == [set(more)]


def test_two_people_wait_once_however_many_profiles_they_have(here):
    for gender in ("male", "unknown"):
        brothers(here, gender=gender)
    assert len(here.groups()) == 2
    (pair,) = inspector(here).review()
    assert any(each["feature"] == "gender" for each in pair["evidence"]), "the likeliest of their pairs"


@pytest.mark.parametrize("verdict", ["same", "different", "unsure"])
def test_an_answered_pair_leaves_the_list_and_comes_back_when_the_answer_is_taken_back(here, verdict):
    pair = brothers(here)
    here.judge(*pair, verdict)
    assert waiting(here) == []
    here.judge(*reversed(pair), "undone")
    assert waiting(here) == [set(pair)]


def test_an_answer_about_one_of_their_mentions_is_an_answer_about_both_people(here):
    pairs = [brothers(here, gender=gender) for gender in ("male", "unknown")]
    here.judge(pairs[1][0], pairs[0][1], "different")
    assert waiting(here) == []


def test_answers_about_others_or_about_what_is_gone_leave_a_pair_waiting(here):
    pair = brothers(here)
    here.judge("made-up/none#x", pair[0], "different")
    stranger = here.person(name="陈明亮")
    here.judge(stranger, pair[0], "different")
    assert waiting(here) == [set(pair)]


def test_a_withdrawn_mention_no_longer_waits(here):
    pair = brothers(here)
    here.withdraw(pair[0])
    assert waiting(here) == []


# --- explain ----------------------------------------------------------------------------------------------


def test_two_mentions_that_are_one_are_explained_by_what_they_share(here):
    one, two = here.people({"name": name, "phones": [PHONE]} for name in ("符玮强", "符伟强"))
    why = inspector(here).explain(one, two)
    assert why["same"] is True
    assert why["best"] == [one, two]
    assert why["bits"] >= why["link_from"] == LINK
    assert [(each["feature"], each["why"]) for each in why["evidence"]] == [
        ("phone", "same phone"), ("name", "same sound"),
    ]  # fmt: skip
    assert why["judgements"] == []
    assert "note" not in why


def test_two_mentions_that_are_not_one_are_explained_by_what_speaks_against(here):
    one, two = here.people(
        {"name": "王伟", "birth_date": birth, "phones": [PHONE]} for birth in ("1990-03-07", "1965-11-21")
    )
    here.judge(one, two, "different")
    why = inspector(here).explain(one, two)
    assert why["same"] is False
    assert {each["feature"]: each["bits"] for each in why["evidence"]}["birth"] < 0
    assert why["judgements"] == [
        {"a": one, "b": two, "verdict": "different", "by": "王警官", "because": "核对"}
    ]


def test_two_who_would_be_one_but_for_a_judgement_are_explained(here):
    one, two = here.people({"name": name, "phones": [PHONE]} for name in ("符玮强", "符伟强"))
    here.judge(one, two, "different")
    why = inspector(here).explain(one, two)
    assert why["same"] is False
    assert why["bits"] >= LINK
    assert why["note"].startswith("a judgement")


def test_two_who_share_what_a_crowd_shares_are_explained(here):
    one, two = here.people({"name": name, "phones": [PHONE]} for name in ("符玮强", "符伟强"))
    here.people(
        {"name": name, "phones": [PHONE]}
        for name in ("陈明亮", "王建国", "林小满", "李秀英", "张伟", "黄美玲", "吴天佑")
    )
    why = inspector(here).explain(one, two)
    assert why["same"] is False
    assert why["note"] == "what they share is carried by too many people who cannot be one"


@pytest.mark.parametrize("more", [{"gender": "female"}, {"address": "海口市龙华区金龙路1号"}])
def test_two_that_score_enough_but_never_meet_are_explained(here, more):
    born = {"birth_date": "1985-03-02"}
    one, two = here.people({"name": name} | born | more for name in ("林某某", "林小满"))
    why = inspector(here).explain(one, two)
    assert why["bits"] >= REVIEW
    assert waiting(here) == []
    assert why["note"] == "no block brings them together"


def test_a_pair_that_waits_for_a_person_needs_no_note(here):
    assert "note" not in inspector(here).explain(*brothers(here))


def test_white_space_around_a_mention_does_not_make_it_another(here):
    one, two = brothers(here)
    assert inspector(here).explain(f" {one} ", two)["best"] == [one, two]


def test_a_message_does_not_repeat_the_name_or_number_that_was_typed(here):
    here.people({"name": "王伟", "phones": [phone]} for phone in (PHONE, OTHER))
    phone = SqliteReader(here.owner.connection).public_id(_phone(here))
    for typed in ("13800001234", "王伟", phone):
        with pytest.raises((NotFound, UsageError)) as caught:
            inspector(here).explain(typed)
        assert typed not in str(caught.value)


def test_two_id_numbers_are_explained_as_exclusive(here):
    one, two = here.people(
        {"name": "王伟", "id_number": number} for number in ("460106199003070031", "460106199003070058")
    )
    why = inspector(here).explain(one, two)
    assert not why["same"]


def test_mentions_with_equal_features_are_one_profile(here):
    one, two = here.people({"name": "符玮强", "phones": [PHONE]} for _ in range(2))
    assert inspector(here).explain(one, two)["why"] == "both are mentions with equal features: one profile"


def test_a_person_and_a_vehicle_are_of_different_types(here):
    one, two = here.person(name="符玮强"), here.vehicle(plate="琼A12345")
    assert inspector(here).explain(one, two)["why"] == "they are of different types"


def test_an_entity_is_explained_by_the_best_link_of_each_of_its_profiles(here):
    mentions = here.people({"name": name, "phones": [PHONE]} for name in ("符玮强", "符伟强", "符苇强"))
    here.judge(mentions[0], mentions[1], "same")
    why = inspector(here).explain(mentions[2])
    assert why == inspector(here).explain(why["entity"])
    assert why["label"] in ("符玮强", "符伟强", "符苇强")
    assert why["profiles"] == 3
    assert len(why["links"]) == 2
    assert {link["b"] for link in why["links"]} | {why["links"][0]["a"]} == set(mentions)
    assert all(link["bits"] >= LINK for link in why["links"])
    assert [each["verdict"] for each in why["judgements"]] == ["same"]


def test_two_entities_are_compared_by_their_best_pair(here):
    ones = here.people({"name": "符国强", "phones": [phone]} for phone in (PHONE, OTHER))
    here.judge(*ones, "same")
    two = here.person(name="符国明", phones=[OTHER])
    entities = [inspector(here).explain(mention)["entity"] for mention in (ones[0], two)]
    assert inspector(here).explain(*entities)["best"] == [ones[1], two]


def test_mentions_of_a_text_are_named_by_their_place(here):
    from tests.streams.made_up import tip

    here.put([tip("t", text="有人开琼A12345送货"), tip("u", text="琼A12345又来了")])
    assert inspector(here).explain("made-up/t#@3-10", "made-up/u#@0-7")["same"] is True


def test_nobody_several_and_a_bare_number_are_told_apart(here):
    here.people({"name": "王伟", "phones": [phone]} for phone in (PHONE, OTHER))
    with pytest.raises(NotFound, match="nothing known fits"):
        inspector(here).explain("made-up/none#x")
    with pytest.raises(Ambiguous) as caught:
        inspector(here).explain("王伟")
    assert len(caught.value.candidates) == 2
    with pytest.raises(UsageError, match="is named by its value"):
        inspector(here).explain(SqliteReader(here.owner.connection).public_id(_phone(here)))


def _phone(here):
    return -here.owner.connection.execute("SELECT v FROM value WHERE value = ?", (PHONE,)).fetchone()[0]


def test_refusals_are_listed_oldest_first_without_what_was_refused(here):
    from tests.streams.made_up import numbered, tip

    here.owner.ingest(numbered([b"\xff", b"no json", tip(9, purpose="health")]))
    found = list(inspector(here).refusals())
    assert [each.reason for each in found] == ["encoding", "json", "purpose"]
    assert [each.origin.line for each in found] == [1, 2, 3]
    assert found[2].record == "made-up/9"
    assert found[0].record is None
