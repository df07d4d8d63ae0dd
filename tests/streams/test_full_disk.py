"""A full disk and files that may not grow: a clear error, nothing half-written, and on when there is room."""

from __future__ import annotations

import itertools
import json
import resource
import shutil
import sqlite3
import subprocess
from contextlib import closing

import pytest

from graph.export import canonical
from graph.sqlite.reader import SqliteReader, open_reader
from schemas.errors import InputError, StoreUnavailable
from streams.embedded import Owner
from streams.simulate.world import simulate_lines
from tests.streams.command import Command, could_not
from tests.streams.made_up import numbered, open_owner, ticking, tip


def tips(count):
    return [tip(n, persons=[{"ref": "p", "name": "林小满", "phones": ["13800001234"]}]) for n in range(count)]


def exported(owner):
    return list(canonical(SqliteReader(owner.connection)))


@pytest.fixture
def suyuan(tmp_path):
    return Command(tmp_path)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of three megabytes, and how to make it larger."""
    disk = tmp_path / "disk"
    disk.mkdir()

    def mount(options):
        command = ("mount", "-t", "tmpfs", "-o", options, "none", disk)
        done = shutil.which("mount") and subprocess.run(command, capture_output=True, check=False)
        return bool(done) and done.returncode == 0

    if not mount("size=3m"):
        pytest.skip("file systems may not be mounted here; the limit on file sizes is tested all the same")
    try:
        yield disk, lambda: mount("remount,size=64m")
    finally:
        subprocess.run(("umount", "--lazy", disk), check=True)


@pytest.fixture(scope="module")
def heavy(tmp_path_factory):
    """Records whose store needs more than three megabytes, and what is known after all of them."""
    folder = tmp_path_factory.mktemp("heavy")
    lines = list(simulate_lines(8, 1500))
    (folder / "world.jsonl").write_bytes(b"\n".join(lines))
    with open_owner(folder) as owner:
        owner.ingest(numbered(lines))
        return folder / "world.jsonl", exported(owner)


def test_a_full_disk_is_an_error_that_says_so_and_the_same_command_goes_on_when_there_is_room(
    small_disk, heavy, suyuan
):
    disk, enlarge = small_disk
    records, expected = heavy
    command = ("ingest", records, "--store", disk / "world.db", "--json")
    could_not(suyuan(*command), "disk is full")
    assert _whole(disk)
    assert enlarge()
    done = suyuan(*command)
    assert done.returncode == 0, done.stderr
    with open_reader(disk / "world.db") as reader:
        assert list(canonical(reader)) == expected
    assert json.loads(done.stdout)["read"] == 1500


def test_an_owner_that_met_a_full_disk_goes_on_in_the_same_process(small_disk, heavy, tmp_path):
    disk, enlarge = small_disk
    records, expected = heavy
    lines = numbered(records.read_bytes().splitlines())
    with Owner.open(disk / "world.db", vault=tmp_path / "world.vault", clock=ticking()) as owner:
        with pytest.raises(StoreUnavailable, match="full"):
            owner.ingest(lines, batch=100)
        known = exported(owner)
        assert enlarge()
        assert exported(owner) == known
        owner.ingest(lines, batch=100)
        assert exported(owner) == expected


def test_a_limit_on_the_size_of_files_is_an_error_and_the_same_command_goes_on_without_it(
    tmp_path, heavy, suyuan
):
    records, expected = heavy

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))

    could_not(suyuan("ingest", records, preexec_fn=limited), "cannot be read or written")
    assert _whole(tmp_path)
    assert suyuan("ingest", records).returncode == 0
    with open_reader(tmp_path / "world.db") as reader:
        assert list(canonical(reader)) == expected


def _whole(folder):
    """Both files are sound, and every record of the store is sealed in the vault."""
    with closing(sqlite3.connect(folder / "world.db")) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = {name for (name,) in store.execute("SELECT name FROM record")}
    with closing(sqlite3.connect(folder / "world.vault")) as vault:
        assert vault.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return names <= {name for (name,) in vault.execute("SELECT name FROM sealed")}


def test_a_batch_that_fails_on_the_way_leaves_no_trace_in_the_owner_either(tmp_path):
    with open_owner(tmp_path) as owner:
        owner.ingest(numbered(tips(2)))
        known = exported(owner)
        owner.connection.execute("PRAGMA max_page_count = 1")  # SQLite makes it the present size
        with pytest.raises(StoreUnavailable):
            owner.ingest(numbered(simulate_lines(8, 400)))
        assert exported(owner) == known
        owner.connection.execute("PRAGMA max_page_count = 1000000")
        owner.ingest(numbered(simulate_lines(8, 400)))
        after = exported(owner)
    (tmp_path / "undisturbed").mkdir()
    with open_owner(tmp_path / "undisturbed") as other:
        other.ingest(numbered(itertools.chain(tips(2), simulate_lines(8, 400))))
        assert exported(other) == after


def test_lines_before_the_end_of_a_file_cut_short_are_in_the_store(tmp_path):
    def cut():
        yield from numbered(tips(7))
        raise InputError("the file was cut short")

    with open_owner(tmp_path) as owner:
        with pytest.raises(InputError):
            owner.ingest(cut(), batch=5)
        assert owner.connection.execute("SELECT count(*) FROM record").fetchone() == (7,)
