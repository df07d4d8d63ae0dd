"""What is kept of the graph from batch to batch, and when it is forgotten."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.alerts.memory import Memory

KEYS = st.integers(0, 9)


def test_an_answer_is_forgotten_when_whom_it_is_about_or_another_in_it_changes():
    memory: Memory[list[int]] = Memory(lambda found: found)
    for changed in (1, 7):
        memory.put(1, [7, 8])
        memory.put(2, [8])
        memory.forget([changed])
        assert memory.get(1) is None
        assert memory.get(2) == [8]


def test_what_nobody_asks_for_is_let_go_and_the_rest_stays():
    memory: Memory[str] = Memory(most=3)
    for key in range(40):
        memory.put(key, str(key))
        assert memory.get(0) == "0"
        memory.settle()
    assert memory.get(1) is None
    assert memory.lacks([0, 1, 39, 1]) == [1]


@given(st.lists(st.tuples(KEYS, st.lists(KEYS, max_size=3)) | st.sets(KEYS, max_size=2), max_size=60))
def test_nothing_is_remembered_that_a_change_has_made_old(steps):
    """The witness keeps everything and looks through all of it at each change."""
    memory: Memory[list[int]] = Memory(lambda found: found, most=4)
    witness: dict[int, list[int]] = {}
    for step in steps:
        if isinstance(step, tuple):
            key, answer = step
            if memory.get(key) is None:
                memory.put(key, answer)
                witness[key] = answer
        else:
            memory.settle()
            memory.forget(step)
            witness = {k: v for k, v in witness.items() if k not in step and not step & set(v)}
        for key in range(10):
            assert memory.get(key) in (None, witness.get(key))
