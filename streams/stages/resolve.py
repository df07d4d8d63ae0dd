"""Resolve: mentions of opened and closed records → profiles born and dead → pairs.

Mentions, edges and lots hang on profiles (or values), so a later merge or split moves none of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from graph.sqlite.view import LIVE
from schemas.claims import RESOLVED_TYPES, Mention
from schemas.ids import hash64, mention_part, part_of
from streams.resolve.judgements import Judgements
from streams.resolve.model import self_identifying
from streams.resolve.pairs import Pairs
from streams.resolve.profiles import Profile, order_key
from streams.stages.dedupe import Deduped, Opened
from streams.state import OwnerState


class Placed(Struct, frozen=True):
    """An opened record with the node (profile, or negative value) and row of each mention."""

    opened: Opened
    nodes: tuple[int, ...]
    rows: tuple[int, ...]


class Left(Struct, frozen=True, array_like=True):
    """A mention of a record that was closed: its node and row, the record's key and name, its part in it."""

    node: int
    m: int
    rec: int
    record: str
    part: str


class Resolved(Struct, frozen=True, kw_only=True):
    """What changed: records with their nodes, the nodes of closed records, profiles born and dead."""

    placed: list[Placed]
    left: list[Left]
    born: set[int]
    died: set[int]
    new_values: list[tuple[int, str, str]]


class Resolver:
    """Places mentions and keeps pairs; its memory is that of the state."""

    def __init__(self, state: OwnerState, judgements: Judgements) -> None:
        self.state, self.judgements = state, judgements
        self.pairs = Pairs(state.pairs, state.profile, state.members, state.alive, state.compare)

    def resolve(self, deduped: Deduped) -> Resolved:
        left = self._left(deduped.closed)
        new_values: list[tuple[int, str, str]] = []
        placed = self._place(deduped.opened, new_values)
        entered = {node for item in placed for node in item.nodes if node > 0}
        born = {pid for pid in entered if pid not in self.state.alive}
        died = self._dead({each.node for each in left if each.node > 0} - entered)
        self._prefetch(born | died)
        for pid in sorted(died):
            self.pairs.died(pid)
            self._touch(pid)
            self.judgements.dies(pid)
        for pid in sorted(born):
            self.pairs.born(pid)
        return Resolved(placed=placed, left=left, born=born, died=died, new_values=new_values)

    def _left(self, closed: Sequence[int]) -> list[Left]:
        if not closed:
            return []
        rows = self.state.rows(
            "SELECT node, m, rec, name, ref, start, stop FROM mention JOIN record USING (rec)"
            " WHERE rec IN (SELECT value FROM json_each(?))",
            closed,
        )
        left = [
            Left(node, m, rec, name, part_of(ref, start, stop))
            for node, m, rec, name, ref, start, stop in rows
        ]
        for each in left:
            if self.judgements.named(name := f"{each.record}#{each.part}"):
                self._touch(each.node)
                self.judgements.leaves(name)
        return left

    def _touch(self, pid: int) -> None:
        """Others may be kept apart from, or joined to, a profile now."""
        self.pairs.touched.add(pid)
        self.pairs.touched.update(other for other, _ in self.judgements.partners(pid))

    def _dead(self, pids: set[int]) -> set[int]:
        """Those of the profiles that have no live mention any more."""
        if not pids:
            return set()
        living = self.state.rows(
            "SELECT value FROM json_each(?) AS p WHERE EXISTS (SELECT 1 FROM mention JOIN record USING (rec)"
            f" WHERE mention.node = p.value AND record.closed = {LIVE} AND record.opened < record.closed)",
            sorted(pids),
        )
        return pids - {pid for (pid,) in living}

    def _prefetch(self, pids: set[int]) -> None:
        self.state.prefetch({block.hash for pid in pids for block in self.state.profile(pid).blocks})

    # --- placing mentions ---------------------------------------------------------------------

    def _place(self, opened: Sequence[Opened], new_values: list[tuple[int, str, str]]) -> list[Placed]:
        drafts = [[self._draft(item, mention) for mention in _mentions(item)] for item in opened]
        keys = [draft.order for record in drafts for draft in record if isinstance(draft, Profile)]
        self.state.prefetch(keys)
        values = self._values(
            [d for record in drafts for d in record if not isinstance(d, Profile)], new_values
        )
        placed = []
        rows: list[tuple[object, ...]] = []
        for item, record in zip(opened, drafts, strict=True):
            nodes = [self._node(draft) if isinstance(draft, Profile) else values[draft] for draft in record]
            keys_of = [self.state.next("mention") for _ in nodes]
            for mention, node, m in zip(_mentions(item), nodes, keys_of, strict=True):
                start, stop = mention.span or (None, None)
                suspect = " ".join(mention.suspect) or None
                rows.append((m, item.rec, node, mention.ref, start, stop, mention.role, suspect))
                if node > 0 and self.judgements.named(name := _full_name(item, mention)):
                    self.judgements.lives(name, node)
                    self._touch(node)
            placed.append(Placed(item, tuple(nodes), tuple(keys_of)))
        self.state.db.executemany("INSERT INTO mention VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        return placed

    def _draft(self, item: Opened, mention: Mention) -> Profile | tuple[str, str, str]:
        if mention.type not in RESOLVED_TYPES:
            assert mention.value is not None
            return (mention.type, mention.value.kind, mention.value.value)
        assert mention.features is not None
        name = _full_name(item, mention)
        profile = Profile(mention.type, mention.features, 0)
        alone = self.judgements.pinned(name) or not self_identifying(profile)
        profile.order = order_key(mention.type, profile.encoded, name if alone else "")
        return profile

    def _node(self, draft: Profile) -> int:
        pid = self.state.find_profile(draft.order, draft.encoded)
        if pid is None:
            pid = self.state.make_profile(draft)
            self.state.pairs.born(pid)
            self.state.post(draft.order, pid)
            for block in draft.blocks:
                self.state.post(block.hash, pid)
        return pid

    def _values(
        self, wanted: list[tuple[str, str, str]], new_values: list[tuple[int, str, str]]
    ) -> dict[tuple[str, str, str], int]:
        hashes = {hash64(*value): value for value in wanted}
        found: dict[tuple[str, str, str], int] = {}
        for v, kind, what, value in self.state.rows(
            "SELECT v, type, kind, value FROM value WHERE hash IN (SELECT value FROM json_each(?))",
            list(hashes),
        ):
            found[kind, what, value] = -v
        for key, value in hashes.items():
            if value not in found:
                v = self.state.next("value")
                found[value] = -v
                self.state.db.execute("INSERT INTO value VALUES (?, ?, ?, ?, ?)", (v, key, *value))
                new_values.append((-v, value[1], value[2]))
        return found


def _mentions(item: Opened) -> tuple[Mention, ...]:
    assert item.prepared.derived is not None
    return item.prepared.derived.mentions


def _full_name(item: Opened, mention: Mention) -> str:
    return f"{item.prepared.accepted.name}#{mention_part(mention.ref, mention.span)}"
