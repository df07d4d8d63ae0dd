"""People as a text names them: in full, masked, by nickname or surname alone, or by a pronoun.

Precise before complete: a surname begins many words (时间, 高兴), so what follows it is a name only
where its characters are ones that people are called by and both its ends stand beside something a
name may stand beside: punctuation, a word of the grammar, a number, another name. The best set of
names without overlaps is chosen for the whole text, in time linear in its length.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from schemas.reference import regions, surnames
from streams.text.findings import FoundPerson
from streams.text.name_words import name_words
from streams.text.nicknames import (
    NICKNAME_FORM,
    find_masked,
    find_nicknames,
    find_pronouns,
    paired_with_names,
)
from streams.text.words import find_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.text.findings import Found

_LEFT = frozenset("，。、；：！？!?,.;:()（）[]【】“”\"'‘’「」《》<>…~-— \t\r\n\u3000/|")
_SURE, _GOOD, _FAIR, _BAD = 3.5, 2.0, 1.0, -2.5
_LEAST = 2.5
_TO_PEOPLE = frozenset(("to", "from", "for", "by", "causes", "boss", "shelter", "hires"))
"""Words that people follow: behind one of them little need speak for a name on its other side."""
_PLACE_ENDS = frozenset("镇村街寺县市区乡屯")
_LONGEST_PART = 6
"""Characters of a name before or after a dot."""
_MOST_NAMES = 32
"""Names that are looked for again in the rest of a text; a tip has a handful."""


class _Candidate(NamedTuple):
    start: int
    end: int
    score: float
    rule: str


class _Surroundings:
    """What stands where in a text: places that are taken, and where words begin and end."""

    def __init__(self, text: str, taken: Iterable[Found]) -> None:
        self.text, self.words = text, name_words()
        self.busy = bytearray(len(text))
        self.begins: set[int] = set()
        self.ends: set[int] = {0}
        self.leads: set[int] = set()  # ends of words that people follow
        self.edges: set[int] = set()  # of findings and of words of several characters
        self.places = bytearray(len(text))
        for start, end, _ in regions.find_in(text):
            self.places[start:end] = b"\x01" * (end - start)
        for item in taken:
            self.busy[item.start : item.end] = b"\x01" * (item.end - item.start)
            self.begins.add(item.start)
            self.ends.add(item.end)
            self.edges.update(item.span)
        for word in find_words(text):
            self.begins.add(word.start)
            self.ends.add(word.end)
            if len(word.text) > 1:
                self.edges.update((word.start, word.end))
            if word.roles & _TO_PEOPLE or word.text.endswith("给"):
                self.leads.add(word.end)

    def left(self, at: int) -> float:
        """How well a name may begin here, by what stands before."""
        if at in self.leads:
            return _SURE
        if at in self.ends or self.text[at - 1] in _LEFT:
            return _GOOD
        before = self.text[at - 1]
        if before in self.words.before:
            return _FAIR
        return _FAIR if not "\u4e00" <= before <= "\u9fff" else _BAD

    def right(self, at: int) -> float:
        """How well a name may end here, by what stands behind."""
        if at >= len(self.text) or at in self.begins or self.text[at] in _LEFT:
            return _GOOD
        after = self.text[at]
        if after in self.words.behind:
            return _FAIR
        if after in _PLACE_ENDS:
            return 2 * _BAD
        if surnames.share(after) >= 1:
            return 0.0  # another name without a comma between
        return _FAIR if not "\u4e00" <= after <= "\u9fff" else _BAD


@cache
def _family_begins() -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted({name[0] for name in name_words().families}))}]")


def find_people(text: str, taken: Iterable[Found]) -> list[FoundPerson]:
    """The people of a folded text, in order of place, outside the places taken by other findings.

    >>> text = "时间大概是6月，老王和欧阳小满把货卖给陈某某，他说"
    >>> [(text[slice(*found.span)], found.kind) for found in find_people(text, [])]
    [('老王', 'nickname'), ('欧阳小满', 'name'), ('陈某某', 'masked'), ('他', 'pronoun')]
    """
    around = _Surroundings(text, taken)
    sure = [*find_masked(text, around.right), *find_nicknames(text, around.left, around.right)]
    kinds = {(item.start, item.end): item for item in sure}
    candidates = [
        _Candidate(item.start, item.end, item.score * (6 if item.rule == NICKNAME_FORM else 10), item.rule)
        for item in sure
    ]
    candidates += _names(around)
    chosen = _best([each for each in candidates if around.busy.find(1, each.start, each.end) < 0])
    people = [
        kinds.get((each.start, each.end))
        or FoundPerson(start=each.start, end=each.end, kind="name", score=_score(each), rule=each.rule)
        for each in chosen
    ]
    people = _again(around, people)
    people += find_pronouns(text, [(each.start, each.end) for each in people])
    people.sort(key=lambda item: item.start)
    return paired_with_names(text, people)


def _score(candidate: _Candidate) -> float:
    return round(min(0.99, 0.5 + candidate.score / 14), 2)


def _names(around: _Surroundings) -> list[_Candidate]:
    found = []
    for match in _family_begins().finditer(around.text):
        at = match.start()
        if around.places[at]:
            continue
        left = around.left(at)
        for family in (around.text[at : at + 2], around.text[at]):
            if family in around.words.families:
                found += _given_to(around, at, family, left)
    found += _dotted(around)
    return found


def _given_to(around: _Surroundings, at: int, family: str, left: float) -> list[_Candidate]:
    """Names of a family that begin here, with one or two given characters."""
    text, found = around.text, []
    if text[at : at + 2] in around.words.not_names:
        return []
    weight = _family_weight(family)
    for size in (1, 2):
        end = at + len(family) + size
        given = text[at + len(family) : end]
        if len(given) < size or not all(map(_may_be_given, given)):
            break
        if given[-1] in _PLACE_ENDS:
            continue  # 那大镇: who is called so is left out for the towns that are
        score = weight + sum(map(_given_weight, given)) / size + left + around.right(end)
        if size == 2:
            score += 0.6  # the longer of two that fit as well: five in six have two given characters
        if score >= _LEAST:
            found.append(_Candidate(at, end, score, "surname and given name"))
    return found


def _may_be_given(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" and char not in name_words().never_given


@cache
def _family_weight(family: str) -> float:
    if len(family) > 1:
        return 1.5
    share = surnames.share(family)
    return (1.0 if share >= 1 else 0.3 if share >= 0.3 else -0.7) - 0.4 * (family in name_words().doubtful)


@cache
def _listed() -> frozenset[str]:
    return frozenset(surnames.given_chars())


@cache
def _given_weight(char: str) -> float:
    share = surnames.given_share(char)
    return 1.0 if share >= 1 else 0.6 if share >= 0.3 else 0.3 if char in _listed() else -0.7


def _dotted(around: _Surroundings) -> list[_Candidate]:
    """买买提·艾力: a given name and a father's, each as far as its characters transcribe names."""
    found = []
    for dot in re.finditer("·", around.text):
        left, right = _transcribed(around, dot.start())
        if dot.start() - left >= 2 and right - dot.end() >= 2:
            found.append(_Candidate(left, right, 9.0, "two names joined by a dot"))
    return found


def _transcribed(around: _Surroundings, dot: int) -> tuple[int, int]:
    """How far names reach to both sides of a dot: as long as no word of the grammar begins."""
    text, chars = around.text, around.words.transcribed
    left, right = dot, dot + 1
    while left > max(0, dot - _LONGEST_PART) and text[left - 1] in chars and left not in around.edges:
        left -= 1
    while right < min(len(text), dot + 1 + _LONGEST_PART) and text[right] in chars:
        if right > dot + 2 and right in around.edges:
            break
        right += 1
    return left, right


def _best(candidates: list[_Candidate]) -> list[_Candidate]:
    """The candidates without overlaps whose scores have the largest sum."""
    candidates.sort(key=lambda each: (each.end, each.start, -each.score))
    ends = [each.end for each in candidates]
    best: list[tuple[float, int, bool]] = [(0.0, -1, False)]  # sum, where to go on, whether taken
    for number, each in enumerate(candidates):
        before = bisect_left(ends, each.start + 1, hi=number)
        taken = best[before][0] + each.score
        kept = best[number][0]
        best.append((taken, before, True) if taken > kept else (kept, number, False))
    chosen = []
    at = len(candidates)
    while at > 0:
        _, onward, taken_here = best[at]
        if taken_here:
            chosen.append(candidates[at - 1])
        at = onward
    return chosen[::-1]


def _again(around: _Surroundings, people: list[FoundPerson]) -> list[FoundPerson]:
    """Adds the places where a name stands once more with less around it to know it by."""
    text, taken = around.text, around.busy[:]
    for each in people:
        taken[each.start : each.end] = b"\x01" * (each.end - each.start)
    known = {text[each.start : each.end]: each for each in people if each.end - each.start > 2}
    more = []
    for name in sorted(known, key=len, reverse=True)[:_MOST_NAMES]:
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if taken.find(1, at, end) < 0:
                taken[at:end] = b"\x01" * len(name)
                kind = known[name].kind
                more.append(FoundPerson(start=at, end=end, kind=kind, score=0.9, rule="named before"))
            at = text.find(name, end)
    return people + more
