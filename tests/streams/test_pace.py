"""The pace of transactions keeps to a time without giving up more than it must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.pace import Pace


@pytest.mark.parametrize("a_record", [0.0005, 0.0024, 0.004])
@pytest.mark.parametrize("fixed", [0.0, 0.1, 0.2])
def test_a_transaction_comes_to_the_time_it_is_to_take_or_to_the_most_records(a_record, fixed):
    pace = Pace(250, seconds=0.5)
    for _ in range(10):
        pace.took(pace.size, fixed + a_record * pace.size)
    wanted = min(250, (0.5 - fixed) / a_record)
    assert abs(pace.size - wanted) <= 0.05 * wanted + 1


def test_after_one_slow_transaction_it_grows_again_by_steps():
    pace = Pace(240, seconds=0.5)
    sizes = []
    for seconds in (5.0, 0.05, 0.05, 0.05, 0.05):
        pace.took(pace.size, seconds)
        sizes.append(pace.size)
    assert sizes == [48, 96, 192, 240, 240]


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(-10, 1e6))))
def test_it_is_never_more_than_the_most_nor_less_than_a_fifth_whatever_the_clock_says(told):
    pace = Pace(250, seconds=0.5)
    for records, seconds in told:
        pace.took(records, seconds)
        assert 50 <= pace.size <= 250


@given(st.integers(1, 300), st.floats(-10, 1e6))
def test_without_a_time_every_transaction_is_as_large_as_said(most, seconds):
    pace = Pace(most)
    pace.took(most, seconds)
    assert pace.size == most
