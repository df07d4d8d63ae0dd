"""The front of the pipeline: what it makes of messages does not depend on which come together."""

from __future__ import annotations

from hypothesis import given

from schemas.records import Message, Origin
from streams.pipeline import read, take
from streams.stages.dedupe import Prepared
from tests.streams.made_up import RECEIVED, line, tip
from tests.streams.steps import steps
from tests.streams.worlds import worlds


def fronts(documents):
    bodies = [each if isinstance(each, bytes) else line(each) for each in documents]
    return [
        take(Message(body=body, origin=Origin(offset=offset), received=RECEIVED), b"pepper")
        for offset, body in enumerate(bodies)
    ]


@given(worlds(most=6))
def test_what_messages_say_is_the_same_alone_and_together(documents):
    taken = fronts([*documents, b"{", tip(99)])
    assert read(taken) == [each for front in taken for each in read([front])]


def test_whether_a_record_is_usable_is_known_without_reading_what_it_says():
    (front,) = fronts([tip(1, text="阿强在酒吧门口把冰毒转手让给了陈大勇")])
    assert isinstance(front.outcome, Prepared)
    assert front.outcome.derived is None
    assert read([front])[0].outcome.derived.read


def test_texts_of_a_batch_are_read_side_by_side():
    """What starts the tagger is paid once, not for every text."""
    names = ["王小明", "符玮强", "陈大勇", "林小满", "吴多福", "周大海", "郑小宝", "何小雨"]
    taken = fronts([tip(name, text=f"{name}在酒吧门口把冰毒转手让给了阿强，我看见的") for name in names])
    read(taken)
    together = steps(lambda: read(taken))
    assert together < 0.9 * steps(lambda: [read([each]) for each in taken])
