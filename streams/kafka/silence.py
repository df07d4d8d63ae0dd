"""Whether a broker answers, told from what a worker waits for: receipts, or the next messages."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from streams.kafka.logs import log
from streams.kafka.metrics import Metrics

_SILENCE = 5.0
"""Seconds without an answer after which a broker is said to be away. An idle one answers twice a second."""


class Silence:
    """Says once that no broker answers, and once that one does again."""

    def __init__(self, bootstrap: Sequence[str], metrics: Metrics) -> None:
        self._at, self._metrics = list(bootstrap), metrics
        self._sent: float | None = None
        self.lasts = False

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Messages are on their way until the block ends."""
        self._sent = time.monotonic()
        try:
            yield
        finally:
            self._sent = None

    def look(self, heard: float | None) -> None:
        """Called once a second; `heard` is when a broker last answered a worker that is idle."""
        since = heard if self._sent is None else self._sent
        lasts = since is not None and time.monotonic() - since > _SILENCE
        if lasts and not self.lasts:
            log().warning("kafka_away", at=self._at)
            self._metrics.waiting()
        elif self.lasts and not lasts:
            log().info("kafka_back")
        self.lasts = lasts
