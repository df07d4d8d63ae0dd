"""钉子: traces up from seizures of different people meet in someone with no known supplier."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from streams.alerts.descent import Reach, Twig, enough_below, evidence, explore
from streams.alerts.lens import Lens
from streams.alerts.policy import Common, Places, Policy, Supply, Types, places
from streams.alerts.scene import Scene, suppliers
from streams.alerts.writing import Draft, Said

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

    @property
    def _reach(self) -> Reach:
        policy = self.policy
        return Reach(policy.max_hops, policy.supply, policy.kinds, policy.seizures, policy.holders)

    def prepare(self, subjects: set[int], lens: Lens) -> None:
        lens.load_deliveries(subjects, "up")
        explore([subject for subject in subjects if not self._supplied(subject, lens)], self._reach, lens)

    def _supplied(self, subject: int, lens: Lens) -> bool:
        """Whether anyone is known to supply the person."""
        return any(
            self.policy.supply.trusts(delivery.basis, delivery.confidence)
            for delivery in lens.deliveries(subject, "up")
        )

    def examine(self, subject: int, lens: Lens) -> list[Draft]:
        """The finding about one person, if there is one."""
        if self._supplied(subject, lens) or not lens.deliveries(subject, "down"):
            return []
        found, raised = enough_below(subject, self._reach, lens)
        if raised is None or lens.type_of(subject) not in self.policy.types:
            return []
        return [self._draft(subject, found, raised, lens)]

    def _draft(self, subject: int, found: list[Twig], raised: int, lens: Lens) -> Draft:
        holders = list(dict.fromkeys(twig.holder for twig in found))
        seizures = {twig.seizure.rec for twig in found}
        hops = max(len(twig.path.deliveries) for twig in found)
        return Draft(
            severity=self.policy.severity,
            raised=raised,
            records=evidence(found, lens),
            entities=[subject, *holders],
            reasons=[
                ("meet", {"seizures": len(seizures), "holders": len(holders), "hops": hops}),
                ("no_supplier", {}),
            ],
            doubts=self._doubts(subject, found, lens),
        )

    def _doubts(self, subject: int, found: list[Twig], lens: Lens) -> list[Said]:
        doubts: list[Said] = []
        if unknown := lens.unlikely_suppliers(subject):
            doubts.append(("unknown_parcels", {"n": unknown}))
        if weak := sum(twig.path.confidence < _WEAK for twig in found):
            doubts.append(("weak", {"n": weak, "limit": _WEAK}))
        return doubts
