"""What people did by hand stands in the ledger, and stays there."""

from __future__ import annotations

import sqlite3

import pytest

from schemas.decisions import Judgement, Split
from schemas.errors import NotFound, StoreUnavailable, UsageError
from streams import ledger
from streams.pipeline import Core
from tests.streams.made_up import RECEIVED, numbered, open_owner, record, refused, tip

JUDGEMENT = Judgement(
    left="made-up/1#a", right="made-up/2#a", verdict="same", by="王警官", because="同一证件", at=RECEIVED + 5
)


@pytest.fixture
def owner(tmp_path):
    with open_owner(tmp_path) as opened:
        opened.ingest(numbered([tip(n, persons=[{"ref": "a", "name": "符玮强"}]) for n in (1, 2)]))
        yield opened


def acts(owner):
    return [(line.n, line.who, line.what, line.because) for line in ledger.read(owner.connection)]


def test_judgements_and_withdrawals_by_hand_are_written_in_order_with_who_and_why(owner):
    owner.judge(JUDGEMENT)
    owner.withdraw("made-up/1", "给错了", who="李警官")
    assert acts(owner) == [
        (1, "王警官", "judged made-up/1#a made-up/2#a same", "同一证件"),
        (2, "李警官", "withdrew made-up/1", "给错了"),
    ]
    assert ledger.read(owner.connection)[0].at == RECEIVED + 5
    assert ledger.read(owner.connection)[1].at > RECEIVED
    assert ledger.verify(owner.connection) == 2


def test_a_split_and_its_taking_back_are_one_act_each(owner):
    owner.ingest(numbered([tip(3, persons=[{"ref": "a", "name": "符玮强"}])]))
    rest = ("made-up/1#a", "made-up/3#a")
    owner.judge(Split(apart=("made-up/2#a",), rest=rest, by="王警官", because="同名", at=RECEIVED + 5))
    owner.judge(
        Judgement(
            left=rest[1], right="made-up/2#a", verdict="undone", by="李警官", because="看错", at=RECEIVED
        )
    )
    assert acts(owner) == [
        (1, "王警官", "split made-up/2#a from made-up/1#a and 1 more", "同名"),
        (2, "李警官", "judged made-up/3#a made-up/2#a undone", "看错"),
    ]


def test_what_a_source_sends_is_no_act_of_ours(owner):
    owner.ingest(numbered([record("withdrawal", 1, reported_at="2019-07-01T10:00:00+08:00")]))
    assert acts(owner) == []
    assert ledger.verify(owner.connection) == 0


def test_what_could_not_be_done_is_not_in_the_ledger(owner):
    with pytest.raises(NotFound):
        owner.withdraw("made-up/99", "给错了", who="李警官")
    with pytest.raises(UsageError):
        owner.judge(Judgement(left="x/1#a", right="x/1#a", verdict="same", by="x", because="x", at=1))
    assert acts(owner) == []


def test_an_act_whose_transaction_fails_is_not_in_the_ledger(owner, monkeypatch):
    def fails(*_):
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(Core, "_know", fails)
    for act in (lambda: owner.judge(JUDGEMENT), lambda: owner.withdraw("made-up/1", "给错了", who="李警官")):
        with pytest.raises(RuntimeError, match="the disk is gone"):
            act()
    assert acts(owner) == []
    assert owner.connection.execute("SELECT count(*) FROM judgement").fetchone() == (0,)


def test_a_withdrawal_that_is_refused_is_not_in_the_ledger(owner, monkeypatch):
    monkeypatch.setattr("streams.withdrawing.iso", lambda _: "gestern")
    with pytest.raises(NotFound, match="cannot be withdrawn: time"):
        owner.withdraw("made-up/1", "给错了", who="李警官")
    assert acts(owner) == []
    assert refused(owner) == [("time", "made-up/1")]


@pytest.mark.parametrize(
    "attack", ["UPDATE ledger SET who = '别人'", "DELETE FROM ledger", "DELETE FROM ledger WHERE n = 2"]
)
def test_the_store_refuses_to_change_the_ledger(owner, attack):
    owner.judge(JUDGEMENT)
    owner.withdraw("made-up/1", "给错了", who="李警官")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        owner.connection.execute(attack)
    assert ledger.verify(owner.connection) == 2


@pytest.mark.parametrize(
    ("attack", "message"),
    [
        ("UPDATE ledger SET because = '另一理由' WHERE n = 1", "line 1 of the ledger was changed"),
        ("UPDATE ledger SET hash = x'00' WHERE n = 2", "line 2 of the ledger was changed"),
        ("DELETE FROM ledger WHERE n = 1", "line 1 of the ledger was changed"),
        ("UPDATE ledger SET n = 9 WHERE n = 2", "line 2 of the ledger was changed"),
        ("DELETE FROM ledger WHERE n = 2", "the ledger was cut after line 1"),
        ("DELETE FROM ledger", "the ledger was cut after line 0"),
    ],
)
def test_who_goes_round_the_store_breaks_the_chain(owner, attack, message):
    owner.judge(JUDGEMENT)
    owner.withdraw("made-up/1", "给错了", who="李警官")
    owner.connection.executescript("DROP TRIGGER ledger_stands; DROP TRIGGER ledger_stays;")
    owner.connection.execute(attack)
    with pytest.raises(StoreUnavailable, match=message):
        ledger.verify(owner.connection)


def test_the_ledger_goes_on_after_a_restart(owner, tmp_path):
    owner.judge(JUDGEMENT)
    owner.close()
    with open_owner(tmp_path) as again:
        again.withdraw("made-up/1", "给错了", who="李警官")
        assert [n for n, *_ in acts(again)] == [1, 2]
