"""The ablation benchmark: that each thing is really switched off, and on again."""

from __future__ import annotations

import pytest

from streams.bench.ablation import ABLATIONS, run, without
from streams.tables.comparisons import COMPARISONS
from streams.tables.fields import Fields
from streams.tables.resolving import resolve
from tests.streams.tables import people

FIELDS = Fields(people.FIELDS)
BY_NAME = {each.name: each for each in ABLATIONS}


@pytest.fixture(scope="module")
def crowd():
    return people.world(80)[0]


def entities_without(rows, name):
    with without(BY_NAME[name]):
        return len(set(resolve(rows, FIELDS).entities().values()))


def test_no_two_ablations_have_one_name():
    assert len(BY_NAME) == len(ABLATIONS)


@pytest.mark.parametrize("ablation", ABLATIONS, ids=lambda each: each.name)
def test_what_was_switched_off_is_on_again_afterwards(ablation):
    before = [vars(place)[name] for place, name, _ in ablation.patches]
    with without(ablation):
        inside = [vars(place)[name] for place, name, _ in ablation.patches]
    after = [vars(place)[name] for place, name, _ in ablation.patches]
    assert all(one is other for one, other in zip(before, after, strict=True))
    assert all(one is not other for one, other in zip(before, inside, strict=True))


@pytest.mark.parametrize("name", ["swapped names", "levels of name", "levels of date"])
def test_without_what_joins_rows_more_of_them_stay_apart(crowd, name):
    assert entities_without(crowd, name) > len(set(resolve(crowd, FIELDS).entities().values()))


def test_without_nicknames_a_short_form_is_another_name():
    levels = COMPARISONS["name"].levels
    assert levels(["bob"], ["robert"]) > 0
    with without(BY_NAME["nicknames"]):
        assert levels(["bob"], ["robert"]) == 0


def test_without_their_keys_fewer_rows_are_compared(crowd):
    every = resolve(crowd, FIELDS).resolution.compared
    for name in ("key: all of a name alone", "key: all of a date", "key: sound"):
        with without(BY_NAME[name]):
            assert resolve(crowd, FIELDS).resolution.compared < every


def test_groups_may_be_joined_by_one_measure_of_the_links_between_them(crowd):
    many = [entities_without(crowd, f"groups by the {measure} link") for measure in ("best", "mean")]
    assert many == sorted(set(many))


def test_the_difference_to_the_whole_is_told_in_points_by_table(tmp_path):
    people.write(tmp_path, 30)
    figures = run(tmp_path)
    assert list(figures) == ["whole", *BY_NAME]
    assert figures["whole"]["people"] == figures["whole"]["mean"] > 0.9
    assert figures["levels of name"]["people"] < -1.0
    assert figures["levels of phones"] == {"people": 0.0, "mean": 0.0, "pairs": 1.0}
    assert figures["key: sound"]["pairs"] < 1.0
