"""The map: sites of the three lines of defence (三道防线), places of seizures, routes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from graph.console.screens.picture import MOST_RECORDS
from graph.seen import SeenReader
from schemas.records import Period
from schemas.reference import checkpoints
from schemas.times import iso, when

_MOST_PLACES = 2_000


def atlas(reader: SeenReader, case: str | None) -> dict[str, Any]:
    """The sites with what passed there: in a case the records of everybody in it, with places and routes;
    outside one only how many records each site has (see `MOST_RECORDS`).
    """
    if case is None:
        sites = {site.id: _passed(reader, site.id) for site in checkpoints.all_checkpoints()}
        return _drawn(sites, {}, []) | {"undated": 0}
    seen = reader.appearances(_in(reader, case))
    records = {one.record: one for appearances in seen.values() for one in appearances}
    sites = Counter(one.checkpoint for one in records.values() if one.checkpoint)
    bodies = {kept.record: kept.body for kept in reader.records(sorted(records)[:_MOST_PLACES])}
    times = {name: found for name, body in bodies.items() if (found := _happened(body))}
    ways = [
        way
        for appearances in seen.values()
        for way in ways_of(
            Passage(one.checkpoint, *times[one.record])
            for one in appearances
            if one.checkpoint and one.record in times
        )
    ]
    undated = sum(bool(body.get("checkpoint")) and name not in times for name, body in bodies.items())
    return _drawn(sites, bodies, ways) | {"undated": undated}


def _in(reader: SeenReader, case: str) -> set[int]:
    """The people and things of a case's records."""
    key = reader.parts.identities.value_key("case", "case", case)
    if key is None:
        return set()
    names = islice((name for name, *_ in reader.parts.archive.spoken_where(key)), _MOST_PLACES)
    spoken_of = reader.entities_in_each(names)
    return {entity for those in spoken_of.values() for entity in those if entity > 0}


def _passed(reader: SeenReader, site: str) -> int:
    key = reader.parts.identities.value_key("place", "checkpoint", site)
    return 0 if key is None else len(list(islice(reader.parts.archive.spoken_where(key), MOST_RECORDS)))


class Passage(NamedTuple):
    """That a site was passed, between these moments (microseconds)."""

    site: str
    earliest: int
    latest: int


def _happened(body: Mapping[str, Any]) -> tuple[int, int] | None:
    """When a record says that it was; None where it does not say, or not from when to when."""
    given = body.get("occurred")
    if not given:
        return None
    found = when(given if isinstance(given, str) else msgspec.convert(given, Period))
    if found is None or found.earliest is None or found.latest is None:
        return None
    return found.earliest, found.latest


def ways_of(passages: Iterable[Passage]) -> Iterator[tuple[Passage, Passage]]:
    """The ways from one site to another that somebody surely went, in the order of time.

    Of passages whose stretches of time meet nobody knows which was first. Those of one site are taken
    together; what leads to or from several sites is left out.

    >>> day = [Passage("a", 0, 9), Passage("b", 10, 19), Passage("c", 15, 24), Passage("d", 30, 39)]
    >>> list(ways_of(day)), [(one.site, other.site) for one, other in ways_of(day[:2])]
    ([], [('a', 'b')])
    """
    for one, other in pairwise(_together(sorted(passages, key=attrgetter("earliest", "latest")))):
        if len(one) == len(other) == 1:
            (before,), (after,) = one.values(), other.values()
            if before.site != after.site:
                yield before, after


def _together(passages: Iterable[Passage]) -> Iterator[dict[str, Passage]]:
    """Passages whose times meet, by site."""
    met: dict[str, Passage] = {}
    over = None
    for each in passages:
        if over is not None and each.earliest > over:
            yield met
            met, over = {}, None
        known = met.get(each.site, each)
        met[each.site] = Passage(each.site, known.earliest, max(known.latest, each.latest))
        over = each.latest if over is None else max(over, each.latest)
    if met:
        yield met


def _drawn(
    sites: Mapping[str, int],
    bodies: Mapping[str, Mapping[str, Any]],
    ways: Sequence[tuple[Passage, Passage]],
) -> dict[str, Any]:
    gone: defaultdict[tuple[str, str], list[tuple[Passage, Passage]]] = defaultdict(list)
    for one, other in ways:
        gone[one.site, other.site].append((one, other))
    return {
        "sites": [_site(each, sites.get(each.id, 0)) for each in checkpoints.all_checkpoints()],
        "places": list(_places(bodies)),
        "routes": [_route(*ends, those) for ends, those in sorted(gone.items())],
    }


def _route(start: str, end: str, those: Sequence[tuple[Passage, Passage]]) -> dict[str, Any]:
    """One line of the map: how often, and between when and when."""
    return {
        "from": start, "to": end, "records": len(those),
        "earliest": iso(min(one.earliest for one, _ in those)),
        "latest": iso(max(other.latest for _, other in those)),
    }  # fmt: skip


def _site(site: checkpoints.Checkpoint, records: int) -> dict[str, Any]:
    return {
        "id": site.id, "name": site.name, "line": site.line, "assumed": site.assumed, "kind": site.kind,
        "lat": site.lat, "lon": site.lon, "records": records,
    }  # fmt: skip


def _places(bodies: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Where goods were seized, of records that say where that is."""
    for name, body in bodies.items():
        place = body.get("place")
        if isinstance(place, dict) and place.get("lat") is not None and place.get("lon") is not None:
            yield {**{key: place.get(key) for key in ("name", "region", "lat", "lon")}, "record": name}
