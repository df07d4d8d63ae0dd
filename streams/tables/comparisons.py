"""How two values of a kind agree: levels, from 0 (they do not) up to the highest (they are equal).

A comparison takes two lists of values, of which no two that face each other are equal, and gives a level for
each pair. Levels and what experts expect of them (`expected`, how often records of one entity show each) are
those that did well in the studies before; fitting takes them as its prior (`streams.tables.fit`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from msgspec import Struct
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from schemas.identifiers.names import sound_keys
from schemas.identifiers.romanised import spells_part
from schemas.identifiers.shapes import look_alike
from streams.tables.nicknames import may_be_one
from streams.tables.words import is_han, script, sound

Texts = Sequence[str]
Levels = np.ndarray
"""int8, one for each pair; -1 where a side says nothing."""
Compare = Callable[[Texts, Texts], Levels]


class Comparison(Struct, frozen=True):
    """What a kind of value is compared by.

    `expected` is of the levels, the lowest first; `chance` is how likely two entities are expected to have
    the same value. Where nothing is `learned`, what experts expect stays, whatever a table says.
    """

    levels: Compare
    expected: tuple[float, ...]
    chance: float
    learned: bool = True

    @property
    def top(self) -> int:
        """The level of equal values."""
        return len(self.expected) - 1


def _each(scorer: Any, left: Texts, right: Texts) -> np.ndarray:
    return np.asarray(process.cpdist(left, right, scorer=scorer))


def _where(test: Callable[[str, str], bool], left: Texts, right: Texts) -> np.ndarray:
    return np.fromiter(map(test, left, right), bool, len(left))


def _first(*tests: np.ndarray) -> Levels:
    """The level of the first test that holds, the tests being of the highest level first."""
    return np.asarray(np.select(tests, [*range(len(tests), 0, -1)], 0), np.int8)


def _names(left: Texts, right: Texts) -> Levels:
    edits, alike = _each(OSA.distance, left, right), _each(JaroWinkler.similarity, left, right)
    shorter = np.minimum(*(np.fromiter(map(len, side), np.int64, len(side)) for side in (left, right)))
    levels = _first(
        (edits <= 1) & (shorter > 3),
        (alike >= 0.9) | ((edits <= 2) & (shorter > 5)),
        np.zeros(len(left), bool),
        alike >= 0.75,
    )
    for at in np.flatnonzero(levels < _BY_LETTERS).tolist():
        levels[at] = _by_words(left[at], right[at], int(levels[at]))
    return levels


_BY_LETTERS = 4
"""The level of names of which one letter or word differs."""


def nearly_equal(left: Texts, right: Texts) -> Levels:
    """Whether names agree at that level, and nothing else about them, which is told much sooner."""
    pairs = [*zip(left, right, strict=True)]
    by_words = [" " in a or " " in b or script(a) != script(b) for a, b in pairs]
    long = [len(a) > 3 and len(b) > 3 for a, b in pairs]
    levels = np.zeros(len(pairs), np.int8)
    at = np.flatnonzero(np.logical_or(by_words, long)).tolist()
    if at:
        found = _names([left[each] for each in at], [right[each] for each in at])
        levels[at] = np.where(found == _BY_LETTERS, found, 0)
    return levels


def _by_words(left: str, right: str, by_letters: int) -> int:
    """The level of two names, of which letter by letter one is known."""
    if script(left) != script(right):
        return _romanised(left, right)
    if _part_of_the_other(left, right):
        return _BY_LETTERS
    if by_letters < 2 and (_short_forms(left, right) or (by_letters == 1 and sound(left) == sound(right))):
        return 2
    return by_letters


def _romanised(left: str, right: str) -> int:
    """Of names in two scripts; where we cannot read one of them they say nothing."""
    latin, chinese = (left, right) if is_han(right) else (right, left)
    if not is_han(chinese) or script(latin) != "LATIN":
        return -1
    return _BY_LETTERS if spells_part(latin, chinese) else 0


def _part_of_the_other(left: str, right: str) -> bool:
    if " " not in left and " " not in right:
        return False
    one, other = set(left.split()), set(right.split())
    return one <= other or other <= one


def _short_forms(left: str, right: str) -> bool:
    """One is the other's initial, or they are forms of one name, or Chinese and sound or look alike."""
    if is_han(left) and is_han(right):  # a syllable a character
        return len(left) == len(right) and _look_or_sound_alike(left, right)
    if len(left) == 1 or len(right) == 1:
        return left[0] == right[0]
    return may_be_one(left.partition(" ")[0], right.partition(" ")[0])


@lru_cache(maxsize=1 << 17)
def _look_or_sound_alike(left: str, right: str) -> bool:
    return look_alike(left, right) or not set(sound_keys(left)).isdisjoint(sound_keys(right))


def _dates(left: Texts, right: Texts) -> Levels:
    edits = _each(OSA.distance, left, right)
    return np.fromiter(map(_dates_agree, left, right, edits.tolist()), np.int8, len(left))


def _dates_agree(left: str, right: str, edits: int) -> int:
    if len(left) < 8 or len(right) < 8:
        return 3 if left[:4] == right[:4] else 0
    y, m, d, v, n, e = left[:4], left[4:6], left[6:], right[:4], right[4:6], right[6:]
    if edits <= 1 or (y == v and (m, d) == (e, n)):
        return 4
    if (y == v) + (m == n) + (d == e) >= 2:
        return 3
    if edits <= 2 or (_apart(y, v) in (1, 10) and _apart(m, n) <= 1):
        return 2
    return int(y == v)


def _apart(left: str, right: str) -> int:
    return abs(int(left) - int(right)) if left.isdigit() and right.isdigit() else 99


def _identifiers(left: Texts, right: Texts) -> Levels:
    edits = _each(OSA.distance, left, right)
    return _first(edits <= 1, edits <= 2)


def _emails(left: Texts, right: Texts) -> Levels:
    """Digits tell mailboxes of one name apart (anna.abel1, anna.abel2): they are no slip of the finger."""
    mine, theirs = ([each.partition("@")[0] for each in side] for side in (left, right))
    numbered_alike = _where(lambda one, other: _digits(one) == _digits(other), mine, theirs)
    return _first(
        numbered_alike & (_where(str.__eq__, mine, theirs) | (_each(OSA.distance, left, right) <= 2)),
        numbered_alike & (_each(JaroWinkler.similarity, mine, theirs) >= 0.85),
    )


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdecimal())


def _postcodes(left: Texts, right: Texts) -> Levels:
    return _first(_each(OSA.distance, left, right) <= 1, _where(_same_head, left, right))


def _same_head(left: str, right: str) -> bool:
    if " " in left and " " in right:
        return left.split(maxsplit=1)[0] == right.split(maxsplit=1)[0]
    return left[:3] == right[:3]


def _categories(left: Texts, right: Texts) -> Levels:
    return _first(_each(JaroWinkler.similarity, left, right) >= 0.88)


def _texts(left: Texts, right: Texts) -> Levels:
    """A text that lacks words of the other is a little less alike than one in another order."""
    alike = np.maximum(
        _each(fuzz.token_sort_ratio, left, right), _each(fuzz.token_set_ratio, left, right) - 5
    )
    return _first(alike >= 88, alike >= 72, alike >= 58)


def _never(left: Texts, _right: Texts) -> Levels:
    return np.zeros(len(left), np.int8)


def _shared(left: Texts, right: Texts) -> Levels:
    """Sets of numbers, of which only the last digits count: the first may be a country's."""
    return _first(_where(lambda one, other: not _tails(one).isdisjoint(_tails(other)), left, right))


def _tails(numbers: str) -> set[str]:
    return {number[-TAIL:] for number in numbers.split()}


TAIL = 7
"""Digits of a phone's number that tell it from others in a town."""

COMPARISONS: dict[str, Comparison] = {
    # different, a little alike, same sound or short form, alike, one letter or word, same
    "name": Comparison(_names, (0.04, 0.03, 0.06, 0.05, 0.12, 0.70), 2e-3),
    # different, same year, two digits or near, two parts, one digit or swapped, same
    "date": Comparison(_dates, (0.005, 0.02, 0.02, 0.045, 0.11, 0.80), 1e-4),
    # different, two edits, one edit, same
    "identifier": Comparison(_identifiers, (0.005, 0.03, 0.10, 0.865), 1e-6),
    # different, alike, same mailbox or two edits, same
    "email": Comparison(_emails, (0.08, 0.05, 0.12, 0.75), 1e-5),
    # different, same head, one edit, same
    "postcode": Comparison(_postcodes, (0.10, 0.05, 0.10, 0.75), 1e-3),
    # different, alike, same
    "category": Comparison(_categories, (0.15, 0.15, 0.70), 2e-2),
    # different, a little alike, alike, nearly the same, same
    "text": Comparison(_texts, (0.08, 0.06, 0.10, 0.16, 0.60), 1e-3),
    # different, same
    "flag": Comparison(_never, (0.05, 0.95), 0.5),
    # father and son, same
    "generation": Comparison(_never, (1e-9, 1.0), 0.5, learned=False),
    # none shared, one shared, same
    "phones": Comparison(_shared, (0.15, 0.10, 0.75), 1e-5),
}
"""By kind of feature; above each its levels."""
