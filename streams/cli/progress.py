"""Progress of long work, on standard error and only at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.records import Origin
    from streams.inputs import Lines

_EVERY = 100
"""Records between two looks at the clock."""

Tell = Callable[[int, int], None]
"""Takes how much is done, in the unit of the total, and how many records that was."""


@contextmanager
def progress(total: int | None) -> Iterator[Tell]:
    """A bar with the rate and the remaining time; without a total only the rate.

    Without a terminal nothing is drawn.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _records: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.fields[records]} records, {task.fields[rate]}/s"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, records=0, rate=0)

        def tell(done: int, records: int) -> None:
            seconds = bar.tasks[0].elapsed or 0.0
            rate = round(records / seconds) if seconds else 0
            bar.update(task, completed=done, records=records, rate=rate)

        yield tell


def with_progress(lines: Lines) -> Iterator[tuple[Origin, bytes]]:
    """The same lines, while a bar shows how much of the files' bytes they have come to."""
    with progress(lines.total) as tell:
        for records, line in enumerate(lines):
            if records % _EVERY == 0:
                tell(lines.read, records)
            yield line


@contextmanager
def stages() -> Iterator[Callable[[str], None]]:
    """Says which part of a work is being done, on one line that goes away; nothing without a terminal."""
    if not sys.stderr.isatty():
        yield lambda _stage: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield status.update
