"""`local`: a real Kafka and a real Neo4j on this machine, without Docker."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemas.errors import ServerError
from streams.cli.options import JsonOption
from streams.cli.output import print_hint, print_json, print_table, print_text

if TYPE_CHECKING:
    from streams.local.server import Status

group = typer.Typer(no_args_is_help=True)
_FOLDER = Path("suyuan-local")


class Which(StrEnum):
    """The servers there are."""

    KAFKA = "kafka"
    NEO4J = "neo4j"


FolderOption = Annotated[
    Path, typer.Option("--dir", metavar="DIR", help="The folder of data, configuration, logs and password.")
]
OnlyOption = Annotated[Which | None, typer.Option("--only", help="This server alone.")]


def _port(option: str, what: str, usual: int) -> Any:  # typer says no more of what it gives
    help_text = f"{what}; 0 is any free one. Default: {usual}."
    return typer.Option(option, metavar="PORT", min=0, max=65535, help=help_text)


KafkaPort = Annotated[int | None, _port("--kafka-port", "Kafka's port", 9092)]
Neo4jPort = Annotated[int | None, _port("--neo4j-port", "Neo4j's port for drivers (bolt)", 7687)]
HttpPort = Annotated[int | None, _port("--http-port", "Neo4j's port for Neo4j Browser", 7474)]


@group.callback(epilog="Example: suyuan local up")
def local() -> None:
    """Start, look at and stop a real Kafka and a real Neo4j on this machine, without Docker.

    They need Java 17 or later, and on the first start Maven, which copies their jars into a cache
    (`SUYUAN_CACHE` moves it). They listen on loopback only.
    """


@group.command(epilog="Example: suyuan local up --only neo4j --neo4j-port 17687")
def up(
    folder: FolderOption = _FOLDER,
    only: OnlyOption = None,
    kafka_port: KafkaPort = None,
    neo4j_port: Neo4jPort = None,
    http_port: HttpPort = None,
    as_json: JsonOption = False,
) -> None:
    """Start what does not run yet, and wait until each answers."""
    ports = {"kafka": kafka_port, "neo4j": neo4j_port, "http": http_port}
    with _drivers():
        from streams.local.services import up as start

        _print(start(folder, _names(only), ports, os.environ, print_hint), as_json=as_json)


@group.command(epilog="Example: suyuan local status --json")
def status(folder: FolderOption = _FOLDER, only: OnlyOption = None, as_json: JsonOption = False) -> None:
    """Show which servers answer, and where. The exit code is 1 unless all do."""
    with _drivers():
        from streams.local.services import status as look

        found = look(folder, _names(only))
    _print(found, as_json=as_json)
    if any(each.state != "up" or each.problem for each in found):
        raise typer.Exit(1)


@group.command(epilog="Example: suyuan local down")
def down(folder: FolderOption = _FOLDER, only: OnlyOption = None, as_json: JsonOption = False) -> None:
    """Stop what runs. The data stay for the next start."""
    with _drivers():
        from streams.local.services import down as stop

        stopped = stop(folder, _names(only))
    if as_json:
        print_json({"stopped": stopped})
    else:
        print_text(f"stopped: {', '.join(stopped)}" if stopped else "nothing ran")


def _names(only: Which | None) -> Sequence[str]:
    return [only.value] if only else [each.value for each in Which]


def _print(found: Sequence[Status], *, as_json: bool) -> None:
    if as_json:
        print_json({each.name: each for each in found})
        return
    rows = [
        (each.name, each.state, each.address, each.pid, each.memory_mb and f"{each.memory_mb} MB")
        for each in found
    ]
    print_table("", ("", "state", "address", "pid", "memory"), rows)
    for each in found:
        if each.log:
            print_text(f"{each.name}'s log: {each.log}")
        if each.problem:
            print_text(each.problem)
        if each.browser:
            print_text(f"Neo4j Browser: {each.browser} (user neo4j, password in {each.password_file})")


@contextmanager
def _drivers() -> Iterator[None]:
    """What is installed without the servers' drivers says how to get them."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in {"psutil", "kafka", "neo4j"}:
            raise
        raise ServerError(f"{error.name} is not installed: pip install 'suyuan[server]'") from error


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="local")
