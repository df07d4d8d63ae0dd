"""What all tests share: how long hypothesis looks for a counterexample, and the servers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.graph.stores import projections  # noqa: F401
from tests.servers import (  # noqa: F401 fixtures are found by their names here
    empty_neo4j,
    kafka,
    neo4j,
    own_kafka,
    own_neo4j,
    topic_prefix,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

settings.register_profile(
    "quick",
    max_examples=50,
    deadline=None,
    # The same examples on every machine: a change is blamed only for what it did.
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak",
    max_examples=2000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

# The servers of tests live for minutes: what Java saves by compiling less shows in every start.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Tests of the one Neo4j run in one process: it has one database, so others would only wait for it."""
    for item in items:
        if "neo4j" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("neo4j"))


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes are named by their number: what is in them may depend on the time (gzip writes it there).

    The processes of a run compare the names of their tests, and refuse to start when they differ.
    """
    return f"{len(val)} bytes" if isinstance(val, bytes) else None
