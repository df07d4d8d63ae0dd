"""`suyuan bench resolution`: how well the graph fits the truth of a made world and of three worse ones."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from graph.sqlite.reader import open_reader
from streams.bench.evaluate import pairwise
from streams.bench.groundless import groundless
from streams.bench.ingest import clock, ingest_world
from streams.bench.measure import entities_in, measure, truth_in
from streams.bench.worlds import RECORDS, STORE, TRUTH, Tell, apart, make_noisy_world, make_world, quiet
from streams.embedded import Owner
from streams.resolve.learning import Learned
from streams.said import Word
from streams.simulate.noise import NOISE

_NOISY = 20_000
"""Records of a world with noise at most: there are three, and their figures change little with the size."""


def run(records: int = 10_000, seed: int = 1, tell: Tell = quiet) -> dict[str, Any]:
    """Precision, recall and F1 of people, vehicles, deliveries and sources; of people at levels of noise.

    Of those also the pairs of different people who became one with nothing in common (`groundless`), and what
    it all is after a refit (`consolidated`).
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        apart(tell, make_world, folder, records, seed)
        apart(tell, ingest_world, folder, records)
        figures: dict[str, Any] = apart(tell, measure_world, folder)
    noisy = min(records, _NOISY)
    noise = {level: _at_noise(level, noisy, seed, tell) for level in NOISE}
    return {"records": records, **figures, "noise": {"records": noisy, **noise}}


def measure_world(folder: Path, tell: Tell = quiet) -> dict[str, Any]:
    """The figures of the folder's store against the folder's truth."""
    tell("measuring", 0, 1)
    with open_reader(folder / STORE) as reader:
        return measure(reader, folder / TRUTH).figures()


def _at_noise(level: str, records: int, seed: int, tell: Tell) -> dict[str, Any]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        apart(tell, make_noisy_world, folder, records, seed, level)
        apart(tell, ingest_world, folder, records)
        figures: dict[str, Any] = apart(tell, measure_people, folder)
        apart(tell, consolidate_world, folder)
        return {**figures, "consolidated": apart(tell, measure_people, folder)}


def consolidate_world(folder: Path, tell: Tell = quiet) -> list[Learned]:
    """Refits the weights of the folder's store, without a look at its truth; what was learned."""
    tell("consolidating", 0, 1)
    with Owner.open(folder / STORE, clock=clock) as owner:
        proposal = owner.proposal()
        owner.consolidate(proposal, Word(by="bench", because="bench", at=clock()))
    return list(proposal.learned or ())


def measure_people(folder: Path, tell: Tell = quiet) -> dict[str, Any]:
    """Of people: their figures, and how many pairs were joined without a ground."""
    tell("measuring", 0, 1)
    with open_reader(folder / STORE) as reader:
        person_of, entity_of = truth_in(folder / TRUTH).person_of, entities_in(reader)
    return {
        **pairwise(person_of, entity_of).figures(),
        "groundless": groundless(person_of, entity_of, folder / RECORDS),
    }
