from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from builder import StoreBuilder

from graph.sqlite.reader import SqliteReader
from tests.graph.stores import held


@pytest.fixture
def store():
    built = StoreBuilder()
    yield built
    built.db.close()


@pytest.fixture(params=["sqlite", pytest.param("neo4j", marks=pytest.mark.xdist_group("neo4j"))])
def reader_of(request):
    """A reader of what a store's connection holds, as of a moment: of the store, and of its projection."""
    if request.param == "sqlite":
        yield SqliteReader
        return
    with held(request.getfixturevalue("projections")) as shared:
        yield shared.reader_of
