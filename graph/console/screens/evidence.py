"""What edges stand on: their records, where in each it is said, how many voices, what speaks against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graph.console.screens.exporting import hash_of
from graph.console.screens.highlights import highlights
from graph.console.screens.picture import Node, nodes_of
from graph.console.screens.telling import grade_of
from graph.port import RecordCopy
from graph.seen import SeenReader
from graph.show import as_json, record_document
from schemas.entities import NOTICE, Confirmation, Edge
from schemas.errors import NotFound
from schemas.reference import checkpoints
from schemas.reference.words import Said, both, region, word

MOST_RECORDS = 200
_UNSURE = 0.5


def evidence(reader: SeenReader, ids: Sequence[str]) -> dict[str, Any]:
    """The document of some edges. Raises `NotFound` when none of them is live and may be seen."""
    edges = reader.edges(ids)
    if not edges:
        raise NotFound("no live edge has this id: its record may have been withdrawn or replaced")
    ends = list(dict.fromkeys(end for edge in edges for end in (edge.source, edge.target)))
    keys = reader.parts.identities.keys(ends)
    names = list(dict.fromkeys(name for edge in edges for name in edge.records))[:MOST_RECORDS]
    kept = reader.records(names)
    confirmed = reader.confirmations(edge.id for edge in edges)
    entities = reader.entities(list(keys.values()))
    called = {entity.id: {entity.label, *entity.aliases} for entity in entities}
    return {
        "edges": [_edge(edge, confirmed.get(edge.id)) for edge in edges],
        "entities": as_json(entities),
        "records": [
            {**document, "highlights": as_json(highlights(one, edges, called))}
            for one, document in zip(kept, _documents(reader, kept), strict=True)
        ],
        "origins": len({told for one in kept for told in _tellings(one)}),
        "against": as_json(list(_against(kept, edges))),
        "notice": NOTICE,
    }


def record(reader: SeenReader, name: str) -> dict[str, Any]:
    """The document of a record. Raises `NotFound` when it is unknown or may not be seen."""
    kept = reader.record(name)
    if kept is None:
        raise NotFound("no record has this name")
    (document,) = _documents(reader, (kept,))
    return {**document, "notice": NOTICE}


def _documents(reader: SeenReader, kept: Sequence[RecordCopy]) -> list[dict[str, Any]]:
    """Records with their grades as they came, the hashes of their working copies, and of whom they speak."""
    keys = reader.entities_in_each(one.record for one in kept)
    nodes = nodes_of(reader, {key for those in keys.values() for key in those})
    return [_document(one, [nodes[key] for key in keys[one.record] if key in nodes]) for one in kept]


def _document(kept: RecordCopy, nodes: Sequence[Node]) -> dict[str, Any]:
    return {
        "copy_of": [],
        "copies": [],
        **record_document(kept),
        "grade": grade_of(kept.body.get("grade")),
        "sha256": hash_of(kept),
        "names": dict(_names(kept.body)),
        "entities": as_json(sorted(nodes, key=lambda node: (node.type, node.id))),
    }


def _names(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Fields that hold a code, with what the code means."""
    site = checkpoints.checkpoint(str(body["checkpoint"])) if body.get("checkpoint") else None
    if site is not None:
        yield "checkpoint", site.name
    if body.get("region"):
        yield "region", region(str(body["region"]))


def _edge(edge: Edge, confirmed: Confirmation | None) -> dict[str, Any]:
    return {**as_json(edge), **({"confirmed": as_json(confirmed)} if confirmed else {})}


def _tellings(one: RecordCopy) -> tuple[str, ...]:
    return tuple(copy.record for copy in one.copy_of) or (one.record,)


def _against(kept: Sequence[RecordCopy], edges: Sequence[Edge]) -> Iterator[Said]:
    """What speaks against them."""
    if len({told for one in kept for told in _tellings(one)}) == 1:
        yield _against_word("one_origin")
    for one in kept:
        if "text_hearsay" in one.flags:
            yield _against_word("hearsay", record=one.record)
        if "text_denied" in one.flags:
            yield _against_word("denied", record=one.record)
        if one.withdrawn_because is not None:
            yield _against_word("withdrawn", record=one.record)
        for flag in one.flags:
            kind, _, field = flag.partition(":")
            if kind == "suspect_value":
                yield _against_word("suspect", record=one.record, field=field)
    if any(edge.confidence < _UNSURE for edge in edges):
        yield _against_word("unsure", least=_UNSURE)


def _against_word(code: str, **values: object) -> Said:
    return both(lambda lang: word("against", code, lang, **values))
