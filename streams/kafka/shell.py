"""The shell of every worker: a Faust app with one agent that puts batches through a stage.

    take a batch ─▶ handle (in the worker's thread) ─▶ produce and confirm ─▶ commit

Anything that goes wrong on the way ends the process: nothing of the batch is committed, and whoever
started the worker starts it again. Only a broker that is away is waited for.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, cast

import faust
from aiokafka.errors import KafkaError as AioError
from aiokafka.errors import KafkaTimeoutError
from faust.exceptions import ProducerSendError
from faust.types import TP

from schemas.errors import TransportError
from streams.kafka.logs import log
from streams.kafka.metrics import Metrics
from streams.kafka.reading import Opening, Outgoing, Reading, Received, Stage
from streams.kafka.silence import Silence
from streams.kafka.transport import Consumer, Transport
from streams.settings import KafkaSettings

_PATIENCE = 60.0
"""Seconds that a running batch gets when the worker is told to stop."""
_QUIET = 2.0
"""Seconds without a message after which the stage is asked to look round."""
_DAY = 86_400.0
_PAUSE = 0.5
"""Seconds between two tries to produce what no broker took."""
_PORTION = 32 << 20
"""Bytes of messages worked on at once, however many a batch may have."""


_PARTING = 15.0
"""Seconds for saying goodbye to the broker when all work is done; it was seen to take for ever after the
broker had been away. The broker notices by itself, one session later."""


class MessagesSkipped(TransportError):
    """Messages that are there were not delivered; the worker has to begin again."""


class Unheard(TransportError):
    """A broker is there and answers, but not what this worker's clients have asked."""


class App(faust.App):
    """The Faust app of one worker; stopping it lets the batch in hand end first."""

    shell: Shell

    async def stop(self) -> None:
        _leave_in(_PATIENCE + _PARTING, 1)
        await self.shell.finish()
        _leave_in(_PARTING, 1 if self.shell.failure else 0)
        await super().stop()

    def _new_transport(self) -> Transport:
        transport = Transport(self.conf.broker_consumer, self)
        shell = self.shell
        transport.settings, transport.reading = shell.settings, shell.reading
        transport.position, transport.started = shell.position, shell.places.start
        transport.lost, transport.asking = shell.lose, shell.silence.waiting
        return transport

    def _new_producer_transport(self) -> Any:
        return self.transport


class Places:
    """The offset that has to come next from every partition."""

    def __init__(self) -> None:
        self._next: dict[TP, int] = {}

    def start(self, positions: Mapping[TP, int]) -> None:
        """An assignment begins; called from the consumer's thread."""
        self._next = dict(positions)

    def fresh(self, batch: Iterable[Received]) -> tuple[list[Received], list[tuple[TP, int, int]]]:
        """The messages that were not delivered before, and what is missing between: (partition, from, to).

        What comes from a partition that is another worker's by now is left to that one.
        """
        taken, gaps = [], []
        expected = dict(self._next)
        for message in batch:
            tp = TP(message.topic, message.partition)
            due = expected.get(tp)
            if due is None or message.offset < due:
                continue
            if message.offset > due:
                gaps.append((tp, due, message.offset))
            expected[tp] = message.offset + 1
            taken.append(message)
        return taken, gaps

    def done(self, batch: Iterable[Received]) -> dict[TP, int]:
        """Remember that these are worked on; the next offset of each of their partitions."""
        ends = {TP(each.topic, each.partition): each.offset + 1 for each in batch}
        for tp, end in ends.items():
            if self._next.get(tp, end) <= end and tp in self._next:
                self._next[tp] = end
        return ends

    def all(self) -> dict[TP, int]:
        """The next offset of every assigned partition."""
        return dict(self._next)


class Shell:
    """One worker: `app` is what Faust runs."""

    def __init__(self, settings: KafkaSettings, reading: Reading, opening: Opening, metrics: Metrics) -> None:
        self.settings, self.reading, self.metrics = settings, reading, metrics
        self.places = Places()
        self.silence = Silence(settings, metrics)
        self.failure: BaseException | None = None
        self.ready = False
        self.seen = time.monotonic()
        self._opening = opening
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="stage")
        self._stage: Stage | None = None
        self._closing: Any = None
        self._stopping = False
        self._alone = asyncio.Lock()
        self._worked = self._taken = time.monotonic()
        self.app = self._make_app()

    # --- the app --------------------------------------------------------------------------------

    def _make_app(self) -> App:
        reading, session = self.reading, self.settings.session
        made = type("App", (App,), {"shell": self})
        app: App = made(
            reading.group,
            broker=[f"kafka://{each}" for each in self.settings.bootstrap],
            broker_client_id=reading.group,
            broker_session_timeout=session,
            broker_heartbeat_interval=session / 5,
            broker_rebalance_timeout=60.0,
            broker_request_timeout=_DAY,  # after it Faust would begin without knowing where
            broker_max_poll_interval=_DAY,  # a store may be away; /healthz watches the loop
            broker_max_poll_records=reading.batch,
            consumer_auto_offset_reset="earliest",
            consumer_group_instance_id=reading.instance,
            processing_guarantee="at_least_once",
            producer_acks=-1,
            producer_max_request_size=16 << 20,
            producer_max_batch_size=1 << 20,
            producer_request_timeout=60.0,
            producer_linger=0.0,
            stream_buffer_maxsize=2 * reading.batch,  # a whole one waits while one is worked on
            stream_wait_empty=False,
            stream_processing_timeout=3600.0,
            topic_allow_declare=False,
            topic_disable_leader=True,
            agent_supervisor="mode.CrashingSupervisor",
            datadir=tempfile.gettempdir(),
            autodiscover=False,
            web_enabled=False,
            loghandlers=[],
        )
        app.finalize()
        topic = app.topic(
            *reading.topics, key_serializer="raw", value_serializer="raw", acks=False, internal=False
        )
        app.agent(topic, name="stage", concurrency=1)(self._run)
        app.task(self._look_round)
        return app

    async def _run(self, stream: Any) -> None:
        """The agent."""
        self.app.add_future(self._watch())  # as a task of the app it would wait for an assignment
        try:
            await self._begin()
            stream.enable_acks = False  # or ending the loop would acknowledge what was not worked on
            async for events in stream.noack_take(self.reading.batch, within=self.reading.within):
                await self._batch([_received(event) for event in events])
                if self._stopping:
                    await asyncio.Event().wait()
        except Exception as error:
            if self._stopping:  # what is given up now comes again
                await asyncio.Event().wait()
            self.lose(error)
            raise

    def open(self) -> None:
        """Open the stage, in its thread: before Faust asks where to begin."""
        self._closing = self._opening()
        self._stage = self._thread.submit(self._closing.__enter__).result()

    async def _begin(self) -> None:
        async with self._alone:
            while await self._put([]):
                pass

    async def _batch(self, messages: list[Received]) -> None:
        async with self._alone:
            fresh, gaps = self.places.fresh(messages)
            for tp, due, came in gaps:
                await self._must_be_a_hole(tp, due, came)
            for portion in _portions(fresh):
                await self._put(portion)
                await self._commit(self.places.done(portion))
                self._taken = time.monotonic()

    async def _look_round(self) -> None:
        """When nothing has come for a while, the stage may see whether all is well."""
        while not self.app.should_stop:
            await self.app.sleep(_QUIET / 4)
            if self._stage is None or self._alone.locked() or time.monotonic() - self._worked < _QUIET:
                continue
            try:
                async with self._alone:
                    await self._put([])
            except Exception as error:
                self.lose(error)
                raise

    async def _put(self, batch: Sequence[Received]) -> bool:
        """Work on a batch; whether anything came out."""
        stage = cast("Stage", self._stage)
        with self.metrics.stage("handle"):
            outgoing = await self._in_thread(stage.handle, batch)
        with self.metrics.stage("produce"):
            await self._produce(outgoing)
        await self._in_thread(stage.confirmed)
        self.metrics.batch(len(batch))
        self._worked = time.monotonic()
        return bool(outgoing)

    async def _must_be_a_hole(self, tp: TP, due: int, came: int) -> None:
        """Offsets may be missing (transactions, retention); messages may not."""
        first = await cast("Consumer", self.app.consumer).first_from(tp, due)
        if first != came:
            raise MessagesSkipped(
                f"messages of {tp.topic}[{tp.partition}] from {due} were not delivered; beginning again"
            )

    # --- Kafka ----------------------------------------------------------------------------------

    async def _produce(self, outgoing: Sequence[Outgoing]) -> None:
        """Produce and wait until all replicas in sync have it; what fails for want of a broker again."""
        left = list(outgoing)
        while left:
            done = await self._arrived(left)
            again = []
            for each, result in zip(left, done, strict=True):
                if isinstance(result, AioError) and result.retriable:
                    again.append(each)
                elif isinstance(result, BaseException):
                    raise result
            if again:
                self.metrics.waiting()
                await asyncio.sleep(_PAUSE)
            left = again

    async def _arrived(self, outgoing: Sequence[Outgoing]) -> list[Any]:
        """What became of each message, which may take as long as a broker is away."""
        with self.silence.waiting():
            sent = [await self._send(each) for each in outgoing]
            return await asyncio.gather(*sent, return_exceptions=True)

    async def _send(self, each: Outgoing) -> Awaitable[Any]:
        """What to wait for; a failure to take the message in comes by the same way as one to bring it."""
        while True:
            try:
                return await self.app.producer.send(
                    each.topic, each.key, each.value, each.partition, None, list(each.headers.items())
                )
            except ProducerSendError as error:
                why = error.__cause__ or error
                if isinstance(why, KafkaTimeoutError):  # no room among those that wait for a broker
                    continue
                failed: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
                failed.set_exception(why)
                return failed

    async def _commit(self, ends: Mapping[TP, int]) -> None:
        with self.metrics.stage("commit"), self.silence.waiting():
            await cast("Consumer", self.app.consumer).commit_exactly(ends)

    async def position(self, topic: str, partition: int) -> int | None:
        """Where the stage wants to begin; asked from the consumer's thread."""
        if self._stage is None:
            return None
        return cast("int | None", await self._in_thread(self._stage.position, topic, partition))

    def lose(self, error: BaseException) -> None:
        """Why the worker ends: the first reason, since others follow from it. From any thread."""
        self.failure = self.failure or error

    async def _watch(self) -> None:
        """Once a second: the lag, and the sign that the loop still turns."""
        while not self.app.should_stop:
            consumer = cast("Consumer", self.app.consumer)
            if (trouble := consumer.trouble()) is not None:
                self.lose(trouble)
            if self.failure is not None:
                raise self.failure
            self.seen = time.monotonic()
            busy = self._alone.locked()  # then nothing is fetched
            self.silence.look(None if busy else max(self._taken, consumer.heard(self.places.all())))
            if await self.silence.is_ours():
                self.lose(Unheard("Kafka answers, but not what this worker has asked for: beginning again"))
            member = self.app.consumer_generation_id and not self.app.rebalancing
            self.ready = bool(self._stage is not None and member and not self.silence.lasts)
            lags: dict[str, int] = defaultdict(int)
            for tp, due in self.places.all().items():
                lags[tp.topic] += consumer.waiting(tp, due)
            self.metrics.lag(lags)
            await self.app.sleep(1.0)

    # --- the worker's thread --------------------------------------------------------------------

    async def _in_thread(self, work: Any, *arguments: Any) -> Any:
        """Run in the stage's thread, so that metrics, health and heartbeats go on."""
        return await asyncio.wrap_future(self._thread.submit(work, *arguments))

    async def finish(self) -> None:
        """Take no more; wait for the batch in hand, then close the stage."""
        self._stopping, self.ready = True, False
        if self._stage is not None:
            self._stage.stop()
        if self.failure is None:
            await asyncio.wait_for(self._alone.acquire(), _PATIENCE)
        self.close()

    def close(self) -> None:
        """Close the stage in its thread; a second time does nothing."""
        closing, self._closing = self._closing, None
        if closing is not None and self._stage is not None:
            ended: Future[Any] = self._thread.submit(closing.__exit__, None, None, None)
            ended.result()
        self._stage = None
        self._thread.shutdown()
        gc.collect()


def _leave_in(seconds: float, code: int) -> None:
    """Ends the process in any case; what a batch in hand had not committed is delivered again."""

    def leave() -> None:
        log().warning("worker_left_without_goodbye", code=code)
        sys.stderr.flush()
        os._exit(code)

    timer = threading.Timer(seconds, leave)
    timer.daemon = True
    timer.start()


def _portions(batch: Iterable[Received]) -> Iterator[list[Received]]:
    """A batch in parts of no more bytes than fit easily into memory."""
    portion: list[Received] = []
    held = 0
    for message in batch:
        portion.append(message)
        held += len(message.value)
        if held > _PORTION:
            yield portion
            portion, held = [], 0
    if portion:
        yield portion


def _received(event: Any) -> Received:
    message = event.message
    return Received(
        message.topic,
        message.partition,
        message.offset,
        message.key,
        message.value or b"",
        dict(message.headers or ()),
        message.timestamp or 0.0,
    )
