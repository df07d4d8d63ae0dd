"""The projection's worker: changes in, Neo4j as it should be.

A Neo4j that is away is waited for, a slow one slows the reading down. One that was emptied, or put back
from an old copy, is noticed: then the changes are read again from the first one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from graph.neo4j.access import Access
from graph.neo4j.projector import Projector
from graph.neo4j.server import connected
from schemas import changes, topics
from schemas.changes import Change
from schemas.errors import BeginAgain, ProjectionBehind, StoreForeign, StoreUnavailable
from streams.kafka.logs import log
from streams.kafka.metrics import Metrics
from streams.kafka.owner import partition_of
from streams.kafka.published import last_published
from streams.kafka.reading import Opening, Outgoing, Reading, Received
from streams.settings import Settings
from streams.takeover import Published

T = TypeVar("T")

_PAUSES = (0.5, 1.0, 2.0)
"""Seconds between tries while Neo4j is away; the last one again and again."""
_AT_ONCE = 25
"""Changes of a batch at most: a busy owner's have close to a megabyte each."""


class ProjectStage:
    """Applies changes in their order. See `streams.kafka.reading.Stage`.

    `again` reads all changes from the first one; what is projected already is passed over.
    """

    def __init__(self, projector: Projector, metrics: Metrics, *, again: bool = False) -> None:
        self._projector, self._metrics, self._again = projector, metrics, again
        self._begun = False
        self._ending = threading.Event()

    def position(self, topic: str, partition: int) -> int | None:  # noqa: ARG002  a projection has one partition
        """From the beginning when there is no projection; else where the group had come to."""
        self._begun = self._patiently(self._projector.position) is not None
        return None if self._begun and not self._again else 0

    def handle(self, batch: Sequence[Received]) -> Sequence[Outgoing]:
        """Project a batch; without one, see whether the projection is still there.

        Raises `BeginAgain` when it is not, or lacks something.
        """
        try:
            if batch:
                self._project(batch)
            elif self._begun and self._patiently(self._projector.position) is None:
                raise BeginAgain("Neo4j was emptied: everything is projected from the beginning")
        except ProjectionBehind as behind:
            raise BeginAgain("Neo4j lacks changes: they are read from the beginning") from behind
        return ()

    def confirmed(self) -> None:
        """Nothing goes out."""

    def stop(self) -> None:
        """Wait for Neo4j no longer."""
        self._ending.set()

    def _project(self, batch: Sequence[Received]) -> None:
        """Changes are decoded one after the other: all at once they take many times their bytes."""
        records = 0

        def due() -> Iterator[Change]:
            nonlocal records
            records = 0  # of this try
            for message in batch:
                change = changes.decode(message.value)
                records += len(change.records)
                yield change

        with self._metrics.store("project"):
            self._patiently(lambda: self._projector.apply(due()))
        self._metrics.records("projected", records)
        self._begun = True

    def _patiently(self, work: Callable[[], T]) -> T:
        """Do it, however long Neo4j is away."""
        tries = 0
        while True:
            try:
                done = work()
            except StoreUnavailable as away:
                if not tries:
                    log().warning("neo4j_away", why=str(away))
                if self._ending.wait(_PAUSES[min(tries, len(_PAUSES) - 1)]):
                    raise
                tries += 1
                continue
            if tries:
                log().info("neo4j_back", tries=tries)
            return done


def reading(settings: Settings, jurisdiction: str) -> Reading:
    """What the projection of a jurisdiction reads: the changes of its owner, in their order."""
    return Reading(
        group=settings.kafka.topic(f"suyuan-project-{jurisdiction}"),
        topics=(settings.kafka.topic(topics.CHANGES),),
        partitions=(partition_of(settings, jurisdiction),),
        instance=settings.worker.instance,
        batch=min(settings.worker.batch, _AT_ONCE),
        within=settings.worker.within,
    )


@contextmanager
def projecting(
    settings: Settings, jurisdiction: str, metrics: Metrics, *, again: bool = False
) -> Iterator[ProjectStage]:
    """Opens Neo4j and makes its constraints and indexes.

    Raises `StoreUnavailable` when nobody answers there, or the password is wrong, `StoreForeign` when it
    shows another deployment.
    """
    neo4j = settings.neo4j
    access = Access(uri=neo4j.uri, user=neo4j.user, password=neo4j.password.value if neo4j.password else "")
    with connected(access) as driver:
        projector = Projector(driver, neo4j.database)
        _must_follow(projector, last_published(settings.kafka, partition_of(settings, jurisdiction)))
        projector.prepare()
        yield ProjectStage(projector, metrics, again=again)


def _must_follow(projector: Projector, last: Published | None) -> None:
    """Changes of another store would be passed over without a word unless their owner came later."""
    at = projector.position()
    if at is not None and last is not None and at.store != last.store and last.epoch <= at.epoch:
        raise StoreForeign(
            "Neo4j shows the graph of another deployment: empty it (MATCH (n) DETACH DELETE n), or name "
            "another with SUYUAN_NEO4J_URI"
        )


def run_project(settings: Settings, jurisdiction: str, *, again: bool = False) -> None:
    """Runs the projection of a jurisdiction until it is told to stop.

    Raises `BeginAgain` when it has to be run again with `again`; else as `projecting` and `run_worker` do.
    """

    def opening(metrics: Metrics) -> Opening:
        return lambda: projecting(settings, jurisdiction, metrics, again=again)

    from streams.kafka.worker import run_worker  # noqa: PLC0415  Faust runs a program when it is imported

    partition = partition_of(settings, jurisdiction)
    needs = {settings.kafka.topic(topics.CHANGES): partition + 1}
    run_worker(settings.kafka, settings.worker, reading(settings, jurisdiction), opening, needs)
