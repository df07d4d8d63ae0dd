"""The whole way with thousands of records: at a desk with five, in a soak with twenty and as many kills."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from tests.streams.kafka.crew import Crew
from tests.streams.kafka.outpost import eventually
from tests.streams.kafka.witness import must_know, simulated

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import Address


@pytest.mark.parametrize(("records", "kills"), [(5_000, 0), pytest.param(20_000, 20, marks=pytest.mark.soak)])
def test_thousands_of_records_come_to_what_the_embedded_run_knows(
    records: int,
    kills: int,
    tmp_path: Path,
    tmp_path_factory,
    kafka: str,
    topic_prefix: str,
    empty_neo4j: Address,
):
    world = simulated(tmp_path_factory.mktemp("large"), 20, records)
    chance = random.Random(kills)
    with Crew(tmp_path, kafka, topic_prefix, empty_neo4j) as crew:
        for kind in ("intake", "intake", "owner", "project"):
            crew.start(kind)
        gateway = crew.begin("ingest", "--to", "kafka", "--json", world.records)
        for _ in range(kills):
            before = crew.taken()
            wanted = before + chance.randrange(100, 1_000)
            eventually(lambda wanted=wanted: crew.taken() >= min(wanted, records - 2_000), "more to be taken")
            time.sleep(chance.random())
            for victim in chance.sample(crew.workers, chance.choice((1, 1, 2))):
                victim.kill()
                victim.restart()
        assert gateway.wait(600) == 0
        crew.settle(patience=900)
        must_know(crew, world)
