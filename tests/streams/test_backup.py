"""A backup is one moment of store and vault, and an ingest goes on from it."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from contextlib import closing

import pytest

from graph.console.audit_lines import Entry
from graph.console.desk import open_desk
from graph.export import canonical
from graph.sqlite.reader import open_reader
from schemas.errors import StoreUnavailable, UsageError
from schemas.records import Origin
from streams.backup import back_up
from streams.embedded import Owner
from streams.settings import read_settings
from streams.simulate.world import simulate_lines
from streams.vault.vault import Vault

RECORDS = 300


def clock():
    return 1_790_000_000_000_000


@pytest.fixture(scope="module")
def lines():
    return [(Origin(file="made", line=n), line) for n, line in enumerate(simulate_lines(7, RECORDS), 1)]


def filled(folder, lines, batch=50):
    folder.mkdir()
    settings = read_settings(str(folder / "hainan.db"), {})
    with Owner.open(settings.store, clock=clock) as owner:
        owner.ingest(lines, batch=batch)
    return settings


@pytest.fixture
def settings(tmp_path, lines):
    return filled(tmp_path / "live", lines)


def export(path):
    with open_reader(path) as reader:
        return b"".join(canonical(reader))


def test_an_ingest_goes_on_from_a_backup_that_was_taken_in_the_middle_of_it(tmp_path, lines):
    def with_a_backup_on_the_way():
        for n, line in enumerate(lines):
            if n == RECORDS // 2:
                settings = read_settings(str(tmp_path / "live" / "hainan.db"), {})
                assert back_up(settings, tmp_path / "copy").tx > 0
            yield line

    live = filled(tmp_path / "live", with_a_backup_on_the_way())
    shutil.copytree(tmp_path / "copy", tmp_path / "again")
    restored = read_settings(str(tmp_path / "again" / "hainan.db"), {})
    assert len(export(restored.store)) < len(export(live.store))
    with Owner.open(restored.store, clock=clock) as owner:
        owner.ingest(lines)
    assert export(restored.store) == export(live.store)


def test_the_vault_of_a_backup_opens_what_its_store_has_received(tmp_path, settings):
    made = back_up(settings, tmp_path / "copy")
    with closing(sqlite3.connect(made.store)) as store:
        names = {name for (name,) in store.execute("SELECT name FROM record")}
    with Vault.open(made.vault) as vault:
        for name in names:
            assert vault.open_record(name, settings.vault_key, because="restore drill", who="tester")


def test_a_backup_is_for_its_owner_alone_and_has_no_key(tmp_path, settings):
    back_up(settings, tmp_path / "copy")
    files = sorted((tmp_path / "copy").iterdir())
    assert [file.name for file in files] == ["hainan.db", "hainan.vault"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o700


def test_what_the_console_keeps_is_copied_too_and_its_audit_is_whole(tmp_path, settings):
    def desk(of):
        return open_desk(of.workbench, of.audit, clock=clock, fresh=bytes)

    with desk(settings) as live:
        password = live.accounts.first_administrator(clock())
        written = threading.Event()
        stop = threading.Event()

        def append():
            while not stop.is_set():
                live.audit.append(Entry(user="admin", action="users"))
                written.set()

        reader = threading.Thread(target=append)
        reader.start()
        written.wait()
        made = back_up(settings, tmp_path / "copy")
        stop.set()
        reader.join()
    restored = read_settings(made.store, {})
    assert (made.workbench, made.audit) == (str(restored.workbench), str(restored.audit))
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "copy").iterdir()} == {0o600}
    with desk(restored) as copy:
        assert copy.accounts.authenticate("admin", password, clock())
        copy.audit.append(Entry(user="admin", action="users"))
        assert copy.audit.verify().intact
        assert copy.audit.verify().lines > 1


def test_a_backup_replaces_nothing(tmp_path, settings):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "kept").write_text("older")
    with pytest.raises(UsageError, match="there already"):
        back_up(settings, tmp_path / "copy")
    assert (tmp_path / "copy" / "kept").read_text() == "older"


def test_what_a_killed_backup_left_is_in_nobodys_way(tmp_path, settings):
    (tmp_path / ".copy.part").mkdir()
    (tmp_path / ".copy.part" / "hainan.db").write_bytes(b"half of it")
    back_up(settings, tmp_path / "copy")
    assert export(tmp_path / "copy" / "hainan.db") == export(settings.store)
    assert not (tmp_path / ".copy.part").exists()


def test_a_damaged_store_is_no_backup(tmp_path, settings):
    whole = settings.store.read_bytes()
    middle = len(whole) // 2 // 4096 * 4096
    settings.store.write_bytes(whole[:middle] + b"\xaa" * 40_960 + whole[middle + 40_960 :])
    with pytest.raises(StoreUnavailable):
        back_up(settings, tmp_path / "copy")
    assert [each.name for each in tmp_path.iterdir()] == ["live"]
