"""What a worker reads and writes: the vocabulary between the shell and the stages it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from msgspec import Struct, field


class Reading(Struct, frozen=True, kw_only=True):
    """Which messages a worker wants, and how many at a time.

    `partitions` None shares all partitions of the topics with the other workers of the group; given, the
    group has these alone, and the first member has them all (others stand by). `instance` makes the
    membership static: a second worker of the same instance ends the first one's. `within` (seconds) is
    how long a batch that is not full waits for more.
    """

    group: str
    topics: tuple[str, ...]
    partitions: tuple[int, ...] | None = None
    instance: str | None = None
    batch: int = 500
    within: float = 0.01


class Received(Struct, frozen=True):
    """A message as it stands in a topic."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: Mapping[str, bytes]
    timestamp: float  # seconds, as the producer or the broker had it

    def __repr__(self) -> str:
        """Where it stands; never what it says."""
        return f"Received({self.topic}[{self.partition}]@{self.offset}, size={len(self.value)})"


class Outgoing(Struct, frozen=True, kw_only=True):
    """A message to be produced. `partition` None leaves it to the key (murmur2)."""

    topic: str
    value: bytes | None
    key: bytes | None = None
    headers: Mapping[str, bytes] = field(default_factory=dict)
    partition: int | None = None

    def __repr__(self) -> str:
        """Where it goes; never what it says."""
        return f"Outgoing({self.topic}[{self.partition}], size={len(self.value or b'')})"


class Stage(Protocol):
    """What a worker does. All calls but `stop` come from one thread, the one in which it was opened."""

    def position(self, topic: str, partition: int, /) -> int | None:
        """Where to begin when this partition is assigned; None: where the group's workers had come to."""

    def handle(self, batch: Sequence[Received]) -> Sequence[Outgoing]:
        """Work on a batch; what is returned is produced and confirmed by all replicas in sync.

        Without messages it is asked for what an earlier run left behind, before the first batch and until
        it returns nothing, and then every few seconds while nothing comes, to see whether all is well. An
        exception ends the process: nothing of the batch is committed, and Kafka delivers it again.
        """

    def confirmed(self) -> None:
        """What `handle` returned last stands in Kafka. The batch's offsets are committed after this."""

    def stop(self) -> None:
        """The worker is to end: called from another thread, so that a `handle` that waits gives up."""


Opening = Callable[[], AbstractContextManager[Stage]]
"""Opens a stage in the worker's thread, and closes it there."""
