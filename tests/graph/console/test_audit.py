"""The audit as it grows: by many, through crashes, on a full disk."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from graph.console.audit import MENDED, Audit
from graph.console.audit_lines import Entry, Head, Line, asked, chained
from graph.console.audit_reading import Wrong
from graph.console.workbench import Workbench
from schemas.errors import StoreForeign, StoreUnavailable
from tests.graph.console.people import AT

ROOT = Path(__file__).parents[3]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "case.audit.jsonl"


@pytest.fixture
def reopened(file: Path, workbench: Workbench) -> Callable[[], Audit]:
    """The audit, opened once more."""
    return lambda: Audit.open(file, workbench, lambda: AT)


@pytest.fixture
def audit(reopened: Callable[[], Audit]) -> Audit:
    return reopened()


@pytest.fixture
def full_disk(file: Path) -> Iterator[Callable[[int], None]]:
    """Allows files to grow by no more than a number of bytes beyond what the audit has."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def leave(room: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + room, before[1]))

    yield leave
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def entry(n: int = 0, user: str = "li") -> Entry:
    return Entry(
        user=user,
        action="read_record",
        case="2019-551",
        purpose="追线溯源",
        about=(f"460100-jd/s-{n}", "per-a"),
        address="127.0.0.1",
    )


def lines(file: Path) -> list[Line]:
    return [msgspec.json.decode(line, type=Line) for line in file.read_bytes().splitlines()]


def test_what_is_appended_stands_in_the_file_with_who_when_where_and_what_for(audit: Audit, file: Path):
    line = audit.append(entry())
    assert lines(file) == [line]
    assert (line.n, line.user, line.case, line.purpose, line.address) == (
        1, "li", "2019-551", "追线溯源", "127.0.0.1",
    )  # fmt: skip
    assert line.at == "2020-09-13T20:26:40+08:00"
    assert line.about == ("460100-jd/s-0", "per-a")
    assert file.stat().st_mode & 0o777 == 0o600


def test_each_line_names_the_hash_of_the_one_before(audit: Audit, file: Path):
    first, second = audit.append(entry()), audit.append(entry(1))
    assert (first.previous, second.previous) == ("0" * 64, first.hash)
    raw = file.read_bytes().splitlines()[1]
    assert second.hash == sha256(raw[: raw.rindex(b',"hash"')] + b"}").hexdigest()
    assert audit.head().hash == second.hash
    assert audit.verify().intact


def test_what_cannot_stand_in_a_file_is_replaced_and_what_is_endless_is_cut(audit: Audit, file: Path):
    line = audit.append(Entry(user="l\ud800i", action="x\ny", about=(asked("查" * 1000), "\udfff")))
    assert (line.user, line.action, line.about[1], len(line.about[0])) == ("l?i", "x\ny", "?", 300)
    assert lines(file) == [line]
    assert audit.verify().intact


def test_opening_it_again_goes_on_where_it_ended(audit: Audit, reopened: Callable[[], Audit], file: Path):
    audit.append(entry())
    again = reopened()
    again.append(entry(1))
    audit.append(entry(2))
    assert [line.n for line in lines(file)] == [1, 2, 3]
    assert again.verify().lines == 3


def test_threads_append_together_and_each_is_told_its_own_line(audit: Audit, file: Path):
    with ThreadPoolExecutor(16) as threads:
        told = list(threads.map(lambda n: audit.append(entry(n)), range(100)))
    assert {line.about[0] for line in told} == {f"460100-jd/s-{n}" for n in range(100)}
    assert sorted(told, key=lambda line: line.n) == lines(file)
    assert [line.about[0] for line in told] == [entry(n).about[0] for n in range(100)]
    assert audit.verify().intact


def start(workbench: Workbench, file: Path, user: str, count: int, kill_at: int = 0) -> subprocess.Popen[str]:
    command = (sys.executable, "-m", "tests.graph.console.appending", workbench.path, file, user)
    return subprocess.Popen([*command, str(count), str(kill_at)], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_processes_append_together_and_one_that_is_killed_harms_nobody(
    workbench: Workbench, file: Path, audit: Audit
):
    """The killed one's last line is in the file, the workbench was not told, and the others went on."""
    processes = [start(workbench, file, "a", 25), start(workbench, file, "b", 25)]
    processes += [start(workbench, file, "killed", 25, kill_at) for kill_at in (3, 7)]
    told = [each.communicate(timeout=120)[0].split() for each in processes]
    assert [each.returncode for each in processes] == [0, 0, -9, -9]
    assert [len(each) for each in told] == [25, 25, 2, 6]
    audit.append(entry())
    written = lines(file)
    assert [line.n for line in written] == list(range(1, len(written) + 1))
    assert {int(n) for each in told for n in each} <= {line.n for line in written}
    assert len(written) == 25 + 25 + 3 + 7 + 1
    assert audit.verify().intact
    assert MENDED not in {line.action for line in written}


def test_a_line_the_workbench_was_not_told_of_is_taken_over(
    workbench: Workbench, file: Path, audit: Audit, reopened: Callable[[], Audit]
):
    killed = start(workbench, file, "killed", 5, 2)
    assert killed.communicate(timeout=60)[0] == "1\n"
    assert audit.head().n == 1
    assert audit.verify().lines == 2
    again = reopened()
    assert again.head().n == 2
    assert again.append(entry()).n == 3
    assert again.verify().intact


@pytest.mark.parametrize("left", [1, 40, -1])
def test_a_part_of_a_line_is_cut_off_and_a_line_says_so(
    audit: Audit, file: Path, reopened: Callable[[], Audit], left: int
):
    audit.append(entry())
    known, whole = audit.head(), file.read_bytes()
    audit.append(entry(1))
    torn = file.read_bytes()[len(whole) :][:left]
    with audit._workbench.writing() as db:
        db.execute("UPDATE audit_head SET n = 1, hash = ?, size = ?", (known.hash, known.size))
    file.write_bytes(whole + torn)
    assert audit.verify().intact
    reopened()
    last = lines(file)[-1]
    assert (last.n, last.action, last.about) == (2, MENDED, (f"bytes:{len(torn)}",))
    assert audit.append(entry(2)).n == 3
    assert audit.verify().lines == 3


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 9), st.integers(0, 80)), max_size=3))
def test_after_any_crashes_every_line_that_was_told_of_is_there(
    tmp_path_factory: pytest.TempPathFactory, crashes: list[tuple[int, int, int]]
):
    """Each crash takes back what the workbench knew of the last lines, and leaves a part of another one."""
    folder = tmp_path_factory.mktemp("crashes")
    told, known = [], [Head()]
    with Workbench.open(folder / "w.db") as workbench:
        for count, forgotten, torn in crashes:
            audit = Audit.open(folder / "a.jsonl", workbench, lambda: AT)
            for n in range(count):
                told.append(audit.append(entry(n)))
                known.append(audit.head())
            _, raw = chained(known[-1], entry(99), AT)
            with audit.path.open("ab") as end:
                end.write(raw[:torn])
            row = structs.astuple(known[max(0, len(known) - 1 - forgotten)])
            with workbench.writing() as db:
                db.execute("INSERT OR REPLACE INTO audit_head VALUES (1, ?, ?, ?)", row)
        audit = Audit.open(folder / "a.jsonl", workbench, lambda: AT)
        assert audit.verify().intact
        assert [line for line in lines(audit.path) if line.action != MENDED] == told
        assert sum(torn > 0 for _, _, torn in crashes) == len(lines(audit.path)) - len(told)


def test_a_full_disk_fails_the_reading_and_leaves_no_half_line(
    audit: Audit, file: Path, full_disk: Callable[[int], None]
):
    for n in range(100):  # so that the audit is the largest file, and the first to meet the limit
        audit.append(entry(n))
    audit.append(Entry(user="li", action="links", about=tuple(f"per-{n}" for n in range(40_000))))
    before = file.read_bytes()
    for room in (0, 50):
        full_disk(room)
        with pytest.raises(StoreUnavailable, match="nothing can be read"):
            audit.append(entry())
        assert file.read_bytes() == before
    full_disk(1_000_000)
    assert audit.append(entry()).n == 102
    assert audit.verify().intact


def test_a_workbench_that_cannot_be_told_fails_the_reading_and_the_line_stands(audit: Audit, file: Path):
    """The line is true: somebody asked. The workbench learns of it with the next one."""
    audit.append(entry())
    audit._workbench._db.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreUnavailable):
        audit.append(entry(1))
    audit._workbench._db.execute("PRAGMA query_only = OFF")
    assert audit.append(entry(2)).n == 3
    assert [line.n for line in lines(file)] == [1, 2, 3]
    assert audit.verify().intact


def test_a_file_that_others_can_read_is_refused(audit: Audit, file: Path):
    file.chmod(0o644)
    with pytest.raises(StoreForeign, match="chmod 600"):
        audit.append(entry())


def test_a_folder_that_is_not_there_is_said(workbench: Workbench, tmp_path: Path):
    with pytest.raises(StoreUnavailable):
        Audit.open(tmp_path / "none" / "a.jsonl", workbench, lambda: AT)


@pytest.mark.parametrize("kept", [0, 1, 400])
def test_what_is_written_after_the_end_was_cut_off_still_shows_the_gap(
    audit: Audit, file: Path, reopened: Callable[[], Audit], kept: int
):
    """Nobody can put an end behind which nothing was ever."""
    for n in range(5):
        audit.append(entry(n))
    file.write_bytes(file.read_bytes()[:kept])
    assert audit.verify().fault.how is Wrong.CUT_OFF
    again = reopened()
    assert again.append(entry(6)).n == 6
    assert again.append(entry(7)).n == 7
    fault = again.verify().fault
    assert fault.how in (Wrong.MISSING, Wrong.CHANGED)
    assert fault.n == (2 if kept == 400 else 1)
    assert len(lines(file)) >= 2 if kept == 0 else file.read_bytes().startswith(b"{")


def test_lines_that_do_not_fit_are_left_for_all_to_see(
    audit: Audit, file: Path, reopened: Callable[[], Audit]
):
    first = audit.append(entry())
    forged = file.read_bytes().replace(b'"n":1', b'"n":2')
    with file.open("ab") as end:
        end.write(forged)
    assert audit.verify().fault.n == 2
    again = reopened()
    assert again.append(entry(1)).previous == first.hash
    assert forged in file.read_bytes()
    assert again.verify().fault.n == 2
