"""How much it tells that two names are alike in some way: how rare names are that are so alike.

The weight of a level of agreement is log2(m/u) (Fellegi and Sunter 1969). This is the part of u: the bits of
the share of people whose name would agree at that level by chance. A homophone tells less than the same
characters, and how much less depends on the name: many characters sound like 伟, few like 翀. All are bits
among people of China or of Hainan, wherever such names are more common.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from math import comb, log2

from schemas.identifiers.names import readings, surname_readings
from schemas.identifiers.shapes import look_alikes, variant_key
from schemas.reference import surnames

_FOREIGN = 2.0
"""Bits of a character of a name without a known surname, by sound or shape; 2.5 by writing."""
_LETTER = 1000 / 12
"""Per mille of given-name characters that begin with a letter: of a usual one (w, x, j) more, of q less."""

HAINAN = "hainan"
_PLACES = ("china", HAINAN)

Share = Callable[[str], float]
Family = Callable[[str, str], float]
"""Per mille of the given names' characters; of the people of a place by their surname."""


@lru_cache(maxsize=1 << 16)
def name_bits(name: str) -> float:
    """Of the same name.

    >>> name_bits("王伟") < name_bits("覃玮骁"), name_bits("符伟") < surnames.name_bits("符伟")
    (True, True)
    """
    known = _known(name)
    return min(surnames.name_bits(known, hainan=where == HAINAN) for where in _PLACES)


@lru_cache(maxsize=1 << 16)
def sound_bits(name: str) -> float:
    """Of any name that is read the same, tones aside, as when one of the two is romanised.

    >>> sound_bits("王伟") < name_bits("王伟"), sound_bits("邢翀") > sound_bits("李红")
    (True, True)
    """
    surname, given = surnames.split(_known(name))
    if not surname:
        return surnames.bounded(_FOREIGN * len(name))
    chars = [_sound_share(char) for char in given]
    bits = min(surnames.bits_of(_family_sound_share(surname, where), chars) for where in _PLACES)
    return surnames.bounded(bits)


def homophone_bits(left: str, right: str) -> float:
    """Of a name that differs where these two do, by characters of the same sound.

    >>> homophone_bits("符玮强", "符伟强") < name_bits("符伟强")
    True
    """
    return _alike_bits(left, right, _family_sound_share, _sound_share)


def look_alike_bits(left: str, right: str) -> float:
    """Of a name that differs where these two do, by a character of like shape.

    >>> 4.0 <= look_alike_bits("符伟强", "符炜强") <= name_bits("符炜强")
    True
    """
    return _alike_bits(left, right, _family_look_share, _look_share)


def homophone_look_alike_bits(left: str, right: str) -> float:
    """Of a name that differs where these two do, by a character of the same sound and of like shape.

    >>> homophone_look_alike_bits("符玮强", "符伟强") > homophone_bits("符玮强", "符伟强")
    True
    """
    return _alike_bits(left, right, _family_both_share, _both_share)


@lru_cache(maxsize=1 << 16)
def initials_bits(name: str, letters: int) -> float:
    """Of a romanised surname with so many initials of the given name; 0 without a known surname."""
    surname, _ = surnames.split(_known(name))
    if not surname:
        return 0.0
    return min(
        surnames.bits_of(_family_sound_share(surname, where), [_LETTER] * letters) for where in _PLACES
    )


def _known(name: str) -> str:
    """The name, and where its surname is a form that is not listed (锺), in standard forms."""
    return name if surnames.split(name)[0] else variant_key(name)


def _alike_bits(left: str, right: str, family: Family, given: Share) -> float:
    """The lower of both ways; less the bits of which places it is that differ."""
    ways = [(one, other) for one, other in ((left, right), (right, left)) if surnames.split(one)[0]]
    if not ways:
        return surnames.bounded(_FOREIGN * len(left))
    return min(_one_way(one, other, family, given, where) for one, other in ways for where in _PLACES)


def _one_way(name: str, other: str, family: Family, given: Share, where: str) -> float:
    surname, rest = surnames.split(name)
    head, tail = other[: len(surname)], other[len(surname) :]
    differing = [surname != head, *(a != b for a, b in zip(rest, tail, strict=True))]
    shares = [given(a) if a != b else surnames.given_share(a) for a, b in zip(rest, tail, strict=True)]
    own = surnames.share(surname, hainan=where == HAINAN)
    bits = surnames.bits_of(family(surname, where) if differing[0] else own, shares)
    return surnames.bounded(bits - log2(comb(len(differing), sum(differing))))


@cache
def _sounds() -> dict[str, float]:
    """Reading → per mille of given-name characters that may be read so."""
    found: dict[str, float] = defaultdict(float)
    for char in surnames.given_chars():
        for reading in _char_sounds(char):
            found[reading] += surnames.given_share(char)
    return dict(found)


@cache
def _family_sounds(where: str) -> dict[str, float]:
    """Reading → per mille of people whose surname may be read so."""
    found: dict[str, float] = defaultdict(float)
    for surname in surnames.family_names():
        for reading in surname_readings(surname):
            found[reading] += surnames.share(surname, hainan=where == HAINAN)
    return dict(found)


def _char_sounds(char: str) -> list[str]:
    return [reading[0] for reading in readings(char)]


@cache
def _sound_share(char: str) -> float:
    return max(surnames.given_share(char), *(_sounds().get(each, 0.0) for each in _char_sounds(char)))


@cache
def _family_sound_share(surname: str, where: str) -> float:
    return max(_family_sounds(where)[each] for each in surname_readings(surname))


@cache
def _look_share(char: str) -> float:
    return _together(look_alikes(char) | {char}, surnames.given_share)


@cache
def _family_look_share(surname: str, where: str) -> float:
    return _together(look_alikes(surname) | {surname}, _shares(where))


@cache
def _both_share(char: str) -> float:
    return _together(_of_one_sound(char), surnames.given_share)


@cache
def _family_both_share(surname: str, where: str) -> float:
    return _together(_of_one_sound(surname), _shares(where))


def _of_one_sound(char: str) -> set[str]:
    """The character and those that both look and sound like it; of a compound surname itself."""
    alike = {other for other in look_alikes(char) if not set(readings(char)).isdisjoint(readings(other))}
    return alike | {char}


def _shares(where: str) -> Share:
    return lambda surname: surnames.share(surname, hainan=where == HAINAN)


def _together(chars: Iterable[str], share: Share) -> float:
    return sum(map(share, sorted(chars)))
