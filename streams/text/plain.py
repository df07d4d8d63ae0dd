"""Whether a sentence says a delivery plainly: nothing stands in it that the rules do not understand.

The words for doubt, hearsay and denial have no end, and a word for a person's brother, dog or dream makes
somebody else of who is named. So what becomes an edge is not what lacks a known sign against it, but what
is read to its last character. Made for precision: much that is true is left for people to read.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.text.clauses import Clause, Group, Parsed, Sentence
    from streams.text.events import Act
    from streams.text.findings import Found
    from streams.text.words import Word

_QUOTES = frozenset("“”\"‘’'「」『』《》")
_CROSSES = frozenset("❌✖✗✘")
_DOUBTS = frozenset(("false", "hearsay", "ask"))
_BEHIND = 2
"""Sentences behind a statement that may take it back."""
_SURE_NAME = 0.8
"""Score from which what looks like a surname and a given name is one: 9点许燕蔓 has no 燕蔓 in it."""
_DELIVERING = frozenset(
    ("sell", "buy", "give", "pay", "collect", "carry", "work", "boss", "hires", "shelter")
)


class _Allowed(NamedTuple):
    """The words of a plain sentence, by what they may do in it."""

    roles: frozenset[str]
    words: frozenset[str]
    first: frozenset[str]
    never: frozenset[str]
    fill: tuple[str, ...]


@cache
def _allowed() -> _Allowed:
    file = resources.files("streams.text").joinpath("plain_words.toml")
    lists: dict[str, list[str]] = tomllib.loads(file.read_text(encoding="utf-8"))["plain"]
    roles, words, first, never = (frozenset(lists[each]) for each in ("roles", "words", "first", "never"))
    return _Allowed(roles, words, first, never, tuple(lists["fill"]))


def is_plain(parsed: Parsed, number: int, clause: Clause, act: Act) -> bool:
    """Whether the sentence with this number is understood whole, and its one deed in this clause is this.

    Both sides have to stand in the clause. What is heard or called false in the sentences around counts too.
    """
    sentence = parsed.sentences[number]
    filled = _filled(parsed.text, sentence)
    words = [each for each in _words(sentence) if not filled[each.start - sentence.start]]
    own = (act.acting, act.to)
    return (
        all(group is not None and _is_named(parsed, group) for group in own)
        and all(group in own for group in clause.groups)
        and sum(bool(word.roles & _DELIVERING) for word in clause.words) <= 1
        and not _may_be_for(clause, act)
        and not _is_open(clause, act)
        and all(_is_himself(each, group) for each in sentence.clauses for group in each.groups)
        and all(_may_stand(parsed.text, sentence, word) for word in words)
        and not _unread(parsed, sentence, filled)
        and not _doubted(parsed, number)
    )


def _words(sentence: Sentence) -> Iterator[Word]:
    return (word for clause in sentence.clauses for word in clause.words)


def _is_named(parsed: Parsed, group: Group) -> bool:
    """Named where it is said, and surely by a name: whom a pronoun means is a guess."""
    people = [parsed.people[each] for each in group.members]
    return all(
        each.kind != "pronoun" and (each.kind != "name" or each.score >= _SURE_NAME) for each in people
    )


def _named(parsed: Parsed, sentence: Sentence) -> set[str]:
    """The people of a sentence, by the words they are named with."""
    members = (
        parsed.people[each] for clause in sentence.clauses for g in clause.groups for each in g.members
    )
    return {parsed.text[each.start : each.end] for each in members if each.kind != "pronoun"}


def _doubted(parsed: Parsed, number: int) -> bool:
    """Hearsay before, about the same people; behind, in what names nobody: 这事是编的."""
    own = _named(parsed, parsed.sentences[number])
    if number:
        before = parsed.sentences[number - 1]
        heard = any("hearsay" in word.roles for word in _words(before))
        if heard and own & _named(parsed, before):
            return True
    behind = parsed.sentences[number + 1 : number + 1 + _BEHIND]
    return any(_takes_back(clause) for sentence in behind for clause in sentence.clauses)


def _takes_back(clause: Clause) -> bool:
    """这事是编的; 后来查清没有."""
    if clause.groups or not clause.words:
        return False
    last = clause.words[-1]
    denies = "not" in last.roles and last.end == clause.end
    return denies or any(word.roles & _DOUBTS for word in clause.words)


def _may_be_for(clause: Clause, act: Act) -> bool:
    """给A卖 and 给A买 are also for A."""
    return act.deed.roles.isdisjoint(("give", "hand")) and any(
        group.before is not None and group.before.text == "给" and group.end <= act.deed.start
        for group in clause.groups
    )


def _is_open(clause: Clause, act: Act) -> bool:
    """Who had the goods, or at whose place it was, need not have sold them; of several nobody knows which."""
    acting, to = act.acting, act.to
    if acting is None or to is None or acting.followed_by("possessive", "use"):
        return True
    if acting.followed_by("at", "home") and "buy" not in act.deed.roles:
        return True
    several = len(acting.members) > 1 and len(to.members) > 1
    return several and not any("each" in word.roles for word in clause.words)


def _is_himself(clause: Clause, group: Group) -> bool:
    """A's goods and at A's are A's; A's driver, and whoever is at A's home, is somebody else."""
    if group.followed_by("title"):
        return False
    if group.followed_by("at", "home"):
        return group.led_by("from")
    if group.after is None or not group.followed_by("possessive"):
        return True
    end = group.after.end
    goods = any(each.start == end for each in (*clause.substances, *clause.quantities))
    return goods or any(each.start == end and each.roles & _DELIVERING for each in clause.words)


def _may_stand(text: str, sentence: Sentence, word: Word) -> bool:
    """Whether a word leaves a sentence plain; what tells who saw it, only where nobody was named before."""
    allowed = _allowed()
    if word.text in allowed.first:
        return not any(group.start < word.start for clause in sentence.clauses for group in clause.groups)
    if word.text == "叫":
        return text[word.start - 1 : word.start] in ("个", "名", "位")
    if word.text in allowed.never or (word.text == "将" and _is_deed(sentence, word.end)):
        return False
    return word.text in allowed.words or (bool(word.roles) and word.roles <= allowed.roles)


def _filled(text: str, sentence: Sentence) -> bytearray:
    """Which characters of a sentence say nothing of the matter, or only whose a number is."""
    said, filled = text[sentence.start : sentence.end], bytearray(sentence.end - sentence.start)
    for item in (each for clause in sentence.clauses for each in clause.asides):
        first, last = item.start - sentence.start, min(item.end, sentence.end) - sentence.start
        filled[first:last] = b"\x01" * (last - first)
    groups = [group for clause in sentence.clauses for group in clause.groups]
    for each in _allowed().fill:
        at = said.find(each)
        while at >= 0:
            if not any(_overlap(sentence.start + at, len(each), group) for group in groups):
                filled[at : at + len(each)] = b"\x01" * len(each)
            at = said.find(each, at + len(each))
    return filled


def _is_deed(sentence: Sentence, at: int) -> bool:
    """Whether a deed begins here: 将 before one is no 把 but says that it is to come."""
    return any(word.start == at and word.roles & _DELIVERING for word in _words(sentence))


def _overlap(start: int, length: int, group: Group) -> bool:
    return start < group.end and group.start < start + length


def _unread(parsed: Parsed, sentence: Sentence, filled: bytearray) -> bool:
    """Whether letters, quotation marks or crosses are left when all that was understood is taken out."""
    known = filled[:]
    for item in _found(sentence):
        first, last = item.start - sentence.start, min(item.end, sentence.end) - sentence.start
        known[first:last] = b"\x01" * (last - first)
    said = parsed.text[sentence.start : sentence.end]
    return any(
        char.isalpha() or char in _QUOTES or char in _CROSSES
        for char, seen in zip(said, known, strict=True)
        if not seen
    )


def _found(sentence: Sentence) -> Iterator[Found]:
    for each in sentence.clauses:
        yield from (*each.groups, *each.words, *each.substances, *each.quantities)
        yield from (*each.amounts, *each.times, *each.places)
