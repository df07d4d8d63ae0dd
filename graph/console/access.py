"""Who sees what, and who may do what: one function and one table, both pure.

A record with a case is seen by that case's members only, whatever its region; one without a case by whoever
has its region. A record that names neither (a withdrawal alone may lack a region) is seen by whoever has all
regions: what nobody placed is nobody's in particular.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from schemas.errors import Invalid
from schemas.identifiers import case_no

EVERYWHERE = ""
"""The region of those who have all regions."""
_REGION = re.compile(r"(?:[1-9]\d(?:\d\d){0,2})?", re.ASCII)
_LONGEST_CASE = 80


class Role(StrEnum):
    """What somebody is here for."""

    INVESTIGATOR = "investigator"
    LEAD = "lead"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What one may do, where the region and the case allow it too."""

    READ_GRAPH = "read_graph"
    READ_ALERTS = "read_alerts"
    ANSWER_ALERT = "answer_alert"
    DECIDE_ALERT = "decide_alert"
    REVIEW = "review"
    MANAGE_CASE = "manage_case"
    READ_AUDIT = "read_audit"
    MANAGE_USERS = "manage_users"
    EXPORT = "export"
    VIEWS = "views"


_INVESTIGATE = frozenset(
    {
        Action.READ_GRAPH,
        Action.READ_ALERTS,
        Action.ANSWER_ALERT,
        Action.REVIEW,
        Action.EXPORT,
        Action.VIEWS,
    }
)
MAY: dict[Role, frozenset[Action]] = {
    Role.INVESTIGATOR: _INVESTIGATE,
    Role.LEAD: _INVESTIGATE | {Action.DECIDE_ALERT, Action.MANAGE_CASE},
    Role.INSPECTOR: frozenset({Action.READ_ALERTS, Action.READ_AUDIT}),
    Role.ADMINISTRATOR: frozenset({Action.MANAGE_USERS}),
}
"""What each role may do. What is not in it, nobody may."""
DATA = frozenset({Action.READ_GRAPH, Action.READ_ALERTS})
"""What shows anything of a record: a role with neither sees none."""


class Scope(Struct, frozen=True, kw_only=True):
    """Who asks. `regions` are prefixes of GB/T 2260 codes (`EVERYWHERE` is all), `cases` normal forms."""

    user: str
    role: Role
    regions: tuple[str, ...] = ()
    cases: frozenset[str] = frozenset()

    def may(self, action: Action) -> bool:
        """Whether the role allows it; whether it may be seen is another question."""
        return action in MAY[self.role]


def sees(scope: Scope, region: str | None, case: str | None) -> bool:
    """Whether a record of this region and case may be shown.

    >>> reader = Scope(user="li", role=Role.INVESTIGATOR, regions=("46",), cases=frozenset({"2019-551"}))
    >>> sees(reader, "460106", None), sees(reader, "440825", None), sees(reader, None, None)
    (True, False, False)
    >>> sees(reader, "440825", "公安部2019-551号目标案件"), sees(reader, "460106", "2020-7")
    (True, False)
    """
    if not MAY[scope.role] & DATA:
        return False
    if case and (number := case_name(case)):
        return number in scope.cases
    return EVERYWHERE in scope.regions or (
        region is not None and any(region.startswith(each) for each in scope.regions)
    )


@lru_cache(maxsize=4096)
def case_name(text: str) -> str:
    """The normal form by which a case is the same however it was written; empty when nothing is.

    What is no number of a case (partly hidden, say) stays as it stands, so that only who was given just that
    sees it.

    >>> case_name("“2019—0551”专案"), case_name(" 2019-5** "), case_name(" ")
    ('2019-551', '2019-5**', '')
    """
    return case_no.parse(text).normal or text.strip()


def checked_case(text: str) -> str:
    """The normal form of a case that somebody typed. Raises `Invalid`."""
    name = case_name(text)
    if not name or len(name) > _LONGEST_CASE or not name.isprintable():
        raise Invalid("case", f"a case has 1 to {_LONGEST_CASE} characters, like 2019-551")
    return name


def checked_region(text: str) -> str:
    """The prefix that a region's code means; a whole province or prefecture loses its zeros.

    >>> checked_region("460000"), checked_region("4601"), checked_region("460106"), checked_region("")
    ('46', '4601', '460106', '')

    Raises `Invalid`.
    """
    text = text.strip()
    if not _REGION.fullmatch(text):
        raise Invalid("region", "a region is 2, 4 or 6 digits of a GB/T 2260 code; nothing means everywhere")
    while len(text) > 2 and text.endswith("00"):
        text = text[:-2]
    return text
