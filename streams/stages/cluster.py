"""Cluster: touched profiles → their components → who is who now.

An entity is its earliest live mention, by (reported_at, record name, part), so its id does not depend on
arrival.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from msgspec import Struct

from graph.sqlite.view import LIVE
from schemas.claims import MentionType
from schemas.ids import mention_part, part_of
from streams.resolve.asked import PORTION
from streams.resolve.clusters import Component, Link, cluster
from streams.resolve.judgements import Judgements
from streams.resolve.model import LINK
from streams.resolve.pairs import KnownPairs
from streams.stages.resolve import Resolved
from streams.state import OwnerState

First = tuple[int, str, str, int]
"""(reported, record name, part, mention row): orders mentions; the row is not compared before."""


class Moved(Struct, frozen=True, array_like=True):
    """A profile that belongs to another entity now; 0 is none."""

    pid: int
    before: int
    after: int


def touched_by(state: OwnerState, resolved: Resolved) -> set[int]:
    """Profiles that live on but whose entity's earliest mention may have changed."""
    touched: set[int] = set()
    for item in resolved.placed:
        accepted = item.opened.prepared.accepted
        derived = item.opened.prepared.derived
        assert derived is not None
        for mention, node, m in zip(derived.mentions, item.nodes, item.rows, strict=True):
            if node < 0 or node in resolved.born:
                continue
            first = (accepted.reported, accepted.name, mention_part(mention.ref, mention.span), m)
            held = state.firsts.get(node)
            if held is not None and first < held:
                state.firsts[node] = first
            if first < _mention_key(state, state.ent[node]):
                touched.add(node)
    for each in resolved.left:
        node, m = each.node, each.m
        if node > 0:
            held = state.firsts.get(node)
            if held is not None and held[3] == m:
                del state.firsts[node]
            if node in state.alive and state.ent[node] == m:
                touched.add(node)
    return touched


def recluster(
    state: OwnerState, judgements: Judgements, touched: Iterable[int], died: set[int]
) -> list[Moved]:
    """Divide every touched component anew; write and return the assignments that changed."""
    moved = [Moved(pid, state.ent[pid], 0) for pid in sorted(died) if state.ent[pid]]
    seen: set[int] = set()
    for pid in sorted(touched):
        if pid in seen or pid not in state.alive:
            continue
        component = component_of(state.pairs, state.types.__getitem__, judgements, pid)
        seen.update(component.members)
        for group in cluster(component, state.profile, state.score):
            ent = min(first_mention(state, member) for member in group)[3]
            moved += [Moved(m, state.ent[m], ent) for m in group if state.ent[m] != ent]
    assign(state, moved)
    return moved


def divide_anew(state: OwnerState, judgements: Judgements, pairs: KnownPairs) -> list[Moved]:
    """What would be assigned otherwise if these were the pairs, under the model that the state follows."""
    sizes = np.bincount(np.frombuffer(state.ent, np.int64))
    seen = bytearray(len(state.ent))
    moved: list[Moved] = []
    for n, pid in enumerate(sorted(state.alive), 1):
        if not seen[pid]:
            component = component_of(pairs, state.types.__getitem__, judgements, pid)
            for member in component.members:
                seen[member] = 1
            for group in cluster(component, state.profile, state.score):
                moved += _moved(state, group, sizes)
        if not n % PORTION:
            state.forget()
    return moved


def _moved(state: OwnerState, group: tuple[int, ...], sizes: np.ndarray) -> list[Moved]:
    """The members of a group that are to be assigned otherwise; none of one that has them all already."""
    held = {state.ent[pid] for pid in group}
    if len(held) == 1 and sizes[state.ent[group[0]]] == len(group):
        return []
    ent = min(first_mention(state, member) for member in group)[3]
    return [Moved(pid, state.ent[pid], ent) for pid in group if state.ent[pid] != ent]


def component_of(
    pairs: KnownPairs, type_of: Callable[[int], MentionType], judgements: Judgements, start: int
) -> Component:
    """Everything reachable from a profile over links and *same* judgements."""
    members, frontier = {start}, [start]
    links: list[Link] = []
    same: set[tuple[int, int]] = set()
    different: set[tuple[int, int]] = set()
    while frontier:
        pid = frontier.pop()
        reached = set()
        for other, (bits, strong) in pairs.of(pid).items():
            if bits >= LINK:
                reached.add(other)
                if pid < other:  # it is met again at its other end
                    links.append(Link(bits, strong, pid, other))
        for other, verdict in judgements.partners(pid):
            if type_of(pid) != type_of(other):  # judged before they were known
                continue
            pair = (min(pid, other), max(pid, other))
            if verdict == "same":
                same.add(pair)
                reached.add(other)
            else:
                different.add(pair)
        frontier += reached - members
        members |= reached
    return Component(
        members=tuple(sorted(members)),
        links=tuple(links),
        same=frozenset(same),
        different=frozenset(different),
    )


def first_mention(state: OwnerState, pid: int) -> First:
    """The earliest live mention of a profile."""
    held = state.firsts.get(pid)
    if held is None:
        rows = state.db.execute(
            "SELECT reported, name, ref, start, stop, m FROM mention JOIN record USING (rec)"
            f" WHERE node = ? AND closed = {LIVE} AND opened < closed",
            (pid,),
        )
        held = state.firsts[pid] = min(
            (reported, name, part_of(ref, start, stop), m) for reported, name, ref, start, stop, m in rows
        )
    return held


def _mention_key(state: OwnerState, m: int) -> First:
    reported, name, ref, start, stop = state.db.execute(
        "SELECT reported, name, ref, start, stop FROM mention JOIN record USING (rec) WHERE m = ?", (m,)
    ).fetchone()
    return (reported, name, part_of(ref, start, stop), m)


def assign(state: OwnerState, moved: list[Moved]) -> None:
    """Write who belongs to whom from this transaction on."""
    state.db.executemany(
        "UPDATE assign SET closed = ? WHERE pid = ? AND closed = ?",
        [(state.tx, item.pid, LIVE) for item in moved if item.before],
    )
    state.db.executemany(
        "INSERT INTO assign (pid, ent, opened, closed) VALUES (?, ?, ?, ?)",
        [(item.pid, item.after, state.tx, LIVE) for item in moved if item.after],
    )
    for item in moved:
        state.ent[item.pid] = item.after
