"""Opens what a command works with. The only place that picks adapters and reads the clock.

Reading does not load the resolver, and nothing is opened before it is asked for.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schemas.errors import NotFound
from streams.settings import Settings

if TYPE_CHECKING:
    from graph.sqlite.reader import SqliteReader
    from streams.embedded import Owner
    from streams.review import Inspector


def now() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1000


@contextmanager
def owner(settings: Settings, *, new: bool = False) -> Iterator[Owner]:
    """The store's one writer; `new` allows it to make the store and its vault.

    Raises `NotFound` when there is no store, `StoreLocked` when another process writes.
    """
    if not new:
        _must_exist(settings)
    from streams.embedded import Owner

    with Owner.open(settings.store, vault=settings.vault, key=settings.vault_key, clock=now) as opened:
        yield opened


@contextmanager
def reader(settings: Settings, as_of: int | None = None) -> Iterator[SqliteReader]:
    """What is known, or was known at `as_of` (microseconds); reads beside a running ingest.

    Raises `NotFound` when there is no store.
    """
    _must_exist(settings)
    from graph.sqlite.reader import open_reader

    with open_reader(settings.store, as_of) as opened:
        yield opened


def inspector(reader: SqliteReader) -> Inspector:
    """Who answers about decisions and refusals from an open reader."""
    from streams.review import Inspector

    return Inspector(reader.connection, reader)


def _must_exist(settings: Settings) -> None:
    if not settings.store.exists():
        raise NotFound(
            f"there is no store at {settings.store}: put records into it with `suyuan ingest FILE`, "
            "or name another with --store"
        )
