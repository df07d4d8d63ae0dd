"""Bytes to a JSON object, more strictly than the standard library and in its own numbers.

What two systems could read differently is refused: duplicate keys, `NaN`, lone surrogates, NUL,
numbers beyond a double, nesting that ends a parser's stack.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn, Self

import msgspec

from streams.stages.refusals import Fault

LIMIT = 262_144
"""Bytes of one record without its line end."""
DEPTH = 32
"""Levels of nesting; the record itself is the first."""

_BOM = b"\xef\xbb\xbf"
_ALL_ZERO = bytes.maketrans(b"123456789", b"000000000")
_LONG = b"0" * 19
"""A number from which on `_whole` looks closer, all of its digits as 0."""
# Possessive, and a string that never ends is one token: linear on whatever comes.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")

TOO_LARGE = Fault("too_large", f"at most {LIMIT} bytes without the line end")
NOT_UTF8 = Fault("encoding", "UTF-8")
NOT_JSON = Fault("json", "one JSON object")
NOT_OBJECT = Fault("json", "a JSON object, not a list or a single value")
TOO_DEEP = Fault("json", f"nesting of at most {DEPTH} levels")
DUPLICATE = Fault("json", "each key once in its object")
NO_NUMBER = Fault("json", "no NaN or Infinity, and numbers that a double can hold")
NO_TEXT = Fault("json", "text without lone surrogates or NUL")


class CutLine(bytes):
    """The beginning of a line too long to hold, with the hash and length of the whole of it."""

    sha256: bytes
    size: int

    def __new__(cls, beginning: bytes, sha256: bytes, size: int) -> Self:
        """`sha256` and `size` are of the line without its line end; `beginning` is over `LIMIT`."""
        line = super().__new__(cls, beginning)
        line.sha256, line.size = sha256, size
        return line

    def __reduce__(self) -> tuple[type[Self], tuple[bytes, bytes, int]]:
        """For front workers in other processes."""
        return type(self), (bytes(self), self.sha256, self.size)


class _RefusedError(ValueError):
    """Carries a fault out of the parser."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _RefusedError(DUPLICATE)
    if None in made.values():
        return {key: value for key, value in made.items() if value is not None}
    return made


def _whole(text: str) -> int | float:
    return int(text) if len(text) < 19 else _number(text)


def _number(text: str) -> int | float:
    """As parsed JSON `1`, `1.0` and `1e0` are one number: an int when it is whole and below 2^63."""
    number = float(text)
    if not math.isfinite(number):
        raise _RefusedError(NO_NUMBER)
    if not -(2**63) <= number <= 2**63 or not number.is_integer():
        return number
    exact = int(text) if text.lstrip("-").isdigit() else int(number)
    return exact if -(2**63) <= exact < 2**63 else number


def _constant(_: str) -> NoReturn:
    raise _RefusedError(NO_NUMBER)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_number, parse_int=_whole, parse_constant=_constant
)
_QUICK_DECODER = msgspec.json.Decoder(float_hook=_number)


def _quickly(body: bytes) -> dict[str, Any] | None:
    """The object, when the body is just as an encoder writes it; otherwise None, which says nothing.

    A body that comes out again byte for byte has no key twice, no number in another spelling and
    text that is sound, so the strict decoder would read the same. What it changes is left to it:
    `null` and numbers of 19 digits and more.
    """
    if b"null" in body or _LONG in body.translate(_ALL_ZERO):
        return None
    try:
        document = _QUICK_DECODER.decode(body)
        same = msgspec.json.encode(document) == body
    except ValueError:
        return None
    return document if same and isinstance(document, dict) else None


def without_line_end(body: bytes) -> bytes:
    """The record itself: no byte-order mark in front, no line end (LF or CRLF) behind."""
    return body.removeprefix(_BOM).removesuffix(b"\n").removesuffix(b"\r")


def decode(body: bytes) -> tuple[dict[str, Any], bytes] | Fault:
    """The object in `body` without its `null` fields, and its canonical bytes; or what is wrong.

    Two bodies that are equal as parsed JSON have the same canonical bytes: keys sorted, numbers
    alike however they were written, a field that is `null` the same as one that is missing.

    >>> decode(b'{"b": 1.0, "a": null}')
    ({'b': 1}, b'{"b":1}')
    >>> decode(b'{"a": 1, "a": 1}').expected
    'each key once in its object'
    """
    body = without_line_end(body)
    if len(body) > LIMIT:
        return TOO_LARGE
    if body.count(b"{") + body.count(b"[") <= DEPTH:
        quick = _quickly(body)
        if quick is not None:
            return _canonical(quick, escaped=b"\\u" in body)
    return _strictly(body)


def _strictly(body: bytes) -> tuple[dict[str, Any], bytes] | Fault:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return NOT_UTF8
    if _too_deep(body):
        return TOO_DEEP
    try:
        document = _DECODER.decode(text)
    except _RefusedError as refused:
        return refused.fault
    except ValueError:
        return NOT_JSON
    if not isinstance(document, dict):
        return NOT_OBJECT
    return _canonical(document, escaped="\\u" in text)


def _canonical(document: dict[str, Any], *, escaped: bool) -> tuple[dict[str, Any], bytes] | Fault:
    try:
        canonical = msgspec.json.encode(document, order="sorted")
    except UnicodeEncodeError:
        return NO_TEXT
    if escaped and _NUL.search(canonical):
        return NO_TEXT
    return document, canonical


def _too_deep(body: bytes) -> bool:
    if body.count(b"{") + body.count(b"[") <= DEPTH:
        return False
    depth = 0
    for token in _TOKEN.finditer(body):
        first = body[token.start()]
        if first in b"{[":
            depth += 1
            if depth > DEPTH:
                return True
        elif first in b"]}":
            depth -= 1
    return False
