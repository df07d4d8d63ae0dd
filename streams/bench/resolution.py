"""`suyuan bench resolution`: how well the graph of a made world fits its truth."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from graph.sqlite.reader import open_reader
from streams.bench.ingest import ingest_world
from streams.bench.measure import measure
from streams.bench.worlds import STORE, TRUTH, Tell, apart, make_world, quiet


def run(records: int = 10_000, seed: int = 1, tell: Tell = quiet) -> dict[str, Any]:
    """Precision, recall and F1 of people, vehicles, deliveries and sources."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        apart(tell, make_world, folder, records, seed)
        apart(tell, ingest_world, folder, records)
        figures: dict[str, Any] = apart(tell, measure_world, folder)
    return {"records": records, **figures}


def measure_world(folder: Path, tell: Tell = quiet) -> dict[str, Any]:
    """The figures of the folder's store against the folder's truth."""
    tell("measuring", 0, 1)
    with open_reader(folder / STORE) as reader:
        return measure(reader, folder / TRUTH).figures()
