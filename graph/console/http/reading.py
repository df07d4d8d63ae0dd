"""Routes that read the graph: each within what one may see, and each written down before it is answered."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Response
from msgspec import Meta, Struct

from graph.console.access import Action
from graph.console.faults import Fault
from graph.console.http.answers import Json
from graph.console.http.asking import asked_with, body, may
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
from schemas.times import instant

router = APIRouter(prefix="/api", tags=["graph"])

Reading = Annotated[Asker, Depends(may(Action.READ_GRAPH, purpose=True))]
Who = Annotated[str, Query(min_length=1, max_length=200)]
Hops = Annotated[int, Query(ge=1, le=12)]
Edges = Annotated[str, Query(min_length=1, max_length=16_000, pattern=r"^[A-Za-z0-9,_-]+$")]
"""Up to 200 ids, separated by commas; longer, or of letters of many bytes, they would fit into no URL."""
MOST_LINKED = 3_000


class Drawn(Struct, frozen=True):
    """Ids of the entities that stand in a picture."""

    ids: Annotated[list[Annotated[str, Meta(max_length=80)]], Meta(max_length=MOST_LINKED)]


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
        document = dossier_view.dossier(reader, one_of(asker, reader, who))
    answers = asker.desk.answers.of(alert["id"] for alert in document["alerts"])
    for alert in document["alerts"]:
        alert["state"] = answers[alert["id"]][-1].state if alert["id"] in answers else "open"
    asker.noted("dossier", (document["entity"]["id"],))
    return Json(document)


@router.get("/entities/{who}/timeline")
def timeline(asker: Reading, who: str) -> Response:
    """What happened around an entity, in lanes."""
    with asker.reading() as reader:
        key = one_of(asker, reader, who)
        lanes, identifier = dossier_view.timeline(reader, key), reader.public_id(key)
    asker.noted("timeline", (identifier,))
    return Json({"lanes": lanes})


@router.get("/entities/{who}/neighbours")
def neighbours(
    asker: Reading,
    who: str,
    types: Annotated[str, Query(max_length=400)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """Those linked to an entity; of very many it is asked which."""
    wanted = frozenset(filter(None, types.split(",")))
    with asker.reading() as reader:
        key = one_of(asker, reader, who)
        found, identifier = picture.neighbours(reader, key, wanted, limit), reader.public_id(key)
    asker.noted("expand", (identifier, *(node.id for node in found.nodes)))
    return Json(found)


@router.post("/links", openapi_extra=asked_with(Drawn))
def links(
    asker: Annotated[Asker, Depends(may(Action.READ_GRAPH, change=True, purpose=True))],
    drawn: Annotated[Drawn, Depends(body(Drawn))],
) -> Response:
    """The entities of a picture as they are now, and all links among them."""
    with asker.reading() as reader:
        found = picture.drawn(reader, drawn.ids)
    asker.noted("links", tuple(node.id for node in found.nodes))
    return Json(found)


@router.get("/trace")
def trace(  # noqa: PLR0913  the contract's options, one by one
    asker: Reading,
    who: Who,
    direction: Direction = "up",
    substance: Annotated[str | None, Query(max_length=80)] = None,
    until: Annotated[str | None, Query(max_length=40)] = None,
    as_of: Annotated[str | None, Query(max_length=40)] = None,
    max_hops: Hops = 8,
) -> Response:
    """The supply chain of an entity, in tiers from source to street."""
    then = moment("as_of", as_of)
    with asker.reading(then) as reader:
        found = tracing.trace_picture(
            reader,
            one_of(asker, reader, who),
            direction,
            substance=substance or None,
            until=moment("until", until),
            max_hops=max_hops,
        )
        told = reader.records_of(found.nodes) if then is not None else set()
    if told:
        must_be_seen_now(asker, told)
    asker.noted("trace", (found.trace.origin.id, *found.nodes))
    return Json(found)


@router.get("/path")
def path(
    asker: Reading,
    one: Annotated[str, Query(alias="from", max_length=200)],
    other: Annotated[str, Query(alias="to", max_length=200)],
    max_hops: Annotated[int, Query(ge=1, le=6)] = 4,
) -> Response:
    """The shortest way between two entities."""
    with asker.reading() as reader:
        way = picture.path(reader, one_of(asker, reader, one), one_of(asker, reader, other), max_hops)
    asker.noted("path", tuple(node.id for node in way.nodes))
    return Json(way)


@router.get("/evidence")
def evidence(asker: Reading, edges: Edges) -> Response:
    """What edges stand on."""
    with asker.reading() as reader:
        document = evidence_view.evidence(reader, edges.split(",")[:200])
    asker.noted("evidence", tuple(one["record"] for one in document["records"]))
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
    asker.noted("changes", tuple(one["record"] for one in found["records"]))
    return Json(found)


def moment(field: str, typed: str | None) -> int | None:
    """A typed moment in microseconds; None when none was typed. Raises `Fault`."""
    if not typed:
        return None
    found = instant(typed)
    if found is None:
        raise Fault.invalid(field)
    return found


def must_be_seen_now(asker: Asker, records: set[str]) -> None:
    """Raises `NotFound` when one of the records has since come into a case or region that is not theirs."""
    with asker.reading() as reader:
        if reader.visible(records) != records:
            raise NotFound("some of it may not be seen any more")


def one_of(asker: Asker, reader: SeenReader, who: str) -> int:
    """The key of the one entity that fits. Raises `NotFound`, or `Fault` with the nodes of those that do.

    That somebody asked is written down all the same.
    """
    try:
        return resolve_one(reader, who)
    except Ambiguous:
        nodes = sorted(picture.nodes_of(reader, reader.resolve(who)).values(), key=lambda node: node.id)
        asker.noted("look_up", tuple(node.id for node in nodes), words=who)
        raise Fault("ambiguous", candidates=nodes) from None
    except NotFound:
        asker.noted("look_up", words=who)
        raise
