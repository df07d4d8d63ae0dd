"""Topics on the broker: made when they are missing, compared with what is declared, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import TopicAlreadyExistsError
from msgspec import Struct

from schemas.topics import TOPICS, Topic, partitions
from streams.kafka.connection import admin
from streams.settings import Settings


class Mismatch(Struct, frozen=True):
    """What is not as declared: of a topic that is missing `setting` is "topic"."""

    topic: str
    setting: str
    wanted: str
    found: str | None


def create(settings: Settings) -> list[str]:
    """Make the topics that are missing; their names. Those that are there stay as they are.

    Raises `KafkaUnavailable` or `KafkaDenied`.
    """
    kafka = settings.kafka
    made = []
    with admin(kafka) as client:
        there = set(_partitions(client, [kafka.topic(topic.name) for topic in TOPICS]))
        for topic in TOPICS:
            name = kafka.topic(topic.name)
            if name in there:
                continue
            wanted = {
                "num_partitions": partitions(topic, settings.jurisdictions),
                "replication_factor": kafka.replicas,
                "configs": topic.config(kafka.replicas),
            }
            try:
                client.create_topics({name: wanted}, wait_for_metadata=True)
            except TopicAlreadyExistsError:
                continue  # somebody else was quicker
            made.append(name)
    return made


def check(settings: Settings) -> list[Mismatch]:
    """How the broker's topics differ from `schemas.topics`, in the order of that table."""
    kafka = settings.kafka
    with admin(kafka) as client:
        names = [kafka.topic(topic.name) for topic in TOPICS]
        there = _partitions(client, names)
        configs = _configs(client, sorted(there))
    found: list[Mismatch] = []
    for topic, name in zip(TOPICS, names, strict=True):
        if name not in there:
            found.append(Mismatch(name, "topic", "there", None))
            continue
        wanted = partitions(topic, settings.jurisdictions)
        if there[name] != wanted:
            found.append(Mismatch(name, "partitions", str(wanted), str(there[name])))
        found += _differences(name, topic, kafka.replicas, configs[name])
    return found


def limits(settings: Settings, names: Sequence[str]) -> dict[str, int]:
    """The most bytes that a message of each topic may have; topics that are missing are left out."""
    with admin(settings.kafka) as client:
        there = sorted(_partitions(client, names))
        configs = _configs(client, there)
    return {name: int(configs[name]["max.message.bytes"]) for name in there}


def _differences(name: str, topic: Topic, replicas: int, found: dict[str, str]) -> Iterator[Mismatch]:
    for setting, wanted in topic.config(replicas).items():
        if (there := found.get(setting)) != wanted:
            yield Mismatch(name, setting, wanted, there)


def _partitions(client: KafkaAdminClient, names: Sequence[str]) -> dict[str, int]:
    """How many partitions each of these topics has that is there."""
    found = client.describe_topics(list(names))
    return {each["name"]: len(each["partitions"]) for each in found if not each["error_code"]}


def _configs(client: KafkaAdminClient, names: Sequence[str]) -> dict[str, dict[str, str]]:
    if not names:
        return {}
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    found = client.describe_configs(asked, config_filter="all")
    return {
        name: {key: each["value"] for key, each in settings.items()}
        for kind in found.values()
        for name, settings in kind.items()
    }
