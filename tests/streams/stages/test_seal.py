"""Nothing after the seal sees a reporter, and the vault is given everything."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from nacl.public import PrivateKey, SealedBox

from schemas.records import Accepted, Message, Origin, Refusal
from streams.stages.intake import take_in
from streams.stages.seal import Divided, Working, divide

CANARY = "金丝雀赵四六"
PHONE = "13912340987"
RECEIVED = 1_577_836_800_000_000
TIP: dict[str, Any] = {
    "kind": "tip",
    "source": "460100-110",
    "source_id": "1",
    "reported_at": "2019-06-03T21:14:00+08:00",
    "region": "460100",
    "text": f"我叫{CANARY}，电话{PHONE}，看见有人卖气球",
    "reporter": {"name": CANARY, "phone": PHONE, "id_number": f"{PHONE}{PHONE}", "address": f"{CANARY}家"},
}
FAULTS: dict[str, dict[str, Any]] = {
    "kind": {"kind": CANARY},
    "enumeration": {"tlp": CANARY},
    "pattern": {"region": CANARY},
    "source": {"source": CANARY},
    "id with a space": {"source_id": f"{CANARY} {PHONE}"},
    "type": {"case": {CANARY: CANARY}},
    "list": {"persons": [CANARY]},
    "gender": {"persons": [{"ref": "p", "gender": CANARY}]},
    "ref": {"persons": [{"ref": f"{CANARY} 1"}]},
    "same ref": {"persons": [{"ref": PHONE}, {"ref": PHONE}]},
    "lost ref": {"money": [{"held_by": CANARY}]},
    "purpose": {"purpose": "health"},
    "reported": {"reported_at": CANARY},
    "occurred": {"occurred": CANARY},
    "reporter is text": {"reporter": CANARY},
    "reporter's field": {"reporter": {"name": [CANARY]}},
    "reporter as sealed": {"reporter_sealed": CANARY},
    "path of its own": {CANARY: CANARY, "tlp": f"x' - at `$.{CANARY}`"},
}


def seal(body: bytes, pepper: bytes = b"") -> Divided:
    return divide(Message(body=body, origin=Origin(file="f", line=1), received=RECEIVED), pepper)


def encoded(**fields: Any) -> bytes:
    return json.dumps(TIP | fields, ensure_ascii=False).encode()


def is_clean(shown: bytes) -> bool:
    return CANARY.encode() not in shown and PHONE.encode() not in shown


def test_the_original_goes_to_the_vault_byte_for_byte():
    body = b"  " + encoded() + b"\r\n"
    (original,) = seal(body).secret
    assert original.body == body
    assert original.sha256 == sha256(body).digest()
    assert original.name == "460100-110/1"
    assert original.received == RECEIVED


def test_no_stage_after_the_seal_sees_the_reporter():
    onward = seal(encoded()).onward
    assert isinstance(onward, Working)
    accepted = take_in(onward)
    assert isinstance(accepted, Accepted)
    assert is_clean(msgspec.json.encode(onward.document))
    assert is_clean(msgspec.json.encode(accepted))
    assert "reporter" not in onward.document


def test_redaction_keeps_the_length_of_the_text():
    onward = seal(encoded()).onward
    assert isinstance(onward, Working)
    assert len(onward.document["text"]) == len(TIP["text"])
    assert "看见有人卖气球" in onward.document["text"]


@pytest.mark.parametrize("kind", ["seizure", "interception", "withdrawal"])
def test_a_reporter_in_another_kind_of_record_does_not_go_on_either(kind):
    onward = seal(encoded(kind=kind)).onward
    assert isinstance(onward, Working)
    assert is_clean(msgspec.json.encode(onward.document))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_refusal_shows_no_value_of_its_record(fault):
    divided = seal(encoded(**FAULTS[fault]))
    refusal = take_in(divided.onward)
    assert isinstance(refusal, Refusal)
    assert is_clean(msgspec.json.encode(refusal))
    assert is_clean(repr(refusal).encode())
    assert divided.secret[0].body == encoded(**FAULTS[fault])


@pytest.mark.parametrize("damage", [b"\xff", b"\x00", b"}", b',"kind":1'])
def test_a_refusal_of_unreadable_bytes_shows_none_of_them(damage):
    body = encoded()[:-1] + damage + encoded()[-1:]
    divided = seal(body)
    assert isinstance(divided.onward, Refusal)
    assert is_clean(repr(divided.onward).encode())
    assert divided.secret[0].body == body


def test_messages_and_originals_do_not_show_their_bytes_when_printed():
    assert is_clean(repr(Message(body=encoded(), origin=Origin(file="f", line=1), received=0)).encode())
    assert is_clean(repr(seal(encoded()).secret).encode())


def test_a_reporter_sealed_by_its_sender_is_kept_as_it_is():
    key = PrivateKey.generate()
    box = SealedBox(key.public_key).encrypt(b'{"name": "x"}')
    divided = seal(encoded(reporter=None, reporter_sealed=base64.b64encode(box).decode()))
    original, reporter = divided.secret
    assert (original.what, reporter.what) == ("original", "reporter")
    assert reporter.body == box
    assert reporter.name == original.name
    assert reporter.sha256 != original.sha256
    assert isinstance(divided.onward, Working)
    assert "reporter_sealed" not in divided.onward.document


def test_the_digest_is_of_the_original_and_keyed():
    def digest(pepper: bytes, **fields: Any) -> bytes:
        onward = seal(encoded(**fields), pepper).onward
        assert isinstance(onward, Working)
        return onward.digest

    assert digest(b"a") == digest(b"a")
    assert digest(b"a") != digest(b"b")
    # The working copies of these two are equal; as sent they are not.
    assert digest(b"a", text="", reporter={"phone": "1391"}) != digest(
        b"a", text="", reporter={"phone": "1392"}
    )


def test_the_name_is_read_only_when_it_is_one():
    assert seal(encoded(source_id="a b")).secret[0].name is None
    assert seal(b"{").secret[0].name is None
    assert seal(encoded(region=None)).secret[0].name == "460100-110/1"
