"""Refusals: what is said in the open of a record that cannot be used.

Never a value of the record but its name: whatever a sender wrote may be a person, and a refused
record may hold a reporter. So `path` is made of our own field names and of positions, and `expected`
is said in our own words.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct, inspect

from schemas.records import Origin, Refusal, RefusalReason
from schemas.times import iso

_MISSING = re.compile(r"Object missing required field `(\w+)`")
_INDEX = re.compile(r"\[\d+\]")
_PATH = re.compile(r" - at `\$\.?([^`]*)`\Z")


class Fault(Struct, frozen=True):
    """What is wrong with a record, before it is known where the record came from."""

    reason: RefusalReason
    expected: str
    path: str | None = None

    def refuse(self, origin: Origin, sha256: str, received: int, record: str | None = None) -> Refusal:
        """The refusal of the record with this fault."""
        return Refusal(
            reason=self.reason,
            origin=origin,
            sha256=sha256,
            received=received,
            record=record,
            path=self.path,
            expected=self.expected,
        )


CONFLICT = Fault(
    "conflict", "the content that this revision had when it first came, or a higher revision", "revision"
)
"""For the owner, who alone knows what came before."""


def as_document(refusal: Refusal) -> dict[str, Any]:
    """A refusal as `suyuan rejected --json` prints it.

    >>> refusal = Fault("json", "a JSON object").refuse(Origin(file="tips.jsonl", line=7), "ab" * 32, 0)
    >>> as_document(refusal)["from"], as_document(refusal)["received_at"]
    ({'file': 'tips.jsonl', 'line': 7}, '1970-01-01T08:00:00+08:00')
    """
    named = {} if refusal.record is None else {"record": refusal.record}
    return named | {
        "reason": refusal.reason,
        "path": refusal.path,
        "expected": refusal.expected,
        "from": msgspec.to_builtins(refusal.origin),
        "sha256": refusal.sha256,
        "received_at": iso(refusal.received),
    }


def structural(error: msgspec.ValidationError, kind: type[Struct]) -> Fault:
    """The `schema` fault behind msgspec's error: its path, and what `kind` expects there.

    Only the path is taken from the error's text, which quotes values.
    """
    text = str(error)
    where = _PATH.search(text)
    path = where[1] if where else ""
    missing = _MISSING.match(text)
    if missing:
        path = f"{path}.{missing[1]}" if path else missing[1]
    return Fault("schema", expected_at(kind, path) + (", required" if missing else ""), path or "$")


def expected_at(kind: type[Struct], path: str) -> str:
    """In words, what stands at `path` of a record of this kind.

    >>> from schemas.records import Tip
    >>> expected_at(Tip, "persons[0].role")
    'one of suspect, unknown, user, witness'
    >>> expected_at(Tip, "persons[0].phones[2]"), expected_at(Tip, "revision")
    ('text', 'a whole number from 1 to 9223372036854775807')
    """
    return _expected(kind, _INDEX.sub("[]", path))


@cache
def _expected(kind: type[Struct], path: str) -> str:
    here = inspect.type_info(kind)  # a millisecond, so once for each path and not for each bad line
    for step in re.findall(r"\w+|\[", path):
        here = _step(here, step)
    return _describe(here)


def _step(here: inspect.Type, step: str) -> inspect.Type:
    for option in _options(here):
        if isinstance(option, inspect.StructType):
            for field in option.fields:
                if field.encode_name == step:
                    return field.type
        if isinstance(option, inspect.VarTupleType):
            return option.item_type
    return here


def _options(here: inspect.Type) -> list[inspect.Type]:
    types = here.types if isinstance(here, inspect.UnionType) else (here,)
    return [each for each in types if not isinstance(each, inspect.NoneType)]


def _describe(here: inspect.Type) -> str:
    return " or ".join(_describe_one(each) for each in _options(here))


def _describe_one(here: inspect.Type) -> str:
    match here:
        case inspect.StrType(pattern=str(pattern), min_length=shortest):
            least = f", at least {shortest} characters" if shortest else ""
            return f"text matching {pattern.replace(chr(92) + 'Z', '$')}{least}"
        case inspect.StrType():
            return "text"
        case inspect.LiteralType(values=values):
            return (
                "one of " + ", ".join(str(value) for value in values) if len(values) > 1 else str(values[0])
            )
        case inspect.IntType(ge=least, le=most):
            return f"a whole number from {least} to {most}"
        case inspect.FloatType():
            return "a number"
        case inspect.BoolType():
            return "true or false"
        case inspect.VarTupleType(item_type=item):
            return f"a list, each {_describe(item)}"
        case _:
            return "an object"
