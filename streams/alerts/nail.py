"""钉子: traces up from seizures of different people meet in someone with no known supplier."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from schemas.alerts import Finding
from streams.alerts.descent import Reach, Twig, first_sufficient, twigs
from streams.alerts.lens import Lens
from streams.alerts.policy import Common, Places, Policy, Supply, Types, places
from streams.alerts.scene import Scene, suppliers
from streams.alerts.writing import Draft, write

_WEAK = 0.5


class NailPolicy(Policy, frozen=True, kw_only=True, forbid_unknown_fields=True):
    REASONS: ClassVar[Places] = places(meet="who seizures holders hops", no_supplier="who")
    AGAINST: ClassVar[Places] = places(always="", unknown_parcels="n", weak="n limit")

    types: Types
    seizures: int
    holders: int
    max_hops: int
    kinds: frozenset[str]
    supply: Supply


class Nail(Struct, frozen=True):
    """One finding for each person at the top; its key is the person's id."""

    policy: NailPolicy
    common: Common

    def subjects(self, scene: Scene, lens: Lens) -> set[int]:
        return suppliers(scene, self.policy.max_hops, self.policy.supply, lens)

    def prepare(self, subjects: set[int], lens: Lens) -> None:
        lens.load_deliveries(subjects, "up")
        lens.load_deliveries((subject for subject in subjects if not self._supplied(subject, lens)), "down")

    def _supplied(self, subject: int, lens: Lens) -> bool:
        """Whether anyone is known to supply the person."""
        return any(
            self.policy.supply.trusts(delivery.basis, delivery.confidence)
            for delivery in lens.deliveries(subject, "up")
        )

    def examine(self, subject: int, lens: Lens) -> list[Finding]:
        """The finding about one person, if there is one."""
        if self._supplied(subject, lens) or not lens.deliveries(subject, "down"):
            return []
        if lens.type_of(subject) not in self.policy.types:
            return []
        policy = self.policy
        found = twigs(subject, Reach(policy.max_hops, policy.supply, policy.kinds), lens)
        raised = first_sufficient(found, policy.seizures, policy.holders)
        return [] if raised is None else [self._finding(subject, found, raised, lens)]

    def _finding(self, subject: int, found: list[Twig], raised: int, lens: Lens) -> Finding:
        who = lens.label(subject)
        holders = list(dict.fromkeys(twig.holder for twig in found))
        seizures = {twig.seizure.rec for twig in found}
        hops = max(len(twig.path.records) for twig in found)
        draft = Draft(
            key=lens.public_id(subject),
            severity=self.policy.severity,
            raised=raised,
            records=[seen for twig in found for seen in (twig.seizure, *twig.path.records)],
            entities=[subject, *holders],
            reasons=[
                self.policy.reason("meet", who=who, seizures=len(seizures), holders=len(holders), hops=hops),
                self.policy.reason("no_supplier", who=who),
            ],
            doubts=self._doubts(subject, found, lens),
        )
        return write(draft, self.policy, self.common, lens)

    def _doubts(self, subject: int, found: list[Twig], lens: Lens) -> list[str]:
        doubts = []
        if unknown := len(lens.deliveries(subject, "up")):
            doubts.append(self.policy.doubt("unknown_parcels", n=unknown))
        if weak := sum(twig.path.confidence < _WEAK for twig in found):
            doubts.append(self.policy.doubt("weak", n=weak, limit=_WEAK))
        return doubts
