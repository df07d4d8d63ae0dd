from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from itertools import pairwise

import msgspec
import pytest

from schemas.records import Interception, Seizure, Tip, Withdrawal
from streams.simulate.clock import moment
from streams.simulate.world import Options, simulate, simulate_lines, write_world

STRUCTS = {"tip": Tip, "seizure": Seizure, "interception": Interception, "withdrawal": Withdrawal}
PARTS = ("persons", "organisations", "vehicles", "parcels", "venues", "lots")
POINTERS = ("driver", "owner", "sender", "recipient", "held_by", "found_in", "from", "to")


def digits(text):
    return text.replace(" ", "").removeprefix("+86")


def mentions_of(world, key):
    """Each person's (or vehicle's) descriptions in live records."""
    found = {}
    for line in world.of(key):
        rows = []
        for mention in line["mentions"]:
            name, _, ref = mention.rpartition("#")
            record = world.live[name]
            rows.append(next(p for p in record[f"{key}s"] if p["ref"] == ref))
        found[line[key]] = rows
    return found


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others():
    one, again, other = (list(simulate_lines(seed, 1500)) for seed in (5, 5, 6))
    assert one == again
    assert one != other


def test_the_same_seed_makes_the_same_truth():
    truths = [[], []]
    for truth in truths:
        for _ in simulate_lines(5, 1500, truth=truth.append):
            pass
    assert truths[0] == truths[1]


@pytest.mark.parametrize("size", [1, 2, 29, 31, 299, 777])
def test_a_world_has_exactly_as_many_lines_as_asked_for(size):
    assert len(list(simulate(1, size))) == size


def test_every_record_is_one_of_the_contract(world):
    for record in world.records:
        known = msgspec.json.decode(msgspec.json.encode(record), type=STRUCTS[record["kind"]])
        assert known.name == f"{record['source']}/{record['source_id']}"
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,39}", record["source"])
        assert re.fullmatch(r"[^\s#]{1,80}", record["source_id"])


def test_records_hold_no_field_that_the_contract_does_not_know(world):
    fields = {
        kind: {f.encode_name for f in msgspec.structs.fields(struct)} for kind, struct in STRUCTS.items()
    }
    for record in world.records:
        assert set(record) <= fields[record["kind"]]


def test_refs_are_unique_and_point_somewhere(world):
    for record in world.records:
        refs = [item["ref"] for part in PARTS for item in record.get(part, ())]
        assert len(refs) == len(set(refs))
        items = [i for part in (*PARTS, "money", "relations") for i in record.get(part, ())]
        for item in items:
            pointed = [item[p] for p in POINTERS if p in item] + item.get("passengers", [])
            assert set(pointed) <= set(refs)


def test_one_name_has_one_content_for_each_revision(world):
    seen = {}
    for record in world.records:
        if record["kind"] != "withdrawal":
            key = (record["source"], record["source_id"], record.get("revision", 1))
            assert seen.setdefault(key, record) == record


def test_records_arrive_nearly_but_not_quite_in_the_order_of_their_reports(world):
    times = [moment(r["reported_at"]) for r in world.records]
    late = sum(a > b for a, b in pairwise(times))
    assert 0.02 < late / len(times) < 0.6
    assert sum(times[:2000]) / 2000 < sum(times[-2000:]) / 2000


@pytest.mark.parametrize(
    "difficulty",
    [
        "copy", "hoax", "hub", "network", "family_phone", "namesakes", "reissued_plates", "homophone",
        "lookalike", "name_mask", "id_mask", "phone_mask", "id_typo", "phone_typo", "date_typo",
        "date_partial", "resent", "revised", "revised_late", "restored", "withdrawn", "withdrawn_early",
        "reporter_in_text", "sources", "unresolvable",
    ],
)  # fmt: skip
def test_a_world_has_every_difficulty(world, difficulty):
    assert world.counts[difficulty] >= 10


def test_most_records_are_innocent(world):
    innocent = sum(r.get("outcome") == "released" for r in world.records)
    assert innocent > 0.6 * len(world.records)


def test_masks_are_in_the_records_in_all_three_forms(world):
    text = json.dumps(world.records, ensure_ascii=False)
    assert re.search(r'"name": ".某', text)
    assert re.search(r'"id_number": "\d{3}\*{11}\w{4}"', text)
    assert re.search(r'"phones": \["\d{3}\*{4}\d{4}"\]', text)


def test_a_hub_has_very_many_records(world):
    sizes = sorted(len(line["mentions"]) for line in world.of("person"))
    assert sum(size >= 80 for size in sizes) >= 5
    assert sizes[len(sizes) // 2] <= 2


def test_hubs_grow_to_five_thousand_records():
    truth = []
    options = Options(hub_size=5000, hubs=0.6)
    for _ in simulate_lines(1, 13_000, options, truth.append):
        pass
    assert max(len(line["mentions"]) for line in truth if "person" in line) >= 4500


def test_hotel_and_family_phones_are_carried_by_several_people(world):
    people = defaultdict(set)
    for person, rows in mentions_of(world, "person").items():
        for row in rows:
            for phone in row.get("phones", ()):
                if "*" not in phone:
                    people[digits(phone)].add(person)
    sizes = Counter(len(who) for who in people.values())
    assert max(sizes) >= 30
    assert sum(n for size, n in sizes.items() if 2 <= size <= 4) >= 100


def test_namesakes_are_born_in_the_same_year_on_other_days(world):
    born = defaultdict(dict)
    for person, rows in mentions_of(world, "person").items():
        for row in rows:
            number = row.get("id_number", "*")
            if "*" not in number and "name" in row:
                born[row["name"], number[6:10]].setdefault(person, number[6:14])
    same = [days for days in born.values() if len(days) > 1]
    assert len(same) > 50
    assert sum(len(set(days.values())) == len(days) for days in same) > 0.9 * len(same)


def test_a_plate_is_given_to_another_vehicle_of_another_person_later(world):
    vehicles = defaultdict(set)
    for vehicle, rows in mentions_of(world, "vehicle").items():
        for row in rows:
            vehicles[row["plate"].replace("·", "")].add(vehicle)
    assert sum(len(v) > 1 for v in vehicles.values()) >= 20


def test_nobody_has_anothers_id_number(world):
    owner = {}
    check = "10X98765432"
    for person, rows in mentions_of(world, "person").items():
        for row in rows:
            number = row.get("id_number", "")
            if len(number) == 18 and "*" not in number:
                weighed = sum(int(c) * (2 ** (17 - i) % 11) for i, c in enumerate(number[:17]))
                if check[weighed % 11] == number[17]:
                    assert owner.setdefault(number, person) == person


def test_copies_say_the_same_as_what_they_copy(world):
    for copy in world.of("copy"):
        one, other = world.live[copy["record"]], world.live.get(copy["of"])
        assert copy["record"] != copy["of"]
        assert "reporter" not in one
        if other is not None:
            assert one["text"].removeprefix("【转办】") == other["text"]


def test_withdrawn_records_are_not_alive_and_some_come_after_their_withdrawal(world):
    withdrawn = {w["record"] for w in world.of("withdrawn")}
    assert not withdrawn & set(world.live)
    first = {}
    for record in world.records:
        first.setdefault(f"{record['source']}/{record['source_id']}", record["kind"])
    assert sum(first[name] == "withdrawal" for name in withdrawn) >= 10


def test_later_revisions_sometimes_arrive_first(world):
    seen, early = {}, 0
    for record in world.records:
        if record["kind"] == "withdrawal":
            continue
        name = (record["source"], record["source_id"])
        early += record.get("revision", 1) == 1 and seen.get(name, 1) > 1
        seen[name] = max(seen.get(name, 1), record.get("revision", 1))
    assert early >= 50


def test_few_mentions_cannot_be_told_from_the_records(world):
    assert 0 < world.counts["unresolvable"] < 0.03 * world.counts["mentions"]


def test_writing_a_world_gives_its_lines_its_truth_and_its_counts(tmp_path):
    told = []
    counts = write_world(9, 2000, tmp_path / "w", progress=told.append)
    lines = (tmp_path / "w" / "records.jsonl").read_bytes().splitlines()
    truth = [json.loads(x) for x in (tmp_path / "w" / "truth.jsonl").read_bytes().splitlines()]
    assert lines == list(simulate_lines(9, 2000))
    assert told == [1000, 2000]
    assert truth[-1] == {"counts": counts}
    assert counts["records"] == 2000
