"""A refit finds how a made world was written, and people are told apart no worse for it."""

from __future__ import annotations

import pytest

from streams.bench.ingest import ingest_world
from streams.bench.resolution import consolidate_world, measure_people
from streams.bench.worlds import make_noisy_world

pytestmark = pytest.mark.xdist_group("resolution")  # one process makes what they share, not each


@pytest.fixture(scope="module", params=["low", "high"])
def refitted(request, tmp_path_factory):
    """The level of noise, the figures of people before and after a refit, and what was learned."""
    folder = tmp_path_factory.mktemp(request.param)
    make_noisy_world(folder, 3_000, 7, request.param)
    ingest_world(folder, 3_000)
    before = measure_people(folder)
    learned = {each.level: each for each in consolidate_world(folder)}
    return request.param, before, measure_people(folder), learned


def test_planted_homophones_are_found_where_there_are_many_and_missed_where_there_are_few(refitted):
    level, _, _, learned = refitted
    heard = learned["name.homophone"].bits + learned["name.homophone_look_alike"].bits
    assert heard > 1.0 if level == "high" else heard < -0.2


def test_people_are_told_apart_no_worse_after_a_refit(refitted):
    _, before, after, _ = refitted
    assert after["f1"] >= before["f1"]
    assert after["groundless"] == before["groundless"] == 0
