"""串案: one phone or account that different people of different cases use."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from graph.port import Appearance
from streams.alerts.lens import Lens
from streams.alerts.policy import Common, Places, Policy, Types, places
from streams.alerts.scene import Scene, is_generic
from streams.alerts.writing import Draft

_WHAT = {"phone": "电话", "account": "账号"}


class CasesJoinedPolicy(Policy, frozen=True, kw_only=True, forbid_unknown_fields=True):
    REASONS: ClassVar[Places] = places(joined="what who persons cases")
    AGAINST: ClassVar[Places] = places(always="", same_person="")

    types: Types
    user_types: Types
    persons: int
    cases: int


class CasesJoined(Struct, frozen=True):
    """One finding for each number; its key is the number's id. Numbers of too many people say nothing."""

    policy: CasesJoinedPolicy
    common: Common

    def subjects(self, scene: Scene, lens: Lens) -> set[int]:
        return {number for number in scene.numbers if lens.type_of(number) in self.policy.types}

    def prepare(self, subjects: set[int], lens: Lens) -> None:
        lens.load_users(subjects, self.common.generic_users)
        lens.live_types(user for number in subjects for user in lens.users(number, self.common.generic_users))
        shared = [self._users(number, lens) for number in subjects]
        lens.load_appearances(user for users in shared for user in users)

    def _users(self, number: int, lens: Lens) -> list[int]:
        """The people who use the number; none when too few or too many do."""
        users = lens.users(number, self.common.generic_users)
        if len(users) < self.policy.persons or is_generic(number, self.common, lens):
            return []
        return [user for user in users if lens.type_of(user) in self.policy.user_types]

    def examine(self, subject: int, lens: Lens) -> list[Draft]:
        """The finding about one number, if there is one."""
        people: dict[int, list[Appearance]] = {}
        for user in self._users(subject, lens):
            if records := [seen for seen in lens.appearances(user) if seen.case]:
                people[user] = records
        cases = {seen.case for records in people.values() for seen in records if seen.case}
        if len(people) < self.policy.persons or len(cases) < self.policy.cases:
            return []
        return [self._draft(subject, people, frozenset(cases), lens)]

    def _draft(
        self, subject: int, people: dict[int, list[Appearance]], cases: frozenset[str], lens: Lens
    ) -> Draft:
        using = {seen.rec for seen in lens.appearances(subject)}
        evidence = [seen for records in people.values() for seen in records]
        evidence += [seen for user in people for seen in lens.appearances(user) if seen.rec in using]
        return Draft(
            severity=self.policy.severity,
            raised=self._raised(people, using, lens),
            records=evidence,
            entities=[subject, *sorted(people, key=lens.public_id)],
            cases=cases,
            reasons=[
                (
                    "joined",
                    {
                        "what": _WHAT.get(lens.type_of(subject), "号码"),
                        "persons": len(people),
                        "cases": "、".join(sorted(cases)),
                    },
                )
            ],
            doubts=[("same_person", {})],
        )

    def _raised(self, people: dict[int, list[Appearance]], using: set[int], lens: Lens) -> int:
        """When people enough were known to use the number and to belong to cases enough."""
        known: list[tuple[int, int, str]] = []
        for user, records in people.items():
            used = min(seen.reported for seen in lens.appearances(user) if seen.rec in using)
            known += [(max(used, seen.reported), user, seen.case or "") for seen in records]
        persons: set[int] = set()
        cases: set[str] = set()
        moments = sorted(known, key=lambda moment: moment[0])
        for moment, user, case in moments:
            persons.add(user)
            cases.add(case)
            if len(persons) >= self.policy.persons and len(cases) >= self.policy.cases:
                return moment
        return moments[-1][0]
