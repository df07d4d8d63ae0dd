"""`suyuan topics`: what is missing is made, what differs is said, nothing is changed."""

from __future__ import annotations

import json
from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from schemas.topics import CHANGES, CLAIMS, RAW_SEIZURE, RAW_TIP, REJECTED
from tests.streams.kafka.outpost import Outpost


def found(outpost: Outpost, code: int, **env: str) -> list[tuple[str, ...]]:
    """What `topics check` finds."""
    done = outpost.run("topics", "check", "--json", **env)
    assert done.returncode == code, done.stderr
    mismatches: list[dict[str, Any]] = json.loads(done.stdout)["mismatches"]
    return [
        (each["topic"].removeprefix(outpost.prefix), each["setting"], each["wanted"], each["found"])
        for each in mismatches
    ]


def test_what_was_made_is_as_declared_and_made_once(outpost: Outpost):
    assert found(outpost, 0) == []
    again = outpost.run("topics", "create", "--json")
    assert json.loads(again.stdout) == {"created": []}


def test_every_difference_is_reported_and_none_is_mended(outpost: Outpost):
    admin = KafkaAdminClient(bootstrap_servers=outpost.bootstrap)
    admin.delete_topics([outpost.named(RAW_SEIZURE)])
    admin.create_partitions({outpost.named(RAW_TIP): 13})
    changed = {
        "retention.ms": "1000",
        "cleanup.policy": "compact",
        "max.message.bytes": "77",
        "min.insync.replicas": "2",
    }
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, outpost.named(REJECTED), configs=changed)])
    wanted = [
        (RAW_TIP, "partitions", "12", "13"),
        (RAW_SEIZURE, "topic", "there", None),
        (REJECTED, "cleanup.policy", "delete", "compact"),
        (REJECTED, "retention.ms", "-1", "1000"),
        (REJECTED, "min.insync.replicas", "1", "2"),
        (REJECTED, "max.message.bytes", str(8 << 20), "77"),
    ]
    assert found(outpost, 1) == wanted
    made = outpost.run("topics", "create", "--json")
    assert json.loads(made.stdout) == {"created": [outpost.named(RAW_SEIZURE)]}
    assert found(outpost, 1) == [each for each in wanted if each[0] != RAW_SEIZURE]
    admin.close()


def test_one_more_jurisdiction_than_partitions_is_reported(outpost: Outpost):
    more = {"SUYUAN_JURISDICTIONS": "46,44"}
    assert found(outpost, 1, **more) == [(name, "partitions", "2", "1") for name in (CLAIMS, CHANGES)]
    worker = outpost.run("worker", "intake", **more)
    assert worker.returncode == 1
    assert b"fewer partitions than there are jurisdictions" in worker.stderr
