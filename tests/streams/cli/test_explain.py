"""What `explain` prints of explanations that a small store does not hold."""

from __future__ import annotations

import pytest
from msgspec import structs
from rich.cells import cell_len

from schemas.explanations import Act, EntityExplanation, Join, Likeness, Mentioned, Named, TakenBack
from streams.cli.explain import print_entity, print_pair
from streams.explain.words import act_en
from tests.streams.explain.made import evidence, explained

SAID = Act("made-up/1#x", "made-up/3#x", "same", "王警官", "核对笔录", "2023-11-14T08:00:00+08:00")
A, B = "made-up/1#x", "made-up/2#x"


@pytest.fixture
def printed(capsysbinary, monkeypatch):
    """What a call prints, on a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(call, *args):
        call(*args)
        return capsysbinary.readouterr().out.decode()

    return run


def join(**more):
    return Join(**{"a": A, "b": B, "outcome": "joined", "left": 1, "right": 2} | more)


def entity(**more):
    fields = {
        "entity": "per-a", "label": "符玮强", "type": "person", "profiles": (likeness(1),), "joins": (),
        "judgements": (), "nearest": (),
    }  # fmt: skip
    return EntityExplanation(**fields | more)


def likeness(mentions):
    named = (
        Mentioned(f"made-up/{n}#x", f"made-up/{n}", "tip", "2019-06-03T21:14:00+08:00")
        for n in range(mentions)
    )
    return Likeness("符玮强", tuple(named))


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (join(judgement=SAID), "judged: 王警官, 2023-11-14, same: 核对笔录"),
        (join(best=24.0, mean=22.0, value=23.0), "½·24 + ½·22 = 23 ≥ 20, joined"),
        (join(best=24.0, mean=1.0, value=12.5, outcome="guard"), "½·24 + ½·1 = 12.5 < 20, not joined"),
        (join(best=24.0), "link 24: joined, by a number of their own"),
        (join(best=24.0, outcome="weak"), "link 24: not looked at"),
        (join(best=24.0, outcome="exclusive"), "link 24: exclusive numbers"),
        (join(best=24.0, outcome="judged"), "link 24: a judgement forbids it"),
    ],
)
def test_a_join_tells_what_was_held_against_the_threshold(printed, attempt, said):
    shown = printed(print_pair, explained(evidence(24.0), attempt=attempt))
    assert said in " ".join(shown.split())
    assert "profiles 1 + 2" in shown


def test_evidence_that_the_waterfall_has_is_not_listed_again(printed):
    found = explained(evidence(24.0), same=True)
    for steps, times in ((found.evidence, 1), (evidence_of(20.0), 2)):
        path = (join(best=24.0, mean=24.0, value=24.0, evidence=steps),)
        assert (
            printed(print_pair, explained(evidence(24.0), same=True, path=path)).count("why phone") == times
        )


def evidence_of(*bits):
    return explained(evidence(*bits)).evidence


def test_two_of_different_types_have_words_and_no_waterfall(printed):
    shown = printed(print_pair, explained(evidence(), bits=None, verdict="types", evidence=()))
    assert "Not one." in shown
    assert "sum" not in shown
    assert "bits" not in shown


def test_every_answer_of_a_person_is_listed(printed):
    shown = printed(print_pair, explained(evidence(24.0), judgements=(SAID,)))
    assert "judged: 王警官, 2023-11-14, same: 核对笔录" in shown


def test_an_act_that_decides_is_not_listed_again(printed):
    other = structs.replace(SAID, because="另一个理由")
    words = f"One, by a judgement: {act_en(SAID)}."
    shown = printed(print_pair, explained(evidence(24.0), words=words, judgements=(SAID, other)))
    assert (shown.count("核对笔录"), shown.count("另一个理由")) == (1, 1)


def test_a_split_is_one_line_however_many_it_took_out_and_who_took_it_back_is_told(printed):
    split = Act(
        "made-up/0#x", "made-up/90#x", "split", "王警官", "两人共用一机", "2023-11-14T08:00:00+08:00",
        apart=tuple(f"made-up/{n}#x" for n in range(9)), rest=("made-up/90#x",),
        taken_back=TakenBack("李警官", "看错了", "2023-11-15T08:00:00+08:00"),
    )  # fmt: skip
    shown = printed(print_entity, entity(judgements=(split,)))
    assert (
        "judged: 王警官, 2023-11-14, split off 9 mentions together: 两人共用一机 "
        "(made-up/0#x and 8 more from made-up/90#x); taken back by 李警官, 2023-11-15: 看错了"
    ) in " ".join(shown.split())


def test_somebody_alone_is_told_so(printed):
    shown = printed(print_entity, entity())
    assert "1 mention, 1 profile\n" in shown
    assert "Nobody is near." in shown
    assert "came together" not in shown


def test_of_many_mentions_profiles_and_joins_the_number_of_the_others_is_told(printed):
    joins = tuple(join(best=24.0, mean=24.0, value=24.0) for _ in range(24))
    shown = printed(print_entity, entity(profiles=(likeness(8),) * 25, joins=joins, judgements=(SAID,)))
    assert "200 mentions, 25 profiles" in shown
    assert "+3, with equal features" in shown
    assert "and 5 more: --json lists all" in shown
    assert "and 4 more: --json lists all" in shown
    assert "What people decided:\njudged: 王警官" in shown


def test_a_neighbour_is_told_with_what_speaks_for_and_against(printed):
    shown = printed(print_entity, entity(nearest=(explained(evidence(20.0, -6.0)),)))
    assert "符伟强 (per-b), +14.0 bits" in shown
    assert "for: +20.0 why phone\n" in shown
    assert "against: -6.0 why name\n" in shown
    assert "Not one." in shown


def test_a_long_answer_is_broken_within_the_terminal(printed):
    said = Act(A, B, "different", "王警官", "两人为亲兄弟，" * 30, "2023-11-14T08:00:00+08:00")
    shown = printed(print_pair, explained(evidence(24.0), judgements=(said,)))
    assert max(map(cell_len, shown.splitlines())) <= 80


def test_what_a_record_says_cannot_steer_the_terminal(printed):
    bad = "\x1b[31m\u202e"
    said = Act(A, B, "different", bad, bad, "2023-11-14T08:00:00+08:00")
    pair = explained(
        evidence(24.0), entities=(Named("per-a", bad), Named("per-b", bad)), judgements=(said,), words=bad
    )
    for shown in (printed(print_pair, pair), printed(print_entity, entity(label=bad, nearest=(pair,)))):
        assert not {"\x1b", "\u202e"} & set(shown)
