"""The AsyncAPI 3 document of the topics, for those who send to them or read them.

Generated from `schemas.topics` and the types of the messages; the file `deploy/asyncapi.json` is what
`suyuan schema --asyncapi` prints.
"""

from __future__ import annotations

from typing import Any, get_args

import msgspec

from schemas.alerts import Finding
from schemas.changes import Change
from schemas.jsonschema import record_parts
from schemas.records import RefusalReason
from schemas.topics import SHARE, TOPICS, Header, Topic, share

_REF = "#/components/schemas/{name}"
_KAFKA = "0.5.0"
"""Version of AsyncAPI's Kafka bindings."""

_KINDS = ("Tip", "Seizure", "Interception", "Withdrawal")
_REFUSAL: dict[str, Any] = {
    "type": "object",
    "description": "What is said in the open of a record that cannot be used; a header has its sealed bytes.",
    "properties": {
        "record": {"type": "string", "description": "its name, when it could be read"},
        "reason": {"enum": list(get_args(RefusalReason))},
        "path": {"type": ["string", "null"], "description": "where in the record"},
        "expected": {"type": ["string", "null"], "description": "what should stand there"},
        "from": {
            "type": "object",
            "description": "where it came from: in Kafka, or in a file at the gateway",
            "properties": {
                "topic": {"type": "string"},
                "partition": {"type": "integer"},
                "offset": {"type": "integer"},
                "file": {"type": "string"},
                "line": {"type": "integer"},
            },
        },
        "sha256": {"type": "string", "description": "hash of its bytes, hexadecimal"},
        "received_at": {"type": "string", "format": "date-time"},
    },
    "required": ["reason", "path", "expected", "from", "sha256", "received_at"],
}
_HANDOVER: dict[str, Any] = {
    "type": "string",
    "format": "binary",
    "description": "A version byte, then MessagePack: what the record says or why it is refused, its sealed "
    "originals, and who took it in. Between the parts of one version of the pipeline; not for others.",
}
_SHARED: dict[str, Any] = {"type": "object", "description": "What is shared with a partner."}


def asyncapi() -> dict[str, Any]:
    """The document.

    >>> document = asyncapi()
    >>> document["asyncapi"], document["channels"]["suyuan.rejected"]["address"]
    ('3.0.0', 'suyuan.rejected')
    """
    topics = [*TOPICS, share("{partner}")]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Suyuan topics",
            "version": "1",
            "description": "Records come in on the raw topics. Keys are partitioned by murmur2. An "
            "installation may put a prefix before the names.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {_id(topic): _channel(topic) for topic in topics},
        "operations": {
            _id(topic): {
                "action": "receive" if topic.value == "Record" else "send",
                "channel": {"$ref": f"#/channels/{_id(topic)}"},
                "summary": topic.means,
            }
            for topic in topics
        },
        "components": {
            "messages": {_id(topic): _message(topic) for topic in topics},
            "schemas": _schemas(),
        },
    }


def printed() -> bytes:
    """The document as the file has it: indented, so that a change can be read."""
    return msgspec.json.format(msgspec.json.encode(asyncapi()), indent=2) + b"\n"


def _id(topic: Topic) -> str:
    return topic.name.replace("{partner}", "partner")


def _channel(topic: Topic) -> dict[str, Any]:
    config: dict[str, Any] = {"cleanup.policy": [topic.cleanup], "retention.ms": topic.retention_ms}
    kafka = {
        "partitions": topic.partitions,
        "topicConfiguration": config | {"max.message.bytes": topic.max_message},
        "bindingVersion": _KAFKA,
    }
    described = topic.means
    if topic.per_jurisdiction:
        described += "; one partition for each jurisdiction"
    channel = {
        "address": topic.name,
        "description": described,
        "messages": {topic.value: {"$ref": f"#/components/messages/{_id(topic)}"}},
        "bindings": {"kafka": kafka},
    }
    if topic.name.startswith(SHARE):
        channel["parameters"] = {"partner": {"description": "the partner region's name"}}
    return channel


def _message(topic: Topic) -> dict[str, Any]:
    message = {
        "name": topic.value,
        "summary": topic.means,
        "payload": {"$ref": _REF.format(name=topic.value)},
        "bindings": {
            "kafka": {"key": {"type": "string", "description": topic.key}, "bindingVersion": _KAFKA}
        },
    }
    if topic.value == "Handover":
        message["contentType"] = "application/vnd.msgpack"
    if topic.headers:
        message["headers"] = _headers(topic.headers)
    return message


def _headers(headers: tuple[Header, ...]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {each.name: {"type": "string", "description": each.means} for each in headers},
    }
    if required := [each.name for each in headers if each.required]:
        schema["required"] = required
    return schema


def _schemas() -> dict[str, Any]:
    _, ours = msgspec.json.schema_components([Finding, Change], ref_template=_REF)
    record = {"oneOf": [{"$ref": _REF.format(name=kind)} for kind in _KINDS]}
    plain = {"Record": record, "Refusal": _REFUSAL, "Handover": _HANDOVER, "Share": _SHARED}
    return plain | ours | record_parts(_REF)
