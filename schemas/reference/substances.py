"""Substances (毒品及其他物质): canonical names, aliases and slang, legal status by date, brackets.

The register is `substances.toml`; nothing of it is in code. Aliases are many-to-many and mostly
everyday words (冰, 叶子, 邮票), so slang is marked: a slang word alone is never a lead. Whether a
substance was controlled is judged by the schedule in force on the day of the event.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, TypeGuard

import msgspec
from msgspec import Struct

from schemas.identifiers.parsed import fold
from schemas.reference import tables
from schemas.reference.lexicon import Lexicon

Status = Literal["narcotic", "psychotropic", "precursor", "dangerous_chemical", "medicine", "uncontrolled"]


class Regime(Struct, frozen=True):
    """A legal status from a day on, until the next one; `basis` names the text it rests on."""

    since: str
    status: Status
    basis: str


class Substance(Struct, frozen=True):
    """One substance of the register.

    `bracket_grams` is the amount of 数量大 under 法释〔2016〕8号 (None: none laid down), `brackets`
    those of single forms (leaf, resin, oil of cannabis). `slang` words need a context.
    """

    code: str
    name: str
    cas: str = ""
    aliases: tuple[str, ...] = ()
    slang: tuple[str, ...] = ()
    bracket_grams: float | None = None
    brackets: dict[str, float] = {}
    group: str = ""
    small_grams: float | None = None
    gas_litres_per_gram: float | None = None
    regimes: tuple[Regime, ...] = ()

    def legal_regime(self, on: str) -> Regime | None:
        """The status in force on a day (`2019-10-01`); None before the first known one."""
        past = [regime for regime in self.regimes if regime.since <= on]
        return past[-1] if past else None

    def controlled(self, on: str) -> bool:
        """Whether it was a narcotic or psychotropic drug (毒品) on a day."""
        regime = self.legal_regime(on)
        return regime is not None and regime.status in ("narcotic", "psychotropic")


@cache
def _register() -> dict[str, Substance]:
    rows = tables.toml("substances.toml")["substance"]
    return {row.code: row for row in msgspec.convert(rows, list[Substance])}


def all_substances() -> tuple[Substance, ...]:
    """Every substance of the register, in its order."""
    return tuple(_register().values())


def known(code: str | None) -> TypeGuard[str]:
    """Whether a code is in the register.

    >>> known("heroin"), known("海洛因"), known(None)
    (True, False, False)
    """
    return code in _register()


def substance(code: str) -> Substance:
    """The substance of a code; KeyError when there is none.

    >>> substance("nitrous_oxide").name, substance("nitrous_oxide").cas
    ('氧化亚氮', '10024-97-2')
    """
    return _register()[code]


def same_goods(left: str | None, right: str | None) -> bool:
    """Whether two codes may mean one delivery's goods: equal, unknown, or one made of the other.

    >>> same_goods("methamphetamine_tablets", "methamphetamine"), same_goods("heroin", "ketamine")
    (True, False)
    """
    if left is None or right is None or left == right:
        return True
    register = _register()
    one, two = register.get(left), register.get(right)
    return (one is not None and one.group == right) or (two is not None and two.group == left)


@cache
def _terms() -> dict[str, tuple[str, bool]]:
    """Each name and alias, folded, with its code and whether it is slang; names beat slang."""
    terms: dict[str, tuple[str, bool]] = {}
    for row in _register().values():
        for word in row.slang:
            terms.setdefault(_fold(word), (row.code, True))
    for row in _register().values():
        for word in (row.name, row.code, row.cas, *row.aliases):
            if word:
                terms[_fold(word)] = (row.code, False)
    return terms


def _fold(text: str) -> str:
    return fold(text).casefold()


@cache
def _shared() -> frozenset[str]:
    """Words that several substances bear."""
    owners: dict[str, set[str]] = {}
    for row in _register().values():
        for word in filter(None, (row.name, row.code, row.cas, *row.aliases, *row.slang)):
            owners.setdefault(_fold(word), set()).add(row.code)
    return frozenset(word for word, codes in owners.items() if len(codes) > 1)


@lru_cache(maxsize=4096)
def lookup(name: str) -> str | None:
    """The code of a substance as a field names it; slang counts, a field says what it speaks of.

    None for an unknown word and for one that several substances bear.

    >>> lookup("甲基苯丙胺（冰毒）"), lookup(" 笑气 "), lookup("K粉"), lookup("面粉")
    ('methamphetamine', 'nitrous_oxide', 'ketamine', None)
    """
    plain = _fold(name)
    if plain in _terms():
        return None if plain in _shared() else _terms()[plain][0]
    codes = {code for _, _, code, slang in find_in(name) if not slang}
    if not codes:
        codes = {_terms()[part][0] for part in _parts(plain) if part in _terms() and part not in _shared()}
    codes -= {substance(code).group for code in codes}
    return codes.pop() if len(codes) == 1 else None


def _parts(plain: str) -> list[str]:
    """What stands outside and inside brackets and quotes: 甲基苯丙胺（冰毒）, 疑似“气弹”."""
    stripped = re.sub(r"^(?:疑似|毒品|可疑|含有?)+|(?:成分|毒品|晶体|粉末)$", "", plain)
    return [stripped, *(part.strip() for part in re.split(r"[()（）“”\"'‘’、,，/]", stripped))]


@cache
def _lexicon() -> Lexicon:
    """The terms, and longer everyday words (冰箱) that would otherwise yield a slang word."""
    return Lexicon([*_terms(), *tables.toml("substances.toml")["everyday"]["words"]])


def find_in(text: str) -> list[tuple[int, int, str, bool]]:
    """Substances named in a text: (start, end, code, is_slang), longest match first, linear time.

    Positions are code points of the text as given. Words that several substances bear are left out.

    >>> find_in("买了5克冰毒和两盒气弹")
    [(4, 6, 'methamphetamine', False), (9, 11, 'nitrous_oxide', True)]
    """
    words, shared = _terms(), _shared()
    return [
        (start, end, *words[term])
        for start, end, term in _lexicon().find(_same_length(text))
        if term in words and term not in shared
    ]


def _same_length(text: str) -> str:
    """Lower case with plain letters and digits for full-width ones, one for one."""
    plain = text.translate(_FULL_WIDTH) if _WIDE.search(text) else text
    lowered = plain.lower()
    return lowered if len(lowered) == len(text) else plain


_WIDE = re.compile("[\uff01-\uff5e\u3000]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
