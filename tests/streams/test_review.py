"""Which pairs wait for a person, and what was refused."""

from __future__ import annotations

import pytest

from graph.sqlite.reader import SqliteReader
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


def test_of_a_pair_the_one_that_was_reported_first_comes_first_whichever_came_first(here):
    late, early = (
        here.person(name=name, phones=[PHONE], reported_at=f"2019-06-0{day}T10:00:00+08:00")
        for name, day in (("符国强", 5), ("符国明", 4))
    )
    (pair,) = inspector(here).review()
    assert (pair["a"], pair["b"]) == (early, late)
    assert [each["label"] for each in pair["entities"]] == ["符国明", "符国强"]


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


def test_refusals_are_listed_oldest_first_without_what_was_refused(here):
    from tests.streams.made_up import numbered, tip

    here.owner.ingest(numbered([b"\xff", b"no json", tip(9, purpose="health")]))
    found = list(inspector(here).refusals())
    assert [each.reason for each in found] == ["encoding", "json", "purpose"]
    assert [each.origin.line for each in found] == [1, 2, 3]
    assert found[2].record == "made-up/9"
    assert found[0].record is None
