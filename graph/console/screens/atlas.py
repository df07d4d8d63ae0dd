"""The map: sites of the three lines of defence (三道防线), places of seizures, routes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice, pairwise
from typing import Any

from graph.console.screens.picture import MOST_RECORDS
from graph.seen import SeenReader
from schemas.reference import checkpoints

_MOST_PLACES = 2_000


def atlas(reader: SeenReader, case: str | None) -> dict[str, Any]:
    """The sites with what passed there: in a case the records of everybody in it, with places and routes;
    outside one only how many records each site has (see `MOST_RECORDS`).
    """
    if case is None:
        sites = {site.id: _passed(reader, site.id) for site in checkpoints.all_checkpoints()}
        return _drawn(reader, sites, (), {})
    seen = reader.appearances(_in(reader, case))
    records = {one.record: one for appearances in seen.values() for one in appearances}
    sites = Counter(one.checkpoint for one in records.values() if one.checkpoint)
    routes: Counter[tuple[str, str]] = Counter()
    for appearances in seen.values():
        passed = [one.checkpoint for one in appearances if one.checkpoint]
        routes.update((a, b) for a, b in pairwise(passed) if a != b)
    return _drawn(reader, sites, sorted(records)[:_MOST_PLACES], routes)


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


def _drawn(
    reader: SeenReader,
    sites: Mapping[str, int],
    records: Iterable[str],
    routes: Mapping[tuple[str, str], int],
) -> dict[str, Any]:
    return {
        "sites": [_site(each, sites.get(each.id, 0)) for each in checkpoints.all_checkpoints()],
        "places": _places(reader, records),
        "routes": [{"from": a, "to": b, "records": n} for (a, b), n in sorted(routes.items())],
    }


def _site(site: checkpoints.Checkpoint, records: int) -> dict[str, Any]:
    return {
        "id": site.id, "name": site.name, "line": site.line, "assumed": site.assumed, "kind": site.kind,
        "lat": site.lat, "lon": site.lon, "records": records,
    }  # fmt: skip


def _places(reader: SeenReader, names: Iterable[str]) -> list[dict[str, Any]]:
    """Where goods were seized, of records that say where that is."""
    places = []
    for kept in reader.records(names):
        place = kept.body.get("place")
        if isinstance(place, dict) and place.get("lat") is not None and place.get("lon") is not None:
            told = {key: place.get(key) for key in ("name", "region", "lat", "lon")}
            places.append({**told, "record": kept.record})
    return places
