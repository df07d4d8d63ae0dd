"""Pairs are a property of the set of live profiles, whatever was born and died on the way."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.resolve.model import LINK, REVIEW, score
from streams.resolve.pairs import Pairs
from tests.streams.resolve.made import person
from tests.streams.worlds import small_caps


class Table:
    """The pairs in a dictionary."""

    def __init__(self):
        self.held = defaultdict(dict)

    def of(self, pid):
        return self.held[pid]

    def put(self, a, b, link):
        self.held[a][b] = self.held[b][a] = link

    def drop(self, a, b):
        del self.held[a][b], self.held[b][a]

    def all(self):
        return {(a, b): link for a, others in self.held.items() for b, link in others.items()}


def started(profiles):
    postings = defaultdict(list)
    for pid, profile in enumerate(profiles):
        for block in profile.blocks:
            postings[block.hash].append(pid)
    return Pairs(Table(), profiles.__getitem__, lambda block: postings[block.hash], set())


PHONE = "phone:13876543210"
PEOPLE = st.lists(
    st.builds(
        lambda name, order, numbers, birth, gender: person(
            name, order, identifiers=numbers, birth=birth, gender=gender
        ),
        st.sampled_from(["符玮强", "符伟强", "陈明亮", "王建国", "", "阿强"]),
        st.integers(0, 1 << 40),
        st.sets(st.sampled_from([PHONE, "wechat:wx_a", "id_number:A1", "id_number:A2"]), max_size=2),
        st.sampled_from(["", "1990", "1990-03-07"]),
        st.sampled_from(["", "male", "female"]),
    ),
    min_size=2,
    max_size=14,
)


@given(PEOPLE, st.lists(st.integers(0, 13), max_size=40))
def test_the_pairs_after_births_and_deaths_are_those_of_whoever_lives(profiles, steps):
    with small_caps():
        pairs = started(profiles)
        for step in steps:
            pid = step % len(profiles)
            (pairs.died if pid in pairs.alive else pairs.born)(pid)
        fresh = started(profiles)
        for pid in sorted(pairs.alive):
            fresh.born(pid)
        assert pairs._store.all() == fresh._store.all()


def test_pairs_below_the_question_are_not_kept_and_links_say_whether_a_number_carries_them():
    profiles = [
        person("符玮强", 1, identifiers=[PHONE]),
        person("符玮明", 2, identifiers=[PHONE]),
        person("陈明亮", 3, identifiers=[PHONE]),
        person("王伟", 4, birth="1990-03-07", gender="male"),
        person("王伟", 5, birth="1990-03-07"),
    ]
    pairs = started(profiles)
    for pid in range(len(profiles)):
        pairs.born(pid)
    kept = pairs._store.all()
    assert set(kept) == {(0, 1), (1, 0), (3, 4), (4, 3)}
    assert REVIEW <= kept[0, 1][0] < LINK <= kept[3, 4][0]
    assert kept[0, 1] == (score(profiles[0], profiles[1]).bits, True)
    assert kept[3, 4][1] is False


def test_only_links_that_came_or_went_touch_profiles():
    profiles = [person(name, n, identifiers=[PHONE]) for n, name in enumerate(["符玮强", "符伟强", "符玮明"])]
    pairs = started(profiles)
    pairs.born(0)
    pairs.born(2)
    assert pairs.touched == set(), "a question to a person is no link"
    pairs.born(1)
    assert pairs.touched == {0, 1}
    pairs.touched.clear()
    pairs.died(1)
    assert pairs.touched == {0, 1}


@pytest.mark.parametrize("size", [40])
def test_the_pairs_of_a_large_block_grow_with_its_size(size):
    profiles = [person("符玮强", n, identifiers=[PHONE], address=f"某市某路{n}号楼") for n in range(size)]
    pairs = started(profiles)
    for pid in range(size):
        pairs.born(pid)
    count = len(pairs._store.all()) // 2
    assert size - 1 <= count <= size
    for pid in range(size - 10):
        pairs.died(pid)
    assert len(pairs._store.all()) // 2 == 10 * 9 // 2
