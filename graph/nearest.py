"""What to say when a trace finds nothing: why, and what is nearest."""

from __future__ import annotations

from collections import Counter

from graph.port import Direction, GraphReader
from schemas.entities import Excluded
from schemas.reference.words import word

_EDGES_LOOKED_AT = 200
_OTHER: dict[Direction, Direction] = {"up": "down", "down": "up"}


def why_nothing(
    reader: GraphReader, origin: int, direction: Direction, excluded: tuple[Excluded, ...]
) -> str:
    """One paragraph for people: why the trace is empty, the nearest miss, where else to look."""
    if excluded:
        return _missed(reader, excluded, direction)
    said = [_say(f"none_{direction}", who=reader.label(origin))]
    if reader.deliveries((origin,), _OTHER[direction]):
        said.append(_say(f"other_{direction}"))
    near = _nearest(reader, origin, direction)
    if near is not None:
        key, link = near
        who = {"label": reader.label(key), "id": reader.public_id(key)}
        said.append(_say(f"near_{direction}", **who, link=link))
    else:
        said.append(_say(f"nobody_{direction}"))
    return " ".join(said)


def _say(code: str, **values: object) -> str:
    """A sentence of it as a TRACE says it; `words.toml` has it in Chinese too."""
    return word("nothing", code, "en", **values)


def _missed(reader: GraphReader, excluded: tuple[Excluded, ...], direction: Direction) -> str:
    nearest = excluded[0]
    other = nearest.source if direction == "up" else nearest.target
    keys = reader.resolve(other)
    return _say(
        f"missed_{'one' if len(excluded) == 1 else 'some'}_{direction}",
        n=len(excluded),
        who=f"{reader.label(keys[0])} ({other})" if keys else other,
        reason=nearest.reason,
        detail=nearest.detail,
        records=", ".join(nearest.records[:3]),
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
