"""Made witnesses and made copies of what they say."""

import pytest

from streams.simulate.tellings import CHANGES, COPIES, tellings


@pytest.mark.parametrize("level", CHANGES)
def test_the_same_seed_tells_the_same_and_another_something_else(level):
    one = list(tellings(3, 200, level))
    assert one == list(tellings(3, 200, level))
    assert one != list(tellings(4, 200, level))


def test_a_copy_is_told_after_all_whose_word_it_is():
    told = {each.name: each for each in tellings(3, 2_000)}
    copies = [each for each in told.values() if each.kind in COPIES]
    assert all(each.reported > told[root].reported for each in copies for root in each.roots)
    assert {len(each.roots) for each in copies if each.kind == "merged"} >= {2}


def test_a_witness_is_their_own_root_and_several_tell_of_one_happening():
    witnesses = [each for each in tellings(3, 500) if each.kind == "witness"]
    assert all(each.roots == {each.name} for each in witnesses)
    assert len({each.scene for each in witnesses}) < len(witnesses)
