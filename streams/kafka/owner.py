"""The owner's worker: claims in, alerts and changes out, its SQLite file beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec
from msgspec import Struct, structs

from schemas import changes, topics
from schemas.errors import UsageError
from schemas.records import Refusal
from streams.aside import move_aside
from streams.handover import decode
from streams.kafka import letters
from streams.kafka.connection import must_be_there
from streams.kafka.logs import log
from streams.kafka.metrics import Metrics
from streams.kafka.published import last_published, must_be_alone
from streams.kafka.reading import Opening, Outgoing, Reading, Received
from streams.outbox import Letter
from streams.serving import Arrival, Server, Taken
from streams.settings import Settings
from streams.takeover import Reign
from streams.writer import Clock

PORTION = 8 << 20
"""Bytes of changes that are published at once; a history that is told anew goes out portion by portion."""


class _Rule(Struct, frozen=True):
    """What of a finding is counted."""

    rule: str


class OwnerStage:
    """Puts the log into a store and tells what became known. See `streams.kafka.reading.Stage`.

    `topic` gives a topic's name on this broker.
    """

    def __init__(
        self, server: Server, reign: Reign, partition: int, topic: Callable[[str], str], metrics: Metrics
    ) -> None:
        self._server, self._partition, self._topic, self._metrics = server, partition, topic, metrics
        self._reign: Mapping[str, bytes] = {
            "store": reign.store.encode(),
            "epoch": str(reign.epoch).encode(),
        }
        self._letters: list[Letter] = []
        self._told: int | None = None

    def position(self, topic: str, partition: int) -> int:
        """Where the store has come to; what the group committed is for the eye."""
        return self._server.next_offset(topic, partition)

    def handle(self, batch: Sequence[Received]) -> Sequence[Outgoing]:
        """Take a batch, and give out what is not known to have arrived, that of earlier batches too."""
        if batch:
            first = batch[0]
            arrivals = [Arrival(offset=each.offset, handover=decode(each.value)) for each in batch]
            with self._metrics.store("take"):
                self._count(self._server.take(first.topic, first.partition, arrivals))
        self._letters = self._server.letters()
        return [*map(self._posted, self._letters), *self._changes()]

    def confirmed(self) -> None:
        """What was given out has arrived."""
        self._server.letters_arrived(self._letters)
        self._letters = []
        if self._told is not None:
            self._server.changes_arrived(self._told)
            self._told = None

    def stop(self) -> None:
        """A batch ends by itself, soon."""

    def _count(self, taken: Taken) -> None:
        for outcome, count in taken.counts.items():
            self._metrics.records(outcome, count)
        for reason, count in taken.refused.items():
            self._metrics.refused(reason, count)

    def _posted(self, letter: Letter) -> Outgoing:
        if letter.topic == topics.ALERTS and letter.body:
            self._metrics.alerts(msgspec.json.decode(letter.body, type=_Rule).rule)
        ours = {**self._reign, "seq": str(letter.seq).encode()}
        if letter.topic == topics.REJECTED:
            return self._refused(letter, ours)
        return Outgoing(
            topic=self._topic(letter.topic),
            key=letter.key.encode(),
            value=letter.body or None,
            headers=ours,
        )

    def _refused(self, letter: Letter, ours: Mapping[str, bytes]) -> Outgoing:
        """A conflict looks like what intake refuses; its box is in the vault since before it was found."""
        refusal = msgspec.json.decode(letter.body, type=Refusal)
        sealed = self._server.vault.sealed(refusal.sha256)
        assert sealed is not None, "a batch is sealed before it is taken"
        out = letters.rejected(refusal, sealed, self._topic)
        return structs.replace(out, headers={**out.headers, **ours})

    def _changes(self) -> Iterator[Outgoing]:
        """Whole transactions, until a portion is full."""
        size = 0
        for change in self._server.changes():
            body = changes.encode(change)
            size += len(body)
            headers = {**self._reign, "seq": str(change.seq).encode(), "part": str(change.part).encode()}
            yield Outgoing(
                topic=self._topic(topics.CHANGES),
                key=self._reign["store"],
                value=body,
                headers=headers,
                partition=self._partition,
            )
            if change.part == change.parts:
                self._told = change.seq
                if size >= PORTION:
                    return


def reading(settings: Settings, jurisdiction: str) -> Reading:
    """What the owner of a jurisdiction reads: its partition of the log, alone, as always the same member.

    Whatever the worker is called: by this a second owner is seen.
    """
    return Reading(
        group=settings.kafka.topic(f"suyuan-owner-{jurisdiction}"),
        topics=(settings.kafka.topic(topics.CLAIMS),),
        partitions=(partition_of(settings, jurisdiction),),
        instance=f"owner-{jurisdiction}",
        batch=settings.worker.batch,
        within=settings.worker.within,
    )


def partition_of(settings: Settings, jurisdiction: str) -> int:
    """The partition of a jurisdiction. Raises `UsageError` when it is none of the settings'."""
    if jurisdiction not in settings.jurisdictions:
        raise UsageError(
            f"{jurisdiction} is no jurisdiction of the settings: they are {', '.join(settings.jurisdictions)}"
        )
    return settings.jurisdictions.index(jurisdiction)


@contextmanager
def owning(
    settings: Settings, jurisdiction: str, metrics: Metrics, *, clock: Clock, fresh: str
) -> Iterator[OwnerStage]:
    """Opens the store and takes over; `fresh` is a name for a history that nobody has used.

    Who has the file that reigned last knows that nobody else does. Everybody else has to look. Raises
    `StoreLocked` when another owner has the file, `WorkerFenced` when one with another file is at work,
    and what the store, the vault and Kafka raise.
    """
    partition = partition_of(settings, jurisdiction)
    with Server.open(settings.store, vault=settings.vault, key=settings.vault_key, clock=clock) as server:
        last = last_published(settings.kafka, partition)
        if not server.reigned_last(last):
            member = reading(settings, jurisdiction)
            must_be_alone(settings.kafka, member.group, str(member.instance))
            last = last_published(settings.kafka, partition)
        reign = server.take_over(last, fresh)
        log().info("owner_reigns", jurisdiction=jurisdiction, store=reign.store, epoch=reign.epoch)
        yield OwnerStage(server, reign, partition, settings.kafka.topic, metrics)


def run_owner(
    settings: Settings, jurisdiction: str, *, clock: Clock, fresh: Callable[[], str], rebuild: bool = False
) -> None:
    """Runs the owner of a jurisdiction until it is told to stop; `fresh` makes names nobody has used.

    `rebuild` moves the store aside and makes it anew from the log. Raises as `owning` and `run_worker` do.
    """
    from streams.kafka.worker import run_worker  # noqa: PLC0415  Faust runs a program when it is imported

    kafka = settings.kafka
    partition = partition_of(settings, jurisdiction)
    needed = (topics.CLAIMS, topics.CHANGES)
    needs = {kafka.topic(name): partition + 1 for name in needed} | {
        kafka.topic(name): 1 for name in (topics.ALERTS, topics.REJECTED)
    }
    must_be_there(kafka, needs)
    if rebuild and (aside := move_aside(settings.store, f"before-{clock()}")) is not None:
        log().info("store_moved_aside", store=settings.store.name, to=aside.name)

    def opening(metrics: Metrics) -> Opening:
        return lambda: owning(settings, jurisdiction, metrics, clock=clock, fresh=fresh())

    run_worker(kafka, settings.worker, reading(settings, jurisdiction), opening, needs)
