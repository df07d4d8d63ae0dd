"""The file of the workbench."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from graph.console import workbench as module
from graph.console.visits import Visits
from graph.console.workbench import APPLICATION, VERSION, Workbench
from schemas.errors import StoreForeign, StoreLocked, StoreUnavailable

ROOT = Path(__file__).parents[3]


def test_it_is_its_owners_alone_and_says_what_it_is(path: Path, workbench: Workbench):
    with workbench.writing() as db:
        db.execute("INSERT INTO audit_head VALUES (1, 0, '', 0)")
        files = list(path.parent.iterdir())
    assert {each.name for each in files} == {path.name, f"{path.name}-wal", f"{path.name}-shm"}
    assert {each.stat().st_mode & 0o777 for each in files} == {0o600}
    with closing(sqlite3.connect(path)) as db:
        marks = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
        assert marks == [APPLICATION, VERSION]
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_opening_it_again_finds_what_was_kept(path: Path):
    for n in range(3):
        with Workbench.open(path) as opened, opened.writing() as db:
            assert db.execute("SELECT count(*) FROM audit_head").fetchone() == (min(n, 1),)
            db.execute("INSERT OR REPLACE INTO audit_head VALUES (1, 0, '', 0)")


def test_a_copy_that_came_as_one_file_is_read_beside_a_writer_again(path: Path):
    Workbench.open(path).close()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    with Workbench.open(path) as one, Workbench.open(path) as other, one.writing(), other.reading() as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\0" * 200])
def test_a_file_that_is_something_else_is_refused_and_left_alone(path: Path, content: bytes):
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises((StoreForeign, StoreUnavailable)):
        Workbench.open(path)
    assert path.read_bytes() == content


@pytest.mark.usefixtures("workbench")
def test_one_of_another_version_is_refused(path: Path):
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(StoreForeign, match="version"):
        Workbench.open(path)


@pytest.mark.usefixtures("workbench")
def test_one_that_others_can_read_is_refused(path: Path):
    path.chmod(0o640)
    with pytest.raises(StoreForeign, match="chmod 600"):
        Workbench.open(path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        Workbench.open(tmp_path / "none" / "w.db")


def test_processes_that_begin_together_end_with_one_file(path: Path):
    program = f"from graph.console.workbench import Workbench\nWorkbench.open({str(path)!r}).close()"
    together = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) for _ in range(4)]
    assert [each.wait(timeout=60) for each in together] == [0] * 4
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_new_one_never_takes_the_place_of_one_that_is_there(path: Path, workbench: Workbench):
    with workbench.writing() as db:
        db.execute("INSERT INTO audit_head VALUES (1, 7, '', 0)")
    module._make(path)
    with Workbench.open(path) as again, again.reading() as db:
        assert db.execute("SELECT n FROM audit_head").fetchone() == (7,)


@pytest.mark.usefixtures("li")
def test_many_threads_take_turns(workbench: Workbench):
    def note(n: int) -> int:
        with workbench.noting() as db:
            db.execute(
                "INSERT INTO visit VALUES ('li', ?1) ON CONFLICT (user) DO UPDATE SET at = max(at, ?1)", (n,)
            )
        return Visits(workbench).last("li") or 0

    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(note, range(200)))
    assert all(at >= n for n, at in enumerate(seen))
    assert Visits(workbench).last("li") == 199


def test_a_block_that_fails_leaves_nothing_and_the_next_goes_on(workbench: Workbench):
    with pytest.raises(sqlite3.IntegrityError), workbench.writing() as db:
        db.executemany("INSERT INTO audit_head VALUES (1, 0, '', 0)", [(), ()])
    with workbench.reading() as db:
        assert db.execute("SELECT count(*) FROM audit_head").fetchone() == (0,)


def test_who_waits_too_long_is_told(path: Path, workbench: Workbench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_WAIT_SECONDS", 0.01)
    with Workbench.open(path) as other, workbench.writing():
        with pytest.raises(StoreLocked, match="another process"), other.writing():
            pass
        with other.reading() as db:  # who only asks does not wait
            assert db.execute("SELECT count(*) FROM account").fetchone() == (0,)


@pytest.mark.usefixtures("li")
def test_a_full_disk_is_said_and_leaves_nothing(workbench: Workbench):
    with workbench.reading() as db:
        (pages,) = db.execute("PRAGMA page_count").fetchone()
    workbench._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailable, match="disk is full"), workbench.writing() as db:
        db.execute("INSERT INTO view VALUES ('a', 'a', NULL, 0, 'li', 0, zeroblob(1000000))")
    with workbench.reading() as db:
        assert db.execute("SELECT count(*) FROM view").fetchone() == (0,)
