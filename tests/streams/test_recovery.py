"""An ingest that dies at any moment is gone on with by the same command, to the same knowledge."""

from __future__ import annotations

import random

import pytest

from streams.simulate.world import simulate_lines
from tests.streams.killed import Desk
from tests.streams.worlds import first_difference

SOAK = pytest.mark.soak


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """Of a size and batch: a desk, what an undisturbed ingest comes to, and its number of steps."""
    made = {}

    def world(size, batch):
        if (size, batch) not in made:
            folder = tmp_path_factory.mktemp(f"world{size}")
            records = folder / "records.jsonl"
            records.write_bytes(b"\n".join(simulate_lines(551, size)) + b"\n")
            desk = Desk(folder / "store", records, batch)
            steps, killed = desk.run()
            assert not killed
            made[size, batch] = (desk, desk.export(), steps)
        desk, expected, steps = made[size, batch]
        desk.new()
        return desk, expected, steps

    return world


def finish(desk, expected):
    """The last run, which nobody disturbs, comes to what was expected; everything sealed can be opened."""
    assert desk.faults() == []
    _, killed = desk.run()
    assert not killed
    export = desk.export()
    assert export == expected, first_difference(export, expected)
    assert desk.unsealed() == set()


def killed_and_resumed(world, kills, chance, *, tear=False):
    desk, expected, steps = world
    left = kills
    while left:
        _, killed = desk.run(chance.randrange(steps), chance.choice((0.0, 0.0, 0.002, 0.02)))
        if killed:
            left -= 1
            assert desk.faults() == []
            if tear:
                desk.tear(chance)
        else:
            finish(desk, expected)
            desk.new()
    finish(desk, expected)


def test_an_ingest_killed_at_random_moments_and_resumed_knows_the_same(worlds):
    killed_and_resumed(worlds(800, 50), 3, random.Random(1))


def test_an_ingest_killed_while_it_makes_the_store_and_the_vault_can_be_run_again(worlds):
    desk, expected, _ = worlds(800, 50)
    for pause in (0.0, 0.02, 0.2):
        desk.run(0, pause)
    finish(desk, expected)


def test_logs_torn_at_random_lengths_are_opened_and_resumed_to_the_same(worlds):
    killed_and_resumed(worlds(800, 50), 2, random.Random(2), tear=True)


@SOAK
@pytest.mark.parametrize("tear", [False, True])
def test_an_ingest_killed_twenty_times_and_resumed_knows_the_same(worlds, tear):
    killed_and_resumed(worlds(4000, 100), 20, random.Random(3), tear=tear)
