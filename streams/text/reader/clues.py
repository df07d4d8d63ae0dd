"""What speaks for and against a relation of two names, as numbers that can be spelt out.

A clue is a template with what stands in its places: codes of words, characters, counts. It is one whole
number, so that the clues of many pairs are made and looked up together. 甲 is the subject, 乙 the other.
Clues are made of the masked text, so they hold no name that was recognised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from zlib import crc32

import numpy as np
from msgspec import Struct

from schemas.reference import substances
from streams.text.reader.cast import DEED_CODES, DEED_NAMES, ROLES, Cast, cast_of
from streams.text.reader.features import numbers
from streams.text.reader.scene import CODE, CODES, SHOWN
from streams.text.reader.sheet import CRIMES, Sheet, ragged, sheet_of
from streams.text.reader.symbols import Array
from streams.text.reader.viterbi import Bools, Floats

_SHIFT = 50
_SMALL, _CHARS = 128, 2048
"""How many values a place of a template has: a code or count, and a character."""
_OF_NAMES, _AS_TARGET = 1_000, 1_000
"""Templates about one name are numbered from the first; where it is 乙, by so much more."""
_FIRST_END, _SECOND_END = 126, 127
"""Stand in n-grams for the two names themselves."""
_LONGEST_WAY = 5
_WAYS = ("甲乙", "乙甲")


class Clues(Struct, frozen=True):
    """Clues with the row that each belongs to and how much it counts."""

    row: Array
    key: Array
    weight: Floats


class Template(Struct, frozen=True):
    """A kind of clue; `places` has a letter for each value: w(ay), c(ode), x (character), n(umber),
    r(ole), d(eed), k (crime), s(ubstance)."""

    number: int
    name: str
    places: str


class _Gathered:
    """Clues as they are made; templates are numbered in the order of the calls, which is always the same."""

    def __init__(self, first: int) -> None:
        self._first = first
        self.templates: list[Template] = []
        self._rows: list[Array] = []
        self._keys: list[Array] = []

    def add(self, name: str, places: str, rows: Array, *values: Array) -> None:
        number = self._first + len(self.templates)
        self.templates.append(Template(number, name, places))
        base = _CHARS if "x" in places else _SMALL
        key = values[0].astype(np.int64)
        for value in values[1:]:
            key = key * base + value
        self._rows.append(rows)
        self._keys.append(key + (number << _SHIFT))

    def all(self) -> tuple[Array, Array]:
        return np.concatenate(self._rows), np.concatenate(self._keys)


def clues_of_names(sheet: Sheet, chars: Array) -> Clues:
    """What stands around each name, each clue once; `as_target` tells them of 乙."""
    rows, keys = _around(sheet, chars).all()
    order = np.lexsort((keys, rows))
    rows, keys = rows[order], keys[order]
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (rows[1:] != rows[:-1]) | (keys[1:] != keys[:-1])
    return Clues(rows[new], keys[new], np.ones(int(new.sum()), dtype=np.float32))


def as_target(key: Array) -> Array:
    """Clues about names where the name is not the subject but 乙."""
    return key + (_AS_TARGET << _SHIFT)


def _around(sheet: Sheet, chars: Array) -> _Gathered:
    found = _Gathered(_OF_NAMES)
    name, code, at = sheet.place_name, sheet.code, sheet.place_token
    for step in (-3, -2, -1, 1, 2, 3):
        found.add(f"旁{step}", "c", name, code[at + step])
    found.add("旁--", "cc", name, code[at - 2], code[at - 1])
    found.add("旁++", "cc", name, code[at + 1], code[at + 2])
    found.add("旁-+", "cc", name, code[at - 1], code[at + 1])
    _add_chars(found, name, chars, {"列": (sheet.start[at], sheet.until[at])}, 4)
    _add_chars(found, name, chars, {"名": (sheet.place_char, sheet.place_char + 1)}, 3)
    found.add("列中", "nn", name, np.minimum(sheet.place_rank, 3), np.minimum(sheet.place_held, 4))
    numbered = zip(sheet.is_person.tolist(), sheet.spelt, strict=True)
    named = np.array([0 if person else _substance(each) for person, each in numbered], dtype=np.int64)
    known = np.flatnonzero(named)
    found.add("叫", "s", known, named[known])
    return found


def _add_chars(
    found: _Gathered, rows: Array, chars: Array, ends: Mapping[str, tuple[Array, Array]], most: int
) -> None:
    """The characters before and behind what begins and ends at places."""
    for name, (start, until) in ends.items():
        for size in range(1, most + 1):
            found.add(f"{name}[", "x" * size, rows, *(chars[start - step] for step in range(size, 0, -1)))
            found.add(f"{name}]", "x" * size, rows, *(chars[until + step] for step in range(size)))
        found.add(f"{name}[]", "xx", rows, chars[start - 1], chars[until])
        around = (chars[start - 2], chars[start - 1], chars[until], chars[until + 1])
        found.add(f"{name}[[]]", "xxxx", rows, *around)


def _substance(name: str) -> int:
    number = crc32(name.strip("“”").upper().encode("utf-8", "surrogatepass"))
    return number if number in _substances() else 0


@cache
def _substances() -> dict[int, str]:
    """The names of the register by number: no other name of a substance is a clue."""
    names = {name for each in substances.all_substances() for name in (each.name, *each.aliases, *each.slang)}
    return {crc32(name.upper().encode()): name for name in names}


def clues_of_pairs(sheet: Sheet, cast: Cast, chars: Array) -> Clues:
    """What a text says of each pair of names, and what stands between and around their mentions."""
    names, told = _of_roles(sheet, cast), _Told(sheet, cast, chars)
    rows, keys = names.all()
    told_rows, told_keys = told.found.all()
    many = np.maximum(np.bincount(sheet.told_pair, minlength=len(sheet.subject)), 1)
    weight = np.concatenate([np.ones(len(rows)), 1 / np.sqrt(many[told_rows])]).astype(np.float32)
    return Clues(np.concatenate([rows, told_rows]), np.concatenate([keys, told_keys]), weight)


def _of_roles(sheet: Sheet, cast: Cast) -> _Gathered:
    found = _Gathered(0)
    rows, text = np.arange(len(sheet.subject)), sheet.pair_text
    one, two = sheet.subject, sheet.target
    roles = cast.role[one], cast.role[two]
    many = np.where(sheet.of_people == 1, np.minimum(cast.people[text], 5), np.minimum(cast.goods[text], 4))
    is_last = np.where(sheet.of_people == 1, 0, sheet.rank[two] == cast.goods[text] - 1)
    for side, name, role in (("甲", one, roles[0]), ("乙", two, roles[1])):
        rank = np.minimum(sheet.rank[name], 4)
        found.add(f"{side}次", "rn", rows, role, rank)
        found.add(f"{side}人数", "rn", rows, role, np.minimum(cast.people[text], 4))
        found.add(f"{side}数次", "rnn", rows, role, np.minimum(many, 5), rank)
        found.add(f"{side}被告数", "rn", rows, role, np.minimum(cast.accused_people[text], 3))
        found.add(f"{side}现", "rn", rows, role, np.minimum(sheet.count[name], 4))
    ranks = np.minimum(sheet.rank[one], 3), np.minimum(sheet.rank[two], 3)
    found.add("两次", "rnrn", rows, roles[0], ranks[0], roles[1], ranks[1])
    found.add("两数次", "rrnnn", rows, *roles, many, ranks[1], is_last)
    for bit, _ in enumerate(DEED_CODES):
        has = cast.deeds[text] >> bit & 1
        found.add("文", "drrn", rows, np.full(len(rows), bit), *roles, has)
    for number in range(len(CRIMES)):
        yes = np.flatnonzero(sheet.crimes[text, number])
        of = np.full(len(yes), number), roles[0][yes], roles[1][yes]
        found.add("罪", "krr", yes, *of)
        found.add("罪次", "krrn", yes, *of, ranks[1][yes])
    return found


class _Told:
    """The clues of each pair of places that may tell of a deed of two names."""

    def __init__(self, sheet: Sheet, cast: Cast, chars: Array) -> None:
        self.found = _Gathered(200)
        self._sheet, self._cast, self._chars = sheet, cast, chars
        same = np.flatnonzero(sheet.told_one == sheet.told_two)
        self.found.add("同列", "n", sheet.told_pair[same], np.zeros(len(same), dtype=np.int64))
        apart = np.flatnonzero(sheet.told_one != sheet.told_two)
        self._rows, self._one, self._two = (
            sheet.told_pair[apart],
            sheet.told_one[apart],
            sheet.told_two[apart],
        )
        self._way = (self._one > self._two).astype(np.int64)
        self._left, self._right = np.minimum(self._one, self._two), np.maximum(self._one, self._two)
        self._add_between()
        self._add_ends()
        self._add_chars()
        self._add_deeds()

    def _add(self, name: str, places: str, *values: Array) -> None:
        self.found.add(name, "w" + places, self._rows, self._way, *values)

    def _add_some(self, name: str, places: str, some: Bools, *values: Array) -> None:
        chosen = np.flatnonzero(some)
        self.found.add(
            name, "w" + places, self._rows[chosen], self._way[chosen], *(v[chosen] for v in values)
        )

    def _add_between(self) -> None:
        sheet, left, right = self._sheet, self._left, self._right
        code = sheet.code
        people = np.cumsum(code == CODE["人"])
        others = np.minimum(people[right - 1] - people[left], 3)
        clauses = np.minimum(sheet.clause[right] - sheet.clause[left], 4)
        self._add("隔", "n", clauses)
        self._add("隔人", "nn", np.minimum(clauses, 3), others)
        self._add("句隔", "n", np.minimum(sheet.sentence[right] - sheet.sentence[left], 2))
        self._add("前后隔", "ccn", code[left - 1], code[right + 1], clauses)
        for size in range(_LONGEST_WAY + 1):
            whole = [code[np.minimum(left + 1 + step, right)] for step in range(size)]
            self._add_some(
                "间全", "n" + "c" * size, right - left - 1 == size, np.full(len(left), size), *whole
            )
        for size in (1, 2, 3, 4):
            owner, place = ragged(left + 1, right - size + 1)
            grams = (code[place + step] for step in range(size))
            self.found.add("间", "w" + "c" * size, self._rows[owner], self._way[owner], *grams)

    def _add_ends(self) -> None:
        """The n-grams of words that hold one of the two names."""
        code, left, right = self._sheet.code, self._left, self._right
        for size in (2, 3, 4):
            for first in range(1 - size, 1):
                self._add_gram("左", size, first, left, right - left > first + size - 1)
                self._add_gram("右", size, first, right, right + first > left)
        for size in (2, 3):
            self._add("<", "c" * size, *(code[left - step] for step in range(size, 0, -1)))
            self._add(">", "c" * size, *(code[right + step] for step in range(1, size + 1)))
        self._add("<>", "ccc", code[left - 1], code[right + 1], code[right + 2])

    def _add_gram(self, name: str, size: int, first: int, at: Array, fits: Bools) -> None:
        code, end = self._sheet.code, _FIRST_END if name == "左" else _SECOND_END
        steps = range(first, first + size)
        values = (np.full(len(at), end) if step == 0 else code[at + step] for step in steps)
        self._add_some(name, "c" * size, fits, *values)

    def _add_chars(self) -> None:
        chars, sheet = self._chars, self._sheet
        ends = [(sheet.start[at], sheet.until[at]) for at in (self._left, self._right)]
        for name, (start, until) in zip(("左", "右"), ends, strict=True):
            for size in (1, 2, 3, 4):
                self._add(f"{name}[", "x" * size, *(chars[start - step] for step in range(size, 0, -1)))
                self._add(f"{name}]", "x" * size, *(chars[until + step] for step in range(size)))
        (start, until), (second, beyond) = ends
        self._add("左]右[", "xx", chars[until], chars[second - 1])
        self._add("左]右]", "xx", chars[until], chars[beyond])
        self._add("左[右[", "xx", chars[start - 1], chars[second - 1])

    def _add_deeds(self) -> None:
        """Which deed is told between and around, and who else might have done it."""
        sheet, cast, left, right = self._sheet, self._cast, self._left, self._right
        following, last = cast.next_deed[left + 1], cast.last_deed[right - 1]
        first = np.where(following < right, sheet.code[following], 0)
        final = np.where(last > left, sheet.code[last], 0)
        before, behind = cast.before[right], cast.behind[right]
        self._add("首", "c", first)
        self._add("末后", "cc", final, behind)
        self._add("前后", "cc", before, behind)
        self._add("首末", "cc", first, final)
        self._add("首末后", "ccc", first, final, behind)
        self._add("前首", "cc", cast.before[left], first)
        role = self._standing()
        self._add("位", "n", role)
        for bit, _ in enumerate(DEED_CODES):
            deed = np.full(len(left), bit)
            in_sentence = cast.in_sentence[self._two] >> bit & 1 == 1
            self._add_some("句", "d", in_sentence, deed)
            self._add_some("句位", "dn", in_sentence, deed, role)
            self._add_some("乙句位", "dn", cast.in_clause[self._two] >> bit & 1 == 1, deed, role)
            self._add_some("甲句", "d", cast.in_clause[self._one] >> bit & 1 == 1, deed)

    def _standing(self) -> Array:
        """Whether the subject is the first (1), the nearest before (2), the only (4) person of the
        target's sentence."""
        sheet = self._sheet
        people = np.flatnonzero(sheet.code == CODE["人"])
        first = np.zeros(int(sheet.sentence.max(initial=0)) + 1, dtype=np.int64)
        first[sheet.sentence[people][::-1]] = people[::-1]
        many = np.bincount(sheet.sentence[people], minlength=len(first))
        latest = np.maximum.accumulate(np.where(sheet.code == CODE["人"], np.arange(len(sheet.code)), 0))
        sentence = sheet.sentence[self._two]
        is_first = first[sentence] == self._one
        is_nearest, is_only = latest[self._two - 1] == self._one, is_first & (many[sentence] == 1)
        standing: Array = is_first + 2 * is_nearest + 4 * is_only
        return standing


@cache
def templates() -> dict[int, Template]:
    """All templates by their numbers."""
    empty = sheet_of([])
    cast, chars = cast_of(empty), numbers(empty.chars, np.zeros(0, dtype=np.int64))
    made = (_around(empty, chars), _of_roles(empty, cast), _Told(empty, cast, chars).found)
    found = {template.number: template for each in made for template in each.templates}
    for template in made[0].templates:
        number = template.number + _AS_TARGET
        found[number] = Template(number, f"乙{template.name}", template.places)
    return found


def spelt(key: int, alphabet: Array) -> str:
    """A clue in words; characters outside the alphabet are shown as □."""
    template = templates()[key >> _SHIFT]
    base = _CHARS if "x" in template.places else _SMALL
    low = key & ((1 << _SHIFT) - 1)
    values: list[int] = []
    for place in reversed(template.places):
        base = base if place != "s" else 1 << _SHIFT
        values.insert(0, low % base)
        low //= base
    words = [_shown(place, value, alphabet) for place, value in zip(template.places, values, strict=True)]
    return f"{template.name}:{''.join(words) if 'x' in template.places else ' '.join(words)}"


def _shown(place: str, value: int, alphabet: Array) -> str:
    if place == "x":
        char = chr(int(alphabet[value - 1])) if value else "□"
        return SHOWN.get(char, char)
    if place == "c" and value >= _FIRST_END:
        return "甲乙"[value - _FIRST_END]
    lists: dict[str, Sequence[str]] = {"w": _WAYS, "c": CODES, "r": ROLES, "d": DEED_NAMES, "k": CRIMES}
    if place in lists:
        return lists[place][value]
    return _substances().get(value, "□") if place == "s" else str(value)
