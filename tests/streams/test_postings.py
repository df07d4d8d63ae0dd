"""The index of numbers by key: what was loaded and what came since, and that settling changes nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streams.postings import Postings


def arrays(*postings):
    return np.array([h for h, _ in postings], np.int64), np.array([p for _, p in postings], np.int32)


def test_the_index_finds_what_was_loaded_and_what_came_since():
    index = Postings(*arrays((5, 1), (-7, 2), (5, 3)))
    index.add(5, 4)
    index.add(9, 5)
    assert {key: sorted(pids) for key, pids in index.lookup([5, -7, 9, 11]).items()} == {
        5: [1, 3, 4], -7: [2], 9: [5], 11: [],
    }  # fmt: skip
    assert len(index) == 5
    assert index.lookup([]) == {}
    assert Postings(*arrays()).lookup([1]) == {1: []} == Postings().lookup([1])


@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(1, 50)), min_size=20, max_size=60), st.integers(1, 9)
)
def test_settling_runs_changes_nothing_of_what_is_found(postings, merge_at):
    index = Postings(*arrays(*postings[:10]))
    index._MERGE_AT = merge_at
    for key, pid in postings[10:]:
        index.add(key, pid)
        index.settle()
    wanted = {key: sorted(pid for k, pid in postings if k == key) for key in range(-3, 4)}
    assert {key: sorted(pids) for key, pids in index.lookup(list(range(-3, 4))).items()} == wanted
    assert len(index) == len(postings)
    assert len(index._runs) <= 8
