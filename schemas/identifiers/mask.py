"""Partly hidden values: one notation for all of them, and the test whether two could be one.

In normal form `*` hides exactly one character and `…` any number of them (where the kind has no
fixed length). Masks are only ever tested for compatibility: `138****1234` covers 10,000 numbers,
and about 900 residents of Hainan share any last four characters of an ID number, so nothing is
merged on a mask.
"""

from __future__ import annotations

import re

ONE = "*"
MANY = "…"

_STARS = "*×✱✲﹡∗•●■□◇◆?？某"
_DIGIT_MASKS = str.maketrans(dict.fromkeys(_STARS + "xX✕✖Х", ONE))
_WORD_MASKS = str.maketrans(dict.fromkeys(_STARS, ONE))
_HIDING = frozenset(_STARS + MANY)
_RUN = re.compile(r"\*+")


def fold_digits(text: str) -> str:
    """Masks of a value made of digits, where `x` and `X` hide a digit too.

    >>> fold_digits("138xxxx1234"), fold_digits("138××××1234")
    ('138****1234', '138****1234')
    """
    return text.translate(_DIGIT_MASKS)


def fold_word(text: str) -> str:
    """Masks of a value that may hold letters, where `x` is an ordinary letter.

    >>> fold_word("琼A×××12")
    '琼A***12'
    """
    return text.translate(_WORD_MASKS)


def stretch(text: str, length: int) -> str | None:
    """Makes a folded mask `length` characters long when it has one hidden run that can be resized.

    People type any number of stars. None when the visible part is too long or there are several
    runs and the length is wrong: then it is not known which characters are hidden.

    >>> stretch("460***1234", 18), stretch("1**8**1", 11)
    ('460***********1234', None)
    """
    if len(text) == length:
        return text
    runs = _RUN.findall(text)
    missing = length - len(text)
    if len(runs) != 1 or len(runs[0]) + missing < 1:
        return None
    return _RUN.sub(ONE * (len(runs[0]) + missing), text)


def loosen(text: str) -> str:
    """Turns every hidden run into `…`: for kinds whose length is not fixed.

    >>> loosen("6222****1234")
    '6222…1234'
    """
    return _RUN.sub(MANY, text)


def hides(text: str) -> bool:
    """Whether free text, as sent or redacted, hides anything: then being equal says nothing.

    >>> hides("海口市龙华区***小区"), hides("■■■■■■"), hides("海口市龙华区大同路3号")
    (True, True, False)
    """
    return not _HIDING.isdisjoint(text)


def is_masked(text: str) -> bool:
    """Whether a value in normal form hides anything."""
    return ONE in text or MANY in text


def compatible(left: str, right: str) -> bool:
    """Whether two values in normal form, whole or masked, could be the same value. Symmetric.

    >>> compatible("138****1234", "13800001234"), compatible("138****1234", "13800001235")
    (True, False)
    >>> compatible("6222…1234", "…91234")
    True
    """
    if MANY in left or MANY in right:
        return _patterns_meet(left, right)
    if len(left) != len(right):
        return False
    return all(a == b or ONE in (a, b) for a, b in zip(left, right, strict=True))


def _patterns_meet(left: str, right: str) -> bool:
    """Whether some string fits both patterns: reachability in the product of the two."""
    reached = _skip_hidden({0}, right)
    for position, char in enumerate(left):
        reached = _step(char, reached, right)
        if not reached and MANY not in left[position:]:
            return False
    return len(right) in reached


def _step(char: str, reached: set[int], right: str) -> set[int]:
    if char == MANY:
        return set(range(min(reached), len(right) + 1)) if reached else set()
    after: set[int] = set()
    for at in reached:
        if at >= len(right):
            continue
        other = right[at]
        if other == MANY:
            after.add(at)
        elif other in (char, ONE) or char == ONE:
            after.add(at + 1)
    return _skip_hidden(after, right)


def _skip_hidden(reached: set[int], right: str) -> set[int]:
    """Adds the positions behind a `…`, which may hide nothing."""
    out = set(reached)
    for at in sorted(reached):
        while at < len(right) and right[at] == MANY:
            at += 1
            out.add(at)
    return out
