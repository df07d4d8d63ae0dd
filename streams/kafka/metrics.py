"""What a worker counts and times, for Prometheus. Names and labels hold no personal data."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)


class Metrics:
    """The metrics of one worker, in a registry of its own."""

    def __init__(self, worker: str) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        made: dict[str, Any] = {"registry": self.registry}
        self._lag = Gauge("suyuan_lag", "Messages of a topic that wait for this worker.", ["topic"], **made)
        self._batch = Histogram("suyuan_batch_size", "Messages a batch.", buckets=_SIZES, **made)
        self._stage = Histogram(
            "suyuan_stage_seconds", "Seconds a batch in a stage.", ["stage"], buckets=_SECONDS, **made
        )
        self._records = Counter("suyuan_records", "Records by what became of them.", ["outcome"], **made)
        self._refused = Counter("suyuan_refused", "Refused records by reason.", ["reason"], **made)
        self._breaches = Counter(
            "suyuan_breaches", "Plain reporters on a raw topic, by sending system.", ["source"], **made
        )
        self._alerts = Counter("suyuan_alerts", "Alerts raised, by rule.", ["rule"], **made)
        self._store = Histogram(
            "suyuan_store_seconds",
            "Seconds an operation of a store.",
            ["operation"],
            buckets=_SECONDS,
            **made,
        )
        self._waiting = Counter("suyuan_waiting", "Times a batch waited for a broker.", **made)
        Gauge("suyuan_worker_info", "Which worker this is.", ["worker"], **made).labels(worker).set(1)

    def lag(self, lags: Mapping[str, int]) -> None:
        """How many messages of each topic wait."""
        for topic, count in lags.items():
            self._lag.labels(topic).set(count)

    def batch(self, size: int) -> None:
        """A batch went through; the one without messages at start is none."""
        if size:
            self._batch.observe(size)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times a stage of a batch: `handle`, `produce`, `commit`, or a stage's own parts."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._stage.labels(name).observe(time.perf_counter() - begun)

    @contextmanager
    def store(self, operation: str) -> Iterator[None]:
        """Times an operation of a store."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._store.labels(operation).observe(time.perf_counter() - begun)

    def records(self, outcome: str, count: int = 1) -> None:
        """Records that came to this: accepted, refused, duplicates …"""
        self._records.labels(outcome).inc(count)

    def refused(self, reason: str, count: int = 1) -> None:
        self._refused.labels(reason).inc(count)

    def breach(self, source: str) -> None:
        """A sender put a reporter in clear on a topic."""
        self._breaches.labels(source).inc()

    def alerts(self, rule: str, count: int = 1) -> None:
        self._alerts.labels(rule).inc(count)

    def waiting(self) -> None:
        """A batch could not be produced yet, since no broker answered in time."""
        self._waiting.inc()

    def exposed(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)
