"""Benchmarks are found by name, and their figures stand beside their goals."""

from __future__ import annotations

from importlib import import_module

import pytest

from schemas.errors import UsageError
from streams.bench.registry import BENCHMARKS, run, verdicts
from streams.cli.bench import BenchmarkName


def test_every_benchmark_of_the_command_line_is_registered_and_can_be_run():
    assert set(BenchmarkName) == set(BENCHMARKS)
    for name in BENCHMARKS:
        assert callable(import_module(f"streams.bench.{name}").run)


@pytest.mark.parametrize(("records", "goal"), [(9, 1000), (100_000, 1000), (100_001, 600), (2_000_000, 600)])
def test_a_figure_is_judged_by_the_goal_of_the_nearest_size_above(records: int, goal: int):
    (verdict,) = verdicts("ingest", {"records": records, "records_a_second": 800})
    assert verdict.goal == f"≥ {goal}"
    assert verdict.met is (goal == 600)


def test_a_figure_of_a_group_is_judged_and_one_that_was_not_measured_is_left_out():
    (verdict,) = verdicts("trace", {"edges": 10, "store_ms": {"p50": 2.5}})
    assert (verdict.figure, verdict.value, verdict.met) == ("store_ms.p50", 2.5, False)
    assert verdicts("resolution", {"records": 10, "sources": None}) == []


def test_what_a_benchmark_cannot_do_is_said(tmp_path):
    with pytest.raises(UsageError, match="--data PATH"):
        run("text")
    with pytest.raises(UsageError, match="no size"):
        run("text", 100, data=tmp_path)
    with pytest.raises(UsageError, match="makes its data itself"):
        run("find", data=tmp_path)


def test_the_size_and_the_seed_reach_the_benchmark():
    told = []
    figures = run("find", 120, seed=3, tell=lambda *step: told.append(step))
    assert figures["entities"] == 120
    assert {what for what, _, _ in told} == {"making a store", "searching"}
