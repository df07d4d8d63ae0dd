"""Who is meant: other names, names said again, and pronouns resolved within the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.text.clauses import Group, Parsed


class Cast:
    """The people of one text: which mentions are one person, and whom a pronoun means.

    Two mentions are one where one is said to be another name of the other, or both are the same words.
    A pronoun stands for whom the clause before was about, or behind a deed for whoever was named last.
    """

    def __init__(self, parsed: Parsed) -> None:
        self.people = parsed.people
        self._same = list(range(len(self.people)))
        self._words = [parsed.text[each.start : each.end] for each in self.people]
        first: dict[str, int] = {}
        for index, person in enumerate(self.people):
            if person.kind != "pronoun":
                self._unite(first.setdefault(self._words[index], index), index)
        at = {person.span: index for index, person in enumerate(self.people)}
        for index, person in enumerate(self.people):
            if person.alias_of in at:
                self._unite(at[person.alias_of], index)
        self.topic: tuple[int, ...] = ()
        self._pair: tuple[int, ...] = ()

    def one(self, index: int) -> int:
        """The first mention of the person of a mention."""
        while self._same[index] != index:
            self._same[index] = self._same[self._same[index]]
            index = self._same[index]
        return index

    def _unite(self, left: int, right: int) -> None:
        one, two = sorted((self.one(left), self.one(right)))
        self._same[two] = one

    def is_pronoun(self, index: int) -> bool:
        """Whether a mention is a pronoun."""
        return self.people[index].kind == "pronoun"

    def about(self, group: Group) -> None:
        """A clause speaks of these people: a pronoun at the beginning of the next means them."""
        self.topic = self.meant(group)
        self.saw(group)

    def saw(self, group: Group) -> None:
        """These people were named; 二人 may mean them, where they are several."""
        if len(group.members) > 1:
            self._pair = group.members

    def meant(self, group: Group, others: Iterable[int] = (), *, acts: bool = True) -> tuple[int, ...]:
        """The mentions by name that a group means; `others` are people it cannot mean."""
        found: list[int] = []
        for index in group.members:
            if not self.is_pronoun(index):
                found.append(index)
            elif group.plural and len(group.members) == 1:
                found += self._several(index)
            else:
                found += self._single(index, {self.one(each) for each in others}, acts=acts)
        return tuple(dict.fromkeys(found))

    def _several(self, index: int) -> Sequence[int]:
        if self._pair and self._pair[-1] < index:
            return self._pair
        named = self._named_before(index)
        return named[-2:] if self._words[index][0] in "二两他她" else named[-1:]

    def _single(self, index: int, others: set[int], *, acts: bool) -> Sequence[int]:
        if acts and len(self.topic) == 1 and self.one(self.topic[0]) not in others:
            return self.topic
        named = [each for each in self._named_before(index) if self.one(each) not in others]
        return named[-1:]

    def _named_before(self, index: int) -> list[int]:
        """The latest few people by name before a mention, each once, in order."""
        found: dict[int, int] = {}
        for each in range(index - 1, max(-1, index - 12), -1):
            if not self.is_pronoun(each):
                found.setdefault(self.one(each), each)
        return sorted(found.values())
