"""Reads a tip: who is named, and what the text says that they did, with a probability and its reasons.

People and drugs are found by a tagger, rules read the sentences, and a judge weighs both with the words
around. Takes any string, in time linear in its length; fetches nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, cast

from msgspec.structs import replace

from streams.text.clauses import Parsed, parse
from streams.text.deals import Deal, DealReading, deals_of, nearest, reading_of
from streams.text.findings import FoundSubstance, TextReading
from streams.text.fold import fold
from streams.text.reader.mentions import Mention, MentionKind
from streams.text.reader.tagger import Tagger
from streams.text.spans import read_text
from streams.text.status import DEEDS
from streams.text.tips.judge import DELIVERIES, OF_DRUGS, Judge, Verdict, as_sure_as_its_sale
from streams.text.tips.model import TipWeights, shipped
from streams.text.tips.people import known
from streams.text.tips.scene import Named, Scene, Source, Telling, spans_of
from streams.text.words import find_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.text.clauses import Clause, Sentence
    from streams.text.events import RelationKind
    from streams.text.status import Status

TIP_KINDS: tuple[MentionKind, ...] = ("person", "substance", "place", "venue", "organisation")
_PIECE = 1_500
_MOST_AT_ONCE = 100_000
"""Characters that are tagged together; a longer text stands alone."""
_BESIDE_RULES = 0.85
"""Probability from which a deal is told that rules did not read in a text of which they read others."""
_MOST_TELLINGS = 60
_MOST_PIECES = 40
"""Pieces of a text of which deals are read: what is longer is no tip of a citizen."""


class TipReading(NamedTuple):
    """What the rules found in a tip, what the tagger did, and what both say of its people."""

    reading: TextReading
    mentions: tuple[Mention, ...]
    deals: DealReading


class ByRules(NamedTuple):
    """A text parsed with the people whom the rules find, who of them are the same, and what they read."""

    parsed: Parsed
    same: tuple[int, ...]
    deals: tuple[Deal, ...]


def read_by_rules(text: str) -> ByRules:
    """How the rules alone read a text."""
    parsed = parse(fold(text), read_text(text))
    return ByRules(parsed, *deals_of(parsed))


class TipReader:
    """Reads tips by given weights."""

    def __init__(self, weights: TipWeights) -> None:
        self._tagger, self._judge = Tagger(weights.tagger, TIP_KINDS), Judge(weights.judge)
        self._sure = weights.judge.sure

    def read(self, text: str) -> TipReading:
        """What a tip says."""
        (told,) = self.read_all([text])
        return told

    def read_all(self, texts: Sequence[str]) -> Iterator[TipReading]:
        """What each tip says; many are tagged faster side by side."""
        return self.read_further(list(map(read_by_rules, texts)))

    def read_further(self, texts: Sequence[ByRules]) -> Iterator[TipReading]:
        """What each tip says of which is known how the rules alone read it."""
        for some in _by_size(texts):
            tagged = self._tagger.tag([each.parsed.text for each in some])
            for by_rules, mentions in zip(some, tagged, strict=True):
                yield self._told(by_rules, mentions)

    def _told(self, by_rules: ByRules, mentions: Sequence[Mention]) -> TipReading:
        first = by_rules.parsed
        read = ReadByRules(parse(first.text, first.reading, known(first, by_rules.deals, mentions)))
        judged = [
            _Deals(read, scene, self._sure).deal(verdict)
            for scene in read.scenes()
            for verdict in as_sure_as_its_sale(list(self._judge.verdicts(scene)))
        ]
        deals = _without_gifts(tuple(read.with_others(judged)))
        told = reading_of(read.parsed, read.same, tuple(deals))
        return TipReading(first.reading, tuple(mentions), told)


class ReadByRules:
    """A parsed text with what the rules read in it, as the judge is given it.

    `same` has for each of the people the place of the first mention of the same person, `certain` says by
    that place how sure it is that somebody is named.
    """

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.same, self.told = deals_of(parsed)
        self._told_by_key = {self._key(deal): deal for deal in reversed(self.told)}
        self.certain: dict[int, float] = {}
        for place, person in enumerate(parsed.people):
            one = self.same[place]
            self.certain[one] = max(self.certain.get(one, 0.0), person.score)

    def scenes(self) -> Iterator[Scene]:
        """The text as scenes of whole sentences, with people and drugs by their places in `parsed`."""
        parsed = self.parsed
        tellings = [
            (each.start, Telling(each.kind, *self.ends(each), each.status, each.plain))
            for each in self.told
            if each.kind not in OF_DRUGS
        ]
        first: dict[str, int] = {}
        drugs = []
        for place, drug in enumerate(parsed.substances):
            drugs.append(Named(*drug.span, first.setdefault(parsed.text[slice(*drug.span)], place)))
        people = [
            Named(*person.span, self.same[place])
            for place, person in enumerate(parsed.people)
            if person.kind != "pronoun"
        ]
        source = Source(parsed.text, spans_of(people, drugs, parsed.reading))
        for start, end in _stretches(parsed):
            told = [telling for at, telling in tellings if start <= at < end]
            yield Scene(source, (start, end), told[:_MOST_TELLINGS])

    def ends(self, deal: Deal) -> tuple[int, int]:
        """Who does what a rule read, and to whom or what."""
        return self.same[deal.subject], deal.object if deal.kind in OF_DRUGS else self.same[deal.object]

    def with_others(self, judged: Sequence[Deal]) -> Iterator[Deal]:
        """The rules' deals, and of the judged ones those of sentences in which the rules read none.

        Where rules read a sentence they err less: their word stands, also that something is no fact. What
        they pass over in a text that they can read is seldom a deal: the judge must be surer there.
        """
        same = {self._key(deal): deal for deal in judged}
        read = {self._sentence(deal.start) for deal in self.told}
        said = {(self._key(deal), deal.status): deal for deal in reversed(self.told)}
        for deal in reversed(said.values()):
            subject, target = self.ends(deal)
            beside = same.get(self._key(deal))
            judged_plain = beside is not None and beside.plain and deal.status == "asserted"
            plain = deal.plain or (judged_plain and deal.kind in DELIVERIES)
            reasons = beside.reasons if beside else ()
            yield replace(deal, subject=subject, object=target, plain=plain, reasons=reasons)
        known_ones = {key for key, _ in said}
        least = _BESIDE_RULES if self.told else 0.0
        for deal in judged:
            elsewhere = self._sentence(deal.end - 1) not in read and self._key(deal) not in known_ones
            if elsewhere and deal.score >= least:
                yield deal

    def _key(self, deal: Deal) -> tuple[str, int, int]:
        return _family(deal.kind), *self.ends(deal)

    def _sentence(self, at: int) -> int:
        return bisect_right(self.parsed.sentences, at, key=lambda each: each.start)

    def rule_for(self, verdict: Verdict) -> Deal | None:
        """The same deed as a rule read it, which knows its goods better; a sale and a supply are one here."""
        one, two = cast("int", verdict.one[1]), cast("int", verdict.two[1])
        return self._told_by_key.get((_family(verdict.kind), one, two))


class _Deals:
    """Makes deals of the verdicts on a scene, with their places in the text and what their clause says."""

    def __init__(self, read: ReadByRules, scene: Scene, sure: float) -> None:
        self.read, self.scene, self.sure = read, scene, sure

    def deal(self, verdict: Verdict) -> Deal:
        """The deal of a verdict."""
        parsed, rule = self.read.parsed, self.read.rule_for(verdict)
        left, right = sorted(self.scene.places[at] for at in verdict.at)
        subject, target = cast("int", verdict.one[1]), cast("int", verdict.two[1])
        sentence, clause = _place(parsed, right[0])
        of_drugs = verdict.kind in OF_DRUGS
        return Deal(
            start=left[0],
            end=right[1],
            kind=cast("RelationKind", verdict.kind),
            subject=subject,
            object=target,
            status=_least_sure(cast("Status", verdict.status), rule),
            score=verdict.score,
            rule=rule.rule if rule else "",
            reasons=verdict.reasons,
            plain=not of_drugs and self._is_plain(verdict, rule),
            substance=parsed.substances[target] if of_drugs else _goods(parsed, sentence, right[0], rule),
            quantity=nearest(clause, sentence, "quantities", left[1]),
            amount=nearest(clause, sentence, "amounts", left[1]),
            time=nearest(clause, sentence, "times", left[1]),
            place=nearest(clause, sentence, "places", left[1]),
        )

    def _is_plain(self, verdict: Verdict, rule: Deal | None) -> bool:
        """Whether judge and tagger are sure enough together, or the rules understood the whole sentence."""
        if _least_sure(cast("Status", verdict.status), rule) != "asserted":
            return False
        certain = (
            self.read.certain[cast("int", verdict.one[1])] * self.read.certain[cast("int", verdict.two[1])]
        )
        understood = rule is not None and rule.plain
        return understood or verdict.score * verdict.stated * certain >= self.sure


@cache
def shipped_reader() -> TipReader:
    """The reader that comes with the package, made once."""
    return TipReader(shipped())


def read_tip(text: str) -> DealReading:
    """What a tip says, by the model that comes with the package.

    >>> found = read_tip("我们小区的阿强前天把两包冰毒塞给了陈大勇，我看见的")
    >>> [(deal.kind, deal.status) for deal in found.deals]
    [('supplied', 'asserted')]
    """
    (told,) = read_tips([text])
    return told


def read_tips(texts: Sequence[str]) -> list[DealReading]:
    """What each tip says: by rules alone where no goods are spoken of or they understood it all.

    The others are tagged side by side, which takes a third of the time.
    """
    read: dict[str, DealReading] = {}
    left: dict[str, ByRules] = {}
    for text in dict.fromkeys(texts):
        by_rules = read_by_rules(text)
        if _speaks_of_goods(by_rules.parsed) and not _is_understood(by_rules.parsed, by_rules.deals):
            left[text] = by_rules
        else:
            read[text] = reading_of(*by_rules)
    if left:
        told = shipped_reader().read_further(list(left.values()))
        read.update((text, each.deals) for text, each in zip(left, told, strict=True))
    return [read[text] for text in texts]


def _is_understood(parsed: Parsed, deals: Sequence[Deal]) -> bool:
    """Whether the rules understood every sentence that tells of a deed to its last word: nothing is left to
    judge then."""
    starts = [each.start for each in parsed.sentences]
    plain = {bisect_right(starts, deal.start) for deal in deals if deal.plain and deal.status == "asserted"}
    return bool(plain) and not any(
        word.roles & DEEDS
        for number, sentence in enumerate(parsed.sentences, 1)
        if number not in plain
        for clause in sentence.clauses
        for word in clause.words
    )


def _speaks_of_goods(parsed: Parsed) -> bool:
    """Whether a text names a drug, or goods and something done with them: only then can it tell of a deal."""
    if parsed.reading.substances:
        return True
    roles = {role for word in find_words(parsed.text) for role in word.roles}
    return "goods" in roles and not roles.isdisjoint(DEEDS)


def _by_size(texts: Sequence[ByRules]) -> Iterator[Sequence[ByRules]]:
    """The texts in groups, so that those of a large batch do not fill the memory together."""
    first = size = 0
    for number, each in enumerate(texts):
        if size and size + len(each.parsed.text) > _MOST_AT_ONCE:
            yield texts[first:number]
            first, size = number, 0
        size += len(each.parsed.text)
    yield texts[first:]


def _without_gifts(deals: Sequence[Deal]) -> Iterator[Deal]:
    """The deals; who is only said to hand over, and of no sale, is not taken for a trader by the judge."""
    sellers = {deal.subject for deal in deals if deal.kind == "sold_to"}
    givers = {deal.subject for deal in deals if deal.kind == "supplied"} - sellers
    return (deal for deal in deals if deal.kind != "trafficked" or deal.rule or deal.subject not in givers)


def _family(kind: str) -> str:
    """The kind of a deed; a sale and a supply are one."""
    return "supplied" if kind in DELIVERIES else kind


def _least_sure(status: Status, rule: Deal | None) -> Status:
    """As the judge has it, but no fact where a rule reads that it is none."""
    return rule.status if rule is not None and status == "asserted" else status


def _stretches(parsed: Parsed) -> Iterator[tuple[int, int]]:
    """Where pieces begin and end: at the starts of sentences, so that none is much longer than allowed."""
    starts = [each.start for each in parsed.sentences]
    if not starts:
        return
    begin = count = 0
    for one, two in zip(starts, [*starts[1:], len(parsed.text)], strict=True):
        if two - begin > _PIECE and one > begin:
            yield begin, one
            begin, count = one, count + 1
            if count >= _MOST_PIECES:
                return
    yield begin, min(len(parsed.text), begin + 2 * _PIECE)


def _place(parsed: Parsed, at: int) -> tuple[Sentence, Clause]:
    """The sentence and the clause at a place."""
    number = max(0, bisect_right(parsed.sentences, at, key=lambda each: each.start) - 1)
    sentence = parsed.sentences[number]
    clause = max(0, bisect_right(sentence.clauses, at, key=lambda each: each.start) - 1)
    return sentence, sentence.clauses[clause]


def _goods(parsed: Parsed, sentence: Sentence, at: int, read: Deal | None) -> FoundSubstance | None:
    """The drug of a deed: as the rules have it, else the nearest of its sentence, else the last before."""
    if read is not None and read.substance is not None:
        return read.substance
    own = [each for each in parsed.substances if sentence.start <= each.start < sentence.end]
    if own:
        return min(own, key=lambda each: abs(each.start - at))
    before = [each for each in parsed.substances if each.start < at]
    return before[-1] if before else next(iter(parsed.substances), None)
