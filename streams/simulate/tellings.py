"""What people tell of one made happening, and what becomes of it on its way: copies, with their truth.

A witness tells what they saw in words of their own, with details of their own. A copy tells nothing new: it
was forwarded, pasted with changes, dictated once more, or two of them were merged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Literal, NamedTuple, TypeVar

from streams.simulate.cell import Maker
from streams.simulate.clock import DAY, at, day
from streams.simulate.sightings import GOODS
from streams.simulate.tables import tellings_table

Kind = Literal["witness", "forwarded", "pasted", "dictated", "merged"]
_C = TypeVar("_C")
COPIES: tuple[Kind, ...] = ("forwarded", "pasted", "dictated", "merged")
_CHANNELS = ["phone", "app", "web", "wechat", "walk_in", "letter"]
_TOLD_ALWAYS = ("when", "where", "deed")
_TOLD_PERHAPS = (
    "who", "amount", "price", "plate", "phone", "look", "company", "habit", "harm", "plea",
)  # fmt: skip
_NOBODY: frozenset[str] = frozenset()
_START, _DAYS = at(2018, 1, 1), 900


class Change(NamedTuple):
    """How much a copy is changed: shares of its characters, and of its clauses."""

    edited: float  # of the characters: left out, doubled, or mistaken by ear
    reworded: float  # of the clauses of what is dictated once more
    cut: float  # chance that a clause is left out, or one added
    hidden: float  # chance that a long number is masked


CHANGES = {
    "light": Change(edited=0.01, reworded=0.25, cut=0.1, hidden=0.0),
    "medium": Change(edited=0.03, reworded=0.4, cut=0.3, hidden=0.05),
    "heavy": Change(edited=0.06, reworded=0.6, cut=0.6, hidden=0.1),
}
"""A forwarded message; one that went through several hands; one from memory, over a bad line."""


class Told(NamedTuple):
    """One tip: its name, when (seconds) and over which channel it was reported, and its text.

    `roots` are the witnesses whose word it is: for a copy those it was made of, else itself. `scene` numbers
    what was to be seen: several may tell of one.
    """

    name: str
    reported: int
    channel: str
    text: str
    kind: Kind
    roots: frozenset[str]
    scene: int


class _Telling(NamedTuple):
    """What one witness says: values, and for each part in order the wordings of its fact and the one
    chosen."""

    values: dict[str, object]
    parts: list[tuple[list[str], int]]

    def clauses(self) -> list[str]:
        return [wordings[chosen].format_map(self.values) for wordings, chosen in self.parts]


class Tellers:
    """Makes happenings, what witnesses tell of them, and copies of that, by a level of change."""

    def __init__(self, seed: int, level: str) -> None:
        self.rng = Random(f"suyuan tellings {seed}")
        self.change = CHANGES[level]
        self._maker = Maker(self.rng)
        self._words = tellings_table()
        self._ears = {char: group for (group,) in self._words["ear"] for char in group}
        self._made = self._scenes = 0
        self._before: tuple[Told, _Telling] | None = None

    def happening(self) -> list[Told]:
        """All tips about one happening: one witness or several, each copied or not."""
        r = self.rng.random
        self._scenes += 1
        values, scene = self._values(), self._scene()
        when = _START + int(r() * _DAYS * DAY)
        told: list[Told] = []
        for _ in range(1 if r() < 0.7 else 2 if r() < 0.8 else 3):
            telling = self._witness(values, scene)
            text = _joined(telling.clauses())
            first = self._told(when + int(r() * 5 * DAY), self._any(_CHANNELS), text, "witness")
            told.append(first)
            if r() < 0.35:
                told += self._copies(first, telling)
            self._before = first, telling
        return told

    def _told(
        self, reported: int, channel: str, text: str, kind: Kind, roots: frozenset[str] = _NOBODY
    ) -> Told:
        self._made += 1
        source = f"46{int(self.rng.random() * 9) + 1:02d}00-{'12345' if roots else '110'}"
        name = f"{source}/M{self._made:08d}"
        return Told(name, reported, channel, text, kind, roots or frozenset((name,)), self._scenes)

    # --- witnesses ----------------------------------------------------------------------------

    def _values(self) -> dict[str, object]:
        r, registry = self.rng.random, self._maker.registry
        person = registry.person()
        goods = GOODS[int(r() * len(GOODS))]
        return {
            "day": day(_START + int(r() * _DAYS * DAY)),
            "hour": 7 + int(r() * 5),
            "place": self._place(),
            "who": person.name,
            "goods": goods.names[int(r() * len(goods.names))],
            "unit": goods.unit,
            "quantity": 1 + int(r() * goods.quantity * 3),
            "price": goods.price,
            "plate": registry.vehicle(person, _START).plate,
            "colour": "黑白银灰红"[int(r() * 5)] + "色",
            "phone": person.phone,
            "count": 2 + int(r() * 5),
        }

    def _place(self) -> str:
        r, tables = self.rng.random, self._maker.tables
        street = self._maker.registry.address(tables.regions[int(r() * len(tables.regions))])
        return f"{street}{tables.venues[int(r() * len(tables.venues))]}" if r() < 0.4 else street

    def _scene(self) -> dict[str, tuple[list[str], int]]:
        """What there was to see: one fact a part, and the wording that comes to everybody's mind."""
        return {part: self._fact(part) for part in (*_TOLD_ALWAYS, *_TOLD_PERHAPS)}

    def _fact(self, part: str) -> tuple[list[str], int]:
        wordings = self._any(self._words[part])
        return wordings, int(self.rng.random() * len(wordings))

    def _witness(self, values: dict[str, object], scene: dict[str, tuple[list[str], int]]) -> _Telling:
        """Most saw the same, and have the same words for it half the time; numbers are as each saw them."""
        r = self.rng.random
        own = dict(values)
        own["hour"] = int(str(values["hour"])) + int(r() * 3) - 1
        own["quantity"] = max(1, round(int(str(values["quantity"])) * (0.5 + r())))
        own["price"] = max(1, round(int(str(values["price"])) * (0.8 + 0.4 * r())))
        own["count"] = 2 + int(r() * 5)
        parts = [part for part in _TOLD_PERHAPS if r() < 0.5]
        if r() < 0.3:
            self.rng.shuffle(parts)
        return _Telling(own, [self._seen(scene[part], part) for part in (*_TOLD_ALWAYS, *parts)])

    def _seen(self, common: tuple[list[str], int], part: str) -> tuple[list[str], int]:
        draw = self.rng.random()
        if draw < 0.5:
            return common
        return self._reworded(common) if draw < 0.8 else self._fact(part)

    def _reworded(self, said: tuple[list[str], int]) -> tuple[list[str], int]:
        return said[0], int(self.rng.random() * len(said[0]))

    def _any(self, choices: list[_C]) -> _C:
        return choices[int(self.rng.random() * len(choices))]

    def _one(self, part: str) -> str:
        return self._any(self._words[part])[0]

    # --- copies -------------------------------------------------------------------------------

    def _copies(self, first: Told, telling: _Telling) -> Iterator[Told]:
        """One copy or several, some of them made of the one before."""
        r = self.rng.random
        last = first
        for _ in range(1 + int(r() * 2.5)):
            kind = COPIES[int(r() * len(COPIES))]
            of = last if r() < 0.3 else first
            reported = of.reported + DAY // 24 + int(r() * 12 * DAY)
            if kind == "merged" and self._before is not None:
                other = self._before[0]
                reported = max(reported, other.reported + DAY // 24)
                text, roots = self._merged(of.text, other.text), of.roots | other.roots
            else:
                kind = "dictated" if kind == "merged" else kind
                roots = first.roots if kind == "dictated" else of.roots
                text = self._dictated(telling) if kind == "dictated" else self._by_hand(kind)(of.text)
            last = self._told(reported, self._way(of, kind), text, kind, roots)
            yield last

    def _way(self, of: Told, kind: Kind) -> str:
        """Who tells it once more mostly keeps to their channel; the others hand on what came in somewhere."""
        kept = 0.8 if kind == "dictated" else 0.5
        return of.channel if self.rng.random() < kept else self._any(_CHANNELS)

    def _by_hand(self, kind: Kind) -> Callable[[str], str]:
        return self._forwarded if kind == "forwarded" else self._pasted

    def _forwarded(self, text: str) -> str:
        """With a head or a tail, pictures, numbers hidden; what does not fit is cut off."""
        r = self.rng.random
        clauses = text.rstrip("。").split("，")
        if r() < self.change.cut / 2 and len(clauses) > 4:
            clauses.pop()
        text = self._hidden("，".join(clauses))
        head = self._one("before") if r() < 0.8 else ""
        tail = self._one("after") if r() < 0.5 else ""
        marks = self._one("mark") * (1 + int(r() * 3)) if r() < 0.6 else ""
        return f"{head}{marks}{text}。{tail}"

    def _pasted(self, text: str) -> str:
        r = self.rng.random
        clauses = text.rstrip("。").split("，")
        if r() < self.change.cut and len(clauses) > 4:
            clauses.pop(int(r() * len(clauses)))
        if r() < self.change.cut:
            clauses.insert(int(r() * (len(clauses) + 1)), self._one("more"))
        return self._edited(self._hidden("，".join(clauses))) + "。"

    def _dictated(self, telling: _Telling) -> str:
        """The same told again: some of it in other words, heard with mistakes, perhaps in another order."""
        r = self.rng.random
        parts = [self._reworded(said) if r() < self.change.reworded else said for said in telling.parts]
        if r() < self.change.cut / 2:
            one, two = int(r() * len(parts)), int(r() * len(parts))
            parts[one], parts[two] = parts[two], parts[one]
        if r() < self.change.cut / 2 and len(parts) > 4:
            parts.pop(int(r() * len(parts)))
        clauses = _Telling(telling.values, parts).clauses()
        told = [self._one("aside") + clause if r() < 0.15 else clause for clause in clauses]
        return self._edited("，".join(told), slips=0.5) + "。"

    def _merged(self, text: str, other: str) -> str:
        texts = [text, other] if self.rng.random() < 0.5 else [other, text]
        return self._edited(f"{texts[0]}{self._one('seam')}{texts[1]}", slips=0.5)

    def _edited(self, text: str, slips: float = 1.0) -> str:
        """Characters left out, doubled or mistaken by ear; numbers are copied with more care."""
        r, rate = self.rng.random, self.change.edited * slips
        out = []
        for char in text:
            if r() >= rate or char.isascii():
                out.append(char)
                continue
            heard = self._ears.get(char)
            out.append(heard[int(r() * len(heard))] if heard else "" if r() < 0.6 else char * 2)
        return "".join(out)

    def _hidden(self, text: str) -> str:
        """Phone numbers with the middle hidden, now and then."""
        if self.rng.random() >= self.change.hidden:
            return text
        digits = "".join(char if char.isdigit() else " " for char in text).split()
        for number in digits:
            if len(number) == 11:
                text = text.replace(number, f"{number[:3]}****{number[-4:]}")
        return text


def _joined(clauses: list[str]) -> str:
    return "，".join(clauses) + "。"


def tellings(seed: int, count: int, level: str = "medium") -> Iterator[Told]:
    """At least `count` tips, those about one happening together; the same seed gives the same.

    >>> made = list(tellings(1, 50))
    >>> {told.kind for told in made} == {"witness", *COPIES}
    True
    """
    tellers, made = Tellers(seed, level), 0
    while made < count:
        told = tellers.happening()
        made += len(told)
        yield from told
