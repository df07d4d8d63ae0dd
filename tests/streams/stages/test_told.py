"""Deals that a tip's text tells become claims, beside what its fields say; what is not sure becomes none."""

from __future__ import annotations

import pytest

from tests.streams.stages.said import Said

PEOPLE = [{"ref": "a", "name": "符小满"}, {"ref": "b", "name": "林海生", "aliases": ["阿海"]}]


def supplied(said):
    """(from, to) of the claims on text, by ref or by the words of the text."""

    def end(index):
        mention = said.derived.mentions[index]
        return mention.ref or mention.features.name or mention.features.aliases[0]

    return [(end(c.subject), end(c.object)) for c in said.claims("supplied") if c.basis == "text"]


def statements(said):
    return [found.value for found in said.derived.read if found.type == "statement"]


def test_a_delivery_that_only_the_text_tells_is_claimed_with_what_and_when():
    said = Said(
        text="2019年6月1日，符小满把5克冰毒卖给林海生，收了900元", grade={"source": "B", "information": 2}
    )
    (claim,) = said.claims("supplied")
    assert supplied(said) == [("符小满", "林海生")]
    assert (claim.substance, claim.quantity, claim.unit) == ("methamphetamine", 5.0, "克")
    assert claim.earliest is not None


def test_what_a_text_tells_is_less_sure_than_what_a_field_says():
    relation = {"from": "a", "to": "b", "kind": "supplied"}
    (by_field,) = Said(persons=PEOPLE, relations=[relation]).claims("supplied")
    (by_text,) = Said(persons=PEOPLE, text="符小满把冰毒卖给林海生").claims("supplied")
    assert by_text.confidence < by_field.confidence


def test_people_of_the_text_are_those_of_the_fields_where_name_or_alias_agree():
    said = Said(persons=PEOPLE, text="符小满把冰毒卖给阿海")
    assert supplied(said) == [("a", "b")]
    assert len(said.derived.mentions) == 2


def test_a_name_that_two_people_of_the_record_have_is_nobody():
    twins = [{"ref": "a", "name": "符小满"}, {"ref": "b", "name": "符小满"}]
    assert supplied(Said(persons=twins, text="符小满把冰毒卖给林海生")) == []


def test_what_a_field_states_is_not_claimed_again_from_the_text():
    relation = {"from": "a", "to": "b", "kind": "supplied"}
    said = Said(persons=PEOPLE, relations=[relation], text="符小满把冰毒卖给林海生")
    assert [claim.basis for claim in said.claims("supplied")] == ["relation"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("听说符小满把冰毒卖给林海生", "hearsay"),
        ("符小满没有把冰毒卖给林海生", "denied"),
        ("符小满准备把冰毒卖给林海生", "planned"),
        ("符小满是不是把冰毒卖给林海生？", "asked"),
    ],
)
def test_what_is_not_told_as_a_fact_is_no_claim_and_is_kept_for_people_to_read(text, status):
    said = Said(text=text)
    assert said.claims("supplied") == []
    assert f"{status} sold_to: 符小满 → 林海生" in statements(said)


def test_somebody_of_whom_only_the_surname_is_said_is_nobody():
    said = Said(text="姓陈的把冰毒卖给林海生")
    assert supplied(said) == []


def test_the_text_of_a_seizure_is_no_tip():
    said = Said("seizure", text="符小满把冰毒卖给林海生")
    assert said.claims("supplied") == []


def test_a_nickname_of_the_text_is_an_alias_and_has_its_place():
    text = "阿强把冰毒卖给林海生"
    said = Said(text=text)
    (nick,) = [m for m in said.derived.mentions if m.features and m.features.aliases]
    assert nick.features.name == ""
    assert text[slice(*nick.span)] == "阿强"
