"""Splink beside the resolver: what it is told of a table, and, where it is installed, what it finds."""

from __future__ import annotations

import pytest

from streams.bench.evaluate import pairwise
from streams.bench.peers import plan, said, splink
from streams.tables.fields import KINDS, Fields
from tests.streams.tables import people

FIELDS = Fields(people.FIELDS)


def compared(fields):
    told = plan(fields)
    return {told.columns[column].name: each.name for column, each in told.comparisons.items()}


def test_each_kind_of_field_has_the_comparison_that_splink_has_for_it():
    assert compared(FIELDS) == {
        "given": "NameComparison",
        "family": "NameComparison",
        "date": "DateOfBirthComparison",
        "town": "ExactMatch",
        "mail": "EmailComparison",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_of_any_one_kind_is_compared_and_blocked(kind):
    told = plan(Fields({"it": kind}))
    assert told.comparisons
    assert told.blocking or told.lists


def test_a_match_is_learned_under_two_rules_that_leave_each_others_columns_free():
    one, other = plan(FIELDS).training
    assert (one, other) == (("given_name_0", "family_name_1"), ("date_3",))


def test_rows_meet_by_what_they_have_in_common_whatever_is_wrong_with_a_field():
    told = plan(FIELDS)
    year = "substr(date_3, 1, 4)"
    assert set(told.blocking) == {
        ("given_name_0", "family_name_1"),
        ("date_3",),
        ("given_name_0", year),
        ("family_name_1", year),
        ("substr(given_name_0, 1, 1)", "substr(family_name_1, 1, 4)", year),
        ("city_5", "given_name_0"),
        ("city_5", "family_name_1"),
        ("email_4",),
        ("split_part(email_4, '@', 1)",),
    }
    for wrong in told.columns:
        assert any(all(wrong not in part for part in rule) for rule in told.blocking)


def test_splink_gets_what_rows_say_in_the_form_that_it_takes():
    fields = Fields({"who": "name", "born": "date", "tel": "phone"})
    rows = [("a", {"who": "Zumsteg, Ämilie", "born": "9/4/1961", "tel": "+49 30 1234567; 7654321"})]
    told = plan(fields)
    assert list(said([*rows, ("b", {"who": "", "born": "1961", "tel": ""})], fields, told)) == [
        ["a", "amilie", "zumsteg", None, "1961-04-09", ["1234567", "7654321"]],
        ["b", None, None, None, None, None],
    ]


def test_columns_may_be_called_anything():
    told = plan(Fields({'a "b" c': "city", "select": "identifier"}))
    assert all(column.isidentifier() and column.isascii() for column in told.columns)


def test_splink_resolves_made_up_people_and_says_nothing(capfd):
    pytest.importorskip("splink", reason="only the benchmark compares with it: make bench installs it")
    resolve = splink()
    rows, truth = people.world(300)
    found = resolve(rows, FIELDS)
    assert found.keys() == truth.keys()
    assert pairwise(truth, found).f1 > 0.75
    assert resolve(rows, FIELDS) == found
    assert capfd.readouterr() == ("", "")


def test_splink_resolves_a_table_that_hardly_says_anything():
    pytest.importorskip("splink", reason="only the benchmark compares with it: make bench installs it")
    fields = Fields({"mail": "email", "tel": "phone"})
    rows = [("a", {"mail": "a@post.example", "tel": ""}), ("b", {"mail": "b@post.example", "tel": ""})]
    found = splink()(rows, fields)
    assert len(set(found.values())) == 2
