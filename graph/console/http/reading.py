"""Routes that read the graph: each within what one may see, and each written down before it is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Response
from msgspec import Meta, Struct

from graph.console.access import Action
from graph.console.faults import Fault
from graph.console.http.answers import Json
from graph.console.http.asking import MOST_HUBS, asked_with, body, may, moment
from graph.console.office import Asker
from graph.console.screens import atlas as atlas_view
from graph.console.screens import changes as changes_view
from graph.console.screens import dossier as dossier_view
from graph.console.screens import evidence as evidence_view
from graph.console.screens import land, picture, searching, tracing
from graph.one import resolve_one
from graph.port import Direction
from graph.seen import SeenReader
from schemas.errors import Ambiguous, NotFound

router = APIRouter(prefix="/api", tags=["graph"])

Reading = Annotated[Asker, Depends(may(Action.READ_GRAPH, purpose=True))]
Who = Annotated[str, Query(min_length=1, max_length=200)]
Hops = Annotated[int, Query(ge=1, le=12)]
Types = Annotated[str, Query(max_length=400)]
"""Names of types, separated by commas; none: all."""
Edges = Annotated[str, Query(min_length=1, max_length=16_000, pattern=r"^[A-Za-z0-9,_-]+$")]
"""Up to 200 ids, separated by commas; longer, or of letters of many bytes, they would fit into no URL."""
Known = Annotated[str | None, Query(max_length=40)]
"""A moment: what is read is what was known then."""
MOST_LINKED = 3_000
_Id = Annotated[str, Meta(max_length=80)]


class Picture(Struct, frozen=True):
    """Ids of the entities that stand in a picture, and as of when it is wanted; `hubs` are those of them
    whose neighbours are to be counted.
    """

    ids: Annotated[list[_Id], Meta(max_length=MOST_LINKED)]
    hubs: Annotated[list[_Id], Meta(max_length=MOST_HUBS)] = []
    as_of: Annotated[str, Meta(max_length=40)] | None = None


@router.get("/search")
def search(
    asker: Reading,
    q: Annotated[str, Query(max_length=200)],
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> Response:
    """Who fits what was typed, and by what."""
    with asker.reading() as reader:
        hits = searching.search(reader, q, limit)
    asker.noted("search", tuple(hit.node.id for hit in hits), words=q)
    return Json({"hits": hits})


@router.get("/entities/{who}")
def dossier(asker: Reading, who: str) -> Response:
    """All that is known of one entity."""
    with asker.reading() as reader:
        key = one_of(asker, reader, who)
        with _noted_if_not_found(asker, reader, who):
            document = dossier_view.dossier(reader, key)
    answers = asker.desk.answers.of(alert["id"] for alert in document["alerts"])
    for alert in document["alerts"]:
        alert["state"] = answers[alert["id"]][-1].state if alert["id"] in answers else "open"
    others = (node["id"] for one in document["others"] for node in one["nodes"])
    asker.noted("dossier", (document["entity"]["id"], *others))
    return Json(document)


@router.get("/entities/{who}/timeline")
def timeline(asker: Reading, who: str) -> Response:
    """What happened around an entity, in lanes."""
    with asker.reading() as reader:
        key = one_of(asker, reader, who)
        lanes, identifier = dossier_view.timeline(reader, key), reader.public_id(key)
    told = [item for lane in lanes for item in lane.items]
    edges = (item.edge for item in told if item.edge is not None)
    asker.noted("timeline", (identifier, *edges, *(item.record for item in told)))
    return Json({"lanes": lanes})


@router.get("/entities/{who}/neighbours")
def neighbours(  # noqa: PLR0913  the ways to ask, one by one
    asker: Reading,
    who: str,
    types: Types = "",
    of: Types = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    skip: Annotated[int, Query(ge=0, le=picture.MOST_EDGES)] = 0,
    as_of: Known = None,
) -> Response:
    """Those linked to an entity, by types of edge and by their own type; of very many it is asked which."""
    wanted = picture.Wanted(links=_named(types), types=_named(of), limit=limit, skip=skip)
    then = moment("as_of", as_of)
    with asker.reading(then) as reader:
        key = one_of(asker, reader, who)
        found, identifier = picture.neighbours(reader, key, wanted), reader.public_id(key)
    asker.noted("expand", (identifier, *(node.id for node in found.nodes)), as_of=then)
    return Json(found)


@router.post("/links", openapi_extra=asked_with(Picture))
def links(
    asker: Annotated[Asker, Depends(may(Action.READ_GRAPH, change=True, purpose=True))],
    drawn: Annotated[Picture, Depends(body(Picture))],
) -> Response:
    """The entities of a picture as they are, or were, and all links among them."""
    then = moment("as_of", drawn.as_of)
    with asker.reading(then) as reader:
        found = picture.drawn(reader, drawn.ids, drawn.hubs)
    asker.noted("links", (node.id for node in found.nodes), as_of=then)
    return Json(found)


@router.get("/trace")
def trace(  # noqa: PLR0913  the contract's options, one by one
    asker: Reading,
    who: Who,
    direction: Direction = "up",
    substance: Annotated[str | None, Query(max_length=80)] = None,
    until: Annotated[str | None, Query(max_length=40)] = None,
    as_of: Known = None,
    max_hops: Hops = 8,
) -> Response:
    """The supply chain of an entity, in tiers from source to street."""
    then = moment("as_of", as_of)
    wanted = tracing.Wanted(
        direction=direction, substance=substance or None, until=moment("until", until), max_hops=max_hops
    )
    with asker.reading(then) as reader:
        found = trace_of(asker, reader, who, wanted)
    asker.noted("trace", found.about(), as_of=then)
    return Json(found)


@router.get("/path")
def path(
    asker: Reading,
    one: Annotated[str, Query(alias="from", max_length=200)],
    other: Annotated[str, Query(alias="to", max_length=200)],
    max_hops: Annotated[int, Query(ge=1, le=6)] = 4,
    as_of: Known = None,
) -> Response:
    """The shortest way between two entities."""
    then = moment("as_of", as_of)
    with asker.reading(then) as reader:
        ends = one_of(asker, reader, one), one_of(asker, reader, other)
        way, asked = picture.path(reader, *ends, max_hops), reader.public_ids(ends)
    asker.noted("path", (*asked.values(), *(node.id for node in way.nodes)), as_of=then)
    return Json(way)


@router.get("/evidence")
def evidence(asker: Reading, edges: Edges, as_of: Known = None) -> Response:
    """What edges stand on, or stood on."""
    then = moment("as_of", as_of)
    with asker.reading(then) as reader:
        document = evidence_view.evidence(reader, edges.split(",")[:200])
    told = (one["id"] for one in (*document["edges"], *document["entities"]))
    asker.noted("evidence", (*told, *(one["record"] for one in document["records"])), as_of=then)
    return Json(document)


@router.get("/records/{source}/{source_id:path}")
def record(asker: Reading, source: str, source_id: str) -> Response:
    """One record: the redacted working copy."""
    name = f"{source}/{source_id}"
    asker.noted("record", (name,))
    with asker.reading() as reader:
        return Json(evidence_view.record(reader, name))


@router.get("/map")
def atlas(asker: Reading) -> Response:
    """The sites of the lines of defence, and what passed there: in the working case, or outside any."""
    with asker.reading() as reader:
        found: dict[str, Any] = atlas_view.atlas(reader, asker.case)
    asker.noted("map", tuple(place["record"] for place in found["places"]))
    return Json({"land": msgspec.Raw(land.geometry()), **found})


@router.get("/changes")
def changes(asker: Reading, since: Annotated[str, Query(max_length=40)]) -> Response:
    """What came since a moment."""
    begun = moment("since", since)
    if begun is None:
        raise Fault.invalid("since")
    with asker.reading() as reader:
        found = changes_view.changes(reader, begun, asker.office.now())
    told = (one["id"] for one in found["entities"])
    asker.noted("changes", (*(one["record"] for one in found["records"]), *told))
    return Json(found)


def _named(typed: str) -> frozenset[str]:
    return frozenset(filter(None, typed.split(",")))


def one_of(asker: Asker, reader: SeenReader, who: str) -> int:
    """The key of the one entity that fits. Raises `NotFound`, or `Fault` with the nodes of those that do.

    That somebody asked is written down all the same.
    """
    try:
        with _noted_if_not_found(asker, reader, who):
            return resolve_one(reader, who)
    except Ambiguous:
        nodes = sorted(picture.nodes_of(reader, reader.resolve(who)).values(), key=lambda node: node.id)
        asker.noted("look_up", (node.id for node in nodes), words=who, as_of=reader.as_of)
        raise Fault("ambiguous", candidates=nodes) from None


def trace_of(asker: Asker, reader: SeenReader, who: str, wanted: tracing.Wanted) -> tracing.TracePicture:
    """The trace of the one entity that fits. Raises as `one_of`, and writes down as it does."""
    key = one_of(asker, reader, who)
    with _noted_if_not_found(asker, reader, who):
        return tracing.trace_picture(reader, key, wanted)


@contextmanager
def _noted_if_not_found(asker: Asker, reader: SeenReader, who: str) -> Iterator[None]:
    try:
        yield
    except NotFound:
        asker.noted("look_up", words=who, as_of=reader.as_of)
        raise
