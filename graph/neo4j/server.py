"""How a Neo4j server is reached: its address and credentials, one driver, short waits."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from neo4j import Driver, GraphDatabase, NotificationMinimumSeverity

from graph.neo4j.access import Access
from graph.neo4j.errors import GONE, map_neo4j_errors
from schemas.errors import StoreUnavailable

_CONNECT_SECONDS = 5.0


@contextmanager
def connected(access: Access, *, retry_seconds: float = 30.0) -> Iterator[Driver]:
    """A driver that has reached the server; it may be shared by threads.

    `retry_seconds`: how long a transaction is tried again after transient errors. Raises `UsageError`
    for an address that is none, `StoreUnavailable` when nobody answers there or the password is wrong.
    """
    access.check()
    _quiet()
    with map_neo4j_errors():
        driver = GraphDatabase.driver(
            access.uri,
            auth=(access.user, access.password),
            connection_timeout=_CONNECT_SECONDS,
            connection_acquisition_timeout=2 * _CONNECT_SECONDS,
            max_transaction_retry_time=retry_seconds,
            notifications_min_severity=NotificationMinimumSeverity.OFF,
            user_agent="suyuan",
        )
    with driver:
        with map_neo4j_errors():
            _reach(driver)
        yield driver


def _quiet() -> None:
    """What the driver logs goes where the program logs, and to nobody's terminal when it does not."""
    logger = logging.getLogger("neo4j")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _reach(driver: Driver) -> None:
    try:
        driver.verify_connectivity()
    except ValueError as error:  # a name that is resolved to nothing
        raise StoreUnavailable(GONE) from error
