"""The map: sites of the three lines of defence (三道防线), places of seizures, routes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from graph.port import Appearance
from graph.sight import SeenReader
from schemas.reference import checkpoints

_MOST_PLACES = 2_000


def atlas(reader: SeenReader, keys: Iterable[int], case: str | None) -> dict[str, Any]:
    """What the records that speak of some entities, of a case (None: of any), put on a map.

    A route is drawn between two sites where the same entity was seen one after the other.
    """
    sites: Counter[str] = Counter()
    routes: Counter[tuple[str, str]] = Counter()
    records: dict[str, Appearance] = {}
    for appearances in reader.appearances(keys).values():
        own = [one for one in appearances if case is None or one.case == case]
        records.update((one.record, one) for one in own)
        passed = [one.checkpoint for one in own if one.checkpoint]
        routes.update((a, b) for a, b in pairwise(passed) if a != b)
    sites.update(one.checkpoint for one in records.values() if one.checkpoint)
    return {
        "sites": [_site(each, sites[each.id]) for each in checkpoints.all_checkpoints()],
        "places": _places(reader, sorted(records)[:_MOST_PLACES]),
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
    for name in names:
        kept = reader.record(name)
        place = kept.body.get("place") if kept is not None else None
        if isinstance(place, dict) and place.get("lat") is not None and place.get("lon") is not None:
            told = {key: place.get(key) for key in ("name", "region", "lat", "lon")}
            places.append({**told, "record": name})
    return places
