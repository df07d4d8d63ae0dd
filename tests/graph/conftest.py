from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from builder import StoreBuilder


@pytest.fixture
def store():
    built = StoreBuilder()
    yield built
    built.db.close()
