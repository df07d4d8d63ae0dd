"""Made tips: their truth points at the right places of their texts."""

from __future__ import annotations

import pytest

from streams.simulate.tips import held_out, styles
from streams.simulate.tips.writer import write_tips

SETS = (styles.STYLES, held_out.STYLES)


def everything(count=400):
    return [tip for each in SETS for tip in write_tips(each, count, seed=7)]


def test_the_same_seed_writes_the_same_tips_and_another_one_others():
    one, again, other = (list(write_tips(styles.STYLES, 30, seed=seed)) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_every_relation_holds_between_people_and_goods_that_the_text_names():
    for tip in everything():
        named = {mention.key for mention in tip.mentions if mention.named}
        for relation in tip.relations:
            assert {relation.source, relation.target} <= named, tip.text


def test_mentions_stand_in_order_without_overlap_and_goods_read_as_goods():
    for tip in everything():
        ends = 0
        for mention in tip.mentions:
            assert mention.start >= ends
            assert mention.end > mention.start
            ends = mention.end
        assert all(tip.text[m.start : m.end].endswith("元") for m in tip.mentions if m.type == "money")


@pytest.mark.parametrize("status", ["asserted", "hearsay", "denied", "planned", "asked"])
def test_both_sets_of_styles_tell_deals_of_every_status(status):
    for each in SETS:
        assert any(r.status == status for tip in write_tips(each, 400) for r in tip.relations)


def test_the_two_sets_share_no_phrase_and_no_frame_with_words():
    one, two = SETS
    assert not {phrase.text for phrase in one.phrases} & {phrase.text for phrase in two.phrases}
    framed = [{(f.before, f.adverb, f.behind) for f in each.frames} - {("", "", "")} for each in SETS]
    assert not framed[0] & framed[1]
