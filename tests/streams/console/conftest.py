from __future__ import annotations

import shutil
from contextlib import ExitStack

import pytest

from tests.streams.console.office import Console, make_world


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
