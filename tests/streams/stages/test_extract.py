"""What a record says: mentions, edges, deliveries with basis, confidence and times, lots, leads."""

from __future__ import annotations

import pytest
from hypothesis import given

from schemas.times import instant, iso
from tests.streams.stages.said import Said, enriched, prepared
from tests.streams.worlds import worlds

PEOPLE = [{"ref": "a", "name": "符玮强"}, {"ref": "b", "name": "陈明亮"}]
REPORTED = "2019-06-03T21:14:00+08:00"
SURE = {"grade": {"source": "A", "information": 1}}


def relation(kind, **fields):
    return {"from": "a", "to": "b", "kind": kind} | fields


def told(*relations, kind="tip", **fields):
    return Said(kind, persons=PEOPLE, relations=list(relations), **fields)


def lot(ref="l", substance="笑气", **fields):
    return {"ref": ref, "substance": substance, "quantity": 2, "unit": "公斤"} | fields


def period(claim):
    return tuple(None if end is None else iso(end)[:10] for end in (claim.earliest, claim.latest))


# --- relations --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["supplied", "paid", "called", "carried_for", "works_for", "owns", "related_to", "met"]
)
def test_every_kind_of_relation_is_an_edge_as_it_was_stated(kind):
    said = told(relation(kind, at="2019-05", quantity=3, unit="盒", amount=800, substance="笑气"))
    (claim,) = (c for c in said.claims() if c.key == "relations/0")
    assert said.edges(kind) >= {("a", kind, "b")}
    assert (claim.basis, claim.substance, claim.quantity, claim.unit, claim.amount) == (
        "relation", "nitrous_oxide", 3, "盒", 800,
    )  # fmt: skip
    assert period(claim) == ("2019-05-01", "2019-05-31")


@pytest.mark.parametrize("kind", ["called", "works_for", "owns", "related_to", "met"])
def test_relations_that_move_nothing_are_no_delivery_even_beside_goods(kind):
    assert told(relation(kind), lots=[lot()]).deliveries() == []


def test_relations_may_run_between_any_things_and_not_to_lots_or_oneself():
    said = Said(
        organisations=[{"ref": "o"}],
        venues=[{"ref": "u"}],
        vehicles=[{"ref": "v"}],
        parcels=[{"ref": "k"}],
        lots=[lot()],
        relations=[
            {"from": one, "to": other, "kind": "supplied"}
            for one, other in (("o", "u"), ("v", "k"), ("o", "l"), ("l", "o"), ("o", "o"))
        ],
    )
    assert [pair[:2] for pair in said.deliveries()] == [("o", "u"), ("v", "k")]


# --- deliveries -------------------------------------------------------------------------------------------


def test_a_supplied_relation_is_a_delivery_as_sure_as_its_record():
    said = told(relation("supplied"), **SURE)
    assert said.deliveries() == [("a", "b", "relation")]
    assert said.delivery().confidence == 0.98


def test_a_delivery_without_named_goods_is_of_the_only_goods_of_the_record():
    assert told(relation("supplied"), lots=[lot()]).delivery().substance == "nitrous_oxide"
    assert told(relation("supplied"), lots=[lot(), lot("m", "海洛因")]).delivery().substance is None
    assert told(relation("supplied")).delivery().substance is None
    assert told(relation("supplied", substance="面粉"), lots=[lot()]).delivery().substance is None


@pytest.mark.parametrize(
    ("fields", "factor", "substance"),
    [
        ({"lots": [lot(found_in="k")]}, 0.95, "nitrous_oxide"),
        ({"lots": [lot(found_in="k"), lot("m", "海洛因", found_in="k")]}, 0.95, None),
        ({"lots": [lot()]}, 0.5, None),
        ({}, 0.5, None),
        ({"outcome": "released"}, 0.1, None),
        ({"outcome": "seized"}, 0.5, None),
        ({"outcome": "released", "lots": [lot(found_in="k")]}, 0.95, "nitrous_oxide"),
    ],
)
def test_a_parcel_is_a_delivery_from_sender_to_recipient_as_sure_as_what_was_in_it(fields, factor, substance):
    parcel = {"ref": "k", "sender": "a", "recipient": "b"}
    said = Said("interception", persons=PEOPLE, parcels=[parcel], **fields, **SURE)
    assert said.deliveries() == [("a", "b", "parcel")]
    assert said.delivery().confidence == round(0.98 * factor, 4)
    assert said.delivery().substance == substance
    assert said.edges("sent", "received") == {("a", "sent", "k"), ("b", "received", "k")}


def test_a_parcel_without_sender_or_recipient_is_no_delivery():
    said = Said(persons=PEOPLE, parcels=[{"ref": "k", "sender": "a"}, {"ref": "m", "recipient": "b"}])
    assert said.deliveries() == []
    assert said.edges("sent", "received") == {("a", "sent", "k"), ("b", "received", "m")}


def test_a_parcel_is_under_way_from_when_it_was_sent_until_the_report():
    parcel = {"ref": "k", "sender": "a", "recipient": "b", "sent_at": "2019-05-20"}
    assert period(Said(persons=PEOPLE, parcels=[parcel]).delivery()) == ("2019-05-20", "2019-06-03")
    unreadable = parcel | {"sent_at": "前天"}
    assert period(Said(persons=PEOPLE, parcels=[unreadable]).delivery()) == (None, "2019-06-03")


@pytest.mark.parametrize(
    ("stated", "fields"),
    [({"substance": "笑气"}, {}), ({}, {"lots": [lot()]})],
)
def test_carrying_goods_for_somebody_is_a_delivery_from_him_to_the_carrier(stated, fields):
    said = told(relation("carried_for", quantity=3, unit="盒", amount=500, **stated), **fields, **SURE)
    assert said.edges("carried_for") == {("a", "carried_for", "b")}
    assert said.deliveries() == [("b", "a", "carriage")]
    assert said.delivery().confidence == round(0.98 * 0.8, 4)
    assert said.delivery().substance == "nitrous_oxide"
    assert (said.delivery().quantity, said.delivery().amount) == (3, None), "the fare is no price"


def test_carrying_without_goods_is_no_delivery():
    assert told(relation("carried_for")).deliveries() == []


@pytest.mark.parametrize(
    ("stated", "fields", "substance"),
    [
        ({"substance": "笑气"}, {}, "nitrous_oxide"),
        ({"quantity": 2, "unit": "盒"}, {}, None),
        ({}, {"lots": [lot()]}, "nitrous_oxide"),
        ({"substance": "面粉"}, {"lots": [lot()]}, None),
    ],
)
def test_money_for_goods_is_a_delivery_from_who_was_paid_to_who_paid(stated, fields, substance):
    said = told(relation("paid", amount=800, **stated), **fields, **SURE)
    assert said.edges("paid") == {("a", "paid", "b")}
    assert said.deliveries() == [("b", "a", "payment")]
    assert said.delivery().confidence == round(0.98 * 0.75, 4)
    assert (said.delivery().substance, said.delivery().amount) == (substance, 800)


def test_money_alone_is_no_delivery():
    assert told(relation("paid", amount=800)).deliveries() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"relations": [{"from": "b", "to": "a", "kind": "supplied"}]},
        {"parcels": [{"ref": "k", "sender": "b", "recipient": "a"}]},
        {"relations": [{"from": "a", "to": "b", "kind": "carried_for", "substance": "笑气"}]},
    ],
    ids=["relation", "parcel", "carriage"],
)
def test_a_payment_for_what_the_record_says_was_delivered_is_not_counted_twice(fields):
    paid = relation("paid", substance="笑气", amount=800)
    said = Said(persons=PEOPLE, **fields | {"relations": [paid, *fields.get("relations", [])]})
    assert len(said.deliveries()) == 1
    assert said.edges("paid") == {("a", "paid", "b")}


def test_a_payment_against_a_delivery_the_other_way_round_is_one_of_its_own():
    said = told(relation("supplied"), relation("paid", substance="笑气"))
    assert said.deliveries() == [("a", "b", "relation"), ("b", "a", "payment")]


def test_a_payment_to_a_lot_or_from_oneself_is_none():
    said = Said(
        persons=PEOPLE,
        lots=[lot()],
        relations=[{"from": "a", "to": "l", "kind": "paid"}, {"from": "a", "to": "a", "kind": "paid"}],
    )
    assert said.claims("paid", "supplied") == []


# --- when ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "occurred", "expected"),
    [
        ("2019-05-20", "2019-04", ("2019-05-20", "2019-05-20")),
        (None, "2019-04", ("2019-04-01", "2019-04-30")),
        ("昨晚", "2019-04", ("2019-04-01", "2019-04-30")),
        ({}, "2019-04", ("2019-04-01", "2019-04-30")),
        (None, None, (None, "2019-06-03")),
        ({"to": "2019-05"}, None, (None, "2019-05-31")),
        ({"from": "2019-05"}, None, ("2019-05-01", "2019-06-03")),
        ("2019", None, ("2019-01-01", "2019-06-03")),
        ("2019-07", None, ("2019-06-03", "2019-06-03")),
    ],
)
def test_a_delivery_is_bounded_by_what_was_stated_and_by_the_report(at, occurred, expected):
    fields = {"occurred": occurred} if occurred else {}
    said = told(relation("supplied", **({} if at is None else {"at": at})), **fields)
    assert period(said.delivery()) == expected
    assert said.delivery().latest <= instant(REPORTED)


# --- belongings and surroundings ----------------------------------------------------------------------------


def test_who_drives_owns_and_rides_in_a_vehicle_is_an_edge_once_each():
    said = Said(
        persons=[*PEOPLE, {"ref": "c"}],
        vehicles=[{"ref": "v", "driver": "a", "owner": "b", "passengers": ["c", "b", "c"]}],
    )
    assert sorted(said.edges()) == [
        ("a", "drives", "v"), ("b", "owns", "v"), ("b", "rides_in", "v"), ("c", "rides_in", "v"),
    ]  # fmt: skip
    assert len(said.claims("rides_in")) == 2


def test_numbers_are_values_that_their_people_use():
    said = Said(
        persons=[
            {"ref": "a", "phones": ["13876543210", "138 7654 3210", "138****9999"], "wechat": ["wx_made_up"]},
            {"ref": "b", "phones": ["13876543210"]},
        ]
    )
    assert said.values() == {("phone", "phone", "13876543210"), ("account", "wechat", "wx_made_up")}
    assert said.edges("uses") == {
        ("a", "uses", "13876543210"), ("b", "uses", "13876543210"), ("a", "uses", "wx_made_up"),
    }  # fmt: skip
    assert len(said.derived.mentions) == 4, "one mention of a number, however often it is said"


def test_a_check_is_where_its_people_vehicles_and_parcels_were_seen():
    said = Said(
        "interception",
        checkpoint="秀英港",
        persons=PEOPLE,
        vehicles=[{"ref": "v"}],
        parcels=[{"ref": "k"}],
        venues=[{"ref": "u"}],
    )
    assert said.edges() == {(ref, "seen_at", "haikou-xiuying") for ref in "abvk"}
    assert said.values() == {("place", "checkpoint", "haikou-xiuying")}


def test_a_seizure_is_where_its_people_were_seen_and_a_tip_nowhere():
    said = Said("seizure", persons=PEOPLE, organisations=[{"ref": "o"}], place={"region": "460203"})
    assert said.edges() == {(ref, "seen_at", "460203") for ref in "abo"}
    assert Said(persons=PEOPLE).edges() == set()
    assert Said("interception", persons=PEOPLE).edges() == set()


def test_a_case_involves_the_people_and_things_of_its_records_under_one_number():
    said = Said(case="公安部2019-551号", persons=PEOPLE)
    assert said.edges() == {("a", "involved_in", "2019-551"), ("b", "involved_in", "2019-551")}
    assert said.values() == {("case", "case", "2019-551")}
    assert Said(case="霸王花", persons=PEOPLE).edges("involved_in") == {
        ("a", "involved_in", "霸王花"), ("b", "involved_in", "霸王花"),
    }  # fmt: skip
    assert Said(case="不详", persons=PEOPLE).edges() == set()


# --- lots -------------------------------------------------------------------------------------------------


def test_a_lot_keeps_what_was_weighed_and_says_in_whose_hands_it_was():
    said = Said(
        "seizure",
        persons=PEOPLE,
        vehicles=[{"ref": "v"}],
        lots=[
            lot(held_by="a", found_in="v"),
            lot("m", "冰毒", unit="片", found_in="l"),
            {"ref": "n", "substance": "面粉"},
            lot("o", "笑气", unit="L", form="钢瓶"),
        ],
    )
    first = said.lot("l")
    assert (first.substance, first.quantity, first.unit, first.grams) == ("nitrous_oxide", 2, "公斤", 2000)
    assert (first.holder, first.found_in) == (0, 2)
    pieces = said.lot("m")
    assert (pieces.substance, pieces.grams, pieces.found_in) == ("methamphetamine", None, None)
    assert (said.lot("n").substance, said.lot("n").grams) == (None, None)
    assert said.lot("o").grams is None, "a cylinder's capacity says nothing of what is in it"


# --- text -------------------------------------------------------------------------------------------------

CALL = "电话13876543210，车牌琼A12345，身份证460106199003070113X"


def test_what_a_text_names_too_is_one_with_the_fields():
    said = Said(
        persons=[{"ref": "a", "phones": ["13876543210"]}],
        vehicles=[{"ref": "v", "plate": "琼A12345"}],
        text="机主电话138-7654-3210，开琼A·12345的车",
    )
    assert len(said.derived.mentions) == 3


def test_numbers_that_only_the_text_names_are_mentions_with_their_place():
    text = "有人开琼A12345，电话13876543210，快递单号SF1234567890123"
    said = Said(text=text)
    found = {(m.type, text[slice(*m.span)]) for m in said.derived.mentions}
    assert found == {("vehicle", "琼A12345"), ("phone", "13876543210"), ("parcel", "SF1234567890123")}
    assert all(mention.ref is None for mention in said.derived.mentions)
    vehicle = next(m for m in said.derived.mentions if m.type == "vehicle")
    assert vehicle.features.identifiers[0].value == "琼A12345"


def test_a_number_named_twice_in_a_text_is_one_mention():
    said = Said(text="电话13876543210，再打13876543210，琼A12345，又见琼A12345")
    assert len(said.derived.mentions) == 2


def test_a_hidden_number_in_a_text_is_nobody():
    assert Said(text="电话138****3210").derived.mentions == ()


def test_things_of_the_text_are_in_the_case_of_the_record():
    said = Said(case="2019-551", text="有人开琼A12345送货")
    assert said.edges() == {(str(said.derived.mentions[0].span), "involved_in", "2019-551")}
    (claim,) = said.claims()
    assert claim.key == "@3-10/involved_in"


def test_goods_of_a_text_are_lots_with_what_is_said_of_how_much():
    said = Said(text="他卖海洛因5克")
    (found,) = said.derived.lots
    assert (found.substance, found.quantity, found.unit) == ("heroin", 5.0, "克")
    assert (found.key, found.span) == ("@2-5", (2, 5))


def test_goods_that_fields_and_text_name_are_counted_once():
    said = Said(lots=[lot("l", "海洛因")], text="当场缴获海洛因，又有海洛因，另有冰毒")
    assert [found.substance for found in said.derived.lots] == ["heroin", "methamphetamine"]


# --- leads ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["他家里有冰，还有叶子，电话13876543210", "电话13876543210，听说有毒品", "邮票一张，电话13876543210"],
)
def test_a_slang_word_alone_is_no_lead(text):
    said = Said(text=text)
    assert said.derived.lots == ()
    assert not said.derived.lead


@pytest.mark.parametrize(
    ("fields", "lead"),
    [
        ({"text": "贩毒人员卖冰，电话13876543210"}, True),
        ({"text": "卖海洛因，电话13876543210"}, True),
        ({"text": "有人卖海洛因"}, False),
        ({"persons": PEOPLE, "lots": [lot()]}, True),
        ({"persons": PEOPLE, "lots": [lot(substance="面粉")]}, False),
        ({"persons": PEOPLE, "relations": [relation("supplied")]}, True),
        ({"persons": PEOPLE, "relations": [relation("paid", substance="笑气")]}, True),
        ({"persons": PEOPLE, "relations": [relation("met")]}, False),
        ({"persons": PEOPLE, "parcels": [{"ref": "k", "sender": "a", "recipient": "b"}]}, False),
        ({"case": "2019-551", "lots": [lot()]}, False),
        ({"persons": PEOPLE}, False),
    ],
)
def test_a_lead_names_goods_and_somebody_who_can_be_followed(fields, lead):
    assert Said(**fields).derived.lead is lead


# --- the record as a whole ----------------------------------------------------------------------------------


def test_line_and_flags_are_handed_on():
    assert Said("interception", checkpoint="xuwen-haian").derived.line == 1
    assert Said("interception", checkpoint="某临时卡口").derived.warnings == ("unknown_checkpoint",)


def test_a_weaker_grade_makes_every_claim_of_its_record_weaker():
    weak, strong = (
        told(relation("supplied"), grade={"source": source, "information": 3}).delivery().confidence
        for source in "EA"
    )
    assert weak < strong


@given(worlds(most=2, withdrawals=False))
def test_claims_point_at_mentions_and_no_key_is_there_twice(documents):
    for document in documents:
        fields = {key: value for key, value in document.items() if key not in ("kind", "source_id")}
        derived = prepared(document["kind"], document["source_id"], **fields).derived
        assert all(0 <= end < len(derived.mentions) for c in derived.claims for end in (c.subject, c.object))
        assert len({claim.key for claim in derived.claims}) == len(derived.claims)
        assert all(0 < claim.confidence <= 1 for claim in derived.claims)
        assert all(claim.earliest is None or claim.earliest <= claim.latest for claim in derived.claims)
        assert all(claim.latest is not None for claim in derived.claims)


def test_extraction_says_the_same_every_time():
    fields = {"persons": PEOPLE, "relations": [relation("supplied")], "text": CALL, "case": "2019-551"}
    assert Said(**fields).derived == Said(**fields).derived
    assert enriched(**fields) == enriched(**fields)
