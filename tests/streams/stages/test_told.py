"""Deals that a tip's text tells become claims, beside what its fields say; what is not sure becomes none."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from streams.stages.extract import extract
from streams.stages.told import dealings
from streams.text.tips.reader import read_tip
from tests.streams.stages.said import Said, enriched

PAID = "林海生收了符小满900元"
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


def test_nobody_is_taken_for_a_person_of_the_record_by_a_mask():
    masked = [{"ref": "a", "name": "符某某"}, {"ref": "b", "name": "林海生"}]
    assert supplied(Said(persons=masked, text="符某某把冰毒卖给林海生")) == []


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


def test_a_payment_told_plainly_is_claimed_and_no_hearsay_of_one():
    said = Said(text=f"{PAID}。后来符小满拿走5克冰毒")
    (claim,) = said.claims("paid")
    people = [mention.features.name for mention in said.derived.mentions if mention.features]
    assert (people[claim.subject], people[claim.object]) == ("符小满", "林海生")
    assert (claim.basis, claim.amount) == ("text", 900.0)
    assert Said(text=f"听说{PAID}。后来符小满拿走5克冰毒").claims("paid") == []


@pytest.mark.parametrize("text", [PAID, f"{PAID}学费。符小满卖冰毒", f"{PAID}的快递。符小满卖冰毒"])
def test_money_for_something_else_or_where_no_drug_is_spoken_of_is_no_payment(text):
    assert Said(text=text).claims("paid") == []


def test_a_payment_that_a_field_states_is_not_claimed_again():
    relation = {"from": "a", "to": "b", "kind": "paid"}
    said = Said(persons=PEOPLE, relations=[relation], text=f"{PAID}。后来符小满拿走5克冰毒")
    assert [claim.basis for claim in said.claims("paid")] == ["relation"]


@pytest.mark.parametrize(
    ("text", "kind"), [("林海生给符小满打工", "works_for"), ("林海生帮符小满送冰毒", "carried_for")]
)
def test_working_and_carrying_are_drawn_where_a_rule_reads_them_and_they_are_sure(text, kind):
    reading = read_tip(text)
    sure = replace(reading, deals=tuple(replace(each, plain=True) for each in reading.deals))
    judged = replace(sure, deals=tuple(replace(each, rule="") for each in sure.deals))
    assert (kind in dict(dealings(sure)), list(dealings(reading)), list(dealings(judged))) == (True, [], [])


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


@pytest.mark.parametrize(
    "text",
    [
        "说符小满卖冰毒给林海生纯属污蔑",
        "谁说符小满卖冰毒给林海生了",
        "符小满把冰毒卖给林海生这件事没人相信",
        "符小满卖冰毒给林海生，法院判无罪",
        "符小满卖冰毒给林海生❌",
        "符小满卖冰毒给林海生。以上内容是我瞎编的",
        "符小满卖冰毒给林海生。符小满没有卖冰毒给林海生",
        "符小满卖冰毒给林海生。也卖给陈大勇，后来查清没有",
        "我老婆说符小满把冰毒卖给林海生",
        "陈大勇说符小满把冰毒卖给林海生",
        "微信群里有人发消息：符小满把冰毒卖给林海生",
        "“符小满把冰毒卖给林海生”，这是陈大勇的原话",
        "符小满：“林海生把冰毒卖给陈大勇”",
        "我做梦梦见符小满把冰毒卖给林海生",
        "符小满何时把冰毒卖给林海生",
        "符小满将卖冰毒给林海生",
        "2029年6月符小满把冰毒卖给林海生",
        "为了抓符小满，安排把冰毒卖给林海生",
        "符小满向林海生打听哪里买冰毒",
        "符小满向林海生买冰毒被骗了3000元",
        "符小满卖给林海生的是盐，不是冰毒",
    ],
)
def test_doubt_in_words_that_no_list_has_makes_no_claim(text):
    assert supplied(Said(text=text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "符小满的哥哥把冰毒卖给林海生",
        "符小满的司机向林海生买冰毒",
        "符小满把冰毒卖给林海生的弟弟",
        "符小满家附近的人把冰毒卖给林海生",
        "符小满家的保姆把冰毒卖给林海生",
        "符小满认识的人把冰毒卖给林海生",
        "林海生，符小满的邻居，卖冰毒给陈大勇",
        "符小满拿林海生的钱去买冰毒",
        "符小满送林海生去买冰毒",
        "符小满跟林海生去陈大勇家买冰毒",
        "符小满冒用林海生的名字卖冰毒给陈大勇",
        "符小满或陈大勇把冰毒卖给林海生",
        "符小满给林海生卖冰毒",
        "符小满举报卖冰毒给林海生的人",
        "符小满住在三亚。上述人员向林海生出售冰毒",
        "林海生把符小满卖给他的冰毒扔了",
        "昨晚在符小满家里卖冰毒给林海生",
        "晚上9点许燕蔓卖冰毒给林海生",
        "符小满卖给陈天一些冰毒",
        "我把符小满的冰毒卖给林海生",
        "符小满司机卖冰毒给林海生",
        "符小满、陈大勇先后卖冰毒给林海生、王小明",
    ],
)
def test_what_somebody_else_did_is_not_claimed_of_who_is_named_beside_it(text):
    assert supplied(Said(text=text)) == []


@pytest.mark.parametrize(
    "buyer",
    ["游客", "干部", "小老板", "大佬", "阿公", "高三学生", "夜总会", "老顾客", "林警官", "那大镇的人"],
)
def test_what_people_are_is_nobody_by_name(buyer):
    assert supplied(Said(text=f"符小满把冰毒卖给{buyer}")) == []


@pytest.mark.parametrize(
    "text",
    [
        "民警同志，我亲眼看到符小满在三亚市把5克冰毒卖给林海生，收了900元。谢谢",
        "2019年6月1日符小满将冰毒卖给了林海生",
        "我要举报符小满多次卖冰毒给林海生",
        "符小满总是卖一些冰毒给林海生",
        "林海生经常从符小满那里买冰毒",
        "符小满卖冰毒给林海生。符小满又卖冰毒给林海生",
    ],
)
def test_a_sentence_that_is_understood_whole_is_claimed(text):
    assert supplied(Said(text=text)) == [("符小满", "林海生")]


def test_what_was_not_understood_whole_is_kept_for_people_to_read():
    said = Said(text="符小满的哥哥把冰毒卖给林海生")
    assert "asserted sold_to: 符小满 → 林海生" in statements(said)


# --- what waits for a person ------------------------------------------------------------------------------

UNSURE = "符小满的哥哥把5克冰毒卖给林海生"


def waiting(text, **fields):
    """Supplier and recipient of what waits, in the words of the text."""
    found = Said(text=text, **fields).derived.waiting
    return [(text[slice(*each.supplier)], text[slice(*each.recipient)]) for each in found]


def test_what_is_stated_and_not_understood_whole_waits_and_mentions_nobody():
    said = Said(text=UNSURE)
    (one,) = said.derived.waiting
    assert (UNSURE[one.start : one.end], one.key, one.score) == (UNSURE, "text@0-13", one.score)
    assert (one.substance, one.quantity, one.unit) == ("methamphetamine", 5.0, "克")
    assert said.derived.mentions == said.derived.claims == ()


@pytest.mark.parametrize(
    "text",
    [
        "听说符小满把冰毒卖给林海生",
        "符小满没有把冰毒卖给林海生",
        "符小满的哥哥把冰毒卖给林海生。符小满没有卖冰毒给林海生",
        "符小满的哥哥2029年6月把冰毒卖给林海生",
        "姓陈的把冰毒卖给林海生的弟弟",
        "符小满把冰毒卖给林海生",
        "符小满把冰毒卖给林海生。我老婆说符小满把冰毒卖给林海生",
    ],
)
def test_what_is_no_fact_denied_to_come_of_nobody_or_claimed_already_does_not_wait(text):
    assert waiting(text) == []


def test_what_a_field_states_does_not_wait():
    relation = {"from": "a", "to": "b", "kind": "supplied"}
    assert waiting(UNSURE, persons=PEOPLE, relations=[relation]) == []
    assert waiting(UNSURE, persons=PEOPLE) == [("符小满", "林海生")]


def test_who_may_be_one_of_several_does_not_wait():
    twins = [{"ref": "a", "name": "符小满"}, {"ref": "b", "name": "符小满"}]
    assert waiting(UNSURE, persons=twins) == []


def test_of_the_same_two_one_delivery_waits_the_surest():
    text = "符小满的哥哥把冰毒卖给林海生。昨天傍晚符小满家的人又把冰毒塞给林海生的弟弟"
    (one,) = Said(text=text).derived.waiting
    told = [each for each in read_tip(text).deals if each.kind in ("sold_to", "supplied")]
    assert one.score == max(each.score for each in told if each.status == "asserted")


def test_only_what_is_confirmed_is_claimed_and_the_rest_of_the_record_stays():
    text = "我老婆说符小满把冰毒卖给林海生。我老婆说林海生把冰毒卖给陈大勇。电话13800001234"
    record = enriched(text=text, persons=PEOPLE)
    alone = extract(record)
    first, second = alone.waiting
    both = extract(record, frozenset((first.key, second.key)))
    one = extract(record, frozenset((second.key, "text@0-1")))
    assert (one.waiting, both.waiting) == (alone.waiting, alone.waiting)
    assert [claim.key for claim in one.claims if claim.basis == "text"] == [second.key]
    assert len(both.claims) == len(one.claims) + 1 == len(alone.claims) + 2
    assert one.mentions[: len(PEOPLE)] == alone.mentions[: len(PEOPLE)]
    (drawn,) = (claim for claim in one.claims if claim.basis == "text")
    assert drawn.confidence == record.confidence
    assert extract(record) == alone
