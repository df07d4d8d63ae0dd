from __future__ import annotations

from random import Random

import pytest

from streams.simulate.blunders import CALLER, Hand, Scribe, keys
from streams.simulate.people import Registry
from streams.simulate.tables import tables

EXACT = Hand(*[0.0] * 8, *[1.0] * 9)


def erring(**rates):
    return EXACT._replace(**rates)


@pytest.fixture
def registry():
    return Registry(Random(4), 0.0)


@pytest.fixture
def scribe():
    return Scribe(Random(4))


def test_numbers_are_given_out_once(registry):
    people = [registry.person() for _ in range(5000)]
    for field in ("key", "id_number", "phone", "wechat", "card"):
        assert len({getattr(p, field) for p in people}) == 5000
    parcels = {registry.tracking_no() for _ in range(5000)}
    assert len(parcels) == 5000


def test_an_id_number_holds_the_birth_date_the_gender_and_a_right_check(registry):
    for _ in range(300):
        person = registry.person()
        number = person.id_number
        assert number[6:14] == person.birth.replace("-", "")
        assert int(number[16]) % 2 == (person.gender == "male")
        value = sum((10 if c == "X" else int(c)) * pow(2, 17 - i, 11) for i, c in enumerate(number))
        assert value % 11 == 1


def test_hainans_surnames_are_common_and_fu_is_rare_elsewhere():
    t = tables()
    assert {"符", "陈", "王", "吴", "林", "黄", "李"} <= set(t.surnames_local)
    share = t.surnames_local.count("符") / len(t.surnames_local)
    assert share > 0.03
    assert t.surnames_other.count("符") / len(t.surnames_other) < 0.005


def test_plates_have_a_prefix_and_five_characters_without_i_and_o(registry):
    owner = registry.person()
    plates = {registry.vehicle(owner, 0).plate for _ in range(3000)}
    assert len(plates) == 3000
    assert all(len(p) == 7 and not set(p[2:]) & {"I", "O"} for p in plates)


def test_a_plate_is_given_again_only_after_it_was_given_back():
    registry = Registry(Random(1), 0.0)
    first = registry.vehicle(registry.person(), 0)
    registry.retire(first, 1000)
    early = {registry.vehicle(registry.person(), 2000).plate for _ in range(400)}
    late = {registry.vehicle(registry.person(), 10**9).plate for _ in range(400)}
    assert first.plate not in early
    assert first.plate in late


def test_an_exact_hand_writes_what_is_true(registry, scribe):
    person = registry.person()
    details = scribe.describe(person, "p1", EXACT)
    assert details["name"] == person.name
    assert details["id_number"] == person.id_number
    assert details["address"] == person.house
    assert set(details) == {
        "ref", "name", "id_number", "phones", "birth_date", "gender", "hukou", "address", "wechat",
        "bank_cards",
    }  # fmt: skip


@pytest.mark.parametrize(("channel", "table"), [("sound", "homophones"), ("look", "lookalikes")])
def test_a_name_is_mistaken_in_one_character_of_its_group(registry, scribe, channel, table):
    groups = getattr(tables(), table)
    mistaken = 0
    for _ in range(200):
        person = registry.person()
        written = scribe.name(person, erring(**{channel: 1.0}))
        changed = [(a, b) for a, b in zip(person.name, written, strict=True) if a != b]
        assert len(changed) <= 1
        assert all(b in groups[a] for a, b in changed)
        mistaken += len(changed)
    assert mistaken > 100


def test_a_masked_name_keeps_the_surname_and_the_length(registry, scribe):
    person = registry.person()
    written = scribe.name(person, erring(name_mask=1.0))
    assert written[: len(person.surname)] == person.surname
    assert set(written[len(person.surname) :]) <= {"某", "*"}
    assert len(written) == len(person.name)


def test_a_wrong_number_differs_in_one_digit(registry, scribe):
    person = registry.person()
    written = scribe.id_number(person, erring(id_typo=1.0))
    assert sum(a != b for a, b in zip(written, person.id_number, strict=True)) == 1
    written = scribe.phone(person, erring(phone_typo=1.0))
    assert sum(a != b for a, b in zip(written, person.phone, strict=True)) == 1


def test_a_wrong_date_is_another_date_of_the_same_year(registry, scribe):
    for _ in range(100):
        person = registry.person()
        written = scribe.birth(person, erring(date_typo=1.0))
        assert written != person.birth
        assert written[:4] == person.birth[:4]
        assert 1 <= int(written[5:7]) <= 12


def test_masks_wrong_numbers_and_a_name_alone_tie_nothing(registry):
    person = registry.person()
    details = {"name": person.name, "phones": [person.phone[:3] + "****" + person.phone[7:]]}
    assert keys(details, person, None) == []
    assert keys({"phones": ["+86 " + person.phone]}, person, None) == [("phone",)]


def test_a_familys_phone_ties_only_together_with_the_name(registry):
    person = registry.person()
    person.shared = True
    assert keys({"phones": [person.phone]}, person, None) == []
    assert keys({"phones": [person.phone], "name": person.name}, person, None) == [("name", "phone")]


def test_callers_err_more_than_they_are_exact_in_other_ways(registry, scribe):
    people = [registry.person() for _ in range(2000)]
    wrong = sum(scribe.name(p, CALLER) != p.name for p in people)
    assert 0.08 < wrong / 2000 < 0.25
