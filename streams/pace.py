"""How many records a transaction takes, so that nobody who waits for one waits long."""

from __future__ import annotations

_LEAST = 5
"""The smallest transaction is this part of the largest: what is done in each, whatever its size, must not
become most of the work."""


class Pace:
    """As many records as should fit into a time, by what the transaction before took, at most `most`.

    A record takes longer where people are busy, and just after a store was opened, when what is asked for
    still lies on the disk. Without `seconds` every transaction takes `most`.

    >>> pace = Pace(250, seconds=0.5)
    >>> pace.took(250, 1.0)
    >>> pace.size
    125
    """

    def __init__(self, most: int, seconds: float | None = None) -> None:
        self.size = self._most = most
        self._seconds = seconds

    def took(self, records: int, seconds: float) -> None:
        """So many records took so long; a clock that was set back says nothing."""
        if self._seconds is None or not records or seconds <= 0:
            return
        fitting = records * self._seconds / seconds
        # not more than twice as many at once: one quick transaction does not make the next one slow
        self.size = max(1, self._most // _LEAST, int(min(fitting, 2 * self.size, self._most)))
