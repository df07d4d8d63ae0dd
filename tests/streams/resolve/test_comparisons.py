"""At which level two dates of birth agree."""

from __future__ import annotations

import pytest

from streams.resolve.comparisons import compare_births


@pytest.mark.parametrize(
    ("left", "right", "bits"),
    [
        ("1990-06-03", "1990-06-03", 12.0),
        ("1990-06", "1990-06-03", 8.0),
        ("1990", "1990-06-03", 4.5),
        ("1990", "1990", 4.5),
        ("1990-03-06", "1990-06-03", 7.0),
        ("1990-06-03", "1990-06-08", 4.0),
        ("1990-06-13", "1991-06-13", 4.0),
        ("1999-06-13", "2000-06-13", 4.0),
        ("1990-06-23", "1998-06-23", 4.0),
        ("1988-06-23", "1993-06-23", 2.0),
        ("1990-06-03", "1990-11-03", 2.0),
        ("1990-06-03", "1985-11-21", -9.0),
        ("1990-06", "1991-06-03", -9.0),
        ("1990", "1991", -9.0),
    ],
)
def test_two_dates_of_birth_are_worth(left, right, bits):
    assert compare_births(left, right).bits == bits
    assert compare_births(right, left).bits == bits


def test_a_date_that_is_not_known_says_nothing():
    assert compare_births("", "1990") is None
    assert compare_births("1990", "") is None
