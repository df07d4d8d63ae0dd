"""The benchmark of tips counts what is right, and the rules keep what they reached."""

from __future__ import annotations

import pytest

from streams.bench.tips import judged, misread, run
from streams.simulate.tips import held_out, styles
from streams.simulate.tips.gold import Mention, Relation, WrittenTip
from streams.simulate.tips.writer import write_tips

pytestmark = pytest.mark.xdist_group("tips")  # one process makes what they share, not each


def tip(text, relations):
    mentions = [
        Mention(kind, text.index(word), text.index(word) + len(word), key)
        for kind, word, key in (("person", "阿强", "A"), ("person", "老三", "B"), ("substance", "冰毒", "g"))
    ]
    return WrittenTip(text, tuple(mentions), tuple(relations))


def test_a_denied_deal_that_is_read_as_a_fact_counts_as_a_false_one():
    text = "阿强卖冰毒给老三"
    told = judged([tip(text, [Relation("sold_to", "A", "B", "denied")])])
    assert told.false_facts == 1.0
    assert told.relations["sold_to"].precision == 0.0


def test_a_deal_with_its_ends_swapped_is_wrong_and_missed():
    told = judged([tip("阿强卖冰毒给老三", [Relation("sold_to", "B", "A")])])
    assert (told.relations["sold_to"].right, told.relations["sold_to"].recall) == (0, 0.0)


def test_what_was_misread_is_shown_with_what_was_missed():
    wrong = tip("阿强卖冰毒给老三", [Relation("sold_to", "B", "A")])
    ((shown, missed, extra),) = misread([wrong])
    assert shown is wrong
    assert ("sold_to", "B", "A") in missed
    assert ("sold_to", "A", "B") in extra


@pytest.fixture(scope="module")
def known():
    return judged(write_tips(styles.STYLES, 700, seed=21))


@pytest.fixture(scope="module")
def new():
    return judged(write_tips(held_out.STYLES, 700, seed=22))


def test_styles_that_the_rules_know_are_read_well_and_seldom_as_facts_when_they_are_none(known):
    assert known.figures()["f1"] >= 0.9
    assert known.false_facts <= 0.01


def test_styles_held_out_are_read_precisely(new):
    assert new.figures()["precision"] >= 0.9
    assert new.false_facts <= 0.02


def test_what_becomes_an_edge_is_nearly_always_true_at_the_price_of_much_that_is_left_to_people(known, new):
    for read, least in ((known, 0.25), (new, 0.08)):
        assert read.edges.precision >= 0.99
        assert read.edges.recall >= least


def test_both_sets_and_the_speed_are_among_the_figures():
    figures = run(100, seed=3)
    assert figures["tips"] == 100
    assert {"seen", "held_out", "tips_per_second"} <= figures.keys()
