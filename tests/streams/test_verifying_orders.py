"""Words about what texts tell, as properties of any world: whatever comes first, the same is known."""

from __future__ import annotations

from collections import Counter
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from graph.sqlite.reader import SqliteReader
from schemas.decisions import Verification
from schemas.ids import text_digest
from schemas.records import Message, Origin
from streams.pipeline import run_front
from streams.review import Inspector
from streams.stages import extract_text
from streams.stages.dedupe import Deduped
from streams.stages.extract import extract
from streams.verified import Verifications
from tests.streams.made_up import RECEIVED, line, record
from tests.streams.test_properties import FEW, holds, is_found
from tests.streams.worlds import desk, known, small_caps, worlds

pytestmark = pytest.mark.usefixtures("caps")

TEXTS = (
    "我老婆说符玮强把冰毒卖给陈明",
    "符玮强、阿强先后卖冰毒给陈明、王建国",
    "我老婆说阿强把冰毒卖给陈明，符玮强把冰毒卖给王建国",
    "符玮强把冰毒卖给陈明亮",
    None,
)
VERDICTS = ("confirmed", "confirmed", "refuted", "unsure", "undone")


def said(document):
    """What a record says, after the front of the pipeline."""
    batch = run_front([Message(body=line(document), origin=Origin(), received=RECEIVED)], b"")
    return batch.prepared[0]


@st.composite
def telling_worlds(draw, *, withdrawals=True):
    """Records of which the tips tell of deliveries, and words about these, in the order of their saying."""
    documents = draw(worlds(most=8, withdrawals=withdrawals))
    words = []
    for document in documents:
        if document["kind"] != "tip" or (text := draw(st.sampled_from(TEXTS))) is None:
            continue
        document["text"] = text
        name = f"made-up/{document['source_id']}"
        for claim in said(document).derived.waiting:
            words += [(name, claim.key, text_digest(text), verdict) for verdict in draw(_SAID)]
    order = draw(st.permutations(range(len(words))))
    return documents, [_word(*words[at], number) for number, at in enumerate(order, 1)]


_SAID = st.lists(st.sampled_from(VERDICTS), max_size=3)


def _word(record, key, text, verdict, at):
    return Verification(
        record=record, key=key, text=text, verdict=verdict, by=f"{at}号警官", because="核对", at=at
    )


def knowledge(one):
    """What is exported, what waits, and who confirmed what."""
    reader = SqliteReader(one.owner.connection)
    words = [(edge.id, reader.confirmation(edge.id)) for edge in reader.all_edges()]
    return [
        *one.export(),
        *map(repr, Inspector(one.owner.connection, reader).deliveries(1000)),
        *sorted(repr(each) for each in words if each[1]),
    ]


def said_whenever(case):
    """Words and records in any order, a batch at a time: words among themselves stay in theirs."""
    (documents, words), shuffled, places, batch, restart = case
    with desk() as one, desk() as other:
        one.put(documents)
        for word in words:
            one.owner.verify(word)
        arriving = list(shuffled)
        due = Counter(
            place % (len(arriving) + 1) for place, _ in zip(places * len(words), words, strict=False)
        )
        rest = iter(words)
        for start in range(0, len(arriving) + 1, batch):
            for _ in range(sum(due[at] for at in range(start, start + batch))):
                other.owner.verify(next(rest))
            other.put(arriving[start : start + batch])
            if restart:
                other.restart()
        for word in rest:
            other.owner.verify(word)
        holds(knowledge(one), knowledge(other))


def taken_back_leaves_nothing(case):
    documents, words = case
    with desk() as one:
        one.put(documents)
        before = knowledge(one)
        for word in words:
            one.owner.verify(word)
        for word in words:
            one.owner.verify(_word(word.record, word.key, word.text, "undone", 99))
        holds(knowledge(one), before)


def withdrawn_equals_never_there(case):
    (documents, words), number = case
    gone = documents[number % len(documents)]["source_id"]
    with desk() as one, desk() as other:
        for each, kept in ((one, documents), (other, [doc for doc in documents if doc["source_id"] != gone])):
            each.put(kept)
            for word in words:
                each.owner.verify(word)
        one.put([record("withdrawal", gone, reported_at="2019-06-29T10:00:00+08:00")])
        holds(knowledge(one), knowledge(other))


ORDERS = telling_worlds().flatmap(
    lambda world: st.tuples(
        st.just(world),
        st.permutations(world[0]),
        st.lists(st.integers(0, 40), min_size=1, max_size=6),
        st.integers(1, 4),
        st.booleans(),
    )
)
WITHDRAWN = st.tuples(telling_worlds(withdrawals=False), st.integers(0, 30))


@pytest.fixture
def caps():
    with small_caps():
        yield


@FEW
@given(ORDERS)
def test_words_and_records_in_any_order_give_the_same_knowledge(case):
    said_whenever(case)


@FEW
@given(telling_worlds())
def test_words_that_are_all_taken_back_leave_what_was_there_before(case):
    taken_back_leaves_nothing(case)


@FEW
@given(WITHDRAWN)
def test_a_withdrawn_tip_of_which_something_was_confirmed_leaves_nothing_behind(case):
    withdrawn_equals_never_there(case)


@FEW
@given(telling_worlds())
def test_what_only_waits_changes_nothing_that_is_known(case):
    documents, _ = case
    with patch.object(extract_text, "unsure", lambda _: ()):
        untold = known(documents)
    holds(known(documents), untold)


def _takes_records_as_they_were_extracted(dedupe):
    def faulty(state, tx, batch):
        as_they_came = (each for each in batch if each.enriched)
        anew = [replace(each, derived=extract(each.enriched), confirmed=()) for each in as_they_came]
        return dedupe(state, tx, [*anew, *(each for each in batch if not each.enriched)])

    return faulty


def _does_not_read_anew(_):
    return lambda *_: Deduped(opened=[], closed=[], conflicts=[], counts=Counter())


def _hears_of_no_undoing(say):
    def faulty(self, word):
        if word.verdict != "undone":
            say(self, word)

    return faulty


FAULTS = [
    (said_whenever, ORDERS, "streams.pipeline", "dedupe", _takes_records_as_they_were_extracted),
    (said_whenever, ORDERS, "streams.pipeline", "reopen", _does_not_read_anew),
    (taken_back_leaves_nothing, telling_worlds(), Verifications, "say", _hears_of_no_undoing),
]


@pytest.mark.parametrize(
    ("check", "cases", "where", "name", "fault"), FAULTS, ids=[f"{f[0].__name__}-{f[3]}" for f in FAULTS]
)
def test_a_committed_fault_is_found(check, cases, where, name, fault):
    is_found(check, cases, where, name, fault)
