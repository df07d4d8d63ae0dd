"""Public identifiers, all derived from what they name, so that every store agrees on them.

An entity's id is its earliest mention's id. A mention's id holds the hash of its record's
name and of its place in the record, so one index on record names finds both.
"""

from __future__ import annotations

import base64
from hashlib import blake2b

PREFIXES = {
    "person": "per",
    "organisation": "org",
    "vehicle": "veh",
    "parcel": "par",
    "venue": "ven",
    "account": "acc",
    "phone": "pho",
    "case": "cas",
    "place": "pla",
    "edge": "edg",
    "alert": "alt",
}
_RECORD_CHARS = 13
_PART_CHARS = 5


def hash64(*parts: str) -> int:
    """A stable signed 64-bit hash of the parts; signed because SQLite's integers are.

    >>> hash64("110/a") == hash64("110/a"), hash64("a", "b") == hash64("ab")
    (True, False)
    """
    return hash64_of_bytes("\x1f".join(parts).encode("utf-8", "surrogatepass"))


def hash64_of_bytes(encoded: bytes) -> int:
    """A stable signed 64-bit hash of bytes."""
    return int.from_bytes(blake2b(encoded, digest_size=8).digest(), "big", signed=True)


def text_digest(text: str) -> str:
    """By which a text is known again, for a word that is about it and no other: 32 hexadecimal digits.

    >>> text_digest("符小满的哥哥") == text_digest("符小满的弟弟")
    False
    """
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _base32(number: int) -> str:
    return base64.b32encode(number.to_bytes(8, "big", signed=True)).decode().lower().rstrip("=")


def _part(part: str) -> str:
    digest = blake2b(part.encode("utf-8", "surrogatepass"), digest_size=5).digest()
    return base64.b32encode(digest).decode().lower()[:_PART_CHARS]


def part_id(prefix: str, record_hash: int, part: str) -> str:
    """The id of a part (mention or edge) of the record whose name hashes to `record_hash`.

    >>> part_id("per", hash64("460100-110/1"), "p1")
    'per-ih3if5ispwrci7ae5f'
    """
    return f"{prefix}-{_base32(record_hash)}{_part(part)}"


def whole_id(prefix: str, *parts: str) -> str:
    """The id of something that is named by its own value: a phone, an account, a case, an alert."""
    return id_of_hash(prefix, hash64(*parts))


def id_of_hash(prefix: str, value_hash: int) -> str:
    """The id of what is named by its own value, from that value's hash.

    >>> id_of_hash("pho", hash64("phone", "phone", "13800001234")) == whole_id(
    ...     "pho", "phone", "phone", "13800001234"
    ... )
    True
    """
    return f"{prefix}-{_base32(value_hash)}"


def record_hash_of(identifier: str) -> int | None:
    """The record-name (or value) hash inside an id, or None when this is not one of our ids.

    >>> record_hash_of(part_id("per", 42, "p1")), record_hash_of("林某某")
    (42, None)
    """
    prefix, dash, rest = identifier.partition("-")
    hashed = rest[:_RECORD_CHARS]
    if not dash or prefix not in PREFIXES.values() or len(hashed) < _RECORD_CHARS or not hashed.isascii():
        return None  # outside ASCII a capital may be longer than its small letter
    try:
        packed = base64.b32decode(hashed.upper() + "===")
    except ValueError:
        return None
    return int.from_bytes(packed, "big", signed=True)


def mention_part(ref: str | None, span: tuple[int, int] | None) -> str:
    """How a mention is named inside its record: its `ref`, or its span when it came from text.

    >>> mention_part("p1", None), mention_part(None, (3, 14))
    ('p1', '@3-14')
    """
    if ref is not None:
        return ref
    if span is None:
        raise ValueError("a mention needs a ref or a span")
    return f"@{span[0]}-{span[1]}"


def part_of(ref: str | None, start: int | None, stop: int | None) -> str:
    """`mention_part` of a mention as a store keeps it: `start` and `stop` in columns of their own.

    >>> part_of("p1", None, None), part_of(None, 3, 14)
    ('p1', '@3-14')
    """
    return mention_part(ref, None if start is None or stop is None else (start, stop))
