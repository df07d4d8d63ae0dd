"""A deed in its clause: which people, goods and words belong to it, and whether it is a deed at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from streams.text.status import DEEDS

if TYPE_CHECKING:
    from streams.text.clauses import Clause, Group
    from streams.text.findings import FoundSubstance
    from streams.text.words import Word

NOUNS = frozenset(("underling", "leader", "upper", "lower", "business", "comes", "order", "hand"))
_WEAK = frozenset("拿进送寄供付收藏持吸拉运带贩塞分借捎雇聘招出批销")
"""Deeds of one character that also begin other words: they count only beside what they are done with."""
_EMPTY = re.compile(r"[\s了过给的完掉着一次回些点量大批少部全\0]*")
NEAR, _FAR = 3, 999
"""Characters between a deed and what it is done with; more than any clause has."""


class Setting(NamedTuple):
    """A clause, and where the part of it begins and ends that belongs to one deed."""

    text: str
    clause: Clause
    deed: Word
    start: int
    end: int

    def before(self) -> list[Group]:
        """The groups of the part before the deed, the nearest last."""
        return [
            each for each in self.clause.groups if self.start <= each.start and each.end <= self.deed.start
        ]

    def after(self) -> list[Group]:
        """The groups of the part behind the deed."""
        return [each for each in self.clause.groups if self.deed.end <= each.start < self.end]

    def marked(self, *roles: str) -> Group | None:
        """The first group that goes with a word of one of these roles."""
        return next((each for each in (*self.before(), *self.after()) if each.led_by(*roles)), None)

    def subject(self) -> Group | None:
        """Who does it: the last group before the deed that no word gives another part."""
        free = [each for each in self.before() if not has_part(each)]
        plain = [each for each in free if not each.followed_by("possessive", "at", "home")]
        return plain[-1] if plain else None

    def owner(self) -> Group | None:
        """Who has what the clause begins with: B的…, B吸的…, or at whose place it is: 在A家中."""
        having = (each for each in self.before() if each.followed_by("possessive", "home", "at", "use"))
        return next(having, None)

    def named_as(self) -> Group | None:
        """Who it is that the clause says did it: g是A卖的, g由A提供, 卖给B的人是A."""
        behind = [each for each in self.after() if each.led_by("is")]
        before = [each for each in self.before() if each.led_by("is") or is_led_by(each, "由")]
        return behind[-1] if behind else before[-1] if before else None

    def goods(self) -> FoundSubstance | None:
        """The substance of the deed: behind it before the next one, else before it in the clause."""
        found = self.clause.substances
        behind = [each for each in found if self.deed.end <= each.start < self.end]
        return behind[0] if behind else next(iter(found), None)


def is_led_by(group: Group, word: str) -> bool:
    """Whether a group goes with this very word."""
    return group.before is not None and group.before.text == word


def has_part(group: Group) -> bool:
    """Whether the word before gives a group a part that is not the doer's."""
    word = group.before
    if word is None or word.roles & {"certain", "hearsay"}:
        return False
    given = word.roles & {"to", "from", "for", "object", "by", "causes", "order", "shelter", "collect"}
    return bool(given) or (bool(word.roles & DEEDS) and word.end <= group.start)


def settings_of(text: str, clause: Clause) -> Iterator[Setting]:
    """The deeds of a clause, each with its part of it, in order of place."""
    deeds = [word for word in clause.words if word.roles & (DEEDS | NOUNS) and _counts(clause, word)]
    for number, deed in enumerate(deeds):
        end = deeds[number + 1].start if number + 1 < len(deeds) else clause.end
        yield Setting(text, clause, deed, _starts(clause, deeds, number), end)


def _starts(clause: Clause, deeds: list[Word], number: int) -> int:
    """Where a deed's part begins: behind the deed before, where a new doer is named; else at the clause's."""
    if number == 0:
        return clause.start
    last = deeds[number - 1]
    between = [each for each in clause.groups if last.end <= each.start and each.end <= deeds[number].start]
    new = [each for each in between if each.before is None or each.before.end < each.start - 2]
    return new[0].start if new and last.roles & {"sell", "buy", "give", "pay", "collect"} else clause.start


def _counts(clause: Clause, word: Word) -> bool:
    things = (*clause.groups, *clause.substances, *clause.quantities, *clause.amounts)
    near = min((each.start - word.end for each in things if each.start >= word.end), default=_FAR)
    moved = any("object" in each.roles and each.end <= word.start for each in clause.words)
    if word.text == "有":
        then = any(word.end <= each.start < word.end + near for each in clause.words)
        home = any("home" in each.roles and each.end <= word.start for each in clause.words)
        return near <= NEAR and home and not then
    if word.text == "给":
        later = any(each.roles & DEEDS and each.start > word.start for each in clause.words)
        return moved and near == 0 and not later and bool(clause.substances)
    if word.text not in _WEAK:
        return True
    goods = any("goods" in each.roles and each.start == word.end for each in clause.words)
    taken = any(each.led_by("from") and each.end <= word.start for each in clause.groups)
    return near <= NEAR or goods or moved or taken


def named_goods(setting: Setting) -> bool:
    """Whether the part speaks of goods without a name: 货, 东西."""
    return any("goods" in each.roles for each in setting.clause.words) or "货" in setting.deed.text


def other_things(setting: Setting) -> bool:
    """Whether the deed is said of something else than drugs: 卖水果给, 把一辆旧车卖给."""
    if setting.goods() is not None or named_goods(setting):
        return False
    words = setting.clause.words
    stops = [each.start for each in (*words, *setting.clause.groups) if each.start >= setting.deed.end]
    stops += [each.start for each in (*setting.clause.quantities, *setting.clause.amounts)]
    to = min((each for each in stops if each >= setting.deed.end), default=setting.clause.end)
    if _EMPTY.fullmatch(setting.text, setting.deed.end, to) is None:
        return True
    moved = [each for each in words if "object" in each.roles and each.end <= setting.deed.start]
    return bool(moved)
