"""The owner of a store: what an ingest reports, what a failed batch leaves, taking back and judging."""

from __future__ import annotations

import itertools
import json

import pytest

from graph.export import canonical
from graph.show import show
from graph.sqlite.reader import SqliteReader
from schemas.decisions import Judgement
from schemas.errors import InputError, NotFound, UsageError
from schemas.records import Origin
from streams import inputs, pipeline
from streams.stages.resolve import Resolver
from streams.state import OwnerState
from streams.vault.vault import Vault
from tests.streams.made_up import line, numbered, open_owner, record, tip

PHONE = "13876543210"


@pytest.fixture
def owner(tmp_path):
    with open_owner(tmp_path) as opened:
        yield opened


def known(owner):
    return list(canonical(SqliteReader(owner.connection)))


def person(number, name, **fields):
    whole = {key: fields.pop(key) for key in ("revision", "reported_at") if key in fields}
    return tip(number, persons=[{"ref": "p", "name": name} | fields], **whole)


def verdict(left, right, answer="same"):
    return Judgement(left=left, right=right, verdict=answer, by="王警官", because="核对", at=1)


# --- reports ----------------------------------------------------------------------------------------------


def test_an_ingest_reports_what_came_of_every_line(owner):
    lines = [
        person(1, "符玮强", phones=[PHONE]),
        person(1, "符玮强", phones=[PHONE]),
        person(1, "符伟强", phones=[PHONE], revision=2),
        person(2, "陈明亮"),
        record("withdrawal", 2, reported_at="2019-07-01T10:00:00+08:00"),
        b"no json",
        tip(3, purpose="health"),
        tip(3, purpose="health"),
    ]
    report = owner.ingest(numbered(lines))
    assert (report.read, report.accepted, report.duplicates, report.superseded, report.withdrawn) == (
        8,
        3,
        1,
        1,
        1,
    )
    assert report.rejected == {"json": 1, "purpose": 2}
    assert (report.entities, report.edges, report.alerts) == (2, 1, 0), "one person, one phone, one use"
    assert report.seconds > 0


def test_entities_and_edges_are_those_of_the_whole_store(owner):
    owner.ingest(numbered([person(1, "符玮强", phones=[PHONE])]))
    report = owner.ingest(numbered([person(2, "陈明亮", wechat=["wx_made_up"])]))
    assert (report.accepted, report.entities, report.edges) == (1, 4, 2)


def test_nothing_to_read_is_a_report_of_nothing(owner):
    report = owner.ingest([])
    assert (report.read, report.entities, report.edges, report.alerts) == (0, 0, 0, 0)


# --- batches ----------------------------------------------------------------------------------------------


def transactions(owner):
    return owner.connection.execute("SELECT origin, position FROM tx ORDER BY tx").fetchall()


def test_lines_are_put_in_by_batches_each_with_where_it_ended(owner):
    owner.ingest(numbered(map(tip, range(7))), batch=3)
    assert transactions(owner) == [("made-up.jsonl", 3), ("made-up.jsonl", 6), ("made-up.jsonl", 7)]


@pytest.mark.parametrize(
    ("a_look", "ends"), [(0.0, [250, 500, 600]), (1.0, [250, 302, 352, 402, 452, 502, 552, 600])]
)
def test_batches_become_smaller_where_one_takes_longer_than_anybody_should_wait(tmp_path, a_look, ends):
    """On a clock that goes on by so many seconds whenever somebody looks at it."""
    seconds = itertools.count(1_600_000_000, a_look)
    with open_owner(tmp_path, clock=lambda: int(next(seconds) * 1e6)) as owner:
        owner.ingest(numbered(map(tip, range(600))))
        assert [position for _, position in transactions(owner)] == ends


def test_a_batch_ends_before_its_bytes_are_too_many(owner, monkeypatch):
    monkeypatch.setattr(inputs, "_BATCH_BYTES", 300)
    owner.ingest(numbered([tip(n, text="长" * 60) for n in range(4)]), batch=100)
    assert [position for _, position in transactions(owner)] == [1, 2, 3, 4]


def test_where_a_message_of_a_topic_came_from_is_kept(owner):
    owner.ingest([(Origin(topic="suyuan.raw.tip", partition=0, offset=7), line(tip(1)))])
    assert transactions(owner) == [("suyuan.raw.tip", 7)]


def test_what_was_read_before_an_input_broke_is_in_the_store(owner):
    def broken():
        yield from numbered([tip(1), tip(2), tip(3)])
        raise InputError("cut short")

    with pytest.raises(InputError):
        owner.ingest(broken(), batch=2)
    assert owner.connection.execute("SELECT count(*) FROM record").fetchone() == (3,)


def test_an_input_that_breaks_at_once_changes_nothing(owner):
    def broken():
        raise InputError("not there")
        yield

    with pytest.raises(InputError):
        owner.ingest(broken())
    assert transactions(owner) == []


# --- failures ---------------------------------------------------------------------------------------------

STAGES = [
    (pipeline, "dedupe"), (pipeline, "find_copies"), (Resolver, "resolve"), (pipeline, "recluster"),
    (pipeline, "link"), (OwnerState, "flush"), (pipeline.Detector, "detect"),
]  # fmt: skip
TEXT = "有人在大同路12号金海岸酒吧后门卖笑气，每箱300元，卖家电话13800001234，请尽快来查。"
FIRST = [
    person(1, "符玮强", phones=[PHONE]), person(2, "符伟强", phones=[PHONE]), person(3, "陈明亮"),
    tip(5, text=TEXT), tip(6, text=f"转：{TEXT}"),
]  # fmt: skip
SECOND = [
    tip(7, text=f"【转办】{TEXT}", reported_at="2019-06-01T10:00:00+08:00"),
    record("withdrawal", 5, reported_at="2019-07-01T10:00:00+08:00"),
    person(3, "陈明亮", wechat=["wx_made_up"], revision=2),
    person(4, "符玮强", phones=[PHONE], birth_date="1990-03-07"),
    record("withdrawal", 2, reported_at="2019-07-01T10:00:00+08:00"),
    b"no json",
]


def memory(owner):
    state = owner.state
    return (
        state.tx, state.received, dict(state.counters), list(state.types), list(state.ent), set(state.alive),
        len(state.index), {rec: state.copies.of(rec) for rec in range(9) if rec in state.copies},
        {pid: dict(state.pairs.of(pid)) for pid in state.alive},
    )  # fmt: skip


def rows(owner):
    db = owner.connection
    tables = [n for (n,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    return {t: db.execute(f"SELECT * FROM {t}").fetchall() for t in tables if not t.startswith("search")}


@pytest.mark.parametrize(("place", "stage"), STAGES, ids=[stage for _, stage in STAGES])
def test_a_batch_that_fails_in_any_stage_leaves_store_and_memory_as_before_and_work_goes_on(
    owner, tmp_path, monkeypatch, place, stage
):
    owner.ingest(numbered(FIRST))
    before = memory(owner), rows(owner)
    plain = getattr(place, stage)

    def fails(*args, **kwargs):
        plain(*args, **kwargs)
        raise RuntimeError("in the middle")

    with monkeypatch.context() as patched:
        patched.setattr(place, stage, fails)
        with pytest.raises(RuntimeError, match="in the middle"):
            owner.ingest(numbered(SECOND))
        with pytest.raises(RuntimeError, match="in the middle"):
            owner.judge(verdict("made-up/1#p", "made-up/3#p")) if stage != "dedupe" else owner.ingest(
                numbered(SECOND)
            )
    assert (memory(owner), rows(owner)) == before
    owner.ingest(numbered(SECOND))
    (tmp_path / "undisturbed").mkdir()
    with open_owner(tmp_path / "undisturbed") as other:
        other.ingest(numbered(FIRST))
        other.ingest(numbered(SECOND))
        assert known(owner) == known(other)


def test_when_the_vault_cannot_keep_the_originals_nothing_is_written(owner, monkeypatch):
    owner.ingest(numbered(FIRST))
    before = memory(owner), rows(owner)

    def full(*_):
        raise OSError("no space")

    monkeypatch.setattr(Vault, "put_many", full)
    with pytest.raises(OSError, match="no space"):
        owner.ingest(numbered(SECOND))
    assert (memory(owner), rows(owner)) == before


def test_originals_are_in_the_vault_before_the_owners_transaction_begins(owner, monkeypatch):
    order = []
    put, run = Vault.put_many, pipeline.Core.run_batch
    monkeypatch.setattr(Vault, "put_many", lambda *args: (order.append("vault"), put(*args))[1])
    monkeypatch.setattr(pipeline.Core, "run_batch", lambda *args: (order.append("store"), run(*args))[1])
    owner.ingest(numbered([tip(1), tip(2)]), batch=1)
    assert order == ["vault", "store"] * 2


def test_a_restart_finds_the_memory_that_was_left(owner, tmp_path):
    owner.ingest(numbered(FIRST))
    owner.judge(verdict("made-up/1#p", "made-up/3#p"))
    before = memory(owner)
    owner.close()
    owner.close()  # a second time does nothing
    with open_owner(tmp_path) as again:
        assert memory(again) == before


def test_caches_that_are_emptied_between_batches_change_nothing(owner, tmp_path, monkeypatch):
    monkeypatch.setattr("streams.state._CACHED_PROFILES", 0)
    monkeypatch.setattr("streams.state._CACHED_SCORES", 0)
    owner.connection.execute("PRAGMA wal_autocheckpoint=1")
    owner.ingest(numbered(FIRST + SECOND), batch=1)
    assert owner.state._profiles == owner.state._scores == owner.state.firsts == {}
    monkeypatch.undo()
    (tmp_path / "other").mkdir()
    with open_owner(tmp_path / "other") as other:
        other.ingest(numbered(FIRST + SECOND))
        assert known(owner) == known(other)


def test_the_log_beside_the_store_does_not_grow_with_what_comes(owner, tmp_path):
    owner.ingest(numbered(map(tip, range(700))), batch=1)
    assert (tmp_path / "world.db-wal").stat().st_size < 1100 * 4096


# --- withdrawing ------------------------------------------------------------------------------------------


def test_a_withdrawal_says_what_it_changed_and_leaves_what_others_say(owner):
    owner.ingest(numbered(FIRST))
    before = known(owner)
    owner.ingest(numbered([person(4, "符苇强", phones=[PHONE])]))
    changed = owner.withdraw("made-up/4", "给错了", who="王警官")
    assert changed["record"] == "made-up/4"
    assert (changed["entities_before"], changed["entities_after"]) == (1, 1), "they are one less"
    assert changed["edges_closed"] == 1
    assert (changed["alerts_raised"], changed["alerts_withdrawn"]) == (0, 0)
    assert known(owner) == before


def test_a_withdrawal_of_the_earliest_mention_gives_the_entity_the_id_of_the_next(owner):
    owner.ingest(numbered(FIRST))
    changed = owner.withdraw("made-up/1", "给错了", who="王警官")
    assert (changed["entities_before"], changed["entities_after"]) == (1, 1)


def test_an_entity_that_loses_one_of_two_equal_mentions_is_counted(owner):
    owner.ingest(numbered([person(n, "符玮强", phones=[PHONE]) for n in (1, 2)]))
    for number, after in ((2, 1), (1, 0)):
        changed = owner.withdraw(f"made-up/{number}", "给错了", who="王警官")
        assert (changed["entities_before"], changed["entities_after"]) == (1, after)


def test_all_revisions_go_and_none_comes_back_of_itself(owner):
    owner.ingest(numbered([person(1, "符玮强"), person(1, "符伟强", revision=2)]))
    owner.withdraw("made-up/1", "给错了", who="王警官")
    owner.ingest(numbered([person(1, "符苇强", revision=3)]))
    assert known(owner) == []


@pytest.mark.parametrize("name", ["made-up/9", "made-up", "", "made-up/1#p", "other/1"])
def test_a_record_that_is_not_there_cannot_be_withdrawn(owner, name):
    owner.ingest(numbered(FIRST))
    with pytest.raises(NotFound, match="there is no record"):
        owner.withdraw(name, "给错了", who="王警官")


def test_a_withdrawn_record_cannot_be_withdrawn_again(owner):
    owner.ingest(numbered(FIRST))
    owner.withdraw("made-up/1", "给错了", who="王警官")
    with pytest.raises(NotFound, match="is withdrawn already"):
        owner.withdraw("made-up/1", "给错了", who="王警官")


def test_a_name_with_slashes_and_quotes_is_withdrawn_like_any_other(owner):
    owner.ingest(numbered([person('a/"b\\', "符玮强")]))
    assert owner.withdraw('made-up/a/"b\\', "给错了", who="王警官")["entities_after"] == 0


def test_alerts_that_stood_on_a_withdrawn_record_are_counted(owner):
    seized = record(
        "seizure", 2, case="2019-551", persons=[{"ref": "p", "name": "符玮强", "phones": [PHONE]}]
    )
    report = owner.ingest(numbered([seized, person(1, "符玮强", phones=[PHONE])]))
    assert report.alerts == 1
    assert owner.withdraw("made-up/1", "给错了", who="王警官")["alerts_withdrawn"] == 1


# --- judging ----------------------------------------------------------------------------------------------

NOTHING = {
    "entities_before": 0, "entities_after": 0, "edges_closed": 0, "alerts_raised": 0, "alerts_withdrawn": 0,
}  # fmt: skip


def test_a_judgement_says_what_it_changed(owner):
    owner.ingest(numbered(FIRST))
    changed = owner.judge(verdict("made-up/1#p", "made-up/3#p"))
    assert (changed["entities_before"], changed["entities_after"]) == (2, 1)
    assert changed == NOTHING | {"entities_before": 2, "entities_after": 1}
    again = owner.judge(verdict("made-up/3#p", "made-up/1#p", "undone"))
    assert (again["entities_before"], again["entities_after"]) == (1, 2)


@pytest.mark.parametrize("answer", ["unsure", "different", "undone"])
def test_a_judgement_that_changes_nothing_says_so(owner, answer):
    owner.ingest(numbered(FIRST))
    before = known(owner)
    assert owner.judge(verdict("made-up/1#p", "made-up/3#p", answer)) == NOTHING
    assert known(owner) == before
    assert owner.judge(verdict("made-up/1#p", "made-up/2#p", "same")) == NOTHING, "they are one already"


def test_a_judgement_that_parts_two_equal_mentions_says_what_it_changed(owner):
    owner.ingest(numbered([person(n, "符玮强", phones=[PHONE]) for n in (1, 2)]))
    changed = owner.judge(verdict("made-up/1#p", "made-up/2#p", "different"))
    assert changed == NOTHING | {"entities_before": 1, "entities_after": 2}


def test_a_mention_is_not_judged_against_itself(owner):
    with pytest.raises(UsageError, match="about two"):
        owner.judge(verdict("made-up/1#p", "made-up/1#p"))


def test_a_person_is_not_judged_to_be_a_vehicle(owner):
    owner.ingest(numbered([person(1, "符玮强"), tip(2, vehicles=[{"ref": "v", "plate": "琼A12345"}])]))
    with pytest.raises(UsageError, match="a person and a vehicle are never one"):
        owner.judge(verdict("made-up/1#p", "made-up/2#v"))
    assert owner.connection.execute("SELECT count(*) FROM judgement").fetchone() == (0,)


def test_records_read_anew_for_a_judgement_say_the_same_as_before(owner):
    owner.ingest(
        numbered([tip(1, text="电话13876543210，琼A12345", persons=[{"ref": "p", "name": "符玮强"}])])
    )
    owner.ingest(numbered([person(2, "陈明亮")]))
    before = known(owner)
    owner.judge(verdict("made-up/1#p", "made-up/2#p", "unsure"))
    assert known(owner) == before
    (body,) = {
        json.dumps(json.loads(b), sort_keys=True)
        for (b,) in owner.connection.execute(
            "SELECT body FROM log JOIN record USING (rec) WHERE name = 'made-up/1'"
        )
    }
    assert "符玮强" in json.loads(body)["persons"][0]["name"]


def test_what_is_odd_about_a_record_is_kept_and_shown_with_it(owner):
    check = record(
        "interception", 1, checkpoint="某临时卡口",
        persons=[{"ref": "p", "name": "符玮强", "phones": ["12345678901"], "birth_date": "1990/6/3"}],
        vehicles=[{"ref": "v", "plate": "琼A12O45", "driver": "p"}],
    )  # fmt: skip
    owner.ingest(numbered([check, person(2, "陈明亮")]))
    reader = SqliteReader(owner.connection)
    assert show(reader, "made-up/1")["flags"] == [
        "unknown_checkpoint", "suspect_value:p.phone", "suspect_value:p.birth_date", "suspect_value:v.plate",
    ]  # fmt: skip
    assert show(reader, "made-up/1")["body"]["persons"][0]["birth_date"] == "1990/6/3"
    assert show(reader, "made-up/2")["flags"] == []


def test_fields_that_nobody_knows_are_counted_in_the_flags_and_stay_when_a_judgement_reads_anew(owner):
    owner.ingest(numbered([person(1, "符玮强") | {"wetter": "Regen"}, person(2, "陈明亮", zodiac="鼠")]))
    owner.judge(verdict("made-up/1#p", "made-up/2#p"))
    reader = SqliteReader(owner.connection)
    for number in (1, 2):
        assert show(reader, f"made-up/{number}")["flags"] == ["unknown_fields:1"]
