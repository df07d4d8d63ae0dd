"""`resolve`: which rows of a table are one."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from streams.bench.evaluate import pairwise
from streams.bench.resolve import run
from streams.tables.features import Row
from streams.tables.fields import KINDS, Fields
from tests.streams.cli.small_store import Suyuan
from tests.streams.tables import people


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of made-up people with its fields and its truth."""
    folder = tmp_path_factory.mktemp("tables")
    people.write(folder, 120)
    return folder


def words(folder: Path, out: Path) -> tuple[str, ...]:
    fields = folder / "people.fields.toml"
    return ("resolve", str(folder / "people.csv"), "--fields", str(fields), "--out", str(out))


def test_every_row_gets_its_entity(suyuan: Suyuan, folder: Path, tmp_path: Path):
    figures = suyuan.one(*words(folder, tmp_path / "clusters.csv"))
    with (tmp_path / "clusters.csv").open(newline="") as file:
        found = list(csv.DictReader(file))
    with (folder / "people.csv").open(newline="") as file:
        assert [row["record_id"] for row in found] == [row["record_id"] for row in csv.DictReader(file)]
    assert figures["entities"] == len({row["entity_id"] for row in found})
    assert 100 < figures["entities"] < 140


def test_what_was_decided_as_each_row_came_is_near_to_what_all_rows_say(
    suyuan: Suyuan, folder: Path, tmp_path: Path
):
    found = {}
    for name, more in (("all", ()), ("online", ("--online",)), ("again", ("--online",))):
        suyuan(*words(folder, tmp_path / name), *more)
        with (tmp_path / name).open(newline="") as file:
            found[name] = {row["record_id"]: row["entity_id"] for row in csv.DictReader(file)}
    assert found["online"] == found["again"] != found["all"]
    assert list(found["online"]) == list(found["all"])
    assert pairwise(found["all"], found["online"]).f1 > 0.9


def test_an_entity_is_called_by_its_earliest_row_as_rows_come(suyuan: Suyuan, folder: Path, tmp_path: Path):
    suyuan(*words(folder, tmp_path / "out"), "--online")
    with (tmp_path / "out").open(newline="") as file:
        rows = [(row["record_id"], row["entity_id"]) for row in csv.DictReader(file)]
    place = {id_: at for at, (id_, _) in enumerate(rows)}
    assert all(place[entity] <= place[id_] for id_, entity in rows)
    assert any(place[entity] < place[id_] for id_, entity in rows)


def test_the_figures_are_shown_to_people(suyuan: Suyuan, folder: Path, tmp_path: Path):
    assert "rows that are not alone" in suyuan.text(*words(folder, tmp_path / "clusters.csv"))


def test_fields_that_do_not_fit_are_used_wrongly(suyuan: Suyuan, folder: Path, tmp_path: Path):
    (tmp_path / "fields.toml").write_text('[fields]\nnom = "name"\n')
    used = suyuan(
        "resolve", str(folder / "people.csv"), "--fields", str(tmp_path / "fields.toml"),
        "--out", str(tmp_path / "clusters.csv"),
    )  # fmt: skip
    assert used.exit_code == 2
    assert not (tmp_path / "clusters.csv").exists()


def test_the_help_names_every_kind(suyuan: Suyuan):
    said = re.findall(r"[a-z_]+", suyuan.text("resolve", "--help"))
    assert set(KINDS) <= set(said)


def test_the_benchmark_compares_tables_with_their_truth_in_several_orders(suyuan: Suyuan, folder: Path):
    figures = suyuan.one("bench", "resolve", "--data", str(folder))
    assert figures["people"]["f1"] > 0.95
    assert figures["orders"] == {"least_agreement": 1.0, "most_deviation": 0.0}


def test_a_folder_without_tables_is_said(suyuan: Suyuan, tmp_path: Path):
    assert suyuan("bench", "resolve", "--data", str(tmp_path)).exit_code == 1


def test_a_truth_of_other_rows_is_said(suyuan: Suyuan, folder: Path, tmp_path: Path):
    for name in ("people.csv", "people.fields.toml"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "people.truth.csv").write_text("record_id,entity_id\nnobody,p0\n")
    assert suyuan("bench", "resolve", "--data", str(tmp_path)).exit_code == 1


def test_the_benchmark_sets_a_peer_beside_the_resolver_or_says_how_to_have_one(tmp_path: Path):
    people.write(tmp_path, 10)
    told: list[str] = []

    def everybody_apart(rows: list[tuple[str, Row]], _: Fields) -> dict[str, str]:
        return {id_: id_ for id_, _ in rows}

    beside = run(tmp_path, peer=lambda: everybody_apart, tell=lambda what, *_: told.append(what))
    assert beside["people"]["splink"]["f1"] == 0.0
    assert beside["people"]["splink"]["precision"] == 1.0
    assert beside["people"]["of_splink"]["f1"] is None
    assert beside["people"]["of_splink"]["rows_a_second"] < 1.0
    assert "people in Splink" in told
    alone = run(tmp_path, peer=lambda: None)
    assert "requirements-bench.lock" in alone["splink"]
    assert "of_splink" not in alone["people"]


def test_what_each_thing_is_worth_is_shown_one_a_line(suyuan: Suyuan, tmp_path: Path):
    people.write(tmp_path, 10)
    shown = [line.split() for line in suyuan.text("bench", "ablation", "--data", str(tmp_path)).splitlines()]
    assert ["people", "mean", "pairs"] in shown
    (swapped,) = (line for line in shown if line[:2] == ["swapped", "names"])
    assert len(swapped) == 5
