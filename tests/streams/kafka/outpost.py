"""Topics of a test's own on a real broker, the commands and workers on them, and what the topics hold."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from typing import TYPE_CHECKING, Any, Self

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from schemas.topics import RAW
from tests.servers import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE = 120.0
"""Seconds in which whatever is waited for has to happen; a test that needs nearly as many is broken."""
_COMMAND = (sys.executable, "-c", "from streams.cli.main import main; main()")


def eventually(holds: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Waits until something holds, and gives what it returned."""
    end = time.monotonic() + patience
    while not (found := holds()):
        assert time.monotonic() < end, f"waited {patience:.0f} s in vain: {what}"
        time.sleep(0.1)
    return found


class Process:
    """A command that runs in the background; its output is a file."""

    def __init__(self, words: tuple[object, ...], log: Path, env: dict[str, str]) -> None:
        self.log, self._words, self._env = log, words, env
        self._start()

    def _start(self) -> None:
        self._told = False
        with self.log.open("ab") as file:
            self.process = subprocess.Popen(
                (*_COMMAND, *map(str, self._words)),
                env=self._env, cwd=self.log.parent, stdout=file, stderr=file,
            )  # fmt: skip

    def restart(self) -> None:
        """Start it again."""
        assert self.process.poll() is not None, f"{self._words} still runs"
        self._start()

    def supervise(self) -> None:
        """What systemd or compose does: start it again when it has failed."""
        if not self._told and self.process.poll() is not None:
            self._start()

    def kill(self) -> None:
        """As a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """In order; its exit code."""
        self._told = True
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def ended(self) -> int:
        """Waits until it ended by itself; its exit code. It is not started again."""
        self._told = True
        return self.process.wait(PATIENCE)

    def said(self) -> str:
        """Its output."""
        return self.log.read_text("utf-8")

    def events(self, name: str) -> list[dict[str, Any]]:
        """The events of a name in its log."""
        lines = (json.loads(line) for line in self.said().splitlines() if line.startswith("{"))
        return [line for line in lines if line.get("event") == name]

    def asked(self, path: str) -> tuple[int, str]:
        """What its small HTTP server answers."""
        started = eventually(lambda: self.events("worker_started"), "the worker's start")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{started[-1]['port']}{path}") as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def ready(self) -> bool:
        return self.asked("/readyz")[0] == 200

    def metric(self, name: str) -> float:
        """The sum of a metric over its labels."""
        lines = self.asked("/metrics")[1].splitlines()
        return sum(
            float(line.rpartition(" ")[2]) for line in lines if line.partition("{")[0].split()[0] == name
        )


class Outpost:
    """A folder with a vault, and topics behind a prefix."""

    def __init__(self, folder: Path, bootstrap: str, prefix: str, **env: str) -> None:
        self.folder, self.bootstrap, self.prefix = folder, bootstrap, prefix
        self.vault, self.key = folder / "world.vault", folder / "world.vault.key"
        self.processes: list[Process] = []
        self.env = os.environ | {
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TERM": "dumb",
            "SUYUAN_STORE": str(folder / "world.db"),
            "SUYUAN_KAFKA_BOOTSTRAP": bootstrap,
            "SUYUAN_KAFKA_PREFIX": prefix,
            "SUYUAN_KAFKA_SESSION": "3",
        }
        self.env |= env

    def __enter__(self) -> Self:
        self.ok("topics", "create")
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill what still runs."""
        for each in self.processes:
            if each.process.poll() is None:
                each.kill()

    def run(self, *words: object, **env: str) -> subprocess.CompletedProcess[bytes]:
        """A command, to its end."""
        return subprocess.run(
            (*_COMMAND, *map(str, words)),
            env=self.env | env,
            cwd=self.folder,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )

    def ok(self, *words: object) -> str:
        """A command that has to succeed; what it printed."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def fails(self, *words: object) -> str:
        """A command that must not succeed; what it said."""
        done = self.run(*words)
        assert done.returncode in (1, 2), done.stdout.decode()
        return done.stderr.decode()

    def send(self, records: list[bytes] | Path, *words: object) -> dict[str, Any]:
        """Records, or a file of them, through the gateway; its report."""
        if isinstance(records, list):
            lines, records = records, self.folder / "sent.jsonl"
            records.write_bytes(b"\n".join(lines) + b"\n")
        return json.loads(self.ok("ingest", "--to", "kafka", "--json", records, *words))

    def background(self, *words: object, **env: str) -> Process:
        """A command that goes on."""
        log = self.folder / f"{len(self.processes)}.log"
        self.processes.append(Process(words, log, self.env | env))
        return self.processes[-1]

    def intake(self, *words: object, **env: str) -> Process:
        """One more intake worker."""
        return self.background("worker", "intake", *words, **env)

    # --- topics ---------------------------------------------------------------------------------

    def named(self, topic: str) -> str:
        return self.prefix + topic

    def produce(
        self, topic: str, values: list[bytes], partition: int | None = None, **headers: bytes
    ) -> None:
        """Messages as a sender without the gateway puts them on a raw topic."""
        with closing(KafkaProducer(bootstrap_servers=self.bootstrap, max_request_size=8 << 20)) as producer:
            for number, value in enumerate(values):
                producer.send(
                    self.named(topic), value, str(number).encode(), list(headers.items()), partition
                )
            producer.flush()

    def ends(self, *names: str) -> dict[TopicPartition, int]:
        """The end of every partition of topics."""
        with closing(KafkaConsumer(bootstrap_servers=self.bootstrap, enable_auto_commit=False)) as consumer:
            return consumer.end_offsets(
                [
                    TopicPartition(self.named(name), part)
                    for name in names
                    for part in consumer.partitions_for_topic(self.named(name)) or ()
                ]
            )

    def count(self, topic: str) -> int:
        return sum(self.ends(topic).values())

    def messages(self, topic: str, begin: int = 0) -> list[Any]:
        """All messages of a topic, of each partition from an offset on."""
        ends = {tp: end for tp, end in self.ends(topic).items() if end > begin}
        found: list[Any] = []
        with closing(KafkaConsumer(bootstrap_servers=self.bootstrap, enable_auto_commit=False)) as consumer:
            consumer.assign(list(ends))
            for tp in ends:
                consumer.seek(tp, begin)
            while ends and any(consumer.position(tp) < end for tp, end in ends.items()):
                for batch in consumer.poll(1000).values():
                    found += batch
        return found

    def taken_in(self) -> bool:
        """Whether intake has committed all of the raw topics."""
        group = self.named("suyuan-intake")
        with closing(KafkaAdminClient(bootstrap_servers=self.bootstrap)) as admin:
            try:
                committed = admin.list_group_offsets(group)[group]
            except KafkaError:  # the broker is just taking the group up
                return False
        ends = {tp: end for tp, end in self.ends(*RAW.values()).items() if end}
        return all(tp in committed and committed[tp].offset == end for tp, end in ends.items())
