"""The register of checkpoints (查缉站点) and the lines of defence (三道防线) they are counted to.

Which site belongs to which line is configuration: the shipped assignment is an assumption and is
labelled so. Sites have validity dates (徐闻港 replaced the two 海安 stations on 2020-09-26).
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec
from msgspec import Struct

from schemas.reference import tables


class Checkpoint(Struct, frozen=True, kw_only=True):
    """One site. `assumed` says that its line is our assumption; dates as `YYYY-MM-DD`, `until` open."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    line: Literal[1, 2, 3]
    assumed: bool = True
    kind: Literal["port", "rail_ferry", "airport", "station", "road", "courier_hub"]
    operator: str
    region: str
    lat: float | None = None
    lon: float | None = None
    since: str = ""
    until: str = ""
    source: str = ""

    def valid(self, on: str) -> bool:
        """Whether the site was in operation on a day (`2019-10-01`)."""
        return self.since <= on and (not self.until or on < self.until)


@cache
def _register() -> dict[str, Checkpoint]:
    rows = tables.toml("checkpoints.toml")["checkpoint"]
    return {row.id: row for row in msgspec.convert(rows, list[Checkpoint])}


@cache
def _names() -> dict[str, str]:
    return {name: row.id for row in _register().values() for name in (row.name, *row.aliases)}


def all_checkpoints() -> tuple[Checkpoint, ...]:
    """Every site of the register, in its order."""
    return tuple(_register().values())


def checkpoint(site: str) -> Checkpoint | None:
    """The site of an id (or of its Chinese name); None for an unknown one, which is no fault.

    >>> checkpoint("haikou-xiuying").line, checkpoint("秀英港").id, checkpoint("nowhere")
    (2, 'haikou-xiuying', None)
    """
    found = _register().get(site)
    if found is None and site in _names():
        return _register()[_names()[site]]
    return found
