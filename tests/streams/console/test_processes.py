"""`suyuan serve` in several processes, of which each may be killed."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import time
from contextlib import ExitStack, closing
from threading import Thread
from typing import TYPE_CHECKING

import psutil
import pytest
from typer.testing import CliRunner

from graph.console.access import Role
from graph.console.accounts import Change
from streams import bootstrap
from streams.bench.served import Person, served
from streams.cli.main import app
from streams.console_processes import application
from tests.streams.console.office import PASSWORD, settings_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

PATIENCE = 60.0


@pytest.fixture(scope="module")
def store(world, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(world, folder, dirs_exist_ok=True)
    with bootstrap.desk(settings_in(folder)) as desk:
        desk.accounts.change("lin", Change(role=Role.INVESTIGATOR, regions=("46",), cases=()))
    return folder / "world.db"


def answering(pid: int) -> list[psutil.Process]:
    """The processes that answer, of a console that has several."""
    return [each for each in psutil.Process(pid).children() if "spawn_main" in " ".join(each.cmdline())]


def lin_at(port: int) -> closing[Person]:
    """One of the crew, signed in."""
    return closing(Person(port, "lin", PASSWORD))


def wait(until: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.05)


def both_answer(pid: int) -> bool:
    return len([each for each in answering(pid) if each.num_threads() > 1]) == 2


def ask_much(people: Sequence[Person]) -> None:
    """All of them search at once."""

    def ask(person: Person) -> None:
        for _ in range(10):
            assert "符玮强".encode() in person.get("/api/search?q=%E7%AC%A6%E7%8E%AE%E5%BC%BA")

    threads = [Thread(target=ask, args=(person,)) for person in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def test_a_browser_is_known_to_every_process_and_the_audit_of_all_is_one_chain(store):
    with served(store, "--processes", "2") as (port, pid):
        wait(lambda: both_answer(pid))
        with ExitStack() as opened:
            people = [opened.enter_context(lin_at(port)) for _ in range(6)]
            before = len(lines_of_audit(store))
            ask_much(people)
        assert len(lines_of_audit(store)) == before + 60
    done = CliRunner().invoke(app, ["audit", "verify", "--store", str(store)])
    assert done.exit_code == 0, done.output


def lines_of_audit(store: Path) -> list[str]:
    return settings_in(store.parent).audit.read_text("utf-8").splitlines()


def test_a_process_that_is_killed_is_replaced_and_nobody_has_to_sign_in_again(store):
    with served(store, "--processes", "2") as (port, pid):
        wait(lambda: both_answer(pid))
        killed = answering(pid)
        with lin_at(port) as lin:
            for each in killed:
                os.kill(each.pid, signal.SIGKILL)
            assert b"hits" in lin.get("/api/search?q=1")
        wait(lambda: both_answer(pid))
        assert not {each.pid for each in killed} & {each.pid for each in answering(pid)}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_the_others_end_with_the_first_process_however_it_ends(store, how):
    with served(store, "--processes", "2") as (port, pid):
        wait(lambda: both_answer(pid))
        others = answering(pid)
        os.kill(pid, how)
        wait(lambda: not any(each.is_running() for each in others))
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)


def test_one_process_alone_serves_as_well(store):
    with served(store, "--processes", "1") as (port, pid):
        assert answering(pid) == []
        with lin_at(port) as lin:
            assert b"hits" in lin.get("/api/search?q=1")


def test_a_port_that_is_taken_is_said_so_and_nothing_is_served(store):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = ["serve", "--store", str(store), "--port", str(taken.getsockname()[1])]
        done = CliRunner().invoke(app, words)
    assert done.exit_code == 1
    assert "--port" in done.stderr
    assert "Traceback" not in done.output


def test_a_process_whose_store_is_gone_says_so_once_and_is_not_started_again_and_again(tmp_path, caplog):
    caplog.set_level(logging.CRITICAL)
    with pytest.raises(SystemExit) as ended:
        application(settings_in(tmp_path))
    assert ended.value.code == 3
    assert "world.db" in caplog.text
