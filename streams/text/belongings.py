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
_BESIDE = re.compile(r"[”\"’'」]?\s?(?:就?是)?\s?")
"""Between a number and somebody named behind it whose it may be as well: 138…是王某某的, 138… 王某某."""
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
    starts = {person.start for person in people}
    ends = {person.end: index for index, person in enumerate(people) if person.kind != "pronoun"}
    begins = {person.start: index for index, person in enumerate(people) if person.kind != "pronoun"}
    last: Belonging | None = None
    for found in identifiers:
        behind = _BESIDE.match(text, found.end)
        owner = _named_behind(text, begins, found)
        if owner is None and (behind is None or behind.end() not in starts):
            owner = _named_before(text, people, ends, last, found)
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
            label = _BEHIND_NAME.fullmatch(text, start, found.start)
            comma = text[start : start + 1] in _COMMAS
            is_open = comma and (not label or not label["label"] or _is_second(text, people, ends[start]))
            return None if is_open else (ends[start], start, found.end)
    return None


def _is_second(text: str, people: Sequence[FoundPerson], index: int) -> bool:
    """Whether the sentence names somebody else before: 甲卖给乙，电话138… may be 甲's."""
    while index and people[index].alias_of == people[index - 1].span:
        index -= 1
    return bool(index) and _STOP.search(text, people[index - 1].end, people[index].start) is None


def _named_behind(text: str, begins: dict[int, int], found: FoundIdentifier) -> tuple[int, int, int] | None:
    """Who is named behind a number and 的: 电话为138…的王某某."""
    joint = _BEFORE_NAME.match(text, found.end)
    if joint is None or joint.end() not in begins:
        return None
    label = _LABEL_BEFORE.search(text, max(0, found.start - _LONGEST), found.start)
    return begins[joint.end()], label.start() if label else found.start, joint.end()
