"""The gateway: records from files, sealed and checked here, into the raw topics, with receipts.

What leaves this process is the working copy and sealed boxes. What the pipeline would refuse is refused
here already, and goes to `suyuan.rejected` and the owner's list like everything that is refused. A record
counts as sent when all replicas in sync have it. The producer is idempotent and waits for a broker that is
away; the same file sent again has no further effect, since the owner knows each record's digest.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaTimeoutError
from msgspec import Struct, structs

from schemas.decisions import Consolidation, Decision, Verification
from schemas.errors import KafkaUnavailable, UsageError
from schemas.records import Message, Origin, Refusal
from schemas.topics import CLAIMS, RAW, REJECTED
from streams.handover import Handover
from streams.inputs import chunks
from streams.kafka import admin, intake, letters
from streams.kafka.connection import client_options, map_kafka_errors, must_be_there, quiet
from streams.kafka.reading import Outgoing
from streams.ledger import Act
from streams.pace import Pace
from streams.pipeline import read, take
from streams.settings import Settings
from streams.stages.dedupe import Prepared
from streams.stages.refusals import Fault
from streams.vault.original import Sealed
from streams.vault.sealing import SealingKeys, seal

_SILENCE = 5.0
"""Seconds without a word from the broker after which that is said, and said again."""
_BATCH = 200
"""Records that share an envelope and are on their way together; twice as many are unconfirmed at most."""

Clock = Callable[[], int]
Waiting = Callable[[float, int], None]
"""Is told for how many seconds no broker has answered, and how many records are confirmed."""


class Receipt(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one record: where it stands in Kafka, or why it is refused."""

    record: str | None
    origin: Origin
    accepted: bool
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None
    reason: str | None = None
    path: str | None = None
    expected: str | None = None


class GatewayReport(Struct, frozen=True, kw_only=True):
    """What was sent; `confirmed` have their receipt from Kafka, the refused ones included."""

    read: int
    accepted: int
    rejected: dict[str, int]
    confirmed: int
    seconds: float


class _Sent(Struct, frozen=True):
    """One record on its way: its messages' futures, the first of which is the receipt's."""

    outcome: Prepared | Refusal
    origin: Origin
    futures: list[Any]


class Gateway:
    """Sends records; made by `open_gateway`."""

    def __init__(
        self, settings: Settings, keys: SealingKeys, clock: Clock, producer: Any, limits: dict[str, int]
    ) -> None:
        self._settings, self._keys, self._clock = settings, keys, clock
        self._producer, self._limits = producer, limits
        self._named = settings.kafka.topic
        self._confirmed = 0
        self._waiting: Waiting = lambda _, __: None

    def send(
        self,
        lines: Iterable[tuple[Origin, bytes]],
        *,
        withdrawals: str = "tip",
        receipt: Callable[[Receipt], None] = lambda _: None,
        waiting: Waiting = lambda _, __: None,
    ) -> GatewayReport:
        """Send lines; a withdrawal goes to the topic of the kind `withdrawals`. Each record's receipt is
        given to `receipt` when it is confirmed. `waiting` is called while a broker is away.

        Raises `KafkaUnavailable` when no broker took a message in time; what was confirmed stays.
        """
        self._confirmed, self._waiting = 0, waiting
        begun, counts, rejected = self._clock(), Counter[str](), Counter[str]()
        on_the_way: list[_Sent] = []

        def confirm(sent: list[_Sent]) -> None:
            for each in sent:
                got = self._receipt(each)
                counts["accepted" if got.accepted else "refused"] += 1
                self._confirmed += 1
                rejected.update(filter(None, [got.reason]))
                receipt(got)

        with self._saying_what_stays(), quiet(), map_kafka_errors(self._settings.kafka):
            for chunk in chunks(lines, Pace(_BATCH)):
                counts["read"] += len(chunk)
                sent = self._chunk(chunk, RAW[withdrawals])
                confirm(on_the_way)
                on_the_way = sent
            confirm(on_the_way)
        return GatewayReport(
            read=counts["read"],
            accepted=counts["accepted"],
            rejected=dict(sorted(rejected.items())),
            confirmed=self._confirmed,
            seconds=round(max(0, self._clock() - begun) / 1e6, 3),
        )

    def decide(
        self,
        decision: Decision | Verification | Consolidation | Message,
        act: Act | None = None,
        owners: Sequence[int] | None = None,
    ) -> list[Receipt]:
        """Send what a person decided to every owner (or to `owners`): who is who, what a text tells, another
        model, or a record that takes another back with the `act` that it is. A receipt for each owner.

        Raises `UsageError` when the record would be refused, `KafkaUnavailable` when no broker took it.
        """
        received = self._clock()
        sealed: tuple[Sealed, ...] = ()
        outcome: Prepared | Decision | Verification | Consolidation
        name: str | None
        if isinstance(decision, Decision):
            outcome, name, origin = decision, decision.said[0][0], Origin()
        elif isinstance(decision, Verification):
            outcome, name, origin = decision, decision.record, Origin()
        elif isinstance(decision, Consolidation):
            outcome, name, origin = decision, None, Origin()
        else:
            (front,) = read([take(decision, self._keys.pepper)])
            if isinstance(front.outcome, Refusal):
                raise UsageError(f"this would be refused: {front.outcome.expected}")
            outcome = front.outcome
            name, origin = outcome.accepted.name, outcome.origin
            sealed = tuple(seal(front.secret, self._keys.public_key))
        handover = structs.replace(self._handover(outcome, sealed, received), act=act)
        with quiet(), map_kafka_errors(self._settings.kafka):
            told = letters.claims(handover, self._settings.jurisdictions, self._named, owners)
            arrived = [self._arrived(future) for future in [self._produce(each) for each in told]]
        return [
            Receipt(
                record=name, origin=origin, accepted=True,
                topic=each.topic, partition=each.partition, offset=each.offset,
            )
            for each in arrived
        ]  # fmt: skip

    def _handover(
        self,
        outcome: Prepared | Refusal | Decision | Verification | Consolidation,
        sealed: Sequence[Sealed],
        received: int,
    ) -> Handover:
        return Handover(
            outcome=outcome,
            worker=self._settings.worker.name,
            received=received,
            sealed=tuple(sealed),
            vault=self._keys.public_key,
        )

    @contextmanager
    def _saying_what_stays(self) -> Iterator[None]:
        try:
            yield
        except KafkaUnavailable as away:
            raise KafkaUnavailable(
                f"{away}. {self._confirmed:,} records are in Kafka already; the same command, given again, "
                "goes on and doubles none"
            ) from away

    def _chunk(self, chunk: Sequence[tuple[Origin, bytes]], withdrawal: str) -> list[_Sent]:
        received = self._clock()
        # What they say is for intake to read.
        fronts = [
            take(Message(body=body, origin=origin, received=received), self._keys.pepper)
            for origin, body in chunk
        ]
        boxes = seal((each for front in fronts for each in front.secret), self._keys.public_key)
        sent = []
        for front in fronts:
            sealed = tuple(next(boxes) for _ in front.secret)
            sent.append(self._put(front.outcome, sealed, withdrawal))
        return sent

    def _put(self, outcome: Prepared | Refusal, sealed: Sequence[Sealed], withdrawal: str) -> _Sent:
        origin = outcome.origin
        if isinstance(outcome, Prepared):
            topic = letters.raw_topic(outcome.accepted.record.kind, self._named, withdrawal)
            message = letters.raw(outcome, sealed, topic)
            limit = self._limits[topic]
            if letters.size_of(message) <= limit:
                return _Sent(outcome, origin, [self._produce(message)])
            fault = Fault("too_large", f"at most {limit} bytes with its sealed original")
            outcome = fault.refuse(origin, outcome.sha256, outcome.received, outcome.accepted.name)
        handover = self._handover(outcome, sealed, outcome.received)
        letter = letters.rejected(outcome, sealed[0], self._named)
        listed = letters.claims(handover, self._settings.jurisdictions, self._named)
        return _Sent(outcome, origin, [self._produce(each) for each in (letter, *listed)])

    def _produce(self, message: Outgoing) -> Any:
        return self._producer.send(
            message.topic,
            value=message.value,
            key=message.key,
            headers=list(message.headers.items()),
            partition=message.partition,
        )

    def _receipt(self, sent: _Sent) -> Receipt:
        first, *_ = [self._arrived(future) for future in sent.futures]
        outcome = sent.outcome
        where = {"topic": first.topic, "partition": first.partition, "offset": first.offset}
        if isinstance(outcome, Prepared):
            return Receipt(record=outcome.accepted.name, origin=sent.origin, accepted=True, **where)
        return Receipt(
            record=outcome.record,
            origin=sent.origin,
            accepted=False,
            reason=outcome.reason,
            path=outcome.path,
            expected=outcome.expected,
            **where,
        )

    def _arrived(self, future: Any) -> Any:
        """Where a message stands; the producer gives it up when no broker took it in time."""
        begun = time.monotonic()
        while not future.is_done:
            try:
                return future.get(timeout=_SILENCE)
            except KafkaTimeoutError:
                silent = time.monotonic() - begun
                if future.is_done or silent > self._settings.kafka.delivery + 6 * _SILENCE:
                    break
                self._waiting(silent, self._confirmed)
        return future.get(timeout=0)


@contextmanager
def open_gateway(settings: Settings, keys: SealingKeys, clock: Clock) -> Iterator[Gateway]:
    """A gateway with its producer.

    Raises `KafkaUnavailable`, `KafkaDenied`, and `TopicMismatch` when a topic is missing.
    """
    must_be_there(settings.kafka, intake.needs(settings))
    names = [settings.kafka.topic(name) for name in (*RAW.values(), CLAIMS, REJECTED)]
    limits = admin.limits(settings, names)
    patience = int(settings.kafka.delivery * 1000)
    with quiet(), map_kafka_errors(settings.kafka):
        producer = KafkaProducer(
            enable_idempotence=True,
            acks="all",
            delivery_timeout_ms=patience,
            request_timeout_ms=min(30_000, patience // 2),
            linger_ms=5,
            batch_size=256 << 10,
            max_request_size=max(limits.values()) + (1 << 20),
            max_block_ms=patience,
            allow_auto_create_topics=False,
            **client_options(settings.kafka, "suyuan-gateway"),
        )
    try:
        yield Gateway(settings, keys, clock, producer, limits)
    finally:
        with quiet():
            _close(producer)


def _close(producer: KafkaProducer) -> None:
    """Close it, and give up what a broker that is away has not taken."""
    try:
        producer.close(timeout=5)
    except KafkaTimeoutError:
        producer._sender.force_close()  # noqa: SLF001  it has no other way to give messages up
        producer.close(timeout=5)
