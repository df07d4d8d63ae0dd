"""Locking a name after failures, with a clock that is made up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graph.console.lockout import ATTEMPTS, FIRST, FORGOTTEN, LONGEST, WITHIN, Attempts, failed
from schemas.times import DAY, MINUTE, SECOND
from tests.graph.console.people import AT


def after(*times: int) -> Attempts:
    attempts = Attempts()
    for at in times:
        attempts = failed(attempts, at)
    return attempts


def locked_first(at: int = AT) -> Attempts:
    return after(*[at] * ATTEMPTS)


def test_four_failures_do_not_lock_and_the_fifth_does():
    assert not after(*[AT] * 4).locked(AT)
    assert locked_first().locked_until == AT + FIRST


def test_five_failures_within_any_quarter_of_an_hour_lock():
    """Also where one before them stands at the beginning of another quarter."""
    early = [AT, AT + 14 * MINUTE, AT + 14 * MINUTE, AT + 16 * MINUTE, AT + 17 * MINUTE]
    assert not after(*early).locked(AT + 17 * MINUTE)
    assert after(*early, AT + 18 * MINUTE).locked(AT + 18 * MINUTE)


def test_failures_further_apart_do_not_lock():
    assert not after(*(AT + n * WITHIN for n in range(20))).locks


def test_what_comes_while_it_is_locked_changes_nothing():
    locked = locked_first()
    assert failed(locked, AT + FIRST - 1) == locked


def test_one_more_failure_after_the_lock_locks_for_twice_as_long_up_to_a_day():
    attempts, lengths = locked_first(), []
    for _ in range(10):
        at = attempts.locked_until
        assert not attempts.locked(at)
        attempts = failed(attempts, at)
        lengths.append((attempts.locked_until - at) // MINUTE)
    assert lengths == [30, 60, 120, 240, 480, 960, 1440, 1440, 1440, 1440]
    assert LONGEST == 1440 * MINUTE


def test_a_day_without_failures_forgets_them():
    locked = locked_first()
    assert failed(locked, locked.locked_until + FORGOTTEN - 1).locks == 2
    late = failed(locked, locked.locked_until + FORGOTTEN)
    assert (late.locks, late.recent) == (0, (locked.locked_until + FORGOTTEN,))


@given(st.lists(st.one_of(st.integers(0, 60 * SECOND), st.integers(0, 3 * DAY)), min_size=1, max_size=60))
def test_nobody_tries_more_than_five_and_one_for_each_lock(gaps: list[int]):
    """Failures that are looked at: at most four in a quarter of an hour before a lock, one between locks."""
    attempts, at, looked_at = Attempts(), AT, []
    for gap in gaps:
        at += gap
        if not attempts.locked(at):
            looked_at.append(at)
            attempts = failed(attempts, at)
    for first in looked_at:
        assert sum(first <= each < first + WITHIN for each in looked_at) <= ATTEMPTS
