"""The demonstration: the made case 2019-551 goes in, the chain to its producer comes out.

What the commands `ingest`, `trace`, `alerts` and `rejected` do one by one, here on one made world
whose truth is known.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct, to_builtins

from graph.alerts import read_alerts
from graph.port import RecordCopy
from graph.sqlite.reader import SqliteReader, open_reader
from graph.svg import write_svg
from graph.trace import trace
from schemas.alerts import Alert
from schemas.entities import Chain, Entity, Trace
from schemas.records import Refusal
from streams.bench.evaluate import Evaluation
from streams.bench.measure import measure
from streams.embedded import IngestReport, Owner
from streams.inputs import read_lines
from streams.review import Inspector
from streams.simulate.scenario import Scenario, write_scenario
from streams.stages.refusals import as_document
from streams.writer import Clock

_STORE = "demo.db"
_MADE = (
    "demo.db", "demo.db-wal", "demo.db-shm", "demo.db.lock", "demo.vault", "demo.vault-wal",
    "demo.vault-shm", "demo.vault.key", "records.jsonl", "truth.jsonl", "chain.svg",
)  # fmt: skip
"""What a demonstration leaves in its folder; the next one replaces these and touches nothing else."""


class Demonstration(Struct, frozen=True, kw_only=True):
    """What came out. `main` is the chain to the true producer when there is one (`found`), else the
    most confident one; `copies` are the records it stands on."""

    folder: Path
    origin: str
    report: IngestReport
    trace: Trace
    found: bool
    main: Chain
    copies: dict[str, RecordCopy]
    alerts: tuple[Alert, ...]
    refusals: tuple[Refusal, ...]
    measured: Evaluation

    def document(self) -> dict[str, Any]:
        """All of it as one JSON document."""
        return {
            "origin": self.origin,
            "producer_found": self.found,
            "ingest": to_builtins(self.report),
            "trace": to_builtins(self.trace),
            "alerts": to_builtins(self.alerts),
            "rejected": [as_document(refusal) for refusal in self.refusals],
            "measured": self.measured.figures(),
        }


def demonstrate(folder: Path, clock: Clock) -> Demonstration:
    """Makes the case, puts it into a new store in `folder`, traces, draws `chain.svg`, and measures.

    Raises OSError and `StoreError` when the folder cannot be written to.
    """
    for name in _MADE:
        (folder / name).unlink(missing_ok=True)
    made = write_scenario(folder)
    with (
        Owner.open(folder / _STORE, clock=clock) as owner,
        read_lines(str(folder / "records.jsonl")) as lines,
    ):
        report = owner.ingest(lines)
    with open_reader(folder / _STORE) as reader:
        return _look(reader, made, report, folder)


def _look(reader: SqliteReader, made: Scenario, report: IngestReport, folder: Path) -> Demonstration:
    (key,) = reader.resolve(made.origin)
    found = trace(reader, key)
    write_svg(found, folder / "chain.svg")
    to_producer = [chain for chain in found.chains if _is_producer(chain.hops[0].source, made)]
    main = (to_producer or list(found.chains))[0]
    copies = {name: reader.record(name) for hop in main.hops for name in hop.records}
    return Demonstration(
        folder=folder,
        origin=made.origin,
        report=report,
        trace=found,
        found=bool(to_producer),
        main=main,
        copies={name: copy for name, copy in copies.items() if copy is not None},
        alerts=tuple(read_alerts(reader)),
        refusals=tuple(Inspector(reader.connection, reader).refusals()),
        measured=measure(reader, folder / "truth.jsonl"),
    )


def _is_producer(entity: Entity, made: Scenario) -> bool:
    """Whether the truth says that somebody speaking of this entity spoke of the producer."""
    true = {name for line in made.truth if line.get("person") == made.producer for name in line["mentions"]}
    return any(f"{mention.record}#{mention.ref}" in true for mention in entity.mentions)
