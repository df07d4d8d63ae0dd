"""多道防线: the same person, vehicle or parcel at several lines of defence within days.

A traveller who was only ever let through raises nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import ClassVar

from msgspec import Struct

from graph.port import Appearance
from schemas.alerts import Severity
from schemas.reference.words import word
from schemas.times import DAY
from streams.alerts.lens import Lens
from streams.alerts.policy import Common, Places, Policy, Types, places
from streams.alerts.scene import Scene
from streams.alerts.writing import Draft, Said

_line, _outcome, _reported = attrgetter("line"), attrgetter("outcome"), attrgetter("reported")
_TAKEN = ("detained", "seized")


class SeveralLinesPolicy(Policy, frozen=True, kw_only=True, forbid_unknown_fields=True):
    REASONS: ClassVar[Places] = places(lines="who days lines n", outcomes="n outcomes")
    AGAINST: ClassVar[Places] = places(always="", released="n", assumption="")

    severity_goods: Severity
    types: Types
    lines: int
    days: int
    outcomes: frozenset[str]


class SeveralLines(Struct, frozen=True):
    """One finding for each entity; its key is the entity's id."""

    policy: SeveralLinesPolicy
    common: Common

    def subjects(self, scene: Scene, lens: Lens) -> set[int]:  # noqa: ARG002 -- the same call for all rules
        return scene.of_types(self.policy.types)

    def prepare(self, subjects: set[int], lens: Lens) -> None:
        lens.load_appearances(subjects)

    def examine(self, subject: int, lens: Lens) -> list[Draft]:
        """The finding about one entity, if there is one."""
        checks = [seen for seen in lens.appearances(subject) if seen.line is not None]
        if len(set(map(_line, checks))) < self.policy.lines:
            return []
        if self.policy.outcomes.isdisjoint(map(_outcome, checks)):
            return []
        stretches = list(self._stretches(checks))
        if not stretches:
            return []
        raised = checks[stretches[0][1]].reported
        records: list[Appearance] = []
        taken = 0
        for first, last in stretches:
            records += checks[max(first, taken) : last + 1]
            taken = last + 1
        return [self._draft(subject, records, raised)]

    def _stretches(self, checks: list[Appearance]) -> Iterator[tuple[int, int]]:
        """First and last position of the days up to each check, where they show lines enough and
        not only travellers let through.
        """
        span, enough = self.policy.days * DAY, self.policy.lines
        # a busy traveller has thousands of checks, so each is asked once
        lines, moments = list(map(_line, checks)), list(map(_reported, checks))
        telling = [outcome in self.policy.outcomes for outcome in map(_outcome, checks)]
        seen = dict.fromkeys(lines, 0)
        kept = first = distinct = 0
        for last, (line, moment) in enumerate(zip(lines, moments, strict=True)):
            distinct += not seen[line]
            seen[line] += 1
            kept += telling[last]
            while moment - moments[first] > span:
                gone = lines[first]
                seen[gone] -= 1
                distinct -= not seen[gone]
                kept -= telling[first]
                first += 1
            if kept and distinct >= enough:
                yield first, last

    def _draft(self, subject: int, records: list[Appearance], raised: int) -> Draft:
        kept = [seen for seen in records if seen.outcome in self.policy.outcomes]
        lines = "、".join(str(line) for line in sorted({seen.line or 0 for seen in records}))
        doubts: list[Said] = [("assumption", {})]
        if released := sum(seen.outcome == "released" for seen in records):
            doubts.append(("released", {"n": released}))
        outcomes = "、".join(word("outcome", each) for each in sorted({str(seen.outcome) for seen in kept}))
        return Draft(
            severity=self.policy.severity_goods
            if any(seen.outcome in _TAKEN for seen in kept)
            else self.policy.severity,
            raised=raised,
            records=records,
            in_order=True,
            entities=[subject],
            reasons=[
                ("lines", {"days": self.policy.days, "lines": lines, "n": len(records)}),
                ("outcomes", {"n": len(kept), "outcomes": outcomes}),
            ],
            doubts=doubts,
        )
