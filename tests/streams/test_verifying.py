"""Deliveries that a text tells without being sure wait for a person, and count when one confirmed them."""

from __future__ import annotations

import pytest

from graph.export import canonical
from graph.show import show
from graph.sqlite.reader import SqliteReader
from schemas.decisions import Verification
from schemas.errors import NotFound
from streams import ledger
from streams.review import Inspector
from streams.said import Word
from streams.verified import Verifications, verifications
from streams.verifying import Verifier
from tests.streams.made_up import RECEIVED, tip
from tests.streams.resolve.who import town
from tests.streams.stages.said import Said

UNSURE = "我老婆说符小满把5克冰毒卖给林海生"
OTHER = "我老公说符小满把5克冰毒卖给林海生"
"""Its people stand where those of the other stand, so its claim has the same key."""
WORD = Word(by="王警官", because="见笔录", at=RECEIVED)


@pytest.fixture
def here():
    with town() as made:
        yield made


def waiting(here):
    reader = SqliteReader(here.owner.connection)
    return Inspector(here.owner.connection, reader).deliveries()


def claims(here):
    return [each.claim for each in waiting(here)]


def exported(here):
    return list(canonical(SqliteReader(here.owner.connection)))


def deliveries(here):
    reader = SqliteReader(here.owner.connection)
    return [edge for edge in reader.all_edges() if edge.type == "supplied"]


def say(here, claim, verdict, word=WORD):
    return here.owner.verify(Verifier(here.owner.connection).answer(claim, verdict, word))


def undo(here, claim):
    return here.owner.verify(Verifier(here.owner.connection).undo(claim, WORD))


def confirmed(here):
    reader = SqliteReader(here.owner.connection)
    return [reader.confirmation(edge.id) for edge in deliveries(here)]


# --- what waits -------------------------------------------------------------------------------------------


def test_what_a_text_tells_without_being_sure_waits_and_is_nowhere_in_the_graph(here):
    here.put([tip(1, text=UNSURE)])
    (one,) = waiting(here)
    assert (one.supplier, one.recipient, one.record) == ("符小满", "林海生", "made-up/1")
    assert one.around == UNSURE.replace(one.said, f"【{one.said}】")
    assert (UNSURE[one.start : one.end], one.said[-3:]) == (one.said, "林海生")
    assert (one.substance, one.quantity, one.unit) == ("methamphetamine", 5.0, "克")
    assert 0 < one.score < 1
    reader = SqliteReader(here.owner.connection)
    assert list(reader.all_entities()) == []
    assert list(reader.all_edges()) == []


def test_the_surest_come_first_and_the_list_ends_at_the_limit(here):
    texts = [UNSURE, "老板符小满跟林海生很熟，冰毒也卖给他", "符小满、陈大勇先后卖冰毒给林海生、王小明"]
    here.put([tip(n, text=text) for n, text in enumerate(texts)])
    scores = [one.score for one in waiting(here)]
    assert len(set(scores)) > 1
    assert scores == sorted(scores, reverse=True)
    reader = SqliteReader(here.owner.connection)
    assert Inspector(here.owner.connection, reader).deliveries(2) == waiting(here)[:2]


def test_a_long_text_shows_what_stands_around_the_clause(here):
    before, behind = (
        "大同路的老住户都知道这两户人家多年以来一直在来往。",
        "。其余情况本人完全不了解，请派人到现场核实清楚再作处理。",
    )
    here.put([tip(1, text=before + UNSURE + behind)])
    (one,) = waiting(here)
    whole = before + UNSURE + behind
    at = whole.index(one.said)
    assert one.around == f"…{whole[at - 20 : at]}【{one.said}】{behind[:20]}…"


def test_copies_of_one_text_wait_once_with_the_one_that_was_told_first(here):
    long = f"大同路12号金海岸酒吧后门半夜才开门，旁边有2个人望风，都戴黑色帽子。{UNSURE}，收了900元"
    days = {"b": "05", "a": "04", "c": "06"}
    here.put([tip(key, text=long, reported_at=f"2019-06-{day}T10:00:00+08:00") for key, day in days.items()])
    (first,) = claims(here)
    assert first.startswith("made-up/a#")
    say(here, first.replace("/a#", "/c#"), "refuted")
    assert claims(here) == []
    undo(here, first.replace("/a#", "/c#"))
    here.owner.withdraw("made-up/a", "给错了", who="王警官")
    assert [claim.partition("#")[0] for claim in claims(here)] == ["made-up/b"]


def test_what_was_merged_of_two_tips_waits_with_neither_of_them_again(here):
    one = f"大同路12号金海岸酒吧后门半夜才开门，旁边有2个人望风，都戴黑色帽子。{UNSURE}，收了900元"
    two = (
        "三亚市望潮路55号3栋202室有陌生人深夜搬运钢瓶，邻居很担心。我老婆说王小明把大麻卖给陈大勇，收了300元"
    )
    texts = (one, two, f"{one}。另外，{two}")
    here.put(
        [tip(n, text=text, reported_at=f"2019-06-0{n}T10:00:00+08:00") for n, text in enumerate(texts, 1)]
    )
    reader = SqliteReader(here.owner.connection)
    assert [len(reader.record(f"made-up/{n}").copies) for n in (1, 2)] == [1, 1]
    assert {claim.partition("#")[0] for claim in claims(here)} == {"made-up/1", "made-up/2"}
    assert len(claims(here)) == 2


def test_a_withdrawn_tip_no_longer_waits(here):
    here.put([tip(1, text=UNSURE)])
    here.owner.withdraw("made-up/1", "给错了", who="王警官")
    assert waiting(here) == []


# --- answers ----------------------------------------------------------------------------------------------


def test_what_is_confirmed_is_drawn_and_says_who_confirmed_it_and_why(here):
    here.put([tip(1, text=UNSURE, grade={"source": "B", "information": 2})])
    (claim,) = claims(here)
    changed = say(here, claim, "confirmed")
    assert (changed["entities_before"], changed["entities_after"]) == (0, 2)
    (edge,) = deliveries(here)
    assert (edge.basis, edge.records, edge.substance) == ("text", ("made-up/1",), "methamphetamine")
    verifier = Verifier(here.owner.connection)
    assert verifier.drawn(verifier.answer(claim, "unsure", WORD)) == edge.id
    shown = show(SqliteReader(here.owner.connection), edge.id)
    assert shown["confirmed"] == {"by": "王警官", "because": "见笔录", "at": "2023-11-15T06:13:20+08:00"}
    assert waiting(here) == []


def test_what_is_confirmed_is_as_sure_as_if_a_field_said_so(here):
    people = [{"ref": "a", "name": "陈大勇"}, {"ref": "b", "name": "王小明"}]
    relation = {"from": "a", "to": "b", "kind": "supplied", "substance": "冰毒"}
    here.put([tip(1, text=UNSURE), tip(2, persons=people, relations=[relation])])
    say(here, claims(here)[0], "confirmed")
    assert len({edge.confidence for edge in deliveries(here)}) == 1
    assert len(deliveries(here)) == 2


def test_people_of_the_fields_are_who_the_confirmed_delivery_is_about(here):
    here.put([tip(1, text=UNSURE, persons=[{"ref": "a", "name": "符小满", "phones": ["13800001234"]}])])
    reader = SqliteReader(here.owner.connection)
    before = reader.resolve("made-up/1#a")
    say(here, claims(here)[0], "confirmed")
    (edge,) = deliveries(here)
    assert edge.source == reader.public_id(*before)


@pytest.mark.parametrize("verdict", ["refuted", "unsure"])
def test_what_is_refuted_or_cannot_be_said_waits_no_longer_and_is_not_drawn(here, verdict):
    here.put([tip(1, text=UNSURE)])
    before = exported(here)
    say(here, claims(here)[0], verdict)
    here.restart()
    assert waiting(here) == []
    assert exported(here) == before


def test_the_last_answer_counts_and_taking_it_back_brings_back_the_one_before(here):
    here.put([tip(1, text=UNSURE)])
    before, (claim,) = exported(here), claims(here)
    say(here, claim, "confirmed")
    drawn = exported(here)
    say(here, claim, "refuted")
    assert exported(here) == before
    undo(here, claim)
    assert exported(here) == drawn
    undo(here, claim)
    assert (exported(here), claims(here)) == (before, [claim])
    with pytest.raises(NotFound, match="nothing that anybody said"):
        undo(here, claim)


def test_an_edge_names_the_last_who_confirmed_it(here):
    here.put([tip(1, text=UNSURE)])
    (claim,) = claims(here)
    for by in ("王警官", "李警官"):
        say(here, claim, "confirmed", Word(by=by, because="核对", at=RECEIVED))
    assert [word.by for word in confirmed(here)] == ["李警官"]


def test_every_answer_is_an_act_of_the_ledger(here):
    here.put([tip(1, text=UNSURE)])
    (claim,) = claims(here)
    say(here, claim, "confirmed")
    undo(here, claim)
    assert [(line.who, line.what, line.because) for line in ledger.read(here.owner.connection)] == [
        ("王警官", f"judged {claim} confirmed", "见笔录"),
        ("王警官", f"judged {claim} undone", "见笔录"),
    ]


@pytest.mark.parametrize("claim", ["made-up/1#text@0-1", "made-up/9#text@4-13", "made-up/1#@4-7"])
def test_what_does_not_wait_is_not_answered(here, claim):
    here.put([tip(1, text=UNSURE)])
    with pytest.raises(NotFound, match="no live tip tells"):
        say(here, claim, "confirmed")


def test_a_view_as_of_an_earlier_moment_knows_nothing_of_what_was_confirmed_later(here):
    here.put([tip(1, text=UNSURE)])
    moment, before = here.owner.state.received, exported(here)
    say(here, claims(here)[0], "confirmed")
    assert list(canonical(SqliteReader(here.owner.connection, moment))) == before


# --- revisions, withdrawals, other judgements -------------------------------------------------------------


def later(number, **more):
    return tip(number, revision=2, reported_at="2019-07-01T10:00:00+08:00", **more)


def test_a_revision_with_another_text_makes_the_answer_void_and_with_the_same_text_it_stands(here):
    here.put([tip(1, text=UNSURE), tip(2, text=UNSURE)])
    assert text_key(OTHER) == text_key(UNSURE)
    for number in (1, 2):
        say(here, f"made-up/{number}#{text_key(UNSURE)}", "confirmed")
    here.put([later(1, text=OTHER), later(2, text=UNSURE, case="2019-551")])
    assert [edge.records for edge in deliveries(here)] == [("made-up/2",)]
    assert [each.partition("#")[0] for each in claims(here)] == ["made-up/1"]


def test_an_answer_about_a_withdrawn_tip_can_be_taken_back_and_counts_again_when_it_returns(here):
    for number in (1, 2):
        here.put([tip(number, text=UNSURE, reported_at=f"2019-06-0{number}T10:00:00+08:00")])
        claim = f"made-up/{number}#{text_key(UNSURE)}"
        say(here, claim, "confirmed")
        here.owner.withdraw(f"made-up/{number}", "给错了", who="王警官")
    undo(here, claim)
    back = "2023-11-15T12:00:00+08:00"
    here.put([tip(n, text=UNSURE, revision=2, reported_at=back) for n in (1, 2)])
    assert [edge.records for edge in deliveries(here)] == [("made-up/1",)]


def text_key(text):
    (claim,) = Said(text=text).derived.waiting
    return claim.key


def test_a_judgement_about_a_person_of_a_confirmed_delivery_leaves_it_drawn(here):
    here.put([tip(n, text=UNSURE, persons=[{"ref": "a", "name": "符小满"}]) for n in (1, 2)])
    for number in (1, 2):
        say(here, f"made-up/{number}#{text_key(UNSURE)}", "confirmed")
    here.judge("made-up/1#a", "made-up/2#a", "same")
    here.judge("made-up/1#a", "made-up/2#a", "undone")
    assert [word.by for word in confirmed(here)] == ["王警官", "王警官"]


def test_what_was_confirmed_survives_a_restart(here):
    here.put([tip(1, text=UNSURE)])
    say(here, claims(here)[0], "confirmed")
    before = exported(here)
    here.restart()
    here.put([tip(1, text=UNSURE)])
    assert exported(here) == before
    here.owner.withdraw("made-up/1", "给错了", who="王警官")
    assert deliveries(here) == []


def test_words_are_append_only(here):
    here.put([tip(1, text=UNSURE)])
    say(here, claims(here)[0], "confirmed")
    for change in ("UPDATE verification SET by = 'x'", "DELETE FROM verification"):
        with pytest.raises(Exception, match="append-only"):
            here.owner.connection.execute(change)


def test_an_undoing_where_nothing_stands_says_nothing(here):
    undone, confirmed_later = (
        Verification(record="a/1", key="text@0-3", text="", verdict=verdict, by="x", because="y", at=1)
        for verdict in ("undone", "confirmed")
    )
    words = Verifications([undone, confirmed_later])
    assert words.confirmed("a/1", "") == (confirmed_later,)
    words.say(undone)
    words.say(undone)
    assert words.confirmed("a/1", "") == ()
    assert verifications(here.owner.connection).records() == set()
