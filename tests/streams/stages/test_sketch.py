"""Only what tips tell is known again as a copy."""

from __future__ import annotations

from schemas.records import Message, Origin
from streams.pipeline import prepare_again, run_front
from tests.streams.made_up import RECEIVED, line, record, tip

TOLD = "有人在秀英港附近的酒吧后门卖笑气，每箱三百元"


def prepared(*documents):
    messages = [Message(body=line(each), origin=Origin(), received=RECEIVED) for each in documents]
    return run_front(messages, b"pepper").prepared


def test_tips_have_sketches_and_copies_share_theirs():
    one, copy, other = prepared(
        tip(1, text=f"{TOLD}。"), tip(2, text=f"{TOLD}！"), tip(3, text=TOLD.replace("秀英港", "新海港"))
    )
    assert one.sketch is not None
    assert one.sketch == copy.sketch != other.sketch


def test_what_is_no_tip_or_says_too_little_has_none():
    whole = prepared(record("seizure", 1, text=TOLD), tip(2), tip(3, text="太短"), tip(4, text=TOLD))
    assert [each.sketch is None for each in whole] == [True, True, True, False]


def test_a_working_copy_that_is_read_again_has_the_sketch_that_it_had():
    (one,) = prepared(tip(1, text=TOLD))
    assert prepare_again(one.accepted.body, one.accepted.digest, RECEIVED).sketch == one.sketch
