from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fake_reader import Owner  # noqa: E402  tests are not a package; the fake stands beside them


@pytest.fixture
def owner():
    return Owner()
