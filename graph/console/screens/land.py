"""The coast that the map is drawn on: Hainan and the Leizhou peninsula, coarse, from a file of ours."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def geometry() -> bytes:
    """A GeoJSON FeatureCollection (RFC 7946), longitude and latitude in degrees.

    >>> import json
    >>> [each["properties"]["name"] for each in json.loads(geometry())["features"]]
    ['海南岛', '雷州半岛']
    """
    return resources.files("graph.console").joinpath("land.geojson").read_bytes()
