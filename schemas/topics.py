"""The topics: their names, keys, headers and sizes, as data.

`suyuan topics create|check` and the AsyncAPI document are made from this table. The first seven are
the contract's; `suyuan.claims` and `suyuan.share.<partner>` are how the parts of the pipeline meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

DAY_MS = 86_400_000
FOREVER = -1
"""Retention of what cannot be made again."""

RAW_TIP = "suyuan.raw.tip"
RAW_SEIZURE = "suyuan.raw.seizure"
RAW_INTERCEPTION = "suyuan.raw.interception"
CLAIMS = "suyuan.claims"
REJECTED = "suyuan.rejected"
ALERTS = "suyuan.alerts"
CHANGES = "suyuan.changes"
SHARE = "suyuan.share."
"""Followed by the partner's name."""

RAW: dict[str, str] = {"tip": RAW_TIP, "seizure": RAW_SEIZURE, "interception": RAW_INTERCEPTION}
"""Kind of record → the topic it is sent to. A withdrawal goes to the topic of its record's kind."""

MAX_RAW = 2 << 20
"""Bytes of one raw message: the largest record sealed and in its working copy, with room to spare."""
MAX_CLAIMS = 8 << 20
"""Bytes of what intake hands on of one record: its sealed original, its working copy, all it says."""


class Header(Struct, frozen=True):
    """A header of a topic's messages; its value is text in UTF-8 unless it is said otherwise."""

    name: str
    means: str
    required: bool = False


class Topic(Struct, frozen=True, kw_only=True):
    """A topic as it has to be. Times are milliseconds, sizes bytes, -1 is for ever.

    `per_jurisdiction` topics have one partition for each jurisdiction and not `partitions`.
    """

    name: str
    means: str
    key: str
    value: str
    partitions: int
    retention_ms: int
    cleanup: Literal["delete", "compact"] = "delete"
    min_insync: int = 1
    max_message: int = 1 << 20
    per_jurisdiction: bool = False
    headers: tuple[Header, ...] = ()

    def config(self, replicas: int) -> dict[str, str]:
        """The broker's settings of the topic; `min.insync.replicas` leaves one replica to spare.

        >>> TOPICS[0].config(3)["min.insync.replicas"]
        '2'
        """
        return {
            "cleanup.policy": self.cleanup,
            "retention.ms": str(self.retention_ms),
            "min.insync.replicas": str(max(self.min_insync, replicas - 1)),
            "max.message.bytes": str(self.max_message),
        }


SEALED_HEADERS = (
    Header("sealed", "sealed box of the original bytes, made by the gateway (bytes)"),
    Header("envelope", "the key of `sealed`, itself sealed to the vault's public key (bytes)"),
    Header("sealed-reporter", "the reporter as the sender had sealed it (bytes)"),
    Header("sha256", "hash of the original bytes, hexadecimal"),
    Header("digest", "keyed hash of the original as parsed JSON, hexadecimal"),
    Header("size", "length of the original in bytes"),
    Header("received", "when the gateway received it, microseconds since 1970 UTC"),
)
"""On a raw message that the gateway sealed; without them intake seals it."""

_REJECTED_HEADERS = (
    Header("reason", "why it is refused", required=True),
    Header("topic", "where it came from"),
    Header("partition", "the partition there"),
    Header("offset", "the offset there"),
    Header("sha256", "hash of the original bytes, hexadecimal", required=True),
    Header("sealed", "sealed box of the original bytes (bytes)", required=True),
    Header("envelope", "the key of `sealed`, sealed to the vault's public key (bytes)", required=True),
    Header("size", "length of the original in bytes", required=True),
    Header("received", "when it was received, microseconds since 1970 UTC", required=True),
    Header("file", "where it came from, when the gateway refused it"),
    Header("line", "the line there"),
)

_REIGN = (
    Header("store", "which store this is", required=True),
    Header("epoch", "the owner's term; lower ones of the same store are ignored", required=True),
    Header("seq", "number of the letter or the transaction; sent again it is the same", required=True),
)
"""On what an owner sends."""


def _raw(kind: str) -> Topic:
    return Topic(
        name=RAW[kind],
        means=f"records of the kind {kind} as their source sent them, and withdrawals of such",
        key="source/source_id of the record, or nothing when it cannot be read",
        value="Record",
        partitions=12,
        retention_ms=7 * DAY_MS,
        max_message=MAX_RAW,
        headers=SEALED_HEADERS,
    )


TOPICS: tuple[Topic, ...] = (
    _raw("tip"),
    _raw("seizure"),
    _raw("interception"),
    Topic(
        name=CLAIMS,
        means="what intake hands to the owner of a jurisdiction: the log that an owner is rebuilt from",
        key="source/source_id",
        value="Handover",
        partitions=1,
        per_jurisdiction=True,
        retention_ms=FOREVER,
        max_message=MAX_CLAIMS,
    ),
    Topic(
        name=REJECTED,
        means="records that cannot be used, each with its reason and its sealed original",
        key="source/source_id of the record, or nothing when it cannot be read",
        value="Refusal",
        partitions=3,
        retention_ms=FOREVER,
        max_message=MAX_CLAIMS,
        headers=_REJECTED_HEADERS,
    ),
    Topic(
        name=ALERTS,
        means="alerts as they are raised and changed, empty when taken back; leads, not evidence",
        key="id of the alert",
        value="Finding",
        partitions=3,
        retention_ms=FOREVER,
        headers=_REIGN,
    ),
    Topic(
        name=CHANGES,
        means="what changed in the graph, transaction by transaction",
        key="id of the store",
        value="Change",
        partitions=1,
        per_jurisdiction=True,
        retention_ms=FOREVER,
        headers=(*_REIGN, Header("part", "part of the transaction, from 1", required=True)),
    ),
)
"""In the order in which a record passes them; `share(partner)` makes the topics of partners."""


def share(partner: str) -> Topic:
    """The topic of what is shared with a partner region."""
    return Topic(
        name=SHARE + partner,
        means=f"what is shared with {partner}",
        key="id of what is shared",
        value="Share",
        partitions=1,
        retention_ms=30 * DAY_MS,
    )


def partitions(topic: Topic, jurisdictions: Sequence[str]) -> int:
    """How many partitions a topic has.

    >>> partitions(TOPICS[0], ["46"]), partitions(TOPICS[3], ["46", "44"])
    (12, 2)
    """
    return len(jurisdictions) if topic.per_jurisdiction else topic.partitions


def jurisdiction_of(region: str | None, jurisdictions: Sequence[str]) -> int:
    """The partition of a region's jurisdiction; the first one's when it is nobody's.

    >>> jurisdiction_of("440100", ["46", "44"]), jurisdiction_of("110000", ["46", "44"])
    (1, 0)
    """
    for index, prefix in enumerate(jurisdictions):
        if region is not None and region.startswith(prefix):
            return index
    return 0
