"""Mergers without a ground are counted, and only those."""

from __future__ import annotations

import json

import pytest

from streams.bench.groundless import groundless, grounds

WHO = {"a/1#p": "P1", "a/2#p": "P2"}
ONE = {"a/1#p": "e", "a/2#p": "e"}


def record(number, revision=1, **more):
    person = {"ref": "p", "name": "王伟"} | {
        k: v for k, v in more.items() if k not in ("case", "vehicles", "parcels")
    }
    whole = {k: v for k, v in more.items() if k in ("case", "vehicles", "parcels")}
    return {
        "kind": "tip",
        "source": "a",
        "source_id": str(number),
        "revision": revision,
        "persons": [person],
        **whole,
    }


@pytest.fixture
def count(tmp_path):
    def counting(*records, who=WHO, entities=ONE):
        path = tmp_path / "records.jsonl"
        path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records), "utf-8")
        return groundless(who, entities, path)

    return counting


@pytest.mark.parametrize(
    "shared",
    [
        {},
        {"phones": ["138****1234"]},
        {"id_number": "460***********1234"},
        {"address": "海口市××路1号"},
        {"gender": "male"},
        {"aliases": ["阿伟"]},
    ],
)
def test_two_people_in_one_who_share_a_name_and_a_mask_are_counted(count, shared):
    assert count(record(1, **shared), record(2, **shared)) == 1


@pytest.mark.parametrize(
    "shared",
    [
        {"phones": ["13800001234"]},
        {"birth_date": "1990"},
        {"birth_date": "1990-06-03"},
        {"hukou": "儋州市"},
        {"address": "海口市大同路1号"},
        {"case": "2019-551"},
        {"vehicles": [{"ref": "v", "plate": "琼A·12345", "driver": "p"}]},
        {"parcels": [{"ref": "k", "tracking_no": "SF1", "recipient": "p"}]},
    ],
)
def test_two_people_in_one_who_share_more_are_a_mistake_with_a_ground(count, shared):
    assert count(record(1, **shared), record(2, **shared)) == 0


def test_a_year_of_birth_is_shared_with_an_id_number_too(count):
    assert count(record(1, birth_date="1990-06-03"), record(2, id_number="460106199006030113")) == 0


def test_a_phone_is_the_same_however_it_is_written(count):
    assert count(record(1, phones=["+86 13800001234"]), record(2, phones=["138 0000 1234"])) == 0


def test_only_the_newest_revision_counts(count):
    old, new = record(1, phones=["13800001234"]), record(1, 2, phones=["13800009999"])
    assert count(new, old, record(2, phones=["13800001234"])) == 1


def test_people_kept_apart_or_rightly_joined_are_not_counted(count):
    records = record(1), record(2)
    assert count(*records, entities={"a/1#p": "e", "a/2#p": "f"}) == 0
    assert count(*records, who=dict.fromkeys(WHO, "P1")) == 0
    assert count(*records, entities={}) == 0


def test_a_vehicle_is_a_ground_only_for_those_in_it():
    car = {"ref": "v", "plate": "琼A12345", "driver": "q"}
    assert grounds(record(1, vehicles=[car]), "p") == set()
