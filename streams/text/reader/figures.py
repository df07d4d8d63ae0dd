"""The figures of each pair of names that the second step sees beside the first opinions: what is told of
both, where they stand, and what stands around the substance and around others of the text."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

import numpy as np

from schemas.reference import substances
from streams.text.reader.cast import DEED_CODES, DEED_NAMES, Cast
from streams.text.reader.events import DEEDS
from streams.text.reader.groups import others, totals
from streams.text.reader.scene import CODE, SIGN
from streams.text.reader.sheet import MOST_PEOPLE, Sheet, places_of, ragged
from streams.text.reader.viterbi import Floats

_FAR = 99
_RIVALS = tuple(DEED_NAMES.index(name) for name in ("卖", "买", "查", "持", "含"))
"""Deeds of which it matters whether another substance stands beside them."""
_OWN = tuple(DEED_NAMES.index(name) for name in ("卖", "查", "持", "买"))
_BESIDE = (
    (1, "量"), (1, "("), (-1, "疑"), (-1, "俗"), (-1, "含"), (-1, "毒品"), (-1, "("), (1, "含"), (1, ")"),
    (-1, "量"),
)  # fmt: skip
_D = SIGN["substance"]
_CALLED = "(?:俗称的?|俗名|又称|即|也称|别名)?[：:“]?"
_IS_ALIAS = re.compile(rf"{_D}[”）)]?[（(]{_CALLED}$")
_HAS_ALIAS = re.compile(rf"[”]?[（(]{_CALLED}{_D}")
_IS_CALLED = re.compile("(?:俗称|俗名|又称|俗称的|绰号|外号|别名|小名)[：:“]{0,2}$")
_LEADS, _FOLLOWS = frozenset("（(称的名即号：:“"), frozenset("”（(")
"""The characters before and behind a name of which the patterns above need one."""
_NO_ALIAS = (False, False, False, False, True)
_REACH = 8
_OFTEN = 8


def figures_of(sheet: Sheet, cast: Cast) -> tuple[Floats, Floats]:
    """The figures of all pairs of people, and of all of a person and a substance."""
    people, goods = np.flatnonzero(sheet.of_people == 1), np.flatnonzero(sheet.of_people == 0)
    common = _common(sheet, cast)
    alias = np.concatenate([_aliases(sheet), _variants(sheet)], axis=1)
    one, two = sheet.subject[people], sheet.target[people]
    of_people = (
        common[people], sheet.told[people], sheet.told_back[people], sheet.done[two], alias[two], alias[one],
    )  # fmt: skip
    one, two = sheet.subject[goods], sheet.target[goods]
    of_goods = (
        common[goods], _of_goods(sheet, cast)[two], alias[two], alias[one],
        _subject_there(sheet, cast)[goods],
    )  # fmt: skip
    return np.concatenate(of_people, axis=1), np.concatenate(of_goods, axis=1)


def _common(sheet: Sheet, cast: Cast) -> Floats:
    pairs, text, names = len(sheet.subject), sheet.pair_text, (sheet.subject, sheet.target)
    one, two, pair = sheet.told_one, sheet.told_two, sheet.told_pair
    nearest = [np.full(pairs, _FAR) for _ in range(3)]
    for column, numbers in zip(
        nearest, (np.arange(len(sheet.code)), sheet.clause, sheet.sentence), strict=True
    ):
        np.minimum.at(column, pair, np.abs(numbers[one] - numbers[two]))
    columns = [
        *nearest,
        np.bincount(pair[one < two], minlength=pairs) > 0,
        np.bincount(pair[one == two], minlength=pairs) > 0,
        np.bincount(pair, minlength=pairs),
    ]
    for name in names:
        columns += [
            cast.accused[name],
            cast.user[name],
            np.minimum(sheet.rank[name], 6),
            np.minimum(sheet.count[name], _OFTEN),
        ]
    columns += [cast.number[sheet.subject], cast.accused_people[text], cast.people[text], cast.goods[text]]
    told = totals(sheet.done[:, : len(DEEDS)], sheet.text_of, sheet.texts)
    return np.concatenate(
        [np.stack(columns, axis=1), sheet.crimes[text], sheet.done[sheet.subject], told[text]], axis=1
    ).astype(np.float32)


def _aliases(sheet: Sheet) -> Floats:
    """How often each name stands in brackets behind a substance, behind “called”, in brackets otherwise,
    before a substance in brackets, and in none of these ways."""
    text = "".join(map(chr, sheet.chars.tolist()))
    rows = []
    for at in sheet.place_char.tolist():
        if text[at - 1] not in _LEADS and text[at + 1] not in _FOLLOWS:
            rows.append(_NO_ALIAS)
            continue
        before = text[at - _REACH + 1 : at] if at >= _REACH else text[:at]
        behind = text[at + 1 : at + _REACH]
        alias, called = bool(_IS_ALIAS.search(before)), bool(_IS_CALLED.search(before))
        opened, has = before[-1:] in "（(", bool(_HAS_ALIAS.match(behind))
        kind = (alias, called and not alias, opened and not alias and not called, has)
        rows.append((*kind, not any(kind)))
    counted = np.array(rows, dtype=np.float32).reshape(-1, 5)
    return totals(counted, sheet.place_name, len(sheet.text_of))


def _variants(sheet: Sheet) -> Floats:
    """Whether a longer name of the same text begins with or holds each name, how often that stands, and
    the same of a shorter one: 林某 and 林某某 may be one."""
    table = np.zeros((len(sheet.text_of), 4), dtype=np.float32)
    bounds = np.searchsorted(2 * sheet.text_of + 1 - sheet.is_person, np.arange(2 * sheet.texts + 1)).tolist()
    counts = np.minimum(sheet.count, _OFTEN).tolist()
    for first, last in pairwise(bounds):
        last = min(last, first + MOST_PEOPLE)
        for one in range(first, last):
            name = sheet.spelt[one]
            for two in range(first, last):
                if one != two and name in sheet.spelt[two]:
                    table[one, :2] = 1 + sheet.spelt[two].startswith(name), max(table[one, 1], counts[two])
                    table[two, 2:] = 1 + sheet.spelt[two].startswith(name), max(table[two, 3], counts[one])
    return table


def _of_goods(sheet: Sheet, cast: Cast) -> Floats:
    """Of each name the deeds around it, those around other substances, and what it is a name of."""
    names, at = len(sheet.text_of), sheet.place_token
    bits = np.arange(len(DEED_CODES))
    in_clause, in_sentence = (
        (found[at][:, None] >> bits & 1).astype(np.float32) for found in (cast.in_clause, cast.in_sentence)
    )
    codes = np.array(DEED_CODES)
    before, behind = cast.before[at][:, None] == codes, cast.behind[at][:, None] == codes
    beside = np.stack([sheet.code[at + step] == CODE[word] for step, word in _BESIDE], axis=1)
    zones = totals(
        np.concatenate([in_clause, in_sentence, before, behind, beside], axis=1), sheet.place_name, names
    )
    wide = len(DEED_CODES)
    rivals = [start * wide + deed for start in range(3) for deed in _RIVALS]
    is_goods = sheet.is_person == 0
    lowest = np.where(is_goods[:, None], zones[:, rivals], -1)
    other = np.stack([others(column, sheet.text_of, sheet.texts)[0] for column in lowest.T], axis=1)
    is_last = sheet.rank == cast.goods[sheet.text_of] - 1
    return np.concatenate([zones, other, is_last[:, None], _same_goods(sheet, zones)], axis=1).astype(
        np.float32
    )


def _same_goods(sheet: Sheet, zones: Floats) -> Floats:
    """Whether the name is a substance's own, an alias or slang, and whether another name of the same
    substance stands in the text: before, behind, and where it is sold, seized or examined."""
    table = np.zeros((len(sheet.text_of), 7), dtype=np.float32)
    wide, sell, seize, examine = len(DEED_CODES), 0, DEED_NAMES.index("查"), DEED_NAMES.index("含")
    told = zones[:, [sell, wide + sell, wide + seize, examine]]
    known: dict[tuple[int, str], list[int]] = {}
    for name in np.flatnonzero(sheet.is_person == 0).tolist():
        code, level = _substance(sheet.spelt[name])
        table[name, 0] = level
        for other in known.setdefault((int(sheet.text_of[name]), code), []):
            table[name, 1] = table[other, 2] = 1
            table[name, 3:] = np.maximum(table[name, 3:], told[other])
            table[other, 3:] = np.maximum(table[other, 3:], told[name])
        known[int(sheet.text_of[name]), code].append(name)
    return table


@lru_cache(maxsize=4096)
def _substance(name: str) -> tuple[str, int]:
    """Which substance a name means, and whether it is its own name (0), an alias (1), slang (2), or only
    holds one of these (3); a name that means none is a substance of its own."""
    name = name.strip('“”"').upper()
    known, ordered = _register()
    if name in known:
        return known[name]
    held = next((known[each] for each in ordered if each in name), None)
    return (name if held is None else held[0]), 3


@lru_cache(maxsize=1)
def _register() -> tuple[dict[str, tuple[str, int]], list[str]]:
    known: dict[str, tuple[str, int]] = {}
    for each in substances.all_substances():
        for level, names in enumerate(((each.name,), each.aliases, each.slang)):
            for name in names:
                known.setdefault(name.upper(), (each.code, level))
    return known, sorted(known, key=lambda name: (-len(name), name))


def _subject_there(sheet: Sheet, cast: Cast) -> Floats:
    """How often the target stands in a clause whose subject is the subject of the pair: in all, and
    where the clause or sentence sells, seizes, holds or buys."""
    tokens = len(sheet.code)
    stands = places_of(np.unique(sheet.place_name * tokens + sheet.place_token))
    first = np.searchsorted(sheet.place_name, np.arange(len(sheet.text_of) + 1))
    pair, place = ragged(first[sheet.target], first[sheet.target + 1])
    at = sheet.place_token[place]
    subject = sheet.subject_at[at]
    same = (subject >= 0) & (stands(sheet.subject[pair] * tokens + np.maximum(subject, 0)) >= 0)
    pair, at = pair[same], at[same]
    told = [
        np.ones(len(at)),
        *(cast.in_clause[at] >> bit & 1 for bit in _OWN),
        cast.in_sentence[at] >> _OWN[0] & 1,
    ]
    table = np.zeros((len(sheet.subject), len(told)), dtype=np.float32)
    np.add.at(table, pair, np.stack(told, axis=1).astype(np.float32))
    return table
