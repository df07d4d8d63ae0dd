"""Copies of tips in a store: told as such, counted once, and judged anew when tips come and go."""

from __future__ import annotations

import pytest

from graph.alerts import read_alerts
from graph.show import show
from graph.sqlite.reader import SqliteReader
from schemas.decisions import Judgement
from tests.streams.made_up import numbered, open_owner, record, tip
from tests.streams.worlds import known

PHONE, OTHER = "13800001234", "13900005678"
SAID = f"有人在大同路12号金海岸酒吧后门卖笑气，每箱300元，卖家电话{PHONE}，车牌琼A12345，请尽快来查。"
WITNESSED = f"昨晚看见两个男的从琼A77777上搬笑气进巷子口的小卖部，听说要找{PHONE}订货，一次至少十箱。"
SEEN = f"【转办】{SAID}"


def told(number, text=SAID, day=3, **more):
    return tip(number, text=text, reported_at=f"2019-06-{day:02d}T10:00:00+08:00", **more)


def seizure(number=90):
    """Goods in the hands of somebody with the phone, found later and by others."""
    return record(
        "seizure", number, source="bureau", reported_at="2019-06-20T10:00:00+08:00",
        persons=[{"ref": "p", "name": "林小满"}, {"ref": "q", "phones": [PHONE]}],
        lots=[{"ref": "l", "substance": "笑气", "quantity": 5, "unit": "支", "held_by": "p"}],
    )  # fmt: skip


def withdrawal(number):
    return record("withdrawal", number, reported_at="2019-07-01T10:00:00+08:00")


@pytest.fixture
def owner(tmp_path):
    with open_owner(tmp_path) as opened:
        yield opened


def put(owner, *documents):
    for document in documents:
        report = owner.ingest(numbered([document]))
        assert not report.rejected


def shown(owner, number):
    return show(SqliteReader(owner.connection), f"made-up/{number}")


def corroborated(owner):
    """The alert that a tip about the phone was borne out: how many tips it counts, and which are copies."""
    (alert,) = [
        each for each in read_alerts(SqliteReader(owner.connection)) if each.rule == "corroborated_tip"
    ]
    return alert


def tips_counted(owner):
    return corroborated(owner).reasons[0].partition(" 条举报线索")[0]


def test_a_forwarded_tip_says_of_which_it_is_a_copy_and_the_first_names_it(owner):
    put(owner, told(1, day=3), told(2, SEEN, day=5))
    assert shown(owner, 2)["copy_of"] == [{"record": "made-up/1", "known_by": "made-up/1", "alike": 1.0}]
    assert shown(owner, 1)["copies"] == ["made-up/2"]


def test_a_forwarded_tip_does_not_corroborate_and_another_witness_does(owner):
    put(owner, told(1, day=3), told(2, SEEN, day=5), seizure())
    assert tips_counted(owner) == "1"
    assert any(
        "1 条线索与其他线索文本相同或相近（made-up/2）" in each for each in corroborated(owner).against
    )
    put(owner, told(3, WITNESSED, day=6, channel="phone"))
    assert tips_counted(owner) == "2"


def test_who_told_first_is_judged_by_when_it_was_reported_and_not_by_its_arrival(owner):
    put(owner, told(2, SEEN, day=5), told(7, SAID, day=4), told(1, day=4))
    assert shown(owner, 1)["copies"] == ["made-up/7", "made-up/2"], "told at once, the first by name is first"


def test_when_the_first_is_taken_back_the_next_one_counts_and_its_alert_says_so(owner):
    put(owner, told(1, day=3), told(2, SEEN, day=5), told(3, f"{SAID}谢谢", day=6), seizure())
    assert corroborated(owner).records == ("made-up/1", "bureau/90")
    put(owner, withdrawal(1))
    assert corroborated(owner).records == ("made-up/2", "bureau/90")
    assert shown(owner, 3)["copy_of"][0]["record"] == "made-up/2"
    assert "copy_of" not in shown(owner, 2)
    assert "copies" not in shown(owner, 1)


def test_a_copy_that_is_revised_into_a_tip_of_its_own_counts(owner):
    put(owner, told(1, day=3), told(2, SEEN, day=5), seizure())
    assert tips_counted(owner) == "1"
    put(owner, told(2, WITNESSED, day=5, revision=2))
    assert tips_counted(owner) == "2"
    assert "copy_of" not in shown(owner, 2)


def test_what_makes_a_tip_a_copy_may_come_long_after_it_and_is_looked_at_again(owner):
    """The alert counted two; then the one comes that both were made of."""
    ends = SAID.split("，")
    put(owner, told(1, "，".join(ends[:3]), day=3), told(2, "，".join(ends[1:]), day=5), seizure())
    apart = {number: shown(owner, number).get("copy_of") for number in (1, 2)}
    put(owner, told(3, day=2))
    assert apart == {1: None, 2: None}
    assert shown(owner, 3)["copies"] == ["made-up/1", "made-up/2"]
    put(owner, withdrawal(3))
    assert {number: shown(owner, number).get("copy_of") for number in (1, 2)} == apart


def test_what_was_known_of_copies_earlier_stays_to_be_seen(owner):
    put(owner, told(2, SEEN, day=5))
    then = owner.state.received
    put(owner, told(1, day=3))
    assert show(SqliteReader(owner.connection, then), "made-up/2").get("copy_of") is None
    assert shown(owner, 2)["copy_of"][0]["record"] == "made-up/1"


def test_what_was_merged_of_two_tips_counts_with_the_one_that_spoke_of_the_same(owner):
    """By when it was told it is a copy of another first, of which the number knows nothing."""
    about_others = "三亚市望潮路55号3栋202室有陌生人深夜搬运钢瓶，车牌粤B88K21，邻居都很担心出事，请速派人。"
    put(owner, told(1, about_others, day=2), told(2, day=3), told(3, f"{about_others}另外，{SAID}", day=4))
    put(owner, seizure())
    assert [each["record"] for each in shown(owner, 3)["copy_of"]] == ["made-up/1", "made-up/2"]
    assert tips_counted(owner) == "1"
    assert shown(owner, 1)["copies"] == shown(owner, 2)["copies"] == ["made-up/3"]


def copies(owner):
    found = {}
    for rec, *each in owner.connection.execute(
        "SELECT rec, first, known_by, alike FROM copy WHERE closed = 1 << 62 ORDER BY c"
    ):
        found[rec] = (*found.get(rec, ()), tuple(each))
    assert {rec: owner.state.copies.of(rec) for rec in found} == found
    return found


def test_a_store_that_is_opened_again_knows_the_same_copies_and_goes_on(tmp_path):
    with open_owner(tmp_path) as owner:
        put(owner, told(1, day=3), told(2, SEEN, day=5), told(3, f"{SAID}谢谢", day=6), withdrawal(1))
        before = copies(owner)
        assert before
    with open_owner(tmp_path) as owner:
        assert copies(owner) == before
        assert len(owner.state.copies) == 2
        put(owner, told(4, day=1))
        assert shown(owner, 4)["copies"] == ["made-up/2", "made-up/3"]


def test_a_judgement_that_reads_the_first_anew_leaves_its_copies_its_copies(owner):
    persons = [{"ref": "p", "name": "符玮强", "phones": [OTHER]}]
    put(owner, told(1, day=3, persons=persons), told(2, SEEN, day=5), tip(4, persons=persons))
    before = shown(owner, 2)["copy_of"]
    owner.judge(
        Judgement(
            left="made-up/1#p", right="made-up/4#p", verdict="different", by="王警官", because="核对", at=1
        )
    )
    assert shown(owner, 2)["copy_of"] == before
    assert shown(owner, 1)["copies"] == ["made-up/2"]
    assert copies(owner)


def test_the_channel_counts_the_same_whatever_the_order_in_which_tips_came():
    """What is told twice over one channel is sooner a copy than over two."""
    tips = [told(n, SAID[: 60 + 4 * n], day=n + 1, channel=("app", "phone")[n % 2]) for n in range(5)]
    assert known(tips, 1) == known(tips[::-1], 2) == known(tips)
