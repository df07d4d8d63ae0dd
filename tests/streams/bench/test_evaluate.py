from __future__ import annotations

import pytest

from streams.bench.evaluate import Found, Rate, evaluate, found_from_export, pairwise, read_truth

TRUTH = [
    {"person": "P1", "mentions": ["110/1#a", "110/2#a", "110/3#a"]},
    {"person": "P2", "mentions": ["110/1#b", "110/2#b"]},
    {"person": "P3", "mentions": ["110/9#c"]},
    {"vehicle": "V1", "mentions": ["110/1#v", "110/2#v"]},
    {"hoax": {"record": "110/9"}},
    {
        "delivery": {
            "record": "110/1",
            "from": "P1",
            "to": "P2",
            "substance": None,
            "basis": "relation",
            "content": "goods",
        }
    },
    {"source": {"origin": "110/2#b", "producers": ["P1"], "ends": ["P1", "P3"]}},
    {"counts": {"records": 4}},
]
ENTITY = {
    "110/1#a": "x", "110/2#a": "x", "110/3#a": "x", "110/1#b": "y", "110/2#b": "y", "110/9#c": "z",
    "110/1#v": "v", "110/2#v": "v",
}  # fmt: skip
RIGHT = (("110/1", "x", "y"),)


@pytest.fixture
def truth():
    return read_truth(TRUTH)


def test_what_is_all_right_scores_one_everywhere(truth):
    found = evaluate(truth, Found(ENTITY, RIGHT), lambda _: {"x"})
    for rate in (found.persons, found.vehicles, found.deliveries, found.sources):
        assert (rate.precision, rate.recall, rate.f1) == (1.0, 1.0, 1.0)


def test_a_wrong_merge_costs_precision_and_a_split_costs_recall(truth):
    merged = evaluate(truth, Found(ENTITY | {"110/9#c": "x"}, RIGHT)).persons
    split = evaluate(truth, Found(ENTITY | {"110/3#a": "new"}, RIGHT)).persons
    assert (merged.right, merged.found, merged.true) == (4, 7, 4)
    assert (split.right, split.found, split.true) == (2, 2, 4)


def test_a_mention_that_was_not_found_stands_alone():
    assert pairwise({"a": "P", "b": "P"}, {"a": "x"}) == Rate(0, 0, 1)


def test_a_delivery_of_another_record_direction_or_person_is_wrong(truth):
    for wrong in (("110/2", "x", "y"), ("110/1", "y", "x"), ("110/1", "x", "z")):
        rate = evaluate(truth, Found(ENTITY, (wrong,))).deliveries
        assert (rate.right, rate.found, rate.true) == (0, 1, 1)


def test_a_delivery_from_an_entity_that_is_mostly_somebody_else_is_wrong(truth):
    mixed = ENTITY | {"110/1#b": "x", "110/2#b": "y"}
    assert evaluate(truth, Found(mixed, (("110/1", "x", "x"),))).deliveries.right == 0


def test_a_delivery_stated_twice_counts_once(truth):
    assert evaluate(truth, Found(ENTITY, RIGHT * 2)).deliveries == Rate(1, 1, 1)


def test_a_delivery_between_things_the_truth_does_not_know_is_left_unjudged(truth):
    found = evaluate(truth, Found(ENTITY, (*RIGHT, ("110/5", "x", "shop"))))
    assert found.deliveries == Rate(1, 1, 1)
    assert found.unjudged == 1


def test_sources_missed_cost_recall_and_others_precision(truth):
    missed = evaluate(truth, Found(ENTITY, RIGHT), lambda _: set()).sources
    wrong = evaluate(truth, Found(ENTITY, RIGHT), lambda _: {"x", "y"}).sources
    assert (missed.recall, missed.precision) == (0.0, 1.0)
    assert (wrong.recall, wrong.precision) == (1.0, 0.5)


def test_an_end_that_only_a_hoax_leads_to_is_neither_right_nor_wrong(truth):
    assert evaluate(truth, Found(ENTITY, RIGHT), lambda _: {"x", "z"}).sources == Rate(1, 1, 1)


def test_each_origin_is_asked_for_by_its_mention(truth):
    asked = []
    evaluate(truth, Found(ENTITY, RIGHT), lambda name: asked.append(name) or set())
    assert asked == ["110/2#b"]


def test_an_export_gives_the_entities_of_mentions_and_the_deliveries():
    lines = [
        {
            "node": {
                "id": "x",
                "type": "person",
                "mentions": [{"record": "110/1", "ref": "a"}, {"record": "110/1", "span": [0, 11]}],
            }
        },
        {"node": {"id": "y", "type": "person", "mentions": [{"record": "110/1", "ref": "b"}]}},
        {"edge": {"id": "e", "type": "supplied", "from": "x", "to": "y", "records": ["110/1"]}},
        {"edge": {"id": "f", "type": "met", "from": "x", "to": "y", "records": ["110/1"]}},
        {"alert": {"id": "t"}},
    ]
    assert found_from_export(lines) == Found({"110/1#a": "x", "110/1#b": "y"}, (("110/1", "x", "y"),))


def test_nothing_to_find_and_nothing_found_is_no_fault():
    empty = evaluate(read_truth([]), Found({}, ()))
    assert empty.figures() == {
        "persons": {"precision": 1.0, "recall": 1.0, "f1": 1.0},
        "vehicles": {"precision": 1.0, "recall": 1.0, "f1": 1.0},
        "deliveries": {"precision": 1.0, "recall": 1.0, "f1": 1.0, "unjudged": 0},
        "sources": None,
    }
