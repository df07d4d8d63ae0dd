"""Equal masks are no agreement: what is hidden may be anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.claims import Features
from streams.resolve.model import score
from streams.resolve.profiles import Profile
from tests.streams.made_up import record
from tests.streams.resolve.who import town

HIDDEN = ("海口市龙华区***小区**栋", "■■■■■■■■■■■■", "海口某某贸易有限公司", "某某会所", "海口市××路12号")


@pytest.fixture
def here():
    with town() as made:
        yield made


@pytest.mark.parametrize("address", HIDDEN)
def test_two_people_of_one_name_at_equally_hidden_addresses_stay_two(here, address):
    assert here.apart(*here.people([{"name": "符玮强", "address": address} for _ in range(2)]))


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("kind", ["organisation", "venue"])
def test_an_equally_hidden_name_of_a_company_or_venue_adds_nothing(kind, name):
    one, two = (Profile(kind, Features(name=name, region="4601"), order) for order in (1, 2))
    assert not [item for item in score(one, two).evidence if item.feature == "name"]
    assert one.blocks == []


@given(st.sampled_from(("林某某", "林*", "林**", "某某强")), st.sampled_from(("林小强", "林某某", "林*强")))
def test_a_masked_name_never_adds_to_a_score(masked, other):
    one, two = Profile("person", Features(name=masked), 1), Profile("person", Features(name=other), 2)
    assert all(item.bits <= 0 for item in score(one, two).evidence)


def test_a_masked_case_ties_nobody_together(here):
    people = [{"ref": "x", "name": "王伟", "gender": "male", "hukou": "460105"}]
    here.put([record("tip", key, persons=people, case="2019-某某号专案") for key in ("a", "b")])
    assert here.apart("made-up/a#x", "made-up/b#x")
