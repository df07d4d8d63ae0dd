"""Comparing the names of two people: levels, each with its bits and its reason.

A level is worth log2(m/u). u is how many people's names would agree so by chance: the rarity of the name, of
its sound, of its shapes (`schemas.identifiers.name_rarity`). m is how often two mentions of one person agree
at just that level: here the costs below a shared name. Of typed Chinese names three in a hundred are taken to
be wrong, so six in a hundred pairs of mentions differ; of the errors 83 % are of sound and 48 % of shape,
overlapping (Liu 2010), so 31 % are both. The first level that holds counts.
"""

from __future__ import annotations

from functools import lru_cache
from math import log2
from typing import TYPE_CHECKING

from schemas.decisions import Evidence
from schemas.identifiers import name_rarity, names, romanised, shapes

if TYPE_CHECKING:
    from streams.resolve.profiles import Profile

_DIFFERENT = Evidence("name", -14.0, "different names")
_ONE_CHARACTER = Evidence("name", -2.0, "one character of the given name differs", "name.one_character")
_SURNAME_DIFFERS = Evidence("name", 0.0, "same given name of two characters, other surname")
_MASK_FITS = Evidence("name", 0.0, "masked name fits")
_MASK_NEARLY_FITS = Evidence("name", 0.0, "masked name fits but for how it is written")
_PART_FITS = Evidence("name", 0.0, "part of the name")
_PARTS_TURNED = Evidence("name", 0.0, "given and father's name in other order")
_INITIALS_FIT = Evidence("name", 2.0, "surname and initials")
_NICKNAME_FITS = Evidence("name", 2.0, "nickname fits the name")
_NICKNAME_SAYS_NOTHING = Evidence("name", 0.0, "a nickname beside a name")
_NICKNAME_ELSEWHERE = Evidence("name", 0.0, "same nickname, not known to be of one case")
_HIDING = frozenset("某*")
_NICKNAME_WORDS = frozenset("阿老小大哥姐仔妹弟叔婶嫂爷伯总板先生女士太师傅经理医生队长姨")

_PAIRS_THAT_DIFFER = 0.06
_OF_SOUND, _OF_SHAPE = 0.83, 0.48
HOMOPHONES = _PAIRS_THAT_DIFFER * (1 - _OF_SHAPE)
LOOK_ALIKES = _PAIRS_THAT_DIFFER * (1 - _OF_SOUND)
BOTH_ALIKE = _PAIRS_THAT_DIFFER * (_OF_SOUND + _OF_SHAPE - 1)
"""Of the pairs of one person's mentions, those that differ so, as experts see it: m of these levels."""
_HOMOPHONE_COST, _LOOK_ALIKE_COST, _BOTH_COST = -log2(HOMOPHONES), -log2(LOOK_ALIKES), -log2(BOTH_ALIKE)
_VARIANT_COST = 2.0
"""Half of the bearers of a form are written in the other now and then: m = 1/2 of the commoner form's, and
either of the two may be the right one."""
_ROMANISED_COST = 1.0
"""A name in Latin letters says the sound, and the surname stands first or last: two to choose from."""
_CANTONESE_COST = 2.0
"""As that, and it is the second system that was tried. A spelling of Hong Kong stands for as many characters,
weighed by how common they are, as a syllable of pinyin does."""
_ALIAS_COST = 6.0
"""One pair of mentions in 64 has a person's other name where the record of the first lists it."""
_MOST = 14.0
"""However rare its characters, a name is shared by one in 16,000: names go by fashion, family and generation,
not by chance. With the year of birth and the gender it then stays below a link."""
_LEAST = 2.0
"""What explains a difference by a usual error never counts for less."""


def compare_names(a: Profile, b: Profile) -> Evidence | None:
    """The level at which two people's names agree, weighed by how rare the name is."""
    left, right = a.name_key, b.name_key
    if not left or not right:
        return None
    if a.masked_name or b.masked_name:
        return _masked(left, right)
    if a.nickname or b.nickname:
        return _nickname(a, b)
    if left == right:
        return Evidence("name", min(a.name_bits, _MOST), "same name", "name.same")
    if left in b.alias_keys or right in a.alias_keys:
        return Evidence("name", min(max(a.name_bits, b.name_bits), _MOST) - _ALIAS_COST, "alias")
    return _full_names(left, right)


@lru_cache(maxsize=200_000)
def _masked(left: str, right: str) -> Evidence:
    """What is not hidden may be misspelt or romanised too; a mask is never worth anything but a conflict."""
    if names.compatible(left, right):
        return _MASK_FITS
    if romanised.is_latin(left) or romanised.is_latin(right):
        latin, hidden = (left, right) if romanised.is_latin(left) else (right, left)
        return _MASK_NEARLY_FITS if romanised.has_family(latin, hidden) else _DIFFERENT
    differing = [
        at for at, (x, y) in enumerate(zip(left, right, strict=False)) if x != y and not {x, y} & _HIDING
    ]
    if len(differing) != 1:
        return _DIFFERENT
    at = differing[0]
    alike = sound_alike(left[at], right[at]) or shapes.look_alike(left[at], right[at])
    mended = left[:at] + right[at] + left[at + 1 :]
    return _MASK_NEARLY_FITS if alike and names.compatible(mended, right) else _DIFFERENT


def _nickname(a: Profile, b: Profile) -> Evidence:
    """A nickname (绰号) names somebody within one case only: many cases have an 阿强."""
    if a.name_key == b.name_key:
        return Evidence("name", 2.0, "same nickname") if _one_case(a, b) else _NICKNAME_ELSEWHERE
    if (a.name_key in b.alias_keys or b.name_key in a.alias_keys) and _one_case(a, b):
        return Evidence("name", 3.0, "alias")
    if a.nickname and b.nickname:
        return _NICKNAME_SAYS_NOTHING
    short, full = (a, b) if a.nickname else (b, a)
    fits = any(char in full.name_key for char in short.name_key if char not in _NICKNAME_WORDS)
    return _NICKNAME_FITS if fits else _NICKNAME_SAYS_NOTHING


def _one_case(a: Profile, b: Profile) -> bool:
    return any(each.kind == "case" for each in a.contexts & b.contexts)


@lru_cache(maxsize=200_000)
def _full_names(left: str, right: str) -> Evidence:
    latin = (romanised.is_latin(left), romanised.is_latin(right))
    if all(latin):
        return _both_latin(left, right)
    if any(latin):
        return _romanised(left, right) if latin[0] else _romanised(right, left)
    if "·" in left or "·" in right:
        return _parts(left, right)
    return _chinese(left, right)


def _worth(bits: float, cost: float, why: str, level: str = "") -> Evidence:
    return Evidence("name", round(max(min(bits, _MOST) - cost, _LEAST), 3), why, level)


def _chinese(left: str, right: str) -> Evidence:
    if len(left) != len(right):
        return _DIFFERENT
    if shapes.variant_key(left) == shapes.variant_key(right):
        commoner = min(name_rarity.name_bits(left), name_rarity.name_bits(right))
        return _worth(commoner, _VARIANT_COST, "variant character")
    one_differs = sum(x != y for x, y in zip(left, right, strict=True)) == 1
    sounds, looks = sound_alike(left, right), one_differs and shapes.look_alike(left, right)
    if sounds and looks:
        both = name_rarity.homophone_look_alike_bits(left, right)
        return _worth(both, _BOTH_COST, "same sound and look alike", "name.homophone_look_alike")
    if sounds:
        bits = name_rarity.homophone_bits(left, right)
        return _worth(bits, _HOMOPHONE_COST, "same sound", "name.homophone")
    if looks:
        bits = name_rarity.look_alike_bits(left, right)
        return _worth(bits, _LOOK_ALIKE_COST, "look alike", "name.look_alike")
    if one_differs and len(left) >= 3:
        return _ONE_CHARACTER if left[0] == right[0] else _SURNAME_DIFFERS
    return _DIFFERENT


def _romanised(latin: str, chinese: str) -> Evidence:
    system = romanised.system(latin, chinese)
    if system is None:
        return _DIFFERENT
    if system == "initials":
        letters = romanised.initials(latin)
        return _worth(name_rarity.initials_bits(chinese, letters), _ROMANISED_COST, "surname and initials")
    if system == "cantonese":
        return _worth(name_rarity.sound_bits(chinese), _CANTONESE_COST, "romanised in Cantonese")
    return _worth(name_rarity.sound_bits(chinese), _ROMANISED_COST, "romanised")


def _both_latin(left: str, right: str) -> Evidence:
    one, other = ({"".join(words) for words in romanised.orders(name)} for name in (left, right))
    if one & other:
        bits = min(name_rarity.name_bits(left), name_rarity.name_bits(right))
        return _worth(bits, _ROMANISED_COST, "same name, other order")
    if romanised.abbreviates(left, right) or romanised.abbreviates(right, left):
        return _INITIALS_FIT
    return _DIFFERENT


def _parts(left: str, right: str) -> Evidence:
    """Names of given and father's name (买买提·艾力): no surname is assumed, either part may stand alone."""
    one, other = left.split("·"), right.split("·")
    if left.replace("·", "") == right.replace("·", ""):
        bits = min(name_rarity.name_bits(left), name_rarity.name_bits(right))
        return _worth(bits, _ROMANISED_COST, "same name, written without its dot")
    if sound_alike(left, right):
        return _worth(name_rarity.sound_bits(left), _HOMOPHONE_COST, "same sound")
    if len(one) != len(other):
        return _PART_FITS if set(one) <= set(other) or set(other) <= set(one) else _DIFFERENT
    return _PARTS_TURNED if sorted(one) == sorted(other) else _DIFFERENT


@lru_cache(maxsize=100_000)
def _sounds(name: str) -> frozenset[tuple[str, ...]]:
    return frozenset(names.readings(name))


def sound_alike(left: str, right: str) -> bool:
    """Whether two Chinese names may be read alike, tones aside, by any of their readings.

    >>> sound_alike("符玮强", "符伟强"), sound_alike("符玮强", "符伟明")
    (True, False)
    """
    return len(left) == len(right) and not _sounds(left).isdisjoint(_sounds(right))


def names_conflict(left: str, right: str) -> bool:
    """Whether two full names cannot be one person's, however misspelt."""
    return left != right and _full_names(left, right) is _DIFFERENT
