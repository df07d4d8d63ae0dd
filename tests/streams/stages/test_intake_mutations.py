"""Whatever the bytes, seal and intake give a value: 100,000 damaged records."""

from __future__ import annotations

import copy
import json
from collections import Counter
from random import Random
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from schemas.records import Accepted, Message, Origin, Refusal
from streams.stages.intake import take_in
from streams.stages.seal import divide

RECEIVED = 1_577_836_800_000_000
RECORDS: list[dict[str, Any]] = [
    {
        "kind": "tip",
        "source": "460100-110",
        "source_id": "1",
        "reported_at": "2019-06-03T21:14:00+08:00",
        "region": "460100",
        "occurred": {"from": "2019-05", "to": "2019-06-02"},
        "text": "我叫王某，13900001111，林某某在酒吧卖气球，琼A12345",
        "persons": [
            {"ref": "p1", "name": "林某某", "phones": ["138****1234"], "gender": "男"},
            {"ref": "p2"},
        ],
        "relations": [{"from": "p1", "to": "p2", "kind": "supplied", "quantity": 2, "at": "2019-06"}],
        "reporter": {"name": "王某", "phone": "13900001111", "anonymous": True},
    },
    {
        "kind": "seizure",
        "source": "460100-110",
        "source_id": "2",
        "reported_at": "2019-06-03T21:14:00Z",
        "region": "460100",
        "case": "2019-551",
        "purpose": "investigation",
        "grade": {"source": "B", "information": 2},
        "persons": [{"ref": "p1", "name": "林某某"}],
        "lots": [{"ref": "l1", "substance": "笑气", "quantity": 640.5, "unit": "克", "held_by": "p1"}],
        "place": {"name": "某路", "lat": 20.04, "lon": 110.3},
    },
    {
        "kind": "interception",
        "source": "460000-gate",
        "source_id": "3",
        "revision": 2,
        "reported_at": "2019-06-03T21:14:00",
        "region": "460000",
        "checkpoint": "x",
        "direction": "inbound",
        "vehicles": [{"ref": "v1", "plate": "琼A12345", "driver": "p1", "passengers": ["p1"]}],
        "persons": [{"ref": "p1", "id_number": "460101199001011234"}],
        "parcels": [{"ref": "k1", "sender": "p1", "sent_at": "2019-06-01"}],
    },
    {
        "kind": "withdrawal",
        "source": "460100-110",
        "source_id": "1",
        "reported_at": "2019-06-04T08:00",
        "reason": "重复",
    },
]
NUMBERS: list[Any] = [0, -1, 1.5, 2**63, 10**40, 1e308]
WORDS: list[Any] = ["", "\x7f", "\ud800", "\x00", "2019", "昨天", "p1", "health", "🎈" * 50, "王某", "tip"]
STRANGE: list[Any] = [None, True, [], {}, [[]], [{}], {"reporter": "王某"}, *NUMBERS, *WORDS]
SNIPPETS = [
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"NaN",
    b"1e999",
    b'"',
    b"\\u0000",
    b"\\ud800",
    b"[" * 40,
    b"}",
    b"\r",
]


def damaged_document(chance: Random, record: dict[str, Any]) -> bytes:
    document = copy.deepcopy(record)
    inside: Any = document
    while True:
        step = chance.choice(list(inside)) if isinstance(inside, dict) else chance.randrange(len(inside))
        if isinstance(inside[step], dict | list) and inside[step] and chance.random() < 0.7:
            inside = inside[step]
            continue
        if chance.random() < 0.2:
            del inside[step]
        else:
            inside[step] = chance.choice(STRANGE)
        return json.dumps(document, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def damaged_bytes(chance: Random, body: bytes) -> bytes:
    at, length = chance.randrange(len(body)), chance.randrange(1, 12)
    match chance.randrange(5):
        case 0:
            return body[:at]
        case 1:
            return body[:at] + body[at + length :]
        case 2:
            return body[:at] + body[at : at + length] + body[at:]
        case 3:
            return body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]
        case _:
            return body[:at] + chance.choice(SNIPPETS) + body[at:]


def take(body: bytes) -> Accepted | Refusal:
    divided = divide(Message(body=body, origin=Origin(file="f", line=1), received=RECEIVED), b"pepper")
    assert divided.secret[0].body == body
    return take_in(divided.onward)


def test_a_hundred_thousand_damaged_records_raise_nothing():
    chance = Random(551)
    bodies = [json.dumps(record, ensure_ascii=False).encode() for record in RECORDS]
    outcomes: Counter[str] = Counter()
    for number in range(100_000):
        kind = number % len(RECORDS)
        if chance.random() < 0.5:
            body = damaged_document(chance, RECORDS[kind])
        else:
            body = damaged_bytes(chance, bodies[kind])
        outcome = take(body)
        if isinstance(outcome, Accepted):
            outcomes["accepted"] += 1
            assert b'"reporter":' not in outcome.body or b'"reporter":"' in body.replace(b" ", b"")
            if number % 10 == 0:
                again = msgspec.convert(json.loads(outcome.body), type(outcome.record))
                assert again == outcome.record
        else:
            outcomes[outcome.reason] += 1
    assert outcomes.keys() == {"accepted", "encoding", "json", "schema", "reference", "purpose", "time"}
    assert min(outcomes.values()) > 10, outcomes


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_value(body):
    assert isinstance(take(body), Refusal)


@given(JSON, st.sampled_from(sorted({field for record in RECORDS for field in record} | {"new", "reporter"})))
def test_any_json_in_any_field_gives_a_value(value, field):
    for record in RECORDS:
        body = json.dumps(record | {field: value}).encode()
        take(body)


@given(JSON)
def test_a_record_is_the_same_however_it_is_written(value):
    record = RECORDS[0] | {"new": value}
    one = take(json.dumps(record, ensure_ascii=True, indent=2).encode())
    other = take(json.dumps(record, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass"))
    if isinstance(one, Accepted):
        assert isinstance(other, Accepted)
        assert (one.digest, one.body) == (other.digest, other.body)
    else:
        assert isinstance(other, Refusal)
