"""The published JSON Schema says what the contract's tables say, and intake does what it says."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.jsonschema import DESCRIPTIONS, record_schema
from schemas.records import Accepted, Message, Origin, Refusal
from streams.stages.intake import take_in
from streams.stages.seal import divide


def fields(names: str) -> dict[str, list[Any] | None]:
    return dict.fromkeys(names.split())


# The contract's tables, copied by hand: field → enumeration, or None where any value is allowed.
EVERY: dict[str, list[Any] | None] = {
    "kind": None,
    "source": None,
    "source_id": None,
    "revision": None,
    "reported_at": None,
    "occurred": None,
    "region": None,
    "unit": None,
    "case": None,
    "operation": None,
    "grade": None,
    "purpose": ["investigation", "public_safety", "rehabilitation", "health", "supervision"],
    "tlp": ["RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"],
    "text": None,
    "persons": None,
    "organisations": None,
    "vehicles": None,
    "parcels": None,
    "venues": None,
    "lots": None,
    "money": None,
    "relations": None,
}
BY_KIND: dict[str, dict[str, list[Any] | None]] = {
    "Tip": EVERY
    | {
        "channel": ["phone", "letter", "walk_in", "app", "web", "wechat"],
        "reporter": None,
        "reporter_sealed": None,
    },
    "Seizure": EVERY | {"place": None},
    "Interception": EVERY
    | {
        "checkpoint": None,
        "direction": ["inbound", "outbound"],
        "outcome": ["released", "recorded", "detained", "seized"],
        "vessel": None,
    },
    "Withdrawal": fields("kind source source_id reported_at reason revision"),
}
THINGS: dict[str, dict[str, list[Any] | None]] = {
    "Person": fields("ref name aliases id_number phones wechat bank_cards birth_date hukou address")
    | {
        "gender": ["male", "female", "unknown", "男", "女"],
        "role": ["suspect", "witness", "user", "unknown"],
    },
    "Organisation": fields("ref name credit_code address"),
    "Vehicle": fields("ref plate type colour driver owner passengers"),
    "Parcel": fields("ref tracking_no carrier sender recipient sender_address recipient_address sent_at"),
    "Venue": fields("ref name licence_no type address"),
    "LotRecord": fields(
        "ref substance quantity unit form container containers marks seal_no sample_no purity held_by "
        "found_in"
    ),
    "Money": fields("amount currency form held_by"),
    "Relation": fields("from to substance quantity unit amount at place")
    | {
        "kind": ["supplied", "paid", "called", "carried_for", "works_for", "owns", "related_to", "met"],
    },
    "Reporter": fields("name phone id_number address anonymous"),
    "Site": fields("name address region lat lon"),
    "Grade": {
        "source": ["A", "B", "C", "D", "E", "F"],
        "information": [1, 2, 3, 4, 5, 6],
        "europol": None,
        "handling": None,
    },
    "Period": fields("from to"),
}
REQUIRED = {
    "Tip": {"kind", "source", "source_id", "reported_at", "region"},
    "Seizure": {"kind", "source", "source_id", "reported_at", "region"},
    "Interception": {"kind", "source", "source_id", "reported_at", "region"},
    "Withdrawal": {"kind", "source", "source_id", "reported_at"},
    "Relation": {"from", "to", "kind"},
} | {name: {"ref"} for name in ("Person", "Organisation", "Vehicle", "Parcel", "Venue", "LotRecord")}
LISTS = {
    "persons": "Person",
    "organisations": "Organisation",
    "vehicles": "Vehicle",
    "parcels": "Parcel",
    "venues": "Venue",
    "lots": "LotRecord",
    "money": "Money",
    "relations": "Relation",
}
RECEIVED = 1_577_836_800_000_000  # 2020-01-01T08:00:00+08:00

COMMON: dict[str, Any] = {
    "source": "460100-110",
    "source_id": "20190603/17",
    "revision": 2,
    "reported_at": "2019-06-03T21:14:00+08:00",
    "occurred": {"from": "2019-05", "to": "2019-06-02"},
    "region": "460100",
    "unit": "某派出所",
    "case": "2019-551",
    "operation": "净网",
    "grade": {"source": "B", "information": 2},
    "purpose": "investigation",
    "tlp": "AMBER+STRICT",
    "text": "有人在酒吧卖气球",
    "persons": [
        {"ref": "p1", "name": "林某某", "aliases": ["阿林"], "id_number": "4601**********1234"}
        | {"phones": ["138****1234"], "wechat": ["lin_x"], "bank_cards": ["6222"], "gender": "男"}
        | {"birth_date": "1990-06", "hukou": "海口", "address": "某路1号", "role": "user"},
        {"ref": "p2"},
    ],
    "organisations": [{"ref": "o1", "name": "某公司", "credit_code": "x", "address": "某路"}],
    "vehicles": [
        {"ref": "v1", "plate": "琼A12345", "type": "轿车", "colour": "白", "driver": "p1", "owner": "o1"}
        | {"passengers": ["p2"]}
    ],
    "parcels": [
        {"ref": "k1", "tracking_no": "SF1", "carrier": "某快递", "sender": "p1", "recipient": "p2"}
        | {"sender_address": "甲地", "recipient_address": "乙地", "sent_at": "2019-06-01"}
    ],
    "venues": [{"ref": "n1", "name": "某KTV", "licence_no": "1", "type": "歌舞", "address": "某路"}],
    "lots": [
        {"ref": "l1", "substance": "笑气", "quantity": 640, "unit": "克", "form": "气体", "container": "罐"}
        | {"containers": 2, "marks": ["红"], "seal_no": "1", "sample_no": "2", "purity": 0.5}
        | {"held_by": "p1", "found_in": "v1"}
    ],
    "money": [{"amount": 3000.5, "currency": "CNY", "form": "现金", "held_by": "p1"}],
    "relations": [
        {"from": "p1", "to": "p2", "kind": "supplied", "substance": "笑气", "quantity": 1, "unit": "罐"}
        | {"amount": 80, "at": "2019-06", "place": "某酒吧"}
    ],
}
SAMPLES: dict[str, dict[str, Any]] = {
    "tip": COMMON
    | {"kind": "tip", "channel": "phone", "reporter_sealed": "QUJD" * 20}
    | {"reporter": {"name": "王某", "phone": "1", "id_number": "2", "address": "3", "anonymous": True}},
    "seizure": COMMON
    | {"kind": "seizure", "grade": {"europol": "B2", "handling": "H1"}}
    | {"place": {"name": "甲", "address": "乙", "region": "460100", "lat": 20.04, "lon": 110}},
    "interception": COMMON
    | {"kind": "interception", "checkpoint": "未登记", "direction": "inbound", "outcome": "released"}
    | {"vessel": "某轮", "occurred": "2019-06-03T21:14"},
    "withdrawal": {key: COMMON[key] for key in ("source", "source_id", "reported_at")}
    | {"kind": "withdrawal", "reason": "重复", "revision": None},
}


def rule_of(field: dict[str, Any]) -> dict[str, Any]:
    """The rule of a field without the alternative `null`."""
    options = [each for each in field.get("anyOf", [field]) if each != {"type": "null"}]
    return options[0] if len(options) == 1 else {"anyOf": options}


def validator() -> jsonschema.Draft202012Validator:
    """Python's `$` also matches before a last line feed; the dialect's does not."""
    text = json.dumps(record_schema()).replace('$"', '\\\\Z"')
    return jsonschema.Draft202012Validator(json.loads(text))


VALIDATOR = validator()


def intake(record: Any) -> Accepted | Refusal:
    body = json.dumps(record, ensure_ascii=False).encode()
    return take_in(divide(Message(body=body, origin=Origin(file="f", line=1), received=RECEIVED)).onward)


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(record_schema())


@pytest.mark.parametrize(("name", "table"), [*BY_KIND.items(), *THINGS.items()])
def test_the_schema_has_the_fields_and_enumerations_of_the_contract_and_no_others(name, table):
    published = record_schema()["$defs"][name]["properties"]
    assert published.keys() == table.keys()
    for field, values in table.items():
        found = rule_of(published[field]).get("enum")
        if field == "kind" and name in BY_KIND:
            assert found == [name.lower()]
        elif values is None:
            assert found is None, field
        else:
            assert sorted(found, key=str) == sorted(values, key=str), field


def test_the_schema_has_the_types_of_the_contract_and_no_others():
    assert record_schema()["$defs"].keys() == BY_KIND.keys() | THINGS.keys()


@pytest.mark.parametrize("name", [*BY_KIND, *THINGS])
def test_what_is_required_is_what_the_contract_requires(name):
    assert set(record_schema()["$defs"][name]["required"]) == REQUIRED.get(name, set())


@pytest.mark.parametrize(("field", "thing"), LISTS.items())
def test_each_list_holds_its_things(field, thing):
    rule = rule_of(record_schema()["$defs"]["Tip"]["properties"][field])
    assert rule["items"] == {"$ref": f"#/$defs/{thing}"}


def test_patterns_are_the_contracts():
    schemas = record_schema()["$defs"]
    assert schemas["Tip"]["properties"]["source"]["pattern"] == "^[a-z0-9][a-z0-9._-]{1,39}$"
    assert schemas["Tip"]["properties"]["source_id"]["pattern"] == r"^[^\s#]{1,80}$"
    assert schemas["Tip"]["properties"]["region"]["pattern"] == "^[0-9]{6}$"
    for name in ("Person", "Organisation", "Vehicle", "Parcel", "Venue", "LotRecord"):
        assert schemas[name]["properties"]["ref"]["pattern"] == "^[A-Za-z0-9_-]{1,40}$"
    assert rule_of(schemas["Tip"]["properties"]["revision"])["minimum"] == 1


def test_every_field_is_described_and_every_description_is_used():
    used = {
        field if name in BY_KIND else f"{name}.{field}"
        for name, rule in record_schema()["$defs"].items()
        for field in rule["properties"]
    }
    assert used == DESCRIPTIONS.keys()


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_record_with_every_field_is_valid_and_accepted_without_unknown_fields(kind):
    VALIDATOR.validate(SAMPLES[kind])
    accepted = intake(SAMPLES[kind])
    assert isinstance(accepted, Accepted)
    assert accepted.extra_fields == 0
    assert accepted.record.kind == kind


@pytest.mark.parametrize("kind", SAMPLES)
def test_each_sample_holds_every_field_of_its_kind(kind):
    assert SAMPLES[kind].keys() >= BY_KIND[kind.capitalize()].keys()


NUMBERS = [None, True, False, 0, 1, -1, 1.0, 2.5, 7, 2**63, -(2**63) - 1, 10**30, 1e300]
WORDS = ["", "x", "p1", "男", "460100", "46010", "a b", "a#b", "460100\n", "tip", "withdrawal", "A", "B2"]
LONG_WORDS = ["QUJD" * 20, "QUJD" * 20 + "=", "QUJD" * 15, "x" * 41, "x" * 81, "林" * 80]
PARTS = [[], {}, [None], ["x"], [1], [[]], [{}], [{"ref": "z"}], {"from": 3}, {"name": "x"}, {"source": "G"}]
STRANGE = st.sampled_from([*NUMBERS, *WORDS, *LONG_WORDS, *PARTS, {"source": "A", "information": True}])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to all values inside a document."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [found for step, inner in steps for found in places(inner, (*path, step))]


@st.composite
def damaged(draw) -> dict[str, Any]:
    """A sample with some of its values replaced, removed or added."""
    document = copy.deepcopy(SAMPLES[draw(st.sampled_from(sorted(SAMPLES)))])
    for _ in range(draw(st.integers(0, 2))):
        *way, last = draw(st.sampled_from(places(document)))
        inside: Any = document
        for step in way:
            inside = inside[step]
        if draw(st.booleans()):
            inside[last] = draw(STRANGE)
        else:
            del inside[last]
        if not document:
            break
    if draw(st.booleans()):
        document[draw(st.sampled_from(["new", "place", "reason", "reporter", "Region"]))] = draw(STRANGE)
    return document


@given(damaged())
def test_what_the_schema_accepts_intake_accepts_and_the_other_way_round(document):
    outcome = intake(document)
    structural = isinstance(outcome, Refusal) and (
        outcome.reason == "schema" and outcome.expected != "a ref that nothing else in the record has"
    )
    # `reporter` outside tips is an unknown field to both; what refs and times mean only intake knows.
    assert VALIDATOR.is_valid(document) is not structural, outcome


@given(damaged())
def test_a_refusal_names_a_path_that_is_there_or_is_missing_from_what_is_there(document):
    outcome = intake(document)
    if isinstance(outcome, Refusal) and outcome.reason in {"schema", "reference"}:
        assert outcome.path is not None
        assert outcome.expected
        names = set(outcome.path.replace("[", ".[").split("."))
        known = {field for table in (BY_KIND | THINGS).values() for field in table} | {"$"}
        assert all(name in known or name.startswith("[") for name in names)


def test_types_are_frozen():
    accepted = intake(SAMPLES["tip"])
    assert isinstance(accepted, Accepted)
    with pytest.raises(AttributeError):
        accepted.record.source = "other"  # type: ignore[misc]
    assert msgspec.json.decode(accepted.body)["source"] == "460100-110"
