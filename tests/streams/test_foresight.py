"""A pair that waits promises alerts, and what is promised comes true when it is accepted."""

from __future__ import annotations

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from graph.sqlite.reader import SqliteReader, open_reader
from graph.sqlite.view import LIVE
from schemas.decisions import Judgement
from streams import waiting
from streams.detector import STANDING
from streams.review import Inspector
from tests.streams.made_up import record
from tests.streams.resolve.who import town
from tests.streams.test_effects import (
    BUYER,
    ID_NUMBERS,
    OTHER,
    SUPPLIER,
    deals,
    effect,
    listed,
    names_of,
    one,
    other,
    the_list_is_the_same,
)
from tests.streams.test_properties import ARRIVALS, FEW
from tests.streams.worlds import desk, small_caps, worlds


@pytest.fixture
def here():
    with town() as made:
        yield made


def seen(here, key, *people, kind="tip", **more):
    """A record that speaks of these people, each a person's fields."""
    persons = [{"ref": f"x{n}"} | each for n, each in enumerate(people)]
    here.put([record(kind, key, persons=persons, **more)])


def accept(here):
    """Accept the first pair of the list."""
    first = listed(here)[0]
    here.judge(first["a"], first["b"], "same")


def alerts_of(db):
    return {identifier: body for identifier, _, _, body, _ in db.execute(STANDING, (LIVE,))}


def alerts(here):
    return alerts_of(here.owner.connection)


# --- what is promised -------------------------------------------------------------------------------------


def test_one_of_a_case_and_one_outside_promise_an_alert_by_the_rules_title(here):
    seen(here, "inside", one(), case="2019-551")
    seen(here, "outside", other())
    (promised,) = effect(here)["foreseen"]["raises"]
    assert effect(here)["words"] == "would join no chains; would raise 1 alert (触及专案); touches no alerts"
    assert alerts(here) == {}
    accept(here)
    assert list(alerts(here)) == [promised["id"]]
    assert (promised["rule"], promised["title"]) == ("case_touched", "触及专案")


def test_two_dealers_with_a_seizure_below_each_would_be_a_nail_and_a_supplier_of_one_rules_it_out(here):
    for n, (dealer, holder) in enumerate(((one(), SUPPLIER), (other(), BUYER))):
        deals(here, f"deal{n}", dealer, holder)
        lot = {"ref": "l", "substance": "氯胺酮", "quantity": 1, "unit": "克", "held_by": "x0"}
        seen(here, f"hit{n}", holder, kind="seizure", lots=[lot], reported_at="2019-06-09T10:00:00+08:00")
    assert [each["title"] for each in effect(here)["foreseen"]["raises"]] == ["钉子"]
    deals(here, "above", "张伟", one(), day="2019-06-05")
    assert effect(here)["foreseen"]["raises"] == ()


def test_the_alert_of_the_one_whose_id_goes_is_told_of_the_other_and_is_not_new(here):
    seen(here, "a", one(), reported_at="2019-06-01T10:00:00+08:00")
    seen(here, "b", other(), case="2019-552")
    seen(here, "c", other())
    (held,) = alerts(here)
    assert effect(here)["foreseen"] == {"raises": (), "changes": (held,), "withdraws": ()}
    accept(here)
    (now,) = alerts(here)
    assert now != held


def test_an_alert_that_says_they_are_two_would_be_withdrawn(here):
    seen(here, "a", one(), case="2019-551")
    seen(here, "b", other(), case="2019-552")
    (joined,) = (key for key in alerts(here))
    assert effect(here)["foreseen"]["withdraws"] == (joined,)
    assert ", withdraw 1; touches 1 alert" in effect(here)["words"]
    accept(here)
    assert joined not in alerts(here)


def test_nothing_is_promised_where_id_numbers_keep_the_rest_of_the_two_apart(here):
    seen(here, "inside", one(id_number=ID_NUMBERS[0]), case="2019-551")
    seen(here, "outside", other(id_number=ID_NUMBERS[1]))
    assert [pair["effect"]["exclusive"] for pair in listed(here)] == [True] * len(listed(here))
    assert {pair["effect"]["foreseen"] for pair in listed(here)} <= {None}


# --- the order --------------------------------------------------------------------------------------------


def test_new_alerts_come_after_chains_and_before_alerts_that_are_touched(here):
    chain, new, touched = "13811112222", "13822223333", OTHER
    seen(here, "t1", one(phones=[touched]), case="2019-551")
    seen(here, "t2", one(phones=[touched]))
    seen(here, "t3", other(phones=[touched]))
    assert effect(here)["alerts"] == 1
    seen(here, "n1", one(phones=[new]), case="2019-553")
    seen(here, "n2", other(phones=[new]))
    deals(here, "up", SUPPLIER, one(phones=[chain]))
    deals(here, "down", other(phones=[chain]), BUYER, day="2019-06-05")
    found = [pair["effect"] for pair in listed(here)]
    assert [(each["chains"], len(each["foreseen"]["raises"]), each["alerts"]) for each in found] == [
        (1, 0, 0), (0, 1, 0), (0, 0, 1),
    ]  # fmt: skip


def test_when_the_rules_have_read_enough_the_rest_is_not_looked_at_and_says_so(here, monkeypatch):
    for n in range(3):
        seen(here, f"in{n}", one(phones=[f"1380000{n:04d}"]), case="2019-551")
        seen(here, f"out{n}", other(phones=[f"1380000{n:04d}"]))
    assert [len(pair["effect"]["foreseen"]["raises"]) for pair in listed(here)] == [1, 1, 1]
    monkeypatch.setattr(waiting, "MOST_READ", 1)
    first, *rest = (pair["effect"] for pair in listed(here))
    assert first["foreseen"]["raises"]
    assert [each["foreseen"] for each in rest] == [None, None]
    assert "what it would raise was not looked at" in rest[0]["words"]


def test_to_list_writes_nothing_and_needs_no_more_than_to_read(here):
    seen(here, "inside", one(), case="2019-551")
    seen(here, "outside", other())
    db = here.owner.connection
    before = db.total_changes
    found = listed(here)
    assert found[0]["effect"]["foreseen"]["raises"]
    assert db.total_changes == before
    with open_reader(here.folder / "world.db") as reader:
        assert Inspector(reader.connection, reader).review() == found


# --- of any world -----------------------------------------------------------------------------------------


@pytest.fixture
def caps():
    with small_caps():
        yield


@pytest.mark.usefixtures("caps")
@FEW
@given(ARRIVALS)
def test_which_pairs_are_looked_at_does_not_depend_on_the_order_of_arrival(arrival):
    kept, waiting.MOST_READ = waiting.MOST_READ, 60
    try:
        the_list_is_the_same(arrival)
    finally:
        waiting.MOST_READ = kept


def promised_and_come(case):
    """What a pair promises, and the alerts before, when it was accepted, and when that was taken back; None
    where the answer did not make the two one, or touched others too.
    """
    documents, which = case
    with desk() as made:
        made.put(documents)
        db = made.owner.connection
        pairs = Inspector(db, SqliteReader(db)).review(1000)
        waits = Inspector(db, SqliteReader(db)).waiting()
        if not pairs:
            return None
        at = which % len(pairs)
        names = names_of(SqliteReader(db))
        sides = [names[key] for key in waits[at].entities]
        states = [alerts_of(db)]
        for verdict in ("same", "undone"):
            a, b = pairs[at]["a"], pairs[at]["b"]
            made.owner.judge(Judgement(left=a, right=b, verdict=verdict, by="王警官", because="核对", at=1))
            if verdict == "same":
                now = set(names_of(SqliteReader(db)).values())
            states.append(alerts_of(db))
        if now != set(names.values()) - set(sides) | {sides[0] | sides[1]}:
            return None
        return waits[at].effect, states


PAIRS = [{"name": name, "phones": [f"1380000{n:04d}"]} for n in range(2) for name in ("符国强", "符国明")]
"""Of each phone two who may be one."""
PEOPLE = (*PAIRS, SUPPLIER, BUYER)


@st.composite
def told(draw, number):
    """A record about one or two of few people, such as every rule is about."""
    kind = draw(st.sampled_from(("tip", "tip", "seizure", "interception")))
    who = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique_by=str))
    made = record(
        kind,
        number,
        source=draw(st.sampled_from(("made-up", "made-up-too"))),
        reported_at=f"2019-06-{draw(st.integers(1, 14)):02d}T10:00:00+08:00",
        persons=[{"ref": f"p{n}"} | each for n, each in enumerate(who)],
    )
    if kind != "tip":
        made["lots"] = [{"ref": "l", "substance": "氯胺酮", "quantity": 1, "unit": "克", "held_by": "p0"}]
    elif len(who) > 1:
        made["relations"] = [{"from": "p0", "to": "p1", "kind": "supplied", "substance": "氯胺酮"}]
    if kind == "interception":
        made["checkpoint"] = draw(st.sampled_from(("xuwen-haian", "haikou-xiuying")))
        made["outcome"] = draw(st.sampled_from(("released", "seized")))
    if case := draw(st.sampled_from(("2019-551", "2020-017", None, None, None))):
        made["case"] = case
    return made


@st.composite
def affairs(draw):
    """Worlds in which nearly every pair that waits would change what the rules find."""
    return [draw(told(number)) for number in range(draw(st.integers(2, 12)))]


CASES = st.tuples(worlds() | affairs(), st.integers(0, 30))


@pytest.mark.usefixtures("caps")
@settings(FEW, max_examples=100)
@given(CASES)
def test_the_alerts_that_a_pair_promises_are_those_that_come_and_its_undoing_takes_them_back(case):
    if (found := promised_and_come(case)) is None:
        return
    effect, (before, after, again) = found
    assert again == before
    if effect.exclusive:
        assert effect.foreseen is None
        return
    foreseen = effect.foreseen
    gone, came = before.keys() - after.keys(), after.keys() - before.keys()
    raised = {each.id for each in foreseen.raises}
    of_the_other = gone & set(foreseen.changes)
    assert gone == of_the_other | set(foreseen.withdraws)
    assert raised <= came
    assert len(came) == len(raised) + len(of_the_other)
    retold = {each for each in before.keys() & after.keys() if before[each] != after[each]}
    assert retold == set(foreseen.changes) - of_the_other


@pytest.mark.usefixtures("caps")
@pytest.mark.parametrize("rule", ["case_touched", "several_lines", "corroborated_tip", "nail"])
def test_the_worlds_hold_pairs_that_promise_alerts(rule):
    """Otherwise the property above would say little."""
    more = settings(FEW, max_examples=400, derandomize=True)

    def promises(case):
        found = promised_and_come(case)
        return found is not None and rule in {each.rule for each in found[0].raised}

    find(st.tuples(affairs(), st.integers(0, 5)), promises, settings=more)
