"""Acts by hand from the command line: who said what before, and two people at once."""

from __future__ import annotations

import threading
from itertools import count
from typing import TYPE_CHECKING

import pytest

from schemas.errors import StoreLocked, UsageError
from streams import bootstrap
from streams.cli.deciding import Deciding, Merging, carry_out
from streams.cli.ingest import To
from streams.embedded import Owner
from tests.streams.deeds import judgement

if TYPE_CHECKING:
    from streams.by_hand import Hand
    from streams.said import Word
    from tests.streams.cli.small_store import Suyuan

PAIR = ("460100-110/t-1#p1", "460100-xyg/c-88#r")
APART = ("460100-jd/s-5#u", "460100-xyg/c-88#d")
WANG = ("--by", "王警官", "--because", "见笔录")
LI = ("--by", "李警官", "--because", "看错了")


def test_an_answer_tells_whose_it_takes_the_place_of(own: Suyuan):
    assert own.one("review", "reject", *PAIR, *WANG)["instead_of"] is None
    before = own.one("review", "accept", *PAIR, *LI)["instead_of"]
    assert (before["verdict"], before["by"], before["because"]) == ("different", "王警官", "见笔录")
    assert "王警官" not in own.text("review", "reject", *APART, *LI)
    assert "same: 看错了" in own.text("review", "unsure", *PAIR, *WANG)


def test_an_undoing_tells_what_it_took_back_and_what_counts_now(own: Suyuan):
    own.text("review", "accept", *PAIR, *WANG)
    own.text("review", "reject", *PAIR, *LI)
    told = own.one("review", "undo", *PAIR, *WANG)
    assert (told["taken_back"]["by"], told["taken_back"]["verdict"]) == ("李警官", "different")
    assert (told["stands"]["by"], told["stands"]["verdict"]) == ("王警官", "same")
    shown = own.text("review", "undo", *PAIR, *LI)
    assert "same: 见笔录" in shown
    assert "stands" not in shown


def test_what_was_taken_back_by_mistake_is_said_again_and_counts_again(own: Suyuan):
    own.text("review", "split", PAIR[0], PAIR[1], *WANG)
    parted = own.text("export", "--canonical")
    act = own.one("review", "undo", *PAIR, *LI)["taken_back"]
    own.text("review", "split", act["rest"][0], *act["apart"], *WANG)
    assert own.text("export", "--canonical") == parted


# --- two people at once -----------------------------------------------------------------------------------


class Slow(Merging):
    """A merge that tells when it was first decided."""

    def __init__(self, a: str, b: str) -> None:
        super().__init__(a, b)
        self.decided = threading.Event()

    def decide(self, hand: Hand, word: Word):
        decision = super().decide(hand, word)
        self.decided.set()
        return decision


def meanwhile(own: Suyuan, verdict: str | None) -> list[object]:
    """A merge that is decided while another holds the store, who says something before he lets it go."""
    deed, ends = Slow(*APART), []

    def run() -> None:
        try:
            ends.append(carry_out(deed, Deciding("王警官", "见笔录", To.STORE, str(own.store), as_json=True)))
        except UsageError as error:
            ends.append(error)

    clock = count(bootstrap.now())
    with Owner.open(own.store, clock=lambda: next(clock)) as other:
        merging = threading.Thread(target=run)
        merging.start()
        assert deed.decided.wait(30)
        if verdict is not None:
            other.judge(judgement(*APART, verdict))
    merging.join(30)
    return ends


def test_an_act_waits_for_that_of_another(own: Suyuan):
    (changed,) = meanwhile(own, None)
    assert (changed["entities_before"], changed["entities_after"]) == (2, 1)


def test_what_another_said_meanwhile_counts(own: Suyuan):
    (refused,) = meanwhile(own, "different")
    assert "a judgement keeps the two apart" in str(refused)
    assert [each["what"].rpartition(" ")[2] for each in own.lines("ledger")] == ["different"]


def test_whoever_writes_for_longer_is_not_waited_for(own: Suyuan, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bootstrap, "PATIENCE", 0.0)
    with Owner.open(own.store, clock=bootstrap.now):
        refused = own("review", "accept", *APART, *WANG)
    assert refused.exit_code == 1
    assert "another process writes" in refused.stderr
    assert StoreLocked.__name__ not in refused.stderr
