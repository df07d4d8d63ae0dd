"""Records written down by hand, for tests that need to know every word of them."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

from schemas.records import Origin
from streams.embedded import Owner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

Document = dict[str, Any]
RECEIVED = 1_700_000_000_000_000
"""A moment in November 2023, when all of these records have been reported."""


def record(kind: str, number: int | str, **more: Any) -> Document:
    """A record of the source `made-up`; fields given replace those made here."""
    made: Document = {
        "kind": kind,
        "source": "made-up",
        "source_id": str(number),
        "reported_at": "2019-06-03T21:14:00+08:00",
    }
    return made | ({} if kind == "withdrawal" else {"region": "460100"}) | more


def tip(number: int | str, **more: Any) -> Document:
    return record("tip", number, **more)


def line(document: Document) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def numbered(lines: Iterable[Document | bytes], file: str = "made-up.jsonl") -> list[tuple[Origin, bytes]]:
    """Documents and raw bytes as the lines of one file."""
    return [
        (Origin(file=file, line=number), each if isinstance(each, bytes) else line(each))
        for number, each in enumerate(lines, 1)
    ]


def ticking(start: int = RECEIVED) -> Callable[[], int]:
    """A clock that is a second later whenever it is looked at."""
    ticks = itertools.count(start, 1_000_000)
    return lambda: next(ticks)


def open_owner(folder: Path, clock: Callable[[], int] | None = None) -> Owner:
    """The owner of the store `world.db` in a folder."""
    return Owner.open(folder / "world.db", clock=clock or ticking())


def refused(owner: Owner) -> list[tuple[str, str | None]]:
    """What stands in the list of refusals: reason and name."""
    return [tuple(row) for row in owner.connection.execute("SELECT reason, record FROM refusal ORDER BY n")]
