"""Stores of the records of `small_store`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.streams.cli.small_store import LINES, REFUSED, Suyuan


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of the records above; not to be changed."""
    folder = tmp_path_factory.mktemp("filled")
    (folder / "records.jsonl").write_text("\n".join([*LINES, REFUSED]), encoding="utf-8")
    suyuan = Suyuan(folder / "case.db")
    suyuan.text("ingest", str(folder / "records.jsonl"))
    return folder


@pytest.fixture
def suyuan(filled: Path) -> Suyuan:
    """The command on the common store; for questions only."""
    return Suyuan(filled / "case.db")


@pytest.fixture
def own(filled: Path, tmp_path: Path) -> Suyuan:
    """The command on a copy of the store that the test may change."""
    shutil.copytree(filled, tmp_path / "own")
    return Suyuan(tmp_path / "own" / "case.db")


@pytest.fixture
def empty(tmp_path: Path) -> Callable[[str], Suyuan]:
    """The command on a store that is not there yet."""
    return lambda name: Suyuan(tmp_path / name)
