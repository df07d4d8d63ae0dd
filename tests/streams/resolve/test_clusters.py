"""Dividing a component: a function of its profiles, links and judgements."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.decisions import Evidence, Score
from streams.resolve import clusters
from streams.resolve.clusters import Component, Link, cluster
from streams.resolve.model import LINK
from tests.streams.resolve.made import person

FOR = Score(24.0)
NEUTRAL = Score(0.0)
AGAINST = Score(-9.0, (Evidence("birth", -9.0, "different dates of birth"),))
NEVER = Score(-99.0, (), exclusive=True)


def divided(scores, members=None, *, same=(), different=(), soles=None, order=None, weak=()):
    """Groups of a component whose pairs score as given (neutral when not); pairs that link are links."""
    members = members or sorted({pid for pair in scores for pid in pair})
    soles, order = soles or {}, order or {pid: pid for pid in members}

    def compare(a, b):
        return scores.get((min(a, b), max(a, b)), NEUTRAL)

    def profile(pid):
        return person(f"某{pid}", order[pid], identifiers=[f"id_number:{soles[pid]}"] if pid in soles else [])

    component = Component(
        members=tuple(members),
        links=tuple(
            Link(found.bits, (a, b) not in weak, a, b)
            for (a, b), found in scores.items()
            if found.bits >= LINK
        ),
        same=frozenset(same),
        different=frozenset(different),
    )
    return {frozenset(group) for group in cluster(component, profile, compare)}


def groups(*names):
    return {frozenset(map(int, name)) for name in names}


def test_a_profile_alone_is_a_group():
    assert divided({}, [1]) == groups("1")


def test_links_join_and_what_nothing_speaks_against_follows():
    assert divided({(1, 2): FOR, (2, 3): FOR}) == groups("123")


def test_a_chain_whose_ends_contradict_each_other_is_cut():
    assert divided({(1, 2): Score(26.0), (2, 3): FOR, (1, 3): AGAINST}) == groups("12", "3")


def test_the_best_link_is_taken_first():
    assert divided({(1, 2): FOR, (2, 3): Score(26.0), (1, 3): AGAINST}) == groups("1", "23")


def test_a_judgement_about_somebody_outside_the_component_keeps_nobody_apart():
    assert divided({(1, 2): FOR}, different=[(2, 9), (9, 1)]) == groups("12")


def test_equal_links_are_taken_in_order_of_the_hashes():
    scores = {(1, 2): FOR, (2, 3): FOR, (1, 3): AGAINST}
    assert divided(scores, order={1: 1, 2: 2, 3: 3}) == groups("12", "3")
    assert divided(scores, order={1: 3, 2: 2, 3: 1}) == groups("1", "23")


def test_one_contradiction_among_many_who_agree_does_not_cut():
    scores = {pair: Score(30.0) for pair in itertools.combinations(range(1, 7), 2)} | {(1, 6): AGAINST}
    assert divided(scores) == groups("123456")


def test_two_valid_id_numbers_never_join_even_through_somebody_between_them():
    scores = {(1, 2): FOR, (2, 3): FOR, (1, 3): NEVER}
    assert divided(scores, soles={1: "A1", 3: "A2"}) == groups("12", "3")


def test_two_who_do_not_contradict_but_carry_other_numbers_never_join():
    assert divided({(1, 2): Score(60.0)}, soles={1: "A1", 2: "A2"}) == groups("1", "2")


# --- judgements -------------------------------------------------------------------------------------------


def test_same_joins_without_a_link_and_against_the_model():
    assert divided({(1, 2): AGAINST}, same=[(1, 2)]) == groups("12")
    assert divided({(1, 2): NEVER}, same=[(1, 2)], soles={1: "A1", 2: "A2"}) == groups("12")


def test_different_keeps_apart_what_the_model_would_join():
    assert divided({(1, 2): Score(60.0)}, different=[(1, 2)]) == groups("1", "2")
    assert divided({(1, 2): Score(60.0)}, different=[(2, 1)]) == groups("1", "2")


def test_different_keeps_their_groups_apart_too():
    assert divided({(1, 2): Score(60.0), (2, 3): FOR}, different=[(1, 3)]) == groups("12", "3")


def test_different_beats_same_that_would_reach_round_it():
    assert divided({}, [1, 2, 3], same=[(1, 2), (2, 3)], different=[(1, 3)]) == groups("12", "3")


def test_what_agrees_with_one_of_two_judged_the_same_joins_both():
    """Otherwise a judgement about two would expel the third who was one with the first."""
    scores = {(1, 3): Score(47.0), (2, 3): NEVER}
    assert divided(scores, same=[(1, 2)], soles={1: "A1", 2: "A2", 3: "A1"}) == groups("123")


def test_a_third_number_does_not_join_two_judged_the_same():
    scores = {(1, 3): FOR}
    assert divided(scores, [1, 2, 3], same=[(1, 2)], soles={1: "A1", 2: "A2", 3: "A3"}) == groups("12", "3")


# --- large components -----------------------------------------------------------------------------------


@pytest.fixture
def bound(monkeypatch):
    monkeypatch.setattr(clusters, "BOUND", 3)


@pytest.mark.usefixtures("bound")
def test_a_component_above_the_bound_keeps_links_on_strong_identifiers_only():
    scores = {(1, 2): FOR, (2, 3): FOR, (3, 4): FOR}
    assert divided(scores, weak=[(2, 3)]) == groups("12", "34")
    assert divided({(1, 2): FOR, (2, 3): FOR}, weak=[(2, 3)]) == groups("123")


@pytest.mark.usefixtures("bound")
def test_above_the_bound_contradictions_do_not_cut_but_id_numbers_do():
    scores = {(1, 2): FOR, (2, 3): FOR, (3, 4): FOR, (1, 4): AGAINST}
    assert divided(scores) == groups("1234")
    assert divided(scores, soles={1: "A1", 4: "A2"}) == groups("123", "4")


def test_of_large_groups_the_guard_asks_those_with_the_smallest_hashes(monkeypatch):
    monkeypatch.setattr(clusters, "REPRESENTATIVES", 1)
    scores = {(1, 2): Score(30.0), (2, 3): FOR, (1, 3): AGAINST}
    assert divided(scores, order={1: 1, 2: 2, 3: 3}) == groups("12", "3")
    assert divided(scores, order={1: 2, 2: 1, 3: 3}) == groups("123")


SCORES = st.sampled_from([FOR, Score(26.0), Score(40.0), NEUTRAL, AGAINST])
COMPONENTS = st.tuples(
    st.dictionaries(st.sampled_from(list(itertools.combinations(range(1, 7), 2))), SCORES, min_size=1),
    st.sets(st.sampled_from(list(itertools.combinations(range(1, 7), 2))), max_size=2),
    st.sets(st.sampled_from(list(itertools.combinations(range(1, 7), 2))), max_size=2),
    st.permutations(range(1, 7)),
)


@given(COMPONENTS)
def test_numbering_the_profiles_otherwise_divides_them_the_same(case):
    scores, same, different, numbers = case
    renumbered = dict(zip(range(1, 7), numbers, strict=True))

    def pair(a, b):
        return min(renumbered[a], renumbered[b]), max(renumbered[a], renumbered[b])

    plain = divided(scores, list(range(1, 7)), same=same, different=different)
    other = divided(
        {pair(*each): found for each, found in scores.items()},
        sorted(numbers),
        same=[pair(*each) for each in same],
        different=[pair(*each) for each in different],
        order={renumbered[pid]: pid for pid in range(1, 7)},
    )
    assert {frozenset(renumbered[pid] for pid in group) for group in plain} == other
    assert sorted(pid for group in plain for pid in group) == list(range(1, 7))
    assert not any(set(each) <= group for each in different for group in plain)
