"""Names in Latin letters: which Chinese names they may spell, in pinyin or as in Hong Kong.

Documents of travellers have `Fu Weiqiang`, `WANG, W.`, `CHAN Siu-ming` or `Au Yeung Ka Wai`. Hong Kong's
spellings follow no one system; each Jyutping initial and final has the few letters in which it is written
there (朱 Chu, 徐 Chui or Tsui, 陈 Chan).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Literal

from schemas.identifiers.names import key, readings, surname_readings
from schemas.reference import surnames, tables

System = Literal["pinyin", "cantonese", "initials"]

_WORDS = re.compile(r"[a-z]+")
_LATIN = re.compile(r"[a-z][a-z '.,\-]*")
_LONGEST = 5
_JYUTPING = re.compile("(?:(ng|gw|kw|[bpmfdtnlgkhwzcsj])(?=[aeiouy]))?(.+)")
_INITIALS = {
    "b": "b|p", "d": "d|t", "n": "n|l", "l": "l", "g": "k|g", "gw": "kw|gw", "ng": "ng|",
    "z": "ch|ts|tz|j", "c": "ch|ts", "s": "s|sh", "j": "y",
}  # fmt: skip
_FINALS = {
    "aa": "a|ah", "aai": "ai", "aau": "au", "aam": "am", "aan": "an", "aang": "ang", "aap": "ap",
    "aat": "at", "aak": "ak", "au": "au|ow", "am": "am|um", "an": "an|un", "at": "at|ut", "e": "e|eh",
    "ei": "ei|ee|i|ay", "eng": "eng|ing", "ek": "ek|ik", "i": "i|ee|z|ze", "iu": "iu|ew", "o": "o|or",
    "oi": "oi|oy", "ou": "o|ou|ow", "oe": "eu", "oeng": "eung|eong", "oek": "euk|eok", "eoi": "ui|oi",
    "eon": "un|on|eun", "eot": "ut", "u": "u|oo", "ui": "ui|ooi", "uk": "uk|ook", "un": "un|oon",
    "yu": "u|yu|ue|ee", "yun": "uen|un|yun", "yut": "uet|ut",
}  # fmt: skip
"""How a final is written in Hong Kong, where not as in Jyutping; likewise initials above."""
_YU = {"yu": "yu|yue|u", "yun": "yuen|yun", "yut": "yuet|yut", "i": "yi|yee|i|ee", "in": "yin|in"}
"""Syllables that begin with the vowel (于 Yu, 元 Yuen, 怡 Yee)."""
_ENDS = re.compile("ng$|[mnptk]$")
_SKELETON = re.compile("tsz|ts|tz|ch|sz|sh|ng|kw|gw|[bcdfghjklmnpstwyz]")
_CLASSES = {
    "tsz": "c", "ts": "c", "tz": "c", "ch": "c", "z": "c", "j": "c", "sz": "s", "sh": "s", "ng": "g",
    "kw": "k", "gw": "k", "g": "k", "k": "k", "b": "b", "p": "b", "d": "d", "t": "d", "n": "n", "l": "n",
    "y": "", "w": "", "h": "",
}  # fmt: skip


def is_latin(name: str) -> bool:
    """Whether a name's key is written in Latin letters.

    >>> is_latin("fu weiqiang"), is_latin("符玮强"), is_latin("123")
    (True, False, False)
    """
    return _LATIN.fullmatch(name) is not None


@cache
def _cantonese() -> dict[str, tuple[str, ...]]:
    """Character → its usual reading; a surname's name with `=` before it → how it is read as one."""
    found: dict[str, list[str]] = {}
    for reading, chars, families in tables.rows("cantonese.tsv"):
        for char in chars:
            found.setdefault(char, []).append(reading)
        for family in [families] if " " in reading else families:
            found.setdefault(f"={family}", []).append(reading)
    return {char: tuple(each) for char, each in found.items()}


@lru_cache(maxsize=1 << 14)
def cantonese(name: str) -> tuple[tuple[str, ...], ...]:
    """The Cantonese readings of a Chinese name in Jyutping without tones; empty where one is unknown.

    >>> cantonese("陈小明"), cantonese("覃美"), cantonese("欧阳伟"), cantonese("Li Wei")
    ((('can', 'siu', 'ming'),), (('cam', 'mei'), ('taam', 'mei')), (('au', 'joeng', 'wai'),), ())
    """
    surname, given = surnames.split(key(name))
    known = _cantonese()
    heads = [tuple(each.split()) for each in known.get(f"={surname}", ())] if surname else [()]
    heads = heads or [tuple(known[char][0] for char in surname if char in known)]
    tail = tuple(known[char][0] for char in given if char in known)
    whole = tuple((*head, *tail) for head in heads)
    return whole if all(len(each) == len(surname + given) for each in whole) else ()


@cache
def _parted(syllable: str) -> tuple[str, str]:
    """Initial and final of a Jyutping syllable; 吴 (ng) and 唔 (m) have no initial."""
    found = _JYUTPING.fullmatch(syllable)
    return (found[1] or "", found[2]) if found else ("", syllable)


def _heads(syllable: str) -> list[str]:
    """The letters with which Hong Kong begins to write it."""
    initial, final = _parted(syllable)
    if initial == "j":
        return ["y", final[0]] if final in _YU else ["y"]
    return [head or final[0] for head in _INITIALS.get(initial, initial).split("|")]


@cache
def _spelt(syllable: str) -> str:
    """A pattern for the ways in which Hong Kong writes a Jyutping syllable.

    >>> bool(re.fullmatch(_spelt("zoeng"), "cheung")), bool(re.fullmatch(_spelt("ng"), "ng"))
    (True, True)
    """
    initial, final = _parted(syllable)
    if initial == "j" and final in _YU:
        return f"(?:{_YU[final]})"
    heads = "y" if initial == "j" else _INITIALS.get(initial, initial)
    return f"(?:{heads})(?:{_FINALS.get(final, final)})"


class _Spelling:
    """Patterns for the ways in which one Chinese name is spelt: the whole, its parts, its initials."""

    def __init__(self, family: str, given: list[str], heads: list[str]) -> None:
        rest = "".join(given)
        self.whole = re.compile(f"{family}{rest}|{rest}{family}")
        self.family, self.given = re.compile(family), re.compile(rest)
        first, *others = [f"[{''.join(sorted(set(each)))}]" for each in heads]
        self.initials = re.compile(f"{first}(?:{''.join(others)})?")


@lru_cache(maxsize=1 << 13)
def _spellings(name: str) -> list[tuple[System, _Spelling]]:
    """Of a Chinese name, pinyin first; of other signs none."""
    surname, given = surnames.split(name)
    sounds = [[reading[0] for reading in readings(char)] for char in given]
    found: list[tuple[System, _Spelling]] = []
    if given and all(each.isascii() for sound in sounds for each in sound):
        family = _either("".join(map(_pinyin, each.split())) for each in surname_readings(surname))
        heads = ["".join(each[0] for each in sound) for sound in sounds]
        spelt = [_either(map(_pinyin, sound)) for sound in sounds]
        found.append(("pinyin", _Spelling(family if surname else "", spelt, heads)))
    if given and (whole := cantonese(name)):
        families = ["".join(map(_spelt, each[: len(surname)])) for each in whole]
        rest = whole[0][len(surname) :]
        heads = ["".join(head[:1] for head in _heads(each)) for each in rest]
        found.append(("cantonese", _Spelling(_either(families), list(map(_spelt, rest)), heads)))
    return found


def _either(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(dict.fromkeys(patterns))})"


def _pinyin(syllable: str) -> str:
    return re.escape(syllable).replace("v", "(?:v|u|yu)")


@lru_cache(maxsize=1 << 16)
def system(latin: str, chinese: str) -> System | None:
    """How the key of a Latin name spells a Chinese one, surname first or last; None when it does not.

    >>> system("fu weiqiang", "符玮强"), system("siu-ming chan", "陈小明"), system("w. wang", "王伟")
    ('pinyin', 'cantonese', 'initials')
    >>> system("au yeung wai", "欧阳伟"), system("chen wei", "符玮强"), system("zhang x. q.", "张小强")
    ('cantonese', None, 'initials')
    """
    words = _WORDS.findall(latin.replace("'", ""))
    if not words or len(chinese) > _LONGEST or "·" in chinese:
        return _parts_spelt(words, chinese)
    joined = "".join(words)
    found = _spellings(chinese)
    whole = next((name for name, each in found if each.whole.fullmatch(joined)), None)
    if whole is None and any(_initials(words, each) for _, each in found):
        return "initials"
    return whole


def spells_part(latin: str, chinese: str) -> bool:
    """Whether a Latin word (or words) spells a Chinese surname, or a given name, that stands alone.

    >>> spells_part("chan", "陈"), spells_part("siu-ming", "小明"), spells_part("ouyang", "欧阳")
    (True, True, True)
    >>> spells_part("wong", "陈")
    False
    """
    joined = "".join(_WORDS.findall(latin.replace("'", "")))
    if not joined or len(chinese) > _LONGEST:
        return False
    found = [each.given for _, each in _spellings(f"王{chinese}")]
    if surnames.split(f"{chinese}一")[0] == chinese:
        found += [each.family for _, each in _spellings(f"{chinese}一")]
    return any(spelt.fullmatch(joined) for spelt in found)


def _parts_spelt(words: list[str], chinese: str) -> System | None:
    """A name with a middle dot in pinyin, its parts in their order."""
    joined = "".join(words)
    if not joined or "·" not in chinese:
        return None
    plain = ("".join(part for part in each if part != "·") for each in readings(chinese))
    return "pinyin" if joined in plain else None


def _initials(words: list[str], each: _Spelling) -> bool:
    """Whether the surname is written out, first or last, and of the given name only initials."""
    if len(words) < 2:
        return False
    ends = ((words[0], words[1:]), (words[-1], words[:-1]))
    return any(
        each.family.fullmatch(family) is not None and each.initials.fullmatch("".join(rest)) is not None
        for family, rest in ends
    )


def initials(latin: str) -> int:
    """How many letters stand beside the surname, which is the longest word.

    >>> initials("wang x. m."), initials("x.m. wang")
    (2, 2)
    """
    words = _WORDS.findall(latin.replace("'", ""))
    return sum(map(len, words)) - max(map(len, words))


def abbreviates(short: str, full: str) -> bool:
    """Whether a Latin name has the surname of another and initials of its given name.

    >>> abbreviates("w. wang", "wang wei"), abbreviates("wang w.", "li wei"), abbreviates("li w", "li wei na")
    (True, False, True)
    """
    for family, *rest in orders(full):
        letters = "".join(word[0] for word in rest)
        if any(one == family and "".join(others) in (letters, letters[:1]) for one, *others in orders(short)):
            return bool(letters)
    return False


def has_family(latin: str, masked: str) -> bool:
    """Whether a Latin name may have the surname that begins a masked Chinese one.

    >>> has_family("siu ming chan", "陈某某"), has_family("li wei", "陈某某")
    (True, False)
    """
    surname = surnames.split(masked)[0]
    families = [each.family for _, each in _spellings(f"{surname}一")] if surname else []
    words = _WORDS.findall(latin)
    heads = ["".join(words[:2]), *words] if words else []
    return any(family.fullmatch(head) for family in families for head in heads)


def orders(latin: str) -> list[tuple[str, ...]]:
    """The words of a Latin name in the orders in which its surname may stand: three at most.

    >>> orders("fu weiqiang"), orders("chan siu-ming")[1:]
    ([('fu', 'weiqiang'), ('weiqiang', 'fu')], [('siu', 'ming', 'chan'), ('ming', 'chan', 'siu')])
    """
    words = _WORDS.findall(latin.replace("'", ""))[:_LONGEST]
    if not words:
        return []
    turned = (words, [*words[1:], *words[:1]], [*words[-1:], *words[:-1]])
    return list(dict.fromkeys(map(tuple, turned)))


@lru_cache(maxsize=1 << 14)
def skeleton(words: tuple[str, ...]) -> str:
    """The consonants of a spelling, with those that are written for one another put together: a key.

    >>> skeleton(("cheung", "siu", "ming")), skeleton(("tsui", "chi", "man"))
    ('cgsmg', 'ccmn')
    """
    found = (each for word in words for each in _SKELETON.findall(word))
    return "".join(_CLASSES.get(each, each) for each in found)


def given_keys(latin: str) -> list[str]:
    """Skeletons of what may be the given name of a Latin one, whichever word the surname is: four at most.

    >>> given_keys("chan siu-ming"), given_keys("au yeung ka wai")
    (['smg', 'mgcn', 'cns'], ['gk', 'k'])
    """
    turned = orders(latin)
    rests = [words[1:] for words in turned] + [words[2:] for words in turned[:1] if len(words) > 3]
    return list(dict.fromkeys(map(skeleton, rests)))


@lru_cache(maxsize=1 << 14)
def cantonese_key(chars: str) -> str:
    """Skeleton of how Hong Kong writes Chinese characters; those of unknown reading stand for themselves.

    >>> cantonese_key("小明") == skeleton(("siu", "ming")), cantonese_key("喆𪸩")
    (True, 'cd𪸩')
    """
    known = _cantonese()
    return "".join(_bare(known[char][0]) if char in known else char for char in chars)


@cache
def _bare(syllable: str) -> str:
    initial, final = _parted(syllable)
    begins = "" if initial == "j" else _CLASSES.get(initial, initial)
    ends = _ENDS.search(final)
    return begins + (_CLASSES.get(ends[0], ends[0]) if ends else "")


__all__ = [
    "System",
    "abbreviates",
    "cantonese",
    "cantonese_key",
    "given_keys",
    "has_family",
    "initials",
    "is_latin",
    "orders",
    "skeleton",
    "system",
]
