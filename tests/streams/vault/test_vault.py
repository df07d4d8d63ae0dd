"""The vault keeps originals sealed, opens them only with the key, and remembers who did."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
from hashlib import sha256

import pytest
from nacl.public import PrivateKey, PublicKey, SealedBox

from schemas.errors import NotFound, UsageError, VaultError
from streams.vault.box import make_key
from streams.vault.original import Original
from streams.vault.vault import Vault

CANARY = "金丝雀赵四六".encode()
WHY = {"because": "核实举报奖励", "who": "王警官"}


def original(body: bytes, name: str | None = "110/1", received: int = 7, **more) -> Original:
    values = {"sha256": sha256(body).digest(), "size": len(body), "body": body} | more
    return Original(name=name, received=received, **values)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "case.vault"


@pytest.fixture
def key(path):
    return path.with_name("case.vault.key")


@pytest.fixture
def vault(path):
    with Vault.create_or_open(path, clock=lambda: 1_577_836_800_000_000) as opened:
        yield opened


def every_byte(folder) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def test_what_was_put_in_comes_out(vault, key):
    assert vault.put_many([original(b"one"), original(b"two", "110/2")]) == 2
    assert vault.open_record("110/1", key, **WHY) == b"one"
    assert vault.open_record("110/2", key, **WHY) == b"two"


def test_all_that_came_under_a_name_comes_out_oldest_first(vault, key):
    vault.put_many([original(b"first")])
    vault.put_many([original(b"second"), original(b"other", "110/2"), original(b"third")])
    assert vault.open_record("110/1", key, **WHY) == b"first\nsecond\nthird"


def test_a_refused_message_is_opened_by_its_hash_with_the_time_it_came(vault, key):
    refused = original(b"\xff not json", None, received=42)
    vault.put_many([refused])
    opened = vault.open_refused(refused.sha256.hex(), key, **WHY)
    assert (opened.body, opened.received, opened.name) == (b"\xff not json", 42, None)


def test_many_are_opened_in_the_order_asked_for(vault, key):
    items = [original(bytes([65 + n]) * 3) for n in range(5)]
    vault.put_many(items[:3])
    vault.put_many(items[3:])
    hashes = [each.sha256.hex() for each in reversed(items)]
    opened = list(vault.open_many(hashes, key, **WHY))
    assert [each.body for each in opened] == [each.body for each in reversed(items)]
    assert vault.verify_audit() == 5


def test_the_same_bytes_are_kept_once(vault, key):
    assert vault.put_many([original(b"one"), original(b"one")]) == 1
    assert vault.put_many([original(b"one"), original(b"two")]) == 1
    assert vault.put_many([original(b"one")]) == 0
    assert vault.put_many([]) == 0
    assert vault.open_record("110/1", key, **WHY) == b"one\ntwo"
    assert vault._db.execute("SELECT count(*) FROM envelope").fetchone() == (2,)


def test_a_repeated_batch_leaves_the_first_receipt(vault, key):
    vault.put_many([original(b"one", received=1)])
    vault.put_many([original(b"one", received=2)])
    assert vault.open_refused(sha256(b"one").hexdigest(), key, **WHY).received == 1


def test_no_file_holds_a_byte_in_clear(vault, path):
    vault.put_many([original(CANARY * 3, "110/x", what="original")])
    assert CANARY not in every_byte(path.parent)
    assert CANARY not in repr(original(CANARY)).encode()


def test_a_reporter_sealed_by_its_sender_is_kept_as_it_is_and_opens_with_the_record(vault, key):
    box = SealedBox(PublicKey(vault.public_key)).encrypt(CANARY)
    vault.put_many([original(b"record"), original(box, what="reporter")])
    assert vault._db.execute("SELECT body FROM sealed WHERE what = 'reporter'").fetchone() == (box,)
    assert vault.open_record("110/1", key, **WHY) == b"record\n" + CANARY


def test_a_cut_line_is_kept_with_the_hash_of_the_whole(vault, key):
    whole = sha256(b"all of it").digest()
    vault.put_many([original(b"all", sha256=whole, size=9)])
    opened = vault.open_refused(whole.hex(), key, **WHY)
    assert (opened.body, opened.size) == (b"all", 9)


# the key


@pytest.mark.usefixtures("vault")
def test_the_key_is_its_owners_alone_and_made_once(path, key):
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = key.read_bytes()
    Vault.create_or_open(path).close()
    assert key.read_bytes() == before
    assert {file.name.split("-")[0] for file in path.parent.iterdir()} == {"case.vault", "case.vault.key"}


@pytest.mark.usefixtures("vault")
def test_writing_needs_no_key(path, key, tmp_path):
    away = key.rename(tmp_path / "safe")
    with Vault.open(path) as again:
        again.put_many([original(b"one")])
        assert not key.exists()
        with pytest.raises(VaultError, match="SUYUAN_VAULT_KEY"):
            again.open_record("110/1", key, **WHY)
        assert again.open_record("110/1", away, **WHY) == b"one"


def test_the_key_can_stand_elsewhere(path, tmp_path):
    (tmp_path / "usb").mkdir()
    elsewhere = tmp_path / "usb" / "key"
    with Vault.create_or_open(path, elsewhere) as vault:
        vault.put_many([original(b"one")])
        assert vault.open_record("110/1", elsewhere, **WHY) == b"one"


def test_a_key_left_by_a_broken_start_is_used(path, key):
    made = make_key(key)
    with Vault.create_or_open(path) as vault:
        assert vault.public_key == bytes(made.public_key)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_can_use_is_refused(vault, key, mode):
    vault.put_many([original(b"one")])
    key.chmod(mode)
    with pytest.raises(VaultError, match="chmod 600"):
        vault.open_record("110/1", key, **WHY)
    assert vault.verify_audit() == 0


def test_another_vaults_key_is_refused(vault, tmp_path):
    vault.put_many([original(b"one")])
    make_key(tmp_path / "other.key")
    with pytest.raises(VaultError, match="another vault"):
        vault.open_record("110/1", tmp_path / "other.key", **WHY)


@pytest.mark.parametrize("content", [b"", b"junk", b"suyuan vault key 1\nAAAA\n", b"\xff\xfe"])
def test_a_file_that_is_no_key_is_refused(vault, key, content):
    vault.put_many([original(b"one")])
    key.write_bytes(content)
    with pytest.raises(VaultError, match="not a vault's key"):
        vault.open_record("110/1", key, **WHY)


def test_a_folder_in_place_of_the_key_is_refused(vault, tmp_path):
    vault.put_many([original(b"one")])
    with pytest.raises(VaultError):
        vault.open_record("110/1", tmp_path, **WHY)


def test_a_header_alone_does_not_make_a_key(vault, key):
    vault.put_many([original(b"one")])
    lines = key.read_text().splitlines()
    key.write_text(f"something else\n{lines[1]}\n")
    with pytest.raises(VaultError, match="not a vault's key"):
        vault.open_record("110/1", key, **WHY)


# the audit


def test_every_opening_is_in_the_audit_before_a_byte_is_shown(vault, key):
    vault.put_many([original(b"one")])
    vault.open_record("110/1", key, **WHY)
    vault.open_many([sha256(b"one").hexdigest()], key, **WHY)  # nothing taken from it yet
    first, second = vault.audit()
    assert (first.n, first.who, first.what, first.because) == (1, "王警官", "110/1", "核实举报奖励")
    assert first.at == 1_577_836_800_000_000
    assert second.what == f"sha256:{sha256(b'one').hexdigest()}"


@pytest.mark.parametrize("missing", [{"because": " "}, {"who": ""}])
def test_nothing_opens_without_a_reason_and_a_name(vault, key, missing):
    vault.put_many([original(b"one")])
    with pytest.raises(UsageError):
        vault.open_record("110/1", key, **(WHY | missing))


def test_what_is_not_there_is_not_found(vault, key):
    with pytest.raises(NotFound):
        vault.open_record("110/1", key, **WHY)
    with pytest.raises(NotFound):
        vault.open_refused("ab" * 32, key, **WHY)


@pytest.mark.parametrize("change", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_the_audit_only_grows(vault, key, change):
    vault.put_many([original(b"one")])
    vault.open_record("110/1", key, **WHY)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        vault._db.execute(change)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET who = 'x' WHERE n = 2",
        "UPDATE audit SET because = 'x' WHERE n = 3",
        "UPDATE audit SET at = 0 WHERE n = 1",
        "DELETE FROM audit WHERE n = 1",
        "DELETE FROM audit WHERE n = 2",
        "DELETE FROM audit WHERE n = 3",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT 4, at, who, what, because, hash FROM audit WHERE n = 3",
    ],
)
def test_going_around_it_shows(vault, key, change):
    vault.put_many([original(b"one")])
    for _ in range(3):
        vault.open_record("110/1", key, **WHY)
    assert vault.verify_audit() == 3
    vault._db.execute("DROP TRIGGER audit_stands")
    vault._db.execute("DROP TRIGGER audit_stays")
    vault._db.execute(change)
    with pytest.raises(VaultError, match="audit"):
        vault.verify_audit()


# the file


def test_a_changed_item_does_not_open(vault, key):
    vault.put_many([original(b"one")])
    (body,) = vault._db.execute("SELECT body FROM sealed").fetchone()
    vault._db.execute("UPDATE sealed SET body = ?", (body[:-1] + bytes([body[-1] ^ 1]),))
    with pytest.raises(VaultError, match="cannot be opened"):
        vault.open_record("110/1", key, **WHY)


def test_two_items_that_changed_places_do_not_open(vault, key):
    vault.put_many([original(b"one"), original(b"two", "110/2")])
    ((one,), (two,)) = vault._db.execute("SELECT body FROM sealed ORDER BY n")
    vault._db.execute("UPDATE sealed SET body = CASE n WHEN 1 THEN ? ELSE ? END", (two, one))
    with pytest.raises(VaultError, match="hash"):
        vault.open_record("110/1", key, **WHY)


@pytest.mark.parametrize("content", [b"junk" * 1000, b"SQLite format 3\0" + b"x" * 2000])
def test_a_foreign_file_is_refused_and_left_alone(path, key, content):
    path.write_bytes(content)
    with pytest.raises(VaultError, match=r"vault|damaged"):
        Vault.create_or_open(path)
    assert path.read_bytes() == content
    assert not key.exists()


def test_another_database_is_refused(path, key):
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE t (x)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(VaultError, match="not a vault of this version"):
        Vault.create_or_open(path)
    assert path.read_bytes() == before
    assert not key.exists()


def test_a_vault_of_a_later_version_is_refused(vault, path):
    vault._db.execute("PRAGMA user_version = 2")
    with pytest.raises(VaultError, match="version"):
        Vault.create_or_open(path)


def test_a_missing_vault_is_not_made_by_opening(path):
    with pytest.raises(NotFound):
        Vault.open(path)
    assert not path.exists()


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(VaultError):
        Vault.create_or_open(tmp_path / "none" / "case.vault")


def test_a_folder_where_the_vault_should_be_is_said(tmp_path):
    with pytest.raises(VaultError):
        Vault.create_or_open(tmp_path)


def test_an_empty_file_is_no_vault(path):
    path.touch()
    with pytest.raises(VaultError, match="not a vault"):
        Vault.create_or_open(path)


def test_making_a_vault_leaves_nothing_else(vault, path):
    vault.close()
    assert sorted(file.name for file in path.parent.iterdir()) == ["case.vault", "case.vault.key"]


def test_a_batch_that_fails_leaves_nothing(vault, key):
    vault.put_many([original(b"zero")])

    def broken():
        yield original(b"one")
        raise OSError(28, "No space left on device")

    with pytest.raises(VaultError, match="No space left"):
        vault.put_many(broken())
    with pytest.raises(NotFound):
        vault.open_refused(sha256(b"one").hexdigest(), key, **WHY)
    assert vault.put_many([original(b"one")]) == 1


def test_a_full_disk_is_said_and_nothing_is_half_written(vault, key):
    vault.put_many([original(b"zero")])
    pages = vault._db.execute("PRAGMA page_count").fetchone()[0]
    vault._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(VaultError, match="disk is full"):
        vault.put_many([original(os.urandom(100_000)) for _ in range(3)])
    vault._db.execute("PRAGMA max_page_count = 1000000")
    assert vault.open_record("110/1", key, **WHY) == b"zero"


def test_a_locked_vault_is_said(vault, path):
    vault._db.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(VaultError, match="another process"):
        vault.put_many([original(b"one")])
    other.close()
    assert vault.put_many([original(b"one")]) == 1


def test_it_is_on_disk_before_it_returns(vault):
    assert vault._db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert vault._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def _make(path, barrier, keys):
    barrier.wait()
    with Vault.create_or_open(path) as vault:
        vault.put_many([original(os.urandom(8))])
        keys.put((vault.public_key, vault.pepper))


def test_two_processes_that_begin_together_share_one_vault_and_key(path, key):
    context = multiprocessing.get_context("spawn")
    barrier, keys = context.Barrier(4), context.Queue()
    processes = [context.Process(target=_make, args=(path, barrier, keys)) for _ in range(4)]
    for process in processes:
        process.start()
    seen = {keys.get(timeout=60) for _ in processes}
    for process in processes:
        process.join()
    assert len(seen) == 1
    with Vault.open(path) as vault:
        assert len(vault.open_record("110/1", key, **WHY).split(b"\n")) >= 4


def test_the_pepper_is_of_this_vault_alone_and_stays(vault, path, tmp_path):
    with Vault.open(path) as again, Vault.create_or_open(tmp_path / "other.vault") as other:
        assert again.pepper == vault.pepper
        assert other.pepper != vault.pepper
        assert len(vault.pepper) == 32


def test_making_a_key_never_replaces_one(key):
    first = make_key(key)
    assert bytes(make_key(key)) == bytes(first)
    assert bytes(first) != bytes(PrivateKey.generate())


def test_a_key_that_cannot_be_written_is_said(path, tmp_path):
    with pytest.raises(VaultError, match="SUYUAN_VAULT_KEY"):
        Vault.create_or_open(path, tmp_path / "none" / "key")
