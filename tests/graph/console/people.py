"""What the tests of the console share: a moment, passwords, and who asks."""

from __future__ import annotations

from collections.abc import Iterable

from graph.console.access import Role, Scope

AT = 1_600_000_000_000_000
GOOD = "jian-kou-9-ping"
BETTER = "san-ye-7-cao-mao"


def scope(
    user: str = "li",
    role: Role = Role.INVESTIGATOR,
    regions: Iterable[str] = ("46",),
    cases: Iterable[str] = ("2019-551",),
) -> Scope:
    return Scope(user=user, role=role, regions=tuple(regions), cases=frozenset(cases))
