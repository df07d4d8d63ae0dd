"""What speaks for and against a relation of two names in a scene, as words that can be shown.

A clue that holds for any pair of mentions of the two names counts once; 甲 is the subject, 乙 the other.
Clues hold no name of a person. What belongs to one token or name is made once for a scene.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from streams.text.reader.scene import SHOWN, Scene

if TYPE_CHECKING:
    from collections.abc import Sequence

FARTHEST = 40
"""Tokens between two mentions that may tell of one deed."""
MOST_TOLD = 3
"""Pairs of mentions, the nearest ones, that are looked at for two names."""
_LONGEST_WAY = 7  # tokens between two mentions that are looked at as a whole
_AFTER = 3  # tokens behind the second mention that belong to the deed
_DEEDS = frozenset(("卖", "买", "容留", "供", "吸", "查", "持", "交", "交易", "运", "用于", "抓", "含"))
_CRIMES = ("贩卖毒品罪", "非法持有", "容留他人吸", "运输毒品", "贩卖", "出售", "毒资", "查获", "吸食")


class Clues:
    """The clues of a scene about any two names of it."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._codes = [token.code for token in scene.tokens]
        self._clause = [token.clause for token in scene.tokens]
        self._sentence = [token.sentence for token in scene.tokens]
        self._people = sorted({place for places in scene.people.values() for place in places})
        self._grams = {way: self._all_grams(way) for way in ("甲乙", "乙甲")}
        self._known: dict[tuple[object, ...], list[str]] = {}
        alone = _alone(scene)
        self._keys = {name: [clue for clue in clues if clue[0] == "*"] for name, clues in alone.items()}
        self._roles = {
            (role, name): {role + clue for clue in clues} for name, clues in alone.items() for role in "甲乙"
        }

    def may_act(self, subject: str) -> bool:
        """Whether somebody may be a subject: who is called a user or buyer and never accused is not (of
        1,091 such pairs in annotated texts 7 are related)."""
        return "*客" not in self._keys[subject]

    def near(self, subject: str, target: str, *, is_person: bool) -> list[tuple[int, int]]:
        """The places of both names that may tell of one deed; empty when they are far apart."""
        ones, sentence = self._scene.people[subject], self._sentence
        pairs = []
        for two in (self._scene.people if is_person else self._scene.goods)[target]:
            at = bisect_left(ones, two)
            pairs += [
                (one, two)
                for one in ones[max(0, at - 1) : at + 1]
                if abs(one - two) <= FARTHEST and abs(sentence[one] - sentence[two]) <= 1
            ]
        return sorted(pairs, key=lambda pair: (abs(pair[0] - pair[1]), pair))[:MOST_TOLD]

    def about(self, subject: str, target: str, pairs: Sequence[tuple[int, int]]) -> set[str]:
        """The clues about two names that are near each other at `pairs`."""
        found = set(self._roles["甲", subject]) | self._roles["乙", target]
        found.update([f"甲{one} 乙{two}" for one in self._keys[subject] for two in self._keys[target]])
        for one, two in pairs:
            if one == two:
                found.add("同列")
            else:
                self._add_between(found, one, two)
        found.add(f"句距{min(abs(self._sentence[one] - self._sentence[two]) for one, two in pairs)}")
        return found

    def _add_between(self, found: set[str], one: int, two: int) -> None:
        way, left, right = ("甲乙", one, two) if one < two else ("乙甲", two, one)
        codes = self._codes[left + 1 : right]
        clauses = self._clause[right] - self._clause[left]
        others = min(codes.count("人"), 3)
        found.update((f"{way}隔{min(clauses, 4)}", f"{way}人{others}", f"{way}隔{min(clauses, 3)}人{others}"))
        if len(codes) <= _LONGEST_WAY:
            found.add(f"{way}:{' '.join(codes)}")
        found.update([f"{way}~{code}" for code in set(codes)])
        for size, grams in self._grams[way]:
            found.update(grams[left + 1 : max(left + 1, right - size + 1)])
        ends = (way[0], *codes[-3:], way[1], *self._codes[right + 1 : right + 1 + _AFTER])
        found.update(_crossing(way, ends, 1 + len(codes[-3:])))
        found.update(_crossing(way, (way[0], *codes[:3]), 0))
        found.update(self._remembered(self._beside, way, left, 0))
        found.update(self._remembered(self._beside, way, right, 1))
        before, after = self._codes[max(0, left - 1) : left], self._codes[right + 1 : right + 3]
        found.add(f"{way}<{' '.join(before)}>{' '.join(after)}")
        self._add_deeds(found, way, one, two)

    def _add_deeds(self, found: set[str], way: str, one: int, two: int) -> None:
        """Which deed is told between and around, and who else might have done it."""
        left, right = min(one, two), max(one, two)
        inner = [code for code in self._codes[left + 1 : right] if code in _DEEDS]
        before, after = self._deeds_beside(right)
        found.add(f"{way}首{inner[0] if inner else '-'}")
        found.add(f"{way}末{inner[-1] if inner else '-'}后{after}")
        found.add(f"{way}前{before}后{after}")
        role = self._role(one, two)
        found.add(f"位{role}")
        for code in self._deeds_of(self._sentence, two):
            found.update((f"句{code}", f"句{code}位{role}"))
        found.update(f"乙句{code}位{role}" for code in self._deeds_of(self._clause, two))
        found.update(f"甲句{code}" for code in self._deeds_of(self._clause, one))

    def _role(self, one: int, two: int) -> str:
        """Whether the subject is the first, the nearest before, the only person of the target's sentence."""
        start, end = self._stretch(self._sentence, two)
        first, last = bisect_left(self._people, start), bisect_left(self._people, end)
        people = self._people[first:last]
        before = bisect_left(people, two)
        role = "首" if people and people[0] == one else ""
        role += "近" if before and people[before - 1] == one else ""
        return role + ("独" if people == [one] else "")

    def _deeds_beside(self, place: int) -> tuple[str, str]:
        """The last deed before and the first after a token in its clause."""
        start, end = self._stretch(self._clause, place)
        before = [code for code in self._codes[start:place] if code in _DEEDS]
        after = [code for code in self._codes[place + 1 : end] if code in _DEEDS]
        return (before[-1] if before else "-"), (after[0] if after else "-")

    def _deeds_of(self, numbers: list[int], place: int) -> list[str]:
        def deeds() -> list[str]:
            start, end = self._stretch(numbers, place)
            return sorted(set(self._codes[start:end]) & _DEEDS)

        return self._remembered(deeds, numbers is self._clause, numbers[place])

    def _stretch(self, numbers: list[int], place: int) -> tuple[int, int]:
        """Where the clause or sentence of a token begins and ends, no farther than a deed is told."""
        low, high = max(0, place - FARTHEST), min(len(numbers), place + FARTHEST)
        return (
            bisect_left(numbers, numbers[place], low, place),
            bisect_right(numbers, numbers[place], place, high),
        )

    def _remembered(self, make: Callable[..., list[str]], *key: object) -> list[str]:
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = make(*key) if make == self._beside else make()
        return known

    def _beside(self, way: str, place: int, side: int) -> list[str]:
        """The words and characters beside the left (side 0) or right (1) of two mentions."""
        token, masked, codes = self._scene.tokens[place], self._scene.masked, self._codes
        found = []
        for size in (1, 2, 3):
            beside = codes[max(0, place - size) : place] if side == 0 else codes[place + 1 : place + 1 + size]
            found.append(f"{way}{'<>'[side]}{' '.join(beside)}")
            found.append(f"{way[side]}[{_shown(masked[max(0, token.start - size) : token.start])}")
            found.append(f"{way[side]}]{_shown(masked[token.end : token.end + size])}")
        return found

    def _all_grams(self, way: str) -> list[tuple[int, list[str]]]:
        codes = self._codes
        return [
            (size, [f"{way}.{' '.join(codes[at : at + size])}" for at in range(len(codes) - size + 1)])
            for size in (2, 3, 4)
        ]


def _crossing(way: str, codes: Sequence[str], place: int) -> Iterator[str]:
    """The n-grams of codes that hold the one at a place."""
    for size in (2, 3, 4):
        for at in range(max(0, place - size + 1), min(place, len(codes) - size) + 1):
            yield f"{way}.{' '.join(codes[at : at + size])}"


def _shown(masked: str) -> str:
    return "".join(SHOWN.get(char, char) for char in masked)


def _alone(scene: Scene) -> dict[str, set[str]]:
    """What a scene says of each name alone; what begins with * is also looked at in pairs."""
    codes = {token.code for token in scene.tokens}
    told = [f"有{code}" for code in sorted(codes & _DEEDS)]
    crimes = [f"罪{word}" for word in _CRIMES if word in scene.masked]
    found = {name: _of_person(scene, name, rank, told, crimes) for rank, name in enumerate(scene.people)}
    last = max((places[-1] for places in scene.goods.values()), default=0)
    for rank, (name, places) in enumerate(scene.goods.items()):
        kinds = min(len(scene.goods), 4)
        end = "末" if places[-1] == last else "中"
        found.setdefault(name, set()).update(
            (
                f"名{name}",
                f"次{min(rank, 4)}",
                f"*数{kinds}次{min(rank, 3)}",
                f"现{min(len(places), 4)}",
                f"*{end}",
            ),
            (f"毒{clue}次{min(rank, 2)}" for clue in (*told, *crimes)),
            _around(scene, places),
            (f"组{len(scene.tokens[place].held)}" for place in places),
        )
    return found


def _of_person(scene: Scene, name: str, rank: int, told: list[str], crimes: list[str]) -> set[str]:
    accused = [other for other, places in scene.people.items() if _is_led(scene, places, "被告")]
    places = scene.people[name]
    role = "被告" if name in accused else "客" if _is_led(scene, places, "客") else "人"
    role += "独" if len(accused) == 1 and name in accused else ""
    people, place = min(len(scene.people), 5), min(rank, 4)
    return {
        f"*{role}", f"*次{min(rank, 3)}", f"数{people}次{place}", f"{role}数{min(people, 4)}",
        f"被告数{min(len(accused), 3)}{role}", f"现{min(len(places), 4)}",
        *(f"{role}{clue}" for clue in told), *(f"*{clue}{role}" for clue in crimes), *_around(scene, places),
    }  # fmt: skip


def _is_led(scene: Scene, places: Sequence[int], by: str) -> bool:
    return any(place > 0 and scene.tokens[place - 1].code == by for place in places)


def _around(scene: Scene, places: Sequence[int]) -> Iterator[str]:
    for place in places:
        for step in (-2, -1, 1, 2):
            if 0 <= place + step < len(scene.tokens):
                yield f"旁{step}{scene.tokens[place + step].code}"
