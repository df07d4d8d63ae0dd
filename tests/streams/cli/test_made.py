"""`simulate`, `schema`, `bench` and `demo`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.console.app import interface_document
from schemas.jsonschema import record_schema
from tests.streams.cli.small_store import Suyuan


def test_a_simulated_world_can_be_ingested_and_is_the_same_for_the_same_seed(
    tmp_path: Path, empty: Callable[[str], Suyuan]
):
    suyuan = empty("world.db")
    counts = suyuan.one("simulate", "--seed", "7", "--records", "300", "--out", str(tmp_path / "a"))
    suyuan.text("simulate", "--seed", "7", "--records", "300", "--out", str(tmp_path / "b"))
    assert counts["records"] == 300
    for name in ("records.jsonl", "truth.jsonl"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert suyuan.one("ingest", str(tmp_path / "a" / "records.jsonl"))["accepted"] > 200


def test_a_world_with_noise_is_another_and_can_be_ingested_too(
    tmp_path: Path, empty: Callable[[str], Suyuan]
):
    suyuan = empty("world.db")
    usual = suyuan.one("simulate", "--records", "300", "--out", str(tmp_path / "a"))
    noisy = suyuan.one("simulate", "--records", "300", "--noise", "high", "--out", str(tmp_path / "b"))
    assert "romanised" not in usual
    assert noisy["romanised"] > 0
    assert suyuan.one("ingest", str(tmp_path / "b" / "records.jsonl"))["accepted"] > 200
    assert suyuan("simulate", "--noise", "deafening", "--out", str(tmp_path / "c")).exit_code == 2


def test_resolution_is_measured_at_every_level_of_noise(suyuan: Suyuan):
    figures = suyuan.one("bench", "resolution", "--size", "300")
    judged = {each["figure"] for each in figures["goals"]}
    for level in ("low", "medium", "high"):
        assert 0.0 < figures["noise"][level]["f1"] <= 1.0
        assert figures["noise"][level]["groundless"] == 0
        assert {f"noise.{level}.f1", f"noise.{level}.groundless"} <= judged


def test_the_interface_of_the_console_is_printed_and_not_with_another_document(suyuan: Suyuan):
    assert suyuan.text("schema", "--openapi").encode() == interface_document()
    assert suyuan("schema", "--openapi", "--asyncapi").exit_code == 2


def test_the_schema_is_that_of_the_records(suyuan: Suyuan):
    assert json.loads(suyuan.text("schema")) == json.loads(json.dumps(record_schema()))


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("ingest", "of_floor"),
        ("withdrawal", "ratio_p50"),
        ("find", None),
        ("trace", None),
    ],
)
def test_a_benchmark_gives_figures(suyuan: Suyuan, name: str, figure: str | None):
    figures = suyuan.one("bench", name, "--size", "300")
    assert figures
    assert figure is None or figure in figures
    assert all(each["figure"] and each["goal"] for each in figures["goals"])


def test_a_benchmark_prints_its_goals_beside_its_figures(suyuan: Suyuan):
    shown = suyuan.text("bench", "find", "--size", "300")
    assert "≤ 20 at 1,000,000" in shown
    assert "met" in shown or "missed" in shown


def test_an_unknown_benchmark_is_used_wrongly(suyuan: Suyuan):
    assert suyuan("bench", "nonsense").exit_code == 2


def test_the_demo_reaches_the_producer_and_measures_itself(tmp_path: Path, suyuan: Suyuan):
    shown = suyuan.text("demo", "--out", str(tmp_path / "demo"))
    assert "who is the producer in truth" in shown
    assert "Refused, sealed and kept" in shown
    assert "Against the truth" in shown
    assert "线索，非证据" in shown
    (tmp_path / "demo" / "mine.txt").write_text("stays")
    document = suyuan.one("demo", "--out", str(tmp_path / "demo"))
    assert document["producer_found"]
    assert document["measured"]["persons"]["f1"] > 0.95
    assert len(document["trace"]["chains"][-1]["hops"]) >= 4
    assert {each["reason"] for each in document["rejected"]} >= {"purpose", "json", "time", "conflict"}
    assert (tmp_path / "demo" / "mine.txt").exists()
