"""The alerts that stand, and what a batch changes about them."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import msgspec
from msgspec import Struct

from schemas.alerts import Finding
from schemas.ids import PREFIXES, whole_id

_encode = msgspec.json.Encoder(order="deterministic").encode

Subject = tuple[str, int]
"""A rule's name, and the key of the entity that it looked at."""


class Examined(Struct, frozen=True):
    """What detection looked at: of each rule the entities (present or former), and what it found."""

    subjects: dict[str, frozenset[int]]
    findings: dict[Subject, list[Finding]]


class AlertChange(Struct, frozen=True):
    """One alert that is raised, told anew, or taken back.

    `closes`: its standing row is to be closed. `body`: what a new row is to hold (JSON of the
    finding), None when the alert is withdrawn. At least one of them says something.
    """

    id: str
    rule: str
    key: str
    closes: bool
    body: bytes | None
    subject: int
    digest: bytes

    @property
    def raised(self) -> bool:
        return not self.closes and self.body is not None

    @property
    def told_anew(self) -> bool:
        return self.closes and self.body is not None

    @property
    def withdrawn(self) -> bool:
        return self.closes and self.body is None


class _Standing(Struct, frozen=True):
    """One open alert."""

    rule: str
    key: str
    subject: int
    digest: bytes


def alert_id(rule: str, key: str) -> str:
    """The public id of the alert that a rule raises about what `key` names.

    >>> alert_id("nail", "per-1") == alert_id("nail", "per-1") != alert_id("broken_twigs", "per-1")
    True
    """
    return whole_id(PREFIXES["alert"], rule, key)


class AlertBook:
    """The open alerts in memory, by rule and subject; about half a kilobyte each.

    `changes` only looks; `settle` takes over what was written, and belongs after it, once.
    """

    def __init__(self) -> None:
        self._same: list[AlertChange] = []
        self._open: dict[str, _Standing] = {}
        self._subjects: dict[str, dict[int, set[str]]] = {}

    @classmethod
    def load(cls, rows: Iterable[tuple[str, str, str, bytes, int]]) -> AlertBook:
        """From the live rows `(id, rule, key, body, subject)` of the table `alert`."""
        book = cls()
        for identifier, rule, key, body, subject in rows:
            book._put(identifier, _Standing(rule, key, subject, _digest(body)))
        return book

    @property
    def renamed(self) -> list[AlertChange]:
        """Those that the last `changes` found to say the same of an entity that has another key now."""
        return [change for change in self._same if change.subject != self._open[change.id].subject]

    def __len__(self) -> int:
        return len(self._open)

    def ids(self) -> set[str]:
        """Ids of the alerts that stand."""
        return set(self._open)

    def changes(self, examined: Examined) -> list[AlertChange]:
        """What is to be written, by alert id; an alert that says the same as before is left alone."""
        told: dict[str, AlertChange] = {}
        for (rule, subject), findings in examined.findings.items():
            for finding in findings:
                change = self._told(rule, subject, finding)
                told[change.id] = change
        silent = [self._withdrawn(identifier) for identifier in self._concerned(examined) - told.keys()]
        news = [change for change in told.values() if change.closes or change.body is not None]
        # a revision gives its entity another key, which says nothing to anybody else
        self._same = [change for change in told.values() if not change.closes and change.body is None]
        return sorted([*news, *silent], key=lambda change: change.id)

    def _told(self, rule: str, subject: int, finding: Finding) -> AlertChange:
        identifier, body = alert_id(rule, finding.key), _encode(finding)
        held = self._open.get(identifier)
        digest = _digest(body)
        if held is not None and held.digest == digest:
            return AlertChange(identifier, rule, finding.key, False, None, subject, digest)
        return AlertChange(identifier, rule, finding.key, held is not None, body, subject, digest)

    def _withdrawn(self, identifier: str) -> AlertChange:
        held = self._open[identifier]
        return AlertChange(identifier, held.rule, held.key, True, None, held.subject, held.digest)

    def _concerned(self, examined: Examined) -> set[str]:
        """Open alerts about subjects that were examined."""
        found: set[str] = set()
        for rule, by_subject in self._subjects.items():
            looked_at = examined.subjects.get(rule, frozenset())
            for subject in by_subject.keys() & looked_at:
                found |= by_subject[subject]
        return found

    def settle(self, changes: Iterable[AlertChange]) -> None:
        """Takes over what has been written; when the transaction fails, the book is thrown away with it."""
        for change in (*self.renamed, *changes):
            self._drop(change.id)
            if not change.withdrawn:
                self._put(change.id, _Standing(change.rule, change.key, change.subject, change.digest))
        self._same = []

    def _put(self, identifier: str, standing: _Standing) -> None:
        self._open[identifier] = standing
        self._subjects.setdefault(standing.rule, {}).setdefault(standing.subject, set()).add(identifier)

    def _drop(self, identifier: str) -> None:
        held = self._open.pop(identifier, None)
        if held is not None:
            alerts = self._subjects[held.rule][held.subject]
            alerts.discard(identifier)
            if not alerts:
                del self._subjects[held.rule][held.subject]


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=8).digest()
