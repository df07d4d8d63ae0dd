"""Whose a number is: 王某某（电话138…，微信abc）, 电话为138…的王某某.

Only where nothing but a label stands between the two: a number that merely stands near somebody may be
anybody's. Takes time linear in the number of findings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from streams.text.findings import Found, FoundIdentifier, FoundPerson

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OF_PEOPLE = frozenset(("phone", "wechat", "bank_card", "id_number"))
_LABEL = (
    r"(?:(?:联系|手机)?电话(?:号码?|)|手机(?:号码?)?|(?:手机|联系|电话)?号码|联系方式|微信(?:账?号|ID|id)?|[vVwW][xX]"
    r"|(?:公民)?身份(?:证|证件|号)?(?:号码?)?|证件号码?|银行(?:卡|账户|账号)(?:号码?)?|(?:收款)?(?:卡号|账号|帐号))"
)
_IS = r"(?:是|为|叫|系|[:：])?\s?[\"“‘「]?"
_BEHIND_NAME = re.compile(
    rf"[”\"’'」]?\s?(?:[（(]|[，,、]\s?|的)?(?:[男女][，,、]\s?)?(?:(?P<label>{_LABEL}){_IS})?"
)
_BEHIND_NUMBER = re.compile(rf"[”\"’'」]?\s?[，,、；;/]?\s?{_LABEL}{_IS}|[，,、/]\s?")
_BEFORE_NAME = re.compile(r"[”\"’'」]?\s?的\s?")
_LABEL_BEFORE = re.compile(rf"{_LABEL}{_IS}$")
_COMMAS = ("，", ",", "、")
_STOP = re.compile(r"[。！!？?；;\n]")
_LONGEST = 16
"""Characters of the longest label with what stands around it."""


class Belonging(Found, frozen=True, kw_only=True):
    """A number that the text says is somebody's: `person` is a place among the people, `start` to `end`
    all that says so beside the name."""

    person: int
    identifier: FoundIdentifier


def find_belongings(
    text: str, people: Sequence[FoundPerson], identifiers: Sequence[FoundIdentifier]
) -> tuple[Belonging, ...]:
    """The numbers of a folded text that are said to be somebody's, in order of place.

    A pronoun owns none: whom it means is a guess.
    """
    return tuple(_owned(text, people, [each for each in identifiers if each.kind in _OF_PEOPLE]))


def _owned(
    text: str, people: Sequence[FoundPerson], identifiers: Sequence[FoundIdentifier]
) -> Iterator[Belonging]:
    ends = {person.end: index for index, person in enumerate(people) if person.kind != "pronoun"}
    begins = {person.start: index for index, person in enumerate(people) if person.kind != "pronoun"}
    last: Belonging | None = None
    for found in identifiers:
        owner = _named_behind(text, begins, found) or _named_before(text, people, ends, last, found)
        if owner is not None:
            last = Belonging(start=owner[1], end=owner[2], person=owner[0], identifier=found)
            yield last


def _named_before(
    text: str,
    people: Sequence[FoundPerson],
    ends: dict[int, int],
    last: Belonging | None,
    found: FoundIdentifier,
) -> tuple[int, int, int] | None:
    """Who is named right before a number, or whose the number before it is."""
    if last is not None and _BEHIND_NUMBER.fullmatch(text, last.end, found.start):
        return last.person, last.end, found.end
    for start in range(found.start, max(-1, found.start - _LONGEST), -1):
        if start in ends and _BEHIND_NAME.fullmatch(text, start, found.start):
            open_ = text[start : start + 1] in _COMMAS and _is_second(text, people, ends[start])
            return None if open_ else (ends[start], start, found.end)
    return None


def _is_second(text: str, people: Sequence[FoundPerson], index: int) -> bool:
    """Whether the sentence names somebody else before: 甲卖给乙，电话138… may be 甲's."""
    while index and people[index].alias_of == people[index - 1].span:
        index -= 1
    return bool(index) and _STOP.search(text, people[index - 1].end, people[index].start) is None


def _named_behind(text: str, begins: dict[int, int], found: FoundIdentifier) -> tuple[int, int, int] | None:
    """Who is named behind a number and 的, with a label before the number: 电话为138…的王某某."""
    label = _LABEL_BEFORE.search(text, max(0, found.start - _LONGEST), found.start)
    joint = _BEFORE_NAME.match(text, found.end)
    if label is None or joint is None or joint.end() not in begins:
        return None
    return begins[joint.end()], label.start(), joint.end()
