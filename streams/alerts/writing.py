"""From evidence to a `Finding`: which records are named, which region, what speaks against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import TypeVar, get_args

from msgspec import Struct

from graph.port import Appearance
from graph.said import by_time
from schemas.alerts import Finding, Severity
from schemas.claims import Doubt
from schemas.times import DAY
from streams.alerts.lens import Lens
from streams.alerts.policy import Common, Policy

V = TypeVar("V")

_MOST_NAMED = 5

Said = tuple[str, dict[str, object]]
"""A text of the policy by its name, and what fills its places (`who` is filled for all)."""


class Draft(Struct, frozen=True, kw_only=True):
    """A finding before it is written: `records` is all of the evidence (`in_order` when it is by `reported`
    and `record` with none twice), `doubts` the rule's own.

    The first of `entities` is the subject. Its id, and the `case` when the subject has a finding
    for each, make the key. Labels are left to `write`, so that all of a batch are read together.
    """

    severity: Severity
    raised: int
    records: Sequence[Appearance]
    entities: Sequence[int]
    reasons: list[Said]
    doubts: list[Said]
    case: str | None = None
    cases: frozenset[str] | None = None
    copies: Sequence[str] = ()
    region: str | None = None
    in_order: bool = False


def prepare_to_write(drafts: Iterable[tuple[Draft, Policy]], lens: Lens) -> None:
    """Reads what the findings will name, for all of them at once."""
    named = {key for draft, policy in drafts for key in draft.entities[: policy.listed]}
    lens.load_portraits(named)
    lens.load_appearances(key for key in named if key > 0)


def write(draft: Draft, policy: Policy, common: Common, lens: Lens) -> Finding:
    """The finding, the same for the same evidence in whatever order it came."""
    records = draft.records if draft.in_order else _in_order(draft.records)
    named = [seen.record for seen in choose(records, policy.listed)]
    subject = draft.entities[0]
    who = lens.label(subject)
    reasons = [policy.reasons[text].format(who=who, **values) for text, values in draft.reasons]
    if len(named) < len(records):
        reasons.append(common.notes["cut"].format(total=len(records), listed=len(named)))
    cases = (
        {draft.case}
        if draft.case
        else draft.cases
        if draft.cases is not None
        else set(filter(None, map(_case, records)))
    )
    shown = list(dict.fromkeys(draft.entities))[: policy.listed]
    doubts = [policy.against[text].format(who=who, **values) for text, values in draft.doubts]
    doubts += _about_records(records, draft.copies, common)
    return Finding(
        rule=policy.rule,
        key=f"{lens.public_id(subject)} {draft.case or ''}".rstrip(),
        severity=draft.severity,
        raised=draft.raised,
        cases=tuple(sorted(cases)),
        region=draft.region or commonest_region(records),
        entities=tuple(lens.public_id(key) for key in shown),
        records=tuple(named),
        reasons=tuple(reasons),
        against=(policy.against["always"], *doubts, *_about_identity(shown, common, lens)),
    )


def _in_order(records: Sequence[Appearance]) -> list[Appearance]:
    return sorted(dict(zip(map(_rec, records), records, strict=True)).values(), key=by_time)


_rec, _case = attrgetter("rec"), attrgetter("case")
_region, _grade, _source = attrgetter("region"), attrgetter("grade"), attrgetter("source")
_copy_of = attrgetter("copy_of")


def choose(records: Sequence[V], most: int) -> list[V]:
    """At most `most` of the records: the first half and the last, so that new evidence is seen.

    >>> choose(["a", "b", "c", "d", "e"], 4), choose(["a"], 4)
    (['a', 'b', 'd', 'e'], ['a'])
    """
    if len(records) <= most:
        return list(records)
    last = most // 2
    return [*records[: most - last], *records[len(records) - last :]]


def commonest_region(records: Iterable[Appearance]) -> str:
    """The region most records come from; of equals the first by code."""
    counts = Counter(map(_region, records))
    return min(counts, key=lambda region: (-counts[region], region), default="")


def is_low(grade: str | None, common: Common) -> bool:
    """Whether a source or its information is unreliable, or was never judged (F, 6)."""
    if not grade:
        return True
    information = grade[1:]
    return grade[0] in common.low_sources or (
        information.isdecimal() and int(information) >= common.low_information
    )


def _about_records(records: Sequence[Appearance], copies: Sequence[str], common: Common) -> list[str]:
    doubts = []
    grades = Counter(map(_grade, records))
    if low := sum(n for grade, n in grades.items() if is_low(grade, common)):
        doubts.append(common.against["low_grade"].format(n=low, total=len(records)))
    sources = set(map(_source, records))
    if len(sources) == 1:
        doubts.append(common.against["one_source"].format(source=min(sources)))
    if copied := sorted({*copies, *_copies(records)}):
        doubts.append(common.against["copies"].format(n=len(copied), records=_listed(copied)))
    doubts += _by_their_texts(records, common)
    days = (records[-1].reported - records[0].reported) // DAY if records else 0
    if days > common.far_apart_days:
        doubts.append(common.against["far_apart"].format(days=days))
    return doubts


def _by_their_texts(records: Sequence[Appearance], common: Common) -> Iterator[str]:
    """That deals are hearsay, or denied, in the text of some records."""
    doubted = [seen for seen in records if seen.doubts]
    for how in get_args(Doubt):
        if names := [seen.record for seen in doubted if how in (seen.doubts or "").split()]:
            yield common.against[how].format(n=len(names), records=_listed(names))


def _listed(names: Sequence[str]) -> str:
    return "、".join(names[:_MOST_NAMED]) + ("……" if len(names) > _MOST_NAMED else "")


def _copies(records: Sequence[Appearance]) -> list[str]:
    """Records that tell what an earlier one of these told."""
    if not any(map(_copy_of, records)):
        return []
    told: set[str] = set()
    copies = []
    for seen in records:
        if not told.isdisjoint(seen.tellings):
            copies.append(seen.record)
        told.update(seen.tellings)
    return copies


def _about_identity(keys: Sequence[int], common: Common, lens: Lens) -> list[str]:
    """Persons known by name alone, and persons of whom nothing is said but that they use."""
    doubts = []
    for key in keys:
        if key < 0 or lens.type_of(key) != "person":
            continue
        if not lens.identity_kinds(key):
            doubts.append(common.against["name_only"].format(who=lens.label(key)))
        if {seen.role for seen in lens.appearances(key)} == {"user"}:
            doubts.append(common.against["user_only"].format(who=lens.label(key)))
    return doubts
