"""Review: pairs that wait for a person, and what was refused.

Reads the owner's tables without loading its state, so it works beside a running ingest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from graph.port import GraphReader
from graph.sqlite.view import LIVE
from schemas.claims import Features
from schemas.decisions import Score
from schemas.ids import hash64, part_of
from schemas.records import Origin, Refusal
from streams.resolve.model import LINK, REVIEW, score
from streams.resolve.profiles import Profile
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
        return [self._pair(each) for each in waiting(self._db, self._reader)[:limit]]

    def _pair(self, pair: Waiting) -> dict[str, Any]:
        sides = sorted(zip(map(self._first, pair.profiles), pair.profiles, pair.entities, strict=True))
        (_, a, left), (_, b, right) = sides
        return {
            "a": self._mention(a),
            "b": self._mention(b),
            "entities": [
                {"id": each.id, "label": each.label} for each in self._reader.entities((left, right))
            ],
            "effect": {
                "chains": pair.effect.chains,
                "alerts": pair.effect.alerts,
                "exclusive": pair.effect.exclusive,
                "words": pair.effect.words,
            },
            **_scored(score(self._profile(a), self._profile(b))),
        }

    # --- reading ------------------------------------------------------------------------------

    def _named(self, mention: str) -> int | None:
        """The live profile of a mention, `record#part`."""
        record, mark, part = mention.strip().rpartition("#")
        if not mark:
            return None
        for node, ref, start, stop in self._db.execute(
            "SELECT node, ref, start, stop FROM record JOIN mention USING (rec)"
            " WHERE hash = ? AND name = ? AND closed = ? AND opened < closed AND node > 0",
            (hash64(record), record, LIVE),
        ):
            if part_of(ref, start, stop) == part:
                return int(node)
        return None

    def _profile(self, pid: int) -> Profile:
        kind, order, features = self._db.execute(
            "SELECT type, hash, features FROM profile WHERE pid = ?", (pid,)
        ).fetchone()
        return Profile(kind, msgspec.msgpack.decode(features, type=Features), order)

    def _mention(self, pid: int) -> str:
        """The earliest live mention of a profile, as `record#part`."""
        _, record, part = self._first(pid)
        return f"{record}#{part}"

    def _first(self, pid: int) -> tuple[int, str, str]:
        """The earliest live mention of a profile: when it was reported, its record and part."""
        rows = self._db.execute(
            "SELECT reported, name, ref, start, stop FROM mention JOIN record USING (rec)"
            " WHERE node = ? AND closed = ? AND opened < closed",
            (pid, LIVE),
        )
        return min((reported, name, part_of(ref, start, stop)) for reported, name, ref, start, stop in rows)


def _scored(found: Score) -> dict[str, Any]:
    return {
        "bits": found.bits,
        "link_from": LINK,
        "review_from": REVIEW,
        "exclusive": found.exclusive,
        "evidence": [{"feature": e.feature, "bits": round(e.bits, 2), "why": e.why} for e in found.evidence],
    }
