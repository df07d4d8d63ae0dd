"""`suyuan bench withdrawal`: what taking back a record costs in a small store and in one ten times as large.

A withdrawal should cost in proportion to what it touched, whatever else the store holds: the ratio of
the two medians should be near 1.
"""

from __future__ import annotations

import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from graph.sqlite.view import LIVE
from streams.bench.ingest import clock, ingest_world
from streams.bench.worlds import STORE, Tell, apart, make_world, quiet
from streams.embedded import Owner

_TAKEN_BACK = 200


def run(records: int = 100_000, seed: int = 1, tell: Tell = quiet) -> dict[str, Any]:
    """Milliseconds a withdrawal at p50 and p99 at a tenth of the size and at the whole of it."""
    small, large = (_at(size, seed, tell) for size in (max(records // 10, 100), records))
    return {
        "records": records,
        "small": small,
        "large": large,
        "ratio_p50": round(large["p50_ms"] / small["p50_ms"], 2),
    }


def _at(records: int, seed: int, tell: Tell) -> dict[str, float]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        apart(tell, make_world, folder, records, seed)
        apart(tell, ingest_world, folder, records)
        return {"records": records, **apart(tell, take_back, folder, seed)}


def take_back(folder: Path, seed: int, tell: Tell = quiet) -> dict[str, float]:
    """Withdraws some of the folder's records, drawn by lot, one after the other."""
    with Owner.open(folder / STORE, clock=clock) as owner:
        rows = owner.connection.execute(
            "SELECT name FROM record WHERE closed = ? AND opened < closed ORDER BY rec", (LIVE,)
        ).fetchall()
        chosen = random.Random(seed).sample(rows, min(_TAKEN_BACK, len(rows)))  # noqa: S311  a sample
        took = []
        for done, (record,) in enumerate(chosen):
            tell("withdrawing", done, len(chosen))
            took.append(_one(owner, record))
    took.sort()
    return {"p50_ms": took[len(took) // 2], "p99_ms": took[(len(took) - 1) * 99 // 100]}


def _one(owner: Owner, record: str) -> float:
    started = time.perf_counter()
    owner.withdraw(record, "benchmark", who="benchmark")
    return round(1000 * (time.perf_counter() - started), 3)
