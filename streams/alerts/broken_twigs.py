"""断梢: several small seizures whose holders have one direct supplier in common."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from schemas.alerts import Finding
from streams.alerts.descent import Reach, Twig, first_sufficient, twigs
from streams.alerts.lens import Lens
from streams.alerts.policy import Common, Places, Policy, Small, Supply, places
from streams.alerts.scene import Scene, suppliers
from streams.alerts.writing import Draft, write

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

    def prepare(self, subjects: set[int], lens: Lens) -> None:
        lens.load_deliveries(subjects, "down")
        lens.load_lots(
            delivery.target for subject in subjects for delivery in lens.deliveries(subject, "down")
        )

    def examine(self, subject: int, lens: Lens) -> list[Finding]:
        """The finding about one supplier, if there is one."""
        if len(lens.deliveries(subject, "down")) < self.policy.holders:
            return []
        policy = self.policy
        found = twigs(subject, Reach(1, policy.supply, policy.kinds, policy.small), lens)
        raised = first_sufficient(found, policy.seizures, policy.holders)
        return [] if raised is None else [self._finding(subject, found, raised, lens)]

    def _finding(self, subject: int, found: list[Twig], raised: int, lens: Lens) -> Finding:
        who = lens.label(subject)
        holders = list(dict.fromkeys(twig.holder for twig in found))
        seizures = {twig.seizure.rec for twig in found}
        draft = Draft(
            key=lens.public_id(subject),
            severity=self.policy.severity,
            raised=raised,
            records=[seen for twig in found for seen in (twig.seizure, *twig.path.records)],
            entities=[subject, *holders],
            reasons=[
                self.policy.reason("twigs", who=who, seizures=len(seizures), holders=len(holders)),
                self.policy.reason("supplied", who=who),
            ],
            doubts=self._doubts(found),
        )
        return write(draft, self.policy, self.common, lens)

    def _doubts(self, found: list[Twig]) -> list[str]:
        doubts = []
        stated = {seen.record for twig in found for seen in twig.path.records}
        if len(stated) == 1:
            doubts.append(self.policy.doubt("stated_once", record=min(stated)))
        if weak := sum(twig.path.confidence < _WEAK for twig in found):
            doubts.append(self.policy.doubt("weak", n=weak, limit=_WEAK))
        return doubts
