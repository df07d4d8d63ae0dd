"""Alerts: what a case team is told, with its reasons and with what speaks against it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from schemas.entities import NOTICE, Entity

Severity = Literal["high", "medium", "low"]
State = Literal[
    "open", "acknowledged", "in_work", "escalated", "confirmed", "rejected", "expired", "withdrawn"
]


class Finding(Struct, frozen=True, kw_only=True):
    """What a rule finds about one subject, in ids of the store; the stored form of an alert.

    `key` names the subject for good (it must not change when entities merge or are re-labelled:
    use record names, values, or entity ids); `entities` are entity ids; `raised` (microseconds) is
    the reported time at which the evidence first sufficed, so that it does not depend on arrival.
    """

    rule: str
    key: str
    severity: Severity
    raised: int
    cases: tuple[str, ...]
    region: str
    entities: tuple[str, ...]
    records: tuple[str, ...]
    reasons: tuple[str, ...]
    against: tuple[str, ...]


class Alert(Struct, frozen=True, kw_only=True):
    """The contract's ALERT."""

    id: str
    rule: str
    severity: Severity
    state: State
    raised_at: str
    cases: tuple[str, ...]
    region: str
    entities: tuple[Entity, ...]
    records: tuple[str, ...]
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    notice: str = NOTICE
