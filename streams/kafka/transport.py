"""Faust's Kafka transport, with what it may lose taken out of its hands.

Faust 0.15.3 acknowledges messages that it skips (those of an earlier generation of the group, those that
come while it rebalances), commits past messages that nobody processed when a partition had no committed
offset yet, and does not go back to the beginning of such a partition after a rebalance. So topics are
declared without acks, which makes Faust commit nothing; the shell commits what was confirmed, and every
assignment begins at a position that is known.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from typing import Any, ClassVar, cast

import aiokafka
from aiokafka import TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import (
    CommitFailedError,
    IllegalGenerationError,
    IllegalStateError,
    KafkaError,
    UnknownMemberIdError,
)
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from streams.kafka.assignor import only
from streams.kafka.connection import client_options
from streams.kafka.reading import Reading
from streams.settings import KafkaSettings

_PAUSE = 0.5
"""Seconds between two tries to learn where to begin."""
_ANSWERS = 10.0
"""Seconds after which a commit that was not answered is said again: aiokafka was seen to wait for one for
ever, after the broker had been away."""
_STALE = (CommitFailedError, IllegalGenerationError, IllegalStateError, UnknownMemberIdError)
"""The partition is another worker's by now, who will process the messages again."""


class PlaceTaken(KafkaError):  # type: ignore[misc]  # aiokafka comes without types
    """The group gave this static member's place away."""


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """Reads in a thread of its own, so that heartbeats go on while a batch is worked on."""

    @property
    def _ours(self) -> Transport:
        return cast("Transport", self.transport)

    def _create_worker_consumer(self, transport: Any) -> Any:  # noqa: ARG002  Faust passes it
        reading, conf = self._ours.reading, self.app.conf
        self._assignor = RoundRobinPartitionAssignor
        assignor = RoundRobinPartitionAssignor if reading.partitions is None else only(reading.partitions)
        return aiokafka.AIOKafkaConsumer(
            group_id=conf.id,
            group_instance_id=reading.instance,
            partition_assignment_strategy=[assignor],
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_records=reading.batch,
            max_poll_interval_ms=int(conf.broker_max_poll_interval * 1000),
            max_partition_fetch_bytes=conf.consumer_max_fetch_size,
            fetch_max_wait_ms=500,
            request_timeout_ms=60_000,
            session_timeout_ms=int(conf.broker_session_timeout * 1000),
            rebalance_timeout_ms=int(conf.broker_rebalance_timeout * 1000),
            heartbeat_interval_ms=int(conf.broker_heartbeat_interval * 1000),
            isolation_level="read_committed",
            **client_options(self._ours.settings, conf.broker_client_id),
        )

    async def on_start(self) -> None:
        await super().on_start()
        if self._ours.reading.instance is not None:
            self._keep_or_end()

    def _keep_or_end(self) -> None:
        """A static member that the group does not know any more was replaced, or was away too long.

        aiokafka would join again, and so take the place back from whoever has it now, for ever and ever.
        """
        coordinator: Any = self._ensure_consumer()._coordinator  # noqa: SLF001  it has no hook for this
        forget = coordinator.reset_generation

        def forget_or_end() -> None:
            if coordinator.generation > 0 and not coordinator._closing.done():  # noqa: SLF001  the same
                self._ours.lost(PlaceTaken())
            else:
                forget()

        coordinator.reset_generation = forget_or_end

    def trouble(self) -> BaseException | None:
        """Why the group does not let this worker in, if so.

        aiokafka keeps it for whoever fetches next; without an assignment nobody does.
        """
        coordinator: Any = self._consumer and self._consumer._coordinator  # noqa: SLF001  it has no hook
        task = getattr(coordinator, "_coordination_task", None)
        if task is not None and task.done() and not task.cancelled() and task.exception():
            return cast("BaseException", task.exception())
        return cast("BaseException | None", getattr(coordinator, "_pending_exception", None))

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Where every assigned partition begins: at the stage's own position, else at the committed
        offset, else at the first message that is there."""
        return cast("Mapping[TP, int]", await self.call_thread(self._seek_to_start))

    async def _seek_to_start(self) -> Mapping[TP, int]:
        """Waits for a broker that is away: without a known beginning nothing is worked on."""
        while True:
            try:
                starts = await self._starts()
            except KafkaError as error:
                if not error.retriable:
                    raise
                await asyncio.sleep(_PAUSE)
            else:
                return starts

    async def _starts(self) -> Mapping[TP, int]:
        """All is asked before the first is sought: to fetch keeps the connection for half a second, and with
        a question after each fetch a worker of a new group took twelve seconds to begin."""
        consumer = self._ensure_consumer()
        assigned = consumer.assignment()
        own = {tp: await self._ours.position(tp.topic, tp.partition) for tp in assigned}
        found = await self._committed_or_first([tp for tp, offset in own.items() if offset is None])
        starts = {tp: found[tp] if offset is None else offset for tp, offset in own.items()}
        begun = {TP(tp.topic, tp.partition): offset for tp, offset in starts.items()}
        if assigned == consumer.assignment():  # or there was another rebalance, which begins by itself
            for tp, offset in starts.items():
                consumer.seek(tp, offset)
            self._ours.started(begun)
        return begun

    async def _committed_or_first(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        consumer = self._ensure_consumer()
        with self._ours.asking():
            committed = {tp: await consumer.committed(tp) for tp in partitions}
            new = [tp for tp, offset in committed.items() if offset is None]
            first = await consumer.beginning_offsets(new) if new else {}
        return {tp: int(first[tp] if offset is None else offset) for tp, offset in committed.items()}

    def silent_for(self, tp: TP) -> float:
        """Seconds since the broker answered for a partition; 0 for one that was just given or taken away."""
        try:
            answered = self._ensure_consumer().last_poll_timestamp(TopicPartition(*tp))
        except (AssertionError, IllegalStateError):
            return 0.0
        return max(0.0, time.time() - answered / 1000) if answered else 0.0

    async def commit_exactly(self, offsets: Mapping[TP, int]) -> bool:
        """Commit the next offset of each partition; false when they are another worker's by now."""
        return cast("bool", await self.call_thread(self._commit_exactly, offsets))

    async def _commit_exactly(self, offsets: Mapping[TP, int]) -> bool:
        consumer = self._ensure_consumer()
        mine = consumer.assignment()
        ours = {TopicPartition(*tp): end for tp, end in offsets.items() if TopicPartition(*tp) in mine}
        while ours:
            try:
                await asyncio.wait_for(consumer.commit(ours), _ANSWERS)
            except TimeoutError:
                continue  # an answer was lost with its connection; to say it again does no harm
            except _STALE:
                return False
            break
        return len(ours) == len(offsets)


class Consumer(driver.Consumer):
    """Faust's consumer with the thread above."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._room = asyncio.Event()

    def on_buffer_drop(self, tp: TP) -> None:
        """There is room for messages of a partition again."""
        super().on_buffer_drop(tp)
        self._room.set()

    async def _wait_next_records(self, timeout: float) -> Any:  # noqa: ASYNC109  Faust's
        """When no partition has room Faust looks again after a second, whatever happens meanwhile."""
        self._room.clear()
        if self._buffered_partitions and not self._get_active_partitions():
            await self.wait(self._room.wait(), timeout=timeout)
        return await super()._wait_next_records(timeout)

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def commit_exactly(self, offsets: Mapping[TP, int]) -> bool:
        """See `ConsumerThread.commit_exactly`."""
        return await cast("ConsumerThread", self._thread).commit_exactly(offsets)

    def trouble(self) -> BaseException | None:
        """See `ConsumerThread.trouble`."""
        return cast("ConsumerThread", self._thread).trouble()

    def waiting(self, tp: TP, due: int) -> int:
        """How many messages of a partition come after the one that is due; none of another worker's."""
        with suppress(AssertionError):  # aiokafka's word for a partition that a rebalance took away
            return max(0, (self.highwater(tp) or due) - due)
        return 0

    def heard(self, tps: Iterable[TP]) -> float:
        """When a broker last answered for one of these partitions, by the monotonic clock."""
        thread = cast("ConsumerThread", self._thread)
        return time.monotonic() - min((thread.silent_for(tp) for tp in tps), default=0.0)

    async def first_from(self, tp: TP, offset: int) -> int:
        """The offset of the first message at or after `offset`, asked of the broker beside the group."""
        transport = cast("Transport", self.transport)
        probe = aiokafka.AIOKafkaConsumer(
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            **client_options(transport.settings, "suyuan-probe"),
        )
        await probe.start()
        try:
            where = TopicPartition(tp.topic, tp.partition)
            probe.assign([where])
            probe.seek(where, offset)
            return int((await asyncio.wait_for(probe.getone(where), timeout=60)).offset)
        finally:
            await probe.stop()


class Producer(driver.Producer):
    """Faust's producer, idempotent, with the settings' address and secrets."""

    def _settings_auth(self) -> Mapping[str, Any]:
        transport = cast("Transport", self.transport)
        return client_options(transport.settings, self.client_id)

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}


class Transport(driver.Transport):
    """The transport of one worker."""

    Consumer: ClassVar[Any] = Consumer
    Producer: ClassVar[Any] = Producer

    settings: KafkaSettings
    reading: Reading
    position: Callable[[str, int], Awaitable[int | None]]
    started: Any
    lost: Callable[[Exception], None]
    asking: Callable[[], AbstractContextManager[None]]
