"""A workbench in a folder, with hashes that cost nothing and chance that is counted."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from graph.console.access import Role
from graph.console.accounts import Account, Accounts, Newcomer
from graph.console.passwords import Fresh, Passwords
from graph.console.sessions import Sessions
from graph.console.workbench import Workbench
from tests.graph.console.people import AT, GOOD

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "case.console.db"


@pytest.fixture
def workbench(path: Path) -> Iterator[Workbench]:
    with Workbench.open(path) as opened:
        yield opened


@pytest.fixture
def fresh() -> Fresh:
    """Bytes that are another each time, and the same in every run."""
    return random.Random(551).randbytes


@pytest.fixture
def accounts(workbench: Workbench, fresh: Fresh) -> Accounts:
    return Accounts(workbench, fresh, Passwords(CHEAP))


@pytest.fixture
def sessions(workbench: Workbench, fresh: Fresh) -> Sessions:
    return Sessions(workbench, fresh)


@pytest.fixture
def li(accounts: Accounts) -> Account:
    """An investigator of Hainan, in the team of one case."""
    new = Newcomer(user="li", name="李安", role=Role.INVESTIGATOR, regions=["46"], cases=["2019-551"])
    accounts.add(new, AT, GOOD)
    return accounts.one("li")


@pytest.fixture(scope="module")
def put(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], Path]:
    """An audit with these bytes: one file for all examples of a test."""
    file = tmp_path_factory.mktemp("audit") / "a.jsonl"

    def written_there(content: bytes) -> Path:
        file.write_bytes(content)
        return file

    return written_there
