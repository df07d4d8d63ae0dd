"""How people write things wrong: by ear, by eye, by hand, or hidden on purpose.

The simulator's own error model. Rates belong to the kind of writer: a passport-like scan at a
checkpoint errs little, a caller on the telephone errs a lot.
"""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

from streams.simulate.people import Person
from streams.simulate.tables import Tables, tables

Details = dict[str, Any]


class Hand(NamedTuple):
    """How often a kind of writer errs, and which details it notes at all (probabilities)."""

    sound: float  # a character of the name that sounds alike
    look: float  # a character of the name that looks alike
    name_mask: float  # 林某某
    id_mask: float  # 460***********1234
    phone_mask: float  # 138****1234
    id_typo: float
    phone_typo: float
    date_typo: float  # day and month swapped, a digit wrong, or a partial date
    has_name: float
    has_id: float
    has_phone: float
    has_birth: float
    has_gender: float
    has_hukou: float
    has_address: float
    has_wechat: float
    has_card: float


# the order is that of the fields above: eight rates of error, then what is noted at all
CHECK = Hand(
    .012, .008, .005, .03, .03, .008, .006, .02, .995, .9, .4, .55, .9, .4, .12, .0, .0
)  # fmt: skip
COURIER = Hand(
    .03, .015, .03, .0, .07, .0, .008, .0, .99, .03, .95, .0, .05, .0, .5, .0, .0
)  # fmt: skip
CALLER = Hand(
    .09, .03, .05, .04, .05, .01, .02, .03, .93, .1, .68, .06, .5, .15, .25, .2, .05
)  # fmt: skip
OFFICER = Hand(
    .015, .01, .01, .02, .01, .006, .006, .02, .998, .95, .6, .6, .97, .6, .5, .12, .08
)  # fmt: skip


class Scribe:
    """Writes down how a record describes a person, with the errors of a hand.

    `counts` says how often each difficulty was made.
    """

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.tables: Tables = tables()
        self.counts: dict[str, int] = dict.fromkeys(
            ("homophone", "lookalike", "name_mask", "id_mask", "phone_mask", "id_typo", "phone_typo",
             "date_typo", "date_partial"), 0
        )  # fmt: skip

    def describe(self, person: Person, ref: str, hand: Hand, phone: str | None = None) -> Details:
        """The person as one record has them; `phone` replaces their own (a hotel's)."""
        r = self.rng.random
        out: Details = {"ref": ref}
        if r() < hand.has_name:
            out["name"] = self.name(person, hand)
        if r() < hand.has_id:
            out["id_number"] = self.id_number(person, hand)
        if phone is not None:
            out["phones"] = [phone]
        elif r() < hand.has_phone:
            out["phones"] = [self.phone(person, hand)]
        if r() < hand.has_birth:
            out["birth_date"] = self.birth(person, hand)
        if r() < hand.has_gender:
            out["gender"] = person.gender if r() < 0.8 else ("男" if person.gender == "male" else "女")
        if r() < hand.has_hukou:
            out["hukou"] = person.region.name if r() < 0.7 else person.region.code
        if r() < hand.has_address:
            out["address"] = person.house
        if hand.has_wechat and r() < hand.has_wechat:
            out["wechat"] = [person.wechat]
        if hand.has_card and r() < hand.has_card:
            out["bank_cards"] = [person.card]
        return out

    def name(self, person: Person, hand: Hand) -> str:
        """The name, perhaps with one character mistaken, perhaps masked."""
        draw = self.rng.random()
        if draw < hand.sound:
            return self._mistaken(person.name, self.tables.homophones, "homophone")
        draw -= hand.sound
        if draw < hand.look:
            return self._mistaken(person.name, self.tables.lookalikes, "lookalike")
        draw -= hand.look
        if draw < hand.name_mask:
            self.counts["name_mask"] += 1
            return person.surname + ("某" if self.rng.random() < 0.7 else "*") * len(person.given)
        return person.name

    def _mistaken(self, name: str, others: dict[str, str], what: str) -> str:
        start = int(self.rng.random() * len(name))
        for step in range(len(name)):
            # the last character first is as likely as the first: all places are tried in turn
            place = (start + step) % len(name)
            choice = others.get(name[place])
            if choice:
                self.counts[what] += 1
                wrong = choice[int(self.rng.random() * len(choice))]
                return name[:place] + wrong + name[place + 1 :]
        return name

    def id_number(self, person: Person, hand: Hand) -> str:
        """The ID number, perhaps masked, perhaps with one digit wrong."""
        draw = self.rng.random()
        number = person.id_number
        if draw < hand.id_mask:
            self.counts["id_mask"] += 1
            return number[:3] + "*" * 11 + number[14:]
        if draw < hand.id_mask + hand.id_typo:
            self.counts["id_typo"] += 1
            return self._wrong_digit(number, 6, 17)
        return number

    def phone(self, person: Person, hand: Hand) -> str:
        """The phone number, perhaps masked, wrong, or written with spaces or the country code."""
        draw = self.rng.random()
        number = person.phone
        if draw < hand.phone_mask:
            self.counts["phone_mask"] += 1
            return number[:3] + "****" + number[7:]
        if draw < hand.phone_mask + hand.phone_typo:
            self.counts["phone_typo"] += 1
            return self._wrong_digit(number, 3, 11)
        if draw > 0.985:
            return "+86 " + number
        return f"{number[:3]} {number[3:7]} {number[7:]}" if draw > 0.97 else number

    def _wrong_digit(self, number: str, low: int, high: int) -> str:
        place = low + int(self.rng.random() * (high - low))
        wrong = (int(number[place]) + 1 + int(self.rng.random() * 9)) % 10
        return f"{number[:place]}{wrong}{number[place + 1 :]}"

    def birth(self, person: Person, hand: Hand) -> str:
        """The birth date, perhaps swapped, mistyped or only the year."""
        draw = self.rng.random()
        text = person.birth
        if draw < hand.date_typo:
            self.counts["date_typo"] += 1
            if int(text[8:]) <= 12 and text[5:7] != text[8:]:
                return f"{text[:4]}-{text[8:]}-{text[5:7]}"
            return f"{text[:8]}{1 + (int(text[8:]) + int(self.rng.random() * 26)) % 28:02d}"
        if draw > 0.93:
            self.counts["date_partial"] += 1
            return text[:4] if draw > 0.96 else text[:7]
        return text

    def nickname(self, person: Person) -> str:
        """阿强, 老王, 小美: a claim of one record, never a key."""
        r = self.rng.random
        head = ("阿", "老", "小", "大")[int(r() * 4)]
        return head + (person.surname if head == "老" else person.given[-1])

    def plate(self, plate: str) -> str:
        """The plate as it is written: a dot now and then, seldom a letter for a figure."""
        draw = self.rng.random()
        if draw < 0.08:
            return f"{plate[:2]}·{plate[2:]}"
        return plate.replace("0", "O", 1) if draw > 0.99 else plate


def keys(details: Details, person: Person, plate: str | None) -> list[tuple[str, ...]]:
    """What a careful analyst could tie this description to another of the same person by.

    Masks, wrong numbers, hotel phones and names alone are none.
    """
    found: list[tuple[str, ...]] = []
    if details.get("id_number") == person.id_number:
        found.append(("id",))
    named = details.get("name") == person.name
    phones = details.get("phones") or ()
    if any(p.replace(" ", "").removeprefix("+86") == person.phone for p in phones):
        if not person.shared:
            found.append(("phone",))
        elif named:
            found.append(("name", "phone"))
    if person.wechat in (details.get("wechat") or ()):
        found.append(("wechat",))
    if person.card in (details.get("bank_cards") or ()):
        found.append(("card",))
    if named:
        if details.get("birth_date") == person.birth:
            found.append(("name", "birth"))
        if plate is not None:
            found.append(("name", "plate", plate))
        if details.get("address") == person.house:
            found.append(("name", "house"))
    return found
