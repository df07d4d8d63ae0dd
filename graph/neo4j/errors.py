"""Neo4j's errors as ours, with what to do about them. No message repeats what the server says of values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    ConnectionPoolError,
    DatabaseError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from graph.neo4j.access import NOT_AN_ADDRESS
from schemas.errors import StoreAway, StoreUnavailable, TooSlow, UsageError

_REFUSED = (
    "Neo4j refuses the user or the password: set SUYUAN_NEO4J_USER and SUYUAN_NEO4J_PASSWORD "
    "(or SUYUAN_NEO4J_PASSWORD_FILE)"
)
_RATE = (
    "Neo4j refuses this user for some seconds after too many wrong passwords: wait, then try the right one"
)
GONE = (
    "no Neo4j answers at this address: see that it runs (`suyuan local status`) and that the address is right"
)
_BUSY = "Neo4j is starting, stopping or overloaded: try again in a moment"
SLOW = "this took too long and was cancelled: ask for less"
_MISSING = "Neo4j has no database of this name: Community has one, `neo4j`"


@contextmanager
def map_neo4j_errors() -> Iterator[None]:
    """Re-raise what the driver raises for the server (not for our Cypher) as the most specific error."""
    try:
        yield
    except AuthError as error:
        raise StoreUnavailable(_RATE if "RateLimit" in (error.code or "") else _REFUSED) from error
    except (ServiceUnavailable, SessionExpired, ConnectionPoolError) as error:
        raise StoreAway(GONE) from error
    except ConfigurationError as error:
        raise UsageError(NOT_AN_ADDRESS) from error
    except TransientError as error:
        raise StoreAway(_BUSY) from error
    except DatabaseError as error:
        raise StoreUnavailable(
            f"Neo4j failed ({error.code}): its log says why, often that its disk is full"
        ) from error
    except ClientError as error:
        if "TransactionTimedOut" in (error.code or ""):
            raise TooSlow(SLOW) from error
        if "DatabaseNotFound" in (error.code or ""):
            raise StoreUnavailable(_MISSING) from error
        raise
