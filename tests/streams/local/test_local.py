"""`suyuan local` on real servers: up, status, down, and what happens when somebody kills them."""

from __future__ import annotations

import json
import socket
import stat
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import psutil
import pytest
from click.testing import Result
from typer.testing import CliRunner

from streams.cli.main import app
from streams.local.services import servers
from tests.servers import remove, runs, tools

FREE = ("--kafka-port", 0, "--neo4j-port", 0, "--http-port", 0)


class Local:
    """`suyuan local` on a folder of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: object) -> Result:
        """The command with these words, which may name another folder."""
        words = (words[0], "--dir", self.folder, *words[1:])
        return CliRunner().invoke(app, ["local", *map(str, words)], env={"COLUMNS": "300", "TERM": "dumb"})

    def __call__(self, *words: object) -> dict[str, Any]:
        """What it prints; fails unless it ends with 0."""
        done = self.run(*words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def refuses(self, says: str, *words: object) -> None:
        """The command ends with 1 and one line that says why."""
        done = self.run(*words)
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.count("\n") == 1
        assert says in done.stderr

    def status(self) -> dict[str, Any]:
        """How the servers are; the exit code says whether all are up."""
        done = self.run("status", "--json")
        found = json.loads(done.stdout)
        assert (done.exit_code == 0) == all(each["state"] == "up" for each in found.values())
        return found


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    for name in ("kafka", "neo4j"):
        tools(name)
    made = Local(tmp_path / "local")
    yield made
    for server in servers(made.folder):
        remove(server)


def test_a_broker_is_started_once_found_again_and_stopped(local: Local, tmp_path: Path):
    kafka = local("up", "--only", "kafka", *FREE)["kafka"]
    assert kafka["state"] == "up"
    assert kafka["memory_mb"] > 50
    assert local.status()["kafka"] == kafka | {"memory_mb": ANY}
    assert local("up", "--only", "kafka")["kafka"]["pid"] == kafka["pid"]

    port = kafka["address"].partition(":")[2]
    local.refuses(f"runs with kafka port {port}", "up", "--only", "kafka", "--kafka-port", int(port) - 1)
    second = ("--only", "kafka", "--dir", tmp_path / "second", "--kafka-port", port)
    local.refuses(f"port {port} of kafka is taken", "up", *second)

    psutil.Process(kafka["pid"]).kill()
    assert local.status()["kafka"] == {"name": "kafka", "state": "down"}
    again = local("up", "--only", "kafka", "--kafka-port", port)["kafka"]
    assert (again["address"], again["state"]) == (kafka["address"], "up")
    assert again["pid"] != kafka["pid"]

    psutil.Process(again["pid"]).suspend()
    assert local.status()["kafka"]["state"] == "silent"
    psutil.Process(again["pid"]).resume()
    assert local.run("down").stdout == "stopped: kafka\n"
    assert not runs(again["pid"])
    assert local.run("down").stdout == "nothing ran\n"


def test_neo4j_gets_its_password_once_and_only_its_owner_can_read_it(local: Local):
    from neo4j import GraphDatabase

    first = local("up", "--only", "neo4j", *FREE)["neo4j"]
    file = Path(first["password_file"])
    password = file.read_text().strip()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(local.folder.stat().st_mode) == 0o700
    with urllib.request.urlopen(first["browser"]) as page:  # noqa: S310 the address is the server's own
        assert b"Neo4j Browser" in page.read()

    assert local("down") == {"stopped": ["neo4j"]}
    second = local("up", "--only", "neo4j", *FREE)["neo4j"]
    assert file.read_text().strip() == password
    with GraphDatabase.driver(second["address"], auth=("neo4j", password)) as driver:
        driver.verify_connectivity()
    files = [path for path in local.folder.rglob("*") if path.is_file()]
    assert [path for path in files if password.encode() in path.read_bytes()] == [file]
    shown = local.run("status", "--only", "neo4j").stdout
    assert second["address"] in shown
    assert f"Neo4j Browser: {second['browser']} (user neo4j, password in {file})" in shown
    assert password not in shown

    file.write_text("another one\n")
    done = local.run("status", "--only", "neo4j")
    assert done.exit_code == 1
    assert f"the password in {file} is not Neo4j's" in done.stdout
    local.refuses("is not Neo4j's", "up", "--only", "neo4j")


def test_what_keeps_a_server_from_starting_is_said(local: Local):
    (local.folder / "kafka" / "data").mkdir(parents=True)
    (local.folder / "kafka" / "data" / "meta.properties").write_text("version=77\n")
    done = local.run("up", "--only", "kafka", "--kafka-port", 0)
    assert done.exit_code == 1
    assert "kafka ended while it started, saying: " in done.stderr
    assert f"see {local.folder / 'kafka' / 'logs' / 'server.log'}" in done.stderr


def test_a_port_that_somebody_listens_on_is_said_and_nothing_starts(local: Local):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        neo4j = ("--only", "neo4j", "--neo4j-port", 0, "--http-port", port)
        local.refuses("stop what listens there or choose another with --http-port", "up", *neo4j)
    assert local.status()["neo4j"] == {"name": "neo4j", "state": "down"}


@pytest.mark.parametrize("taken", [".", "kafka"])
def test_a_folder_that_cannot_be_written_is_said(taken: str, local: Local):
    (local.folder / taken).parent.mkdir(exist_ok=True)
    (local.folder / taken).write_text("a file stands where the folder should")
    local.refuses("choose another --dir", "up", "--only", "kafka", "--kafka-port", 0)


@pytest.mark.parametrize("said", ['{"pid": %d, "ports": {"neo4j": 1, "http": 2}}', '{"pid": %d', ""])
def test_the_pid_of_somebody_else_is_neither_taken_for_the_server_nor_stopped(said: str, tmp_path: Path):
    local = Local(tmp_path)
    me = psutil.Process()
    file = tmp_path / "neo4j" / "running.json"
    file.parent.mkdir()
    file.write_text(said % me.pid if "%" in said else said)
    assert local.status()["neo4j"] == {"name": "neo4j", "state": "down"}
    assert local("down") == {"stopped": []}
    assert me.is_running()
    assert not file.exists()


def test_without_the_drivers_the_command_says_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    for name in [each for each in sys.modules if each.startswith("streams.local.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psutil", None)
    Local(tmp_path).refuses("pip install 'suyuan[server]'", "status")
