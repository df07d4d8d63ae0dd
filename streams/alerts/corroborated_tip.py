"""线索印证: what a tip spoke of turns up in a later seizure, or in goods found at a check.

Corroboration needs another origin: another source, and no copy. Copies of one text count once and
raise nothing (their grade does not rise by copying); a tip that is no lead takes no part.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import ClassVar

from msgspec import Struct

from graph.port import Appearance
from schemas.alerts import Severity
from streams.alerts.lens import Lens
from streams.alerts.policy import Common, Places, Policy, Types, places
from streams.alerts.scene import Scene, is_generic
from streams.alerts.writing import Draft, Said


class CorroboratedTipPolicy(Policy, frozen=True, kw_only=True, forbid_unknown_fields=True):
    REASONS: ClassVar[Places] = places(corroborated="who tips hits", independent="tip_sources hit_sources")
    AGAINST: ClassVar[Places] = places(always="", shared="who n", unattended="who")

    severity_interception: Severity
    types: Types
    number_types: Types
    outcomes: frozenset[str]


_NOBODY: frozenset[int] = frozenset()


class Told(Struct, frozen=True):
    """One text about someone, however often it was handed in: the first tip is its origin.

    `from_` is when the first of them that is a lead was reported.
    """

    origin: Appearance
    from_: int
    copies: tuple[Appearance, ...]

    @property
    def recs(self) -> set[int]:
        return {self.origin.rec, *(copy.rec for copy in self.copies)}


class CorroboratedTip(Struct, frozen=True):
    """One finding for each person, vehicle or number that tips and goods have in common; key: its id.

    A number is left out where one of its users is known to stand on both sides: then it is the
    person's finding.
    """

    policy: CorroboratedTipPolicy
    common: Common

    def subjects(self, scene: Scene, lens: Lens) -> set[int]:
        numbers = {key for key in scene.numbers if lens.type_of(key) in self.policy.number_types}
        return scene.of_types(self.policy.types) | numbers

    def prepare(self, subjects: set[int], lens: Lens) -> None:
        numbers = [subject for subject in subjects if subject < 0]
        lens.load_users(numbers, self.common.generic_users)
        followed = [subject for subject in subjects if not self._generic(subject, lens)]
        lens.load_appearances(followed)
        both = [number for number in followed if number < 0 and self._both_sides(number, lens)]
        lens.load_appearances(
            user for number in both for user in lens.users(number, self.common.generic_users)
        )

    def _generic(self, subject: int, lens: Lens) -> bool:
        return subject < 0 and is_generic(subject, self.common, lens)

    def _both_sides(self, subject: int, lens: Lens) -> bool:
        seen = lens.appearances(subject)
        return (
            len(seen) > 1
            and any(record.kind == "tip" and record.lead for record in seen)
            and any(map(self._hit, seen))
        )

    def _hit(self, seen: Appearance) -> bool:
        return seen.kind == "seizure" or (
            seen.kind == "interception" and seen.outcome in self.policy.outcomes
        )

    def examine(self, subject: int, lens: Lens) -> list[Draft]:
        """The finding about one entity, if there is one."""
        if self._generic(subject, lens) or not self._both_sides(subject, lens):
            return []
        hits = [seen for seen in lens.appearances(subject) if self._hit(seen)]
        goods = lens.with_goods(seen.rec for seen in hits if seen.kind != "seizure")
        hits = [seen for seen in hits if seen.kind == "seizure" or seen.rec in goods]
        pairs = _Pairs(hits, self._users_records(subject, lens))
        tips = [told for told in told_about(lens.appearances(subject)) if pairs.corroborate(told)]
        return [self._draft(subject, tips, pairs, lens)] if tips else []

    def _users_records(self, subject: int, lens: Lens) -> list[set[int]]:
        """For a number, the records each of its users appears in."""
        users = lens.users(subject, self.common.generic_users) if subject < 0 else []
        return [{seen.rec for seen in lens.appearances(user)} for user in users]

    def _draft(self, subject: int, tips: list[Told], pairs: _Pairs, lens: Lens) -> Draft:
        hits = pairs.matched
        sources = sorted({told.origin.source for told in tips})
        others = sorted({hit.source for hit in hits})
        return Draft(
            severity=self.policy.severity
            if any(hit.kind == "seizure" for hit in hits)
            else self.policy.severity_interception,
            raised=pairs.first,
            records=[*(told.origin for told in tips), *hits],
            entities=[subject],
            reasons=[
                ("corroborated", {"tips": len(tips), "hits": len(hits)}),
                ("independent", {"tip_sources": "、".join(sources), "hit_sources": "、".join(others)}),
            ],
            doubts=self._doubts(subject, lens),
            copies=[copy.record for told in tips for copy in told.copies],
        )

    def _doubts(self, subject: int, lens: Lens) -> list[Said]:
        if subject > 0:
            return []
        users = len(lens.users(subject, self.common.generic_users))
        shared: list[Said] = [("shared", {"n": users})] if users > 1 else []
        return [*shared, ("unattended", {})]


def told_about(seen: Iterable[Appearance]) -> list[Told]:
    """The tips among someone's records, copies together; texts of which no tip is a lead left out."""
    texts: dict[int | str, list[Appearance]] = {}
    for record in seen:
        if record.kind == "tip":
            text = record.record if record.fingerprint is None else record.fingerprint
            texts.setdefault(text, []).append(record)
    return [
        Told(tips[0], min(tip.reported for tip in tips if tip.lead), tuple(tips[1:]))
        for tips in texts.values()
        if any(tip.lead for tip in tips)
    ]


class _Pairs:
    """Which goods corroborate which tip: reported no earlier, by another source, and for a number
    not joined by one of its users already. Collects what matched, and when that was first known.

    Tips of one source and of the same users share their list of hits, so that someone with
    thousands of both costs thousands and not millions.
    """

    def __init__(self, hits: list[Appearance], users: list[set[int]]) -> None:
        self._hits = hits
        self._users = users
        self._lists: dict[tuple[str, frozenset[int]], list[Appearance]] = {}
        self._since: dict[tuple[str, frozenset[int]], int] = {}
        self.first = 0

    def corroborate(self, told: Told) -> bool:
        key = (told.origin.source, self._users_in(told.recs))
        if key not in self._lists:
            self._lists[key] = [hit for hit in self._hits if self._independent(hit, *key)]
        hits = self._lists[key]
        at = bisect_left(hits, told.origin.reported, key=lambda hit: hit.reported)
        if at == len(hits):
            return False
        known = max(hits[at].reported, told.from_)
        self.first = min(self.first, known) if self._since else known
        self._since[key] = min(at, self._since.get(key, at))
        return True

    def _users_in(self, recs: set[int]) -> frozenset[int]:
        if not self._users:
            return _NOBODY
        return frozenset(user for user, records in enumerate(self._users) if records & recs)

    def _independent(self, hit: Appearance, source: str, users: frozenset[int]) -> bool:
        return hit.source != source and not users & self._users_in({hit.rec})

    @property
    def matched(self) -> list[Appearance]:
        """The goods that corroborate a tip, by (reported, record)."""
        found = {hit.rec: hit for key, at in self._since.items() for hit in self._lists[key][at:]}
        return sorted(found.values(), key=lambda hit: (hit.reported, hit.record))
