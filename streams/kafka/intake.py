"""Intake: raw topics → `suyuan.claims` and `suyuan.rejected`. As many workers as there are partitions.

It runs the front of the pipeline and nothing else. What came without the gateway is sealed here, and a
reporter in clear on a topic is reported as a breach of its sender.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct

from schemas.records import Message, Origin, Refusal
from schemas.topics import CLAIMS, RAW, REJECTED, TOPICS, partitions
from streams.handover import Handover
from streams.kafka import letters
from streams.kafka.logs import log
from streams.kafka.metrics import Metrics
from streams.kafka.reading import Outgoing, Reading, Received
from streams.pipeline import Front, read, take
from streams.settings import Settings
from streams.stages.decode import decode
from streams.stages.dedupe import Prepared
from streams.stages.refusals import Fault
from streams.stages.seal import WorkingCopy, tells_reporter
from streams.vault.original import Sealed
from streams.vault.sealing import SealingKeys, seal

GROUP = "suyuan-intake"


class _Taken(Struct, frozen=True):
    """One message after the front: what was sealed of it elsewhere, or what is to be sealed."""

    front: Front
    sealed: tuple[Sealed, ...]


class Intake:
    """The stage of an intake worker."""

    def __init__(
        self, settings: Settings, keys: SealingKeys, clock: Callable[[], int], metrics: Metrics
    ) -> None:
        self._settings, self._keys, self._clock, self._metrics = settings, keys, clock, metrics
        self._named = settings.kafka.topic

    def position(self, _topic: str, _partition: int, /) -> int | None:
        """The group's offsets are all that intake remembers."""
        return None

    def handle(self, batch: Sequence[Received]) -> list[Outgoing]:
        """The handover of each message, and a dead letter for each that is refused."""
        now = self._clock()
        with self._metrics.stage("front"):
            taken = [self._take(message, now) for message in batch]
            fronts = read([one.front for one in taken])
        with self._metrics.stage("seal"):
            boxes = seal((each for front in fronts for each in front.secret), self._keys.public_key)
            return [
                out
                for one, front in zip(taken, fronts, strict=True)
                for out in self._send(front.outcome, one.sealed or tuple(next(boxes) for _ in front.secret))
            ]

    def confirmed(self) -> None:
        """Nothing is kept here."""

    def stop(self) -> None:
        """A batch never waits."""

    def _take(self, message: Received, now: int) -> _Taken:
        origin = Origin(topic=message.topic, partition=message.partition, offset=message.offset)
        copy = _sealed_before(message)
        if copy is not None:
            working = WorkingCopy(
                body=message.value,
                digest=copy.digest,
                sha256=copy.sha256,
                origin=origin,
                received=copy.received,
            )
            return _Taken(take(working, self._keys.pepper), copy.sealed)
        front = take(Message(body=message.value, origin=origin, received=now), self._keys.pepper)
        if front.told:
            self._breach(front.secret[0].name)
        return _Taken(front, ())

    def _breach(self, name: str | None) -> None:
        """A sender who puts reporters on a topic in clear has to be told; who it was about is not said."""
        source = (name or "unknown/").partition("/")[0]
        self._metrics.breach(source)
        log().warning("reporter_in_clear", source=source)

    def _send(self, outcome: Prepared | Refusal, sealed: tuple[Sealed, ...]) -> Iterator[Outgoing]:
        handover = Handover(
            outcome=outcome,
            worker=self._settings.worker.name,
            received=outcome.received,
            sealed=sealed,
            vault=self._keys.public_key,
        )
        yield from letters.claims(handover, self._settings.jurisdictions, self._named)
        if isinstance(outcome, Refusal):
            self._refused(outcome)
            yield letters.rejected(outcome, sealed[0], self._named)
        else:
            self._metrics.records("accepted")

    def _refused(self, refusal: Refusal) -> None:
        self._metrics.records("refused")
        self._metrics.refused(refusal.reason)
        origin = refusal.origin
        log().info(
            "record_refused", record=refusal.record, reason=refusal.reason, path=refusal.path,
            topic=origin.topic, partition=origin.partition, offset=origin.offset,
        )  # fmt: skip


def _sealed_before(message: Received) -> letters.SealedHeaders | None:
    """What the gateway wrote of a message; None when it is to be sealed here.

    Headers are anybody's to write: a copy with a reporter in it did not come from the gateway.
    """
    if "sealed" not in message.headers:
        return None
    decoded = decode(message.value)
    if isinstance(decoded, Fault) or tells_reporter(decoded[0]):
        return None
    source, ours = decoded[0].get("source"), decoded[0].get("source_id")
    return letters.sealed_headers(message.headers, f"{source}/{ours}")


def reading(settings: Settings) -> Reading:
    """What intake workers read: all raw topics, shared among them."""
    worker, named = settings.worker, settings.kafka.topic
    return Reading(
        group=named(GROUP),
        topics=tuple(named(topic) for topic in RAW.values()),
        instance=worker.instance,
        batch=worker.batch,
        within=worker.within,
    )


def needs(settings: Settings) -> dict[str, int]:
    """The topics that have to be there, and their least partitions."""
    declared = {topic.name: topic for topic in TOPICS}
    named = settings.kafka.topic
    raw = {named(name): 1 for name in RAW.values()}
    return raw | {
        named(CLAIMS): partitions(declared[CLAIMS], settings.jurisdictions),
        named(REJECTED): 1,
    }


@contextmanager
def opened(
    settings: Settings, keys: SealingKeys, clock: Callable[[], int], metrics: Metrics
) -> Iterator[Intake]:
    """The stage; there is nothing to close."""
    yield Intake(settings, keys, clock, metrics)
