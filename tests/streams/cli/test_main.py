"""The command as a whole: help, exit codes, errors."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from schemas.errors import InputError, StoreLocked, UsageError
from streams.cli.main import Commands, app, main
from streams.cli.options import login

SUYUAN = str(Path(sys.executable).with_name("suyuan"))
HEAVY = {
    "argon2", "fastapi", "kafka", "nacl", "neo4j", "numpy", "opencc", "phonenumbers", "psutil", "pypinyin",
    "rapidfuzz", "sqlite3", "stdnum", "uvicorn",
}  # fmt: skip
CONTRACT = {
    "ingest", "find", "show", "trace", "alerts", "entities", "review", "withdraw", "export",
    "simulate", "explain", "bench", "schema", "rejected", "vault", "ledger", "demo",
    "local", "topics", "worker", "config", "backup", "resolve", "consolidate",
    "extract", "train", "serve", "users", "audit",
}  # fmt: skip
PRINT_RESULTS = {
    "ingest", "find", "show", "trace", "alerts", "entities", "review", "withdraw", "simulate",
    "explain", "resolve", "bench", "rejected", "rejected retry", "vault open", "vault verify", "demo",
    "ledger", "ledger verify", "topics create", "topics check", "config", "backup",
    "local up", "local status", "local down",
    "review accept", "review reject", "review unsure", "review undo", "review merge", "review split",
    "consolidate", "extract", "train extract",
    "users add", "users list", "users password", "users disable", "users enable", "users grant",
    "users revoke", "users role", "audit verify", "audit list",
}  # fmt: skip


def commands(group: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every command and subcommand with its full name."""
    for name, command in group.commands.items():
        yield f"{prefix}{name}", command
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix}{name} ")


ALL = dict(commands(get_command(app)))


def run(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run([SUYUAN, *words], capture_output=True, text=True, check=False, **more)


def test_the_commands_are_those_of_the_contract():
    assert set(get_command(app).commands) == CONTRACT


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_command_has_help_with_an_example(name: str):
    shown = CliRunner().invoke(app, [*name.split(), "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert shown.exit_code == 0
    assert f"suyuan {name}" in shown.output.split("Example:" if name != "vault" else "Usage:")[1]


@pytest.mark.parametrize("name", sorted(PRINT_RESULTS))
def test_what_prints_results_prints_json_too(name: str):
    assert "--json" in {option for each in ALL[name].params for option in each.opts}


def test_help_loads_nothing_that_only_commands_need():
    program = (
        "import sys\n"
        "from streams.cli.main import main\n"
        "sys.argv = ['suyuan', '--help']\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        f"print(sorted(loaded & {HEAVY!r}), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_the_version_is_the_packages():
    from importlib.metadata import version

    assert run("--version").stdout == f"suyuan {version('suyuan')}\n"


def test_the_entry_point_runs_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "argv", ["suyuan", "--version"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert capsys.readouterr().out.startswith("suyuan ")


@pytest.mark.parametrize(
    "words", [("nonsense",), ("find",), ("trace", "x", "--max-hops", "0"), ("export", "--format", "pdf")]
)
def test_a_wrong_call_ends_with_2(words: tuple[str, ...]):
    done = run(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("find", "x"),
        ("show", "x"),
        ("trace", "x"),
        ("alerts",),
        ("entities",),
        ("review",),
        ("withdraw", "a/b", "--because", "c"),
        ("export",),
        ("explain", "x"),
        ("consolidate",),
        ("rejected",),
        ("ledger",),
        ("ledger", "verify"),
        ("rejected", "retry"),
        ("users", "list"),
        ("users", "disable", "li"),
    ],
)
def test_without_a_store_one_line_says_how_to_make_one(words: tuple[str, ...], tmp_path: Path):
    done = run(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "suyuan ingest" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("ingest", "-"),
        ("review",),
        ("explain", "x"),
        ("consolidate",),
        ("rejected",),
        ("withdraw", "a/b", "--because", "c"),
        ("ledger",),
        ("vault", "verify"),
    ],
)
def test_a_command_that_needs_the_owners_store_says_that_a_server_has_the_graph_only(words: tuple[str, ...]):
    done = run(*words, "--store", "neo4j://somewhere", input="")
    assert (done.returncode, done.stdout) == (2, "")
    assert "a Neo4j server holds the graph only" in done.stderr


def test_the_store_can_come_from_the_environment(tmp_path: Path):
    done = run("find", "x", env={"SUYUAN_STORE": "odd://x", "PATH": os.environ["PATH"]}, cwd=tmp_path)
    assert done.returncode == 2
    assert "odd://" in done.stderr


def failing(error: BaseException) -> typer.Typer:
    """A command that fails with this error."""
    made = typer.Typer(cls=Commands)

    @made.callback()
    def group() -> None: ...

    @made.command()
    def fail() -> None:
        raise error

    return made


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UsageError("write it so"), 2, "write it so"),
        (StoreLocked("wait for it"), 1, "wait for it"),
        (InputError("give a file"), 1, "give a file"),
        (OSError(errno.ENOSPC, "No space left"), 1, "the disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "a.svg"), 1, "a.svg: permission denied"),
        (OSError(errno.EIO, "Input/output error"), 1, "Input/output error"),
        (KeyboardInterrupt(), 1, "what was committed stays"),
    ],
)
def test_an_error_is_one_line_and_a_code(error: BaseException, code: int, said: str):
    done = CliRunner().invoke(failing(error), ["fail"])
    assert done.exit_code == code
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("find", b"\xff"),
        ("trace", "x", "--substance", b"\xb0\xa2"),
        ("review", "accept", "a", b"\xff", "--by", "x", "--because", "x"),
        ("withdraw", "a/b", "--because", b"\xff"),
    ],
)
def test_an_argument_that_is_no_text_is_used_wrongly(words: tuple[Any, ...], tmp_path: Path):
    (tmp_path / "suyuan.db").touch()
    done = run(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "UTF-8" in done.stderr


def test_a_user_without_a_name_is_known_by_number(monkeypatch: pytest.MonkeyPatch):
    def nameless(uid: int) -> None:
        raise KeyError(f"uid not found: {uid}")

    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", nameless)
    assert login() == f"uid {os.getuid()}"


def test_a_bug_is_not_hidden():
    done = CliRunner().invoke(failing(RuntimeError("a bug")), ["fail"])
    assert isinstance(done.exception, RuntimeError)


def test_a_reader_that_stops_reading_ends_the_command_quietly():
    done = subprocess.run(
        ["bash", "-c", f"{SUYUAN} schema | head -c 10; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.endswith("0\n")
