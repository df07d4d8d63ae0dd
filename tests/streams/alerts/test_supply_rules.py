"""断梢 and 钉子: what seizures below one supplier show, and what they do not."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
from fake_reader import Held, Supplied, Told, day


def seizure(number, holder, on=5, **changes):
    changes = {"lots": (Held(holder),), **changes}
    return Told(name=f"bureau/s{number}", kind="seizure", on=on, **changes)


def supply(number, source, target, on=2, **claim):
    return Told(name=f"s110/t{number}", on=on, supplied=(Supplied(source, target, **claim),))


STREET = ("pa", "pb", "pc")
SEIZURES = tuple(seizure(number, who) for number, who in enumerate(STREET))
SUPPLIES = tuple(supply(number, "px", who) for number, who in enumerate(STREET))


# --- 断梢 -----------------------------------------------------------------------------------


def test_three_small_seizures_with_a_common_supplier_raise_broken_twigs(owner):
    owner.take(*SEIZURES, *SUPPLIES)
    found = owner.only("broken_twigs")
    assert found.severity == "high"
    assert found.entities[0] == owner.id_of("px")
    assert set(found.entities[1:]) == {owner.id_of(who) for who in STREET}
    assert set(found.records) == {told.name for told in (*SEIZURES, *SUPPLIES)}
    assert "3 起小额缴获的 3 名持有人有共同的供货人：px" in found.reasons


def test_two_small_seizures_are_no_broken_twigs(owner):
    owner.take(*SEIZURES[:2], *SUPPLIES)
    assert owner.found("broken_twigs") == []


def test_three_seizures_from_one_holder_share_no_supplier_with_anyone(owner):
    owner.take(*(seizure(number, "pa") for number in range(3)), SUPPLIES[0])
    assert owner.found("broken_twigs") == []


def test_a_large_seizure_is_no_twig(owner):
    owner.take(*SEIZURES[:2], seizure(2, "pc", lots=(Held("pc", grams=3001.0),)), *SUPPLIES)
    assert owner.found("broken_twigs") == []


def test_lots_of_one_seizure_are_weighed_together(owner):
    half = Held("pc", grams=1600.0)
    owner.take(*SEIZURES[:2], seizure(2, "pc", lots=(half, half)), *SUPPLIES)
    assert owner.found("broken_twigs") == []


def test_pieces_count_where_grams_are_unknown_but_an_unknown_amount_is_not_small(owner):
    pieces = Held("pc", grams=None, quantity=140, unit="支")
    owner.take(*SEIZURES[:2], seizure(2, "pc", lots=(pieces,)), *SUPPLIES)
    assert len(owner.found("broken_twigs")) == 1
    owner.take(seizure(2, "pc", lots=(Held("pc", grams=None),)))
    assert owner.found("broken_twigs") == []


def test_a_supply_that_began_after_the_seizure_explains_nothing(owner):
    late = supply(2, "px", "pc", on=9, earliest=6)
    owner.take(*SEIZURES, *SUPPLIES[:2], late)
    assert owner.found("broken_twigs") == []


def test_a_supply_of_another_substance_explains_nothing(owner):
    owner.take(*SEIZURES, *SUPPLIES[:2], supply(2, "px", "pc", substance="heroin"))
    assert owner.found("broken_twigs") == []


def test_a_parcel_of_unknown_content_is_no_supply(owner):
    owner.take(*SEIZURES, *SUPPLIES[:2], supply(2, "px", "pc", basis="parcel", confidence=0.5))
    assert owner.found("broken_twigs") == []
    owner.take(supply(2, "px", "pc", basis="parcel", confidence=0.67))
    assert len(owner.found("broken_twigs")) == 1


def test_broken_twigs_are_raised_when_the_third_seizure_was_reported(owner):
    owner.take(seizure(0, "pa", 3), seizure(1, "pb", 8), seizure(2, "pc", 6), seizure(3, "pd", 11), *SUPPLIES)
    assert owner.only("broken_twigs").raised == day(8)


@pytest.mark.parametrize("taken_back", ["bureau/s1", "s110/t2"])
def test_taking_back_a_seizure_or_a_supply_takes_broken_twigs_back(owner, taken_back):
    owner.take(*SEIZURES, *SUPPLIES)
    owner.take(back=[taken_back])
    assert owner.found("broken_twigs") == []
    assert any(change.withdrawn for change in owner.last)


def test_broken_twigs_say_when_one_record_alone_states_the_supply(owner):
    stated = Told(name="s110/t9", on=2, supplied=tuple(Supplied("px", who) for who in STREET))
    owner.take(*SEIZURES, stated)
    assert "全部供货关系出自同一条记录（s110/t9）" in owner.only("broken_twigs").against


# --- 钉子 -----------------------------------------------------------------------------------

CHAIN = (supply(10, "py", "px"), supply(11, "px", "pa"), supply(12, "py", "pb"))


def test_traces_of_two_seizures_that_meet_in_someone_unsupplied_raise_a_nail(owner):
    owner.take(*SEIZURES[:2], *CHAIN)
    found = owner.only("nail")
    assert found.entities[0] == owner.id_of("py")
    assert set(found.records) == {told.name for told in (*SEIZURES[:2], *CHAIN)}
    assert "py 没有已知的供货人" in found.reasons


def test_a_single_seizure_raises_no_nail(owner):
    owner.take(SEIZURES[0], *CHAIN)
    assert owner.found("nail") == []


def test_seizures_of_one_holder_raise_no_nail(owner):
    owner.take(seizure(0, "pa"), seizure(1, "pa"), *CHAIN)
    assert owner.found("nail") == []


def test_someone_who_is_supplied_himself_is_no_nail_and_his_supplier_is(owner):
    owner.take(*SEIZURES[:2], *CHAIN)
    owner.take(supply(13, "pz", "py"))
    assert owner.only("nail").entities[0] == owner.id_of("pz")
    owner.take(back=["s110/t13"])
    assert owner.only("nail").entities[0] == owner.id_of("py")


def test_a_nail_follows_the_order_of_time(owner):
    """px had it only after pa had been supplied by him: the chain cannot have run that way."""
    owner.take(*SEIZURES[:2], supply(10, "py", "px", on=9, earliest=4), *CHAIN[1:])
    assert owner.found("nail") == []


def test_a_later_record_of_an_earlier_supply_opens_the_chain(owner):
    owner.take(*SEIZURES[:2], supply(10, "py", "px", on=9, earliest=4), *CHAIN[1:])
    owner.take(supply(14, "py", "px", on=9, earliest=1, latest=2))
    assert owner.only("nail").raised == day(9)


def test_a_chain_keeps_to_one_substance(owner):
    owner.take(
        *SEIZURES[:2], supply(10, "py", "px", substance="heroin"),
        supply(11, "px", "pa", substance="nitrous_oxide"), CHAIN[2],
    )  # fmt: skip
    assert owner.found("nail") == []


def test_a_company_at_the_top_is_no_nail_and_a_chain_may_run_through_a_vehicle(owner):
    owner.take(*SEIZURES[:2], supply(10, "oy", "va"), supply(11, "va", "pa"), supply(12, "oy", "pb"))
    assert owner.found("nail") == []
    owner.take(supply(13, "py", "oy"))
    assert owner.only("nail").entities[0] == owner.id_of("py")


def test_a_chain_longer_than_the_rule_looks_raises_no_nail(owner):
    people = [f"p{number}" for number in range(8)]
    links = [supply(20 + number, *pair) for number, pair in enumerate(pairwise(people))]
    owner.take(seizure(0, "p7"), seizure(1, "pb"), *links, supply(40, "p0", "pb"))
    assert owner.found("nail") == []
    owner.take(supply(41, "p0", "p2"))
    assert owner.only("nail").entities[0] == owner.id_of("p0")


def test_a_nail_says_that_parcels_of_unknown_content_reached_him(owner):
    owner.take(*SEIZURES[:2], *CHAIN, supply(13, "pz", "py", basis="parcel", confidence=0.4))
    assert any("另有 1 件内容不明" in doubt for doubt in owner.only("nail").against)


def test_a_split_of_two_people_takes_the_nail_apart(owner):
    """Two names were one person while a record said so; without it two seizures meet in nobody."""
    owner.take(*SEIZURES[:2], supply(10, "px", "pa"), supply(11, "py", "pb"))
    assert owner.found("nail") == []
    owner.take(Told(name="s110/same", same=(("px", "py"),)))
    assert len(owner.found("nail")) == 1
    owner.take(back=["s110/same"])
    assert owner.found("nail") == []


def test_a_revision_of_the_naming_record_keeps_the_alert_and_says_nothing(owner):
    owner.take(*SEIZURES[:2], *CHAIN)
    before = owner.alerts
    owner.take(msgspec.structs.replace(CHAIN[0], things=("pq",)))
    assert owner.alerts == before
    assert owner.last == []
    owner.take(back=[CHAIN[0].name])
    assert owner.found("nail") == []
