"""What an explanation reads: live profiles with their pairs, blocks and judgements, from a store's tables.

Nothing of the owner's memory is loaded, so it works beside a running ingest. Profiles are ordered by their
hash, never by their key, which tells who came first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from functools import cached_property

import msgspec
import numpy as np

from graph.one import resolve_one
from graph.port import GraphReader
from graph.sqlite.view import LIVE
from schemas.claims import RESOLVED_TYPES, Features, MentionType
from schemas.decisions import Score
from schemas.errors import NotFound, UsageError
from schemas.explanations import Mentioned
from schemas.ids import part_of
from schemas.times import iso
from streams import models, said
from streams.explain.acts import Judged
from streams.pair_table import PairTable
from streams.resolve.clusters import Attempt, Component, cluster
from streams.resolve.judgements import Judgements
from streams.resolve.model import score
from streams.resolve.pairs import Meeting, Pairs
from streams.resolve.profiles import Block, Profile
from streams.stages.cluster import component_of

Pair = tuple[int, int]

_TYPES: dict[str, MentionType] = {kind: kind for kind in RESOLVED_TYPES}
_decode = msgspec.msgpack.Decoder(Features).decode
_PROFILES = "SELECT pid, type, hash, features FROM profile WHERE pid IN (SELECT value FROM json_each(?))"
_MENTIONS = (
    "SELECT reported, name, ref, start, stop, kind FROM mention JOIN record USING (rec)"
    " WHERE node = ? AND closed = ? AND opened < closed"
)


class Known:
    """Reads what is known from a store's connection, at the one state that `reader` sees."""

    def __init__(self, db: sqlite3.Connection, reader: GraphReader) -> None:
        self._db, self.reader = db, reader
        self.pairs = PairTable(db)
        self._weights = models.in_force(db)
        self._profiles: dict[int, Profile] = {}
        self._scores: dict[Pair, Score] = {}
        self._mentions: dict[int, tuple[Mentioned, ...]] = {}
        self._clusterings: dict[int, tuple[Component, tuple[Attempt, ...]]] = {}
        self._members: dict[int, list[int]] = {}
        self._alive: set[int] = set()
        self._blocks = Pairs(self.pairs, self.profile, self._members_of, self._alive)

    # --- who is meant -------------------------------------------------------------------------

    def meant(self, who: str) -> list[int]:
        """The profile of a live mention, or all of an entity's, in order.

        Raises `NotFound`, `Ambiguous`, and `UsageError` for what is named by its value.
        """
        _, mark, _ = who.rpartition("#")
        if mark and (named := list(said.live_mentions(self._db, [who.strip()]))):
            return [pid for _, pid in named]
        entity = resolve_one(self.reader, who)
        if entity > 0:
            return self.profiles_of(entity)
        if mark:  # the number that stood at a mention outlives it
            raise NotFound("no live mention has this name: `suyuan show` lists those of a record's entities")
        raise UsageError("this is named by its value: there is nothing to decide about it")

    def profiles_of(self, entity: int) -> list[int]:
        """The profiles of an entity (by its key), in order."""
        return self.in_order(pid for pid in self.reader.nodes_of(entity) if pid > 0)

    def in_order(self, pids: Iterable[int]) -> list[int]:
        """Profiles by their hash, each once."""
        wanted = set(pids)
        self._read(wanted)
        return sorted(wanted, key=self.order)

    def order(self, pid: int) -> int:
        return self.profile(pid).order

    def ranked(self, a: int, b: int) -> Pair:
        """The two in order."""
        return (a, b) if self.order(a) <= self.order(b) else (b, a)

    def entity(self, pid: int) -> int:
        """The key of the entity that a live profile belongs to."""
        return self.reader.entity_of_nodes([pid])[pid]

    # --- profiles -----------------------------------------------------------------------------

    def _read(self, pids: Iterable[int]) -> None:
        missing = [pid for pid in pids if pid not in self._profiles]
        for pid, kind, order, features in self._db.execute(_PROFILES, (_json(missing),)) if missing else ():
            self._profiles[pid] = Profile(_TYPES[kind], _decode(features), order)

    def profile(self, pid: int) -> Profile:
        self._read((pid,))
        return self._profiles[pid]

    def type_of(self, pid: int) -> MentionType:
        return self.profile(pid).type

    def score(self, a: int, b: int) -> Score:
        """The score of two profiles, as the owner computes it."""
        key = self.ranked(a, b)
        found = self._scores.get(key)
        if found is None:
            found = self._scores[key] = score(self.profile(key[0]), self.profile(key[1]), self._weights)
        return found

    def mentions(self, pid: int) -> tuple[Mentioned, ...]:
        """The live mentions of a profile, the earliest first."""
        found = self._mentions.get(pid)
        if found is None:
            rows = sorted(
                (reported, name, part_of(ref, start, stop), kind)
                for reported, name, ref, start, stop, kind in self._db.execute(_MENTIONS, (pid, LIVE))
            )
            found = self._mentions[pid] = tuple(
                Mentioned(f"{name}#{part}", name, kind, iso(reported)) for reported, name, part, kind in rows
            )
        return found

    def name(self, pid: int) -> str:
        """The earliest live mention of a profile."""
        return self.mentions(pid)[0].mention

    # --- what people said ---------------------------------------------------------------------

    @cached_property
    def judged(self) -> Judged:
        """What people decided, of the profiles that live now."""
        return Judged(self._db)

    @property
    def judgements(self) -> Judgements:
        """The same as the clustering asks for it."""
        return self.judged.judgements

    # --- clusters and blocks ------------------------------------------------------------------

    def clustering(self, pid: int) -> tuple[Component, tuple[Attempt, ...]]:
        """The component of a profile, and every attempt to join in it, in order: played again."""
        held = self._clusterings.get(pid)
        if held is None:
            component = component_of(self.pairs, self.type_of, self.judgements, pid)
            self._read(component.members)
            attempts: list[Attempt] = []
            cluster(component, self.profile, self.score, attempts.append)
            held = (component, tuple(attempts))
            self._clusterings.update(dict.fromkeys(component.members, held))
        return held

    def meetings(self, a: int, b: int) -> list[Meeting]:
        """The blocks that two profiles share, each with whether it asks for the two."""
        mine = {block.hash for block in self.profile(a).blocks}
        self.sharing({block.hash for block in self.profile(b).blocks} & mine)
        return self._blocks.meetings(a, b)

    def sharing(self, keys: Collection[int]) -> dict[int, list[int]]:
        """The live profiles in each of the blocks, in order. Reads through all postings once."""
        missing = {key for key in keys if key not in self._members}
        if missing:
            found = self._postings(missing)
            living = self.reader.entity_of_nodes({pid for pids in found.values() for pid in pids})
            self._alive.update(living)
            self._read(living)
            for key, pids in found.items():
                self._members[key] = sorted((pid for pid in pids if pid in living), key=self.order)
        return {key: self._members[key] for key in keys}

    def _postings(self, keys: Collection[int]) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {key: set() for key in keys}
        wanted = np.fromiter(found, np.int64, len(found))
        for blob_hashes, blob_pids in self._db.execute("SELECT hashes, pids FROM posting"):
            hashes, pids = np.frombuffer(blob_hashes, np.int64), np.frombuffer(blob_pids, np.int32)
            at = np.isin(hashes, wanted).nonzero()
            for key, pid in zip(hashes[at].tolist(), pids[at].tolist(), strict=True):
                found[key].add(pid)
        return found

    def _members_of(self, block: Block) -> list[int]:
        return self.sharing((block.hash,))[block.hash]


def _json(values: Iterable[int]) -> str:
    return msgspec.json.encode(list(values)).decode()
