"""线索印证: what a tip spoke of turns up in a later seizure, or in goods found at a check.

Corroboration needs another origin: another source, and no copy. Copies of one text count once and
raise nothing (their grade does not rise by copying); a tip that is no lead takes no part.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import reduce
from operator import and_, attrgetter, itemgetter, or_
from typing import ClassVar, NamedTuple

from msgspec import Struct

from graph.port import Appearance
from schemas.alerts import Severity
from streams.alerts.lens import Lens
from streams.alerts.policy import Common, Places, Policy, Types, places
from streams.alerts.scene import Scene, is_generic
from streams.alerts.writing import Draft, Said

_kind = attrgetter("kind")


class CorroboratedTipPolicy(Policy, frozen=True, kw_only=True, forbid_unknown_fields=True):
    REASONS: ClassVar[Places] = places(corroborated="who tips hits", independent="tip_sources hit_sources")
    AGAINST: ClassVar[Places] = places(always="", shared="who n", unattended="who")

    severity_interception: Severity
    types: Types
    number_types: Types
    outcomes: frozenset[str]


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
        if len(seen) < 2 or "tip" not in map(_kind, seen):
            return False
        return any(record.kind == "tip" and record.lead for record in seen) and any(map(self._hit, seen))

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
        pairs = _Pairs(hits, self._users_in(subject, lens))
        tips = [told for told in told_about(lens.appearances(subject)) if pairs.corroborate(told)]
        return [self._draft(subject, tips, pairs, lens)] if tips else []

    def _users_in(self, subject: int, lens: Lens) -> dict[int, int]:
        """For a number, which of its users the records speak of: a bit for each."""
        users = lens.users(subject, self.common.generic_users) if subject < 0 else []
        found: dict[int, int] = {}
        for bit, user in enumerate(users):
            for seen in lens.appearances(user):
                found[seen.rec] = found.get(seen.rec, 0) | 1 << bit
        return found

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
    """The tips among someone's records, copies together; texts of which no tip is a lead left out.

    What was merged of several goes with the first of them that spoke of this one too.
    """
    texts: dict[str, list[Appearance]] = {}
    for record in seen:
        if record.kind == "tip":
            known = (texts[telling] for telling in record.tellings if telling in texts)
            told = next(known, None) or []
            told.append(record)
            for telling in record.tellings:
                texts.setdefault(telling, told)
    return [
        Told(tips[0], min(tip.reported for tip in tips if tip.lead), tuple(tips[1:]))
        for tips in {id(tips): tips for tips in texts.values()}.values()
        if any(tip.lead for tip in tips)
    ]


class _Origin(NamedTuple):
    """Whose word something is: its source, and a bit for each user of the number who is named with it."""

    source: str
    users: int

    def independent(self, other: _Origin) -> bool:
        return self.source != other.source and not self.users & other.users


class _Pairs:
    """Which goods corroborate which tip: reported no earlier, by another source, and for a number
    not joined by one of its users already. Collects what matched, and when that was first known.

    Tips of one origin go through the hits together, each from where the last one came to, so that
    someone with thousands of both costs thousands and not millions.
    """

    def __init__(self, hits: list[Appearance], users: dict[int, int]) -> None:
        self._hits = hits
        self._users = users
        self._origins = [_Origin(hit.source, users.get(hit.rec, 0)) for hit in hits]
        self._everywhere = reduce(and_, (origin.users for origin in self._origins), -1)
        self._reached: dict[_Origin, tuple[int, int]] = {}  # from where it was looked, and what was found
        self._since: dict[_Origin, int] = {}
        self.first = 0

    def corroborate(self, told: Told) -> bool:
        users = reduce(or_, (self._users.get(rec, 0) for rec in told.recs), 0) if self._users else 0
        if users & self._everywhere:
            return False
        origin = _Origin(told.origin.source, users)
        at = self._next(origin, bisect_left(self._hits, told.origin.reported, key=_reported))
        if at == len(self._hits):
            return False
        known = max(self._hits[at].reported, told.from_)
        self.first = min(self.first, known) if self._since else known
        self._since[origin] = min(at, self._since.get(origin, at))
        return True

    def _next(self, origin: _Origin, start: int) -> int:
        """Position of the first hit from `start` that is independent of the origin."""
        began, at = self._reached.get(origin, (start, start))
        at = max(at, start) if began <= start else start
        while at < len(self._hits) and not origin.independent(self._origins[at]):
            at += 1
        self._reached[origin] = start, at
        return at

    @property
    def matched(self) -> list[Appearance]:
        """The goods that corroborate a tip, by (reported, record)."""
        tips = sorted(self._since.items(), key=itemgetter(1))
        return [
            hit
            for at, (hit, origin) in enumerate(zip(self._hits, self._origins, strict=True))
            if any(tip.independent(origin) for tip, since in tips if since <= at)
        ]


_reported = attrgetter("reported")
