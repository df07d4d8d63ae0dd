"""The people of a made world, their numbers and their vehicles.

Every number is unique to its person unless the world says otherwise (a family's phone, a hotel's,
a plate given out again). Check digits are reckoned here, from GB 11643, ISO/IEC 7812 and GB 32100.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass
from random import Random

from streams.simulate.clock import DAY
from streams.simulate.tables import Region, Tables, tables

_ID_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
_ID_CHECKS = "10X98765432"
_CREDIT_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_MOBILE = tuple(
    [f"13{d}" for d in range(10)]
    + [f"15{d}" for d in (0, 1, 2, 3, 5, 6, 7, 8, 9)]
    + [f"18{d}" for d in range(10)]
    + ["176", "177", "178", "198", "199"]
)
_PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_BANKS = ("622848", "621700", "622202", "621661")
_WECHAT_HEADS = ("hai", "lin", "fei", "ah", "xyz", "qiong", "lan", "wo", "sea", "mm", "dd", "bobo")


def id_check(first17: str) -> str:
    """The check character of an ID number (GB 11643).

    >>> id_check("11010519491231002")
    'X'
    """
    return _ID_CHECKS[sum(w * int(d) for w, d in zip(_ID_WEIGHTS, first17, strict=True)) % 11]


def luhn_check(digits: str) -> str:
    """The digit that completes a bank card number (ISO/IEC 7812).

    >>> luhn_check("7992739871")
    '3'
    """
    total = 0
    for place, char in enumerate(reversed(digits)):
        doubled = int(char) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def credit_code(first17: str) -> str:
    """The first 17 characters of a unified social credit code with their check character (GB 32100).

    >>> credit_code("91350100M000100Y4")
    '91350100M000100Y43'
    """
    total = sum(_CREDIT_CHARS.index(c) * pow(3, i, 31) for i, c in enumerate(first17))
    return first17 + _CREDIT_CHARS[-total % 31]


@dataclass(slots=True, eq=False)
class Person:
    """Someone of the made world. `key` is the name in the truth; `shared` says the phone is the
    family's; `house` is the address as far as the house number."""

    key: str
    surname: str
    given: str
    gender: str
    birth: str
    id_number: str
    phone: str
    wechat: str
    card: str
    region: Region
    house: str
    shared: bool = False

    @property
    def name(self) -> str:
        """The full name."""
        return self.surname + self.given


@dataclass(slots=True, eq=False)
class Vehicle:
    """A vehicle of the made world; two of them may have borne the same plate, one after the other."""

    key: str
    plate: str
    type: str
    colour: str
    owner: Person


class Registry:
    """Gives out people, vehicles and numbers, each number once. Deterministic by its generator.

    `dotted` is the share of people who have no surname but a given name and their father's.
    """

    def __init__(self, rng: Random, namesakes: float = 0.04, dotted: float = 0.0) -> None:
        self.rng = rng
        self._dotted = dotted
        self.tables: Tables = tables()
        self._namesakes = namesakes
        self._recent: deque[Person] = deque(maxlen=500)
        self._ids: set[int] = set()
        self._people = self._phones = self._vehicles = self._parcels = self._cards = 0
        self._retired: list[tuple[int, str]] = []  # a heap by the day they are free
        self.namesakes = self.reissued = 0

    def person(
        self,
        *,
        surname: str | None = None,
        region: Region | None = None,
        ages: tuple[int, int] = (17, 70),
        around: int = 2019,
    ) -> Person:
        """A new person; now and then a namesake, born in the same year, of someone recent."""
        r = self.rng.random
        region = region or self._region()
        gender = "male" if r() < 0.62 else "female"
        year = around - ages[0] - int(r() * (ages[1] - ages[0]))
        surname = surname or self._surname(region)
        given = self._given(gender)
        if self._dotted and r() < self._dotted:
            surname, given = "", self._two_parts(gender)
        if self._recent and r() < self._namesakes:
            other = self._recent[int(r() * len(self._recent))]
            surname, given, gender, year = other.surname, other.given, other.gender, int(other.birth[:4])
            self.namesakes += 1
        birth = f"{year}-{1 + int(r() * 12):02d}-{1 + int(r() * 28):02d}"
        person = self._settled(surname, given, gender, birth, region)
        if r() < 0.2:
            self._recent.append(person)
        return person

    def _region(self) -> Region:
        t, r = self.tables, self.rng.random
        if r() < 0.16:
            return t.elsewhere[int(r() * len(t.elsewhere))]
        return t.regions[int(r() * len(t.regions))]

    def _settled(self, surname: str, given: str, gender: str, birth: str, region: Region) -> Person:
        """The person with their numbers and a home."""
        self._people += 1
        return Person(
            key=f"P{self._people}",
            surname=surname,
            given=given,
            gender=gender,
            birth=birth,
            id_number=self._id_number(region, birth, gender),
            phone=self.phone(),
            wechat=self._wechat(),
            card=self._card(),
            region=region,
            house=self.address(region),
        )

    def _surname(self, region: Region) -> str:
        names = self.tables.surnames_local if region.local else self.tables.surnames_other
        return names[int(self.rng.random() * len(names))]

    def _given(self, gender: str) -> str:
        r = self.rng.random
        chars = self.tables.given_m if gender == "male" else self.tables.given_f
        first = chars[int(r() * len(chars))]
        return first if r() < 0.16 else first + chars[int(r() * len(chars))]

    def _two_parts(self, gender: str) -> str:
        """A given name and a father's, as Uyghurs and Kazakhs have them."""
        r, own, fathers = self.rng.random, self.tables.given_dotted[gender], self.tables.fathers
        return f"{own[int(r() * len(own))][0]}·{fathers[int(r() * len(fathers))][0]}"

    def _id_number(self, region: Region, birth: str, gender: str) -> str:
        r = self.rng.random
        head = region.id_codes[int(r() * len(region.id_codes))] + birth.replace("-", "")
        while True:
            first17 = f"{head}{int(r() * 499) * 2 + (1 if gender == 'male' else 2):03d}"
            number = int(first17)
            if number not in self._ids:
                self._ids.add(number)
                return first17 + id_check(first17)

    def phone(self) -> str:
        """A mobile number that nobody else has."""
        self._phones += 1
        mixed = self._phones * 2_654_435_761 % (len(_MOBILE) * 10**8)
        return f"{_MOBILE[mixed // 10**8]}{mixed % 10**8:08d}"

    def landline(self, region: Region) -> str:
        """A hotel's or a company's number on the wall."""
        self._phones += 1
        return f"{region.area or '0898'}-6{self._phones * 7_368_787 % 10**7:07d}"

    def _wechat(self) -> str:
        mixed = self._phones * 48_271 % 10**7
        return f"{_WECHAT_HEADS[mixed % len(_WECHAT_HEADS)]}{'_' if mixed % 3 else ''}{mixed:07d}"

    def _card(self) -> str:
        self._cards += 1
        digits = f"{_BANKS[self._cards % 4]}{self._cards * 6_700_417 % 10**12:012d}"
        return digits + luhn_check(digits)

    def address(self, region: Region) -> str:
        """A made address, precise to the room."""
        r = self.rng.random
        t = self.tables
        street = t.streets[int(r() * len(t.streets))]
        house = f"{region.name}{street}{1 + int(r() * 180)}号"
        if r() < 0.6:
            house += f"{t.estates[int(r() * len(t.estates))]}{1 + int(r() * 12)}栋"
        return house + f"{1 + int(r() * 20)}{int(r() * 4) + 1:02d}室"

    def vehicle(self, owner: Person, now: int) -> Vehicle:
        """A new vehicle; now and then its plate is one that an earlier vehicle had given back."""
        r = self.rng.random
        self._vehicles += 1
        plate = self._plate(owner.region.plate)
        if self._retired and r() < 0.03 and self._retired[0][0] < now:
            plate = heapq.heappop(self._retired)[1]
            self.reissued += 1
        kinds = ("小型轿车", "小型轿车", "小型轿车", "小型面包车", "轻型货车", "SUV")
        colours = ("白", "白", "黑", "银", "灰", "红", "蓝")
        kind, colour = kinds[int(r() * 6)], colours[int(r() * 7)]
        return Vehicle(f"V{self._vehicles}", plate, kind, colour, owner)

    def _plate(self, head: str) -> str:
        letters = _PLATE_LETTERS
        rest, digits = divmod(self._vehicles * 15_485_863 % (3 * 24 * 24 * 1000), 1000)
        form, rest = divmod(rest, 24 * 24)
        one, two = letters[rest // 24], letters[rest % 24]
        if form == 0:
            return f"{head}{one}{two}{digits:03d}"
        return f"{head}{one}{digits:03d}{two}" if form == 1 else f"{head}{digits:03d}{one}{two}"

    def retire(self, vehicle: Vehicle, last_seen: int) -> None:
        """Gives the plate back: from 60 days after `last_seen` another vehicle may bear it."""
        heapq.heappush(self._retired, (last_seen + 60 * DAY, vehicle.plate))

    def tracking_no(self) -> str:
        """A courier's number that no other parcel has."""
        self._parcels += 1
        return f"{('SF', 'ZT', 'YT', 'YD')[self._parcels % 4]}{self._parcels * 982_451_653 % 10**13:013d}"
