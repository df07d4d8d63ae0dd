"""Hiding the person who gave a tip (举报人) in every string of a record, before it is written.

Two things are hidden: what the record's `reporter` holds, wherever and however it is spelt, and
what text tells of its own author. Lengths stay, so places in the redacted text are places in the
original. Why: the Criminal Procedure Law (art. 111) and the reward rules of 2018 keep informants
secret. Where in doubt a character too many is hidden; the original is sealed in the vault.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from schemas.reference import regions
from streams.text.fold import fold
from streams.text.reporter import MARK, Secrets, hiding_places, secrets_of
from streams.text.selfmention import self_mentions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["MARK", "redact", "redact_record"]

_REF_MARK = "x"
"""In refs, which allow few characters; every use of a ref is hidden alike, so it still points."""
_REPORTER_FIELD = re.compile(r"(?:reporter|informant|tipster|举报人|报警人|报案人|来电人|反映人)", re.IGNORECASE)
_REFS = frozenset(
    ("ref", "driver", "owner", "passengers", "sender", "recipient", "held_by", "found_in", "from", "to")
)
_FIXED = frozenset(
    ("kind", "source", "source_id", "revision", "reported_at", "occurred", "region", "grade", "purpose", "tlp",
     "channel", "direction", "outcome", "checkpoint")
)  # fmt: skip
"""Fields of a record whose values are codes and times of the contract, not words about anyone."""
_FIXED_BELOW = frozenset(("kind", "role", "gender", "birth_date", "sent_at", "at", "region"))
_NOT_SECRET = frozenset(
    ("gender", "sex", "age", "anonymous", "relation", "channel", "type", "language", "consent", "性别", "年龄")
)
"""Unknown fields of a reporter that name nobody and would blank half the record."""
_DEEPEST = 64
_SHORTEST_TELLING = 4  # characters: 我叫林某


def redact(text: str, reporter_values: Sequence[str]) -> str:
    """The text with its reporter hidden behind `MARK`, as long as before; twice is as once.

    >>> redact("我是林某水，电话138-0000-1234，看到阿明卖冰毒", ["林某水", "13800001234"])
    '我是■■■，电话■■■■■■■■■■■■■，看到阿明卖冰毒'
    """
    return _hide(text, secrets_of(reporter_values), MARK)


def _hide(text: str, secrets: Secrets, mark: str) -> str:
    """Hides the secrets first; then, in what is left, what the text tells of its author."""
    if len(text) >= secrets.shortest:
        text = _covered(text, hiding_places(text, secrets), mark)
    if mark == MARK and len(text) >= _SHORTEST_TELLING and not text.isascii():
        text = _covered(text, self_mentions(fold(text)), mark)
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
    secrets = secrets_of(value for name, value in taken.items() for value in _values(name, value))
    working = {
        name if name in _FIXED else _hide(name, secrets, MARK): (
            value if name in _FIXED else _walked(name, value, secrets, 1)
        )
        for name, value in record.items()
        if name not in taken
    }
    return working, _sealed(taken)


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
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
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


def _walked(name: str, value: Any, secrets: Secrets, depth: int) -> Any:  # noqa: ANN401  JSON is any
    """A value of the record with every string in it redacted."""
    if isinstance(value, str):
        return value if depth > 1 and name in _FIXED_BELOW else _hide(value, secrets, _mark_of(name, depth))
    if isinstance(value, dict):
        if depth > _DEEPEST:
            return None
        return {_hide(k, secrets, MARK): _walked(k, v, secrets, depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return None if depth > _DEEPEST else [_walked(name, item, secrets, depth + 1) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and secrets.numbers:
        written = str(value)
        hidden = _hide(written, secrets, MARK)
        return value if hidden == written else hidden
    return value


def _mark_of(name: str, depth: int) -> str:
    return _REF_MARK if depth > 1 and name in _REFS else MARK
