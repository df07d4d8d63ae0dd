"""Who gave a tip stands in the vault, sealed, and in clear in no byte of anything else that is written."""

from __future__ import annotations

import base64
import json
import sqlite3
import traceback
from contextlib import closing

import pytest
from nacl.public import PublicKey, SealedBox

from schemas.errors import VaultError
from schemas.records import Message
from streams.pipeline import run_front
from streams.vault.vault import Vault
from tests.streams import canary
from tests.streams.canary import bad, files_that_tell, found_in, good, texts_that_tell
from tests.streams.cli.small_store import Suyuan
from tests.streams.made_up import line, numbered, open_owner, refused, tip


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A folder `desk` with a store into which everything went by command, and all that was printed."""
    folder = tmp_path_factory.mktemp("canary")
    (folder / "desk").mkdir()
    lines = [line(document) for document in good()] + list(bad().values())
    (folder / "in.jsonl").write_bytes(b"\n".join(lines))
    suyuan = Suyuan(folder / "desk" / "world.db")
    done = suyuan("ingest", str(folder / "in.jsonl"), "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert set(report["rejected"]) == set(bad()), report
    return folder / "desk", suyuan, [done.output]


def test_the_search_finds_every_piece_in_every_form():
    for piece in canary.PIECES:
        for form in (
            piece.encode(),
            piece.encode("utf-16"),
            piece.encode("gb18030"),
            json.dumps([piece]).encode(),
            canary.wide(piece).encode(),
            canary.spaced(piece, " - ").encode(),
            piece.encode().hex().encode(),
            *(base64.b64encode(b"x" * n + piece.encode() + b"yyy") for n in range(3)),
        ):
            assert piece in found_in(b"\0some\xffbytes" + form + b"\0more"), (piece, form)
    assert found_in("林小满在酒吧卖冰毒 13800001234".encode()) == []


def test_an_open_store_with_its_logs_holds_no_byte_of_the_tipster(tmp_path):
    with open_owner(tmp_path) as owner:
        owner.ingest(numbered([*good(), *bad().values()]), batch=3)
        assert (tmp_path / "world.db-wal").stat().st_size > 0
        assert files_that_tell(tmp_path) == {}
        owner.withdraw("made-up/said-0", "给错了号码", who="王警官")
        owner.retry_refused(tmp_path / "world.vault.key", who="王警官")
        assert files_that_tell(tmp_path) == {}
    assert files_that_tell(tmp_path) == {}


def test_each_reason_is_refused_for_itself_and_tells_nothing(tmp_path):
    with open_owner(tmp_path) as owner:
        owner.ingest(numbered(good()))
        for reason, body in bad().items():
            owner.ingest(numbered([body]))
            assert refused(owner)[-1][0] == reason
        row = b" ".join(str(each).encode() for each in owner.connection.execute("SELECT * FROM refusal"))
        assert found_in(row) == []


COMMANDS = (
    ("find", "林小满"),
    ("find", "13800001234", "--json"),
    ("show", "made-up/said-0"),
    ("show", "made-up/said-0", "--json"),
    ("show", "made-up/person", "--json"),
    ("show", "made-up/unknown", "--json"),
    ("show", "made-up/gone"),
    ("show", "made-up/none"),
    ("alerts",),
    ("alerts", "--json"),
    ("entities",),
    ("entities", "--json"),
    ("trace", "made-up/person#q", "--json"),
    ("trace", "林小满", "--down"),
    ("explain", "made-up/said-0#p", "made-up/person#q"),
    ("explain", "made-up/person#q", "--json"),
    ("review", "--json"),
    ("rejected",),
    ("rejected", "--json"),
    ("rejected", "retry"),
    ("export", "--canonical"),
    ("export", "--format", "jsonl"),
    ("export", "--format", "graphml"),
    ("export", "--format", "cypher"),
    ("vault", "verify"),
    ("review", "accept", "made-up/said-0#p", "made-up/person#q", "--by", "王警官", "--because", "核对"),
    ("export", "--canonical"),
    ("review", "split", "made-up/said-0#p", "made-up/person#q", "--by", "王警官", "--because", "核对"),
    ("review", "merge", "made-up/said-0#p", "made-up/person#q", "--by", "王警官", "--because", "核对"),
    ("review", "undo", "made-up/said-0#p", "made-up/person#q", "--by", "王警官", "--because", "核对"),
    ("ledger",),
    ("withdraw", "made-up/person", "--because", "给错了号码"),
    ("show", "made-up/person"),
    ("alerts", "--json"),
)


def test_no_command_prints_or_writes_anything_of_the_tipster(told):
    desk, suyuan, printed = told
    pair = ("made-up/said-0#p", "made-up/person#q")
    printed.append(suyuan("explain", *pair, "--svg", str(desk / "why.svg")).output)
    assert (desk / "why.svg").exists()
    for words in COMMANDS:
        done = suyuan(*words)
        assert done.exception is None or isinstance(done.exception, SystemExit), words
        printed.append(done.output)
    for form in ("csv", "jsonl", "graphml", "cypher"):
        printed.append(suyuan("export", "--format", form, "--out", str(desk / f"export-{form}")).output)
    printed.append(suyuan("trace", "made-up/person#q", "--out", str(desk / "chain.svg")).output)
    assert len(list(desk.rglob("*"))) >= 9
    assert texts_that_tell(printed) == []
    assert files_that_tell(desk) == {}


def test_nobody_is_found_under_what_belongs_to_the_tipster(told):
    _, suyuan, _ = told
    for value in (*canary.VALUES, canary.NAME[1:], canary.PHONE[-4:]):
        done = suyuan("find", value, "--json")
        assert done.stdout.strip() == "", value


def test_the_words_by_which_the_store_is_searched_hold_nothing_of_the_tipster(told):
    desk, _, _ = told
    with closing(sqlite3.connect(f"file:{desk / 'world.db'}?mode=ro", uri=True)) as db:
        db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'search', 'row')")
        words = [word for (word,) in db.execute("SELECT term FROM temp.words")]
    assert any("13800001234" in word for word in words)
    assert texts_that_tell(words) == []


def test_the_key_opens_what_was_sealed_and_the_opening_is_audited_with_its_reason(told):
    desk, suyuan, _ = told
    assert (desk / "world.vault.key").stat().st_mode & 0o777 == 0o600
    done = suyuan("vault", "open", "made-up/said-0", "--because", "核实举报奖励", "--by", "王警官")
    assert done.exit_code == 0
    assert set(canary.VALUES) <= set(found_in(done.stdout.encode()))
    assert json.loads(done.stdout.splitlines()[0])["reporter"] == canary.REPORTER
    with Vault.open(desk / "world.vault") as vault:
        last = vault.audit()[-1]
    assert (last.who, last.what, last.because) == ("王警官", "made-up/said-0", "核实举报奖励")


def test_a_key_that_others_may_read_opens_nothing(tmp_path):
    with open_owner(tmp_path) as owner:
        owner.ingest(numbered([tip(1, reporter=canary.REPORTER)]))
    key = tmp_path / "world.vault.key"
    key.chmod(0o640)
    with Vault.open(tmp_path / "world.vault") as vault:
        with pytest.raises(VaultError, match="chmod 600"):
            vault.open_record("made-up/1", key, because="核实", who="王警官")
        assert vault.audit() == []


def test_a_reporter_that_its_sender_sealed_is_kept_sealed_and_can_be_opened(tmp_path):
    with open_owner(tmp_path) as owner:
        with Vault.open(tmp_path / "world.vault") as vault:
            box = SealedBox(PublicKey(vault.public_key)).encrypt(json.dumps(canary.REPORTER).encode())
        owner.ingest(numbered([tip(1, text=canary.TOLD, reporter_sealed=base64.b64encode(box).decode())]))
    assert files_that_tell(tmp_path) == {}
    with Vault.open(tmp_path / "world.vault") as vault:
        clear = vault.open_record("made-up/1", tmp_path / "world.vault.key", because="核实", who="王警官")
    assert json.loads(clear.split(b"\n")[1]) == canary.REPORTER


def test_what_a_traceback_may_show_of_a_record_names_no_value_of_the_tipster(tmp_path):
    with open_owner(tmp_path) as owner:
        owner._vault._db.execute("PRAGMA query_only = ON")  # the first thing that is written fails
        with pytest.raises(VaultError) as caught:
            owner.ingest(numbered(good()))
        assert texts_that_tell(traceback.format_exception(caught.value)) == []
        assert owner.connection.execute("SELECT count(*) FROM record").fetchone() == (0,)
    messages = [Message(body=body, origin=origin, received=1) for origin, body in numbered(good())]
    assert texts_that_tell([repr(messages), repr(run_front(messages, b"pepper"))]) == []
