"""Numbers that many carry, names that many bear: who is one there, and who is not."""

from __future__ import annotations

import random

import pytest
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from tests.streams.resolve.who import town

PHONE = "13876543210"
SURNAMES = (
    "符陈王林李张黄吴周郑何梁冯谢唐许邓曾韦苏潘蔡卢吕蒋杜丁魏薛叶阎余夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔"
)
GIVEN = "伟明强丽华建国海燕军平东文辉玲波斌宇浩凯健俊帆雪鑫慧巧美娜静淑"


@pytest.fixture
def here():
    with town() as made:
        yield made


def guests(count, seed=1):
    """People with different names."""
    chance = random.Random(seed)
    return [surname + "".join(chance.sample(GIVEN, 2)) for surname in SURNAMES[:count]]


def id_number(birth, sequence, region="460106"):
    body = f"{region}{birth}{sequence:03d}"
    return body + mod_11_2.calc_check_digit(body)


# --- numbers that many carry --------------------------------------------------------------------------


def test_one_person_under_thirty_spellings_with_one_phone_and_300_records_stays_one(here):
    spellings = [a + b + c for a in ("符",) for b in "伟玮纬炜苇" for c in "强墙蔷嫱樯戗"]
    assert len(set(spellings)) == 30
    chance = random.Random(2)
    mentions = here.people({"name": chance.choice(spellings), "phones": [PHONE]} for _ in range(300))
    assert here.together(*mentions)


def test_one_persons_phone_stays_his_beside_what_is_written_without_a_name(here):
    mentions = here.people({"name": "符玮强", "phones": [PHONE]} for _ in range(5))
    mentions += here.people([{"phones": [PHONE]}, {"name": "阿强", "phones": [PHONE]}])
    assert here.together(*mentions)


def test_a_hotels_phone_that_fifty_people_give_joins_nobody(here):
    mentions = here.people({"name": name, "phones": [PHONE]} for name in guests(50))
    assert here.apart(*mentions)


def test_a_hotels_guests_without_a_name_are_not_one(here):
    here.people({"name": name, "phones": [PHONE]} for name in guests(20))
    assert here.apart(*here.people({"phones": [PHONE]} for _ in range(3)))


def test_somebody_without_a_name_is_not_one_of_a_hotels_guests(here):
    named = here.people({"name": name, "phones": [PHONE]} for name in guests(20))
    nameless = here.person(phones=[PHONE], gender="male")
    assert here.apart(*named, nameless)


def test_two_spellings_of_one_guest_are_not_joined_on_the_hotels_phone(here):
    here.people({"name": name, "phones": [PHONE]} for name in guests(20))
    one, two = here.people([{"name": "符玮强", "phones": [PHONE]}, {"name": "符伟强", "phones": [PHONE]}])
    assert here.apart(one, two)


def test_a_family_of_three_that_shares_a_phone_stays_three(here):
    family = [
        {"name": "符大海", "gender": "male", "birth_date": "1965-02-03"},
        {"name": "陈秀英", "gender": "female", "birth_date": "1967-08-19"},
        {"name": "符小波", "gender": "male", "birth_date": "1992-11-30"},
    ]
    mentions = here.people(member | {"phones": [PHONE]} for member in family * 2)
    assert here.apart(*mentions[:3])
    assert all(here.together(one, again) for one, again in zip(mentions[:3], mentions[3:], strict=True))


@pytest.mark.parametrize("sons", [("符国强", "符国明"), ("符大海", "符小波")])
def test_father_and_sons_who_share_phone_and_house_and_county_stay_apart(here, sons):
    home = {
        "phones": [PHONE],
        "address": "海南省定安县定城镇人民中路12号",
        "hukou": "469021",
        "gender": "male",
    }
    mentions = here.people({"name": name} | home for name in sons)
    assert here.apart(*mentions)


def test_the_nameless_owner_of_a_familys_phone_joins_the_family_to_nobody(here):
    one, two = here.people([{"name": "符大海", "phones": [PHONE]}, {"name": "陈秀英", "phones": [PHONE]}])
    nameless = here.person(phones=[PHONE])
    assert here.apart(one, two, nameless)


def test_a_number_that_turns_generic_takes_its_links_back_and_its_crowd_withdrawn_brings_them_back(here):
    one, two = here.people([{"name": "符玮强", "phones": [PHONE]}, {"name": "符伟强", "phones": [PHONE]}])
    assert here.together(one, two)
    crowd = [here.person(name=name, phones=[PHONE]) for name in guests(20)[1:]]
    assert here.apart(one, two, *crowd)
    for mention in crowd:
        here.withdraw(mention)
    assert here.together(one, two)


# --- names that many bear -----------------------------------------------------------------------------


def test_namesakes_with_the_same_year_of_birth_stay_apart(here):
    mentions = here.people(
        {
            "name": "王伟",
            "birth_date": "1990",
            "gender": "male",
            "hukou": hukou,
            "phones": [f"1387654{n:04d}"],
        }
        for n, hukou in enumerate(["460105", "460106", "460203", "460204", "469005", "469021"])
    )
    assert here.apart(*mentions)


def test_namesakes_with_the_same_date_of_birth_and_other_numbers_stay_apart(here):
    mentions = here.people(
        {"name": "王伟", "id_number": id_number("19900101", sequence)} for sequence in (11, 13, 15)
    )
    assert here.apart(*mentions)


def test_a_name_and_a_full_date_of_birth_make_one_person(here):
    assert here.together(*here.people({"name": "王伟", "birth_date": "1990-03-07"} for _ in range(3)))


def test_a_bare_name_joins_nobody(here):
    assert here.apart(*here.people({"name": "覃玮骁"} for _ in range(4)))


def test_a_masked_mention_alone_joins_nobody(here):
    whole = {"name": "符玮强", "phones": [PHONE], "id_number": id_number("19900307", 11)}
    masked = {"name": "符某某", "phones": ["138****3210"], "id_number": "460106********0113"}
    mentions = here.people([whole, masked, masked])
    assert here.apart(*mentions)


def test_a_mask_that_cannot_be_his_keeps_a_namesake_apart(here):
    born = {"name": "王伟", "birth_date": "1990-03-07"}
    whole = here.person(**born, id_number=id_number("19900307", 11))
    other = here.person(**born, id_number="4401**********001X")
    assert here.apart(whole, other)


# --- things -------------------------------------------------------------------------------------------


def test_a_re_issued_plate_is_two_vehicles(here):
    first = [here.vehicle(plate="琼A12345", colour="白色", type="轿车") for _ in range(3)]
    second = [here.vehicle(plate="琼A12345", colour="黑", type="重型货车") for _ in range(3)]
    assert here.together(*first)
    assert here.together(*second)
    assert here.apart(first[0], second[0])


def test_a_sighting_that_does_not_describe_the_vehicle_joins_two_with_one_plate_to_nobody_new(here):
    first = here.vehicle(plate="琼A12345", colour="白色", type="轿车")
    second = here.vehicle(plate="琼A12345", colour="黑色", type="重型货车")
    here.vehicle(plate="琼A12345")
    assert here.apart(first, second)


def test_shades_of_a_colour_are_one_vehicle(here):
    mentions = [here.vehicle(plate="琼A12345", colour=colour) for colour in ("银灰色", "灰", "灰色")]
    assert here.together(*mentions)


def test_a_company_is_one_by_its_code_whatever_it_is_called(here):
    body = "91460100MA5T0000A"
    code = body + uscc.calc_check_digit(body)
    one = here.thing("organisations", name="海口清气气体有限公司", credit_code=code)
    two = here.thing("organisations", name="清气气体", credit_code=code)
    other = here.thing("organisations", name="清气气体")
    assert here.together(one, two)
    assert here.apart(one, other)
