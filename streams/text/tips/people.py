"""Who is named in a tip: whom the tagger found, or the rules where it is unsure and they read a deal."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from msgspec.structs import replace

from streams.text.clauses import Known
from streams.text.findings import FoundPerson, FoundSubstance
from streams.text.name_words import name_words
from streams.text.nicknames import find_pronouns, form_of, paired_with_names
from streams.text.tips.judge import OF_DRUGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.text.clauses import Parsed
    from streams.text.deals import Deal
    from streams.text.reader.mentions import Mention

_LEAST_SURE = 0.4
"""Certainty from which somebody is named: what is rather something else makes deals of nobody."""
_TITLE = re.compile(r"(?:警官|警察|民警|老师|医生|护士|法官|律师|书记|主任|队长|所长|局长|经理)$")
"""What many are called, with a surname before it or without: nobody to be found again by it."""
_ROLE = re.compile(r"(?:[中学届究习务]生|[点民时洁运]工|..员|马仔|和尚|乐队|[江海河路湖]边)$")
"""What somebody does, or where: 高中生, 钟点工, 快递员."""
_SURE = 0.995
"""Certainty from which somebody stands though rules read a deal of another name there."""


def known(by_rules: Parsed, deals: Sequence[Deal], mentions: Sequence[Mention]) -> Known:
    """The people of a text, with pronouns, and the tagger's drugs, outside of numbers and amounts.

    `by_rules` is the text as the rules have it, `deals` what they read in it; `mentions` are the tagger's.
    """
    folded, reading = by_rules.text, by_rules.reading
    measured = (*reading.identifiers, *reading.amounts, *reading.quantities, *reading.times)
    taken = bytearray(len(folded))
    for item in measured:
        taken[item.start : item.end] = b"\x01" * (item.end - item.start)
    free = [each for each in mentions if taken.find(1, each.start, each.end) < 0]
    tagged = [each for each in free if each.kind == "person" and each.score >= _LEAST_SURE]
    people = list(_either(by_rules, deals, tagged))
    people += find_pronouns(folded, [each.span for each in people])
    people.sort(key=lambda each: each.start)
    drugs = (
        FoundSubstance(start=each.start, end=each.end, code=None) for each in free if each.kind == "substance"
    )
    return Known(people=tuple(paired_with_names(folded, people)), substances=tuple(drugs))


def _either(parsed: Parsed, deals: Sequence[Deal], tagged: Sequence[Mention]) -> Iterator[FoundPerson]:
    """The people of each sentence by the tagger, or by the rules."""
    starts = [each.start for each in parsed.sentences]

    def sentence(at: int) -> int:
        return bisect_right(starts, at)

    by_rules = [each for each in parsed.people if each.kind != "pronoun"]
    ruled = {sentence(at) for at in _read_otherwise(parsed, deals, tagged)}
    for each in by_rules:
        if sentence(each.start) in ruled:
            yield replace(each, alias_of=None)
    for mention in tagged:
        if sentence(mention.start) not in ruled:
            named = parsed.text[slice(*mention.span)]
            role = named in name_words().not_nicknames or _TITLE.search(named) or _ROLE.search(named)
            form = "surname" if role else form_of(parsed.text, *mention.span)
            yield FoundPerson(
                start=mention.start, end=mention.end, kind=form, score=mention.score, rule="tagged"
            )


def _read_otherwise(parsed: Parsed, deals: Sequence[Deal], tagged: Sequence[Mention]) -> Iterator[int]:
    """Where rules read a deal and are to be believed as to whose: they understood the whole sentence, or
    nobody is tagged there, or another name, and that not surely.
    """
    same = {each.span for each in tagged}
    starts_at, ends_at = [each.start for each in tagged], [each.end for each in tagged]
    for deal in deals:
        if deal.plain:
            yield deal.start
        ends = (deal.subject,) if deal.kind in OF_DRUGS else (deal.subject, deal.object)
        for one in (parsed.people[end] for end in ends):
            if one.kind == "pronoun" or one.span in same:
                continue
            first = bisect_right(ends_at, one.start)
            last = bisect_left(starts_at, one.end)
            if all(each.score < _SURE for each in tagged[first:last]):
                yield one.start
