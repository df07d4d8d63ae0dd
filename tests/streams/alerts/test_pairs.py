"""Which goods corroborate which tips, against every tip held beside every hit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graph.port import Appearance
from streams.alerts.corroborated_tip import Told, _Pairs

WHEN = st.integers(0, 6)
SAID = st.lists(st.tuples(WHEN, st.sampled_from("abc"), st.integers(0, 3)), max_size=9)


def seen(rec, kind, reported, source):
    return Appearance(
        rec,
        f"{source}/{rec}",
        kind,
        source,
        "460100",
        None,
        None,
        None,
        None,
        reported,
        None,
        True,
        "unknown",
    )


@given(tips=SAID, hits=SAID)
def test_the_goods_found_are_those_that_any_tip_is_independent_of(tips, hits):
    users = {n: mask for n, (_, _, mask) in enumerate([*tips, *hits]) if mask}
    told = [Told(seen(n, "tip", when, source), when, ()) for n, (when, source, _) in enumerate(tips)]
    goods = [seen(len(tips) + n, "seizure", when, source) for n, (when, source, _) in enumerate(hits)]
    goods.sort(key=lambda hit: (hit.reported, hit.record))

    def fits(tip, hit):
        apart = not users.get(tip.origin.rec, 0) & users.get(hit.rec, 0)
        return hit.reported >= tip.origin.reported and hit.source != tip.origin.source and apart

    pairs = _Pairs(goods, users)
    expected = [(tip, hit) for tip in told for hit in goods if fits(tip, hit)]
    matched = {tip.origin.rec for tip, _ in expected}
    assert [pairs.corroborate(tip) for tip in told] == [tip.origin.rec in matched for tip in told]
    assert [hit.rec for hit in pairs.matched] == [hit.rec for hit in goods if hit in [h for _, h in expected]]
    if expected:
        assert pairs.first == min(max(hit.reported, tip.from_) for tip, hit in expected)
