"""What came since somebody was here last."""

from __future__ import annotations

from itertools import islice
from typing import Any

from graph.console.screens.picture import nodes_of
from graph.seen import SeenReader
from graph.show import as_json
from schemas.times import iso

_MOST = 200


def changes(reader: SeenReader, since: int, now: int) -> dict[str, Any]:
    """The live records received after a moment (microseconds), last ones first, and of whom they speak."""
    found = list(islice(reader.parts.archive.received_since(since), _MOST + 1))
    shown = found[:_MOST]
    spoken_of = reader.entities_in_each(one.record for one in shown)
    keys = {key for those in spoken_of.values() for key in those}
    nodes = sorted(nodes_of(reader, keys).values(), key=lambda node: (-node.records, node.id))
    return {
        "now": iso(now),
        "records": [
            {
                "record": one.record,
                "kind": one.kind,
                "case": one.case,
                "reported_at": iso(one.reported),
                "received_at": iso(one.received),
            }
            for one in shown
        ],
        "entities": as_json(nodes),
        "more": len(found) > _MOST,
    }
