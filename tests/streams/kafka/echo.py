"""A worker whose stage copies messages from one topic to another, to look at the shell alone.

`python -m tests.streams.kafka.echo BOOTSTRAP SOURCE TARGET [START]`: begins at offset START of every
partition when it is given. A message `boom` is a fault of the program, unless the environment says BRAVE.
When it says DEAF, the group's coordinator is never heard, and patience is short.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from streams.kafka import silence
from streams.kafka.logs import configure
from streams.kafka.reading import Outgoing, Reading, Received
from streams.kafka.transport import ConsumerThread
from streams.kafka.worker import run_worker
from streams.settings import KafkaSettings, WorkerSettings


class Echo:
    def __init__(self, target: str, start: int | None) -> None:
        self._target, self._start = target, start

    def position(self, _topic: str, _partition: int, /) -> int | None:
        return self._start

    def handle(self, batch: Sequence[Received]) -> list[Outgoing]:
        if any(each.value == b"boom" for each in batch) and "BRAVE" not in os.environ:
            raise ValueError(f"cannot bear {batch[0].value!r}")
        return [Outgoing(topic=self._target, key=each.key, value=each.value) for each in batch]

    def confirmed(self) -> None: ...

    def stop(self) -> None: ...


async def never(*_: object) -> bool:
    return await asyncio.Event().wait()


def main(bootstrap: str, source: str, target: str, start: str = "") -> None:
    @contextmanager
    def opening() -> Iterator[Echo]:
        yield Echo(target, int(start) if start else None)

    configure("echo")
    if "DEAF" in os.environ:
        ConsumerThread._commit_exactly = never
        silence._SILENCE, silence._LONG, silence._GRACE = 1.0, 2.0, 2.0
    run_worker(
        KafkaSettings(bootstrap=(bootstrap,), session=3),
        WorkerSettings(name="echo"),
        Reading(group=f"{source}-echo", topics=(source,), batch=20),
        lambda _: opening,
        {source: 1, target: 1},
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
