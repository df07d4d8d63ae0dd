"""A Kafka broker that is its own controller (KRaft), on loopback."""

from __future__ import annotations

import base64
import shutil
import subprocess
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from schemas.errors import ServerError
from streams.local.server import LOOPBACK, SMALL, Server, Status, connects

_ANSWER_MS = 3000
_ONE_NODE = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    # A broker that was killed may come back when its last session is over, 9 s if nothing is said.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    # A worker that was killed is to be missed soon; who asks for less than 6 s knows why.
    "group.min.session.timeout.ms": "1000",
    # A topic made by accident has the wrong number of partitions: `suyuan topics create` makes them.
    "auto.create.topics.enable": "false",
}
_LOGGING = """\
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = {log}
appender.file.filePattern = {log}.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{ISO8601}} %p %c{{1}} %m%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 10MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 3
rootLogger.level = info
rootLogger.appenderRef.file.ref = file
"""


class Kafka(Server):
    """The broker in `folder`; `properties` are put over those of one node."""

    name = "kafka"
    ports: ClassVar[Mapping[str, int]] = {"kafka": 9092, "controller": 0}
    answers_to = "kafka"

    def __init__(self, folder: Path, properties: Mapping[str, str] | None = None) -> None:
        super().__init__(folder)
        self._more = properties or {}

    @property
    def sign(self) -> str:
        """The file of properties, in full."""
        return str(self.folder / "server.properties")

    @property
    def log(self) -> Path:
        """Kafka's log; rolled at 10 MB."""
        return self.folder / "logs" / "server.log"

    def configure(self, java: str, jars: Path, ports: Mapping[str, int]) -> list[str]:
        """Properties, logging, and on the first time the formatted data folder."""
        logging = self.folder / "log4j2.properties"
        logging.write_text(_LOGGING.format(log=self.log), encoding="utf-8")
        data = self.folder / "data"
        run = [java, f"-Dlog4j2.configurationFile={logging}", "-cp", f"{jars}/*"]
        if not data.exists():
            self._format(run, data, ports)
        self._write(Path(self.sign), data, ports)
        return [*run[:1], *SMALL, "-Xmx512m", *run[1:], "kafka.Kafka", self.sign]

    def answers(self, port: int) -> bool:
        """Whether the broker tells of its cluster."""
        if not connects(port):
            return False  # asked first, because the client is slow to give up
        from kafka.admin import KafkaAdminClient
        from kafka.errors import KafkaError

        try:
            admin = KafkaAdminClient(
                bootstrap_servers=f"{LOOPBACK}:{port}",
                bootstrap_timeout_ms=_ANSWER_MS,
                request_timeout_ms=_ANSWER_MS,
            )
        except KafkaError:
            return False
        try:
            return bool(admin.describe_cluster()["brokers"])
        except KafkaError:
            return False
        finally:
            admin.close()

    def status(self) -> Status:
        """How the broker is."""
        return self._status(lambda port: f"{LOOPBACK}:{port}")

    def _write(self, file: Path, data: Path, ports: Mapping[str, int]) -> None:
        controller = f"{LOOPBACK}:{ports['controller']}"
        properties = _ONE_NODE | {
            "listeners": f"PLAINTEXT://{LOOPBACK}:{ports['kafka']},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{ports['kafka']}",
            "controller.quorum.voters": f"1@{controller}",
            "log.dirs": str(data),
            **self._more,
        }
        file.write_text("".join(f"{name}={value}\n" for name, value in properties.items()), encoding="utf-8")

    def _format(self, run: list[str], data: Path, ports: Mapping[str, int]) -> None:
        """Formats a draft and puts it at `data` when it is done: half a format would never start."""
        draft = self.folder / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        properties = self.folder / "format.properties"
        self._write(properties, draft, ports)
        cluster = base64.urlsafe_b64encode(b"\0" + uuid.uuid4().bytes[1:])[:22].decode()  # no "-" in front
        command = [*run, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(properties)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 our own words
        if done.returncode:
            self.console.write_text(done.stdout + done.stderr, encoding="utf-8")
            raise ServerError(f"kafka could not format its data folder; see {self.console}")
        draft.replace(data)
