"""Each reason for refusal, what is tolerated, and what passes: seal and intake together."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from schemas.records import Accepted, Message, Origin, Period, Refusal, Report
from schemas.times import DAY, instant, iso
from streams.stages.decode import LIMIT, CutLine
from streams.stages.intake import EARLIEST, take_in
from streams.stages.refusals import CONFLICT, as_document
from streams.stages.seal import divide

RECEIVED = 1_577_836_800_000_000  # 2020-01-01T08:00:00+08:00
ORIGIN = Origin(file="tips.jsonl", line=7)
TIP: dict[str, Any] = {
    "kind": "tip",
    "source": "460100-110",
    "source_id": "20190603-17",
    "reported_at": "2019-06-03T21:14:00+08:00",
    "region": "460100",
}
PEOPLE: list[dict[str, Any]] = [{"ref": "p1", "name": "林某某"}, {"ref": "p2"}]


def take(body: bytes, received: int = RECEIVED) -> Accepted | Refusal:
    return take_in(divide(Message(body=body, origin=ORIGIN, received=received)).onward)


def put(received: int = RECEIVED, **fields: Any) -> Accepted | Refusal:
    return take(json.dumps(TIP | fields, ensure_ascii=False).encode(), received)


def accepted(outcome: Accepted | Refusal) -> Accepted:
    assert isinstance(outcome, Accepted), outcome
    return outcome


def refused(outcome: Accepted | Refusal, reason: str, path: str | None = None) -> Refusal:
    assert isinstance(outcome, Refusal), outcome
    assert (outcome.reason, outcome.path) == (reason, path)
    assert outcome.expected
    return outcome


def test_a_small_tip_is_accepted():
    tip = accepted(put())
    assert (tip.name, tip.revision) == ("460100-110/20190603-17", 1)
    assert tip.reported == instant("2019-06-03T21:14:00+08:00")
    assert tip.occurred is None
    assert msgspec.json.decode(tip.body) == TIP


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"  "])
@pytest.mark.parametrize("after", [b"", b"\n", b"\r\n", b"\r", b" \t"])
def test_byte_order_mark_line_end_and_white_space_are_tolerated(before, after):
    accepted(take(before + json.dumps(TIP).encode() + after))


def test_a_slash_in_the_id_belongs_to_the_id():
    assert accepted(put(source_id="a/b/c")).name == "460100-110/a/b/c"


def as_kept(text: str) -> int | float:
    """Whole numbers beyond 64 bits are kept as doubles."""
    return int(text) if abs(int(text)) < 2**63 else float(text)


# encoding


@pytest.mark.parametrize("bad", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", "琼".encode("gbk")])
def test_what_is_not_utf8_is_refused(bad):
    body = json.dumps(TIP | {"text": "@"}).encode().replace(b"@", bad)
    assert refused(take(body), "encoding").record is None


def test_utf16_is_refused():
    refused(take(json.dumps(TIP).encode("utf-16")), "encoding")


# json


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"\xef\xbb\xbf",
        b"[]",
        b"null",
        b"3",
        b'"text"',
        b"{}{}",
        b"{} x",
        b"{",
        b'{"a":',
        b'{"a" 1}',
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": 01}',
        b'{"a": +1}',
        b'{"a": .5}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": -1e999}',
        b'{"a": 1' + b"0" * 5000 + b"}",
        b'{"a": "\\ud800"}',
        b'{"a": "\\udc00\\ud800"}',
        b'{"\\ud800": 1}',
        b'{"a": "\\u0000"}',
        b'{"\\u0000": 1}',
        b'{"a": "\x00"}',
        b"{}\x00",
        b'{"a": "\n"}',
        b'{"a": "\\x"}',
        b'{"a": 1, "a": 1}',
        b'{"a": null, "a": null}',
        b'{"a": 1, "\\u0061": 2}',
        b'{"a": [{"b": {"c": 1, "c": 2}}]}',
        b"{" + b'"a":{' * 40 + b"}" * 41,
        b'{"a":' + b"[" * 200_000,
        b'{"a":' + b"[" * 32 + b"]" * 32 + b"}",
        b'{"a":"' + b'\\"' * 100_000,
    ],
)
def test_what_is_not_one_strict_json_object_is_refused(body):
    assert refused(take(body), "json").record is None


@pytest.mark.parametrize(
    "field",
    [
        b'"\\\\u0000"',
        b'"\\\\\\\\u0000"',
        b'"\\ud83c\\udf88"',
        b'"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["',
        b'"\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["',
        b"[" * 31 + b"]" * 31,
        b"[" + b"[],{}," * 40 + b"1]",
        b"9007199254740993",
        b"123456789012345678901234567890",
        b"1e300",
        b"-0",
        b"-0.0",
    ],
)
def test_what_only_looks_like_a_fault_of_json_is_accepted(field):
    record = accepted(take(json.dumps(TIP | {"new": "@"}).encode().replace(b'"@"', field)))
    assert json.loads(record.body)["new"] == json.loads(field, parse_int=as_kept)
    assert record.extra_fields == 1


# too_large


def test_the_limit_is_of_the_record_without_its_line_end():
    body = json.dumps(TIP | {"text": ""}).encode()
    full = body.replace(b'"text": ""', b'"text": "' + b"x" * (LIMIT - len(body)) + b'"')
    assert len(full) == LIMIT
    accepted(take(full + b"\r\n"))
    refused(take(full.replace(b"xx", b"xxx", 1)), "too_large")
    refused(take(b"\xff" * (LIMIT + 1)), "too_large")


def test_a_cut_line_is_refused_with_the_hash_of_the_whole_line():
    whole = sha256(b"everything").digest()
    divided = divide(Message(body=CutLine(b"x" * (LIMIT + 1), whole, 10**9), origin=ORIGIN, received=0))
    refusal = take_in(divided.onward)
    assert refused(refusal, "too_large").sha256 == whole.hex()
    assert divided.secret[0].size == 10**9


# schema


@pytest.mark.parametrize(
    ("fields", "path", "expected"),
    [
        ({"kind": None}, "kind", "one of tip, seizure, interception, withdrawal"),
        ({"kind": "rumour"}, "kind", "one of tip, seizure, interception, withdrawal"),
        ({"kind": ["tip"]}, "kind", "one of tip, seizure, interception, withdrawal"),
        ({"source": None}, "source", "text matching ^[a-z0-9][a-z0-9._-]{1,39}$, required"),
        ({"source": "X"}, "source", "text matching ^[a-z0-9][a-z0-9._-]{1,39}$"),
        ({"source": "a"}, "source", None),
        ({"source": "a" * 41}, "source", None),
        ({"source": "a/b"}, "source", None),
        ({"source": "ab\n"}, "source", None),
        ({"source_id": ""}, "source_id", None),
        ({"source_id": "a b"}, "source_id", None),
        ({"source_id": "a\u3000b"}, "source_id", None),
        ({"source_id": "a#b"}, "source_id", None),
        ({"source_id": "x" * 81}, "source_id", None),
        ({"source_id": "x\n"}, "source_id", None),
        ({"source_id": 17}, "source_id", None),
        ({"revision": 0}, "revision", "a whole number from 1 to 9223372036854775807"),
        ({"revision": -1}, "revision", None),
        ({"revision": 1.5}, "revision", None),
        ({"revision": True}, "revision", None),
        ({"revision": "2"}, "revision", None),
        ({"revision": 2**63}, "revision", None),
        ({"revision": 10**300}, "revision", None),
        ({"reported_at": None}, "reported_at", "text, required"),
        ({"reported_at": 1559567640}, "reported_at", "text"),
        ({"region": None}, "region", "text matching ^[0-9]{6}$, required"),
        ({"region": "4601"}, "region", None),
        ({"region": "460100\n"}, "region", None),
        ({"region": "４６０１００"}, "region", None),
        ({"region": 460100}, "region", None),
        ({"occurred": 2019}, "occurred", "text or an object"),
        ({"occurred": {"from": 2019}}, "occurred.from", "text"),
        ({"grade": "B2"}, "grade", "an object"),
        ({"grade": {"source": "G"}}, "grade.source", "one of A, B, C, D, E, F"),
        ({"grade": {"information": 7}}, "grade.information", "one of 1, 2, 3, 4, 5, 6"),
        ({"grade": {"information": True}}, "grade.information", None),
        ({"grade": {"europol": "F6"}}, "grade.europol", None),
        ({"purpose": "marketing"}, "purpose", None),
        ({"tlp": "red"}, "tlp", None),
        ({"text": ["x"]}, "text", "text"),
        ({"channel": "fax"}, "channel", None),
        ({"persons": {}}, "persons", "a list, each an object"),
        ({"persons": [None]}, "persons[0]", "an object"),
        ({"persons": [{}]}, "persons[0].ref", "text matching ^[A-Za-z0-9_-]{1,40}$, required"),
        ({"persons": [{"ref": "林"}]}, "persons[0].ref", None),
        ({"persons": [{"ref": "x" * 41}]}, "persons[0].ref", None),
        ({"persons": [{"ref": "p", "name": 3}]}, "persons[0].name", "text"),
        ({"persons": [{"ref": "p", "phones": "138"}]}, "persons[0].phones", "a list, each text"),
        ({"persons": [{"ref": "p", "phones": ["1", 138]}]}, "persons[0].phones[1]", "text"),
        ({"persons": [{"ref": "p", "phones": [None]}]}, "persons[0].phones[0]", "text"),
        ({"persons": [{"ref": "p", "gender": "M"}]}, "persons[0].gender", None),
        ({"persons": [{"ref": "p", "role": "guilty"}]}, "persons[0].role", None),
        ({"lots": [{"ref": "l", "quantity": "3"}]}, "lots[0].quantity", "a number"),
        ({"lots": [{"ref": "l", "quantity": True}]}, "lots[0].quantity", "a number"),
        ({"lots": [{"ref": "l", "containers": 2.5}]}, "lots[0].containers", None),
        ({"relations": [{"from": "p1", "kind": "met"}]}, "relations[0].to", "text, required"),
        ({"relations": [{"from": "p1", "to": "p2", "kind": "knows"}]}, "relations[0].kind", None),
        ({"reporter": "王某"}, "reporter", "an object"),
        ({"reporter": {"phone": 139}}, "reporter.phone", "text"),
        ({"reporter": {"anonymous": "yes"}}, "reporter.anonymous", "true or false"),
        ({"reporter_sealed": "王某 139"}, "reporter_sealed", None),
        ({"reporter_sealed": "QUJD"}, "reporter_sealed", None),
    ],
)
def test_a_structural_fault_is_refused_with_its_path_and_what_was_expected(fields, path, expected):
    refusal = refused(put(**fields), "schema", path)
    if expected is not None:
        assert refusal.expected == expected
    assert refusal.record == (None if path in {"source", "source_id"} else "460100-110/20190603-17")


@pytest.mark.parametrize("second", ["persons", "vehicles", "lots"])
def test_a_ref_is_unique_in_its_record(second):
    things = {"persons": [{"ref": "x"}]}
    if second == "persons":
        things["persons"].append({"ref": "x"})
    else:
        things[second] = [{"ref": "x"}]
    refused(put(**things), "schema", f"{second}[{1 if second == 'persons' else 0}].ref")


def test_null_is_the_same_as_missing():
    nothing = accepted(put(text=None, persons=[{"ref": "p1", "name": None}], new=None))
    missing = accepted(put(persons=[{"ref": "p1"}]))
    assert nothing.digest == missing.digest
    assert nothing.body == missing.body
    assert nothing.extra_fields == 0


@pytest.mark.parametrize("gender", ["male", "female", "unknown", "男", "女"])
def test_gender_is_said_in_english_or_chinese(gender):
    accepted(put(persons=[{"ref": "p", "gender": gender}]))


def test_a_whole_number_may_be_written_as_a_float():
    assert accepted(put(revision=2.0)).revision == 2


def test_values_that_fail_their_own_rule_do_not_refuse_the_record():
    person = {"ref": "p", "id_number": "123", "phones": ["138****1234", "不详"], "birth_date": "1990-99"}
    lot = {"ref": "l", "quantity": -3, "purity": 900, "containers": -1}
    accepted(put(persons=[person], lots=[lot], vehicles=[{"ref": "v", "plate": "???"}], case="x"))


def test_unknown_fields_are_kept_and_counted_wherever_they_are():
    person = {"ref": "p", "shoe_size": 43}
    tip = accepted(put(persons=[person], weather={"rain": True}, grade={"source": "B", "colour": 1}))
    assert tip.extra_fields == 3
    assert msgspec.json.decode(tip.body)["persons"] == [person]


def test_an_unknown_checkpoint_is_no_reason_to_refuse():
    accepted(put(kind="interception", checkpoint="未登记的卡点"))


# reference


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"vehicles": [{"ref": "v", "driver": "p9"}]}, "vehicles[0].driver"),
        ({"vehicles": [{"ref": "v", "owner": ""}]}, "vehicles[0].owner"),
        ({"vehicles": [{"ref": "v", "passengers": ["p1", "p9"]}]}, "vehicles[0].passengers[1]"),
        ({"parcels": [{"ref": "k", "sender": "p9"}]}, "parcels[0].sender"),
        ({"parcels": [{"ref": "k"}, {"ref": "l", "recipient": "林 某"}]}, "parcels[1].recipient"),
        ({"lots": [{"ref": "l", "held_by": "p9"}]}, "lots[0].held_by"),
        ({"lots": [{"ref": "l", "found_in": "p9"}]}, "lots[0].found_in"),
        ({"money": [{"held_by": "p9"}]}, "money[0].held_by"),
        ({"relations": [{"from": "p9", "to": "p1", "kind": "met"}]}, "relations[0].from"),
        ({"relations": [{"from": "p1", "to": "P1", "kind": "met"}]}, "relations[0].to"),
    ],
)
def test_a_ref_that_points_nowhere_is_refused(fields, path):
    refused(put(persons=PEOPLE, **fields), "reference", path)


def test_a_ref_may_point_to_what_comes_later_and_to_anything():
    accepted(
        put(
            persons=PEOPLE,
            vehicles=[{"ref": "v", "driver": "p1", "passengers": ["p2"]}],
            parcels=[{"ref": "k", "sender": "o"}],
            organisations=[{"ref": "o"}],
            venues=[{"ref": "n"}],
            lots=[{"ref": "l", "held_by": "p1", "found_in": "k"}],
            money=[{"held_by": "v"}],
            relations=[{"from": "n", "to": "l", "kind": "owns"}],
        )
    )


# purpose


@pytest.mark.parametrize("purpose", ["rehabilitation", "health", "supervision"])
def test_data_of_care_is_refused(purpose):
    refusal = refused(put(purpose=purpose), "purpose", "purpose")
    assert refusal.expected == "investigation or public_safety"


@pytest.mark.parametrize("purpose", ["investigation", "public_safety", None])
def test_the_purposes_of_the_police_are_accepted(purpose):
    accepted(put(purpose=purpose))


# time


@pytest.mark.parametrize("stated", ["", "昨天", "2019-06", "2019-02-30T10:00", "1948-12-31T23:59:59"])
def test_a_report_needs_a_possible_moment(stated):
    refused(put(reported_at=stated), "time", "reported_at")


def test_a_report_may_be_a_day_ahead_and_no_more():
    accepted(put(reported_at=iso(RECEIVED + DAY)))
    refused(put(reported_at=iso(RECEIVED + DAY + 1)), "time", "reported_at")


def test_history_begins_in_1949():
    assert iso(EARLIEST) == "1949-01-01T00:00:00+08:00"
    accepted(put(reported_at=iso(EARLIEST)))
    refused(put(reported_at=iso(EARLIEST - 1)), "time", "reported_at")


@pytest.mark.parametrize(
    "stated",
    [
        "昨天",
        "",
        "2019-6-3",
        "1948",
        "2020-01-03",
        "2021",
        {"from": "2019-06", "to": "2019-05"},
        {"from": "1948", "to": "1950"},
        {"from": "2019", "to": "2021"},
        {"to": "1948-12"},
        {"from": "2020-02"},
        {"from": "早上"},
        {"to": ""},
    ],
)
def test_an_impossible_time_of_the_event_is_refused(stated):
    refused(put(occurred=stated), "time", "occurred")


@pytest.mark.parametrize(
    "stated", ["1949", "2020", "2020-01", "2020-01-02", "2019-06-03T21:14", {"from": "2019"}, {"to": "2019"}]
)
def test_a_possible_time_of_the_event_is_read_to_its_precision(stated):
    occurred = accepted(put(occurred=stated)).occurred
    assert occurred is not None
    assert occurred.text.strip("./") == (stated if isinstance(stated, str) else "2019")


def test_an_empty_period_says_nothing():
    tip = accepted(put(occurred={"from": None}))
    assert isinstance(tip.record, Report)
    assert tip.record.occurred == Period()
    assert tip.occurred is None


def test_the_time_of_receipt_decides_and_not_the_clock():
    refused(put(received=0), "time", "reported_at")


def test_times_of_values_are_flagged_and_refuse_nothing():
    relation = {"from": "p1", "to": "p2", "kind": "met"}
    tip = accepted(
        put(
            persons=PEOPLE,
            relations=[relation | {"at": "2019-06"}, relation | {"at": {"from": "2019", "to": "2018"}}],
            parcels=[{"ref": "k", "sent_at": "早上"}],
        )
    )
    assert tip.warnings == ("suspect_value:relations[1].at", "suspect_value:parcels[0].sent_at")


# withdrawal


def test_a_withdrawal_needs_no_region_and_ignores_what_it_has_no_field_for():
    fields = {"region": 3, "persons": "x", "reason": "重复", "purpose": "health"}
    taken = accepted(put(kind="withdrawal", **fields))
    assert taken.record.kind == "withdrawal"
    assert taken.extra_fields == 3
    refused(put(kind="withdrawal", reason=3), "schema", "reason")


# equality


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"a": 1, "b": 2}', b'{"b":2,\t"a":1}'),
        (b'{"a": 1}', b'{"a": 1.0}'),
        (b'{"a": 100}', b'{"a": 1e2}'),
        (b'{"a": 0}', b'{"a": -0.0}'),
        (b'{"a": 12345678901234567890123}', b'{"a": 1.2345678901234567890123e22}'),
        (b'{"a": "\\u6797"}', '{"a": "林"}'.encode()),
        (b'{"a": {"b": null}}', b'{"a": {}}'),
    ],
)
def test_equal_as_parsed_json_is_the_same_again(one, other):
    def digest(body: bytes) -> bytes:
        return accepted(take(json.dumps(TIP).encode()[:-1] + b', "new": ' + body + b"}")).digest

    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    "other",
    [
        {"text": "x"},
        {"revision": 1},
        {"persons": []},
        {"new": 1},
        {"new": "1"},
        {"new": True},
        {"new": [None]},
        {"reporter": {"name": "王某"}},
        {"reporter": {"name": "李某"}},
    ],
)
def test_anything_else_is_other_content(other):
    contents = [{}, {"new": 0}, {"new": []}, {"text": "y"}, {"reporter": {"name": "赵某"}}, other]
    digests = {accepted(put(**fields)).digest for fields in contents}
    assert len(digests) == len(contents)


def test_whole_numbers_beyond_a_double_keep_their_last_digit():
    assert accepted(put(new=2**53)).digest != accepted(put(new=2**53 + 1)).digest


# refusals in the open


def test_a_refusal_is_shown_as_the_contract_says():
    body = b'{"kind": "tip", "source": "460100-110", "source_id": "7", "region": "460100"}'
    assert as_document(refused(take(body), "schema", "reported_at")) == {
        "record": "460100-110/7",
        "reason": "schema",
        "path": "reported_at",
        "expected": "text, required",
        "from": {"file": "tips.jsonl", "line": 7},
        "sha256": sha256(body).hexdigest(),
        "received_at": "2020-01-01T08:00:00+08:00",
    }


def test_a_refusal_without_a_readable_name_has_no_record():
    assert "record" not in as_document(refused(take(b"{"), "json"))


def test_a_refusal_from_a_topic_says_where_it_stood():
    origin = Origin(topic="suyuan.raw.tip", partition=3, offset=0)
    refusal = CONFLICT.refuse(origin, "ab" * 32, RECEIVED, "a/b")
    assert as_document(refusal)["from"] == {"topic": "suyuan.raw.tip", "partition": 3, "offset": 0}
    assert refusal.reason == "conflict"


def test_take_in_passes_a_refusal_on():
    refusal = CONFLICT.refuse(ORIGIN, "ab" * 32, RECEIVED)
    assert take_in(refusal) is refusal
