"""What an owner has to know of others before it reigns: the last change that is out, and who is at work."""

from __future__ import annotations

import time
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import CoordinatorNotAvailableError

from schemas import changes, topics
from schemas.errors import WorkerFenced
from streams.kafka.connection import admin, client_options, map_kafka_errors, quiet
from streams.settings import KafkaSettings
from streams.takeover import Published

_PATIENCE_MS = 10_000
_PAUSE = 0.2
_ALLOWANCE = 3.0
"""Seconds that a broker may take to notice that a session has ended."""


def must_be_alone(settings: KafkaSettings, group: str, instance: str) -> None:
    """Raises `WorkerFenced` when a member of this instance is at work in the group.

    One that was stopped or died is in the group's list for the time of a session; it is waited for.
    """
    end = time.monotonic() + settings.session + _ALLOWANCE
    with admin(settings) as client:
        while True:
            try:
                other = _member(client, group, instance)
            except CoordinatorNotAvailableError:  # the broker has just started
                if time.monotonic() > end:
                    raise
            else:
                if other is None:
                    return
                if time.monotonic() > end:
                    raise WorkerFenced(
                        f"another owner of this jurisdiction is at work on {other}: stop it first, "
                        "or use its store; nothing was changed"
                    )
            time.sleep(_PAUSE)


def _member(client: Any, group: str, instance: str) -> str | None:
    """Where the member of this instance runs."""
    members = client.describe_groups([group])[group]["members"]
    return next((each["client_host"] for each in members if each["group_instance_id"] == instance), None)


def last_published(settings: KafkaSettings, partition: int) -> Published | None:
    """The last whole change of a jurisdiction's partition; None when nothing was ever published.

    Raises `KafkaUnavailable` or `KafkaDenied`.
    """
    where = TopicPartition(settings.topic(topics.CHANGES), partition)
    with quiet(), map_kafka_errors(settings):
        consumer = KafkaConsumer(
            enable_auto_commit=False, group_id=None, **client_options(settings, "suyuan-owner-start")
        )
        try:
            consumer.assign([where])
            begin, end = consumer.beginning_offsets([where])[where], consumer.end_offsets([where])[where]
            if end <= begin:
                return None
            consumer.seek(where, end - 1)
            (message,) = consumer.poll(_PATIENCE_MS, max_records=1)[where]
        finally:
            consumer.close()
    change = changes.decode(message.value)
    whole = change.part == change.parts
    return Published(store=change.store, epoch=change.epoch, seq=change.seq if whole else change.after)
