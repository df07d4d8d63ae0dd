"""What a worker and the gateway say, and do, when Kafka is not as it should be."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from schemas.topics import CLAIMS, RAW_SEIZURE, RAW_TIP
from streams.handover import decode
from streams.local.jars import find_java
from streams.local.kafka import Kafka
from tests.servers import Own, remove
from tests.streams.command import could_not
from tests.streams.kafka.outpost import Outpost, eventually
from tests.streams.made_up import line, tip

NOBODY = "127.0.0.1:9"
COMMANDS = (
    ("worker", "intake"),
    ("ingest", "--to", "kafka", "one.jsonl"),
    ("topics", "create"),
    ("topics", "check"),
)


def away(folder: Path) -> Outpost:
    """No broker there; topics are not made."""
    (folder / "one.jsonl").write_bytes(line(tip(1)))
    return Outpost(folder, NOBODY, "")


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_without_a_broker_one_line_says_where_none_answers(words: tuple[str, ...], tmp_path: Path):
    done = away(tmp_path).run(*words, SUYUAN_KAFKA_PATIENCE="2")
    could_not(done, NOBODY)
    assert "SUYUAN_KAFKA_BOOTSTRAP" in done.stderr.decode()


@pytest.mark.parametrize("words", COMMANDS[:2], ids=" ".join)
def test_a_missing_topic_is_named(words: tuple[str, ...], kafka: str, topic_prefix: str, tmp_path: Path):
    from kafka import KafkaAdminClient

    (tmp_path / "one.jsonl").write_bytes(line(tip(1)))
    with Outpost(tmp_path, kafka, topic_prefix) as outpost:
        admin = KafkaAdminClient(bootstrap_servers=kafka)
        admin.delete_topics([outpost.named(RAW_SEIZURE)])
        admin.close()
        could_not(outpost.run(*words), outpost.named(RAW_SEIZURE))


def test_a_port_that_is_taken_is_said(outpost: Outpost):
    first = outpost.intake("--port", "0")
    started = eventually(lambda: first.events("worker_started"), "its start")
    second = outpost.run("worker", "intake", "--port", started[0]["port"])
    assert second.returncode == 2
    assert b"worker.port" in second.stderr


# --- passwords ------------------------------------------------------------------------------------

_STORE_PASSWORD = "made-up-1"  # noqa: S105  of a store that lives as long as its test
_MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule"


class Certificate:
    """A broker's certificate for this machine, signed by itself, made by Java's own tool."""

    def __init__(self, folder: Path, name: str) -> None:
        self.store, self.authority = folder / f"{name}.p12", folder / f"{name}.pem"
        self._keytool("-genkeypair", "-keyalg", "EC", "-dname", f"CN={name}", "-ext", "SAN=ip:127.0.0.1")
        self._keytool("-exportcert", "-rfc", "-file", str(self.authority))

    def _keytool(self, *words: str) -> None:
        tool = Path(find_java(os.environ)).resolve().with_name("keytool")
        held = ("-alias", "kafka", "-keystore", str(self.store), "-storepass", _STORE_PASSWORD)
        subprocess.run((tool, *words, *held), check=True, capture_output=True)


class Guarded(Kafka):
    """A broker with a second door, which speaks TLS and asks for a password."""

    ports: ClassVar[Mapping[str, int]] = {"kafka": 0, "controller": 0, "guarded": 0}

    certificate: Certificate

    def _write(self, file: Path, data: Path, ports: Mapping[str, int]) -> None:
        doors = {"PLAINTEXT": ports["kafka"], "GUARDED": ports["guarded"]}
        at = ",".join(f"{name}://127.0.0.1:{port}" for name, port in doors.items())
        self._more = {
            "listeners": f"{at},CONTROLLER://127.0.0.1:{ports['controller']}",
            "advertised.listeners": at,
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,GUARDED:SASL_SSL",
            "listener.name.guarded.ssl.keystore.location": str(self.certificate.store),
            "listener.name.guarded.ssl.keystore.password": _STORE_PASSWORD,
            "inter.broker.listener.name": "PLAINTEXT",
            "sasl.enabled.mechanisms": "PLAIN",
            "listener.name.guarded.plain.sasl.jaas.config": f'{_MODULE} required user_suyuan="right-1";',
        }
        super()._write(file, data, ports)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[str]:
    """The address that speaks TLS and asks for a password; whom to trust is in `kafka.pem`."""
    server = Guarded(tmp_path / "kafka")
    server.certificate = Certificate(tmp_path, "kafka")
    Own(server)
    running = server.running()
    assert running is not None
    yield f"127.0.0.1:{running.ports['guarded']}"
    remove(server)


def test_with_tls_and_a_password_all_works_and_what_is_wrong_is_said(guarded: str, tmp_path: Path):
    secret = tmp_path / "password"
    secret.write_text("right-1\n")
    env = {
        "SUYUAN_KAFKA_TLS": "true",
        "SUYUAN_KAFKA_CA": str(tmp_path / "kafka.pem"),
        "SUYUAN_KAFKA_USER": "suyuan",
        "SUYUAN_KAFKA_MECHANISM": "PLAIN",
        "SUYUAN_KAFKA_PASSWORD_FILE": str(secret),
    }
    (tmp_path / "one.jsonl").write_bytes(line(tip(1)))
    with Outpost(tmp_path, guarded, "", **env) as outpost:
        assert outpost.run("topics", "check").returncode == 0
        worker = outpost.intake()
        assert outpost.run("ingest", "--to", "kafka", "one.jsonl").returncode == 0
        eventually(lambda: worker.metric("suyuan_records_total") == 1, "the record")
        assert worker.stop() == 0
        secret.write_text("wrong-1\n")
        for words in COMMANDS:
            done = outpost.run(*words)
            could_not(done, "kafka.password")
            assert b"wrong-1" not in done.stderr
        secret.write_text("right-1\n")
        stranger = str(Certificate(tmp_path, "stranger").authority)
        for words in COMMANDS:
            could_not(outpost.run(*words, SUYUAN_KAFKA_CA=stranger), "kafka.ca")
        could_not(outpost.run(*COMMANDS[-1], SUYUAN_KAFKA_TLS="false"), guarded)


# --- a broker that goes away ----------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [20, pytest.param(150, marks=pytest.mark.soak)])
def test_a_broker_that_is_away_is_waited_for(
    own_kafka: Callable[[], Own[Kafka]], topic_prefix: str, tmp_path: Path, seconds: int
):
    """By the gateway, which sends nothing twice, and by workers, which go on by themselves.

    Each message gives up after a minute; the workers do not.
    """
    broker = own_kafka()
    text = "有人在酒吧卖气弹，卖家叫林小满，电话13800001234。" * 4
    lines = [line(tip(number, text=text)) for number in range(5_000)]
    (tmp_path / "many.jsonl").write_bytes(b"\n".join(lines))
    with Outpost(tmp_path, broker.address, topic_prefix) as outpost:
        workers = [outpost.intake(), outpost.intake()]
        for worker in workers:
            eventually(worker.ready, "the workers")
        gateway = outpost.background("ingest", "--to", "kafka", "--json", "many.jsonl")
        eventually(lambda: outpost.count(RAW_TIP) > 200, "the first records")
        broker.kill()
        time.sleep(seconds)
        assert [each.process.poll() for each in (gateway, *workers)] == [None] * 3, gateway.said()
        assert workers[0].asked("/healthz")[0] == 200
        assert [each.ready() for each in workers] == [False, False]
        assert [len(each.events("kafka_away")) for each in workers] == [1, 1]
        told = rf"Kafka at {re.escape(broker.address)} has not answered for (?:1[5-9]|[2-9]\d) s; waiting"
        eventually(lambda: re.search(told, gateway.said()), "that it waits")
        broker.restart()
        assert gateway.ended() == 0, gateway.said()
        report = json.loads(gateway.said().splitlines()[-1])
        assert report["confirmed"] == report["accepted"] == len(lines)
        keys = [message.key for message in outpost.messages(RAW_TIP)]
        assert len(keys) == len(set(keys)) == len(lines)
        eventually(lambda: [each.supervise() for each in workers] and outpost.taken_in(), "all of it")
        named = {decode(message.value).outcome.accepted.name for message in outpost.messages(CLAIMS)}
        assert named == {f"made-up/{number}" for number in range(len(lines))}
        for each in workers:
            assert each.events("kafka_back") or "beginning again" in each.said(), each.said()
        assert [each.stop() for each in workers] == [0, 0], workers[0].said()
