"""What intake writes, the owner reads: the same values, whatever the record."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from msgspec.structs import replace
from nacl.public import PrivateKey

from schemas.decisions import Consolidation, Judgement, Split, Verification
from schemas.records import Message, Origin
from streams import handover
from streams.handover import Handover, HandoverUnreadable, decode, encode
from streams.ledger import withdrew
from streams.pipeline import run_front
from streams.vault.sealing import seal
from tests.streams.canary import bad, good
from tests.streams.made_up import RECEIVED, line, record, tip
from tests.streams.worlds import worlds

KEY = bytes(PrivateKey.generate().public_key)


def handed(body: bytes, offset: int = 7) -> Handover:
    origin = Origin(topic="suyuan.raw.tip", partition=3, offset=offset)
    front = run_front([Message(body=body, origin=origin, received=RECEIVED)], b"pepper")
    outcome = (*front.prepared, *front.refused)[0]
    return Handover(
        outcome=outcome,
        worker="intake-1",
        received=RECEIVED,
        sealed=tuple(seal(front.secret, KEY)),
        vault=KEY,
    )


@given(worlds(most=6))
def test_a_record_comes_out_as_it_went_in(documents):
    for document in documents:
        made = handed(json.dumps(document).encode())
        assert decode(encode(made)) == made


@pytest.mark.parametrize("body", [*map(line, good()), *bad().values()])
def test_what_tells_of_its_author_and_what_is_refused_come_out_as_they_went_in(body: bytes):
    made = handed(body)
    assert decode(encode(made)) == made


def test_what_is_too_large_for_the_topic_goes_without_what_it_says_and_comes_out_with_it():
    persons = [{"ref": f"p{number}", "name": "林小满"} for number in range(2_000)]
    made = handed(line(tip("1", persons=persons)))
    whole, short = encode(made), encode(made, limit=100_000)
    assert len(short) < len(whole) / 2
    assert decode(short) == decode(whole) == made


def test_the_largest_record_there_can_be_fits_into_the_topic():
    persons = [{"ref": f"{number:x}", "phones": ["13800001234"]} for number in range(5_600)]
    relations = [{"from": "0", "to": "1", "kind": "met"}] * 1_100
    body = line(tip("1", persons=persons, relations=relations)).replace(b" ", b"")
    assert 240_000 < len(body) < 262_144
    assert len(encode(handed(body))) < handover.MAX_CLAIMS


def test_a_judgement_travels_in_the_same_log():
    judgement = Judgement(left="a/1#p", right="a/2#p", verdict="same", by="x", because="y", at=RECEIVED)
    made = Handover(outcome=judgement, worker="desk", received=RECEIVED)
    assert decode(encode(made)) == made


def test_a_split_travels_in_the_same_log():
    split = Split(apart=("a/1#p", "a/2#p"), rest=("a/3#p",), by="x", because="y", at=RECEIVED)
    made = Handover(outcome=split, worker="desk", received=RECEIVED)
    assert decode(encode(made)) == made


def test_a_word_about_what_a_text_tells_travels_in_the_same_log():
    word = Verification(
        record="a/1", key="text@0-3", text="0" * 32, verdict="confirmed", by="x", because="y", at=RECEIVED
    )
    made = Handover(outcome=word, worker="desk", received=RECEIVED)
    assert decode(encode(made)) == made


@pytest.mark.parametrize("weights", [(("name.homophone", 1.38), ("name.same", -0.12)), (), None])
def test_another_model_travels_in_the_same_log(weights):
    consolidation = Consolidation(weights=weights, by="x", because="y", at=RECEIVED)
    made = Handover(outcome=consolidation, worker="desk", received=RECEIVED)
    assert decode(encode(made)) == made


def test_who_took_a_record_back_travels_with_the_withdrawal():
    act = withdrew("made-up/1", who="王警官", because="记错了", at=RECEIVED)
    body = line(record("withdrawal", "1"))
    made = replace(handed(body), act=act)
    assert decode(encode(made)) == made


@pytest.mark.parametrize("damage", [b"", b"\x04" + b"x" * 40, b"\x01", b"\x01" + b"\xc1" * 9, b"\x01\x90"])
def test_what_cannot_be_read_is_said_and_not_passed_over(damage: bytes):
    with pytest.raises(HandoverUnreadable):
        decode(damage)


def test_a_text_that_an_earlier_program_did_not_sketch_is_sketched_when_it_is_read():
    made = handed(line(tip("1", text="有人在解放路12号的酒吧后门卖气弹，每箱300元，电话13800001234")))
    assert made.outcome.sketch is not None
    assert decode(encode(replace(made, outcome=replace(made.outcome, sketch=None)))) == made


def test_of_the_first_version_is_read_again_what_a_tip_says_for_what_waits_was_not_told():
    made = handed(line(tip("1", text="我老婆说林小满把冰毒卖给陈大勇")))
    assert made.outcome.derived.waiting
    before = replace(made, outcome=replace(made.outcome, derived=replace(made.outcome.derived, waiting=())))
    assert decode(b"\x01" + encode(before)[1:]) == made
    assert decode(encode(before)) == before


@pytest.mark.parametrize(
    "body", [line(tip("1", text="听说林小满把冰毒卖给陈大勇")), line(record("seizure", "2"))]
)
def test_of_an_earlier_version_is_read_again_what_records_say_for_doubts_were_not_told(body):
    made = handed(body)
    told = replace(made.outcome.derived, grade="F6", doubts=())
    before = replace(made, outcome=replace(made.outcome, derived=told))
    for version in (b"\x01", b"\x02"):
        assert decode(version + encode(before)[1:]) == made


def test_a_message_that_was_cut_short_is_not_taken_for_a_shorter_one():
    value = encode(handed(line(tip("1", text="林小满卖冰毒"))))
    for length in range(0, len(value), 7):
        with pytest.raises(HandoverUnreadable) as raised:
            decode(value[:length])
        assert "林小满" not in str(raised.value)
