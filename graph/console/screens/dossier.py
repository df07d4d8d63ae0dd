"""All that is known of one entity, and when it happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from msgspec import Struct, structs

from graph.console.screens.picture import MOST_EDGES, nodes_of
from graph.port import Appearance
from graph.show import as_json
from graph.sight import SeenReader
from schemas.entities import NOTICE, Edge, Entity
from schemas.errors import NotFound
from schemas.times import instant, iso

MOST = 500
"""Records of an entity in one document, the last reported first; the number of all stands beside them."""

_YEAR, _MONTH, _DAY = 360, 27, 1
_MICROSECONDS = 86_400_000_000

Precision = Literal["year", "month", "day", "minute", "span", "bound"]


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
    counted = Counter(edge.type for edge in reader.edges_of(key, MOST_EDGES))
    return {
        "entity": as_json(_cut(entity)),
        "node": as_json(nodes_of(reader, (key,))[key]),
        "appearances": [_appearance(one) for one in reversed(appearances[-MOST:])],
        "records": len(appearances),
        "lots": [_lot(one) for one in reader.held_lots((key,)).get(key, [])[-MOST:]],
        "links": dict(sorted(counted.items())),
        "alerts": _alerts(reader, entity.id),
        "notice": NOTICE,
    }


def _cut(entity: Entity) -> Entity:
    return structs.replace(entity, mentions=entity.mentions[:MOST])


def _appearance(one: Appearance) -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in one.__struct_fields__ if name != "rec"}
    return {**shown, "reported": iso(one.reported)}


def _lot(one: Any) -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in one.__struct_fields__ if name != "rec"}
    return {**shown, "reported": iso(one.reported)}


def _alerts(reader: SeenReader, identifier: str) -> list[dict[str, str]]:
    return [
        {"id": each, "rule": finding.rule, "severity": finding.severity, "state": "open"}
        for each, finding in reader.findings()
        if identifier in finding.entities
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


def precision(earliest: str | None, latest: str) -> Precision:
    """How precisely a time is known, from its bounds (ISO 8601).

    >>> precision(None, "2019-06-03T15:59:59Z")
    'bound'
    >>> precision("2019-06-02T16:00:00Z", "2019-06-03T15:59:59.999999Z")
    'day'
    >>> precision("2019-05-31T16:00:00Z", "2019-06-30T15:59:59.999999Z")
    'month'
    """
    if earliest is None:
        return "bound"
    begun, over = instant(earliest), instant(latest)
    assert begun is not None
    assert over is not None
    days = (over - begun) / _MICROSECONDS
    whole: Iterable[tuple[float, float, Precision]] = (
        (0, 0.01, "minute"), (0.9, _DAY + 0.01, "day"), (_MONTH, 32, "month"), (_YEAR, 367, "year"),
    )  # fmt: skip
    return next((name for least, most, name in whole if least <= days <= most), "span")


def _order(item: Item) -> tuple[str, str]:
    return item.until, item.record
