"""Who is who in each scene of a sheet: the accused, users and buyers, and where deeds are told."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from streams.text.reader.scene import CODE
from streams.text.reader.sheet import Sheet
from streams.text.reader.symbols import Array
from streams.text.reader.viterbi import Bools

DEED_NAMES = (
    "卖", "买", "容留", "供", "吸", "查", "持", "交", "交易", "运", "用于", "抓", "含",
)  # fmt: skip
DEED_CODES = tuple(CODE[name] for name in DEED_NAMES)
ROLES = ("人", "被告", "客", "独被告", "毒")
"""A person, an accused, a user or buyer, the only accused, and a substance."""


class Cast(Struct, frozen=True):
    """Of each name its role, whether it is accused or a user, and its number among the accused; of each
    text how many people, goods and accused it has, and which deeds it tells (a bit each); of each token
    the deeds of its sentence and clause, the nearest deed before and behind it in its clause (a code, 0
    for none), and for all tokens where the next and last deed stands."""

    role: Array
    accused: Array
    user: Array
    number: Array
    people: Array
    goods: Array
    accused_people: Array
    deeds: Array
    in_sentence: Array
    in_clause: Array
    before: Array
    behind: Array
    next_deed: Array
    last_deed: Array


def cast_of(sheet: Sheet) -> Cast:
    """The cast of all scenes."""
    names, person = len(sheet.text_of), sheet.is_person == 1
    led = sheet.code[sheet.place_token - 1]
    accused = _any(led == CODE["被告"], sheet.place_name, names) & person
    user = _any(led == CODE["客"], sheet.place_name, names) & person
    many = np.bincount(sheet.text_of[accused], minlength=sheet.texts)
    role = np.where(accused, np.where(many[sheet.text_of] == 1, 3, 1), np.where(user, 2, 0))
    is_deed = np.isin(sheet.code, DEED_CODES)
    place, end = np.arange(len(sheet.code)), len(sheet.code) - 1
    last = np.maximum.accumulate(np.where(is_deed, place, 0))
    following = np.minimum.accumulate(np.where(is_deed, place, end)[::-1])[::-1]
    return Cast(
        role=np.where(person, role, ROLES.index("毒")),
        accused=accused.astype(np.int64),
        user=user.astype(np.int64),
        number=_numbered(accused, sheet.text_of),
        people=np.bincount(sheet.text_of[person], minlength=sheet.texts),
        goods=np.bincount(sheet.text_of[~person], minlength=sheet.texts),
        accused_people=many,
        deeds=_deeds_of(sheet),
        in_sentence=_deeds_in(sheet.code, sheet.sentence),
        in_clause=_deeds_in(sheet.code, sheet.clause),
        before=_within(sheet, np.concatenate([[0], last[:-1]])),
        behind=_within(sheet, np.concatenate([following[1:], [end]])),
        next_deed=following,
        last_deed=last,
    )


def _any(what: Bools, group: Array, groups: int) -> Bools:
    found: Bools = np.bincount(group[what], minlength=groups) > 0
    return found


def _numbered(chosen: Bools, group: Array) -> Array:
    """The number of each chosen one within its group, from 1; groups lie together."""
    running = np.cumsum(chosen)
    first = np.searchsorted(group, group)
    before = np.where(first > 0, running[first - 1], 0)
    numbered: Array = np.where(chosen, running - before, 0)
    return numbered


def _deeds_of(sheet: Sheet) -> Array:
    found = np.zeros(sheet.texts, dtype=np.int64)
    for bit, deed in enumerate(DEED_CODES):
        found[sheet.text[sheet.code == deed]] |= 1 << bit
    return found


def _deeds_in(code: Array, group: Array) -> Array:
    """A bit for each deed that the group of a token tells; padding is of no group."""
    found = np.zeros(int(group.max()) + 1, dtype=np.int64)
    for bit, deed in enumerate(DEED_CODES):
        found[group[code == deed]] |= 1 << bit
    return found[group]


def _within(sheet: Sheet, at: Array) -> Array:
    """The deeds at places, where they are in the same clause and deeds at all."""
    same = (sheet.clause[at] == sheet.clause) & np.isin(sheet.code[at], DEED_CODES)
    codes: Array = np.where(same, sheet.code[at], 0)
    return codes
