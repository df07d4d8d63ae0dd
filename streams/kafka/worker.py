"""Runs one worker until it is told to stop, or fails."""

from __future__ import annotations

import asyncio
import io
import time
import traceback
from collections.abc import Callable

import faust
from aiokafka.errors import KafkaError as AioError

from schemas.errors import SuyuanError, WorkerFailed
from streams.kafka.connection import meaning, must_be_there
from streams.kafka.logs import log
from streams.kafka.metrics import Metrics
from streams.kafka.probe import answering
from streams.kafka.reading import Opening, Reading
from streams.kafka.shell import Shell
from streams.settings import KafkaSettings, WorkerSettings

STALLED = 120.0
"""Seconds without a turn of the loop after which a worker is not healthy."""


def run_worker(
    kafka: KafkaSettings,
    worker: WorkerSettings,
    reading: Reading,
    opening: Callable[[Metrics], Opening],
    needs: dict[str, int],
) -> None:
    """Run a worker in this process, in its main thread; returns when it was told to stop (SIGTERM, SIGINT).

    `needs` are topics and how many partitions they need to have. Raises one of our errors, with what to
    do, when Kafka cannot be used at start, and `WorkerFailed` for a fault of the program.
    """
    must_be_there(kafka, needs)
    metrics = Metrics(worker.name)
    shell = Shell(kafka, reading, opening(metrics), metrics)
    shell.open()
    try:
        with answering(
            worker.host, worker.port, metrics=metrics.exposed, ready=lambda: shell.ready,
            healthy=lambda: time.monotonic() - shell.seen < STALLED,
        ) as port:  # fmt: skip
            log().info("worker_started", group=reading.group, topics=list(reading.topics), port=port)
            _run(shell)
    finally:
        shell.close()
    if shell.failure is not None:
        raise _explained(shell.failure, kafka)
    log().info("worker_stopped", group=reading.group)


def new_loop() -> asyncio.AbstractEventLoop:
    """The loop of a worker: asyncio's own. uvloop would save 20 µs a message, but what it raises for a
    connection that was cut aiokafka does not catch, and then looks for brokers no more.
    """
    return asyncio.SelectorEventLoop()


def _run(shell: Shell) -> None:
    """Faust's own way of running; it ends with `SystemExit`, and prints what we say better."""
    loop = new_loop()
    asyncio.set_event_loop(loop)
    silent = io.StringIO()
    runner = faust.Worker(
        shell.app, loop=loop, quiet=True, stdout=silent, stderr=silent,
        override_logging=False, redirect_stdouts=False,
    )  # fmt: skip
    runner.spinner = None
    try:
        runner.execute_from_commandline()
    except (SystemExit, asyncio.CancelledError) as ended:  # cancelled is what still waited then
        in_order = isinstance(ended, SystemExit) and not ended.code
        if not in_order and shell.failure is None:
            shell.failure = runner.crash_reason or RuntimeError("the worker ended by itself")
    finally:
        asyncio.set_event_loop(None)


def _explained(failure: BaseException, kafka: KafkaSettings) -> SuyuanError:
    """The failure as one of ours where Kafka is its cause; a bug goes into the log with its place."""
    if isinstance(failure, AioError):
        return meaning(failure, kafka)
    if not isinstance(failure, SuyuanError):
        frames = traceback.extract_tb(failure.__traceback__)
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-6:]]
        log().error("worker_failed", raised=type(failure).__name__, where=where)
        return WorkerFailed(
            f"the worker ended by a fault of the program ({type(failure).__name__}); its log says where. "
            "What it had not committed is delivered again when it is started"
        )
    return failure
