"""A steady load on a deployment: records at a constant rate, and when what they say could be seen.

A record is seen in the graph when a look at Neo4j, every few milliseconds, finds the projection at its
transaction or beyond; an alert when its message arrives. Both are measured from the moment at which the
record was given to the producer.
"""

from __future__ import annotations

import asyncio
import bisect
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec
from aiokafka import AIOKafkaProducer
from kafka import KafkaConsumer
from msgspec import Struct
from neo4j import Driver

from schemas.alerts import Finding
from streams.kafka.connection import client_options
from streams.settings import KafkaSettings

RATE = 500
"""Records a second of the steady load."""
CALM = 100
"""Of a load that a small machine bears with all servers on it, so that nothing waits in line."""
_TICK = 0.01
_LOOK = 0.02
_SEQ = "MATCH (p:Projection) RETURN p.seq"

Sent = list[tuple[str, bytes, bytes]]
"""Topic, key and value of each record, in order."""


class Key(Struct, frozen=True):
    """Which revision of which record."""

    source: str
    source_id: str
    revision: int | None = None

    @property
    def name(self) -> tuple[str, int]:
        return f"{self.source}/{self.source_id}", self.revision or 1


async def drive(kafka: KafkaSettings, records: Sent, rate: int, tell: Callable[[int], None]) -> list[float]:
    """Send records at a rate; the moment at which each was given to the producer (monotonic seconds)."""
    producer = AIOKafkaProducer(
        linger_ms=2, acks="all", max_request_size=4 << 20, **client_options(kafka, "suyuan-bench-load")
    )
    moments: list[float] = []
    begun = time.monotonic()
    async with producer:
        while len(moments) < len(records):
            due = min(len(records), int((time.monotonic() - begun) * rate))
            for topic, key, value in records[len(moments) : due]:
                moments.append(time.monotonic())
                await producer.send(topic, value, key)
            tell(len(moments))
            await asyncio.sleep(_TICK)
        await producer.flush()
    return moments


class Watch:
    """Looks at a projection all the time; knows when each transaction was first seen."""

    def __init__(self) -> None:
        self._seqs: list[int] = [0]
        self._moments: list[float] = [0.0]

    @contextmanager
    def on(self, driver: Driver) -> Iterator[Watch]:
        """Looks while the block runs, in a thread."""
        ended = threading.Event()
        thread = threading.Thread(target=self._look, args=(driver, ended), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            ended.set()
            thread.join()

    def _look(self, driver: Driver, ended: threading.Event) -> None:
        with driver.session() as session:
            while not ended.wait(_LOOK):
                found = session.run(_SEQ).single()
                if found is not None and (found[0] or 0) > self._seqs[-1]:
                    self._moments.append(time.monotonic())
                    self._seqs.append(found[0])

    @property
    def seq(self) -> int:
        """The last transaction seen."""
        return self._seqs[-1]

    def seen(self, seq: int) -> float | None:
        """When this transaction, or one after it, was first seen."""
        at = bisect.bisect_left(self._seqs, seq)
        return self._moments[at] if at < len(self._seqs) else None


class Alarm:
    """Listens to the alerts: when each was first told, and on which records it rests."""

    def __init__(self) -> None:
        self.told: dict[bytes, tuple[float, Finding]] = {}

    @contextmanager
    def on(self, kafka: KafkaSettings, topic: str) -> Iterator[Alarm]:
        """Listens while the block runs, in a thread."""
        ended = threading.Event()
        options = client_options(kafka, "suyuan-bench-alerts")
        consumer = KafkaConsumer(
            kafka.topic(topic), group_id=None, enable_auto_commit=False, auto_offset_reset="earliest",
            fetch_max_wait_ms=50, **options,
        )  # fmt: skip
        thread = threading.Thread(target=self._listen, args=(consumer, ended), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            ended.set()
            thread.join()
            consumer.close()

    def _listen(self, consumer: KafkaConsumer, ended: threading.Event) -> None:
        decode = msgspec.json.Decoder(Finding).decode
        while not ended.is_set():
            for batch in consumer.poll(100).values():
                now = time.monotonic()
                for message in batch:
                    if message.value:
                        self.told.setdefault(message.key, (now, decode(message.value)))

    def delays(self, moments: dict[str, float]) -> list[float]:
        """Seconds from the last of an alert's records to the alert, for those that rest on such."""
        found = []
        for at, finding in self.told.values():
            sent = [moments[record] for record in finding.records if record in moments]
            if sent:
                found.append(at - max(sent))
        return found


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """p50 and p99 in milliseconds.

    >>> percentiles([0.001 * n for n in range(1, 101)])
    {'p50': 51.0, 'p99': 100.0}
    """
    if not seconds:
        return {}
    ordered = sorted(seconds)
    return {
        f"p{share}": round(1000 * ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 1)
        for share in (50, 99)
    }
