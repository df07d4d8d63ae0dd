"""One writer, many readers, and files that are not what they should be: clear errors, nothing lost."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing

import pytest

from graph.export import canonical
from graph.sqlite.reader import SqliteReader, open_reader
from schemas.errors import StoreForeign, StoreLocked, StoreUnavailable, SuyuanError, VaultError
from streams.embedded import Owner
from streams.simulate.world import simulate_lines
from tests.streams.command import Command, could_not
from tests.streams.made_up import RECEIVED, line, numbered, open_owner, record, ticking, tip

PERSON = {"ref": "p", "name": "林小满", "phones": ["13800001234"]}


def tips(count, start=0, **more):
    return [tip(n, persons=[PERSON], **more) for n in range(start, start + count)]


def exported(owner, as_of=None):
    return list(canonical(SqliteReader(owner.connection, as_of)))


@pytest.fixture
def suyuan(tmp_path):
    return Command(tmp_path)


# --- one writer, many readers ---------------------------------------------------------------------


def test_a_store_is_for_its_owner_only_like_its_vault(tmp_path):
    before = os.umask(0o022)
    try:
        with open_owner(tmp_path) as owner:
            owner.ingest(numbered(tips(1)))
            modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert {"world.db", "world.db-wal", "world.vault", "world.vault.key"} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_a_second_owner_is_told_that_the_store_is_locked_and_the_first_goes_on(tmp_path):
    with open_owner(tmp_path) as first:
        first.ingest(numbered(tips(3)))
        with pytest.raises(StoreLocked):
            open_owner(tmp_path)
        assert first.ingest(numbered(tips(3, start=3))).accepted == 3
        known = exported(first)
    with open_owner(tmp_path) as after:
        assert exported(after) == known


def test_a_second_command_on_one_store_ends_with_an_error_and_changes_nothing(tmp_path, suyuan):
    (tmp_path / "more.jsonl").write_bytes(line(tip("more")))
    with open_owner(tmp_path) as first:
        first.ingest(numbered(tips(2)))
        known = exported(first)
        could_not(suyuan("ingest", "more.jsonl"), "another process writes")
        assert exported(first) == known
    assert suyuan("ingest", "more.jsonl").returncode == 0


def test_the_lock_is_free_again_when_opening_failed(tmp_path):
    (tmp_path / "world.vault").mkdir()
    with pytest.raises(VaultError):
        open_owner(tmp_path)
    (tmp_path / "world.vault").rmdir()
    with open_owner(tmp_path) as owner:
        assert owner.ingest(numbered(tips(1))).accepted == 1


def test_a_reader_beside_a_writer_sees_whole_batches_and_one_state(tmp_path):
    lines = numbered(tips(40))
    with open_owner(tmp_path) as owner, open_reader(_first(owner, tmp_path)) as old:
        before = list(canonical(old))

        def watched():
            for number, each in enumerate(lines):
                yield each
                if number % 10 == 5:  # in the middle of a batch of ten
                    with open_reader(tmp_path / "world.db") as fresh:
                        (seen,) = fresh.connection.execute("SELECT count(*) FROM record").fetchone()
                        assert seen % 10 == 1
                        assert len(list(canonical(fresh))) >= len(before)

        owner.ingest(watched(), batch=10)
        assert list(canonical(old)) == before
    with open_reader(tmp_path / "world.db") as fresh:
        assert len(list(canonical(fresh))) > len(before)


def _first(owner, folder):
    owner.ingest(numbered([record("seizure", "first", persons=[PERSON])]))
    return folder / "world.db"


# --- the clock ------------------------------------------------------------------------------------


def test_a_clock_turned_back_neither_turns_back_receipts_nor_changes_earlier_views(tmp_path):
    days = (0, 1, -300, -300, -299, 2)
    seen = []
    for day in days:
        with open_owner(tmp_path, ticking(RECEIVED + day * 86_400_000_000)) as owner:
            owner.ingest(numbered(tips(3, start=3 * len(seen))), batch=2)
            seen.append((owner.state.received, exported(owner)))
    with open_owner(tmp_path) as owner:
        for moment, then in seen:
            assert exported(owner, moment) == then
        for table, order in (("tx", "tx"), ("log", "rec")):
            times = [t for (t,) in owner.connection.execute(f"SELECT received FROM {table} ORDER BY {order}")]
            assert times == sorted(times)
        times = [t for (t,) in owner.connection.execute("SELECT received FROM tx ORDER BY tx")]
        assert len(times) == len(set(times))
        assert owner.connection.execute(
            "SELECT count(*) FROM log WHERE received NOT IN (SELECT received FROM tx)"
        ).fetchone() == (0,)


def test_a_clock_that_stands_still_keeps_the_views_of_every_batch_apart(tmp_path):
    with open_owner(tmp_path, lambda: RECEIVED) as owner:
        seen = []
        for number in range(4):
            owner.ingest(numbered(tips(1, start=number)))
            seen.append((owner.state.received, exported(owner)))
        for moment, then in seen:
            assert exported(owner, moment) == then


def test_a_record_can_be_withdrawn_under_a_clock_that_was_turned_back(tmp_path):
    with open_owner(tmp_path) as owner:
        owner.ingest(numbered([tip("late", persons=[PERSON], reported_at="2023-11-15T22:00:00+08:00")]))
    with open_owner(tmp_path, ticking(RECEIVED - 20 * 86_400_000_000)) as owner:
        owner.withdraw("made-up/late", "给错了号码", who="王警官")
        assert exported(owner) == []


# --- files that are something else ----------------------------------------------------------------


def _text(path):
    path.write_text("溯源" * 1000, encoding="utf-8")


def _one_byte(path):
    path.write_bytes(b"x")


def _other_database(path):
    with closing(sqlite3.connect(path)) as db:
        db.executescript("CREATE TABLE t (a); INSERT INTO t VALUES (1)")


def _newer_version(path):
    with Owner.open(path, clock=ticking()):
        pass
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize("make", [_text, _one_byte, _other_database, _newer_version])
def test_a_file_that_is_no_store_of_this_version_is_refused_and_left_as_it_is(tmp_path, suyuan, make):
    make(tmp_path / "world.db")
    before = (tmp_path / "world.db").read_bytes()
    with pytest.raises(StoreForeign):
        open_owner(tmp_path)
    (tmp_path / "in.jsonl").write_bytes(line(tip(1)))
    could_not(suyuan("ingest", "in.jsonl"), "version 99" if make is _newer_version else "not a Suyuan store")
    could_not(suyuan("entities"), "")
    assert (tmp_path / "world.db").read_bytes() == before


def test_the_owner_gives_an_older_store_what_alerts_are_looked_up_by(tmp_path):
    seizures = [
        record("seizure", n, case=f"2019-55{n}", persons=[PERSON], reported_at=f"2019-06-0{n + 1}T10:00:00Z")
        for n in range(3)
    ]
    with open_owner(tmp_path) as owner:
        owner.ingest(numbered(seizures[:2]))
    with closing(sqlite3.connect(tmp_path / "world.db")) as db:
        looked_up = db.execute("SELECT count(*) FROM about").fetchone()
        for thing in ("TRIGGER alert_about", "TABLE about", "INDEX alert_raised"):
            db.execute(f"DROP {thing}")
    assert looked_up[0] > 0
    with open_owner(tmp_path) as owner:
        assert owner.connection.execute("SELECT count(*) FROM about").fetchone() == looked_up
        owner.ingest(numbered(seizures[2:]))
        reader = SqliteReader(owner.connection)
        named = {name for _, finding in reader.findings() for name in finding.entities}
        assert list(reader.findings_about(named)) == list(reader.findings())


def test_a_folder_is_no_store(tmp_path, suyuan):
    (tmp_path / "world.db").mkdir()
    (tmp_path / "in.jsonl").write_bytes(line(tip(1)))
    with pytest.raises(StoreUnavailable):
        open_owner(tmp_path)
    could_not(suyuan("ingest", "in.jsonl"), "directory")


def test_a_place_where_no_file_can_be_made_is_an_error_that_says_so(tmp_path, suyuan):
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "in.jsonl").write_bytes(line(tip(1)))
    with pytest.raises(StoreUnavailable):
        Owner.open(tmp_path / "file" / "world.db", clock=ticking())
    could_not(suyuan("ingest", "in.jsonl", "--store", tmp_path / "file" / "world.db"), "another --store")
    could_not(suyuan("ingest", "in.jsonl", "--store", tmp_path / "nowhere" / "world.db"), "another --store")


def test_what_cannot_be_read_leaves_no_empty_store_behind(tmp_path, suyuan):
    could_not(suyuan("ingest", "missing.jsonl"), "no such file")
    (tmp_path / "folder").mkdir()
    could_not(suyuan("ingest", "folder"), "folder")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder"]


# --- damage ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("filled")
    with open_owner(folder) as owner:
        owner.ingest(numbered(simulate_lines(5, 300)), batch=100)
    return folder


def _copy(filled, tmp_path):
    for name in ("world.db", "world.vault", "world.vault.key"):
        shutil.copy(filled / name, tmp_path / name)
    return tmp_path / "world.db"


def _used(folder):
    """Reads and writes everything; an error must be one of ours."""
    try:
        with open_owner(folder) as owner:
            owner.ingest(numbered(simulate_lines(6, 40)))
        with open_reader(folder / "world.db") as reader:
            list(canonical(reader))
    except SuyuanError as error:
        return type(error)
    return None


def test_a_damaged_page_is_reported_as_damage_wherever_it_is(filled, tmp_path):
    store = _copy(filled, tmp_path)
    whole = store.read_bytes()
    chance = random.Random(1)
    pages = range(len(whole) // 4096)
    found = []
    for page in [0, *chance.sample(pages[1:], 24)]:
        store.write_bytes(whole[: page * 4096] + chance.randbytes(4096) + whole[(page + 1) * 4096 :])
        found.append(_used(tmp_path))
    assert found[0] is StoreForeign  # its head is gone
    assert set(found[1:]) <= {None, StoreUnavailable}
    assert StoreUnavailable in found


def test_a_store_cut_short_is_reported_as_damage(filled, tmp_path):
    store = _copy(filled, tmp_path)
    for size in (100, 4096, store.stat().st_size // 8192 * 4096):
        _copy(filled, tmp_path)
        os.truncate(store, size)
        assert _used(tmp_path) is StoreUnavailable


# --- a store and its vault belong together --------------------------------------------------------


def test_a_store_whose_vault_is_gone_gets_no_empty_one(tmp_path, suyuan):
    (tmp_path / "in.jsonl").write_bytes(line(tip(1)))
    with open_owner(tmp_path) as owner:
        owner.ingest(numbered(tips(1)))
    (tmp_path / "world.vault").rename(tmp_path / "elsewhere.vault")
    with pytest.raises(VaultError):
        open_owner(tmp_path)
    could_not(suyuan("ingest", "in.jsonl"), "SUYUAN_VAULT")
    assert not (tmp_path / "world.vault").exists()
    with Owner.open(tmp_path / "world.db", vault=tmp_path / "elsewhere.vault", clock=ticking()) as owner:
        assert owner.ingest(numbered(tips(1))).duplicates == 1


def test_a_store_does_not_take_the_vault_of_another(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        open_owner(tmp_path / name).close()
    with pytest.raises(VaultError):
        Owner.open(tmp_path / "one" / "world.db", vault=tmp_path / "other" / "world.vault", clock=ticking())


def test_the_key_is_made_where_the_settings_say(tmp_path, suyuan):
    (tmp_path / "in.jsonl").write_bytes(line(tip(1, purpose="health")))
    key = tmp_path / "usb.key"
    words = (("ingest", "in.jsonl"), ("rejected", "retry"), ("vault", "open", "made-up/1", "--because", "x"))
    for each in words:
        done = suyuan(*each, env={"SUYUAN_VAULT_KEY": str(key)})
        assert done.returncode == 0, done.stderr
    assert key.stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "world.vault.key").exists()
