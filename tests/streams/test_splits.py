"""Splits in any world: they hold, count the same whenever they are given, and can be taken back."""

from __future__ import annotations

from collections import Counter
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.resolve.judgements import Judgements
from streams.stages.dedupe import Deduped
from tests.streams.deeds import judge, people_of, taken_out
from tests.streams.test_properties import FEW, holds, is_found
from tests.streams.worlds import desk, small_caps, worlds

pytestmark = pytest.mark.usefixtures("caps")


@pytest.fixture
def caps():
    with small_caps():
        yield


def split_holds_and_counts_the_same(case):
    """A split of people as they are now, given before or after the others arrive; none of them rejoins."""
    documents, cut, which, verdict = case
    with desk() as one:
        one.put(documents[:cut])
        together = [group for group in people_of(one) if len(group) > 1]
        if not together:
            return
        group = together[which % len(together)]
        split = taken_out(group, which)
        one.owner.judge(split)
        apart_now(one, split)
        one.put(documents[cut:], batch=3)
        apart_now(one, split)
        judge(one, split.rest[0], "made-up/0#p0", verdict)
        if verdict == "different":
            apart_now(one, split)
        early = one.export()
    with desk() as other:
        other.put(documents)
        other.owner.judge(split)
        judge(other, split.rest[0], "made-up/0#p0", verdict)
        other.restart()
        holds(early, other.export())


def undone_split_restores(case):
    """Whatever stood before a split stands again when it is taken back by any of its pairs."""
    documents, which, verdict, restart = case
    with desk() as one:
        one.put(documents)
        judge(one, "made-up/0#p0", "made-up/1#p0", verdict)
        together = [group for group in people_of(one) if len(group) > 1]
        if not together:
            return
        before = one.export()
        split = taken_out(together[which % len(together)], which)
        one.owner.judge(split)
        if restart:
            one.restart()
        judge(one, split.rest[-1], split.apart[0], "undone")
        holds(one.export(), before)


def apart_now(one, split):
    for group in people_of(one):
        assert set(split.apart).isdisjoint(group) or set(split.rest).isdisjoint(group)


ANSWERS = st.sampled_from(("same", "different", "unsure"))
SPLITS = worlds().flatmap(
    lambda docs: st.tuples(st.just(docs), st.integers(0, len(docs)), st.integers(0, 255), ANSWERS)
)
SPLIT_UNDONE = st.tuples(worlds(), st.integers(0, 255), ANSWERS, st.booleans())


@FEW
@given(SPLITS)
def test_a_split_holds_whatever_comes_later_and_counts_the_same_whenever_it_is_given(case):
    split_holds_and_counts_the_same(case)


@FEW
@given(SPLIT_UNDONE)
def test_a_split_that_is_taken_back_leaves_nothing_behind(case):
    undone_split_restores(case)


# --- each of them can fail --------------------------------------------------------------------------


def _hears_of_one_only(say):
    return lambda self, said: say(self, said[:1])


def _takes_back_one_only(take_back):
    def faulty(self, pair):
        kept = self._acts.copy()
        with patch.object(self, "_acts", dict.fromkeys(kept, (pair,))):
            take_back(self, pair)

    return faulty


def _reads_nothing_anew(_):
    return lambda *_: Deduped(opened=[], closed=[], conflicts=[], counts=Counter())


FAULTS = [
    (split_holds_and_counts_the_same, SPLITS, Judgements, "say", _hears_of_one_only),
    (split_holds_and_counts_the_same, SPLITS, "streams.pipeline", "reopen", _reads_nothing_anew),
    (undone_split_restores, SPLIT_UNDONE, Judgements, "_take_back", _takes_back_one_only),
]


@pytest.mark.parametrize(
    ("check", "cases", "where", "name", "fault"),
    FAULTS,
    ids=[f"{f[0].__name__}-{f[3]}-{f[4].__name__}" for f in FAULTS],
)
def test_a_committed_fault_is_found(check, cases, where, name, fault):
    is_found(check, cases, where, name, fault)
