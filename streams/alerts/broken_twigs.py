"""断梢: several small seizures whose holders have one direct supplier in common."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from streams.alerts.descent import Reach, Twig, enough_below, evidence, explore
from streams.alerts.lens import Lens
from streams.alerts.policy import Common, Places, Policy, Small, Supply, places
from streams.alerts.scene import Scene, suppliers
from streams.alerts.writing import Draft, Said

_WEAK = 0.6


class BrokenTwigsPolicy(Policy, frozen=True, kw_only=True, forbid_unknown_fields=True):
    REASONS: ClassVar[Places] = places(twigs="who seizures holders", supplied="who")
    AGAINST: ClassVar[Places] = places(always="", stated_once="record", weak="n limit")

    seizures: int
    holders: int
    kinds: frozenset[str]
    supply: Supply
    small: Small


class BrokenTwigs(Struct, frozen=True):
    """One finding for each supplier; its key is the supplier's id."""

    policy: BrokenTwigsPolicy
    common: Common

    def subjects(self, scene: Scene, lens: Lens) -> set[int]:
        return suppliers(scene, 1, self.policy.supply, lens)

    @property
    def _reach(self) -> Reach:
        policy = self.policy
        return Reach(1, policy.supply, policy.kinds, policy.seizures, policy.holders, small=policy.small)

    def prepare(self, subjects: set[int], lens: Lens) -> None:
        explore(subjects, self._reach, lens)

    def examine(self, subject: int, lens: Lens) -> list[Draft]:
        """The finding about one supplier, if there is one."""
        found, raised = enough_below(subject, self._reach, lens)
        return [] if raised is None else [self._draft(subject, found, raised, lens)]

    def _draft(self, subject: int, found: list[Twig], raised: int, lens: Lens) -> Draft:
        holders = list(dict.fromkeys(twig.holder for twig in found))
        seizures = {twig.seizure.rec for twig in found}
        return Draft(
            severity=self.policy.severity,
            raised=raised,
            records=evidence(found, lens),
            entities=[subject, *holders],
            reasons=[
                ("twigs", {"seizures": len(seizures), "holders": len(holders)}),
                ("supplied", {}),
            ],
            doubts=self._doubts(found),
        )

    def _doubts(self, found: list[Twig]) -> list[Said]:
        doubts: list[Said] = []
        stated = {each.record for twig in found for each in twig.path.deliveries}
        if len(stated) == 1:
            doubts.append(("stated_once", {"record": min(stated)}))
        if weak := sum(twig.path.confidence < _WEAK for twig in found):
            doubts.append(("weak", {"n": weak, "limit": _WEAK}))
        return doubts
