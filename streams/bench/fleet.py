"""A real deployment for a benchmark: Kafka and Neo4j in a folder of their own, workers as processes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

import psutil
from kafka import KafkaConsumer, TopicPartition
from msgspec import Struct, structs

from graph.neo4j.access import Access
from schemas.errors import ServerError
from streams.kafka import admin
from streams.kafka.connection import client_options
from streams.local import services
from streams.settings import KafkaSettings, read_settings

_PATIENCE = 900.0
_COMMAND = (sys.executable, "-c", "from streams.cli.main import main; main()", "worker")


class Machine(Struct, frozen=True, kw_only=True):
    """Where the servers of a benchmark answer."""

    folder: Path
    bootstrap: str
    neo4j: Access


@contextmanager
def machine(folder: Path, tell: Callable[[str], None]) -> Iterator[Machine]:
    """Starts a Kafka and a Neo4j that nobody else uses, and stops them.

    Raises `ToolMissing` without Java or Maven.
    """
    ports = dict.fromkeys(("kafka", "neo4j", "http"), 0)
    up = services.up(folder / "servers", services.NAMES, ports, os.environ, tell)
    try:
        address = {each.name: each for each in up}
        password = Path(str(address["neo4j"].password_file)).read_text("utf-8").strip()
        access = Access(uri=str(address["neo4j"].address), password=password)
        yield Machine(folder=folder, bootstrap=str(address["kafka"].address), neo4j=access)
    finally:
        services.down(folder / "servers", services.NAMES)


class Worker:
    """One worker's process; `resident` is the most memory it was seen with, in MiB."""

    def __init__(self, kind: str, words: tuple[str, ...], log: Path, env: Mapping[str, str]) -> None:
        self.kind, self.resident = kind, 0.0
        self._words, self._log, self._env = words, log, dict(env)
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603  our own command
                (*_COMMAND, self.kind, *self._words), env=self._env, stdout=log, stderr=log
            )

    def look(self) -> None:
        """Note its memory. Raises `ServerError` when it has ended."""
        if self._process.poll() is not None:
            said = self._log.read_text("utf-8", errors="replace").splitlines()
            raise ServerError(f"the {self.kind} worker ended: {said[-1][:300] if said else 'without a word'}")
        self.resident = max(self.resident, psutil.Process(self._process.pid).memory_info().rss / (1 << 20))

    def processor(self) -> float:
        """Seconds of processor time it has taken."""
        times = psutil.Process(self._process.pid).cpu_times()
        return float(times.user + times.system)

    def kill_and_restart(self) -> None:
        """What a crash and its supervisor do."""
        self._process.kill()
        self._process.wait()
        self._process = self._start()

    def stop(self) -> None:
        """End it in order."""
        self._process.terminate()
        self._process.wait()


class Deployment:
    """Topics and a store of its own on a machine; `name` keeps it apart from others there."""

    def __init__(self, machine: Machine, name: str) -> None:
        self.machine = machine
        folder = machine.folder / name
        folder.mkdir()
        self.settings = structs.replace(
            read_settings(str(folder / "world.db"), {}),
            kafka=KafkaSettings(bootstrap=(machine.bootstrap,), prefix=f"{name}."),
        )
        self._folder = folder
        self._workers: list[Worker] = []
        admin.create(self.settings)

    def start(self, kind: str, *words: str) -> Worker:
        """One more worker."""
        neo4j = self.machine.neo4j
        ours = {
            "SUYUAN_STORE": str(self.settings.store),
            "SUYUAN_KAFKA_BOOTSTRAP": self.machine.bootstrap,
            "SUYUAN_KAFKA_PREFIX": self.settings.kafka.prefix,
            "SUYUAN_NEO4J_URI": neo4j.uri,
            "SUYUAN_NEO4J_PASSWORD": neo4j.password,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        log = self._folder / f"{len(self._workers)}-{kind}.log"
        worker = Worker(kind, (*words, "--name", f"{kind}-{len(self._workers)}"), log, os.environ | ours)
        self._workers.append(worker)
        return worker

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- how far it is ------------------------------------------------------------------------

    @contextmanager
    def counting(self, topic: str) -> Iterator[Callable[[], int]]:
        """A function that says how many messages a topic holds."""
        name = self.settings.kafka.topic(topic)
        options = client_options(self.settings.kafka, "suyuan-bench")
        with closing(KafkaConsumer(enable_auto_commit=False, **options)) as consumer:
            parts = [TopicPartition(name, each) for each in consumer.partitions_for_topic(name) or ()]
            yield lambda: sum(consumer.end_offsets(parts).values())

    def taken(self) -> int:
        """How many messages of the log the owner has taken."""
        rows = self.rows("SELECT sum(next) FROM input")
        return int(rows[0][0] or 0) if rows else 0

    def rows(self, sql: str) -> list[Any]:
        """Rows of the owner's store; none while it is not there."""
        if not self.settings.store.exists():
            return []
        with closing(sqlite3.connect(f"file:{self.settings.store}?mode=ro", uri=True)) as db:
            try:
                return db.execute(sql).fetchall()
            except sqlite3.OperationalError:  # its tables are being made
                return []

    def rate(self, done: Callable[[], int], until: int, tell: Callable[[int], None]) -> float:
        """Records a second from the first progress that is seen until `until` are done."""
        begun: tuple[float, int] | None = None
        end = time.monotonic() + _PATIENCE
        while True:
            now, count = time.monotonic(), done()
            tell(count)
            for worker in self._workers:
                worker.look()
            if begun is None and count:
                begun = now, count
            if count >= until and begun is not None:
                return (count - begun[1]) / (now - begun[0]) if now > begun[0] else 0.0
            if now > end:
                raise ServerError(f"the benchmark waited in vain: {count} of {until} were done")
            time.sleep(0.05)
