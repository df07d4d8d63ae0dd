"""Review and explanation: pairs that wait for a person, and why two are one or not.

Reads the owner's tables without loading its state, so it works beside a running ingest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from graph.one import resolve_one
from graph.port import GraphReader
from graph.sqlite.view import LIVE
from schemas.claims import Features
from schemas.decisions import Score
from schemas.errors import UsageError
from schemas.ids import hash64, part_of
from schemas.records import Origin, Refusal
from streams.resolve.model import LINK, REVIEW, score
from streams.resolve.profiles import Profile

_MOST_PROFILES = 60
"""Profiles of an entity that an explanation compares."""


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
        """Entities that may be one, neither joined nor judged: of each two the likeliest pair, best first."""
        done = self._judged_entities()
        found: list[dict[str, Any]] = []
        for a, b, left, right in self._db.execute(
            "SELECT p.a, p.b, x.ent, y.ent FROM pair p JOIN assign x ON x.pid = p.a AND x.closed = ?1"
            " JOIN assign y ON y.pid = p.b AND y.closed = ?1 WHERE p.a < p.b AND x.ent <> y.ent"
            " ORDER BY p.bits DESC, p.a, p.b",
            (LIVE,),
        ):
            if len(found) == limit:
                break
            if frozenset((left, right)) not in done:
                done.add(frozenset((left, right)))
                found.append(self._pair(a, b, (left, right)))
        return found

    def _judged_entities(self) -> set[frozenset[int]]:
        """The entities between which a judgement stands, `unsure` too."""
        last = {
            frozenset((left, right)): verdict
            for left, right, verdict in self._db.execute(
                "SELECT left, right, verdict FROM judgement ORDER BY j"
            )
        }
        names = {name for pair, verdict in last.items() if verdict != "undone" for name in pair}
        pids = {name: pid for name in names if (pid := self._named(name)) is not None}
        entity_of = self._reader.entity_of_nodes(pids.values())
        return {
            frozenset(entity_of[pids[name]] for name in pair)
            for pair, verdict in last.items()
            if verdict != "undone" and pair <= pids.keys()
        }

    def _pair(self, a: int, b: int, keys: tuple[int, int]) -> dict[str, Any]:
        return {
            "a": self._mention(a),
            "b": self._mention(b),
            "entities": [{"id": each.id, "label": each.label} for each in self._reader.entities(keys)],
            **_scored(score(self._profile(a), self._profile(b))),
        }

    # --- explain ------------------------------------------------------------------------------

    def explain(self, a: str, b: str | None = None) -> dict[str, Any]:
        """Why two mentions or entities are one or not; how one entity came together."""
        if b is None:
            return self._explain_one(a)
        left, right = self._profiles_of(a), self._profiles_of(b)
        pairs = [(x, y) for x in left for y in right if x != y]
        same = self._entity(left[0]) == self._entity(right[0])
        document: dict[str, Any] = {
            "a": a,
            "b": b,
            "same": same,
            "judgements": self._judgements(left + right),
        }
        if not pairs:
            return document | {"why": "both are mentions with equal features: one profile"}
        profiles = {pid: self._profile(pid) for pid in (*left, *right)}
        if len({profile.type for profile in profiles.values()}) > 1:
            return document | {"why": "they are of different types"}
        best = max(pairs, key=lambda pair: (score(profiles[pair[0]], profiles[pair[1]]).bits, pair))
        found = score(profiles[best[0]], profiles[best[1]])
        if not same and (note := self._apart(best, found)) is not None:
            document["note"] = note
        return document | {"best": [self._mention(pid) for pid in best], **_scored(found)}

    def _apart(self, pair: tuple[int, int], found: Score) -> str | None:
        """Why two that score enough are neither joined nor in the list of `review`, if that is so."""
        if found.bits < REVIEW:
            return None
        if self._db.execute("SELECT 1 FROM pair WHERE a = ? AND b = ?", pair).fetchone() is not None:
            others = "a judgement, or what is known of the others of the group, keeps them apart"
            return others if found.bits >= LINK else None
        left, right = ({block.hash for block in self._profile(pid).blocks} for pid in pair)
        if found.bits >= LINK and left & right:
            return "what they share is carried by too many people who cannot be one"
        return "no block brings them together"

    def _explain_one(self, who: str) -> dict[str, Any]:
        pids = self._profiles_of(who)
        key = self._entity(pids[0])
        members = [pid for pid in self._reader.nodes_of(key) if pid > 0]
        shown = members[:_MOST_PROFILES]
        links = []
        for at, pid in enumerate(shown[1:], start=1):
            profile = self._profile(pid)
            best = max(shown[:at], key=lambda other: (score(profile, self._profile(other)).bits, -other))
            links.append(
                {
                    "a": self._mention(best),
                    "b": self._mention(pid),
                    **_scored(score(profile, self._profile(best))),
                }
            )
        return {
            "entity": self._reader.public_id(key),
            "label": self._reader.label(key),
            "profiles": len(members),
            "links": links,
            "judgements": self._judgements(members),
        }

    # --- reading ------------------------------------------------------------------------------

    def _profiles_of(self, who: str) -> list[int]:
        if (named := self._named(who)) is not None:
            return [named]
        pids = [pid for pid in self._reader.nodes_of(resolve_one(self._reader, who)) if pid > 0][
            :_MOST_PROFILES
        ]
        if not pids:
            raise UsageError("this is named by its value: there is nothing to decide about it")
        return pids

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

    def _entity(self, pid: int) -> int:
        return self._reader.entity_of_nodes([pid])[pid]

    def _profile(self, pid: int) -> Profile:
        kind, order, features = self._db.execute(
            "SELECT type, hash, features FROM profile WHERE pid = ?", (pid,)
        ).fetchone()
        return Profile(kind, msgspec.msgpack.decode(features, type=Features), order)

    def _mention(self, pid: int) -> str:
        """The earliest live mention of a profile, as `record#part`."""
        rows = self._db.execute(
            "SELECT reported, name, ref, start, stop FROM mention JOIN record USING (rec)"
            " WHERE node = ? AND closed = ? AND opened < closed",
            (pid, LIVE),
        )
        first = min((reported, name, part_of(ref, start, stop)) for reported, name, ref, start, stop in rows)
        return f"{first[1]}#{first[2]}"

    def _judgements(self, pids: list[int]) -> list[dict[str, Any]]:
        names = {self._mention(pid) for pid in pids}
        return [
            {"a": left, "b": right, "verdict": verdict, "by": by, "because": because}
            for left, right, verdict, by, because in self._db.execute(
                "SELECT left, right, verdict, by, because FROM judgement ORDER BY j"
            )
            if left in names or right in names
        ]


def _scored(found: Score) -> dict[str, Any]:
    return {
        "bits": found.bits,
        "link_from": LINK,
        "review_from": REVIEW,
        "exclusive": found.exclusive,
        "evidence": [{"feature": e.feature, "bits": round(e.bits, 2), "why": e.why} for e in found.evidence],
    }
