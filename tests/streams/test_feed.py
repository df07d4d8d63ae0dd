"""The change feed: any world can be rebuilt from it, from the beginning or from where one stopped."""

from __future__ import annotations

import json
from collections import Counter
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from graph.sqlite import happened, known, placed
from graph.sqlite.feed import Feed, parts
from graph.sqlite.reader import SqliteReader
from schemas.changes import ROWS, Change, decode, encode
from schemas.decisions import Judgement
from tests.graph.mirror import Mirror, known_to
from tests.streams.worlds import desk, small_caps, worlds

pytestmark = pytest.mark.usefixtures("caps")

FEW = settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
HISTORIES = st.tuples(
    worlds(most=14),
    st.integers(1, 6),
    st.lists(
        st.tuples(st.sampled_from(("same", "different", "undone")), st.integers(0, 13), st.integers(0, 13)),
        max_size=4,
    ),
)
"""Records, how many a batch, and judgements on their first persons, one after each batch."""


@pytest.fixture
def caps():
    with small_caps():
        yield


def live_through(one, history):
    """Puts a history into a store; yields after every transaction."""
    documents, batch, judgements = history
    judgements = list(judgements)
    for start in range(0, len(documents), batch):
        one.put(documents[start : start + batch])
        yield
        if judgements:
            verdict, left, right = judgements.pop()
            pair = f"made-up/{left}#p0", f"made-up/{right}#p0"
            if left != right:
                one.owner.judge(
                    Judgement(left=pair[0], right=pair[1], verdict=verdict, by="王警官", because="核对", at=1)
                )
                yield


def follows_every_step(history):
    """A mirror kept up to date knows after each transaction what the store knows then."""
    with desk() as one:
        mirror = Mirror()
        for _ in live_through(one, history):
            mirror.apply(Feed(one.owner.connection).since(mirror.seq))
            assert mirror.known() == known_to(SqliteReader(one.owner.connection))


def is_the_same_whenever_it_is_read(history):
    with desk() as one:
        seen: list[Change] = []
        for _ in live_through(one, history):
            seen += Feed(one.owner.connection).since(seen[-1].seq if seen else 0)
        assert list(Feed(one.owner.connection).since(0)) == seen


@FEW
@given(HISTORIES)
def test_whoever_applies_each_change_knows_what_the_store_knows(history):
    follows_every_step(history)


@FEW
@given(HISTORIES)
def test_a_change_is_the_same_whether_it_is_read_at_once_or_later(history):
    is_the_same_whenever_it_is_read(history)


@FEW
@given(HISTORIES, st.lists(st.integers(0, 20), max_size=3), st.integers(600, 3000))
def test_any_split_of_the_feed_and_any_size_of_parts_gives_the_same(history, stops, part_bytes):
    with desk() as one:
        for _ in live_through(one, history):
            pass
        whole = Mirror().apply(Feed(one.owner.connection).since(0))
        split = Mirror()
        for stop in [*sorted(stops), None]:
            for change in Feed(one.owner.connection, part_bytes).since(split.seq):
                if stop is not None and change.seq > stop:
                    break
                split.apply([change])
        assert split.known() == whole.known()
        assert split.mentions == whole.mentions


FAULTS = [
    (follows_every_step, placed, "_MOVED_FACTS"),
    (follows_every_step, placed, "_CLOSED_FACTS"),
    (follows_every_step, happened, "_LEFT"),
    (follows_every_step, happened, "_CLOSED_ALERTS"),
    (follows_every_step, happened, "_COPIES"),
    (follows_every_step, happened, "_COPIES_LOST"),
    (follows_every_step, happened, "_VALUES_LIVED"),
]


@pytest.mark.parametrize(
    ("holds", "module", "statement"), FAULTS, ids=[statement for _, _, statement in FAULTS]
)
def test_the_property_fails_when_the_feed_forgets_something(holds, module, statement):
    def breaks(history):
        with patch.object(module, statement, f"SELECT * FROM ({getattr(module, statement)}) LIMIT 0"):
            try:
                holds(history)
            except (AssertionError, KeyError):
                return True
            return False

    looking = settings(FEW, max_examples=300, phases=[Phase.generate], database=None, derandomize=True)
    try:
        find(HISTORIES, breaks, settings=looking)
    except NoSuchExample:
        pytest.fail(f"nothing notices that {statement} finds nothing")


def test_what_a_store_of_version_six_told_of_records_is_passed_over_and_stops_nobody():
    row = [1, "a/1", "tip", 1, 0, 0, "a", "460100", *[None] * 6, 77, True, True, "{}", None, None]
    told = {"store": "a", "epoch": 1, "seq": 1, "after": 0, "received": 0, "records": [row]}
    assert decode(json.dumps(told).encode()).records == ()


def test_a_label_that_depends_on_how_often_a_name_is_used_is_told_when_it_changes():
    """With the shortcut for settled labels only, the second record would not make a new label known."""
    person = {"ref": "p0", "phones": ["13800000001"], "id_number": "460100199001010019"}
    tips = [
        {
            "kind": "tip", "source": "made-up", "source_id": str(n), "region": "460100",
            "reported_at": f"2019-06-0{n}T10:00:00+08:00", "persons": [{**person, "name": name}],
        }
        for n, name in enumerate(("符玮强", "符伟强", "符伟强"), 1)
    ]  # fmt: skip
    with desk() as one:
        for tip in tips:
            one.put([tip])
        told = [
            [row.label for row in change.entities if row.type == "person"]
            for change in Feed(one.owner.connection).since(0)
        ]
    assert told[0] == ["符玮强"]
    assert told[-1] == ["符伟强"]
    with patch.object(known, "settled_label", lambda _: "林"), desk() as one:
        for tip in tips:
            one.put([tip])
        assert (
            known_to(SqliteReader(one.owner.connection))
            != Mirror().apply(Feed(one.owner.connection).since(0)).known()
        )


def test_a_history_with_everything_in_it_makes_rows_of_every_kind():
    seen: Counter[str] = Counter()

    def counted(history):
        with desk() as one:
            for _ in live_through(one, history):
                pass
            for change in Feed(one.owner.connection).since(0):
                seen.update({name: len(getattr(change, name)) for name in ROWS})
        return all(seen[name] for name in ROWS)

    try:
        find(HISTORIES, counted, settings=settings(FEW, max_examples=400, phases=[Phase.generate]))
    except NoSuchExample:
        pytest.fail(f"never seen: {[name for name in ROWS if not seen[name]]}")


def test_parts_hold_no_more_bytes_than_a_message_may_and_each_row_once():
    documents = [
        {
            "kind": "tip", "source": "made-up", "source_id": str(n), "region": "460100",
            "reported_at": "2019-06-01T10:00:00+08:00", "text": "线索" * 300,
        }
        for n in range(40)
    ]  # fmt: skip
    with desk() as one:
        one.put(documents)
        (whole,) = Feed(one.owner.connection).since(0)
        few = list(parts(whole, 20_000))
        assert len(few) > 2
        assert [part.part for part in few] == list(range(1, len(few) + 1))
        assert {part.parts for part in few} == {len(few)}
        assert max(len(encode(part)) for part in few) <= 20_000
        for name in ROWS:
            assert getattr(whole, name) == tuple(row for part in few for row in getattr(part, name))
        assert all(decode(encode(part)) == part for part in few)


def test_a_transaction_that_changed_nothing_is_told_all_the_same():
    """Else a gap could not be told from silence."""
    record = {
        "kind": "tip", "source": "made-up", "source_id": "1", "region": "460100",
        "reported_at": "2019-06-01T10:00:00+08:00",
    }  # fmt: skip
    with desk() as one:
        one.put([record])
        one.put([record])
        first, second = Feed(one.owner.connection).since(0)
        assert (first.after, second.after) == (0, first.seq)
        assert second.rows() == 0


def test_two_stores_never_bear_one_name_and_an_owner_begins_with_the_first_epoch():
    with desk() as one, desk() as other:
        feeds = Feed(one.owner.connection), Feed(other.owner.connection)
        assert feeds[0].store != feeds[1].store
        assert [feed.epoch for feed in feeds] == [1, 1]
        one.owner.connection.execute("UPDATE meta SET value = 7 WHERE key = 'epoch'")
        one.put(
            [
                {
                    "kind": "tip", "source": "made-up", "source_id": "1", "region": "460100",
                    "reported_at": "2019-06-01T10:00:00+08:00",
                }
            ]
        )  # fmt: skip
        (change,) = feeds[0].since(0)
        assert (change.store, change.epoch) == (feeds[0].store, 7)
