"""What to say when a trace finds nothing: why, and what is nearest."""

from __future__ import annotations

from collections import Counter

from graph.port import Direction, GraphReader
from schemas.entities import Excluded

_EDGES_LOOKED_AT = 200
_WORDS: dict[Direction, tuple[str, str, Direction, str]] = {
    "up": ("anybody who supplied", "supplier", "down", "--down"),
    "down": ("anybody supplied by", "receiver", "up", "--up"),
}


def why_nothing(
    reader: GraphReader, origin: int, direction: Direction, excluded: tuple[Excluded, ...]
) -> str:
    """One paragraph for people: why the trace is empty, the nearest miss, where else to look."""
    if excluded:
        return _missed(reader, excluded, direction)
    anybody, role, other, flag = _WORDS[direction]
    said = [f"No live record speaks of {anybody} {reader.label(origin)}."]
    if reader.deliveries((origin,), other):
        said.append(f"Records speak of the other direction: try {flag}.")
    near = _nearest(reader, origin, direction)
    if near is not None:
        key, link = near
        said.append(
            f"Nearest with a known {role}: {reader.label(key)} ({reader.public_id(key)}), linked by {link}."
        )
    else:
        said.append(f"Nobody directly linked to them has a known {role} either.")
    return " ".join(said)


def _missed(reader: GraphReader, excluded: tuple[Excluded, ...], direction: Direction) -> str:
    nearest = excluded[0]
    other = nearest.source if direction == "up" else nearest.target
    keys = reader.resolve(other)
    who = f"{reader.label(keys[0])} ({other})" if keys else other
    few = "1 group of deliveries was" if len(excluded) == 1 else f"{len(excluded)} groups of deliveries were"
    role = _WORDS[direction][1]
    return (
        f"{few} not followed. Nearest: {role} {who}, {nearest.reason}: {nearest.detail}"
        f" ({', '.join(nearest.records[:3])})."
    )


def _nearest(reader: GraphReader, origin: int, direction: Direction) -> tuple[int, str] | None:
    """A neighbour (by a shared number or any stated relation) with deliveries, the most first."""
    links = _neighbours(reader, origin)
    count: Counter[int] = Counter()
    for delivery in reader.deliveries(sorted(links), direction):
        near = delivery.target if direction == "up" else delivery.source
        far = delivery.source if direction == "up" else delivery.target
        if far != origin:
            count[near] += 1
    if not count:
        return None
    best = min(count, key=lambda key: (-count[key], reader.public_id(key)))
    return best, links[best]


def _neighbours(reader: GraphReader, origin: int) -> dict[int, str]:
    links: dict[int, str] = {}
    for values in reader.values_used_by((origin,)).values():
        for value in values:
            for key in reader.users_of(value):
                links.setdefault(key, f"the {reader.type_of(value)} {reader.label(value)}")
    own = reader.public_id(origin)
    edges = reader.edges_of(origin, _EDGES_LOOKED_AT)
    others = [edge.target if edge.source == own else edge.source for edge in edges]
    keys = reader.keys_of(others)
    for edge, other in zip(edges, others, strict=True):
        if other in keys:
            links.setdefault(keys[other], f"{edge.type} ({edge.records[0]})")
    links.pop(origin, None)
    return links
