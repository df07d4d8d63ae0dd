"""How an entity came together, and what keeps its nearest others apart."""

from __future__ import annotations

import pytest

from streams.explain import entity as module
from streams.resolve.model import LINK

PHONE, OTHER = "13876543210", "13898765432"


def nearest(found):
    """The others' mentions of the compared pairs, nearest first."""
    return [each.best[1] for each in found.nearest]


def test_an_entity_is_its_mentions_those_with_equal_features_together(here, why):
    one, again, two = here.people(
        [
            {"name": "符玮强", "phones": [PHONE]},
            {"name": "符玮强", "phones": [PHONE]},
            {"name": "符伟强", "phones": [PHONE]},
        ]
    )
    found = why().entity(one)
    assert found == why().entity(found.entity)
    assert (found.label, found.type) == ("符玮强", "person")
    assert [[each.mention for each in profile.mentions] for profile in found.profiles] == [
        [one, again],
        [two],
    ]
    (first, _), _ = (profile.mentions for profile in found.profiles)
    assert (first.record, first.kind) == (one.rpartition("#")[0], "tip")
    assert first.reported_at == "2019-06-03T21:14:00+08:00"


def test_joins_are_told_in_the_order_in_which_they_are_made(here, why):
    male = {"gender": "male"}
    people = (("符玮强", {}), ("符伟强", {}), ("符苇强", male), ("符玮强", male))
    mentions = here.people({"name": name, "phones": [PHONE]} | more for name, more in people)
    joins = why().entity(mentions[0]).joins
    assert len(joins) == len(mentions) - 1
    assert [join.best for join in joins] == sorted((join.best for join in joins), reverse=True)
    assert all(join.value >= LINK and join.value == (join.best + join.mean) / 2 for join in joins)
    assert joins[0].left + joins[0].right == 2
    assert joins[-1].left + joins[-1].right == len(mentions)


def test_judgements_are_joins_of_their_own_and_come_first(here, why):
    one, two = here.people({"name": name, "phones": [PHONE]} for name in ("符国强", "符国明"))
    three = here.person(name="符国明", phones=[PHONE], gender="male")
    here.judge(one, two, "same")
    found = why().entity(three)
    assert [join.judgement is None for join in found.joins] == [False, True]
    assert [(each.a, each.b, each.verdict) for each in found.judgements] == [(one, two, "same")]


def test_somebody_alone_has_neither_joins_nor_neighbours(here, why):
    found = why().entity(here.person(name="陈明亮"))
    assert (found.joins, found.nearest, found.judgements) == ((), (), ())


def test_the_nearest_others_come_with_what_keeps_them_apart(here, why):
    one = here.person(name="符国强", phones=[PHONE], id_number="460106199003070013", birth_date="1990-03-07")
    brother = here.person(name="符国明", phones=[PHONE])
    stranger = here.person(name="陈明亮", phones=[PHONE])
    twin = here.person(name="符国强", id_number="460106199003070021", birth_date="1990-03-07")
    found = why().entity(one)
    assert nearest(found) == [brother, stranger, twin]
    assert [each.verdict for each in found.nearest] == ["review", "below", "exclusive"]
    assert [each.best[0] for each in found.nearest] == [one] * 3
    for each in found.nearest:
        asked = why().pair(found.entity, each.entities[1].id)
        assert (asked.verdict, asked.bits, asked.words) == (each.verdict, each.bits, each.words)


def test_one_judged_to_be_another_is_near_though_they_share_nothing(here, why):
    one, two = here.people({"name": name} for name in ("陈明亮", "王建国"))
    here.judge(one, two, "different")
    assert [each.verdict for each in why().entity(one).nearest] == ["judged_different"]
    here.judge(one, two, "undone")
    assert why().entity(one).nearest == ()


def test_what_shares_a_generic_block_is_near_and_told_why_it_is_not_one(here, why):
    one, two = here.people({"name": name, "phones": [PHONE]} for name in ("符玮强", "符伟强"))
    here.people(
        {"name": name, "phones": [PHONE]}
        for name in ("陈明亮", "王建国", "林小满", "李秀英", "张伟", "黄美玲", "吴天佑")
    )
    found = why().entity(one)
    assert nearest(found)[0] == two
    assert (found.nearest[0].verdict, found.nearest[0].shared) == ("generic", ("phone",))
    assert len(found.nearest) == module.NEAREST


def test_of_others_that_are_equally_near_the_first_by_id_are_told(here, why):
    """They share a phone, and their names are as different from the first one's as can be."""
    one = here.person(name="符国强", phones=[PHONE])
    names = ("陈明亮", "王建国", "林小满", "李秀英", "黄美玲", "吴天佑", "郑海生", "周远航")
    others = here.people({"name": name, "phones": [PHONE]} for name in names)
    found = why().entity(one).nearest
    assert len({each.bits for each in found}) == 1
    ids = sorted(why().entity(other).entity for other in others)
    assert [each.entities[1].id for each in found] == ids[: module.NEAREST]


def test_an_entity_of_several_profiles_has_each_neighbour_once_by_the_likeliest_pair(here, why):
    ones = here.people({"name": "符国强", "phones": [phone]} for phone in (PHONE, OTHER))
    here.judge(*ones, "same")
    two = here.person(name="符国明", phones=[PHONE, OTHER], gender="male")
    here.people({"name": "符国强", "phones": [PHONE], "gender": "male"} for _ in range(2))
    (found,) = why().entity(ones[1]).nearest
    assert found.best[1] == two
    assert "gender" in {step.feature for step in found.evidence}


def test_a_vehicle_that_shares_a_number_with_nobody_is_explained_too(here, why):
    one = here.vehicle(plate="琼A12345", colour="白")
    assert why().entity(one).type == "vehicle"


@pytest.mark.parametrize("most", [1, 2])
def test_the_pairs_above_the_review_threshold_are_known_however_large_the_block(here, why, monkeypatch, most):
    monkeypatch.setattr(module, "_OTHERS", most)
    one = here.person(name="符国强", phones=[PHONE])
    here.people({"name": name, "phones": [PHONE]} for name in ("陈明亮", "王建国", "林小满"))
    brother = here.person(name="符国明", phones=[PHONE])
    assert nearest(why().entity(one))[0] == brother
