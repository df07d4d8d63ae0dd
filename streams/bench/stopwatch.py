"""How long each stage of an ingest takes, without a clock in the product.

The watch is put around the stages from outside, for as long as it is wanted. It costs a microsecond
a record.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from streams import pipeline
from streams.detector import Detector
from streams.pipeline import FRONT, OWNER, Core
from streams.stages.resolve import Resolver
from streams.state import OwnerState
from streams.vault.vault import Vault

STAGES = (*FRONT, "vault", *OWNER, "commit")
"""In the order of a record's way."""
_WATCHED: tuple[tuple[str, Any, str], ...] = (
    ("seal", pipeline, "divide"),
    ("intake", pipeline, "take_in"),
    ("enrich", pipeline, "enrich"),
    ("extract", pipeline, "extract"),
    ("extract", pipeline, "sketch_texts"),
    ("vault", Vault, "put_many"),
    ("dedupe", pipeline, "dedupe"),
    ("dedupe", pipeline, "find_copies"),
    ("resolve", Resolver, "resolve"),
    ("cluster", pipeline, "touched_by"),
    ("cluster", pipeline, "recluster"),
    ("link", pipeline, "link"),
    ("link", OwnerState, "flush"),
    ("detect", Detector, "detect"),
    ("commit", Core, "run_batch"),
)


class Stopwatch:
    """Seconds by stage; `commit` is what a batch takes beside its stages: above all, the disk."""

    def __init__(self) -> None:
        self._seconds = dict.fromkeys(STAGES, 0.0)

    def seconds(self) -> dict[str, float]:
        """The seconds that each stage took so far."""
        within = sum(self._seconds[stage] for stage in OWNER)
        return self._seconds | {"commit": max(self._seconds["commit"] - within, 0.0)}

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, while what it takes is added to the stage."""
        seconds, now = self._seconds, time.perf_counter

        def watched(*args: Any, **kwargs: Any) -> Any:
            started = now()
            try:
                return function(*args, **kwargs)
            finally:
                seconds[stage] += now() - started

        return watched


@contextmanager
def watching() -> Iterator[Stopwatch]:
    """Watches the stages of this process; afterwards they are as before."""
    watch = Stopwatch()
    plain = [(place, name, getattr(place, name)) for _, place, name in _WATCHED]
    try:
        for (stage, place, name), (_, _, function) in zip(_WATCHED, plain, strict=True):
            setattr(place, name, watch.around(stage, function))
        yield watch
    finally:
        for place, name, function in plain:
            setattr(place, name, function)
