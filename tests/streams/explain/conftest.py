"""A store that people can be put into, and who answers why from it."""

from __future__ import annotations

import pytest

from graph.sqlite.reader import SqliteReader
from streams.explain.explainer import Explainer
from tests.streams.resolve.who import town


@pytest.fixture
def here():
    with town() as made:
        yield made


@pytest.fixture
def why(here):
    """`why()` answers from what the store holds at that moment."""
    return lambda: Explainer(here.owner.connection, SqliteReader(here.owner.connection))
