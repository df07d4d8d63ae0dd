"""The topics are the contract's, and the published document says what the table says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from schemas.alerts import Finding
from schemas.asyncapi import asyncapi, printed
from schemas.changes import Change
from schemas.jsonschema import record_schema
from schemas.topics import ALERTS, CHANGES, RAW, REJECTED, TOPICS, jurisdiction_of, partitions, share

ROOT = Path(__file__).resolve().parents[2]

# The contract's section 3, copied by hand.
CONTRACT = (
    "suyuan.raw.tip",
    "suyuan.raw.seizure",
    "suyuan.raw.interception",
    "suyuan.rejected",
    "suyuan.alerts",
    "suyuan.changes",
)


def references(value: Any) -> list[str]:
    """Every `$ref` in a document."""
    if isinstance(value, list):
        return [found for each in value for found in references(each)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return own + [found for each in value.values() for found in references(each)]


def test_the_contracts_topics_are_there_under_their_names():
    assert {topic.name for topic in TOPICS} >= set(CONTRACT)
    assert (*RAW.values(), REJECTED, ALERTS, CHANGES) == CONTRACT
    assert share("guangdong").name == "suyuan.share.guangdong"


def test_what_cannot_be_made_again_is_kept_for_ever_and_never_compacted():
    kept = {topic.name for topic in TOPICS if topic.retention_ms == -1 and topic.cleanup == "delete"}
    assert kept == {topic.name for topic in TOPICS} - set(RAW.values())


def test_more_replicas_mean_that_one_may_be_away():
    (topic, *_) = TOPICS
    assert [topic.config(n)["min.insync.replicas"] for n in (1, 2, 3)] == ["1", "1", "2"]


def test_a_region_that_is_nobodys_belongs_to_the_first_jurisdiction():
    assert [jurisdiction_of(region, ("46", "44")) for region in ("460106", "440800", "110000", None)] == [
        0, 1, 0, 0,
    ]  # fmt: skip


def test_a_partition_for_each_jurisdiction_where_owners_write_and_read():
    per = {
        topic.name
        for topic in TOPICS
        if partitions(topic, ["46", "44", "45"]) == 3 and topic.per_jurisdiction
    }
    assert per == {"suyuan.claims", "suyuan.changes"}


def test_the_published_document_is_the_generated_one():
    """After a change that is meant: `suyuan schema --asyncapi > deploy/asyncapi.json`."""
    assert (ROOT / "deploy" / "asyncapi.json").read_bytes() == printed()


def test_every_reference_of_the_document_leads_somewhere():
    document = asyncapi()
    for reference in set(references(document)):
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        assert found


@pytest.mark.parametrize("name", [topic.name for topic in TOPICS])
def test_every_topic_is_a_channel_with_its_sizes_a_message_and_an_operation(name: str):
    document = asyncapi()
    (topic,) = (each for each in TOPICS if each.name == name)
    channel = document["channels"][name]
    kafka = channel["bindings"]["kafka"]
    assert channel["address"] == name
    assert kafka["partitions"] == topic.partitions
    assert kafka["topicConfiguration"]["max.message.bytes"] == topic.max_message
    assert document["operations"][name]["channel"] == {"$ref": f"#/channels/{name}"}
    headers = document["components"]["messages"][name].get("headers", {"properties": {}})
    assert set(headers["properties"]) == {header.name for header in topic.headers}


def test_a_record_in_the_document_is_the_record_of_the_json_schema():
    schemas = asyncapi()["components"]["schemas"]
    for name, part in record_schema()["$defs"].items():
        assert schemas[name]["properties"].keys() == part["properties"].keys()


def test_no_two_things_of_the_document_share_a_name():
    """A thing of a record and one of an alert or a change would overwrite each other in silence."""
    _, others = msgspec.json.schema_components([Finding, Change], ref_template="{name}")
    assert record_schema()["$defs"].keys() & others.keys() == set()
