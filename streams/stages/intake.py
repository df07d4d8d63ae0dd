"""Intake: working copy → `Accepted` or `Refusal`. A bad record is a value, never an exception.

What a record may hold is said by the types of `schemas.records`; what they cannot say (refs, times,
purposes) is checked here. `conflict` is left to the owner, who knows what came before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import msgspec
from msgspec import Struct

from schemas.records import (
    Accepted,
    Grade,
    Interception,
    Kind,
    LotRecord,
    Money,
    Organisation,
    Parcel,
    Period,
    Person,
    Record,
    Refusal,
    Relation,
    Report,
    Seizure,
    Site,
    Tip,
    Vehicle,
    Venue,
    When,
    Withdrawal,
)
from schemas.times import DAY, instant, when
from streams.stages.refusals import Fault, structural
from streams.stages.seal import Working

EARLIEST = -662_716_800_000_000
"""1949-01-01T00:00:00+08:00 in microseconds."""
REFUSED_PURPOSES = frozenset({"rehabilitation", "health", "supervision"})
"""PIPL art. 28 and the drug rehabilitation regulation (戒毒条例) art. 7: care never makes a lead."""

_KINDS: dict[object, type[Record]] = {
    "tip": Tip,
    "seizure": Seizure,
    "interception": Interception,
    "withdrawal": Withdrawal,
}
_LISTS: dict[str, type[Struct]] = {
    "persons": Person,
    "organisations": Organisation,
    "vehicles": Vehicle,
    "parcels": Parcel,
    "venues": Venue,
    "lots": LotRecord,
    "money": Money,
    "relations": Relation,
}
_DECLARING = ("persons", "organisations", "vehicles", "parcels", "venues", "lots")
_POINTING: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (  # list, then attributes and fields
    ("vehicles", (("driver", "driver"), ("owner", "owner"))),
    ("parcels", (("sender", "sender"), ("recipient", "recipient"))),
    ("lots", (("held_by", "held_by"), ("found_in", "found_in"))),
    ("money", (("held_by", "held_by"),)),
    ("relations", (("source", "from"), ("target", "to"))),
)
_KNOWN = {kind: frozenset(type_.__struct_encode_fields__) for kind, type_ in _KINDS.items()}
_KNOWN_OF = {
    field: frozenset(type_.__struct_encode_fields__)
    for field, type_ in (("grade", Grade), ("place", Site), ("occurred", Period))
}
_KNOWN_IN = {field: frozenset(type_.__struct_encode_fields__) for field, type_ in _LISTS.items()}

_KIND = Fault("schema", f"one of {', '.join(get_args(Kind))}", "kind")
_PURPOSE = Fault("purpose", "investigation or public_safety", "purpose")
_SAME_REF = "a ref that nothing else in the record has"
_NOWHERE = "the ref of something in the record"
_MOMENT = "a time like 2019-06-03T21:14:00+08:00, from 1949 to a day after it was received"
_STRETCH = (
    "2019, 2019-06, 2019-06-03 or 2019-06-03T21:14, or a period with `from` not after `to`; "
    "from 1949 to a day after it was received"
)


def take_in(working: Working | Refusal) -> Accepted | Refusal:
    """The record of a working copy, or why it is refused; a refusal is passed on.

    Reasons found here: `schema`, `purpose`, `reference`, `time`, in this order.
    """
    if isinstance(working, Refusal):
        return working
    taken = _checked(working)
    if isinstance(taken, Fault):
        return taken.refuse(working.origin, working.sha256, working.received, working.name)
    return taken


def _checked(working: Working) -> Accepted | Fault:
    record = _record(working.document)
    if isinstance(record, Fault):
        return record
    fault = _report_fault(record) if isinstance(record, Report) else None
    if fault is not None:
        return fault
    reported = instant(record.reported_at)
    if reported is None or not EARLIEST <= reported <= working.received + DAY:
        return Fault("time", _MOMENT, "reported_at")
    occurred = _occurred(record, working.received)
    if isinstance(occurred, Fault):
        return occurred
    return Accepted(
        record=record,
        name=record.name,
        revision=record.revision or 1,
        reported=reported,
        occurred=occurred,
        body=working.canonical or msgspec.json.encode(working.document, order="sorted"),
        digest=working.digest,
        extra_fields=_extra_fields(working.document, record.kind),
        warnings=tuple(_suspect_times(record)) if isinstance(record, Report) else (),
    )


def _record(document: dict[str, Any]) -> Record | Fault:
    kind = document.get("kind")
    type_ = _KINDS.get(kind) if isinstance(kind, str) else None
    if type_ is None:
        return _KIND
    try:
        return msgspec.convert(document, type_)
    except msgspec.ValidationError as error:
        return structural(error, type_)


def _report_fault(report: Report) -> Fault | None:
    refs = _refs(report)
    if isinstance(refs, Fault):
        return refs
    if report.purpose in REFUSED_PURPOSES:
        return _PURPOSE
    return _lost_ref(report, refs)


def _refs(report: Report) -> set[str] | Fault:
    """All refs of the record; a fault when one is there twice."""
    refs: set[str] = set()
    for field in _DECLARING:
        for index, thing in enumerate(getattr(report, field) or ()):
            if thing.ref in refs:
                return Fault("schema", _SAME_REF, f"{field}[{index}].ref")
            refs.add(thing.ref)
    return refs


def _lost_ref(report: Report, refs: set[str]) -> Fault | None:
    for field, pointers in _POINTING:
        for index, thing in enumerate(getattr(report, field) or ()):
            for attribute, name in pointers:
                ref = getattr(thing, attribute)
                if ref is not None and ref not in refs:
                    return Fault("reference", _NOWHERE, f"{field}[{index}].{name}")
    for index, vehicle in enumerate(report.vehicles or ()):
        for seat, ref in enumerate(vehicle.passengers or ()):
            if ref not in refs:
                return Fault("reference", _NOWHERE, f"vehicles[{index}].passengers[{seat}]")
    return None


def _occurred(record: Record, received: int) -> When | Fault | None:
    if isinstance(record, Withdrawal) or record.occurred is None:
        return None
    stated = record.occurred
    if isinstance(stated, Period) and stated.start is None and stated.end is None:
        return None
    read = when(stated)
    ends = [read]
    if isinstance(stated, Period):
        ends = [when(end) for end in (stated.start, stated.end) if end is not None]
    if read is None or not all(_possible(end, received) for end in ends):
        return Fault("time", _STRETCH, "occurred")
    return read


def _possible(end: When | None, received: int) -> bool:
    """Whether an end, itself a stretch, can lie between 1949 and a day after receipt, to its precision."""
    if end is None or end.earliest is None or end.latest is None:
        return True
    return end.latest >= EARLIEST and end.earliest <= received + DAY


def _suspect_times(report: Report) -> Iterator[str]:
    """Times that only qualify a value do not refuse the record: they are named and not used."""
    for index, relation in enumerate(report.relations or ()):
        if relation.at is not None and when(relation.at) is None:
            yield f"suspect_value:relations[{index}].at"
    for index, parcel in enumerate(report.parcels or ()):
        if parcel.sent_at is not None and when(parcel.sent_at) is None:
            yield f"suspect_value:parcels[{index}].sent_at"


def _extra_fields(document: dict[str, Any], kind: str) -> int:
    """How many fields of the record and of the things in it we do not know."""
    extra = _beyond(document, _KNOWN[kind])
    if kind == "withdrawal":
        return extra
    for field, known in _KNOWN_OF.items():
        part = document.get(field)
        if isinstance(part, dict) and field in _KNOWN[kind]:
            extra += _beyond(part, known)
    for field, known in _KNOWN_IN.items():
        for thing in document.get(field) or ():
            extra += _beyond(thing, known)
    return extra


def _beyond(part: dict[str, Any], known: frozenset[str]) -> int:
    return 0 if part.keys() <= known else len(part.keys() - known)
