"""Worlds in which names are written worse, and in more scripts, than usual: three levels of noise.

Of the names that are miswritten 83 % are so by ear and 48 % by eye, so 31 % by both (Liu 2010). Rates of
error are multiples of those of the usual hands (`blunders`); the others are shares of names or numbers.
"""

from __future__ import annotations

from binascii import crc32
from random import Random
from typing import NamedTuple

from streams.simulate.blunders import Details, Hand, Scribe
from streams.simulate.people import Person

_BY_EAR, _BY_EYE = 0.83, 0.48
_NOTED = tuple(field for field in Hand._fields if field.startswith("has_"))
_DOTS = "·•・.‧"


class Noise(NamedTuple):
    """How badly a world is written. `errors` and `masks` multiply the hands' rates."""

    errors: float
    masks: float
    swapped: float  # of numbers: two neighbouring digits changed places
    missing: float  # of the details that a hand would note
    romanised: float  # of names: in Latin letters
    traditional: float  # of names: in traditional characters
    alias: float  # of names: another name that the person goes by
    dotted: float = 0.015  # of people: given and father's name


NOISE = {
    "low": Noise(0.5, 0.5, 0.001, 0.01, 0.003, 0.005, 0.002),
    "medium": Noise(1.0, 1.0, 0.004, 0.05, 0.01, 0.02, 0.01),
    "high": Noise(3.0, 2.0, 0.015, 0.15, 0.04, 0.05, 0.03),
}
"""A careful registry; the world as it is; a telephone exchange on a bad night."""


class NoisyScribe(Scribe):
    """Writes as its hands do, worse by the noise.

    A world without noise has a plain `Scribe`, which draws less: its records stay what they were.
    """

    def __init__(self, rng: Random, noise: Noise) -> None:
        super().__init__(rng)
        self.noise = noise
        self._hands: dict[Hand, Hand] = {}
        self.counts |= dict.fromkeys(("swapped", "romanised", "traditional", "alias", "part_only"), 0)

    def describe(self, person: Person, ref: str, hand: Hand, phone: str | None = None) -> Details:
        """The person as one record has them, under another name of theirs now and then."""
        out = super().describe(person, ref, self._worse(hand), phone)
        if "name" in out and self.rng.random() < self.noise.alias:
            self.counts["alias"] += 1
            if self.rng.random() < 0.5:
                out["aliases"] = [out["name"]]
            out["name"] = self._other_name(person)
        return out

    def _worse(self, hand: Hand) -> Hand:
        if hand not in self._hands:
            noise, rates = self.noise, hand._asdict()
            for field in ("sound", "look", "id_typo", "phone_typo", "date_typo"):
                rates[field] *= noise.errors
            for field in ("name_mask", "id_mask", "phone_mask"):
                rates[field] *= noise.masks
            for field in _NOTED:
                rates[field] *= 1 - noise.missing
            self._hands[hand] = Hand(**rates)
        return self._hands[hand]

    def _other_name(self, person: Person) -> str:
        """The same each time: the surname with another given name, drawn by the person's key."""
        chars = self.tables.given_m if person.gender == "male" else self.tables.given_f
        draw = crc32(person.key.encode())
        family = person.surname or self.tables.surnames_local[draw % len(self.tables.surnames_local)]
        return family + chars[draw // 7 % len(chars)] + chars[draw // 7919 % len(chars)]

    def name(self, person: Person, hand: Hand) -> str:
        """The name in some script, perhaps with a character mistaken, perhaps masked."""
        draw = self.rng.random()
        if draw < self.noise.romanised:
            self.counts["romanised"] += 1
            return self._latin(person)
        draw -= self.noise.romanised
        if draw < self.noise.traditional:
            self.counts["traditional"] += 1
            return "".join(self._script(char) for char in person.name)
        draw -= self.noise.traditional
        if draw < hand.name_mask:
            self.counts["name_mask"] += 1
            return self._masked(person)
        draw -= hand.name_mask
        if draw < hand.sound + hand.look:
            return self._miswritten(person.name)
        return self._dotted(person.name) if "·" in person.name else person.name

    def _script(self, char: str) -> str:
        known = self.tables.scripts.get(char)
        return known.traditional if known else char

    def _masked(self, person: Person) -> str:
        star = "某" if self.rng.random() < 0.7 else "*"
        if not person.surname:
            return f"{person.given.partition('·')[0]}·{star * 2}"
        if len(person.given) == 2 and self.rng.random() < 0.2:
            return person.surname + star + person.given[-1]
        return person.surname + star * len(person.given)

    def _miswritten(self, name: str) -> str:
        """One character by ear, by eye, or by both, in the shares of the study."""
        draw = self.rng.random()
        if draw < _BY_EAR + _BY_EYE - 1:
            wrong = self._mistaken(name, self.tables.both_alike, "homophone")
            if wrong != name:
                self.counts["lookalike"] += 1
                return wrong
            draw = 2 * _BY_EAR * self.rng.random()  # no such character: by one of the two, as often
        if draw < _BY_EAR:
            return self._mistaken(name, self.tables.homophones, "homophone")
        return self._mistaken(name, self.tables.lookalikes, "lookalike")

    def _dotted(self, name: str) -> str:
        draw = self.rng.random()
        if draw < 0.12:
            self.counts["part_only"] += 1
            return name.partition("·")[0]
        if draw < 0.17:
            return name.replace("·", "")
        return name.replace("·", _DOTS[int(self.rng.random() * len(_DOTS))]) if draw < 0.5 else name

    def _latin(self, person: Person) -> str:
        """As a passport or a name card has it: the surname first or last, spaces, hyphens, initials."""
        r = self.rng.random
        if not person.surname:
            latin = dict(part for parts in self.tables.given_dotted.values() for part in parts)
            return " ".join(latin[part] for part in person.given.split("·"))
        hong_kong = r() < 0.3
        spelt = self._in_hong_kong if hong_kong else self._in_pinyin
        family, given = ([spelt(char) for char in part] for part in (person.surname, person.given))
        if r() < 0.1:
            given = [f"{each[0]}." for each in given]
        elif hong_kong:
            given = [(" " if r() < 0.6 else "-").join(given)]
        else:
            given = ["".join(given)]
        joined = (" " if hong_kong else "").join(family).capitalize()
        rest = " ".join(given).title()
        return f"{joined} {rest}" if r() < 0.7 else f"{rest} {joined}"

    def _in_pinyin(self, char: str) -> str:
        return self.tables.scripts[char].pinyin

    def _in_hong_kong(self, char: str) -> str:
        spellings = self.tables.scripts[char].hong_kong
        return spellings[int(self.rng.random() * len(spellings))]

    def id_number(self, person: Person, hand: Hand) -> str:
        """The ID number as the hand writes it, with neighbouring digits swapped now and then."""
        return self._swapped(super().id_number(person, hand), 6, 17)

    def phone(self, person: Person, hand: Hand) -> str:
        """The phone number as the hand writes it, likewise."""
        return self._swapped(super().phone(person, hand), 3, 11)

    def _swapped(self, number: str, low: int, high: int) -> str:
        if self.rng.random() >= self.noise.swapped:
            return number
        at = low + int(self.rng.random() * (high - low - 1))
        if number[at] == number[at + 1] or "*" in number or " " in number:
            return number
        self.counts["swapped"] += 1
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]

    def nickname(self, person: Person) -> str:
        """阿强, 老王; of a given and father's name the first character of the former."""
        return super().nickname(person) if person.surname else f"阿{person.given[0]}"
