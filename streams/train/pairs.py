"""The pairs of people and drugs of made tips with their clues, and with what the tips say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

import numpy as np
from msgspec import Struct

from streams.text.clauses import parse
from streams.text.findings import FoundPerson
from streams.text.reader.mentions import Mention
from streams.text.reader.symbols import Array
from streams.text.tips.clues import deal_clues, status_clues
from streams.text.tips.judge import pairs_of
from streams.text.tips.people import known
from streams.text.tips.reader import ReadByRules, read_by_rules
from streams.text.tips.scene import DRUG, PERSON, Thing
from streams.train.written import Said, WrittenTip


class Numbered:
    """Gives each clue a number, in order of appearance: sets of strings would fill the memory."""

    def __init__(self) -> None:
        self.number: dict[str, int] = {}

    def of(self, clues: Iterable[str]) -> Array:
        """The numbers of clues, ascending."""
        number = self.number
        return np.array(
            sorted(number.setdefault(clue, len(number)) for clue in sorted(clues)), dtype=np.int64
        )


class Row(Struct, frozen=True):
    """Two things of a text, the numbers of their clues, and what the text says of them: kind → status.

    `certain` is how sure it is that both are named there.
    """

    text: str
    of_people: bool
    clues: Array
    status_clues: Array
    says: Mapping[str, str]
    certain: float

    def tells(self, kind: str) -> bool:
        """Whether the text says so, as a fact or otherwise; `delivery` is a sale or a supply."""
        kinds = ("sold_to", "supplied") if kind == "delivery" else (kind,)
        return not self.says.keys().isdisjoint(kinds)

    def states_delivery(self) -> bool:
        """Whether the text says as a fact that the one supplied the other."""
        return any(self.says.get(kind) == "asserted" for kind in ("sold_to", "supplied"))


def rows_of(tip: WrittenTip, found: Sequence[Mention], numbered: Numbered) -> Iterator[Row]:
    """The pairs of a text with the people and drugs that a tagger found in it."""
    by_rules = read_by_rules(tip.text)
    first = by_rules.parsed
    read = ReadByRules(parse(first.text, first.reading, known(first, by_rules.deals, found)))
    parsed, same = read.parsed, read.same
    letters: dict[Thing, set[str]] = {}
    for place, person in enumerate(parsed.people):
        if person.kind != "pronoun":
            letters.setdefault((PERSON, same[place]), set()).update(_letters(tip, person))
    for place, drug in enumerate(parsed.substances):
        letters.setdefault((DRUG, place), set()).add(tip.text[drug.start : drug.end])
    for scene in read.scenes():
        for pair in pairs_of(scene):
            yield Row(
                text=tip.text,
                of_people=pair.two[0] == PERSON,
                clues=numbered.of(deal_clues(scene, pair.one, pair.two, pair.near)),
                status_clues=numbered.of(status_clues(scene, pair.one, pair.two, pair.near[0])),
                says=_says(tip.says, letters[pair.one], letters[pair.two]),
                certain=_certain(read, pair.one) * _certain(read, pair.two),
            )


def _letters(tip: WrittenTip, person: FoundPerson) -> set[str]:
    """Who stands there by the marks."""
    return {
        letter
        for mention, letter in zip(tip.mentions, tip.letters, strict=True)
        if mention.kind == "person" and mention.start < person.end and person.start < mention.end
    }


def _says(says: Sequence[Said], ones: set[str], others: set[str]) -> dict[str, str]:
    return {each.kind: each.status for each in says if each.one in ones and each.other in others}


def _certain(read: ReadByRules, thing: Thing) -> float:
    return read.certain[cast("int", thing[1])] if thing[0] == PERSON else 1.0
