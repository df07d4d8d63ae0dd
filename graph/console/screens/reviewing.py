"""What waits for a person, of the records that they may see: both sides beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from graph.console.screens.picture import nodes_of
from graph.seen import SeenReader
from graph.show import as_json

_THINGS = ("persons", "organisations", "vehicles", "parcels", "venues")
_AROUND = 20


def pairs(reader: SeenReader, found: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The pairs of which both mentions may be seen, each with its sides and the entities as they look."""
    for pair in found:
        sides = [_side(reader, pair[name]) for name in ("a", "b")]
        entities = [_entity(reader, pair[name]) for name in ("a", "b")]
        if None not in (*sides, *entities):
            yield {
                **{name: pair[name] for name in ("a", "b", "bits", "link_from", "review_from", "exclusive")},
                "key": f"{pair['a']} {pair['b']}",
                "evidence": pair["evidence"],
                "effect": _effect(reader, pair, entities),
                "entities": entities,
                "sides": sides,
            }


def _effect(reader: SeenReader, pair: dict[str, Any], entities: list[Any]) -> dict[str, str] | None:
    """What it would change, which is counted over the whole store: where all of the two may be seen."""
    if not reader.sees_all_of(entity["id"] for entity in entities):
        return None
    return {name: pair["effect"][name] for name in ("words", "words_zh")}


def deliveries(reader: SeenReader, found: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The deliveries whose tip may be seen."""
    shown = list(found)
    seen = reader.visible(one["record"] for one in shown)
    yield from ({**one, "key": one["claim"]} for one in shown if one["record"] in seen)


def may_be_seen(reader: SeenReader, *mentions: str) -> bool:
    """Whether all these mentions or deliveries (`record#part`) may be seen."""
    names = {mention.rpartition("#")[0] for mention in mentions}
    return reader.visible(names) == names


def _entity(reader: SeenReader, mention: str) -> Any:
    keys = reader.resolve(mention)
    found = nodes_of(reader, keys)
    return as_json(found[keys[0]]) if keys and keys[0] in found else None


def _side(reader: SeenReader, mention: str) -> dict[str, Any] | None:
    """A mention with what its record says of it."""
    name, _, part = mention.rpartition("#")
    kept = reader.record(name)
    if kept is None:
        return None
    fields = _from_text(kept.body, part) if part.startswith("@") else _fields(kept.body, part)
    return {"mention": mention, "record": name, "kind": kept.kind, "fields": fields}


def _fields(body: dict[str, Any], ref: str) -> dict[str, Any]:
    things = (thing for where in _THINGS for thing in body.get(where) or ())
    found: dict[str, Any] = next((thing for thing in things if thing.get("ref") == ref), {})
    return {name: value for name, value in found.items() if name != "ref" and value not in (None, [], "")}


def _from_text(body: dict[str, Any], part: str) -> dict[str, Any]:
    start, _, end = part.removeprefix("@").partition("-")
    text = str(body.get("text", ""))
    named = text[int(start) : int(end)]
    around = text[max(0, int(start) - _AROUND) : int(end) + _AROUND]
    return {"name": named, "around": around}
