"""The shell around every worker: what is worked on, confirmed and committed, and what comes again."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

import pytest
from faust.types import TP
from kafka import KafkaProducer

from schemas.topics import ALERTS, REJECTED
from streams.kafka.metrics import Metrics
from streams.kafka.reading import Outgoing, Reading, Received
from streams.kafka.shell import Places, Shell
from streams.kafka.silence import Silence
from streams.settings import KafkaSettings
from tests.servers import ROOT
from tests.streams.kafka.outpost import PATIENCE, Outpost, eventually

SOURCE, TARGET = ALERTS, REJECTED
"""Any two topics with three partitions."""


def message(partition: int, offset: int) -> Received:
    return Received("t", partition, offset, None, b"x", {}, 0.0)


@contextmanager
def echo(outpost: Outpost, *words: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """The worker of `echo.py` on two topics of the outpost."""
    command = (sys.executable, "-m", "tests.streams.kafka.echo", outpost.bootstrap)
    with subprocess.Popen(
        (*command, outpost.named(SOURCE), outpost.named(TARGET), *words),
        cwd=ROOT, env=os.environ | env, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def copied(outpost: Outpost) -> list[bytes]:
    return [each.value for each in outpost.messages(TARGET)]


def test_what_a_rebalance_delivers_again_is_worked_on_once():
    places = Places()
    places.start({TP("t", 0): 5})
    taken, gaps = places.fresh([message(0, 5), message(0, 6)])
    assert (len(taken), gaps) == (2, [])
    assert places.done(taken) == {TP("t", 0): 7}
    assert places.fresh([message(0, 5), message(0, 6), message(0, 7)]) == ([message(0, 7)], [])


def test_what_comes_of_a_partition_that_is_anothers_by_now_is_left_to_them():
    places = Places()
    places.start({TP("t", 0): 5, TP("t", 1): 0})
    places.start({TP("t", 1): 0})
    assert places.fresh([message(0, 5), message(1, 0)]) == ([message(1, 0)], [])
    places.done([message(0, 5)])
    assert places.all() == {TP("t", 1): 0}


def test_a_message_that_was_passed_over_shows():
    places = Places()
    places.start({TP("t", 0): 5})
    assert places.fresh([message(0, 6)]) == ([message(0, 6)], [(TP("t", 0), 5, 6)])
    assert places.fresh([message(0, 5), message(0, 7)])[1] == [(TP("t", 0), 6, 7)]


class Watched(Shell):
    """A shell without a broker, whose steps are noted; `fails` is the one that does not come off."""

    def __init__(self, fails: str = "") -> None:
        self.steps: list[str] = []
        self._fails = fails
        reading = Reading(group="g", topics=("t",))
        super().__init__(KafkaSettings(bootstrap=("127.0.0.1:9",)), reading, self._opened, Metrics("test"))
        self.places.start({TP("t", 0): 0})

    @contextmanager
    def _opened(self) -> Iterator[Watched]:
        yield self

    def step(self, name: str) -> None:
        self.steps.append(name)
        if name == self._fails:
            raise OSError(name)

    def handle(self, batch: Sequence[Received]) -> list[Outgoing]:
        self.step("handle")
        return [Outgoing(topic="t", value=each.value) for each in batch]

    def confirmed(self) -> None:
        self.step("confirmed")

    async def _produce(self, outgoing: Sequence[Outgoing]) -> None:
        self.step(f"produce {len(outgoing)}")

    async def _commit(self, ends: Mapping[TP, int]) -> None:
        self.step(f"commit {ends[TP('t', 0)]}")

    def stop(self) -> None: ...


ORDER = ["handle", "produce 2", "confirmed", "commit 2"]


@pytest.mark.parametrize("fails", ["", *ORDER])
def test_nothing_is_confirmed_before_it_stands_or_committed_before_all_is_done(fails: str):
    shell = Watched(fails)
    shell.open()
    with suppress(OSError):
        asyncio.run(shell._batch([message(0, 0), message(0, 1)]))
    shell.close()
    assert shell.steps == (ORDER[: ORDER.index(fails) + 1] if fails else ORDER)


def test_a_fault_of_the_program_ends_the_worker_and_what_it_had_comes_again(outpost: Outpost):
    values = [b"boom" if number == 100 else b"v%d" % number for number in range(200)]
    outpost.produce(SOURCE, values, partition=1)
    with echo(outpost) as worker:
        _, said = worker.communicate(timeout=PATIENCE)
    assert worker.returncode != 0
    assert b'"raised":"ValueError"' in said
    assert b"cannot bear" not in said, "an exception may quote a record"
    assert b"boom" not in copied(outpost)
    with echo(outpost, BRAVE="1"):
        eventually(lambda: set(copied(outpost)) == set(values), "everything")


def test_a_worker_whose_client_waits_for_ever_though_the_broker_is_there_ends_to_begin_again(
    outpost: Outpost,
):
    outpost.produce(SOURCE, [b"v"], partition=1)
    with echo(outpost, DEAF="1") as worker:
        _, said = worker.communicate(timeout=PATIENCE)
    assert worker.returncode != 0
    assert b"kafka_away" in said
    assert said.splitlines()[-1].endswith(
        b"Kafka answers, but not what this worker has asked for: beginning again"
    )
    with echo(outpost):
        eventually(lambda: len(copied(outpost)) == 2, "what was not committed, again")


def test_a_broker_that_is_away_is_waited_for_however_long():
    silence = Silence(KafkaSettings(bootstrap=("127.0.0.1:9",)), Metrics("test"))
    silence.since = time.monotonic() - 3600
    assert [asyncio.run(silence.is_ours()) for _ in range(2)] == [False, False]


def test_a_stage_that_knows_where_it_was_begins_there_whatever_was_committed(outpost: Outpost):
    outpost.produce(SOURCE, [b"v%d" % number for number in range(10)], partition=2)
    with echo(outpost) as worker:
        eventually(lambda: len(copied(outpost)) == 10, "everything")
        worker.terminate()
        assert worker.wait(PATIENCE) == 0
    with echo(outpost, "7"):
        eventually(lambda: len(copied(outpost)) == 13, "the last three again")
    assert sorted(copied(outpost))[-6:] == [b"v7", b"v7", b"v8", b"v8", b"v9", b"v9"]


@pytest.mark.parametrize("finish", ["commit_transaction", "abort_transaction"])
def test_offsets_that_no_message_has_do_not_stop_a_worker(outpost: Outpost, finish: str):
    """A transaction leaves a mark that has an offset; what it took back is never delivered."""
    outpost.produce(SOURCE, [b"before"], partition=0)
    producer = KafkaProducer(bootstrap_servers=outpost.bootstrap, transactional_id=outpost.prefix)
    producer.init_transactions()
    for number in range(3):
        producer.begin_transaction()
        producer.send(outpost.named(SOURCE), b"within-%d" % number, partition=0)
        producer.flush()
        getattr(producer, finish)()
    producer.close()
    outpost.produce(SOURCE, [b"after"], partition=0)
    within = {b"within-0", b"within-1", b"within-2"} if finish.startswith("commit") else set()
    with echo(outpost) as worker:
        eventually(lambda: b"after" in copied(outpost), "what comes after")
        assert worker.poll() is None
    assert set(copied(outpost)) == {b"before", b"after"} | within
