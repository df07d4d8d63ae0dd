"""Deals out of the free text of tips, by rules: who sold what to whom, when, for how much, how surely.

Choose this for what people write and say themselves. Every relation names the places it was read at,
a score and the rule that found it. Denied, planned, asked or heard deals are read too and say so:
only asserted ones are statements of the text. Takes time linear in the length of the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from streams.text.belongings import Belonging
from streams.text.clauses import parse
from streams.text.events import Act, RelationKind, acts_of
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
from streams.text.fold import fold
from streams.text.plain import is_plain
from streams.text.reader.mentions import Reason
from streams.text.references import Cast
from streams.text.setting import has_part
from streams.text.spans import read_text
from streams.text.status import Status, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.text.clauses import Clause, Group, Parsed, Sentence

_MOST_PAIRS = 64
"""Of rows on both sides; a sentence that names more pairs of people tells of no single deals."""


class Deal(Found, frozen=True, kw_only=True):
    """Something a text says of two of its mentions; `start` and `end` are the clause it says it in.

    `subject` and `object` are places in `people`, `object` one in `substances` for `trafficked` and
    `possessed`. A delivery's subject is the supplier, a payment's the payer. `plain` where it may be believed
    without a reader: other asserted deals may be denied or another's in words no list has. `rule` is the rule
    that read it, `reasons` are what weighed most where it was judged.
    """

    kind: RelationKind
    subject: int
    object: int
    status: Status
    score: float
    rule: str = ""
    plain: bool = False
    reasons: tuple[Reason, ...] = ()
    substance: FoundSubstance | None = None
    quantity: FoundQuantity | None = None
    amount: FoundAmount | None = None
    time: FoundTime | None = None
    place: FoundPlace | None = None


class DealReading(Struct, frozen=True, kw_only=True):
    """The people and goods of a text and what it says of them.

    `same` has for each of the people the place of the first mention of the same person; `belongings` says
    whose numbers are named.
    """

    people: tuple[FoundPerson, ...]
    same: tuple[int, ...]
    substances: tuple[FoundSubstance, ...]
    belongings: tuple[Belonging, ...]
    deals: tuple[Deal, ...]


def read_deals(text: str, reading: TextReading | None = None) -> DealReading:
    """What a text says of deals between people; `reading` is `read_text` of it, where it is known.

    >>> text = "听说阿强把5克冰毒卖给陈某某。王小明没有卖给他"
    >>> reading = read_deals(text)
    >>> [(d.kind, text[slice(*reading.people[d.subject].span)], d.status, d.rule) for d in reading.deals
    ...  if d.kind == "sold_to"]
    [('sold_to', '阿强', 'hearsay', 'sells to'), ('sold_to', '王小明', 'denied', 'sells to')]
    """
    parsed = parse(fold(text), reading or read_text(text))
    return reading_of(parsed, *deals_of(parsed))


def reading_of(parsed: Parsed, same: tuple[int, ...], deals: tuple[Deal, ...]) -> DealReading:
    """A parsed text with who of its people are the same, and with deals, whoever read them."""
    return DealReading(
        people=parsed.people,
        same=same,
        substances=parsed.substances,
        belongings=parsed.belongings,
        deals=deals,
    )


def deals_of(parsed: Parsed) -> tuple[tuple[int, ...], tuple[Deal, ...]]:
    """Who of a parsed text's people are the same (see `DealReading`), and the deals that the rules read."""
    reader = _Reader(parsed)
    deals = tuple(reader.read())
    return tuple(reader.cast.one(index) for index in range(len(parsed.people))), deals


class _Reader:
    """Goes through a text's clauses and remembers whom and what they were about."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed, self.cast = parsed, Cast(parsed)
        self.goods: FoundSubstance | None = None
        self.place = {item.span: index for index, item in enumerate(parsed.substances)}

    def read(self) -> Iterator[Deal]:
        """All deals in order; the same of the same people, as sure and as plain, once."""
        seen: set[tuple[str, int, int | str | None, Status, bool]] = set()
        for number in range(len(self.parsed.sentences)):
            for deal in self._sentence(number):
                same = self.cast.one(deal.subject), self._one_object(deal)
                key = (deal.kind, *same, deal.status, deal.plain)
                if key not in seen:
                    seen.add(key)
                    yield deal

    def _one_object(self, deal: Deal) -> int | str | None:
        if deal.kind in ("trafficked", "possessed"):
            return deal.substance.code if deal.substance else None
        return self.cast.one(deal.object)

    def _sentence(self, number: int) -> Iterator[Deal]:
        sentence = self.parsed.sentences[number]
        for clause in sentence.clauses:
            for act in acts_of(self.parsed.text, clause):
                yield from self._deals(number, sentence, clause, act)
            self._remember(clause)

    def _remember(self, clause: Clause) -> None:
        for group in clause.groups:
            self.cast.saw(group)
        if clause.groups and not has_part(clause.groups[0]):
            self.cast.about(clause.groups[0])
        if clause.substances:
            self.goods = clause.substances[-1]

    def _deals(self, number: int, sentence: Sentence, clause: Clause, act: Act) -> Iterator[Deal]:
        goods = act.goods or self._carried_goods(sentence, act)
        goes_on = self._goes_on(sentence, act)
        status = status_of(self.parsed.sentences, number, clause, act.deed, goes_on=goes_on)
        plain = is_plain(self.parsed, number, clause, act)
        for subject, target in self._pairs(clause, act, goods):
            yield Deal(
                start=clause.start,
                end=clause.end,
                kind=act.kind,
                subject=subject,
                object=target,
                status=status,
                score=self._score(subject, target, act),
                rule=act.rule,
                plain=plain,
                substance=goods,
                quantity=nearest(clause, sentence, "quantities", act.deed.start),
                amount=nearest(clause, sentence, "amounts", act.deed.start),
                time=nearest(clause, sentence, "times", act.deed.start),
                place=nearest(clause, sentence, "places", act.deed.start),
            )

    def _goes_on(self, sentence: Sentence, act: Act) -> bool:
        """Whether nobody is named in the sentence before the deed: it goes on about somebody before."""
        groups = (group for clause in sentence.clauses for group in clause.groups)
        first = next(groups, None)
        if first is None or first.start > act.deed.start:
            return True
        return self.cast.is_pronoun(first.members[0])

    def _carried_goods(self, sentence: Sentence, act: Act) -> FoundSubstance | None:
        """The goods spoken of last, else the next in the sentence, where a deed names none itself."""
        if not act.needs_goods:
            return None
        if self.goods is not None:
            return self.goods
        return next((each for clause in sentence.clauses for each in clause.substances), None)

    def _pairs(self, clause: Clause, act: Act, goods: FoundSubstance | None) -> list[tuple[int, int]]:
        if act.to is None and act.kind in ("trafficked", "possessed"):
            place = None if goods is None else self.place.get(goods.span)
            return [] if place is None else [(one, place) for one in self._doers(act.acting, ())]
        others = act.to.members if act.to else ()
        doers = self._doers(act.acting, others)
        to = self.cast.meant(act.to, doers, acts=False) if act.to else self._doers(None, doers)
        if any("each" in word.roles for word in clause.words) and len(doers) == len(to):
            return list(zip(doers, to, strict=True))
        pairs = [(one, two) for one in doers for two in to if self.cast.one(one) != self.cast.one(two)]
        return pairs if len(pairs) <= _MOST_PAIRS else []

    def _doers(self, group: Group | None, others: Sequence[int]) -> tuple[int, ...]:
        """Who does it; whoever the clause before was about where this one names nobody."""
        if group is not None:
            return self.cast.meant(group, others)
        barred = {self.cast.one(each) for each in others}
        return tuple(each for each in self.cast.topic if self.cast.one(each) not in barred)

    def _score(self, subject: int, target: int, act: Act) -> float:
        score = self.parsed.people[subject].score
        if act.kind not in ("trafficked", "possessed"):
            score = min(score, self.parsed.people[target].score)
        return round(score * (0.95 if act.acting is not None else 0.8), 2)


def nearest(clause: Clause, sentence: Sentence, what: str, at: int) -> Any:
    """The finding of this sort nearest to a place in its clause, else the first of the sentence's."""
    own = getattr(clause, what)
    if own:
        return min(own, key=lambda item: abs(item.start - at))
    return next((item for each in sentence.clauses for item in getattr(each, what)), None)
