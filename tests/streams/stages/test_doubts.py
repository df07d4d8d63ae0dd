"""What a text has by hearsay, or denies, weakens what the fields state and is kept as a doubt."""

from __future__ import annotations

import pytest

from tests.streams.stages.said import Said

PEOPLE = [{"ref": "a", "name": "符小满"}, {"ref": "b", "name": "林海生"}, {"ref": "c", "name": "吉雄文"}]
GRADE = {"source": "B", "information": 2}
HEARSAY, DENIED = "听说符小满把冰毒卖给林海生", "符小满没有把冰毒卖给林海生"
FACT = "我看到吉雄文把冰毒卖给林海生"


def told(text, *pairs, kind="supplied"):
    relations = [{"from": one, "to": two, "kind": kind} for one, two in pairs or [("a", "b")]]
    return Said(persons=PEOPLE, relations=relations, text=text, grade=GRADE)


def confidences(said):
    return {claim.key: claim.confidence for claim in said.claims() if claim.basis == "relation"}


def test_a_text_that_says_the_same_or_nothing_of_it_leaves_the_grade():
    for text in ("符小满把冰毒卖给林海生", "符小满和林海生经常见面", "听说路口的灯坏了"):
        assert (told(text).derived.grade, told(text).derived.doubts) == ("B2", ())


@pytest.mark.parametrize(("text", "grade", "doubt"), [(HEARSAY, "B4", "hearsay"), (DENIED, "B5", "denied")])
def test_a_text_that_tells_of_nothing_else_lowers_the_record_s_grade(text, grade, doubt):
    derived = told(text).derived
    assert (derived.grade, derived.doubts) == (grade, (doubt,))


def test_denial_weakens_what_a_field_states_more_than_hearsay():
    sure, heard, denied = (
        told(text).delivery().confidence for text in ("符小满和林海生见面", HEARSAY, DENIED)
    )
    assert sure > heard > denied > 0


def test_only_the_deal_that_is_doubted_is_weaker_where_the_text_states_another():
    said = told(f"{FACT}。{HEARSAY}", ("a", "b"), ("c", "b"))
    assert said.derived.grade == "B2"
    assert said.derived.doubts == ("hearsay",)
    doubted, stated = confidences(said).values()
    assert doubted < stated == pytest.approx(told("", ("c", "b")).delivery().confidence)


def test_what_the_text_states_elsewhere_as_a_fact_is_no_hearsay_but_a_denial_stays_one():
    fact = "我亲眼看到符小满把冰毒卖给林海生"
    assert told(f"{fact}。{HEARSAY}").derived.doubts == ()
    assert told(f"{fact}。{DENIED}").derived.doubts == ("denied",)


def test_other_deeds_than_deliveries_are_doubted_alike():
    said = told("听说符小满帮林海生打工", kind="works_for")
    assert said.derived.doubts == ("hearsay",)
    assert confidences(said)["relations/0"] < confidences(told("", kind="works_for"))["relations/0"]


def test_a_grade_that_is_low_already_stays():
    said = Said(persons=PEOPLE, text=HEARSAY, grade={"source": "E", "information": 5})
    assert said.derived.grade == "E5"


def test_what_follows_from_a_doubted_payment_or_carriage_is_as_weak():
    denial = "我看到吉雄文把冰毒卖给王小明。林海生没有付给符小满900元"
    lots = [{"ref": "l", "substance": "冰毒", "quantity": 5, "unit": "克", "held_by": "b"}]
    paid = [{"from": "b", "to": "a", "kind": "paid", "amount": 900}]
    sure, doubted = (
        Said(persons=PEOPLE, relations=paid, lots=lots, text=text, grade=GRADE).claims()
        for text in ("", denial)
    )
    before, after = (
        {c.key: c.confidence for c in each if c.key.startswith("relations/0")} for each in (sure, doubted)
    )
    assert set(before) == {"relations/0", "relations/0/goods"}
    assert {round(after[key] / before[key], 2) for key in before} == {0.62}


def test_doubts_are_about_whom_the_record_knows_under_whatever_name():
    people = [{"ref": "a", "name": "符小满", "aliases": ["阿满"]}, *PEOPLE[1:]]
    relations = [{"from": "a", "to": "b", "kind": "supplied"}]
    for texts in ((HEARSAY, "阿满把冰毒卖给林海生"), ("阿满把冰毒卖给林海生", HEARSAY)):
        said = Said(persons=people, relations=relations, text="。".join(texts), grade=GRADE)
        assert said.delivery().confidence == told("").delivery().confidence
    for texts in ((HEARSAY, DENIED), (DENIED, HEARSAY)):
        doubted = Said(persons=people, relations=relations, text="。".join(texts), grade=GRADE)
        assert doubted.delivery().confidence < told(HEARSAY).delivery().confidence


def test_a_doubt_is_among_the_flags_that_people_see_of_a_record():
    assert "text_hearsay" in told(HEARSAY).derived.warnings
    assert not [each for each in told(FACT).derived.warnings if each.startswith("text_")]
