"""The owner behind a log, without Kafka: the same knowledge as from a file, whatever comes twice or fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from graph.export import canonical
from graph.sqlite.reader import SqliteReader
from schemas.decisions import Consolidation, Decision, Judgement, Split, Verification
from schemas.errors import UsageError, VaultError
from schemas.ids import text_digest
from schemas.records import Message, Origin
from streams import ledger, pipeline
from streams.embedded import Owner
from streams.handover import Handover
from streams.ledger import withdrew
from streams.outbox import Outbox
from streams.pipeline import run_front
from streams.serving import Arrival, Server
from streams.takeover import Published
from streams.vault.sealing import seal
from streams.vault.vault import Vault
from tests.streams.made_up import RECEIVED, line, numbered, open_owner, record, ticking, tip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

PHONE = "13800000001"
LOG = "suyuan.claims"
RAW = "suyuan.raw.tip"
LEARNED = (("name.homophone", 1.5),)


def person(number: int, name: str, **more):
    return tip(number, persons=[{"ref": "p", "name": name, **more}])


FIRST = [person(1, "符玮强", phones=[PHONE]), person(2, "符伟强", phones=[PHONE]), person(3, "陈明亮")]
SECOND = [
    person(4, "陈明亮", phones=["13800000002"]),
    record("withdrawal", 1, reported_at="2019-06-04T10:00:00+08:00"),
    record("seizure", 5, persons=[{"ref": "p", "name": "王建国", "phones": [PHONE]}]),
]


class Front:
    """What intake workers do, without Kafka: every document one message of the log."""

    def __init__(self, vault: Path) -> None:
        with Vault.create_or_open(vault) as opened:
            self.public_key, self.pepper = opened.public_key, opened.pepper
        self.log: list[Arrival] = []

    def put(self, documents: Sequence[dict | bytes]) -> list[Arrival]:
        added = []
        for document in documents:
            body = document if isinstance(document, bytes) else line(document)
            offset = len(self.log)
            origin = Origin(topic=RAW, partition=3, offset=100 + offset)
            front = run_front([Message(body=body, origin=origin, received=RECEIVED + offset)], self.pepper)
            handover = Handover(
                outcome=[*front.prepared, *front.refused][0],
                worker="intake-1",
                received=RECEIVED + offset,
                sealed=tuple(seal(front.secret, self.public_key)),
                vault=self.public_key,
            )
            added.append(Arrival(offset=offset, handover=handover))
            self.log.append(added[-1])
        return added

    def judge(self, judgement: Decision | Verification | Consolidation) -> list[Arrival]:
        handover = Handover(outcome=judgement, worker="cli", received=judgement.at)
        self.log.append(Arrival(offset=len(self.log), handover=handover))
        return self.log[-1:]


@pytest.fixture
def front(tmp_path: Path) -> Front:
    return Front(tmp_path / "world.vault")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path) as opened:
        yield opened


def serving(folder: Path, name: str = "world.db") -> Server:
    server = Server.open(folder / name, vault=folder / "world.vault", clock=ticking())
    server.take_over(None, "made-up-store")
    return server


def known(owner) -> list[bytes]:
    return list(canonical(SqliteReader(owner.connection)))


def rows(server: Server) -> list[tuple]:
    tables = ("record", "mention", "edge", "assign", "outbox", "input", "provenance", "tx", "refusal")
    return [row for name in tables for row in server.connection.execute(f"SELECT * FROM {name}")]


def same(left: str, right: str) -> Judgement:
    return Judgement(left=left, right=right, verdict="same", by="test", because="test", at=RECEIVED + 10**6)


# --- in ---------------------------------------------------------------------------------------------------


def test_a_log_in_front_gives_the_same_knowledge_as_a_file(server, front, tmp_path):
    (tmp_path / "file").mkdir()
    with open_owner(tmp_path / "file") as owner:
        owner.ingest(numbered(FIRST + SECOND))
        taken = server.take(LOG, 0, front.put(FIRST + SECOND))
        assert known(server) == known(owner)
    assert taken.counts["accepted"] == 5
    assert taken.counts["withdrawn"] == 1


def test_batches_of_one_give_the_same_as_one_batch(server, front, tmp_path):
    for arrival in front.put(FIRST + SECOND):
        server.take(LOG, 0, [arrival])
    with serving(tmp_path, "other.db") as other:
        other.take(LOG, 0, front.log)
        assert known(server) == known(other)


def test_messages_that_were_taken_before_are_skipped(server, front):
    server.take(LOG, 0, front.put(FIRST))
    before = rows(server)
    taken = server.take(LOG, 0, front.log)
    assert (taken.skipped, sum(taken.counts.values())) == (3, 0)
    assert rows(server) == before


def test_what_is_new_in_a_batch_that_comes_again_is_taken(server, front):
    server.take(LOG, 0, front.put(FIRST))
    front.put(SECOND)
    taken = server.take(LOG, 0, front.log)
    assert (taken.skipped, taken.counts["accepted"]) == (3, 2)
    assert server.next_offset(LOG, 0) == 6


def test_a_restart_goes_on_where_the_store_is_and_not_where_the_log_is(server, front, tmp_path):
    server.take(LOG, 0, front.put(FIRST))
    server.close()
    with serving(tmp_path) as again:
        assert again.next_offset(LOG, 0) == 3
        assert again.next_offset(LOG, 1) == 0, "of another partition nothing is known"


@pytest.mark.parametrize("stage", ["dedupe", "recluster", "link"])
def test_a_batch_that_fails_leaves_no_trace_and_is_taken_when_it_comes_again(
    server, front, tmp_path, monkeypatch, stage
):
    server.take(LOG, 0, front.put(FIRST))
    before = rows(server)

    def broken(*_):
        raise RuntimeError("made to fail")

    with monkeypatch.context() as patched:
        patched.setattr(pipeline, stage, broken)
        with pytest.raises(RuntimeError, match="made to fail"):
            server.take(LOG, 0, front.put(SECOND))
    assert rows(server) == before
    assert server.next_offset(LOG, 0) == 3
    server.take(LOG, 0, front.log[3:])
    with serving(tmp_path, "other.db") as undisturbed:
        undisturbed.take(LOG, 0, front.log)
        assert known(server) == known(undisturbed)


def test_originals_are_in_the_vault_and_only_its_key_opens_them(server, front, tmp_path):
    server.take(LOG, 0, front.put(FIRST[:1]))
    with Vault.open(tmp_path / "world.vault") as vault:
        opened = vault.open_record("made-up/1", tmp_path / "world.vault.key", because="test", who="test")
    assert opened == line(FIRST[0])


def test_what_was_sealed_to_another_vault_is_not_taken(server, tmp_path):
    (tmp_path / "else").mkdir()
    stranger = Front(tmp_path / "else" / "world.vault")
    with pytest.raises(VaultError, match="another vault"):
        server.take(LOG, 0, stranger.put(FIRST))
    assert rows(server) == []


def test_refusals_of_the_front_stand_in_the_list_with_where_they_came_from(server, front):
    taken = server.take(LOG, 0, front.put([b"{", tip(1)]))
    assert taken.refused == {"json": 1}
    ((reason, origin),) = server.connection.execute("SELECT reason, origin FROM refusal").fetchall()
    assert (reason, origin) == ("json", '{"topic":"suyuan.raw.tip","partition":3,"offset":100}')


def test_every_record_says_which_worker_prepared_it_and_from_where(server, front):
    server.take(LOG, 0, front.put(FIRST[:2]))
    found = server.connection.execute("SELECT * FROM provenance ORDER BY rec").fetchall()
    assert found == [(1, "intake-1", RAW, 3, 100), (2, "intake-1", RAW, 3, 101)]


def test_where_a_record_came_from_survives_its_reading_anew(server, front):
    server.take(LOG, 0, front.put(FIRST))
    server.take(LOG, 0, front.judge(same("made-up/1#p", "made-up/3#p")))
    processed = SqliteReader(server.connection).record("made-up/3").processed
    assert (processed.worker, processed.topic, processed.partition, processed.offset) == (
        "intake-1", RAW, 3, 102,
    )  # fmt: skip


def test_a_judgement_in_the_log_is_taken_in_its_place(server, front, tmp_path):
    front.put(FIRST)
    front.judge(same("made-up/1#p", "made-up/3#p"))
    front.put(SECOND)
    server.take(LOG, 0, front.log)
    assert server.next_offset(LOG, 0) == 7
    with serving(tmp_path, "other.db") as other:
        for arrival in front.log:
            other.take(LOG, 0, [arrival])
        assert known(other) == known(server)
    assert server.connection.execute("SELECT count(*) FROM judgement").fetchone() == (1,)
    assert server.connection.execute("SELECT count(*) FROM ledger").fetchone() == (1,)


def test_a_split_in_the_log_holds_and_makes_the_same_store_again(server, front, tmp_path):
    alike = {"name": "符玮强", "phones": ["13876543210"]}
    front.put([tip(n, persons=[{"ref": "p", **alike}]) for n in (1, 2, 3)])
    names = [f"made-up/{n}#p" for n in (1, 2, 3)]
    front.judge(Split(apart=(names[1],), rest=(names[0], names[2]), by="x", because="y", at=RECEIVED + 10**6))
    front.put([tip(4, persons=[{"ref": "p", **alike}])])
    server.take(LOG, 0, front.log)
    reader = SqliteReader(server.connection)
    assert reader.resolve(names[0]) == reader.resolve("made-up/4#p") != reader.resolve(names[1])
    assert server.connection.execute("SELECT count(*) FROM ledger").fetchone() == (1,)
    with serving(tmp_path, "other.db") as other:
        for arrival in front.log:
            other.take(LOG, 0, [arrival])
        assert known(other) == known(server)


def test_another_model_in_the_log_is_taken_in_its_place_and_makes_the_same_store_again(
    server, front, tmp_path
):
    born = {"hukou": "460106", "gender": "male", "birth_date": "1990"}
    front.put([person(1, "欧阳景澄", **born), person(2, "欧阳景程", **born)])
    server.take(LOG, 0, front.log)
    apart = known(server)
    at = RECEIVED + 10**6
    given = [
        Consolidation(weights=weights, by="x", because="y", at=at) for weights in (LEARNED, None, LEARNED)
    ]
    server.take(LOG, 0, front.judge(given[0]))
    joined = known(server)
    assert joined != apart
    server.take(LOG, 0, front.judge(given[1]))
    assert known(server) == apart
    front.judge(given[2])
    front.put([person(3, "欧阳景成", **born)])
    server.take(LOG, 0, front.log)
    with serving(tmp_path, "again.db") as again:
        again.take(LOG, 0, front.log)
        assert known(again) == known(server)
        assert [each.what for each in ledger.read(again.connection)] == [
            "consolidated name.homophone +1.5",
            "took back the last consolidation",
            "consolidated name.homophone +1.5",
        ]
        assert sum(len(change.profiles_joined) for change in again.changes() if not change.records) == 3


UNSURE = "我老婆说符小满把冰毒卖给林海生"


def word(number: int, verdict: str) -> Verification:
    """A word about what that tip tells."""
    return Verification(
        record=f"made-up/{number}", key="text@4-12", text=text_digest(UNSURE), verdict=verdict, by="王警官",
        because="核对", at=RECEIVED + 10**6,
    )  # fmt: skip


def test_a_word_in_the_log_about_what_a_text_tells_is_taken_in_its_place_and_makes_the_same_store_again(
    server, front, tmp_path
):
    front.judge(word(2, "confirmed"))
    front.put([tip(1, text=UNSURE), tip(2, text=UNSURE)])
    server.take(LOG, 0, front.log)
    assert supplied(server) == ["made-up/2"]
    server.take(LOG, 0, front.judge(word(1, "confirmed")))
    server.take(LOG, 0, front.judge(word(2, "undone")))
    assert supplied(server) == ["made-up/1"]
    with serving(tmp_path, "again.db") as again:
        again.take(LOG, 0, front.log)
        assert known(again) == known(server)
        assert [each.what.rpartition(" ")[2] for each in ledger.read(again.connection)] == [
            "confirmed", "confirmed", "undone",
        ]  # fmt: skip
    (tmp_path / "file").mkdir()
    with open_owner(tmp_path / "file") as owner:
        owner.ingest(numbered([tip(1, text=UNSURE), tip(2, text=UNSURE)]))
        owner.verify(word(1, "confirmed"))
        assert known(owner) == known(server)


def supplied(server: Server) -> list[str]:
    edges = SqliteReader(server.connection).all_edges()
    return [edge.records[0] for edge in edges if edge.type == "supplied"]


def test_a_judgement_that_cannot_be_is_passed_over(server, front):
    front.put([person(1, "符玮强"), tip(2, vehicles=[{"ref": "v", "plate": "琼A12345"}])])
    front.judge(same("made-up/1#p", "made-up/2#v"))
    front.judge(same("made-up/1#p", "made-up/1#p"))
    front.judge(
        Split(apart=("made-up/1#p",), rest=("made-up/2#v",), by="x", because="y", at=RECEIVED + 10**6)
    )
    front.judge(Split(apart=(), rest=("made-up/1#p",), by="x", because="y", at=RECEIVED + 10**6))
    server.take(LOG, 0, front.log)
    assert server.next_offset(LOG, 0) == 6
    assert server.connection.execute("SELECT count(*) FROM judgement").fetchone() == (0,)


def test_who_took_a_record_back_by_hand_stands_in_the_ledger(server, front):
    front.put(FIRST)
    (arrival,) = front.put([record("withdrawal", 1, reported_at="2019-06-04T10:00:00+08:00")])
    act = withdrew("made-up/1", who="王警官", because="记错了", at=RECEIVED)
    front.log[-1] = replace(arrival, handover=replace(arrival.handover, act=act))
    front.put(SECOND)
    server.take(LOG, 0, front.log)
    (said,) = ledger.read(server.connection)
    assert (said.who, said.what, said.because) == ("王警官", "withdrew made-up/1", "记错了")
    assert not SqliteReader(server.connection).record("made-up/1").live


def test_a_store_that_a_log_feeds_is_not_written_to_past_the_log(server, front, tmp_path):
    server.take(LOG, 0, front.put(FIRST))
    server.close()
    with pytest.raises(UsageError, match="--to kafka"):
        Owner.open(tmp_path / "world.db", vault=tmp_path / "world.vault", clock=ticking())
    serving(tmp_path).close()


# --- out --------------------------------------------------------------------------------------------------


CONFLICT = [tip(1, text="甲"), tip(1, text="乙")]


def test_a_conflict_is_told_and_so_is_every_alert(server, front):
    server.take(LOG, 0, front.put(CONFLICT))
    (letter,) = server.letters()
    assert (letter.topic, letter.key) == ("suyuan.rejected", "made-up/1")


def test_letters_stay_until_they_arrived(server, front, tmp_path):
    server.take(LOG, 0, front.put(CONFLICT))
    letters = server.letters()
    server.close()
    with serving(tmp_path) as again:
        assert again.letters() == letters, "after a crash they are told again, under the same numbers"
        again.letters_arrived(letters)
        assert again.letters() == []
        again.take(LOG, 0, front.put([tip(1, text="丙")]))
        assert again.letters()[0].seq > letters[0].seq, "a number never comes back"


def test_an_embedded_owner_writes_no_letters_that_nobody_takes(tmp_path):
    with open_owner(tmp_path) as owner:
        owner.ingest(numbered(CONFLICT))
        assert Outbox(owner.connection).waiting() == []


def test_every_transaction_is_one_change_that_names_the_one_before(server, front):
    for arrival in front.put(FIRST):
        server.take(LOG, 0, [arrival])
    found = [(change.store, change.epoch, change.seq, change.after) for change in server.changes()]
    assert found == [("made-up-store", 2, n, n - 1) for n in (1, 2, 3)]


def test_changes_that_arrived_are_not_given_again(server, front):
    server.take(LOG, 0, front.put(FIRST))
    *_, last = server.changes()
    server.changes_arrived(last.seq)
    assert list(server.changes()) == []
    server.take(LOG, 0, front.put(SECOND))
    assert [change.seq for change in server.changes()] == [2]


# --- taking over ------------------------------------------------------------------------------------------


def published(server: Server, seq: int, *, store: str = "made-up-store", epoch: int = 7) -> list[int]:
    server.take_over(Published(store=store, epoch=epoch, seq=seq), "another-name")
    return [change.seq for change in server.changes()]


def test_an_owner_goes_on_after_the_last_change_that_is_out(server, front):
    for arrival in front.put(FIRST):
        server.take(LOG, 0, [arrival])
    assert published(server, 2) == [3]
    (change,) = server.changes()
    assert (change.store, change.epoch) == ("made-up-store", 8), "its epoch is above all that are out"


def test_epochs_grow_even_when_nothing_is_out(server, tmp_path):
    server.close()
    epochs = []
    for _ in range(2):
        with serving(tmp_path) as again:
            epochs.append(
                again.connection.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()[0]
            )
    assert epochs == [3, 4]


def test_a_store_put_back_from_a_copy_begins_a_history_of_its_own(server, front):
    server.take(LOG, 0, front.put(FIRST))
    assert published(server, 40) == [1]
    assert {change.store for change in server.changes()} == {"another-name"}


def test_a_store_that_another_reigned_after_is_told_from_the_beginning(server, front):
    server.take(LOG, 0, front.put(FIRST))
    assert published(server, 1, store="of-somebody-else") == [1]
    assert {change.store for change in server.changes()} == {"another-name"}
