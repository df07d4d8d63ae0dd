"""An outpost on the broker that all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.streams.kafka.outpost import Outpost


@pytest.fixture
def outpost(kafka: str, topic_prefix: str, tmp_path: Path) -> Iterator[Outpost]:
    """Its topics are made; nothing runs."""
    with Outpost(tmp_path, kafka, topic_prefix) as made:
        yield made
