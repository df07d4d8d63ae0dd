r"""The lines of the audit: who read or did what, each bound to the line before it.

A line is one JSON object in UTF-8, its fields always in the order of `Line`, without white space, so there is
one way to write it. `hash` stands last and is the sha256 over the line as it would be without it; `previous`
is the hash of the line before, of the first one 64 zeros. Anyone can check a line with common tools:

    sed -n 7p NAME.audit.jsonl | sed 's/,"hash":"[0-9a-f]*"}$/}/' | tr -d '\n' | sha256sum
"""

from __future__ import annotations

from hashlib import sha256

import msgspec
from msgspec import Struct

from schemas.times import iso

START = "0" * 64
"""What the first line names as the hash before it."""
_LONGEST = 300
_TAIL = len(b',"hash":""}') + 64


class Entry(Struct, frozen=True, kw_only=True):
    """What is to be written down.

    `about` are ids of entities, edges and alerts, names of records, users as `user:NAME`, what was
    searched for as `asked` makes it, and `as_of:MOMENT` where not what is known now was read; nothing else
    about people. `case` is None outside a case; `address` is
    where the request came from.
    """

    user: str
    action: str
    case: str | None = None
    purpose: str = ""
    about: tuple[str, ...] = ()
    address: str = ""


class Line(Struct, frozen=True, kw_only=True):
    """An entry as it stands in the file; `n` counts from 1, `at` is ISO 8601."""

    n: int
    at: str
    user: str
    action: str
    case: str | None
    purpose: str
    about: tuple[str, ...]
    address: str
    previous: str
    hash: str


class Head(Struct, frozen=True, kw_only=True):
    """Where the audit ends: its last line, and the bytes up to its end."""

    n: int = 0
    hash: str = START
    size: int = 0


def asked(text: str) -> str:
    """How what was searched for stands in `about`.

    In clear: whoever has to judge why somebody searched must know for whom, and only inspectors and the
    owner of the machine read this file. A keyed digest would hide it from the first and, as the key lies
    beside, not from the second. It goes into no log.

    >>> asked(" 林小满   138 ")
    'asked:林小满 138'
    """
    return f"asked:{' '.join(text.split())}"[:_LONGEST]


def chained(before: Head, entry: Entry, at: int) -> tuple[Line, bytes]:
    r"""The line that puts an entry behind `before`, and its bytes; `at` in microseconds.

    >>> line, written = chained(Head(), Entry(user="li", action="search", about=(asked("林小满"),)), 0)
    >>> line.n, line.at, written.endswith(b'"}\n'), sound(written[:-1]) == line
    (1, '1970-01-01T08:00:00+08:00', True, True)
    """
    line = Line(
        n=before.n + 1,
        at=iso(at),
        user=_clean(entry.user),
        action=_clean(entry.action),
        case=None if entry.case is None else _clean(entry.case),
        purpose=_clean(entry.purpose),
        about=tuple(_clean(each) for each in entry.about),
        address=_clean(entry.address),
        previous=before.hash,
        hash=START,
    )
    line = msgspec.structs.replace(line, hash=_hash(msgspec.json.encode(line)))
    return line, msgspec.json.encode(line) + b"\n"


def sound(raw: bytes) -> Line | None:
    """The line that bytes without their line end hold; None unless they are just as they were written."""
    line = read(raw)
    if line is None or msgspec.json.encode(line) != raw or _hash(raw) != line.hash:
        return None
    return line


def read(raw: bytes) -> Line | None:
    """The line that bytes hold, true or not; None when they hold none."""
    try:
        return msgspec.json.decode(raw, type=Line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _hash(raw: bytes) -> str:
    return sha256(raw[:-_TAIL] + b"}").hexdigest()


def _clean(text: str) -> str:
    """Without lone surrogates, which no file can hold, and not longer than anybody reads."""
    return text[:_LONGEST].encode("utf-8", "replace").decode()
