"""Review: pairs and deliveries that wait for a person, and what was refused.

Reads the owner's tables without loading its state, so it works beside a running ingest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from graph.port import GraphReader
from graph.sqlite.evidence import SqliteEvidence
from graph.sqlite.view import LIVE
from schemas.decisions import Score
from schemas.records import Origin, Refusal
from schemas.reviews import WaitingDelivery
from streams.alerts.book import AlertBook
from streams.alerts.rules import load_rules
from streams.detector import STANDING
from streams.effects import told
from streams.explain.known import Known
from streams.foresight import Foresight
from streams.resolve.model import LINK, REVIEW
from streams.verifying import waiting_deliveries
from streams.waiting import Waiting, waiting


class Inspector:
    """Answers about decisions from a store's connection and a reader on it."""

    def __init__(self, db: sqlite3.Connection, reader: GraphReader) -> None:
        self._db, self._reader = db, reader

    def refusals(self) -> Iterator[Refusal]:
        """Every refusal, oldest first."""
        for received, record, reason, path, expected, origin, sha256 in self._db.execute(
            "SELECT received, record, reason, path, expected, origin, sha256 FROM refusal ORDER BY n"
        ):
            yield Refusal(
                received=received,
                record=record,
                reason=reason,
                path=path,
                expected=expected,
                origin=msgspec.json.decode(origin, type=Origin),
                sha256=sha256,
            )

    # --- review -------------------------------------------------------------------------------

    def review(self, limit: int = 50) -> list[dict[str, Any]]:
        """Entities that may be one, neither joined nor judged: of each two the likeliest pair, those first
        whose answer would change most.
        """
        known = Known(self._db, self._reader)
        return [self._pair(known, each) for each in self.waiting()[:limit]]

    def deliveries(self, limit: int = 50) -> list[WaitingDelivery]:
        """What texts tell without being sure, and nobody has spoken of: the surest first."""
        return list(islice(waiting_deliveries(self._db), limit))

    def waiting(self) -> list[Waiting]:
        """All that wait, the most telling first, and what accepting each would change."""
        evidence = SqliteEvidence(self._db)
        book = AlertBook.load(self._db.execute(STANDING, (LIVE,)))
        return waiting(self._db, evidence, Foresight(evidence, book, load_rules()))

    def _pair(self, known: Known, pair: Waiting) -> dict[str, Any]:
        first = [known.mentions(pid)[0] for pid in pair.profiles]
        order = sorted((0, 1), key=lambda side: (first[side].reported_at, first[side].mention))
        a, b = (pair.profiles[side] for side in order)
        entities = self._reader.entities([pair.entities[side] for side in order])
        return {
            "kind": "pair",
            "a": known.name(a),
            "b": known.name(b),
            "entities": [{"id": each.id, "label": each.label} for each in entities],
            "effect": msgspec.to_builtins(pair.effect) | {"words": told(pair.effect)},
            **_scored(known.score(a, b)),
        }


def _scored(found: Score) -> dict[str, Any]:
    return {
        "bits": found.bits,
        "link_from": LINK,
        "review_from": REVIEW,
        "exclusive": found.exclusive,
        "evidence": [{"feature": e.feature, "bits": round(e.bits, 2), "why": e.why} for e in found.evidence],
    }
