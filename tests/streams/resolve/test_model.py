"""What speaks for two profiles being one, in bits; and what the sum comes to."""

from __future__ import annotations

import pytest

from schemas.decisions import Evidence, Score
from streams.resolve.model import LINK, REVIEW, contradicted, score, self_identifying
from streams.resolve.profiles import Profile
from tests.streams.resolve.made import person, thing

PHONE = "phone:13876543210"
HOUSE = "海南省定安县定城镇人民中路12号"


def reasons(a: Profile, b: Profile) -> dict[str, float]:
    assert score(a, b).bits == score(b, a).bits
    return {each.feature: each.bits for each in score(a, b).evidence}


def test_a_score_is_the_sum_of_its_evidence_and_gives_a_reason_for_each():
    one = person("符玮强", identifiers=[PHONE], gender="male", birth="1990-03-07", hukou="460106")
    found = score(one, one)
    assert {each.feature for each in found.evidence} == {"phone", "name", "birth", "gender", "hukou"}
    assert found.bits == round(sum(each.bits for each in found.evidence), 3)
    assert all(each.why for each in found.evidence)


def test_two_different_valid_id_numbers_exclude_each_other_whatever_else_agrees():
    one, other = (person("符玮强", identifiers=[f"id_number:{n}", PHONE], birth="1990") for n in ("A1", "A2"))
    assert score(one, other).exclusive
    assert score(one, other).bits < 0
    assert contradicted(score(one, other))


def test_every_strong_identifier_alone_is_worth_a_link():
    for kind in ("id_number", "phone", "wechat", "bank_card"):
        one = person(identifiers=[f"{kind}:1"])
        assert score(one, one).bits >= LINK, kind
    for kind, number in (
        ("organisation", "credit_code"),
        ("venue", "licence_no"),
        ("vehicle", "plate"),
        ("parcel", "tracking_no"),
    ):
        one = thing(kind, identifiers=[f"{number}:1"])
        assert score(one, one).bits >= LINK, kind


def test_a_second_shared_number_adds_little():
    one = person(identifiers=["wechat:wx_a", PHONE])
    assert score(one, one).bits == 24.0
    assert score(one, one).evidence[0].why == "same phone, wechat"


def test_a_phone_does_not_join_two_names_that_cannot_be_one():
    assert score(person("符玮强", identifiers=[PHONE]), person("陈明亮", identifiers=[PHONE])).bits < REVIEW


def test_a_name_that_differs_by_one_character_on_one_phone_waits_for_a_person():
    one, two = (person(name, identifiers=[PHONE], gender="male") for name in ("符国强", "符国明"))
    assert REVIEW <= score(one, two).bits < LINK


@pytest.mark.parametrize(("left", "right"), [("符国强", "符国明"), ("符大海", "陈小波")])
def test_what_a_household_shares_counts_once_between_other_names(left, right):
    home = {"identifiers": [PHONE], "address": HOUSE, "hukou": "469021"}
    found = reasons(person(left, **home), person(right, **home))
    assert (found["phone"], found["address"], found["hukou"]) == (20.0, 0.0, 0.0)
    assert score(person(left, **home), person(right, **home)).bits < LINK


def test_what_a_household_shares_counts_in_full_for_one_name():
    home = {"identifiers": [PHONE], "address": HOUSE, "hukou": "469021"}
    found = reasons(person("符国强", **home), person("符国强", **home))
    assert min(found["phone"], found["address"], found["hukou"]) > 0


def test_other_genders_speak_against_and_the_same_says_a_little():
    male, female, unknown = (person(gender=gender) for gender in ("male", "female", ""))
    assert reasons(male, male) == {"gender": 1.0}
    assert reasons(male, female) == {"gender": -6.0}
    assert reasons(male, unknown) == {}


def test_a_county_of_registration_says_more_than_a_prefecture():
    same, city, elsewhere = (
        reasons(person(hukou="460106"), person(hukou=other))["hukou"]
        for other in ("460106", "460105", "440825")
    )
    assert same > city > 0 > elsewhere
    assert reasons(person(hukou="460100"), person(hukou="460100"))["hukou"] == city
    assert reasons(person(hukou="460106"), person()) == {}


def test_the_same_house_says_more_than_the_same_street_and_a_short_address_nothing():
    house = reasons(person(address=HOUSE), person(address=HOUSE))["address"]
    street = reasons(person(address="海南省定安县人民中路"), person(address="海南省定安县人民中路"))[
        "address"
    ]
    alike = reasons(person(address=HOUSE), person(address=HOUSE.replace("海南省", "")))["address"]
    assert house > street > alike > 0
    assert reasons(person(address=HOUSE), person(address="海口市龙华区金贸东路3号")) == {}
    assert reasons(person(address="海口市"), person(address="海口市")) == {}


def test_a_shared_vehicle_supports_a_name_and_says_nothing_of_a_nickname():
    tied = {"contexts": ["plate:琼A12345", "case:2019-551"]}
    assert reasons(person("符玮强", **tied), person("符玮强", **tied))["context_plate"] == 10.5
    assert "context_plate" not in reasons(person("阿强", **tied), person("符玮强", **tied))
    assert "context_plate" not in reasons(person("符玮强", **tied), person("符玮强"))


def test_a_mask_contradicts_or_says_nothing_but_never_identifies():
    masked = person(masked=["id_number:460106********0113"])
    fits, differs = (
        person(identifiers=[f"id_number:{n}"]) for n in ("460106199003070113", "460106199003070114")
    )
    assert reasons(masked, fits) == {}
    assert reasons(masked, masked) == {}
    assert reasons(masked, differs)["mask_id_number"] < 0
    assert contradicted(score(masked, differs))
    phone = person(masked=["phone:138****0000"])
    assert reasons(phone, person(identifiers=[PHONE])) == {}, "a person has several phones"


def test_companies_of_one_name_in_one_city_are_one_and_in_two_cities_are_not():
    here, again, there = (
        thing("organisation", name="海口清气气体有限公司", region=region)
        for region in ("4601", "4601", "4602")
    )
    assert score(here, again).bits >= LINK
    assert score(here, there).bits < LINK
    assert reasons(here, thing("organisation", name="定安橡胶厂"))["name"] < 0
    assert "name" not in reasons(here, thing("organisation", name="海口清气气体公司"))
    assert reasons(here, thing("organisation")) == {}


def test_a_short_name_of_a_venue_does_not_make_it_one():
    one = thing("venue", name="夜色", region="4601")
    assert score(one, one).bits < LINK


@pytest.mark.parametrize(
    ("one", "other", "one_vehicle"),
    [
        ({}, {}, True),
        ({"colour": "白"}, {"colour": "白"}, True),
        ({"colour": "银灰"}, {"colour": "灰"}, True),
        ({"colour": "白"}, {}, True),
        ({"form": "小型轿车"}, {"form": "轿车"}, True),
        ({"colour": "白"}, {"colour": "黑"}, False),
        ({"form": "轿车"}, {"form": "货车"}, False),
    ],
)
def test_a_plate_is_one_vehicle_unless_colour_or_type_differs(one, other, one_vehicle):
    left, right = (thing("vehicle", identifiers=["plate:琼A12345"], **each) for each in (one, other))
    assert (score(left, right).bits >= LINK) is one_vehicle


def test_a_vehicle_of_another_colour_and_type_is_not_even_a_question():
    left = thing("vehicle", identifiers=["plate:琼A12345"], colour="白", form="轿车")
    right = thing("vehicle", identifiers=["plate:琼A12345"], colour="黑", form="货车")
    assert score(left, right).bits < REVIEW


def test_a_profile_identifies_itself_by_a_number_or_by_enough_else_and_not_by_a_bare_name():
    assert self_identifying(person("王某某", identifiers=["id_number:A1"]))
    assert self_identifying(person("王伟", identifiers=[PHONE]))
    assert not self_identifying(person(identifiers=[PHONE]))
    assert self_identifying(person("王伟", birth="1990-03-07"))
    assert not self_identifying(person("覃玮骁"))
    assert not self_identifying(person("王伟", birth="1990"))
    assert not self_identifying(person("王某某", birth="1990-03-07"))
    assert not self_identifying(thing("vehicle", colour="白"))


def test_silence_does_not_contradict():
    assert not contradicted(Score(0.0))
    assert not contradicted(Score(-2.0, (Evidence("name", -2.0, "one character differs"),)))
    assert contradicted(Score(11.0, (Evidence("phone", 20.0, "same"), Evidence("birth", -9.0, "different"))))
