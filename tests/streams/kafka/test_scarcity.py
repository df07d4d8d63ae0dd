"""What is short: room on the broker's disk, and time. Nothing is lost by it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from schemas.topics import RAW
from tests.servers import Address
from tests.streams.command import Command, could_not
from tests.streams.kafka.crew import Crew
from tests.streams.kafka.outpost import Process, eventually
from tests.streams.kafka.witness import World, must_know, simulated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.servers import Own

RECORDS = 600


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> World:
    return simulated(tmp_path_factory.mktemp("small"), 9, RECORDS)


# --- a full disk ------------------------------------------------------------------------------------------


class Disk:
    """A file system of its own, whose size can be changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._mount("size=256m")

    def _mount(self, options: str) -> None:
        subprocess.run(
            ("mount", "-t", "tmpfs", "-o", options, "none", self.folder), capture_output=True, check=True
        )

    def leave(self, room: int) -> None:
        """Have no more than so many bytes to spare."""
        now = os.statvfs(self.folder)
        used = (now.f_blocks - now.f_bfree) * now.f_frsize
        self._mount(f"remount,size={used + room}")

    def grow(self) -> None:
        """Have room again."""
        self._mount("remount,size=256m")

    def close(self) -> None:
        subprocess.run(("umount", "--lazy", self.folder), check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Skipped where file systems may not be mounted; never for root in CI."""
    if os.getuid() != 0 or shutil.which("mount") is None:
        pytest.skip("a small disk is made with `mount`, which only root may use")
    try:
        made = Disk(tmp_path / "disk")
    except subprocess.CalledProcessError as refused:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"file systems may not be mounted here: {refused.stderr.decode().strip()}")
    try:
        yield made
    finally:
        made.close()


def says_why(worker: Process) -> bool:
    """It waits for a broker and says so, or it has ended with one line about it."""
    if (code := worker.process.poll()) is None:
        return bool(worker.events("kafka_away"))
    last = worker.said().splitlines()[-1]
    return code == 1 and last.startswith("suyuan: Kafka ")


def test_a_broker_whose_disk_is_full_is_said_and_goes_on_when_there_is_room(
    tmp_path: Path, disk: Disk, own_kafka: Callable[..., Own], topic_prefix: str, small: World
):
    """By the gateway, which ends in bounded time with true receipts, and by workers, which wait."""
    broker = own_kafka(folder=disk.folder / "kafka")
    with Crew(tmp_path, broker.address, topic_prefix) as crew:
        workers = [crew.start(kind, "--batch", "50") for kind in ("intake", "owner")]
        crew.send(small.records.read_bytes().splitlines()[:150])
        crew.settle(neo4j=False)
        disk.leave(room=1 << 20)
        receipts, begun = tmp_path / "receipts.jsonl", time.monotonic()
        done = Command(tmp_path)(
            "ingest", "--to", "kafka", "--receipts", receipts, small.records,
            env=crew.env | {"SUYUAN_KAFKA_DELIVERY": "10"},
        )  # fmt: skip
        assert time.monotonic() - begun < 60
        said = done.stderr.decode()
        if "could not keep" in said:  # the broker still answered, with a failure
            could_not(done, f"Kafka at {broker.address} could not keep what was sent")
        else:
            could_not(done, f"Kafka does not answer at {broker.address}")
            assert f"Kafka at {broker.address} has not answered for 5 s; waiting for up to 10 s" in said
        confirmed = [json.loads(each) for each in receipts.read_bytes().splitlines()]
        assert 0 < len(confirmed) < RECORDS
        assert f"{len(confirmed)} records are in Kafka already; the same command" in said.replace(",", "")
        if broker.server.running():
            broker.kill()  # as people do when it only fails; most often it has ended by itself
        eventually(lambda: all(map(says_why, workers)), "the workers to say what is wrong")

        disk.grow()
        broker.restart()
        there = {
            (each.topic, each.partition, each.offset): each.key
            for topic in RAW.values()
            for each in crew.messages(topic)
        }
        for each in confirmed:
            if each["accepted"]:
                place = each["topic"], each["partition"], each["offset"]
                assert there[place] == each["record"].encode(), "a receipt is true"
        crew.send(small.records)
        crew.settle(neo4j=False)
        must_know(crew, small)


# --- slow servers -----------------------------------------------------------------------------------------


@contextmanager
def slow(server: Own, stopped: float = 0.5, running: float = 0.2) -> Iterator[None]:
    """Most of the time the server does nothing, as on a machine that has too much to do."""
    process, enough = server.process, threading.Event()

    def hinder() -> None:
        while not enough.is_set():
            process.suspend()
            time.sleep(stopped)
            process.resume()
            enough.wait(running)

    thread = threading.Thread(target=hinder)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def test_a_slow_kafka_and_a_slow_neo4j_make_it_slow_and_nothing_else(
    tmp_path: Path,
    own_kafka: Callable[[], Own],
    own_neo4j: Callable[[], Own],
    topic_prefix: str,
    small: World,
):
    broker, graph = own_kafka(), own_neo4j()
    address = Address(f"neo4j://{graph.address}", graph.server.password)
    with Crew(tmp_path, broker.address, topic_prefix, address) as crew:
        workers = [crew.start(kind, "--batch", "50") for kind in ("intake", "intake", "owner", "project")]
        for each in workers:
            eventually(lambda each=each: each.events("worker_started"), f"{each.log.name} to start")
        processes = [each.process for each in workers]
        with slow(broker), slow(graph):
            gateway = crew.begin("ingest", "--to", "kafka", small.records)
            eventually(lambda: workers[2].events("owner_reigns"), "the owner")
            on_the_way = eventually(crew.taken, "the first records")
            assert gateway.wait(60) == 0
        assert on_the_way < RECORDS, "it was slow while there was work"
        crew.settle()
        must_know(crew, small)
        assert [each.process for each in workers] == processes, "no worker ended"
