"""The servers of one data folder together: up, status, down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import ServerError
from streams.local.jars import cache_folder, find_java, jars
from streams.local.kafka import Kafka
from streams.local.neo4j import Neo4j
from streams.local.process import locked
from streams.local.server import Server, Status

NAMES = (Kafka.name, Neo4j.name)


def servers(folder: Path, names: Sequence[str] = NAMES) -> list[Server]:
    """The servers of these names in the data folder."""
    made: dict[str, Server] = {"kafka": Kafka(folder / "kafka"), "neo4j": Neo4j(folder / "neo4j")}
    return [made[name] for name in names]


def up(
    folder: Path,
    names: Sequence[str],
    ports: Mapping[str, int | None],
    environ: Mapping[str, str],
    tell: Callable[[str], None],
) -> list[Status]:
    """Starts what does not run and waits until all answer.

    Raises `ToolMissing` without Java or Maven, `ServerError` when a server cannot be started.
    """
    wanted = servers(folder, names)
    java = find_java(environ)
    cache = cache_folder(environ)
    with _alone(folder):
        for server in wanted:
            server.start(java, jars(server.name, cache, environ, tell), ports)
        for server in wanted:
            tell(f"waiting for {server.name}")
            server.wait()
    return [server.status() for server in wanted]


def status(folder: Path, names: Sequence[str]) -> list[Status]:
    """How each server is."""
    return [server.status() for server in servers(folder, names)]


def down(folder: Path, names: Sequence[str]) -> list[str]:
    """Stops what runs, and gives the names of what ran. The data stay."""
    if not folder.exists():
        return []
    with _alone(folder):
        return [server.name for server in servers(folder, names) if server.stop()]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two commands at once on one folder would both start a server."""
    lock = folder / "lock"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.touch(mode=0o600)
    except OSError as error:
        raise ServerError(f"cannot write to {folder}: {error.strerror}; choose another --dir") from error
    with locked(lock):
        yield
