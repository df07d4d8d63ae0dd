"""Clusters out of links: the guard, the bound, and that order makes no difference."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streams.tables import clusters as room
from streams.tables.clusters import clusters
from streams.tables.pairs import Pairs

LINK = 10.0


def grouped(bits: np.ndarray, asked: np.ndarray | None = None) -> list[set[int]]:
    """The clusters of a matrix of bits, of which the pairs that are `asked` for are candidates."""
    one, other = np.triu_indices(len(bits), 1)
    pairs = Pairs(one, other)
    if asked is not None:
        pairs = pairs.where(asked[one, other])
    score = lambda wanted: bits[wanted.left, wanted.right]  # noqa: E731
    first = clusters(len(bits), pairs, score(pairs), LINK, score)
    return [set(np.flatnonzero(first == at).tolist()) for at in np.unique(first)]


def matrix(size: int, every: float, **pairs: float) -> np.ndarray:
    bits = np.full((size, size), every)
    for name, value in pairs.items():
        one, other = int(name[1]), int(name[2])
        bits[one, other] = bits[other, one] = value
    return bits


def test_profiles_without_links_are_alone():
    assert grouped(matrix(3, 0.0)) == [{0}, {1}, {2}]


def test_a_chain_of_links_against_the_rest_breaks():
    """0–1 and 1–2 are linked, but 0 and 2 cannot be one."""
    assert grouped(matrix(3, 0.0, _01=14.0, _12=11.0, _02=-20.0)) == [{0, 1}, {2}]


def test_pairs_that_no_key_asked_for_count_too():
    asked = np.ones((3, 3), bool)
    asked[0, 2] = asked[2, 0] = False
    assert grouped(matrix(3, 0.0, _01=14.0, _12=11.0, _02=-20.0), asked) == [{0, 1}, {2}]


def test_a_chain_that_nothing_speaks_against_holds():
    assert grouped(matrix(3, 0.0, _01=14.0, _12=14.0, _02=9.0)) == [{0, 1, 2}]


def test_the_best_link_is_taken_first():
    """1 could be either's; it goes where it fits best."""
    assert grouped(matrix(3, 0.0, _01=11.0, _12=15.0, _02=-30.0)) == [{0}, {1, 2}]


def test_the_best_link_between_two_groups_counts_though_it_was_refused_before():
    """1–2 is refused while 2 is alone; when 3 is with it, 0–3 brings the groups together by 1–2."""
    bits = matrix(4, 0.0, _01=20.0, _12=14.0, _02=-3.0, _23=12.0, _03=11.0, _13=9.0)
    assert grouped(bits) == [{0, 1, 2, 3}]


def test_of_a_large_component_the_first_of_each_group_speak_for_it(monkeypatch):
    """0 and 1 are one, and 2 and 3; nothing is said of 1–3 and much against it, and 1 does not speak."""
    monkeypatch.setattr(room, "BOUND", 2)
    bits = matrix(4, 9.0, _01=20.0, _23=20.0, _02=14.0, _13=-40.0)
    assert grouped(bits) == [{0, 1}, {2, 3}]
    monkeypatch.setattr(room, "SPEAKERS", 1)
    assert grouped(bits) == [{0, 1, 2, 3}]


def test_a_large_component_and_a_small_one_fall_into_the_same_where_all_speak(monkeypatch):
    chance = np.random.default_rng(1)
    worlds = [np.triu(chance.uniform(-10, 25, (12, 12)), 1) for _ in range(50)]
    small = [grouped(bits + bits.T) for bits in worlds]
    monkeypatch.setattr(room, "BOUND", 2)
    monkeypatch.setattr(room, "SPEAKERS", 12)
    assert [grouped(bits + bits.T) for bits in worlds] == small


@given(st.integers(2, 9), st.randoms(use_true_random=False))
def test_renumbering_profiles_renames_clusters_and_changes_nothing_else(size, chance):
    bits = np.zeros((size, size))
    for one in range(size):
        for other in range(one):
            # no two are equal: ties go by the profiles' order
            bits[one, other] = bits[other, one] = chance.uniform(-10, 25) + 1e-6 * (size * one + other)
    order = list(range(size))
    chance.shuffle(order)
    renumbered = grouped(bits[np.ix_(order, order)])
    assert {frozenset(order[at] for at in group) for group in renumbered} == set(
        map(frozenset, grouped(bits))
    )
