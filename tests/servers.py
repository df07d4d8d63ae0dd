"""Real servers for tests: one Kafka and one Neo4j for all workers of a run, and own ones to be broken.

A server starts when the first test asks for it. Who uses it is noted in a folder that all processes of this
clone share; the last to leave removes the server, and the next run removes what a killed one left behind.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import psutil
import pytest

from graph.neo4j.projector import WIPES
from graph.neo4j.schema import statements
from schemas.errors import ToolMissing
from streams.local.jars import cache_folder, find_java, jars
from streams.local.kafka import Kafka
from streams.local.neo4j import USER, Neo4j
from streams.local.process import ends, locked, remembered
from streams.local.server import LOOPBACK, Server

ROOT = Path(__file__).resolve().parents[1]
_PATIENCE = 30
S = TypeVar("S", bound=Server)


class Address(NamedTuple):
    """Where Neo4j is and how to get in."""

    uri: str
    password: str

    @property
    def auth(self) -> tuple[str, str]:
        """User and password, as the driver takes them."""
        return USER, self.password


# --- who uses what --------------------------------------------------------------------------------


def common() -> Path:
    """The folder that all test processes of this clone share."""
    clone = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    folder = Path(tempfile.gettempdir()) / f"suyuan-tests-{os.getuid()}-{clone}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _me() -> str:
    """This process, not to be mixed up with a later one of the same number."""
    return f"{os.getpid()}-{psutil.Process().create_time()}"


def _lives(holder: str) -> bool:
    pid, _, created = holder.partition("-")
    try:
        return psutil.Process(int(pid)).create_time() == float(created)
    except psutil.NoSuchProcess:
        return False


def remove(server: Server) -> None:
    """End the server at once and remove its folder."""
    last = remembered(server.folder / "running.json")
    if server.running() and last:
        _kill(last.pid)
    shutil.rmtree(server.folder, ignore_errors=True)


def _kill(pid: int) -> None:
    process = psutil.Process(pid)
    process.kill()
    assert ends(process, _PATIENCE), f"process {pid} goes on though it was killed"


def tools(name: str) -> tuple[str, Path]:
    """Java and the folder of the server's jars. Without Java or Maven the test is skipped; it fails in CI."""
    try:
        return find_java(os.environ), jars(name, cache_folder(os.environ), os.environ, print)
    except ToolMissing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


def launch(server: Server) -> None:
    """Start a server at free ports, or at those it had before, and wait until it answers."""
    last = remembered(server.folder / "running.json")
    ports = last.ports if last else dict.fromkeys(server.ports, 0)
    server.start(*tools(server.name), ports)
    server.wait()


@contextmanager
def held(server: Server) -> Iterator[int]:
    """Start the server for the first who comes, remove it after the last who leaves; its port."""
    lock, holders = server.folder.with_suffix(".lock"), server.folder.with_suffix(".holders")
    holders.mkdir(exist_ok=True)
    mine = holders / _me()

    def others() -> list[str]:
        for each in holders.iterdir():
            if not _lives(each.name):
                each.unlink()
        return [each.name for each in holders.iterdir() if each != mine]

    try:
        with locked(lock):
            if not others():
                remove(server)  # left by a run that was killed
            mine.touch()
            launch(server)
        running = server.running()
        assert running is not None
        yield running.ports[server.answers_to]
    finally:
        with locked(lock):
            mine.unlink(missing_ok=True)
            if not others():
                remove(server)


# --- the shared ones ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """The address of the broker that all tests share. It makes no topics by itself: see `topic_prefix`."""
    with held(Kafka(common() / "kafka")) as port:
        yield f"{LOOPBACK}:{port}"


@pytest.fixture
def topic_prefix() -> str:
    """What to put before the names of topics, so that tests do not meet on the shared broker."""
    return f"t{uuid.uuid4().hex[:10]}."


@pytest.fixture(scope="session")
def neo4j() -> Iterator[Address]:
    """The Neo4j that all tests share, to be read only by who holds it: see `empty_neo4j`."""
    server = Neo4j(common() / "neo4j")
    with held(server) as port:
        yield Address(f"neo4j://{LOOPBACK}:{port}", server.password)


@pytest.fixture
def empty_neo4j(neo4j: Address) -> Iterator[Address]:
    """The shared Neo4j, empty, and nobody else's for this test: Community has one database."""
    with alone_in(neo4j):
        yield neo4j


@contextmanager
def alone_in(address: Address) -> Iterator[None]:
    """Nobody else uses the shared Neo4j meanwhile; it is empty at the start."""
    with locked(common() / "neo4j.use"):
        wipe(address)
        yield


def wipe(address: Address) -> None:
    """Remove everything: nodes, relationships, constraints, indexes.

    The projection's own constraints and indexes stay: without rows they are as good as new ones, and to make
    them takes half a minute.
    """
    from neo4j import GraphDatabase

    with (
        GraphDatabase.driver(address.uri, auth=address.auth) as driver,
        driver.session() as session,
    ):
        own = [name for name, _ in statements()]
        for kind, kinds in (("CONSTRAINT", "CONSTRAINTS YIELD name"), ("INDEX", "INDEXES YIELD name, type")):
            others = "NOT name IN $own" + (" AND type <> 'LOOKUP'" if kind == "INDEX" else "")
            for (name,) in session.run(f"SHOW {kinds} WHERE {others} RETURN name", own=own).values():
                session.run(f"DROP {kind} `{name}` IF EXISTS").consume()
        for each in WIPES:
            while session.run(each, most=10_000).single(strict=True).value():
                pass
        session.run("MATCH (n) DELETE n").consume()


# --- own ones -------------------------------------------------------------------------------------


class Own(Generic[S]):
    """A server of one test, which may do to it what it likes; its address stays the same."""

    def __init__(self, server: S) -> None:
        self.server = server
        launch(server)
        running = server.running()
        assert running is not None
        self.port = running.ports[server.answers_to]
        self.address = f"{LOOPBACK}:{self.port}"

    @property
    def process(self) -> psutil.Process:
        """The running process; fails when it has ended."""
        running = self.server.running()
        assert running is not None, f"{self.server.name} has ended: {self.server.log}"
        return psutil.Process(running.pid)

    def pause(self) -> None:
        """Answer nothing from now on, with all connections open: a network that swallows everything."""
        self.process.suspend()

    def resume(self) -> None:
        """Go on where it was paused."""
        self.process.resume()

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        _kill(self.process.pid)

    def stop(self) -> None:
        """End it in order."""
        process = self.process
        process.terminate()
        assert ends(process, _PATIENCE), f"{self.server.name} goes on though it was told to end"

    def restart(self) -> None:
        """Start it again at the same address with what it has kept, and wait until it answers."""
        launch(self.server)


@contextmanager
def _own() -> Iterator[Path]:
    """A folder for servers of this process; sweeps what killed runs left."""
    root = common() / "own"
    root.mkdir(exist_ok=True)
    for left in root.iterdir():
        if not _lives(left.name):
            for folder in left.iterdir():
                remove(Kafka(folder))
                remove(Neo4j(folder))
            left.rmdir()
    mine = root / _me()
    mine.mkdir(exist_ok=True)
    yield mine


@pytest.fixture
def own_kafka() -> Iterator[Callable[..., Own[Kafka]]]:
    """Makes brokers of one's own: `own_kafka({"message.max.bytes": "1000"}, folder=small_disk)`."""
    made = []

    with _own() as mine:

        def make(properties: dict[str, str] | None = None, folder: Path | None = None) -> Own[Kafka]:
            made.append(Kafka(folder or mine / uuid.uuid4().hex, properties))
            return Own(made[-1])

        yield make
        for server in made:
            remove(server)


@pytest.fixture
def own_neo4j() -> Iterator[Callable[[], Own[Neo4j]]]:
    """Makes a Neo4j of one's own; its password is `own.server.password`."""
    made = []

    with _own() as mine:

        def make() -> Own[Neo4j]:
            made.append(Neo4j(mine / uuid.uuid4().hex))
            return Own(made[-1])

        yield make
        for server in made:
            remove(server)


def runs(pid: int) -> bool:
    """Not when it has ended and nobody has asked for its exit code yet."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
