"""What a block asks for: a function of its members, whatever it once held."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.resolve import blocks
from streams.resolve.blocks import (
    CAP,
    GENERIC,
    LargeBlock,
    View,
    incompatible,
    people,
    view,
)
from tests.streams.resolve.made import person

CROWD = ["符大海", "陈明亮", "王建国", "林小满", "李秀英", "张伟", "黄美玲", "吴天佑"]


def looked(*members):
    return view(list(range(len(members))), members.__getitem__)


# --- people ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "conflict"),
    [
        (("符玮强", "", ()), ("陈明亮", "", ()), True),
        (("符玮强", "", ()), ("符伟强", "", ()), False),
        (("符玮强", "", ()), ("", "", ()), False),
        (("符玮强", "A1", ()), ("陈明亮", "A1", ()), False),
        (("符玮强", "A1", ()), ("符玮强", "A2", ()), True),
        (("符玮强", "A1", ()), ("陈明亮", "", ()), True),
        (("", "A1", ()), ("陈明亮", "", ()), False),
        (("符玮强", "", ()), ("陈明亮", "", ("符玮强",)), False),
        (("符玮强", "", ()), ("陈明亮", "", ("符大海",)), True),
        (("符玮强", "A1", ()), ("陈明亮", "A2", ("符玮强",)), True),
    ],
)
def test_two_signatures_are_incompatible_by_number_first_then_by_name(a, b, conflict):
    assert incompatible(a, b) is incompatible(b, a) is conflict


def test_spellings_that_are_close_to_one_in_between_are_one_person():
    assert people((("符伟墙", "", ()), ("符玮强", "", ()), ("符玮明", "", ()))) == 1


def test_different_id_numbers_are_different_people_whatever_joins_them_by_name():
    assert people((("符玮强", "", ()), ("符玮强", "A1", ()), ("符玮强", "A2", ()))) == 2


def test_people_with_other_names_are_counted():
    assert people(()) == 0
    assert people((("王伟", "", ()), ("符玮强", "", ()), ("陈明亮", "", ()))) == 3


# --- small blocks -----------------------------------------------------------------------------------------


def test_a_block_of_one_person_asks_for_all_pairs_the_nameless_too():
    seen = looked(person("符玮强"), person("符伟强"), person(), person("阿强"))
    assert seen == View(generic=False, named_only=False, hubs=frozenset(range(4)), all_hubs=True)


def test_a_block_of_two_people_leaves_the_nameless_out():
    seen = looked(person("符玮强"), person("陈明亮"), person())
    assert not seen.generic
    assert seen.named_only


def test_a_block_of_more_people_than_the_cap_is_generic():
    assert not looked(*map(person, CROWD[:CAP])).generic
    assert looked(*map(person, CROWD[: CAP + 1])) == GENERIC


def test_many_profiles_of_one_person_are_not_a_crowd():
    assert not looked(*(person("符玮强", gender=str(n)) for n in range(30))).generic


def test_only_a_name_or_an_id_number_tells_people_apart():
    assert person().nameless
    assert person("阿强", identifiers=["phone:1"]).nameless
    assert not person("符玮强").nameless
    assert not person(identifiers=["id_number:A1"]).nameless


# --- large blocks ---------------------------------------------------------------------------------------


def large(*members):
    return LargeBlock((pid, member) for pid, member in enumerate(members))


def test_a_large_block_compares_with_the_smallest_hash_of_each_spelling():
    seen = large(
        person("符玮强", 5),
        person("符玮强", 3),
        person("符伟强", 9),
        person("", 7),
        person("", 2),
        person("", 8),
    ).view()
    assert seen.hubs == {1, 2, 4, 3}
    assert not seen.all_hubs
    assert not seen.generic
    assert not seen.named_only


def test_a_large_block_of_several_people_leaves_the_nameless_out():
    assert large(person("符玮强"), person("陈明亮")).view().named_only


def test_a_large_block_is_generic_by_names_or_by_id_numbers():
    assert large(*map(person, CROWD[: CAP + 1])).view() == GENERIC
    assert large(*(person(identifiers=[f"id_number:{n}"]) for n in range(CAP + 1))).view() == GENERIC
    assert not large(*(person(identifiers=[f"id_number:{n}"]) for n in range(CAP))).view().generic


def test_a_large_block_looks_at_the_first_spellings_only(monkeypatch):
    monkeypatch.setattr(blocks, "SPELLINGS", 2)
    assert len(large(*map(person, CROWD)).view().hubs) == 2


MEMBERS = st.lists(
    st.builds(
        lambda name, order, number: person(
            name, order, identifiers=[f"id_number:{number}"] if number else []
        ),
        st.sampled_from(["符玮强", "符伟强", "陈明亮", "", "阿强"]),
        st.integers(0, 9),
        st.sampled_from(["", "", "A1", "A2"]),
    ),
    max_size=8,
)


@given(MEMBERS, MEMBERS)
def test_a_large_block_does_not_remember_who_left(stay, leave):
    held = dict(enumerate([*stay, *leave]))
    block = LargeBlock(held.items())
    for pid in range(len(stay), len(held)):
        block.remove(pid, held[pid])
    fresh = LargeBlock(list(enumerate(stay))[::-1])
    assert block.view() == fresh.view()
    assert block.size == len(stay)
    assert sorted(block.members()) == list(range(len(stay)))
