from __future__ import annotations

import shutil
from contextlib import ExitStack

import pytest

from schemas.times import SECOND
from tests.streams.console.office import Console, make_world
from tests.streams.console.provider import provided
from tests.streams.console.way import Way


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    make_world(folder)
    return folder


@pytest.fixture
def console(world, tmp_path):
    shutil.copytree(world, tmp_path, dirs_exist_ok=True)
    with ExitStack() as opened:
        yield Console(opened, tmp_path)


@pytest.fixture
def way(console):
    """The console with an identity provider that it trusts."""
    with provided(lambda: console.moment // SECOND) as provider:
        yield Way(console, provider)
