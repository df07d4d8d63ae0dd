"""触及专案: a record from outside a case speaks of someone or something that is in it.

A case is open while a live record names it; the contract knows no record that closes one.
"""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from graph.port import Appearance
from schemas.alerts import Severity
from streams.alerts.lens import Lens
from streams.alerts.policy import Common, Places, Policy, Types, places
from streams.alerts.scene import Scene
from streams.alerts.writing import Draft, Said, commonest_region

_TAKEN = ("detained", "seized")


class CaseTouchedPolicy(Policy, frozen=True, kw_only=True, forbid_unknown_fields=True):
    REASONS: ClassVar[Places] = places(touched="who case outside", inside="who case inside")
    AGAINST: ClassVar[Places] = places(always="", released="n", other_cases="n")

    severity_goods: Severity
    severity_released: Severity
    types: Types
    generic_cases: int


class CaseTouched(Struct, frozen=True):
    """One finding for each case and each thing of it that appears outside; key `ENTITY CASE`."""

    policy: CaseTouchedPolicy
    common: Common

    def subjects(self, scene: Scene, lens: Lens) -> set[int]:  # noqa: ARG002 -- the same call for all rules
        return scene.of_types(self.policy.types)

    def prepare(self, subjects: set[int], lens: Lens) -> None:
        lens.load_appearances(subjects)

    def examine(self, subject: int, lens: Lens) -> list[Draft]:
        """The findings about one entity, by case."""
        seen = lens.appearances(subject)
        inside: dict[str, list[Appearance]] = {}
        for record in seen:
            if record.case:
                inside.setdefault(record.case, []).append(record)
        if not inside or len(inside) > self.policy.generic_cases:
            return []
        drafts = [self._touched(subject, case, inside, lens) for case in sorted(inside)]
        return [draft for draft in drafts if draft is not None]

    def _touched(
        self, subject: int, case: str, inside: dict[str, list[Appearance]], lens: Lens
    ) -> Draft | None:
        told = {telling for record in inside[case] for telling in record.tellings}
        beyond = [record for record in lens.appearances(subject) if record.case != case]
        outside = [record for record in beyond if told.isdisjoint(record.tellings)]
        if not outside:
            return None
        return Draft(
            case=case,
            severity=self._severity(outside),
            raised=max(inside[case][0].reported, outside[0].reported),
            records=[*inside[case], *outside],
            entities=[subject],
            region=commonest_region(inside[case]),
            reasons=[
                ("touched", {"case": case, "outside": len(outside)}),
                ("inside", {"case": case, "inside": len(inside[case])}),
            ],
            doubts=self._doubts(outside, len(inside) - 1),
            copies=[record.record for record in beyond if not told.isdisjoint(record.tellings)],
        )

    def _severity(self, outside: list[Appearance]) -> Severity:
        if any(record.kind == "seizure" or record.outcome in _TAKEN for record in outside):
            return self.policy.severity_goods
        if all(record.outcome == "released" for record in outside):
            return self.policy.severity_released
        return self.policy.severity

    def _doubts(self, outside: list[Appearance], others: int) -> list[Said]:
        doubts: list[Said] = []
        if released := sum(record.outcome == "released" for record in outside):
            doubts.append(("released", {"n": released}))
        if others:
            doubts.append(("other_cases", {"n": others}))
        return doubts
