"""Whole tables: who is one, whatever the order of the rows and whatever they lack."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.bench.evaluate import pairwise
from streams.tables.features import features_of, values_of
from streams.tables.fields import KINDS, Fields
from streams.tables.pairs import Pairs
from streams.tables.resolving import resolve, scoring
from tests.streams.tables import people

FIELDS = Fields(people.FIELDS)


@pytest.fixture(scope="module")
def crowd():
    """Enough people that a model can be fitted to them; what follows adds a few of its own."""
    return people.world(300)


def entities(rows, fields=FIELDS):
    return resolve(rows, fields).entities()


def row(**said):
    return {column: said.get(column, "") for column in people.FIELDS}


def with_crowd(crowd, *rows):
    """Whether each of the given rows is one with the first of them, among everybody else."""
    mine = [(f"mine-{number}", each) for number, each in enumerate(rows)]
    found = entities([*crowd[0], *mine])
    return [found[id_] == found["mine-0"] for id_, _ in mine]


def test_records_of_one_person_are_found_without_labels(crowd):
    rows, truth = crowd
    found = pairwise(truth, entities(rows))
    assert found.precision > 0.98
    assert found.recall > 0.95


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_rows_makes_no_difference(crowd, seed):
    rows, _ = crowd
    mixed = list(rows)
    Random(seed).shuffle(mixed)
    assert entities(mixed) == entities(rows)


def test_the_bits_of_a_pair_are_the_same_to_the_last_in_any_company():
    more = {"zip": "postcode", "phone": "phone", "sex": "gender", "job": "occupation", "land": "region"}
    rows = [
        (id_, {**said, **{column: said["last"][at] for at, column in enumerate(more)}})
        for id_, said in people.world(60)[0]
        if len(said["last"]) > len(more)
    ]
    found = resolve(rows, Fields({**people.FIELDS, **more})).resolution
    score = scoring(found.table, found.model)
    left, right = np.triu_indices(40, 1)
    alone = [score(Pairs(left[[at]], right[[at]]))[0] for at in range(len(left))]
    assert alone == score(Pairs(left, right)).tolist()


def test_an_entity_is_called_by_the_least_id_of_its_rows(crowd):
    found = entities(crowd[0])
    groups: dict[str, list[str]] = {}
    for id_, entity in found.items():
        groups.setdefault(entity, []).append(id_)
    assert all(entity == min(ids) for entity, ids in groups.items())


def test_given_and_family_name_may_be_swapped(crowd):
    right = row(first="wilhelmine", last="zumsteg", born="1961-04-09", town="cronau")
    swapped = row(first="zumsteg", last="wilhelmine", born="1961-04-09")
    assert with_crowd(crowd, right, swapped) == [True, True]


def test_day_and_month_may_be_swapped(crowd):
    right = row(first="wilhelmine", last="zumsteg", born="1961-04-09")
    swapped = row(first="wilhelmine", last="zumsteg", born="1961-09-04")
    assert with_crowd(crowd, right, swapped) == [True, True]


def test_members_of_a_family_who_share_mailbox_and_town_are_apart(crowd):
    shared = {"last": "zumsteg", "town": "cronau", "mail": "zumsteg@post.example"}
    mother = row(first="wilhelmine", born="1961-04-09", **shared)
    son = row(first="boris", born="1989-11-23", **shared)
    assert with_crowd(crowd, mother, son) == [True, False]


def test_a_couple_whose_names_sound_alike_is_apart(crowd):
    shared = {"last": "zumsteg", "town": "cronau", "mail": "zumsteg@post.example"}
    assert with_crowd(crowd, row(first="john", **shared), row(first="jane", **shared)) == [True, False]


def test_short_forms_of_a_name_are_that_name(crowd):
    said = {"last": "zumsteg", "born": "1961-04-09", "mail": "zumsteg@post.example"}
    assert with_crowd(crowd, row(first="robert", **said), row(first="bob", **said)) == [True, True]


def test_father_and_son_of_one_name_are_apart(crowd):
    father = row(first="hugo", last="zumsteg sr", town="cronau", mail="zumsteg@post.example")
    son = row(first="hugo", last="zumsteg jr", town="cronau", mail="zumsteg@post.example")
    again = row(first="hugo", last="zumsteg senior", town="cronau", mail="zumsteg@post.example")
    assert with_crowd(crowd, father, son, again) == [True, False, True]


def test_father_and_son_who_are_told_apart_by_their_birth_alone_are_apart(crowd):
    shared = {"first": "hugo", "last": "zumsteg", "town": "cronau", "mail": "zumsteg@post.example"}
    father, son = row(born="1961-04-09", **shared), row(born="1989-11-23", **shared)
    assert with_crowd(crowd, father, son) == [True, False]


def test_equal_rows_that_say_much_are_one(crowd):
    same = row(first="wilhelmine", last="zumsteg", born="1961-04-09", mail="wz@post.example")
    assert with_crowd(crowd, same, same, same) == [True, True, True]


def test_equal_rows_that_say_little_are_not(crowd):
    """Many are called so."""
    assert with_crowd(crowd, row(first="anna"), row(first="anna")) == [True, False]


def test_rows_that_say_nothing_are_nobody(crowd):
    assert with_crowd(crowd, row(), row()) == [True, False]


def test_a_rare_name_weighs_more_than_a_common_one(crowd):
    rows, _ = crowd
    common = [(f"many-{n}", row(first="anna", last="schmidt", town=f"t{n}")) for n in range(40)]
    found = resolve([*rows, *common], FIELDS).resolution
    (family,) = found.table.of("family_name")
    rarity = dict(zip(family.values, found.model.weights[found.table.at("family_name")].rarity, strict=True))
    assert rarity["schmidt"] < min(rarity[name] for name in people.FAMILY if name in rarity) - 1


@pytest.mark.parametrize("script", ["wang wei", "Wang Wei", "WANG, WEI"])
def test_a_chinese_name_is_known_in_latin_letters(script):
    fields = Fields({"name": "name", "born": "date", "id": "identifier"})
    chance = Random(3)
    crowd = [
        (f"c{n}", {"name": f"{chance.choice('李陈张刘黄周')}{chance.choice('娜敏静丽强磊洋勇')}{n % 7}",
                   "born": f"{1950 + n % 50}-0{1 + n % 9}-1{n % 9}", "id": f"{n:012d}"})
        for n in range(120)
    ]  # fmt: skip
    pair = [
        ("a", {"name": "王伟", "born": "1984-03-07", "id": "460100998877"}),
        ("b", {"name": script, "born": "1984-03-07", "id": "460100998877"}),
    ]
    found = entities([*crowd, *pair], fields)
    assert found["a"] == found["b"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": "", "b": "Wilhelmine Zumsteg"}, {"a": "Zumsteg, Wilhelmine", "b": ""}),
        ({"a": "Hugo Zumsteg, Jr.", "b": ""}, {"a": "Hugo Zumsteg Junior", "b": ""}),
        ({"a": "Thomas Thomas", "b": ""}, {"a": "Thomas, Thomas", "b": ""}),
    ],
)
def test_a_whole_name_is_parted_wherever_it_stands(one, other):
    fields = Fields({"a": "name", "b": "name"})
    features = features_of(fields)
    assert list(values_of(one, fields, features)) == list(values_of(other, fields, features))


def test_things_are_resolved_by_their_texts():
    chance = Random(5)
    stock = ["".join(chance.choices("bcdfglmnprst", k=7)) for _ in range(60)]
    things = [(f"t{n}", {"title": " ".join(chance.sample(stock, 6))}) for n in range(200)]
    again = [
        (f"u{n}", {"title": " ".join(reversed(said["title"].split()))}) for n, (_, said) in enumerate(things)
    ]
    found = entities([*things, *again], Fields({"title": "text"}))
    assert sum(found[f"t{n}"] == found[f"u{n}"] for n in range(200)) > 190


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*(st.text(max_size=40) for _ in KINDS)), max_size=8))
def test_whatever_stands_in_the_cells_is_borne(cells):
    fields = Fields({f"c{number}": kind for number, kind in enumerate(KINDS)})
    rows = [(f"r{n}", {f"c{at}": text for at, text in enumerate(each)}) for n, each in enumerate(cells)]
    assert len(entities(rows, fields)) == len(rows)


# --- who is there very often, and what very many have ------------------------------------------------


@pytest.fixture(scope="module")
def hubs():
    rows, truth = people.hubs(2_000, 300)
    return rows, truth, resolve(rows, Fields(people.HUB_FIELDS))


def test_somebody_in_thousands_of_records_under_thirty_spellings_stays_one(hubs):
    _, truth, found = hubs
    entity = found.entities()
    busy = Counter(entity[id_] for id_, who in truth.items() if who == "busy")
    (largest, records), *_ = busy.most_common(1)
    assert records > 0.99 * busy.total()
    assert not [who for id_, who in truth.items() if entity[id_] == largest and who != "busy"]


def test_a_phone_that_all_guests_of_a_hotel_give_joins_nobody(hubs):
    _, truth, found = hubs
    entity = found.entities()
    guests = [entity[id_] for id_, who in truth.items() if who.startswith("g")]
    assert len(set(guests)) > 0.99 * len(guests)


def test_others_are_resolved_beside_them_as_well_as_without(hubs):
    _, truth, found = hubs
    others = {id_: who for id_, who in truth.items() if who.startswith("p")}
    entity = found.entities()
    assert pairwise(others, {id_: entity[id_] for id_ in others}).f1 > 0.98


def test_of_somebody_in_thousands_of_records_few_are_compared(hubs):
    rows, truth, found = hubs
    compared = found.resolution.standing == np.arange(len(found.resolution.table))
    busy = [truth[id_] == "busy" for id_ in found.ids]
    assert len(set(found.profiles[busy].tolist())) > 1_000
    assert compared[list(set(found.profiles[busy].tolist()))].sum() < 700
    assert found.resolution.compared < 200 * len(rows)


@pytest.mark.parametrize("seed", range(2))
def test_who_is_there_often_is_the_same_in_any_order(hubs, seed):
    rows, _, found = hubs
    mixed = list(rows)
    Random(seed).shuffle(mixed)
    assert resolve(mixed, Fields(people.HUB_FIELDS)).entities() == found.entities()


# --- tables that are odd ----------------------------------------------------------------------------


def test_a_table_without_rows_has_no_entities():
    assert entities([]) == {}


def test_a_table_of_one_row_is_one_entity():
    assert entities([("a", row(first="anna"))]) == {"a": "a"}


def test_columns_that_are_empty_or_always_the_same_say_nothing(crowd):
    rows, truth = crowd
    fields = Fields({**people.FIELDS, "nothing": "identifier", "always": "region"})
    more = [(id_, {**said, "nothing": "", "always": "hainan"}) for id_, said in rows]
    assert pairwise(truth, entities(more, fields)).f1 > 0.97


def test_columns_of_the_wrong_kind_are_borne(crowd):
    rows, _ = crowd
    fields = Fields({"first": "date", "last": "phone", "born": "email", "town": "postcode", "mail": "year"})
    assert len(entities(rows, fields)) == len(rows)


def test_very_many_equal_rows_are_compared_once(crowd):
    rows, _ = crowd
    same = row(first="wilhelmine", last="zumsteg", born="1961-04-09", mail="wz@post.example")
    found = resolve([*rows, *((f"same-{n}", same) for n in range(20_000))], FIELDS)
    assert len(found.resolution.table) <= len(rows) + 1
    entities_of = found.entities()
    assert len({entity for id_, entity in entities_of.items() if id_.startswith("same")}) == 1
    before, after = (each.resolution.model for each in (resolve(rows, FIELDS), found))
    assert after.link == pytest.approx(before.link, abs=0.1), "others are no more likely one for it"
    for weights, others in zip(after.weights, before.weights, strict=True):
        assert weights.m == pytest.approx(others.m, abs=0.01), "nor are they mistyped less"


def test_a_block_that_holds_everybody_asks_for_no_pairs():
    """Two thousand rows of one surname and one day of birth would be two million pairs."""
    rows = [(f"r{n}", row(first=f"x{n:04d}y", last="zumsteg", born="1961-04-09")) for n in range(2_000)]
    assert resolve(rows, FIELDS).resolution.compared < 20 * len(rows)
