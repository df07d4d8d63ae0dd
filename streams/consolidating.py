"""Consolidating: what a refit of the weights would change, before it does.

Off the way of the records: nothing that comes in waits for it, and it reads one state of a store beside a
running ingest. What was shown is what is carried out: the weights travel with the decision.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, islice
from typing import Literal

import numpy as np
from msgspec import Struct

from graph.port import GraphReader
from graph.sqlite.errors import map_sqlite_errors
from graph.sqlite.reader import SqliteReader
from graph.sqlite.view import LIVE
from schemas.decisions import Consolidation
from schemas.errors import NotFound
from streams import models, said
from streams.effects import Effects
from streams.position import noted
from streams.resolve.asked import asked
from streams.resolve.judgements import Judgements
from streams.resolve.learning import Learned, learn, weights_of
from streams.resolve.weights import EXPERTS, Weights
from streams.said import Word
from streams.stages.cluster import Moved
from streams.stages.reweigh import Reweighed, reweigh
from streams.state import OwnerState
from streams.waiting import soles

MOST_PAIRS = 50
"""Pairs of entities that become one of which the chains are counted; more make it no more urgent."""

_MENTIONS = f"""SELECT node, count(*) FROM mention JOIN record USING (rec)
    WHERE closed = {LIVE} AND opened < closed AND node > 0 GROUP BY node"""

Kind = Literal["merged", "split", "regrouped"]


class Proposal(Struct, frozen=True, kw_only=True):
    """Another model for a state, and what it makes of it. `learned` is what every level rests on; None of
    one that goes back to the model before.
    """

    before: Weights
    after: Weights
    learned: tuple[Learned, ...] | None
    reweighed: Reweighed

    @property
    def idle(self) -> bool:
        """Whether it is the model that is in force."""
        return self.learned is not None and self.before == self.after

    def decision(self, word: Word) -> Consolidation:
        """What is kept when somebody decides on it."""
        weights = None if self.learned is None else self.after.learned
        return Consolidation(weights=weights, by=word.by, because=word.because, at=word.at)


def propose(state: OwnerState, judgements: Judgements, *, back: bool = False) -> Proposal:
    """What a refit would make of a state; or (`back`) what taking the last one back would.

    Raises `NotFound` when there is none to take back.
    """
    codes = asked(state)
    if back:
        learned, after = None, _before_last(state.db)
    else:
        learned = tuple(learn(state, codes, _mentions(state), judgements.verdicts()))
        after = weights_of(learned)
    return Proposal(
        before=state.weights,
        after=after,
        learned=learned,
        reweighed=reweigh(state, judgements, after, codes),
    )


def _before_last(db: sqlite3.Connection) -> Weights:
    standing = models.standing(db)
    if not standing:
        raise NotFound("no consolidation stands: the weights are those of the experts")
    return [EXPERTS, *standing][-2]


def _mentions(state: OwnerState) -> np.ndarray:
    """By profile, how many live mentions it has."""
    counts = np.zeros(len(state.types), np.int64)
    for pid, count in state.db.execute(_MENTIONS):
        counts[pid] = count
    return counts


class Consolidator:
    """Proposes and tells from the connection to a store, at one state of it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        with map_sqlite_errors():
            self._state, self._judgements = OwnerState(db), said.judgements(db)

    def propose(self, *, back: bool = False) -> Proposal:
        """As `propose`."""
        with map_sqlite_errors():
            return propose(self._state, self._judgements, back=back)

    def tell(self, proposal: Proposal) -> Told:
        """As `tell`."""
        with map_sqlite_errors():
            return tell(self._state, proposal)

    @property
    def owners(self) -> list[int]:
        """The partitions of the log that feed the store; none where it is fed from files."""
        return sorted(partition for _, partition in noted(self._state.db))


# --- telling it -------------------------------------------------------------------------------------------


class Level(Struct, frozen=True, kw_only=True):
    """A level whose weight moves: its bits beside the experts' before and after; else as `Learned`, None of
    a model that is gone back to.
    """

    level: str
    before: float
    after: float
    pairs: int | None = None
    expected: float | None = None
    seen: float | None = None


class Group(Struct, frozen=True, kw_only=True):
    """An entity with how many mentions it has."""

    id: str
    mentions: int
    label: str | None = None


class Regrouping(Struct, frozen=True, kw_only=True):
    """Entities that share mentions before and after. `chains`: of supply that would be joined, None where
    nothing is joined; `alerts`: live ones that speak of any of them.
    """

    change: Kind
    before: tuple[Group, ...]
    after: tuple[Group, ...]
    chains: int | None
    alerts: int


class Told(Struct, frozen=True, kw_only=True):
    """What a proposal would change, most mentions first."""

    levels: tuple[Level, ...]
    merged: int
    split: int
    regrouped: int
    entities: tuple[Regrouping, ...]


def tell(state: OwnerState, proposal: Proposal) -> Told:
    """The levels that move, and the entities that are others then."""
    regrouped = _regrouped(state, SqliteReader(state.db), proposal.reweighed.moved)
    kinds = Counter(each.change for each in regrouped)
    return Told(
        levels=tuple(_levels(proposal)),
        merged=kinds["merged"],
        split=kinds["split"],
        regrouped=kinds["regrouped"],
        entities=tuple(regrouped),
    )


def _levels(proposal: Proposal) -> list[Level]:
    learned = {each.level: each for each in proposal.learned or ()}
    before, after = proposal.before.bits, proposal.after.bits
    found = []
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            each = learned.get(name)
            found.append(
                Level(
                    level=name,
                    before=before.get(name, 0.0),
                    after=after.get(name, 0.0),
                    pairs=each.pairs if each else None,
                    expected=round(each.expected, 4) if each else None,
                    seen=round(each.seen, 4) if each else None,
                )
            )
    return found


class _Sides(Struct, frozen=True):
    """The entities, by key, of one regrouping: before and after."""

    before: frozenset[int]
    after: frozenset[int]


def _regrouped(state: OwnerState, reader: GraphReader, moved: Sequence[Moved]) -> list[Regrouping]:
    after = {each.pid: each.after for each in moved}
    touched = {key for each in moved for key in (each.before, each.after)}
    pids = np.flatnonzero(np.isin(np.frombuffer(state.ent, np.int64), list(touched))).tolist()
    mentions = _mentions(state)
    sizes: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
    ties: list[tuple[int, int]] = []
    for pid in pids:
        ends = state.ent[pid], after.get(pid, state.ent[pid])
        for size, end in zip(sizes, ends, strict=True):
            size[end] += int(mentions[pid])
        ties.append(ends)
    ids, labels = reader.public_ids(touched), reader.labels(sizes[0])
    effects = Effects(reader, {key: ids[key] for key in sizes[0]}, soles(state.db, sizes[0]))

    def told(sides: _Sides) -> Regrouping:
        was = [Group(id=ids[key], mentions=sizes[0][key], label=labels[key]) for key in sides.before]
        now = [Group(id=ids[key], mentions=sizes[1][key]) for key in sides.after]
        return Regrouping(
            change=_kind(sides),
            before=tuple(sorted(was, key=_largest)),
            after=tuple(sorted(now, key=_largest)),
            chains=None if len(sides.before) == 1 else _chains(effects, sides.before, ids),
            alerts=effects.alerts(sides.before),
        )

    found = [told(sides) for sides in _sides(ties)]
    return sorted(found, key=lambda each: (-sum(group.mentions for group in each.before), each.before[0].id))


def _kind(sides: _Sides) -> Kind:
    if len(sides.before) == 1:
        return "split"
    return "merged" if len(sides.after) == 1 else "regrouped"


def _largest(group: Group) -> tuple[int, str]:
    return -group.mentions, group.id


def _chains(effects: Effects, keys: Iterable[int], ids: Mapping[int, str]) -> int:
    """Of the first pairs by public id: keys tell what came first, which must not count."""
    pairs = combinations(sorted(keys, key=ids.__getitem__), 2)
    return sum(effects.of(*pair).chains for pair in islice(pairs, MOST_PAIRS))


def _sides(ties: Iterable[tuple[int, int]]) -> list[_Sides]:
    """What hangs together over entities before (the first of a tie) and after."""
    beside: defaultdict[tuple[bool, int], set[tuple[bool, int]]] = defaultdict(set)
    for before, after in ties:
        beside[False, before].add((True, after))
        beside[True, after].add((False, before))
    seen: set[tuple[bool, int]] = set()
    found = []
    for start in beside:
        if start in seen:
            continue
        here, frontier = {start}, [start]
        while frontier:
            reached = beside[frontier.pop()] - here
            here |= reached
            frontier += reached
        seen |= here
        found.append(
            _Sides(*(frozenset(key for is_after, key in here if is_after is side) for side in (False, True)))
        )
    return found
