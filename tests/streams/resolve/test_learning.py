"""What a store teaches of its weights: planted rates are found; few pairs, and busy people, say little."""

from __future__ import annotations

import random

import numpy as np
import pytest

from streams.consolidating import propose
from streams.resolve.asked import asked
from streams.resolve.learning import weights_of
from streams.resolve.model import REVIEW
from streams.resolve.weights import EXPECTED, FURTHEST
from streams.said import Word
from streams.stages.reweigh import reweigh
from tests.streams.resolve.who import town
from tests.streams.worlds import small_caps

WORD = Word(by="王警官", because="核对", at=1)
RIGHT, HEARD = "符玮强", "符卫强"
EXPERT_SHARE = EXPECTED["name"]["name.homophone"]


@pytest.fixture
def here():
    with town() as made:
        yield made


def people(count: int, mentions: int, share: float, seed: int = 1) -> list[dict]:
    """Owners of so many phones, each spoken of so often, of the names so many misheard."""
    chance = random.Random(seed)
    return [
        {
            "name": HEARD if chance.random() < share else RIGHT,
            "phones": [f"138{number:08d}"],
            # else all of one spelling would be one profile
            "hukou": chance.choice(["460105", "460106"]),
        }
        for number in range(count)
        for _ in range(mentions)
    ]


def learned(here) -> dict:
    state, judgements = here.owner.state, here.owner.core.judgements
    return {each.level: each for each in propose(state, judgements).learned}


def test_homophones_that_are_much_commoner_than_experts_think_are_found(here):
    here.people(people(1_500, 4, 0.2))
    found = learned(here)["name.homophone"]
    true = 2 * 0.2 * 0.8
    assert found.seen == pytest.approx(true, rel=0.35)
    assert found.bits == pytest.approx(np.log2(found.seen / EXPERT_SHARE), abs=0.01)
    assert found.pairs > 500
    assert learned(here)["name.same"].bits < 0


def test_names_that_are_written_with_more_care_than_experts_think_are_found_too(here):
    here.people(people(1_500, 4, 0.0))
    assert learned(here)["name.homophone"].bits < -1


def test_a_few_pairs_change_nearly_nothing(here):
    here.people(people(10, 3, 0.5))
    assert all(abs(each.bits) < 0.3 for each in learned(here).values())


def test_of_nothing_nothing_is_learned(here):
    assert not weights_of(learned(here).values()).bits
    here.person(name=RIGHT, phones=["13800000001"])
    assert not weights_of(learned(here).values()).bits


def test_somebody_who_is_everywhere_does_not_say_how_others_write(here):
    busy = people(1, 300, 0.5)
    here.people(busy)
    assert abs(learned(here)["name.homophone"].bits) < 0.3


def test_no_weight_moves_further_than_it_may(here):
    here.people(people(3_000, 2, 0.5))
    assert all(abs(each.bits) <= FURTHEST for each in learned(here).values())


def test_an_id_number_that_says_the_birth_teaches_none(here):
    here.people(
        [{"name": RIGHT, "id_number": "46010619900307003X", "phones": [f"138{n:08d}"]} for n in range(50)]
    )
    found = learned(here)
    assert found["birth.day"].pairs == found["gender.same"].pairs == found["hukou.county"].pairs == 0
    assert found["name.same"].pairs > 0


def test_what_a_person_says_of_two_counts_for_more_than_their_score(here):
    pairs = [
        here.people([{"name": n, "phones": [f"138{at:08d}"]} for n in (RIGHT, HEARD)]) for at in range(40)
    ]
    before = learned(here)["name.homophone"]
    for pair in pairs[:30]:
        here.judge(*pair, "different")
    after = learned(here)["name.homophone"]
    assert after.pairs == before.pairs - 30
    assert after.seen < before.seen


def test_what_is_learned_is_the_same_in_any_order_and_under_any_model_in_force(here):
    world = people(200, 3, 0.3)
    here.people(world)
    first = learned(here)
    here.owner.consolidate(here.owner.proposal(), WORD)
    assert here.owner.state.weights.bits
    assert learned(here) == first
    with town() as other:
        other.people(world[::-1], batch=7)
        assert learned(other) == first


def test_the_blocks_ask_at_once_for_what_they_asked_for_one_by_one(here):
    with small_caps():
        here.people(people(30, 5, 0.3) + people(2, 12, 0.5, seed=2))
        found = reweigh(here.owner.state, here.owner.core.judgements, here.owner.state.weights)
        kept = here.owner.connection.execute("SELECT * FROM pair ORDER BY a, b").fetchall()
        assert list(found.pairs.rows()) == kept
        assert found.moved == []
        codes = asked(here.owner.state)
        assert len(codes) == len(np.unique(codes)) > 0
    assert min(bits for _, _, bits, _ in kept) >= REVIEW
