"""Whether a broker answers, told from what a worker waits for: receipts, commits, or the next messages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from streams.kafka.connection import answers
from streams.kafka.logs import log
from streams.kafka.metrics import Metrics
from streams.settings import KafkaSettings

_SILENCE = 5.0
"""Seconds without an answer after which a broker is said to be away. An idle one answers twice a second."""
_LONG = 30.0
"""Seconds of silence after which the worker asks, beside its clients, whether a broker is there."""
_GRACE = 20.0
"""Seconds that the clients get, once it is, to notice: they try again every ten."""


class Silence:
    """Says once that no broker answers, and once that one does again.

    `since`: from when none answered, by the monotonic clock, while that lasts.
    """

    def __init__(self, settings: KafkaSettings, metrics: Metrics) -> None:
        self._settings, self._metrics = settings, metrics
        self._there: float | None = None
        self._asked: dict[object, float] = {}
        self.since: float | None = None

    @property
    def lasts(self) -> bool:
        return self.since is not None

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Something is to be answered before the block ends. From any thread."""
        question = object()
        self._asked[question] = time.monotonic()
        try:
            yield
        finally:
            del self._asked[question]

    def look(self, heard: float | None) -> None:
        """Called once a second; `heard` is when a broker last answered a worker that is idle."""
        since = min(list(self._asked.values()), default=heard)
        lasts = since is not None and time.monotonic() - since > _SILENCE
        if lasts and not self.lasts:
            log().warning("kafka_away", at=list(self._settings.bootstrap))
            self._metrics.waiting()
        elif self.lasts and not lasts:
            log().info("kafka_back")
        self.since = since if lasts else None

    async def is_ours(self) -> bool:
        """Whether it is this worker's clients that do not hear: a broker has been there for a while. To be
        asked once a second. A task of a client that has ended by a fault lets others wait for ever (see
        `streams.kafka.worker.new_loop` for one that did); who begins anew is answered.
        """
        now = time.monotonic()
        if self.since is None or now - self.since < _LONG or not await answers(self._settings):
            self._there = None
            return False
        self._there = self._there or now
        return now - self._there > _GRACE
