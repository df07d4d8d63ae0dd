"""Intake workers on a real broker: nothing stops them, nothing is lost, nobody is named."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from schemas.records import Refusal
from schemas.topics import CLAIMS, RAW, RAW_INTERCEPTION, RAW_TIP, REJECTED
from streams.handover import Handover, decode
from streams.stages.dedupe import Prepared
from streams.vault.vault import Vault
from tests.streams.canary import bad, found_in, good
from tests.streams.kafka.outpost import Outpost, eventually
from tests.streams.made_up import line, record, tip

if TYPE_CHECKING:
    from pathlib import Path

WHY = {"because": "test", "who": "test"}
POISON = {reason: body for reason, body in bad().items() if reason != "conflict"}
"""For every reason but the one that only the owner can find."""


def handovers(outpost: Outpost) -> list[Handover]:
    return [decode(message.value) for message in outpost.messages(CLAIMS)]


def names(outpost: Outpost) -> set[str]:
    """The records that came through, each at least once."""
    return {each.outcome.accepted.name for each in handovers(outpost) if isinstance(each.outcome, Prepared)}


def without_place(each: Handover) -> Any:
    """What a handover says, without where its message stood and how it was sealed."""
    outcome = each.outcome
    assert isinstance(outcome, Prepared)
    return outcome.accepted, outcome.enriched, outcome.derived, outcome.sha256


def test_poison_in_every_partition_ends_among_the_dead_letters_and_stops_nothing(outpost: Outpost):
    sent = {}
    for kind, topic in RAW.items():
        for partition in range(12):
            outpost.produce(topic, [*POISON.values(), line(record(kind, f"{kind}-{partition}"))], partition)
            sent |= {(outpost.named(topic), partition, at): reason for at, reason in enumerate(POISON)}
    worker = outpost.intake()
    eventually(lambda: outpost.count(CLAIMS) == len(sent) + 36, "everything taken in")
    eventually(outpost.taken_in, "all of it committed")
    letters = {}
    for message in outpost.messages(REJECTED):
        headers, said = (
            {key: value.decode("latin-1") for key, value in message.headers},
            json.loads(message.value),
        )
        place = (headers["topic"], int(headers["partition"]), int(headers["offset"]))
        assert said["from"] == dict(zip(("topic", "partition", "offset"), place, strict=True))
        assert said["reason"] == headers["reason"]
        letters[place] = headers["reason"]
    assert letters == sent
    assert names(outpost) == {f"made-up/{kind}-{partition}" for kind in RAW for partition in range(12)}
    assert worker.metric("suyuan_refused_total") == len(sent)
    assert worker.metric("suyuan_lag") == 0
    assert worker.asked("/healthz")[0] == 200
    assert worker.stop() == 0
    with Vault.open(outpost.vault) as vault:
        for each in handovers(outpost):
            vault.put_sealed(each.sealed)
        hashes = [each.outcome.sha256 for each in handovers(outpost) if isinstance(each.outcome, Refusal)]
        opened = {item.body for item in vault.open_many(hashes, outpost.key, **WHY)}
    assert opened == set(POISON.values())


def test_a_record_is_the_same_by_the_gateway_and_raw(outpost: Outpost):
    records = [
        *good(),
        record("seizure", "z", persons=[{"ref": "p", "name": "林小满"}], lots=[{"ref": "l", "held_by": "p"}]),
        tip("boxed", reporter_sealed="QUJD" * 20, text="酒吧卖气弹"),
    ]
    outpost.intake()
    outpost.send([line(each) for each in records])
    eventually(lambda: outpost.count(CLAIMS) == len(records), "those of the gateway")
    for kind, topic in RAW.items():
        outpost.produce(topic, [line(each) for each in records if each["kind"] == kind])
    outpost.produce(RAW_TIP, [line(each) for each in records if each["kind"] == "withdrawal"])
    eventually(lambda: outpost.count(CLAIMS) == 2 * len(records), "those without it")
    found = handovers(outpost)
    first, again = found[: len(records)], found[len(records) :]
    by_name = {each.outcome.accepted.digest: each for each in first}
    assert by_name.keys() == {each.outcome.accepted.digest for each in again}
    for each in again:
        assert without_place(each) == without_place(by_name[each.outcome.accepted.digest])
        assert [(item.sha256, item.what) for item in each.sealed] == [
            (item.sha256, item.what) for item in by_name[each.outcome.accepted.digest].sealed
        ]


def test_a_reporter_in_clear_on_a_raw_topic_is_vaulted_and_reported_and_nowhere_else(outpost: Outpost):
    bodies = [line(each) for each in good() if each["kind"] == "tip"]
    outpost.produce(RAW_TIP, [*bodies, *POISON.values()])
    # A sender who pretends to be the gateway.
    faked = {"sealed": b"x", "envelope": b"x", "sha256": b"00" * 32, "digest": b"00" * 32}
    outpost.produce(RAW_INTERCEPTION, [bodies[0]], received=b"1", size=b"1", **faked)
    worker = outpost.intake()
    total = len(bodies) + len(POISON) + 1
    eventually(lambda: outpost.count(CLAIMS) == total, "everything taken in")
    for topic in (CLAIMS, REJECTED):
        for message in outpost.messages(topic):
            told = [message.key or b"", message.value, *(value for _, value in message.headers)]
            assert found_in(b"\n".join(told)) == []
    assert worker.metric("suyuan_breaches_total") > len(POISON)
    assert worker.stop() == 0
    assert found_in(worker.log.read_bytes()) == []
    assert {each["source"] for each in worker.events("reporter_in_clear")} == {"made-up"}
    with Vault.open(outpost.vault) as vault:
        for each in handovers(outpost):
            vault.put_sealed(each.sealed)
        kept = vault.open_record("made-up/said-0", outpost.key, **WHY)
    assert kept.split(b"\n")[0] == bodies[0]


def test_a_withdrawal_goes_to_every_jurisdiction_and_a_record_to_its_own(
    kafka: str, topic_prefix: str, tmp_path: Path
):
    with Outpost(tmp_path, kafka, topic_prefix, SUYUAN_JURISDICTIONS="46,44") as outpost:
        outpost.intake()
        outpost.send(
            [
                line(tip("1")),
                line(tip("2", region="440800")),
                line(tip("3", region="110000")),
                line(record("withdrawal", "1")),
            ]
        )
        eventually(lambda: outpost.count(CLAIMS) == 5, "all")
        found = [(each.partition, decode(each.value).outcome.accepted) for each in outpost.messages(CLAIMS)]
        assert sorted((partition, each.record.kind, each.name[-1]) for partition, each in found) == [
            (0, "tip", "1"),
            (0, "tip", "3"),
            (0, "withdrawal", "1"),
            (1, "tip", "2"),
            (1, "withdrawal", "1"),
        ]


def test_received_is_the_gateways_time_and_who_took_it_in_is_named(outpost: Outpost):
    outpost.send([line(tip("1"))])
    outpost.intake("--name", "desk-7")
    eventually(lambda: outpost.count(CLAIMS) == 1, "the record")
    (raw,), (one,) = outpost.messages(RAW_TIP), handovers(outpost)
    assert one.received == one.outcome.received == int(dict(raw.headers)["received"])
    origin = one.outcome.origin
    assert (one.worker, origin.topic, origin.partition, origin.offset) == (
        "desk-7", raw.topic, raw.partition, raw.offset,
    )  # fmt: skip


# --- faults -----------------------------------------------------------------------------------------------

MANY = 3_000


@pytest.fixture
def many() -> list[bytes]:
    """Enough tips that a worker is still busy when it is disturbed."""
    text = "有人在酒吧卖气弹，一支二十元，卖家叫林小满，电话13800001234，开白色轿车琼A12345。"
    return [line(tip(number, text=text * 3)) for number in range(MANY)]


def test_a_worker_that_is_killed_in_the_middle_of_a_batch_loses_nothing(outpost: Outpost, many: list[bytes]):
    outpost.produce(RAW_TIP, many)
    chance = random.Random(7)
    for _ in range(2):
        before = outpost.count(CLAIMS)
        worker = outpost.intake("--batch", "400")
        more = before + chance.randrange(1, 600)
        eventually(lambda more=more: outpost.count(CLAIMS) > more, "some of it")
        worker.kill()
    assert outpost.count(CLAIMS) < MANY
    last = outpost.intake()
    eventually(outpost.taken_in, "the rest")
    assert names(outpost) == {f"made-up/{number}" for number in range(MANY)}
    assert last.metric("process_resident_memory_bytes") < 300e6
    assert last.stop() == 0


def test_a_worker_that_joins_and_one_that_leaves_under_load_lose_nothing(outpost: Outpost, many: list[bytes]):
    half = MANY // 2
    outpost.produce(RAW_TIP, many[:half])
    first = outpost.intake("--batch", "100")
    eventually(lambda: outpost.count(CLAIMS) > 100, "the first is busy")
    second = outpost.intake("--batch", "100")
    eventually(second.ready, "the second has joined")
    outpost.produce(RAW_TIP, many[half:])
    eventually(lambda: second.metric("suyuan_records_total") > 100, "the second is busy")
    assert first.stop() == 0
    eventually(outpost.taken_in, "the rest")
    assert names(outpost) == {f"made-up/{number}" for number in range(MANY)}
    assert second.stop() == 0
    assert outpost.count(CLAIMS) < 1.5 * MANY, "what a rebalance repeats is what was in hand"


def test_workers_with_names_go_on_at_once_when_they_are_started_again(outpost: Outpost, many: list[bytes]):
    """The group would wait a minute for one that it does not know again. One of the two is its leader."""
    workers = [outpost.intake("--name", f"desk-{n}", SUYUAN_KAFKA_SESSION="60") for n in (1, 2)]
    eventually(lambda: all(each.ready() for each in workers), "both are at work")
    for number, worker in enumerate(workers):
        worker.kill()
        worker.restart()
        outpost.produce(RAW_TIP, many[100 * number : 100 * (number + 1)])
        eventually(outpost.taken_in, "all of it, from every partition", patience=40)
    assert [each.stop() for each in workers] == [0, 0]


def test_a_second_worker_of_the_same_name_ends_the_first(outpost: Outpost):
    first = outpost.intake("--name", "desk-1")
    eventually(first.ready, "the first is at work")
    second = outpost.intake("--name", "desk-1")
    assert first.ended() == 1
    assert "another worker took this one's place under the same name" in first.said()
    eventually(second.ready, "the second is at work")
    assert second.stop() == 0
