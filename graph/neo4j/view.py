"""A session together with a transaction of the owner: what every question of the reader starts from.

A change may be applied in the middle of a reading. Nothing that an earlier transaction knew is lost by that,
so a view keeps to the last transaction that was whole when it was opened, and sees one unchanging state.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from neo4j import Query, Session
from neo4j.exceptions import DriverError, Neo4jError

from graph.chunks import chunks
from graph.neo4j.errors import SLOW, map_neo4j_errors
from graph.neo4j.model import LIVE
from graph.noted import Noted
from schemas.errors import StoreAway, TooSlow

Row = tuple[Any, ...]
Left = Callable[[], float]
"""How many seconds are left of those in which an answer is wanted."""

_AT_ONCE = 2000
"""Keys in one statement."""
_WAITS = (0.1, 0.4, 1.5)
"""Seconds before a question is asked again after a transient error; somebody waits for the answer."""

_LEAST = 0.001
"""Seconds of the shortest bound: the server counts in milliseconds, and takes none for no bound."""

_POSITION = """MATCH (p:Projection {name: 'suyuan'}) WHERE p.store IS NOT NULL
RETURN p.seq - CASE p.part WHEN p.parts THEN 0 ELSE 1 END, p.wiping"""
_LAST_BY = """MATCH (t:Transaction) WHERE t.received <= $moment AND t.seq <= $tx
RETURN t.seq ORDER BY t.received DESC LIMIT 1"""
_NOTHING = (
    "nothing is projected into this Neo4j yet: run a worker that projects (`suyuan worker project`), "
    "or name a store file with --store"
)
_ANEW = "the graph in this Neo4j is being projected anew: wait until it is done"


def live(*names: str) -> str:
    """That all of these, nodes or relationships, were live at `$tx`.

    >>> print(live("f"))
    (f.opened <= $tx AND coalesce(f.closed, $live) > $tx)
    """
    each = (f"({name}.opened <= $tx AND coalesce({name}.closed, $live) > $tx)" for name in names)
    return " AND ".join(each)


def said_by(fact: str) -> str:
    """A subquery: the record that states a relationship, as `r`."""
    return f"""CALL ({fact}) {{ MATCH (r:Record {{rec: {fact}.rec}}) RETURN r
    UNION ALL MATCH (r:WasRecord {{rec: {fact}.rec}}) RETURN r }}"""


def lives(entity: str) -> str:
    """That an entity was live at `$tx`: it may have begun and ended several times."""
    begun, ended = (f"size([t IN {entity}.{name} WHERE t <= $tx])" for name in ("opened", "closed"))
    return f"{begun} > {ended}"


class View:
    """What was known at the end of one transaction. What is asked when no time is `left` is not answered."""

    def __init__(self, session: Session, as_of: int | None = None, left: Left | None = None) -> None:
        self._session, self._left = session, left
        self.noted = Noted()
        self.as_of = as_of
        self.tx = 0
        self.tx = self._last_tx(as_of)

    def _last_tx(self, as_of: int | None) -> int:
        found = self.rows(_POSITION)
        if not found:
            raise StoreAway(_NOTHING)
        ((tx, wiping),) = found
        if wiping:
            raise StoreAway(_ANEW)
        if as_of is None:
            return int(tx)
        known = self.rows(_LAST_BY, moment=as_of, tx=tx)
        return int(known[0][0]) if known else -1

    def rows(self, query: str, **values: object) -> list[Row]:
        """All rows of a statement; `$tx` is this view's, `$live` what `closed` is while something is live.

        Raises `TooSlow` when the time is over before the server has answered, `StoreUnavailable`.
        """
        if self._ends_within(0):
            raise TooSlow(SLOW)
        asked = {"tx": self.tx, "live": LIVE, **values}
        with map_neo4j_errors():
            for wait in _WAITS:
                try:
                    return self._read(query, asked)
                except (Neo4jError, DriverError) as error:
                    if not error.is_retryable() or self._ends_within(wait):
                        raise
                    time.sleep(wait)
            return self._read(query, asked)

    def _read(self, query: str, values: dict[str, object]) -> list[Row]:
        """In a transaction of its own: a managed one would cost a round trip more."""
        bound = None if self._left is None else max(self._left(), _LEAST)
        return list(map(tuple, self._session.run(Query(query, timeout=bound), values).values()))

    def _ends_within(self, seconds: float) -> bool:
        return self._left is not None and self._left() < seconds

    def rows_for(self, keys: Iterable[object], query: str, **values: object) -> Iterator[Row]:
        """The rows of a statement over `$keys`, for any number of keys."""
        for chunk in chunks(list(keys), _AT_ONCE):
            yield from self.rows(query, keys=chunk, **values)
