"""The waterfall: its steps are the score that decides, for any two profiles."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from schemas.decisions import Evidence, Score
from streams.explain.scale import scale_of
from streams.explain.steps import steps_of, tenths
from streams.resolve.model import LINK, REVIEW, score
from tests.streams.explain.made import explained
from tests.streams.resolve.made import thing

NAMES = ("", "符玮强", "符伟强", "符国强", "陈明亮", "林某某", "阿强", "Fu Weiqiang", "欧阳娜娜", "单志远")
TEXTS = {
    "birth": ("", "1990", "1990-03", "1990-03-07", "1990-07-03", "1965-11-21"),
    "gender": ("", "male", "female"),
    "hukou": ("", "460106", "460107", "469021", "440825"),
    "address": ("", "海南省定安县定城镇人民中路12号", "海南省定安县定城镇人民中路13号", "龙华区"),
    "region": ("", "4601", "4602"),
    "colour": ("", "白", "黑"),
    "form": ("", "轿车", "货车"),
}
LISTS = {
    "identifiers": ("phone:13876543210", "wechat:wx_1", "bank_card:1", "id_number:A1", "id_number:A2"),
    "masked": ("id_number:460***********1234", "id_number:460***********5678"),
    "contexts": ("plate:琼A12345", "case:2019-551", "tracking_no:SF1"),
}


def profiles(kind):
    fields = {name: st.sampled_from(values) for name, values in TEXTS.items()}
    fields |= {
        name: st.lists(st.sampled_from(values), unique=True, max_size=2) for name, values in LISTS.items()
    }
    fields["aliases"] = st.lists(st.sampled_from(NAMES[1:]), max_size=1).map(tuple)
    return st.fixed_dictionaries({"name": st.sampled_from(NAMES)} | fields).map(
        lambda drawn: thing(kind, **drawn)
    )


KINDS = st.sampled_from(("person", "organisation", "vehicle", "venue", "parcel"))
TWO = KINDS.flatmap(lambda kind: st.tuples(profiles(kind), profiles(kind)))


@given(TWO)
def test_the_steps_of_a_waterfall_sum_up_to_the_score_that_decides(two):
    found = score(*two)
    steps = steps_of(found)
    assert [step.feature for step in steps] == [each.feature for each in found.evidence]
    assert sum(round(1000 * step.bits) for step in steps) == round(1000 * found.bits)
    assert all(one.end == other.start for one, other in pairwise(steps))
    if steps:
        assert (steps[0].start, steps[-1].end) == (0.0, found.bits)


@given(TWO)
def test_what_is_shown_to_one_decimal_adds_up_too(two):
    """Only the rarity of a name has more decimals."""
    found = score(*two)
    assert round(sum(tenths(step.bits) for step in steps_of(found)), 1) == tenths(found.bits)


@given(TWO)
def test_a_scale_holds_nothing_both_thresholds_and_every_sum_that_is_not_cut(two):
    scale = scale_of(explained(score(*two)))
    assert scale.low <= 0 < REVIEW < LINK <= scale.high
    for step in steps_of(score(*two)):
        assert scale.low <= scale.cut(step.end) <= scale.high


def test_a_score_of_nothing_has_no_steps():
    assert steps_of(Score(0.0)) == ()


def test_the_last_step_ends_at_the_score_whatever_the_rounding():
    found = Score(0.3, (Evidence("name", 0.1, "x"), Evidence("birth", 0.2, "y")))
    assert steps_of(found)[-1].end == 0.3
