"""How a Neo4j server is reached: its address and credentials, one driver, short waits."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from neo4j import Driver, GraphDatabase, NotificationMinimumSeverity

from graph.neo4j.access import Access
from graph.neo4j.errors import GONE, map_neo4j_errors
from schemas.errors import StoreAway

CONNECT_SECONDS = 5.0
_IDLE_SECONDS = 60.0
"""After which a connection is tried before it is used: firewalls drop idle ones and say nothing."""


@contextmanager
def connected(access: Access, *, retry_seconds: float = 30.0) -> Iterator[Driver]:
    """A driver that has reached the server; it may be shared by threads.

    `retry_seconds`: how long a transaction is tried again after transient errors. Raises `UsageError`
    for an address that is none, `StoreUnavailable` when nobody answers there or the password is wrong.
    """
    with made_driver(access, retry_seconds) as driver:
        with map_neo4j_errors():
            _reach(driver)
        yield driver


def made_driver(access: Access, retry_seconds: float = 30.0) -> Driver:
    """A driver that has not reached anybody yet: it does so when it is asked, and anew when it was cut off.

    Raises `UsageError` for an address that is none.
    """
    access.check()
    _quiet()
    with map_neo4j_errors():
        return GraphDatabase.driver(
            access.uri,
            auth=(access.user, access.password),
            connection_timeout=CONNECT_SECONDS,
            connection_acquisition_timeout=2 * CONNECT_SECONDS,
            liveness_check_timeout=_IDLE_SECONDS,
            max_transaction_retry_time=retry_seconds,
            notifications_min_severity=NotificationMinimumSeverity.OFF,
            user_agent="suyuan",
        )


def _quiet() -> None:
    """What the driver logs goes where the program logs, and to nobody's terminal when it does not."""
    logger = logging.getLogger("neo4j")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _reach(driver: Driver) -> None:
    try:
        driver.verify_connectivity()
    except ValueError as error:  # a name that is resolved to nothing
        raise StoreAway(GONE) from error
