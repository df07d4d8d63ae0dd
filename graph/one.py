"""The one entity that somebody means, or an error that says what to do instead."""

from __future__ import annotations

from graph.port import GraphReader
from schemas.errors import Ambiguous, NotFound


def resolve_one(reader: GraphReader, who: str) -> int:
    """The key of the one entity that `who` fits (an id, `record#ref`, a number or a name).

    Raises `NotFound`, or `Ambiguous` with the ids of the candidates. Neither message repeats `who`:
    it may be somebody's name or number, and messages get into logs.
    """
    keys = reader.resolve(who)
    if not keys:
        raise NotFound("nothing known fits this: look for it with `suyuan find`")
    if len(keys) > 1:
        ids = tuple(sorted(reader.public_ids(keys).values()))
        raise Ambiguous(f"this fits {len(keys)} entities: say which by its id", ids)
    return keys[0]
