"""All that is known of one entity, and when it happened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct, structs

from graph.console.screens.moments import Precision, precision
from graph.console.screens.picture import MOST_EDGES, Node, nodes_of
from graph.port import Appearance
from graph.seen import SeenReader
from graph.show import appearance_document, as_json, lot_document
from schemas.entities import NOTICE, Edge, Entity
from schemas.errors import NotFound
from schemas.reference import checkpoints
from schemas.times import iso

_MOST_OTHERS = 12
MOST = 500
"""Records of an entity in one document, the last reported first; the number of all stands beside them."""


class Item(Struct, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """Something in a lane of time. `bound`: it is only known that it was over by then."""

    since: str | None
    until: str
    precision: Precision
    record: str
    label: str
    edge: str | None = None


class Lane(Struct, frozen=True):
    """What happened, of one kind: a kind of record, or a type of edge."""

    type: str
    items: tuple[Item, ...]


def dossier(reader: SeenReader, key: int) -> dict[str, Any]:
    """The document of an entity. Raises `NotFound` when it is not live or may not be seen."""
    found = reader.entities((key,))
    if not found:
        raise NotFound("this entity is not known")
    (entity,) = found
    appearances = reader.appearances((key,)).get(key, [])
    edges = reader.edges_of(key, MOST_EDGES)
    counted = Counter(edge.type for edge in edges)
    return {
        "entity": as_json(_cut(entity)),
        "node": as_json(nodes_of(reader, (key,))[key]),
        "appearances": [_appearance(one) for one in reversed(appearances[-MOST:])],
        "records": len(appearances),
        "lots": [lot_document(one) for one in reader.held_lots((key,)).get(key, [])[-MOST:]],
        "links": dict(sorted(counted.items())),
        "others": as_json(_others(reader, edges, entity.id)),
        "alerts": _alerts(reader, key),
        "notice": NOTICE,
    }


def _appearance(one: Appearance) -> dict[str, Any]:
    """With the name of the site, if the register has it."""
    site = checkpoints.checkpoint(one.checkpoint) if one.checkpoint else None
    return {**appearance_document(one), "site": site.name if site else one.checkpoint}


class Others(Struct, frozen=True, kw_only=True):
    """To whom an entity is linked by edges of one type (`out`: from it to them): those with most edges, and
    how many there are.
    """

    type: str
    out: bool
    count: int
    nodes: tuple[Node, ...]


def _others(reader: SeenReader, edges: Sequence[Edge], own: str) -> list[Others]:
    found: defaultdict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    for edge in edges:
        out = edge.source == own
        found[edge.type, out][edge.target if out else edge.source] += 1
    first = {
        way: sorted(ends, key=lambda end: (-ends[end], end))[:_MOST_OTHERS] for way, ends in found.items()
    }
    keys = reader.parts.identities.keys({end for ends in first.values() for end in ends})
    nodes = nodes_of(reader, keys.values())
    return [
        Others(
            type=type_,
            out=out,
            count=len(found[type_, out]),
            nodes=tuple(nodes[keys[end]] for end in ends if keys.get(end) in nodes),
        )
        for (type_, out), ends in sorted(first.items())
    ]


def _cut(entity: Entity) -> Entity:
    return structs.replace(entity, mentions=entity.mentions[:MOST])


def _alerts(reader: SeenReader, key: int) -> list[dict[str, str]]:
    """Alerts about an entity; they name it by the id that it had, which is that of one of its mentions, of a
    hidden one too: whether the alert is seen is for its own records to say.
    """
    return [
        {"id": each, "rule": finding.rule, "severity": finding.severity}
        for each, finding in reader.findings_about(reader.ids_of_all(key))
    ]


def timeline(reader: SeenReader, key: int) -> list[Lane]:
    """What happened around an entity, in lanes: reports by their kind, then what records state, by type."""
    own = reader.public_id(key)
    edges = reader.edges_of(key, MOST)
    keys = reader.parts.identities.keys({end for edge in edges for end in (edge.source, edge.target)})
    ids = {key: id_ for id_, key in keys.items()}
    labels = {ids[each]: label for each, label in reader.labels(ids).items()}
    lanes: dict[str, list[Item]] = {}
    for one in reader.appearances((key,)).get(key, [])[-MOST:]:
        moment = iso(one.reported)
        item = Item(since=moment, until=moment, precision="minute", record=one.record, label=one.record)
        lanes.setdefault(one.kind, []).append(item)
    for edge in edges:
        lanes.setdefault(edge.type, []).extend(_happened(edge, own, labels))
    return [Lane(type_, tuple(sorted(items, key=_order))) for type_, items in lanes.items()]


def _happened(edge: Edge, own: str, labels: dict[str, str]) -> Iterator[Item]:
    if edge.latest is None:
        return
    other = edge.target if edge.source == own else edge.source
    arrow = "→" if edge.source == own else "←"
    yield Item(
        since=edge.earliest,
        until=edge.latest,
        precision=precision(edge.earliest, edge.latest),
        record=edge.records[0],
        label=f"{arrow} {labels.get(other, other)}",
        edge=edge.id,
    )


def _order(item: Item) -> tuple[str, str]:
    return item.until, item.record
