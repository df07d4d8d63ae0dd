"""The quick way of decoding gives what the strict one gives, whatever the bytes."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams.simulate.world import simulate_lines
from streams.stages.decode import _quickly, _strictly, decode

KEYS = st.sampled_from(["a", "b", "kind", "姓名", "null", "\x00", '"', "é"]) | st.text(max_size=3)
NUMBERS = (
    st.integers()
    | st.integers(2**62, 2**65)
    | st.integers(-(2**65), -(2**62))
    | st.integers(10**17, 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=5)
PIECES = st.sampled_from(
    [
        b'"a":1', b'"a":2', b'"a":1.0', b'"a":-0', b'"a":1e5', b'"a":1e400', b'"a":NaN', b'"a":null',
        b'"b":[1]', b'"b":{"a":1,"a":1}', b'"\\u0061":3', b'"c":"\\ud800"', b'"c":"\\u0000"',
        b'"c":"\\/"', b'"c":"\xff"', b'"c":"\xed\xa0\x80"', b'"d":9223372036854775807',
        b'"d":9223372036854775808', b'"d":1234567890123456789', b'"d":18446744073709551616',
        b'"e":"6222021234567890123"', b'"e":0.1', b'"e":1e22', b'"e":1E2', b' "f":1',
    ]
)  # fmt: skip


def encoded(document: object) -> list[bytes]:
    """The same document as several encoders write it."""
    return [
        msgspec.json.encode(document),
        json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"),
        json.dumps(document).encode(),
    ]


@given(DOCUMENTS)
def test_any_document_is_decoded_as_by_the_strict_decoder(document):
    for body in encoded(document):
        assert decode(body) == _strictly(body)
        assert repr(decode(body)) == repr(_strictly(body))  # 1 == 1.0, but they are not written alike


@given(st.lists(PIECES, max_size=6))
@example([b'"a":1', b'"a":1'])
@example([b'"d":9223372036854775808'])
def test_pieces_put_together_by_hand_are_decoded_as_by_the_strict_decoder(pieces):
    body = b"{" + b",".join(pieces) + b"}"
    assert repr(decode(body)) == repr(_strictly(body))


@given(DOCUMENTS.map(msgspec.json.encode), st.data())
def test_damaged_bytes_are_decoded_as_by_the_strict_decoder(body, data):
    at = data.draw(st.integers(0, len(body) - 1))
    damage = data.draw(st.binary(max_size=2) | st.sampled_from([b"{", b'"', b",", b"0", b"}", b":", b"\\"]))
    body = body[:at] + damage + body[at + data.draw(st.integers(0, 2)) :]
    assert repr(decode(body)) == repr(_strictly(body.removeprefix(b"\xef\xbb\xbf").removesuffix(b"\n")))


def test_most_records_go_the_quick_way():
    lines = list(simulate_lines(1, 300))
    assert sum(_quickly(line) is not None for line in lines) > 280


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":1}', b'{"a":null}', b'{"a":1.0}', b'{"a":1234567890123456789}', b'{"a": 1}', b"[]", b"1",
        b'{"a":-0}', b'{"a":"\\u0041"}', b'{"a":NaN}', b"",
    ],
)  # fmt: skip
def test_what_the_strict_decoder_refuses_or_changes_is_left_to_it(body):
    assert _quickly(body) is None
