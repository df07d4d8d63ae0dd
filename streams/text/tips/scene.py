"""A tip as the judge of its deals sees it: one sign for each person, drug, number, amount and time.

What stands between, before and behind two people is then the same for all who are said to do the same.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from streams.text.words import Word, find_words

if TYPE_CHECKING:
    from streams.text.findings import Found, TextReading

PERSON, DRUG = "人", "毒"
_SIGNS = str.maketrans(
    {
        "，": ",",
        "；": ";",
        "。": ".",
        "！": ".",
        "!": ".",
        "？": "?",
        "：": ":",
        "（": "(",
        "）": ")",
        "\n": ".",
    }
)
_PRONOUN = re.compile(r"该人|此人|[这那]个?人(?!家)|[他她](?![们人])|其(?![实他中它余次间])")
_MOST_ROLES = 3
_FARTHEST = 90
_OF_PRONOUN = 15
"""Signs by which a place with a pronoun counts as farther away: whom it means is a guess."""
_NEAREST = 3
_BLANK = "\0"


class Named(NamedTuple):
    """A place in a text with the one who, or that which, is named there."""

    start: int
    end: int
    one: Hashable


Thing = tuple[str, Hashable]
"""PERSON or DRUG, and who or what."""


class Telling(NamedTuple):
    """What a rule reads: a kind of deed, who does it to whom, how surely, and whether plainly."""

    kind: str
    subject: Hashable
    object: Hashable
    status: str
    plain: bool


class Source(NamedTuple):
    """A folded text with what becomes a sign in it, in order of place."""

    text: str
    spans: Sequence[tuple[int, int, str, Thing | None]]


class Scene:
    """The signs of a stretch of a folded text; `where` has the places of everybody and everything among them.

    `places` says where in the text each sign stands, `clause` and `sentence` number the signs, `word` has the
    words of the list where they begin.
    """

    def __init__(self, source: Source, stretch: tuple[int, int], tellings: Sequence[Telling] = ()) -> None:
        """`tellings` are what the rules read in the stretch."""
        self.tellings = tellings
        self.things: list[Thing | None] = []
        self.where: dict[Thing, list[int]] = {}
        self.places: list[tuple[int, int]] = []
        self.text = self._masked(source, *stretch)
        self.pronouns = self._resolve()
        self.clause, self.sentence = _numbered(self.text)
        plain = "".join(_BLANK if thing else sign for sign, thing in zip(self.text, self.things, strict=True))
        self.words = find_words(plain)
        self.word: list[Word | None] = [None] * len(self.text)
        for word in self.words:
            self.word[word.start] = word
        first = sorted((places[0], thing) for thing, places in self.where.items() if thing[0] == PERSON)
        self.rank = {thing: number for number, (_, thing) in enumerate(first)}

    def _masked(self, source: Source, at: int, stop: int) -> str:
        text, signs = source.text, list[str]()
        for start, end, sign, thing in source.spans:
            if start < at or end > stop:
                continue
            signs += self._plain(text, at, start)
            if thing is not None:
                self.where.setdefault(thing, []).append(len(signs))
            signs.append(sign)
            self.things.append(thing)
            self.places.append((start, end))
            at = end
        signs += self._plain(text, at, stop)
        return "".join(signs)

    def _plain(self, text: str, start: int, end: int) -> str:
        self.things += [None] * (end - start)
        self.places += [(at, at + 1) for at in range(start, end)]
        return text[start:end].translate(_SIGNS)

    def _resolve(self) -> frozenset[int]:
        """Takes each pronoun for whom its sentence, or else the one before, names first in another clause."""
        found = set()
        people = [(at, thing) for thing, places in self.where.items() for at in places if thing[0] == PERSON]
        people.sort()
        for match in _PRONOUN.finditer(self.text):
            one = _meant(self.text, people, match.start())
            if one is not None:
                found.add(match.start())
                self.where[one].append(match.start())
                self.things[match.start()] = one
        for places in self.where.values():
            places.sort()
        return frozenset(found)

    def near(self, subject: Thing, target: Thing) -> list[tuple[int, int]]:
        """The nearest places of two things, at most three pairs; none where they are far apart."""
        pairs = []
        for one in self.where[subject]:
            for two in self.where[target]:
                far = abs(one - two)
                if 0 < far <= _FARTHEST:
                    guessed = one in self.pronouns or two in self.pronouns
                    pairs.append((far + guessed * _OF_PRONOUN, one, two))
        return [(one, two) for _, one, two in sorted(pairs)[:_NEAREST]]

    def role(self, at: int) -> str:
        """What the word that begins at a sign may do in a clause; empty where none begins."""
        word = self.word[at]
        if word is None:
            return ""
        return "/".join(sorted(word.roles)) if len(word.roles) <= _MOST_ROLES else "many"


def spans_of(
    people: Sequence[Named], drugs: Sequence[Named], reading: TextReading
) -> list[tuple[int, int, str, Thing | None]]:
    """What becomes a sign, in order of place; people and drugs first where several things overlap."""
    spans: list[tuple[int, int, str, Thing | None]] = []
    for sign, all_named in ((PERSON, people), (DRUG, drugs)):
        spans += [(each.start, each.end, sign, (sign, each.one)) for each in all_named]
    others: tuple[tuple[Sequence[Found], str], ...] = (
        (reading.identifiers, "号"),
        (reading.amounts, "钱"),
        (reading.quantities, "量"),
        (reading.times, "时"),
    )
    taken = {place for start, end, _, _ in spans for place in range(start, end)}
    for found, sign in others:
        for each in found:
            own = range(each.start, each.end)
            if taken.isdisjoint(own):
                taken.update(own)
                spans.append((each.start, each.end, sign, None))
    return sorted(spans, key=lambda span: span[:2])


def _meant(text: str, people: Sequence[tuple[int, Thing]], at: int) -> Thing | None:
    start = max(text.rfind(".", 0, at), text.rfind("?", 0, at)) + 1
    clause = max(text.rfind(",", 0, at), start - 1) + 1
    before = max(text.rfind(".", 0, max(0, start - 1)), 0)
    inside = [one for place, one in people if start <= place < clause]
    earlier = [one for place, one in people if before <= place < start]
    known = inside or earlier or [one for place, one in people if place < at]
    return known[0] if known else None


def _numbered(text: str) -> tuple[list[int], list[int]]:
    """For each sign the numbers of its clause and of its sentence."""
    clauses, sentences, clause, sentence = [], [], 0, 0
    for sign in text:
        clauses.append(clause)
        sentences.append(sentence)
        clause += sign in ",;:.? "
        sentence += sign in ".?;"
    return clauses, sentences
