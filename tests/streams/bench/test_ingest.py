"""The benchmarks of the writer measure what they say; how fast is never tested."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

import pytest

from streams import pipeline
from streams.bench.floor import floor
from streams.bench.ingest import LogMeter, ingest_world, open_again
from streams.bench.resolution import measure_world
from streams.bench.stopwatch import STAGES, watching
from streams.bench.withdrawal import take_back
from streams.bench.worlds import STORE, apart, make_world
from streams.state import Connection

RECORDS = 600


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    make_world(folder, RECORDS, 1)
    return folder


@pytest.fixture(scope="module")
def ingested(folder):
    return ingest_world(folder, RECORDS)


def test_an_ingest_is_measured_stage_by_stage_and_all_stages_take_time(ingested):
    assert ingested.report.read == RECORDS
    assert tuple(ingested.stages) == STAGES
    assert all(taken > 0 for taken in ingested.stages.values())
    assert sum(ingested.stages.values()) <= ingested.report.seconds
    assert 0 < ingested.worst_batch <= ingested.report.seconds
    assert ingested.resident > 10


def test_the_floor_inserts_the_same_rows_as_the_ingest(folder, ingested):
    assert ingested.report.accepted > 0
    told = []
    beneath = floor(folder, lambda *step: told.append(step))
    assert beneath.seconds > 0
    assert told[-1][2] == RECORDS
    with (
        closing(sqlite3.connect(folder / STORE)) as store,
        closing(sqlite3.connect(folder / "floor.db")) as copy,
    ):
        listed = store.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        tables = [name for (name,) in listed]
        contents = ("search_config", "search_data", "search_idx")
        for table in set(tables) - set(contents):
            rows = f"SELECT * FROM {table} ORDER BY 1, 2"
            if table == "search":
                rows = "SELECT rowid FROM search('强') ORDER BY rowid"
            assert store.execute(rows).fetchall() == copy.execute(rows).fetchall(), table


def test_opening_a_store_again_is_measured(folder, ingested):
    assert ingested.report.accepted > 0
    seconds, resident = open_again(folder)
    assert seconds >= 0
    assert resident > 10


def test_after_watching_the_stages_are_as_before():
    plain = (pipeline.divide, pipeline.take_in, pipeline.dedupe, pipeline.link)
    with watching() as watch:
        assert pipeline.divide is not plain[0]
    assert (pipeline.divide, pipeline.take_in, pipeline.dedupe, pipeline.link) == plain
    assert set(watch.seconds().values()) == {0.0}


def test_the_log_meter_counts_what_is_written_also_when_the_log_begins_anew(tmp_path):
    connection = Connection(tmp_path / "a.db")
    with LogMeter(tmp_path / "a.db") as meter:
        for number in range(1, 4):
            before = meter.bytes
            connection.db.execute("INSERT INTO meta VALUES (?, ?)", (f"key{number}", b"x" * 100_000))
            meter.look()
            assert 100_000 < meter.bytes - before < 300_000
            connection.db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        connection.close()


def _pid_and_cores(tell):
    tell("looking", 1, 2)
    return os.getpid(), len(os.sched_getaffinity(0))


def _fail(_tell):
    raise ValueError("no")


def _die(_tell):
    os._exit(3)


def test_work_apart_is_done_on_one_core_of_another_process_and_tells_how_far_it_is():
    told = []
    pid, cores = apart(lambda *step: told.append(step), _pid_and_cores)
    assert pid != os.getpid()
    assert cores == 1
    assert told == [("looking", 1, 2)]


def test_work_apart_that_fails_fails_here_too():
    with pytest.raises(ValueError, match="no"):
        apart(print, _fail)
    with pytest.raises(ChildProcessError):
        apart(print, _die)


def test_the_resolution_benchmark_judges_a_world_against_its_own_truth(folder, ingested):
    assert ingested.report.accepted > 0
    figures = measure_world(folder)
    assert figures["persons"]["f1"] > 0.9
    assert set(figures) == {"persons", "vehicles", "deliveries", "sources"}


def test_withdrawals_are_measured_one_by_one(tmp_path):
    make_world(tmp_path, 200, 1)
    ingest_world(tmp_path, 200)
    told = []
    figures = take_back(tmp_path, 1, lambda *step: told.append(step))
    assert 0 < figures["p50_ms"] <= figures["p99_ms"]
    with closing(sqlite3.connect(tmp_path / STORE)) as store:
        withdrawn = store.execute("SELECT count(*) FROM withdrawal WHERE reason = 'benchmark'").fetchone()
    assert withdrawn == (len(told),)
