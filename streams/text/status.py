"""How surely a text says a deed: as a fact, by hearsay, denied, planned, or asked."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.text.clauses import Clause, Sentence
    from streams.text.words import Word

Status = Literal["asserted", "hearsay", "denied", "planned", "asked", "supposed"]
DEEDS = frozenset(
    ("sell", "buy", "give", "pay", "collect", "hold", "shelter", "use", "carry", "work", "boss", "hires")
)
_SHORT_TAIL = 16
"""Characters of a sentence that only says how sure the one before it is."""
_IS_NOT = ("不是", "并不是", "并非")
_SHORT = frozenset("要会想不没未无")


def status_of(
    sentences: Sequence[Sentence], number: int, clause: Clause, deed: Word, *, goes_on: bool = False
) -> Status:
    """How the text says a deed of a clause of the sentence with this number.

    `goes_on`: the deed's doer is taken from the sentence before, and with them what was heard there.
    Asked outweighs denied, that hearsay, that planned: what is not sure in one way is no fact.
    """
    sentence = sentences[number]
    before = list(_before(sentence, clause, deed))
    tail = _tail(sentences, number)
    if _asked(sentence, before) or any("ask" in word.roles for each in tail for word in each.words):
        return "asked"
    if _denied(clause, deed, before) or _called_false(sentences, number):
        return "denied"
    heard = _hears(before) or _heard_after((*sentence.clauses, *tail), clause, deed)
    if heard or (number and _heard_before(sentences[number - 1], goes_on=goes_on)):
        return "hearsay"
    if any("plan" in word.roles and _speaks_of(word, deed, clause) for word in before):
        return "planned"
    return "asserted"


def _before(sentence: Sentence, clause: Clause, deed: Word) -> Iterator[Word]:
    """The words of a sentence before a deed, from the last 但 on."""
    words: list[Word] = []
    for each in sentence.clauses:
        for word in each.words:
            if word.start >= deed.start:
                yield from words
                return
            if "but" in word.roles and word.start == each.start:
                words.clear()
            words.append(word)
        if each is clause:
            break
    yield from words


def _asked(sentence: Sentence, before: Sequence[Word]) -> bool:
    last = sentence.clauses[-1].words
    at_end = bool(last) and last[-1].end == sentence.end and "ask" in last[-1].roles
    return (
        "？" in sentence.stop or "?" in sentence.stop or at_end or any("ask" in word.roles for word in before)
    )


def _denied(clause: Clause, deed: Word, before: Sequence[Word]) -> bool:
    if any("deny" in word.roles for word in before):
        return True
    since = max(
        (word.end for word in before if word.start >= clause.start and _is_done(word, deed)),
        default=clause.start,
    )
    return any(
        "not" in word.roles and since <= word.start < deed.start and _speaks_of(word, deed, clause)
        for word in before
    )


def _is_done(word: Word, deed: Word) -> bool:
    """A deed before this one that it is not the same statement with (帮…卖, 受…指使运输)."""
    return bool(word.roles & {"sell", "buy", "give", "pay", "collect"}) and word.end < deed.start


def _tail(sentences: Sequence[Sentence], number: int) -> Sequence[Clause]:
    """The sentence behind, where it speaks of nobody and so of what was just said: 都是听来的."""
    if number + 1 >= len(sentences):
        return ()
    behind = sentences[number + 1]
    short = behind.end - behind.start <= _SHORT_TAIL
    return behind.clauses if short and not any(each.groups for each in behind.clauses) else ()


def _called_false(sentences: Sequence[Sentence], number: int) -> bool:
    """没这回事 in the sentence or right behind it; 其实没有 at the end of it."""
    clauses = (*sentences[number].clauses, *_tail(sentences, number))
    return any("false" in word.roles for each in clauses for word in each.words) or any(
        map(_only_not, clauses)
    )


def _only_not(clause: Clause) -> bool:
    """A clause that ends with a negation and tells no deed of its own."""
    if not clause.words or clause.groups or clause.substances:
        return False
    last = clause.words[-1]
    return "not" in last.roles and last.end == clause.end and last.text not in _SHORT


def _hears(words: Sequence[Word]) -> bool:
    """听说, 可能; 邻居说, 朋友讲; but not 不是听说."""
    pairs = [(one, two) for one, two in pairwise(words) if one.end == two.start]
    denied = {two.start for one, two in pairs if one.text in _IS_NOT}
    return any("hearsay" in word.roles and word.start not in denied for word in words) or any(
        "witness" in one.roles and "speech" in two.roles for one, two in pairs
    )


def _heard_before(sentence: Sentence, *, goes_on: bool) -> bool:
    """Hearsay of the sentence before, where this one goes on about its people or it speaks of none."""
    alone = sentence.end - sentence.start <= _SHORT_TAIL and not any(each.groups for each in sentence.clauses)
    return (goes_on or alone) and any(_hears(clause.words) for clause in sentence.clauses)


def _heard_after(clauses: Sequence[Clause], clause: Clause, deed: Word) -> bool:
    """Hearsay said behind: 我也是听人说的."""
    behind = [
        word for each in clauses if each.start > clause.start and not each.groups for word in each.words
    ]
    last = [word for word in clause.words if word.start > deed.start and clause.end - word.end <= 1]
    return any("hearsay" in word.roles for word in (*behind, *last))


def _speaks_of(word: Word, deed: Word, clause: Clause) -> bool:
    """Whether 要, 会, 不 … stand near enough; longer words may stand anywhere before in the clause."""
    if word.text in _SHORT:
        return clause.start <= word.start and not any(
            word.end <= other.start < deed.start and other.roles & {"sell", "buy", "give", "pay"}
            for other in clause.words
        )
    return True
