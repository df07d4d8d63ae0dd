"""When a name is locked because attempts to sign in fail: pure, the clock is the caller's.

Five failures within a quarter of an hour lock it for a quarter of an hour. The first failure after that locks
it again, for twice as long, up to a day; a day without failures, or a right password, forgets all of it.
What comes while it is locked is not looked at and not counted, so nobody can prolong somebody's lock.
"""

from __future__ import annotations

from msgspec import Struct

from schemas.times import DAY, MINUTE

ATTEMPTS = 5
WITHIN = 15 * MINUTE
FIRST = 15 * MINUTE
LONGEST = DAY
FORGOTTEN = DAY


class Attempts(Struct, frozen=True, kw_only=True):
    """What failed so far under one name; all times in microseconds, 0 is never.

    `recent` are the failures that still count, `locks` how often in a row it was locked.
    """

    recent: tuple[int, ...] = ()
    locks: int = 0
    locked_until: int = 0
    last: int = 0

    def locked(self, at: int) -> bool:
        """Whether it is locked at this moment."""
        return at < self.locked_until


def failed(before: Attempts, at: int) -> Attempts:
    """What there is after one more failure.

    >>> attempts = Attempts()
    >>> for second in range(5):
    ...     attempts = failed(attempts, second * 1_000_000)
    >>> attempts.locked(0), attempts.locked_until // 60_000_000
    (True, 15)
    """
    if before.locked(at):
        return before
    if at - max(before.last, before.locked_until) >= FORGOTTEN:
        before = Attempts()
    recent = (*(each for each in before.recent if at - each < WITHIN), at)
    if not before.locks and len(recent) < ATTEMPTS:
        return Attempts(recent=recent, last=at)
    length = min(FIRST << before.locks, LONGEST)
    return Attempts(locks=before.locks + 1, locked_until=at + length, last=at)
