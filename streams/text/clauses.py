"""A text as sentences of clauses, each with its people, words and goods in order of place."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from schemas.reference import regions
from streams.text.belongings import Belonging, find_belongings
from streams.text.findings import (
    Found,
    FoundAmount,
    FoundPerson,
    FoundPlace,
    FoundQuantity,
    FoundSubstance,
    FoundTime,
    TextReading,
)
from streams.text.people import find_people
from streams.text.reporter import MARK
from streams.text.words import Word, find_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PLURAL = ("他们", "她们", "二人", "两人", "三人", "上述")
_STOP = re.compile(r"[。！!？?；;\n~…\U0001f000-\U0001faff]+")
_PAUSE = re.compile(r"[，,：:]|\s+")
_SKIPPED = re.compile(
    r"(?:(?:有|一|那|这|了)?[个名位]?(?:叫做|名叫|叫)|有个|[一有][个名位]|老板|朋友|老乡|邻居|同伙|男子|女子|毒贩|嫌疑人|[个名位了过])$"
)
"""Stands between a word and the name it goes with: 卖给一个叫老王的人."""
_CALLED = re.compile(r"(?:[个名位]叫做?|名叫)$")
_CLOSES = "”\"’'」》）)"
_ABOUT_WHEN = re.compile(
    r"(?:(?:交易|买卖|事发|发生|当时的?)?(?:时间|日期)(?:好像|可能|应该|估计|大概|大约|约)?(?:就是|是在|是|在|为|[:：])?"
    r"|(?:大概|大约|约|差不多)(?:就是|是在|是|在|于)?)$"
)
_ABOUT_MUCH = re.compile(
    r"(?:大概|大约|约|差不多|数量|重量|一共|总共|共计|价格)(?:大概|大约|约)?(?:是|有|为)?$"
)
_LONGEST_LEAD = 12
_LONGEST = 300
"""Characters of a sentence; what goes on for longer is cut, so that each deed costs a bounded time."""
_MOST_IN_A_ROW = 20
_MOST_BETWEEN = 4
"""Words and counters between a word and the name it goes with."""
_COMMAS = "，, "
_BLANK = "\0"
_Item = TypeVar("_Item", bound=Found)


class Group(Found, frozen=True, kw_only=True):
    """People named in a row (甲、乙和丙), with the words right before and right behind them.

    `start` and `end` take in their other names and numbers in brackets. `members` are places in the parsed
    people.
    """

    members: tuple[int, ...]
    before: Word | None = None
    after: Word | None = None
    plural: bool = False

    def led_by(self, *roles: str) -> bool:
        """Whether the word before has one of these roles."""
        return self.before is not None and not self.before.roles.isdisjoint(roles)

    def followed_by(self, *roles: str) -> bool:
        """Whether the word behind has one of these roles."""
        return self.after is not None and not self.after.roles.isdisjoint(roles)


class Clause(Found, frozen=True, kw_only=True):
    """What stands between two pauses.

    `asides` say no more than whose a number is, or that a time or an amount is not exact.
    """

    groups: tuple[Group, ...]
    words: tuple[Word, ...]
    substances: tuple[FoundSubstance, ...]
    quantities: tuple[FoundQuantity, ...]
    amounts: tuple[FoundAmount, ...]
    times: tuple[FoundTime, ...]
    places: tuple[FoundPlace, ...]
    asides: tuple[Found, ...]


class Sentence(Found, frozen=True, kw_only=True):
    """What stands between two stops; `stop` is what ends it."""

    clauses: tuple[Clause, ...]
    stop: str


class Parsed(Struct, frozen=True, kw_only=True):
    """A text taken apart. `text` is folded; `people` and `substances` are in order of place."""

    text: str
    reading: TextReading
    people: tuple[FoundPerson, ...]
    substances: tuple[FoundSubstance, ...]
    belongings: tuple[Belonging, ...]
    sentences: tuple[Sentence, ...]


class Known(Struct, frozen=True, kw_only=True):
    """The people of a text in order of place, pronouns among them, and drugs that no list has."""

    people: tuple[FoundPerson, ...]
    substances: tuple[FoundSubstance, ...] = ()


def parse(folded: str, reading: TextReading, known: Known | None = None) -> Parsed:
    """The sentences of a folded text of which `reading` has been read; `known` has what a tagger found."""
    plain = [item for item in reading.substances if not item.is_slang]
    measured = (*reading.identifiers, *reading.amounts, *reading.quantities, *reading.times)
    people = find_people(folded, [*measured, *plain]) if known is None else list(known.people)
    people = [person for person in people if MARK not in folded[person.start : person.end]]
    of_people = bytearray(len(folded))
    for person in people:
        of_people[person.start : person.end] = b"\x01" * (person.end - person.start)
    free = [item for item in reading.substances if item.supported]
    substances = tuple(item for item in free if of_people.find(1, item.start, item.end) < 0)
    if known is not None:
        substances = _with(substances, known.substances)
    belongings = find_belongings(folded, people, reading.identifiers)
    asides = sorted((*belongings, *_inexact(folded, reading)), key=lambda each: each.span)
    blank = list(folded)
    for found in (*people, *measured, *substances, *asides):
        blank[found.start : found.end] = _BLANK * (found.end - found.start)
    words = find_words("".join(blank))
    whole = Clause(
        start=0,
        end=len(folded),
        groups=tuple(_groups(folded, people, belongings, words)),
        words=tuple(words),
        substances=substances,
        quantities=reading.quantities,
        amounts=reading.amounts,
        times=reading.times,
        places=tuple(_places(folded, of_people)),
        asides=tuple(asides),
    )
    return Parsed(
        text=folded,
        reading=reading,
        people=tuple(people),
        substances=substances,
        belongings=belongings,
        sentences=tuple(_Cut(folded, whole).sentences()),
    )


def _with(found: Sequence[FoundSubstance], more: Sequence[FoundSubstance]) -> tuple[FoundSubstance, ...]:
    """The findings and those of the others that overlap none of them, in order."""
    taken = {place for each in found for place in range(each.start, each.end)}
    free = [each for each in more if taken.isdisjoint(range(each.start, each.end))]
    return tuple(sorted((*found, *free), key=lambda each: each.start))


def _places(text: str, of_people: bytearray) -> Iterator[FoundPlace]:
    """The places of the gazetteer that are no part of a name."""
    for start, end, code in regions.find_in(text):
        if of_people.find(1, start, end) < 0:
            yield FoundPlace(start=start, end=end, code=code)


def _inexact(text: str, reading: TextReading) -> Iterator[Found]:
    """What says of a time or an amount that it is not exact: 时间大概是6月 doubts no deed."""
    for when in reading.times:
        if lead := _ABOUT_WHEN.search(text, max(0, when.start - _LONGEST_LEAD), when.start):
            yield Found(start=lead.start(), end=when.start)
    for much in (*reading.amounts, *reading.quantities):
        if lead := _ABOUT_MUCH.search(text, max(0, much.start - _LONGEST_LEAD), much.start):
            yield Found(start=lead.start(), end=much.start)


class _Cut:
    """Cuts a text at its stops and pauses."""

    def __init__(self, text: str, whole: Clause) -> None:
        """`whole` has everything that was found in the text."""
        self.text, self.whole = text, whole
        self.inside = bytearray(len(text) + 1)
        for item in (*whole.groups, *whole.times):
            self.inside[item.start : item.end] = b"\x01" * (item.end - item.start)

    def sentences(self) -> Iterator[Sentence]:
        """The sentences in order; one without a word is left out."""
        start = 0
        for stop in [*_STOP.finditer(self.text), None]:
            end = stop.start() if stop else len(self.text)
            if stop and self.inside[end]:
                continue
            for left, right in self._bounded(start, end):
                clauses = tuple(self._clauses(left, right))
                yield Sentence(start=left, end=right, clauses=clauses, stop=stop[0] if stop else "")
            start = stop.end() if stop else end

    def _bounded(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """A stretch in parts that are no longer than a sentence may be, cut at pauses where there are any."""
        while end - start > _LONGEST:
            pauses = list(_PAUSE.finditer(self.text, start + _LONGEST // 2, start + _LONGEST))
            cut = pauses[-1].end() if pauses else start + _LONGEST
            yield start, cut
            start = cut
        if end > start:
            yield start, end

    def _clauses(self, start: int, end: int) -> Iterator[Clause]:
        at = start
        for pause in [*_PAUSE.finditer(self.text, start, end), None]:
            to = pause.start() if pause else end
            if pause and self.inside[to]:
                continue
            if to > at:
                yield self._clause(at, to)
            at = pause.end() if pause else to

    def _clause(self, start: int, end: int) -> Clause:
        whole = self.whole
        return Clause(
            start=start,
            end=end,
            groups=_within(whole.groups, start, end),
            words=_within(whole.words, start, end),
            substances=_within(whole.substances, start, end),
            quantities=_within(whole.quantities, start, end),
            amounts=_within(whole.amounts, start, end),
            times=_within(whole.times, start, end),
            places=_within(whole.places, start, end),
            asides=_within(whole.asides, start, end),
        )


def _within(items: Sequence[_Item], start: int, end: int) -> tuple[_Item, ...]:
    """Those of the items (in order) that begin in a stretch of text."""
    first = bisect_left(items, start, key=lambda item: item.start)
    last = bisect_left(items, end, lo=first, key=lambda item: item.start)
    return tuple(items[first:last])


def _groups(
    text: str, people: Sequence[FoundPerson], belongings: Sequence[Belonging], words: Sequence[Word]
) -> list[Group]:
    """The people in rows, without the other names that only explain a name."""
    begins = {word.start: word for word in words}
    ends = {word.end: word for word in words}
    reach = _reaches(text, people, belongings)
    groups: list[Group] = []
    for index in sorted(reach, key=lambda each: reach[each]):
        start, end = reach[index]
        last = groups[-1] if groups else None
        room = last is not None and len(last.members) < _MOST_IN_A_ROW
        if last is not None and room and _joined(last.end, start, begins, end):
            groups[-1] = Group(
                start=last.start,
                end=end,
                members=(*last.members, index),
                before=last.before,
                after=begins.get(end),
                plural=True,
            )
            continue
        said = text[people[index].start : people[index].end]
        groups.append(
            Group(
                start=start,
                end=end,
                members=(index,),
                before=_word_before(text, start, ends),
                after=begins.get(end),
                plural=said.startswith(_PLURAL),
            )
        )
    return groups


def _reaches(
    text: str, people: Sequence[FoundPerson], belongings: Sequence[Belonging]
) -> dict[int, tuple[int, int]]:
    """Of each person that is no other name of another: where the naming begins and ends with those.

    Their numbers belong to it where they stand in brackets.
    """
    at = {person.span: index for index, person in enumerate(people)}
    reach = {index: person.span for index, person in enumerate(people) if person.alias_of not in at}
    more: list[tuple[int, Found]] = [(at[each.alias_of], each) for each in people if each.alias_of in at]
    more += [(each.person, each) for each in belongings]
    for index, item in sorted(more, key=lambda each: each[1].start):
        other_name_of = people[index].alias_of
        owner = index if other_name_of is None else at.get(other_name_of, index)
        if owner not in reach:
            continue
        start, end = reach[owner]
        close = item.end
        closing = _CLOSES + _COMMAS if text.startswith(tuple(_COMMAS), end) else _CLOSES
        while close < len(text) and text[close] in closing:
            close += 1
        reach[owner] = (min(start, item.start), max(end, close))
    return reach


def _joined(left: int, right: int, begins: dict[int, Word], end: int) -> bool:
    """Whether only a word for "and" stands between two people; 跟 and 同 only before 一起."""
    word = begins.get(left)
    if word is None or "and" not in word.roles or word.end != right:
        return False
    after = begins.get(end)
    return word.text not in ("跟", "同") or (after is not None and "together" in after.roles)


def _word_before(text: str, start: int, ends: dict[int, Word]) -> Word | None:
    """The word that a name goes with, past what only introduces the name."""
    called = _CALLED.search(text, max(0, start - 4), start) is not None
    for _ in range(_MOST_BETWEEN):
        word = ends.get(start)
        if word is not None and "title" in word.roles:
            start = word.start
            continue
        if word is not None and word.text not in ("了", "过") and not (called and "called" in word.roles):
            return word
        skipped = _SKIPPED.search(text, max(0, start - 5), start)
        if skipped is None:
            return None
        start = skipped.start()
        called = False
    return None
