"""Link: claims and lots → edges between nodes, and the tokens by which nodes are found.

One claim is one edge. Edges hang on profiles and values, so merging and un-merging moves none.
"""

from __future__ import annotations

from graph.tokens import tokens_of_features, tokens_of_value
from streams.stages.resolve import Placed, Resolved
from streams.state import OwnerState


def link(state: OwnerState, resolved: Resolved) -> int:
    """Write the edges and lots of opened records, who confirmed an edge, and the tokens of new nodes; the
    number of edges.
    """
    edges: list[tuple[object, ...]] = []
    for item in resolved.placed:
        drawn = _edges(state, item)
        _confirm(state, item, drawn)
        edges += drawn
    state.db.executemany("INSERT INTO edge VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", edges)
    state.db.executemany(
        "INSERT INTO lot (rec, key, holder, found_in, substance, quantity, unit, grams)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [row for item in resolved.placed for row in _lots(item)],
    )
    _index(state, resolved)
    return len(edges)


def _edges(state: OwnerState, item: Placed) -> list[tuple[object, ...]]:
    derived = item.opened.prepared.derived
    assert derived is not None
    return [
        (
            state.next("edge"), item.opened.rec, claim.key, claim.predicate,
            item.nodes[claim.subject], item.nodes[claim.object],
            item.rows[claim.subject], item.rows[claim.object],
            claim.earliest, claim.latest, claim.basis, claim.substance, claim.quantity, claim.unit,
            claim.amount, claim.confidence,
        )
        for claim in derived.claims
    ]  # fmt: skip


def _confirm(state: OwnerState, item: Placed, edges: list[tuple[object, ...]]) -> None:
    """Write who confirmed those of a record's edges that are drawn by a person's word."""
    words = {word.key: word for word in item.opened.prepared.confirmed}
    if words:
        state.db.executemany(
            "INSERT INTO confirmed VALUES (?, ?, ?, ?)",
            [(e, (word := words[key]).by, word.because, word.at) for e, _, key, *_ in edges if key in words],
        )


def _lots(item: Placed) -> list[tuple[object, ...]]:
    derived = item.opened.prepared.derived
    assert derived is not None
    return [
        (
            item.opened.rec, lot.key,
            None if lot.holder is None else item.nodes[lot.holder],
            None if lot.found_in is None else item.nodes[lot.found_in],
            lot.substance, lot.quantity, lot.unit, lot.grams,
        )
        for lot in derived.lots
    ]  # fmt: skip


def _index(state: OwnerState, resolved: Resolved) -> None:
    rows = [
        (pid, tokens_of_features(state.profile(pid).features, kind)) for pid, kind, *_ in state.new_profiles
    ]
    rows += [(node, tokens_of_value(kind, value)) for node, kind, value in resolved.new_values]
    state.db.executemany("INSERT INTO search (rowid, tokens) VALUES (?, ?)", rows)
