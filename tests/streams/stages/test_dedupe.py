"""New, newer, known already, taken back: the fate of a record is a function of what arrived of it."""

from __future__ import annotations

import itertools

import pytest

from graph.sqlite.view import LIVE
from schemas.times import instant
from tests.streams.made_up import numbered, open_owner, record, tip


@pytest.fixture
def owner(tmp_path):
    with open_owner(tmp_path) as opened:
        yield opened


def put(owner, *documents, batch=100):
    return owner.ingest(numbered(documents), batch=batch)


def alive(owner):
    """Name and revision of each record that lives."""
    return set(
        owner.connection.execute(
            "SELECT name, revision FROM record WHERE closed = ? AND opened < closed", (LIVE,)
        ).fetchall()
    )


def revision(number, *, day=3, **fields):
    return tip(
        1, revision=number, reported_at=f"2019-06-{day:02d}T10:00:00+08:00", text=f"第{number}次", **fields
    )


def withdrawal(day, **fields):
    return record("withdrawal", 1, reported_at=f"2019-06-{day:02d}T10:00:00+08:00", **fields)


def test_a_record_that_is_new_lives(owner):
    report = put(owner, tip(1), tip(2))
    assert (report.read, report.accepted, report.duplicates) == (2, 2, 0)
    assert alive(owner) == {("made-up/1", 1), ("made-up/2", 1)}


def test_the_same_again_has_no_effect_but_a_receipt(owner):
    put(owner, tip(1))
    report = put(owner, tip(1), tip(1))
    assert (report.accepted, report.duplicates, report.superseded) == (0, 2, 0)
    assert alive(owner) == {("made-up/1", 1)}
    receipts = owner.connection.execute("SELECT rec, outcome FROM receipt ORDER BY receipt").fetchall()
    assert receipts == [(1, "duplicate"), (1, "duplicate")]


def test_the_same_twice_in_one_batch_is_one_record(owner):
    report = put(owner, tip(1), tip(1))
    assert (report.accepted, report.duplicates) == (1, 1)


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
@pytest.mark.parametrize("batch", [1, 3])
def test_the_highest_revision_lives_whatever_the_order(owner, order, batch):
    report = put(owner, *map(revision, order), batch=batch)
    assert alive(owner) == {("made-up/1", 3)}
    assert (report.accepted, report.superseded) == (3, 2)


@pytest.mark.parametrize("again", [1, 2])
def test_a_revision_with_other_content_is_a_conflict_and_the_first_stands(owner, again):
    put(owner, revision(1), revision(2))
    before = owner.connection.execute("SELECT rec, digest FROM record ORDER BY rec").fetchall()
    report = put(owner, revision(again, unit="另一内容"), batch=1)
    assert report.rejected == {"conflict": 1}
    assert owner.connection.execute("SELECT rec, digest FROM record ORDER BY rec").fetchall() == before


def test_two_contents_in_one_batch_conflict_and_the_first_stands(owner):
    report = put(owner, revision(1), revision(1, unit="另一内容"))
    assert (report.accepted, report.rejected) == (1, {"conflict": 1})


def test_another_kind_under_one_name_is_a_conflict_even_as_a_higher_revision(owner):
    put(owner, tip(1))
    report = put(owner, record("seizure", 1, revision=2))
    assert report.rejected == {"conflict": 1}
    assert alive(owner) == {("made-up/1", 1)}


def test_what_conflicted_once_is_off_the_list_when_it_is_the_same_as_what_stands(owner):
    put(owner, revision(1), revision(1, unit="另一内容"))
    assert owner.connection.execute("SELECT count(*) FROM refusal").fetchone() == (1,)
    put(owner, revision(1))
    assert owner.connection.execute("SELECT count(*) FROM refusal").fetchone() == (1,)


# --- withdrawals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("batch", [1, 3])
def test_a_withdrawal_takes_back_what_was_reported_until_then_whatever_the_order(owner, order, batch):
    arriving = [revision(1, day=3), withdrawal(5), revision(2, day=4)]
    put(owner, *(arriving[at] for at in order), batch=batch)
    assert alive(owner) == set()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("batch", [1, 3])
def test_a_later_revision_brings_a_withdrawn_record_back_whatever_the_order(owner, order, batch):
    arriving = [revision(1, day=3), withdrawal(5), revision(2, day=6)]
    put(owner, *(arriving[at] for at in order), batch=batch)
    assert alive(owner) == {("made-up/1", 2)}


def test_only_the_highest_revision_counts_against_a_withdrawal(owner):
    put(owner, revision(2, day=3), revision(1, day=9), withdrawal(5))
    assert alive(owner) == set()


def test_a_record_reported_at_the_moment_of_its_withdrawal_is_withdrawn(owner):
    put(owner, revision(1, day=5), withdrawal(5))
    assert alive(owner) == set()


def test_the_latest_withdrawal_counts(owner):
    put(owner, withdrawal(9), withdrawal(4), revision(1, day=7))
    assert alive(owner) == set()


def test_withdrawals_before_1970_count_too(owner):
    put(owner, tip(1, reported_at="1960-01-01T00:00:00+08:00"))
    put(owner, record("withdrawal", 1, reported_at="1961-01-01T00:00:00+08:00"))
    assert alive(owner) == set()


def test_the_same_withdrawal_again_is_a_duplicate(owner):
    report = put(owner, revision(1), withdrawal(5), withdrawal(5), withdrawal(5, reason="另一理由"))
    assert (report.accepted, report.withdrawn, report.duplicates) == (1, 2, 1)
    assert put(owner, withdrawal(5)).duplicates == 1


def test_a_withdrawal_is_no_other_kind_of_its_record(owner):
    assert put(owner, withdrawal(1), revision(1)).rejected == {}
    assert alive(owner) == {("made-up/1", 1)}


def test_a_withdrawal_touches_its_own_record_only(owner):
    put(owner, tip(1), tip("1/x"), tip(11))
    put(owner, withdrawal(29))
    assert alive(owner) == {("made-up/1/x", 1), ("made-up/11", 1)}


# --- what is written --------------------------------------------------------------------------------------


def test_what_was_never_live_is_kept_and_opens_nothing(owner):
    put(owner, revision(2))
    put(owner, revision(1))
    opened, closed = owner.connection.execute(
        "SELECT opened, closed FROM record WHERE revision = 1"
    ).fetchone()
    assert opened == closed == 2
    mentions = owner.connection.execute("SELECT count(*) FROM mention").fetchone()
    assert mentions == (0,)
    assert owner.connection.execute("SELECT count(*) FROM log").fetchone() == (2,)


def test_a_record_is_written_with_what_the_registers_said_of_it(owner):
    put(
        owner,
        record(
            "interception", 1, case="公安部2019-551号", checkpoint="秀英港", outcome="released",
            operation="断梢行动", grade={"source": "B", "information": 2}, region="460105",
        ),
    )  # fmt: skip
    row = owner.connection.execute(
        "SELECT kind, reported, source, region, case_no, operation, line, checkpoint, outcome, grade"
        " FROM record"
    ).fetchone()
    assert row == (
        "interception", instant("2019-06-03T21:14:00+08:00"), "made-up", "460105", "2019-551", "断梢行动", 2,
        "haikou-xiuying", "released", "B2",
    )  # fmt: skip


def test_receipts_keep_their_order(owner):
    put(owner, tip(1))
    put(owner, tip(1))
    put(owner, tip(1))
    first = owner.connection.execute("SELECT received FROM log").fetchone()
    later = owner.connection.execute("SELECT received FROM receipt ORDER BY receipt").fetchall()
    assert [first, *later] == sorted({first, *later})
    assert len(later) == 2
