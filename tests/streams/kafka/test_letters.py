"""Which owner a message is for."""

from __future__ import annotations

from schemas.decisions import Consolidation, Judgement
from streams.handover import Handover, decode
from streams.kafka.letters import claims

REGIONS = ["44", "46", "*"]


def handed(outcome) -> Handover:
    return Handover(outcome=outcome, worker="desk", received=1)


def test_another_model_goes_to_the_owners_of_the_store_that_it_was_learned_from():
    model = Consolidation(weights=(("name.homophone", 1.5),), by="王警官", because="核对", at=1)
    (told,) = claims(handed(model), REGIONS, str, owners=[1])
    assert told.partition == 1
    assert decode(told.value).outcome == model


def test_a_judgement_goes_to_every_owner():
    judgement = Judgement(left="a/1#p", right="a/2#p", verdict="same", by="x", because="y", at=1)
    assert [each.partition for each in claims(handed(judgement), REGIONS, str)] == [0, 1, 2]
