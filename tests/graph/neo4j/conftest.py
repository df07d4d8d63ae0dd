from __future__ import annotations

import pytest

from tests.graph.stores import held


@pytest.fixture
def shared(projections):
    with held(projections) as alone:
        yield alone
