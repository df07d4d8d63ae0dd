"""Deeds that plain rules read from the words of a scene: who sold to whom, who was searched.

They are no relations yet, only clues for the model: rules err, and the model learns how far to believe them.
The subject of a clause is the first person in it that no preposition takes; without one, that of the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from streams.text.reader.scene import CODE

Deed = Literal["sold", "bought", "gave", "deal", "shelter", "supply", "used", "seized", "caught"]
DEEDS: tuple[Deed, ...] = (
    "sold", "bought", "gave", "deal", "shelter", "supply", "used", "seized", "caught",
)  # fmt: skip


class Event(NamedTuple):
    """A deed by the person of a token to the one of another (-1: nobody named); `bought` is told from the
    seller to the buyer. `carried` when the actor is the subject of an earlier clause."""

    deed: Deed
    actor: int
    other: int
    carried: bool


def _codes(*names: str) -> frozenset[int]:
    return frozenset(CODE[name] for name in names)


_PERSON, _GIVE = CODE["人"], CODE["交"]
_ENDS = _codes(",", ";", ".")
_PREPOSITIONS = _codes(
    "向", "从", "与", "由", "被", "在", "交", "容留", "帮", "卖", "到", "约", "联系", "查", "抓", "将",
)  # fmt: skip
_TITLES = _codes("被告", "客")
_TAKES_OBJECT = _codes("卖", "买", "交", "容留", "查", "抓", "供")
_VERBS = _TAKES_OBJECT | _codes("交易", "吸")
_TELLING = _VERBS | {_PERSON}
_GOODS = _codes(
    "毒", "量", "毒品", "钱", "疑", "(", ")", "客", "被告", "他", "他人", "多次", "等", "俗", "家", "剩",
)  # fmt: skip
_FREE = frozenset((0, CODE["由"]))
_BUYERS = _codes("向", "与", "将")
_SELLERS = _codes("向", "从", "在", "与", "约", "联系", "到")
_PARTNERS = _codes("与", "向")
_FELLOWS = _codes("与", "容留")
_SEARCHED = _codes("从", "在", "到", "被", "将")
_DEED_OF: dict[int, Deed] = {
    CODE["卖"]: "sold", CODE["买"]: "bought", CODE["交"]: "gave", CODE["交易"]: "deal",
    CODE["容留"]: "shelter", CODE["供"]: "supply", CODE["吸"]: "used",
    CODE["查"]: "seized", CODE["抓"]: "caught",
}  # fmt: skip
_NEAR_SOLD, _NEAR_GIVEN = 7, 4  # tokens behind the verb in which the receiver is looked for


def events(codes: Sequence[int]) -> tuple[list[Event], list[int]]:
    """The deeds that a sequence of codes tells, and the token of the subject at each token (-1: none)."""
    found: list[Event] = []
    subjects: list[int] = []
    subject, start = -1, 0
    while start < len(codes):
        end = start
        while end < len(codes) and codes[end] not in _ENDS:
            end += 1
        if not _TELLING.isdisjoint(codes[start:end]):
            clause = _Clause(codes, start, end, subject)
            subject = clause.subject
            found += clause.events()
        subjects += [subject] * (min(end + 1, len(codes)) - start)
        start = end + 1
    return found, subjects


class _Clause:
    """Tokens `start` to `end` without the pause that ends them, with the preposition of each person."""

    def __init__(self, codes: Sequence[int], start: int, end: int, before: int) -> None:
        self._codes, self._start, self._end = codes, start, end
        self._people = {
            place: self._preposition(place) for place in range(start, end) if codes[place] == _PERSON
        }
        self.subject = self._subject(before) if self._people else before

    def _preposition(self, place: int) -> int:
        at = place - 1
        while at >= self._start and self._codes[at] in _TITLES:
            at -= 1
        return self._codes[at] if at >= self._start and self._codes[at] in _PREPOSITIONS else 0

    def _subject(self, before: int) -> int:
        own = next((place for place, word in self._people.items() if word in _FREE), -1)
        if own < 0:
            return before if before >= 0 else next(iter(self._people))
        is_object = any(self._codes[at] in _TAKES_OBJECT for at in range(self._start, own))
        return before if is_object and before >= 0 else own

    def events(self) -> Iterator[Event]:
        if not self._people and self.subject < 0:
            return
        for verb in range(self._start, self._end):
            if self._codes[verb] in _VERBS:
                event = self._event(_DEED_OF[self._codes[verb]], verb)
                if event is not None:
                    yield event

    def _event(self, deed: Deed, verb: int) -> Event | None:
        if deed in ("seized", "caught"):
            who = next((p for p, word in self._people.items() if p < verb and word in _SEARCHED), -1)
            who = self._behind(verb) if who < 0 else who
            return Event(deed, self.subject if who < 0 else who, -1, who < 0)
        if deed == "bought":
            return self._purchase(verb)
        other = self._other(deed, verb)
        if deed == "gave" and other < 0:
            return None
        return Event(deed, *self._actor(verb, other)[:1], other, self._actor(verb, other)[1])

    def _other(self, deed: Deed, verb: int) -> int:
        if deed == "sold":
            behind = self._receiver(verb, _NEAR_SOLD)
            return self._before(verb, _BUYERS) if behind < 0 else behind
        if deed == "gave":
            return self._receiver(verb, _NEAR_GIVEN)
        if deed in ("shelter", "supply"):
            return self._behind(verb)
        return self._before(verb, _PARTNERS if deed == "deal" else _FELLOWS)

    def _purchase(self, verb: int) -> Event:
        seller = self._before(verb, _SELLERS)
        buyer, carried = self._actor(verb, seller)
        if seller < 0:
            seller = next((p for p in reversed(self._people) if p < verb and p != buyer), -1)
        return Event("bought", seller, buyer, carried)

    def _receiver(self, verb: int, near: int) -> int:
        for place in range(verb + 1, min(self._end, verb + near)):
            code = self._codes[place]
            if code == _PERSON:
                return place
            if code not in _GOODS and code != _GIVE:
                break
        return -1

    def _behind(self, verb: int) -> int:
        return next((place for place in self._people if place > verb), -1)

    def _before(self, verb: int, words: frozenset[int]) -> int:
        return next((p for p in reversed(self._people) if p < verb and self._people[p] in words), -1)

    def _actor(self, verb: int, other: int) -> tuple[int, bool]:
        for place in reversed(self._people):
            if place < verb and place != other and self._people[place] in _FREE:
                return place, False
        return (self.subject if self.subject != other else -1), True
