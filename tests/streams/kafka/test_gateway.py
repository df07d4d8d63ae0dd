"""The gateway: what leaves it is sealed and checked, and stands in Kafka when it says so."""

from __future__ import annotations

import json
from hashlib import sha256

from schemas.topics import CLAIMS, RAW, RAW_SEIZURE, RAW_TIP, REJECTED
from streams.handover import decode
from streams.vault.vault import Vault
from tests.streams.canary import bad, found_in, good
from tests.streams.kafka.outpost import Outpost
from tests.streams.made_up import line, record, tip

WHY = {"because": "test", "who": "test"}


def test_nothing_that_leaves_the_gateway_tells_the_tipster(outpost: Outpost):
    refused = {reason: body for reason, body in bad().items() if reason != "conflict"}
    lines = [line(each) for each in good()]
    report = outpost.send([*lines, *refused.values()])
    assert report["accepted"] == len(lines)
    assert report["rejected"] == dict.fromkeys(sorted(refused), 1)
    assert report["confirmed"] == report["read"] == len(lines) + len(refused)
    for topic in (*RAW.values(), CLAIMS, REJECTED):
        for message in outpost.messages(topic):
            everything = b"\n".join(
                (message.key or b"", message.value, *(b"%s=%s" % (k.encode(), v) for k, v in message.headers))
            )
            assert found_in(everything) == []


def test_a_refused_record_lies_sealed_among_the_dead_letters_and_is_on_the_owners_list(outpost: Outpost):
    body = line(tip("1", purpose="health"))
    outpost.send([body])
    (letter,) = outpost.messages(REJECTED)
    said, headers = json.loads(letter.value), dict(letter.headers)
    assert (said["record"], said["reason"], said["path"]) == ("made-up/1", "purpose", "purpose")
    assert said["from"] == {"file": str(outpost.folder / "sent.jsonl"), "line": 1}
    assert headers["reason"] == b"purpose"
    assert headers["sha256"].decode() == said["sha256"] == sha256(body).hexdigest()
    (listed,) = outpost.messages(CLAIMS)
    handover = decode(listed.value)
    assert handover.outcome.reason == "purpose"
    with Vault.open(outpost.vault) as vault:
        assert vault.public_key == handover.vault
        assert vault.put_sealed(handover.sealed) == 1
        opened = vault.open_refused(said["sha256"], outpost.key, **WHY)
    assert opened.body == body
    assert headers["sealed"] == handover.sealed[0].body


def test_every_record_has_a_receipt_that_says_where_it_stands_or_why_not(outpost: Outpost):
    receipts = outpost.folder / "receipts.jsonl"
    outpost.send(
        [line(record("seizure", "1")), b"{", line(record("withdrawal", "1"))],
        "--receipts", receipts, "--kind", "seizure",
    )  # fmt: skip
    seizure, broken, withdrawal = [json.loads(each) for each in receipts.read_bytes().splitlines()]
    assert (seizure["record"], seizure["accepted"]) == ("made-up/1", True)
    assert seizure["topic"] == withdrawal["topic"] == outpost.named(RAW_SEIZURE)
    assert seizure["partition"] == withdrawal["partition"], "what is said of one record stays in order"
    assert withdrawal["offset"] == seizure["offset"] + 1
    assert (broken["accepted"], broken["reason"], broken["origin"]["line"]) == (False, "json", 2)


def test_what_the_topic_would_not_take_is_refused_before_it_is_sent(outpost: Outpost):
    """A record within the contract's limit may be too large for a broker that allows less than declared."""
    from kafka import KafkaAdminClient
    from kafka.admin import ConfigResource, ConfigResourceType

    admin = KafkaAdminClient(bootstrap_servers=outpost.bootstrap)
    small = ConfigResource(
        ConfigResourceType.TOPIC, outpost.named(RAW_TIP), configs={"max.message.bytes": "20000"}
    )
    admin.alter_configs([small])
    admin.close()
    report = outpost.send([line(tip("1", text="酒" * 5_000)), line(tip("2"))])
    assert (report["accepted"], report["rejected"]) == (1, {"too_large": 1})
    (letter,) = outpost.messages(REJECTED)
    assert "20000 bytes" in json.loads(letter.value)["expected"]
    assert len(outpost.messages(RAW_TIP)) == 1


def test_what_was_refused_can_be_sent_again_from_the_owners_list(outpost: Outpost):
    file = outpost.folder / "mixed.jsonl"
    file.write_bytes(b"\n".join([line(tip("1")), line(tip("2", purpose="health")), b"{"]))
    assert outpost.run("ingest", file).returncode == 0
    done = outpost.run("rejected", "retry", "--to", "kafka", "--json")
    report = json.loads(done.stdout)
    assert report["rejected"] == {"json": 1, "purpose": 1}
    assert {json.loads(letter.value)["reason"] for letter in outpost.messages(REJECTED)} == {
        "json",
        "purpose",
    }
