"""Deals in text: who to whom, carried over clauses, resolved, split over lists, and how surely."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.text.clauses import parse
from streams.text.deals import read_deals
from streams.text.spans import read_text


def said(text, *statuses):
    """Relations as (kind, from, to), names by the first mention of the person."""
    reading = read_deals(text)

    def name(index):
        return text[slice(*reading.people[reading.same[index]].span)]

    found = []
    for deal in reading.deals:
        if statuses and deal.status not in statuses:
            continue
        of_goods = deal.kind in ("trafficked", "possessed")
        to = text[slice(*reading.substances[deal.object].span)] if of_goods else name(deal.object)
        found.append((deal.kind, name(deal.subject), to))
    return found


def sales(text, *statuses):
    return [(one, two) for kind, one, two in said(text, *statuses) if kind == "sold_to"]


@pytest.mark.parametrize(
    "text",
    [
        "符小满把冰毒卖给林海生",
        "符小满把冰毒卖给吸毒人员林海生",
        "符小满向一名叫林海生的男子贩卖冰毒",
        "符小满在车站卖冰毒给林海生",
        "林海生从符小满那里买冰毒",
        "林海生向符小满购买冰毒5克",
        "林海生跟符小满拿冰毒",
        "林海生吸的冰毒都是符小满卖给他的",
        "符小满是林海生的上家，卖冰毒的",
        "林海生的上家是符小满，卖冰毒",
        "符小滿將冰毒賣給林海生",
    ],
)
def test_seller_and_buyer_are_told_apart_in_any_order_of_words(text):
    assert [(one.replace("滿", "满"), two) for one, two in sales(text, "asserted")] == [("符小满", "林海生")]


def test_a_deal_says_what_how_much_for_how_much_and_when_with_its_places():
    text = "2019年6月3日，阿强在三亚市以300元的价格将5克冰毒卖给了老三"
    (deal,) = [each for each in read_deals(text).deals if each.kind == "sold_to"]
    assert deal.substance is not None
    assert deal.substance.code == "methamphetamine"
    assert (deal.quantity.value, deal.quantity.unit) == (5.0, "克")
    assert deal.amount.yuan == 300.0
    assert deal.time.iso == "2019-06-03"
    assert deal.place.code == "460200"
    assert text[deal.start : deal.end] == "阿强在三亚市以300元的价格将5克冰毒卖给了老三"
    assert 0 < deal.score < 1
    assert deal.rule == "sells to"


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("阿强帮老三运冰毒到海口", ("carried_for", "阿强", "老三")),
        ("阿强受老三指使运输冰毒", ("carried_for", "阿强", "老三")),
        ("阿强是老三的马仔", ("works_for", "阿强", "老三")),
        ("阿强给老三转账3000元", ("paid", "阿强", "老三")),
        ("老三收了阿强3000元", ("paid", "阿强", "老三")),
        ("阿强容留老三在家吸食冰毒", ("sheltered", "阿强", "老三")),
        ("阿强身上带有5克冰毒", ("possessed", "阿强", "冰毒")),
        ("阿强给老三提供冰毒", ("supplied", "阿强", "老三")),
        ("阿强长期贩卖冰毒", ("trafficked", "阿强", "冰毒")),
        ("老三的冰毒由阿强提供", ("supplied", "阿强", "老三")),
        ("老三收到阿强寄来的冰毒", ("supplied", "阿强", "老三")),
        ("老三收了阿强的钱，把冰毒给他", ("supplied", "老三", "阿强")),
        ("阿强家里藏有冰毒", ("possessed", "阿强", "冰毒")),
        ("老三在阿强家中吸食冰毒", ("sheltered", "阿强", "老三")),
        ("老三派阿强把冰毒送到海口", ("carried_for", "阿强", "老三")),
        ("老三雇阿强看店", ("works_for", "阿强", "老三")),
        ("老三是阿强的老大", ("works_for", "阿强", "老三")),
        ("阿强听老三指挥", ("works_for", "阿强", "老三")),
        ("做冰毒买卖的是阿强", ("trafficked", "阿强", "冰毒")),
    ],
)
def test_each_relation_is_read(text, relation):
    assert relation in said(text, "asserted")


def test_the_doer_is_carried_over_clauses_and_sentences():
    text = "阿强从老三处拿5克冰毒，再卖给林海生。后来又卖给王小明"
    assert sales(text) == [("老三", "阿强"), ("阿强", "林海生"), ("阿强", "王小明")]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("林海生住在三亚。他把冰毒卖给王小明", [("林海生", "王小明")]),
        ("林海生在车站上班。该人向王小明出售冰毒", [("林海生", "王小明")]),
        ("林海生开店，其卖冰毒给王小明", [("林海生", "王小明")]),
        ("林海生和阿强是老乡。二人向王小明贩卖冰毒", [("林海生", "王小明"), ("阿强", "王小明")]),
    ],
)
def test_pronouns_mean_who_the_text_was_about(text, pairs):
    assert sales(text) == pairs


def test_lists_are_split_one_by_one_where_the_text_says_so_and_else_all_with_all():
    one_by_one = sales("林海生、王小明分别向阿强、老三购买冰毒")
    assert one_by_one == [("阿强", "林海生"), ("老三", "王小明")]
    assert sales("阿强先后卖冰毒给林海生、王小明") == [("阿强", "林海生"), ("阿强", "王小明")]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("阿强没有把冰毒卖给老三", "denied"),
        ("阿强从来没卖过冰毒给老三", "denied"),
        ("阿强否认向老三出售冰毒", "denied"),
        ("有人乱说阿强卖冰毒给老三，根本没这回事", "denied"),
        ("听说阿强卖冰毒给老三", "hearsay"),
        ("我听说阿强住在三亚。他卖冰毒给老三", "hearsay"),
        ("阿强可能卖冰毒给老三", "hearsay"),
        ("邻居说阿强卖冰毒给老三", "hearsay"),
        ("我不敢确定。阿强卖冰毒给老三", "hearsay"),
        ("阿强卖冰毒给老三，都是听来的", "hearsay"),
        ("要是阿强卖冰毒给老三，请查处", "hearsay"),
        ("并不是阿强卖冰毒给老三", "denied"),
        ("阿强卖冰毒给老三。这事是编的", "denied"),
        ("我以为阿强卖冰毒给老三，其实没有", "denied"),
        ("阿强卖冰毒给老三，是真的吗？", "asked"),
        ("阿强准备把冰毒卖给老三", "planned"),
        ("明天阿强要卖冰毒给老三", "planned"),
        ("阿强是不是卖冰毒给老三？", "asked"),
        ("阿强以前卖过冰毒给老三", "asserted"),
    ],
)
def test_what_is_not_said_as_a_fact_is_read_as_what_it_is(text, status):
    assert {deal.status for deal in read_deals(text).deals if deal.kind == "sold_to"} == {status}


def test_a_denial_of_one_sale_leaves_the_other_a_fact():
    text = "阿强卖冰毒给老三，但没有卖给林海生"
    assert sales(text, "asserted") == [("阿强", "老三")]
    assert sales(text, "denied") == [("阿强", "林海生")]


@pytest.mark.parametrize("text", ["阿强卖水果给老三", "阿强把一辆旧车卖给老三", "阿强在三亚上班", ""])
def test_selling_other_things_is_no_deal(text):
    assert said(text) == []


def test_to_take_somebodys_goods_is_no_handing_over_to_them():
    assert said("阿强拿林海生的冰毒") == []


def test_places_are_places_of_the_text_as_given():
    text = "👮\u200d♀️阿强把２克冰毒賣給林海生"
    reading = read_deals(text)
    (deal,) = [each for each in reading.deals if each.kind == "sold_to"]
    assert text[slice(*reading.people[deal.subject].span)] == "阿强"
    assert text[slice(*deal.quantity.span)] == "２克"


def test_a_name_behind_its_nickname_may_end_the_text():
    text = "符小满卖冰毒给绰号老三的林海生"
    assert [text[slice(*each.span)] for each in read_deals(text).people] == ["符小满", "老三", "林海生"]


_PARTS = "阿强|老三|林海生|陈某某|姓陈的|二人|绰号|人称|名叫|又名|卖给|家里|上家|冰毒|5克|听说|没有|分别"
_SIGNS = "，。：、？（）“”·的他叫是卖买给把将从向处和在我 \n"


@given(st.lists(st.sampled_from([*_PARTS.split("|"), *_SIGNS]), max_size=30).map("".join))
def test_any_words_are_read_without_an_error(text):
    assert read_deals(text).people is not None


@given(st.text(alphabet="阿强林海生卖给冰毒5克，。、和没有听说他二人从处的\n？分别（）·", max_size=80))
def test_any_text_is_read_without_an_error_and_nobody_deals_with_himself(text):
    reading = read_deals(text)
    for deal in reading.deals:
        if deal.kind not in ("trafficked", "possessed"):
            assert reading.same[deal.subject] != reading.same[deal.object]


def test_a_row_of_people_without_end_is_cut_into_rows():
    text = "阿强、" * 200
    (sentence, *_) = parse(text, read_text(text)).sentences
    assert max(len(group.members) for clause in sentence.clauses for group in clause.groups) == 20


def steps(text):
    """Lines of Python that reading the text executes."""
    count = 0

    def trace(_frame, event, _arg):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read_deals(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "阿强卖冰毒给老三",
        "阿强卖冰毒给老三。",
        "阿强、",
        "林海生和",
        "听说没有",
        "（绰号",
        "·阿",
        "陈某",
        "他",
        "卖给",
        "阿强（阿明）",
        "冰毒5克，",
    ],
)
def test_twice_the_text_costs_no_more_than_twice_the_steps(unit):
    read_deals(unit)
    once, twice = (steps(unit * (size // len(unit))) for size in (1500, 3000))
    assert twice < 2.6 * once
