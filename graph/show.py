"""One thing with its evidence: an entity, a record, an edge or an alert, as one JSON document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from graph.alerts import read_alert
from graph.one import resolve_one
from graph.port import Appearance, GraphReader, HeldLot, RecordCopy
from schemas.claims import TextMention
from schemas.entities import NOTICE
from schemas.errors import NotFound
from schemas.times import iso

_MOST_EDGES = 1000
_MOST_RECORDS = 200
"""Working copies in one document; the names of all records are always there."""
_TOLD = "#text@"


def show(reader: GraphReader, identifier: str) -> dict[str, Any]:
    """The document of an id (of an entity, edge or alert) or of a record's name.

    What fits exactly one entity (a name, a number, `record#ref`) is understood too, and of a delivery
    that waits for a person's word (`record#text@…`) the record. Raises `NotFound`, or `Ambiguous` with
    the ids of the candidates.
    """
    identifier = identifier.strip()
    if identifier.startswith("edg-"):
        return _edge(reader, identifier)
    if identifier.startswith("alt-"):
        return _alert(reader, identifier)
    name = identifier.partition(_TOLD)[0]
    kept = reader.record(name) if "/" in name and "#" not in name else None
    if kept is not None:
        return {
            **record_document(kept),
            "entities": as_json(reader.entities(reader.entities_in(name))),
        }
    return _entity(reader, resolve_one(reader, identifier))


def _entity(reader: GraphReader, key: int) -> dict[str, Any]:
    appearances = reader.appearances((key,)).get(key, [])
    return {
        "entity": as_json(reader.entities((key,))[0]),
        "appearances": [appearance_document(one) for one in appearances],
        "lots": [lot_document(one) for one in reader.held_lots((key,)).get(key, [])],
        "edges": as_json(reader.edges_of(key, _MOST_EDGES)),
        "records": _records(reader, (one.record for one in appearances)),
        "notice": NOTICE,
    }


def _edge(reader: GraphReader, identifier: str) -> dict[str, Any]:
    edge = reader.edge(identifier)
    if edge is None:
        raise NotFound("no live edge has this id: its record may have been withdrawn or replaced")
    keys = [key for end in (edge.source, edge.target) for key in reader.resolve(end)]
    confirmed = reader.confirmation(identifier)
    return {
        "edge": as_json(edge),
        **({"confirmed": as_json(confirmed)} if confirmed else {}),
        "entities": as_json(reader.entities(keys)),
        "records": _records(reader, edge.records),
        "notice": NOTICE,
    }


def _alert(reader: GraphReader, identifier: str) -> dict[str, Any]:
    alert = read_alert(reader, identifier)
    if alert is None:
        raise NotFound("no alert has this id")
    return {"alert": as_json(alert), "records": _records(reader, alert.records)}


def _records(reader: GraphReader, names: Iterable[str]) -> list[dict[str, Any]]:
    ordered = list(dict.fromkeys(names))[:_MOST_RECORDS]
    return [record_document(kept) for name in ordered if (kept := reader.record(name)) is not None]


def record_document(kept: RecordCopy) -> dict[str, Any]:
    """The redacted working copy, with when it was reported and received, and whether it still stands."""
    return {
        "record": kept.record,
        "kind": kept.kind,
        "revision": kept.revision,
        "reported_at": iso(kept.reported),
        "received_at": iso(kept.received),
        "live": kept.live,
        "withdrawn_because": kept.withdrawn_because,
        "flags": list(kept.flags),
        **({"copy_of": as_json(kept.copy_of)} if kept.copy_of else {}),
        **({"copies": list(kept.copies)} if kept.copies else {}),
        **({"processed": as_json(kept.processed)} if kept.processed else {}),
        "body": kept.body,
        "found_in_text": [_found(one, str(kept.body.get("text", ""))) for one in kept.read],
    }


def _found(one: TextMention, text: str) -> dict[str, Any]:
    return {
        "type": one.type,
        "text": text[one.start : one.end],
        "start": one.start,
        "end": one.end,
        "value": one.value,
    }


def appearance_document(one: Appearance) -> dict[str, Any]:
    """Where somebody is spoken of, without the key of the record, which is the store's own."""
    shown = {name: getattr(one, name) for name in one.__struct_fields__ if name != "rec"}
    shown["reported"] = iso(one.reported)
    return shown


def lot_document(one: HeldLot) -> dict[str, Any]:
    """Goods in somebody's hands, as `appearance_document`."""
    shown = {name: getattr(one, name) for name in one.__struct_fields__ if name != "rec"}
    shown["reported"] = iso(one.reported)
    return shown


def as_json(value: Any) -> Any:
    """As JSON would give it back: `to_builtins` leaves tuples, which are no JSON."""
    return msgspec.json.decode(msgspec.json.encode(value))
