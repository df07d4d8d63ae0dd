"""Names written in other ways, put into a store: who becomes one, and who stays two."""

from __future__ import annotations

import random

import pytest

from tests.streams.made_up import record
from tests.streams.resolve.who import town

BORN = {"birth_date": "1990-03-07", "gender": "male", "hukou": "460106"}


@pytest.fixture
def here():
    with town() as made:
        yield made


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("符玮强", "符瑋強"),
        ("傅喆", "付哲"),
        ("符玮强", "符伟强"),
        ("符玮强", "符威强"),
        ("覃小强", "谈小强"),
        ("欧阳家伟", "欧阳佳伟"),
        ("邢卫东", "刑卫东"),
        ("陈卫东", "阵卫东"),
        ("符晟", "符晨"),
        ("符玮强", "Fu Weiqiang"),
        ("符玮强", "WEIQIANG FU"),
        ("欧阳家伟", "Ouyang Jiawei"),
        ("陈小明", "CHAN Siu-ming"),
        ("欧阳家伟", "Au Yeung Ka Wai"),
        ("买买提·艾力", "买买提•艾力"),
        ("买买提·艾力", "买买提艾力"),
        ("买买提·艾力", "Maimaiti Aili"),
    ],
)
def test_a_name_written_in_another_way_finds_its_person_by_the_date_of_birth(here, one, other):
    assert here.together(*here.people([{"name": one} | BORN, {"name": other} | BORN]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("符玮强", "符某某"),
        ("符玮强", "符*强"),
        ("王伟", "王某"),
        ("王伟", "王伟"),
        ("王某某", "王某某"),
        ("阿强", "阿强"),
        ("王伟", "Wang Wei"),
        ("王伟", "Wang W."),
        ("买买提·艾力", "买买提"),
    ],
)
def test_nobody_becomes_one_by_a_mask_or_a_name_alone(here, one, other):
    assert here.apart(*here.people([{"name": one, "gender": "male"}, {"name": other, "gender": "male"}]))


def test_a_rare_name_with_the_year_of_birth_is_left_to_a_person(here):
    namesakes = [{"name": "覃玮骁", "birth_date": "1990", "gender": "male"} for _ in range(2)]
    assert here.apart(*here.people(namesakes))


@pytest.mark.parametrize("name", ["买买提", "艾力", "买买提·艾力"])
def test_part_of_a_name_does_not_keep_a_person_from_his_number(here, name):
    known = {"name": "买买提·艾力", "phones": ["13876543210"]}
    assert here.together(*here.people([known, {"name": name, "phones": ["13876543210"]}]))


def test_an_assumed_name_that_is_told_does_not_make_two_people_of_a_phone(here):
    phone = {"phones": ["13876543210"]}
    known = {"name": "陈勇武", "aliases": ["陈平杰"]}
    told = here.people([known | phone, {"name": "陈平杰"} | phone, phone])
    assert here.together(*told)
    untold = {"phones": ["13876543211"]}
    assert not here.together(*here.people([{"name": "陈勇武"} | untold, {"name": "陈平杰"} | untold, untold]))


def test_a_father_and_his_son_on_one_phone_stay_two(here):
    father, son = ({"name": name, "phones": ["13876543210"]} for name in ("艾力·吐尔逊", "买买提·艾力"))
    assert here.apart(*here.people([father, son]))


def test_who_is_one_does_not_depend_on_the_order_in_which_the_ways_of_writing_came():
    ways = (
        "符玮强",
        "符瑋強",
        "符伟强",
        "Fu Weiqiang",
        "Weiqiang Fu",
        "符某某",
        "陈小明",
        "Chan Siu Ming",
        "阿强",
    )
    drafts = [
        record("tip", f"k{at}", persons=[{"ref": "x", "name": way} | BORN]) for at, way in enumerate(ways)
    ]
    groups = []
    for seed in range(3):
        random.Random(seed).shuffle(drafts)
        with town() as made:
            made.put(drafts, batch=2)
            groups.append(made.groups())
    assert groups[0] == groups[1] == groups[2]
    assert {len(group) for group in groups[0]} == {5, 2, 1}
