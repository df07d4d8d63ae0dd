"""Hiding the person who gave a tip (举报人) in every string of a record, before it is written.

Two things are hidden: what the record's `reporter` holds, wherever and however it is spelt, and
what text tells of its own author. Lengths stay, so places in the redacted text are places in the
original. Why: the Criminal Procedure Law (art. 111) and the reward rules of 2018 keep informants
secret. Where in doubt a character too many is hidden; the original is sealed in the vault.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, get_args

from msgspec import Struct

from schemas import records
from schemas.reference import regions
from streams.text.fold import fold
from streams.text.reporter import MARK, Secrets, hiding_places, secrets_of
from streams.text.selfmention import behind_marks, may_tell, self_mentions, told_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["MARK", "nothing_to_hide", "redact", "redact_record"]

_REF_MARK = "x"
"""In refs, which allow few characters; every use of a ref is hidden alike, so it still points."""
_REPORTER_FIELD = re.compile(r"reporter|informant|tipster|(?:举报|报警|报案|来电|反映)人", re.IGNORECASE)
_REFS = frozenset(
    ("ref", "driver", "owner", "passengers", "sender", "recipient", "held_by", "found_in", "from", "to")
)
_FIXED = frozenset(
    ("kind", "source", "source_id", "revision", "reported_at", "occurred", "region", "grade", "purpose",
     "tlp", "channel", "direction", "outcome")
)  # fmt: skip
"""Fields of a record whose values are codes and times of the contract, not words about anyone.

`source_id` is among them although it may hold anything: it is the record's name everywhere, also for
withdrawals, which carry no reporter. A sender must not put people's names or numbers into it."""
_CODED = frozenset(("kind", "role", "gender", "birth_date", "sent_at", "at", "region", "from", "to"))
_CODE = re.compile(
    "|".join((*get_args(records.Role), *get_args(records.RelationKind), "male", "female"))
    + r"|[0-9]{6}|[0-9]{4}(?:-[0-9]{2}){0,2}(?:[T ][0-9:.+\-Z]{2,25})?"
)
"""What fields further down hold when they are used as the contract says: it stays as it is."""
_NOT_SECRET = frozenset(
    ("gender", "sex", "age", "anonymous", "relation", "channel", "type", "language", "性别", "年龄")
)
"""Unknown fields of a reporter that name nobody and would blank half the record."""
_KNOWN = frozenset(
    name
    for row in (records.Tip, records.Seizure, records.Interception, records.Person, records.Organisation,
                records.Vehicle, records.Parcel, records.Venue, records.LotRecord, records.Money,
                records.Relation, records.Site, records.Period, records.Grade, records.Withdrawal)
    for name in row.__struct_encode_fields__
)  # fmt: skip
"""Field names of the contract: they hold no secret."""
_HOLDS_NO_REPORTER = frozenset(name for name in _KNOWN if not _REPORTER_FIELD.match(name))
_REPORTS = ("seizure", "interception")
"""Kinds that officers write: 我叫… in them is a suspect speaking, and evidence."""
_LARGEST = 1e40
_MOST_ROUNDS = 8
_MOST_NAMED = 16
"""Numbers named with a hidden reporter that are looked for in the rest of the record."""
_DEEPEST = 64
_SHORTEST_TELLING = 4  # characters: 我叫林某


class _Cover(Struct, frozen=True):
    """What to hide: a reporter's values, and whether 我 in a text is the reporter."""

    secrets: Secrets
    own_voice: bool = True


def redact(text: str, reporter_values: Sequence[str]) -> str:
    """The text with its reporter hidden behind `MARK`, as long as before; twice is as once.

    >>> redact("我是林某水，电话138-0000-1234，看到阿明卖冰毒", ["林某水", "13800001234"])
    '我是■■■，电话■■■■■■■■■■■■■，看到阿明卖冰毒'
    """
    told = told_values(fold(text)) if may_tell(text) else ()
    return _hide(text, _Cover(secrets_of([*reporter_values, *told])), MARK)


def _hide(text: str, cover: _Cover, mark: str) -> str:
    """Hides the secrets first; then, in what is left, what the text tells of its author and of the hidden.

    What is hidden may show that more is told: done again until nothing more is found, redacting twice is
    redacting once.
    """
    as_sent = text
    if len(text) >= cover.secrets.shortest:
        text = _covered(text, hiding_places(text, cover.secrets), mark)
    if mark != MARK or len(text) < _SHORTEST_TELLING:
        return text
    for _ in range(_MOST_ROUNDS):
        before = text
        if may_tell(text):
            text = _covered(text, self_mentions(fold(text), own_voice=cover.own_voice), mark)
        if MARK in text and (cover.own_voice or MARK not in as_sent):
            text = _covered(text, behind_marks(fold(text)), mark)
        if text == before:
            break
    return text


def _covered(text: str, places: Iterable[tuple[int, int]], mark: str) -> str:
    chars: list[str] | None = None
    for start, end in places:
        chars = list(text) if chars is None else chars
        chars[start:end] = mark * (end - start)
    return text if chars is None else "".join(chars)


def redact_record(record: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The working copy of a decoded record, and what was taken out of it for the vault.

    The working copy has no `reporter` (nor `reporter_sealed`, nor unknown fields named like one),
    and every string in it, keys and unknown fields too, is redacted. The second value is the
    reporter as sent with those other fields beside it; empty when there was none. The record
    given is not changed. What is nested deeper than any valid record is left out.

    >>> copy, sealed = redact_record({"text": "林某水说的", "reporter": {"name": "林某水"}})
    >>> copy, sealed
    ({'text': '■■■说的'}, {'name': '林某水'})
    """
    taken = {name: value for name, value in record.items() if _REPORTER_FIELD.match(name)}
    values = [value for name, value in taken.items() for value in _values(name, value)]
    own_voice = record.get("kind") not in _REPORTS
    text = record.get("text")
    if isinstance(text, str) and may_tell(text):
        values += told_values(fold(text), own_voice=own_voice)
    cover = _Cover(secrets_of(values), own_voice)
    if isinstance(text, str) and (theirs := _named_with(text, cover)):
        cover = _Cover(secrets_of([*values, *theirs]), own_voice)
    working = {
        _name(name, cover): value if _is_fixed(name, value) else _walked(name, value, cover, 1)
        for name, value in record.items()
        if name not in taken
    }
    return working, _sealed(taken)


def _named_with(text: str, cover: _Cover) -> list[str]:
    """Numbers that a text names right behind somebody whom the cover hides.

    Marks in an officer's report as it was sent are a form, not a person.
    """
    if MARK in text and not cover.own_voice:
        return []
    covered = _covered(text, hiding_places(text, cover.secrets), MARK)
    if MARK not in covered:
        return []
    named = (covered[start:end] for start, end in behind_marks(fold(covered)))
    return list(islice((each for each in named if MARK not in each), _MOST_NAMED))


def nothing_to_hide(record: dict[str, Any], text: str) -> bool:
    """Whether `redact_record` would change nothing, told at a glance; most records are like that.

    `text` is the record as JSON whose strings have Chinese characters as they are. There is something
    only where a field holds a reporter, or where some string has a word with which telling begins or
    something hidden.

    >>> nothing_to_hide({"text": "正常"}, '{"text":"正常"}'), nothing_to_hide({"text": "我"}, '{"text":"我"}')
    (True, False)
    """
    return record.keys() <= _HOLDS_NO_REPORTER and not may_tell(text) and MARK not in text


def _is_fixed(name: str, value: object) -> bool:
    """Whether the value is a code by its field; `grade` and `occurred` may have unknown fields inside."""
    return name in _FIXED and not isinstance(value, dict)


def _sealed(taken: dict[str, Any]) -> dict[str, Any]:
    reporter = taken.pop("reporter", None)
    if reporter is None:
        return taken
    return {**(reporter if isinstance(reporter, dict) else {"reporter": reporter}), **taken}


def _values(name: str, value: object, depth: int = 0) -> Iterator[str]:
    """Every secret string in a reporter, whatever its shape."""
    if name in _NOT_SECRET or name == "reporter_sealed" or depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for inner_name, inner in value.items():
            yield from _values(inner_name, inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(name, inner, depth + 1)
    elif isinstance(value, (int, float)):
        yield _digits(value)
    elif isinstance(value, str) and not (name == "address" and _is_division(value)):
        yield value
        if name == "reporter":
            yield from value.split()


def _is_division(address: str) -> bool:
    """Whether an address is no closer than a county: it names nobody, but many records name it."""
    folded = fold(address).replace(" ", "")
    at = 0
    for start, end, *_ in regions.find_in(folded):
        if start != at:
            return False
        at = end
    return at == len(folded)


def _digits(value: float) -> str:
    """A number as it would be written as text; a phone may come as 13800001234.0.

    What is longer than any identifier is left out: Python refuses to write it in full.
    """
    if not abs(value) < _LARGEST:
        return ""
    return str(int(value)) if value % 1 == 0 else str(value)


def _walked(name: str, value: Any, cover: _Cover, depth: int) -> Any:
    """A value of the record with every string in it redacted."""
    if isinstance(value, str):
        coded = depth > 1 and name in _CODED and _CODE.fullmatch(value) is not None
        return value if coded else _hide(value, cover, _mark_of(name, depth))
    if isinstance(value, dict):
        if depth > _DEEPEST:
            return None
        return {_name(k, cover): _walked(k, v, cover, depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return None if depth > _DEEPEST else [_walked(name, item, cover, depth + 1) for item in value]
    if isinstance(value, (int, float)) and cover.secrets.numbers:
        written = _digits(value)
        hidden = _hide(written, cover, MARK)
        return hidden if MARK in hidden else value
    return value


def _name(name: str, cover: _Cover) -> str:
    """The name of a field; an unknown one may hold anything."""
    return name if name in _KNOWN else _hide(name, cover, MARK)


def _mark_of(name: str, depth: int) -> str:
    return _REF_MARK if depth > 1 and name in _REFS else MARK
