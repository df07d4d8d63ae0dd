"""Profiles: mentions with equal normalised features are compared once.

Mentions fall into one profile only when their features would link them anyway; a bare name makes
a profile of its own for every mention.
"""

from __future__ import annotations

import msgspec

from schemas.claims import Features, Identifier, MentionType
from schemas.identifiers import mask, name_rarity, names, romanised, shapes
from schemas.ids import hash64
from schemas.reference import surnames

STRONG = ("id_number", "phone", "wechat", "bank_card", "credit_code", "licence_no", "plate", "tracking_no")
"""Kinds of identifier that make a strong block."""
SOLE = ("id_number", "credit_code")
"""Kinds of number of which nobody has two."""


class Block(msgspec.Struct, frozen=True, array_like=True):
    """A key under which profiles meet: `strong` on an identifier, else weak."""

    hash: int
    strong: bool
    what: str


class Profile:
    """Features made ready for comparison."""

    __slots__ = (
        "_blocks", "_encoded", "alias_keys", "comparable_name", "contexts", "features", "masked_name",
        "name_bits", "name_key", "nickname", "numbers", "order", "sole", "type",
    )  # fmt: skip

    def __init__(self, kind: MentionType, features: Features, order: int) -> None:
        self.type, self.features, self.order = kind, features, order
        self._blocks: list[Block] | None = None
        self._encoded: bytes | None = None
        self.numbers: frozenset[Identifier] = frozenset(features.identifiers)
        self.contexts: frozenset[Identifier] = frozenset(features.contexts)
        self.sole = next((value for k, value in features.identifiers if k in SOLE), None)
        person = kind == "person"
        self.name_key = names.key(features.name) if person else _body_name(features.name)
        self.masked_name = person and names.is_masked(self.name_key)
        self.nickname = person and not self.masked_name and names.is_nickname(self.name_key)
        self.comparable_name = bool(self.name_key) and not self.masked_name and not self.nickname
        self.name_bits = name_rarity.name_bits(self.name_key) if person and self.comparable_name else 0.0
        self.alias_keys = frozenset(map(names.key, features.aliases)) if person else frozenset()

    @property
    def blocks(self) -> list[Block]:
        """The keys under which it meets others; made once."""
        if self._blocks is None:
            self._blocks = _blocks(self)
        return self._blocks

    @property
    def encoded(self) -> bytes:
        """The stored form of its features; made once."""
        if self._encoded is None:
            self._encoded = encode(self.features)
        return self._encoded

    @property
    def nameless(self) -> bool:
        """Whether neither a full name nor an ID number says who it is."""
        return not self.comparable_name and not self.sole

    @property
    def signature(self) -> tuple[str, str, tuple[str, ...]]:
        """What decides whether two people of one strong block are incompatible: the name, the ID number, and
        the other full names (化名) that go with the name."""
        others = () if self.nameless else sorted(filter(_is_full_name, self.alias_keys))
        return (self.name_key if self.comparable_name else "", self.sole or "", tuple(others))


def _body_name(name: str) -> str:
    """The name of a company or venue for comparison; one with hidden parts is only for display."""
    return "" if mask.hides(name) else name


def _is_full_name(key: str) -> bool:
    return not names.is_masked(key) and not names.is_nickname(key)


def encode(features: Features) -> bytes:
    """The stored form of features, equal for equal features."""
    return msgspec.msgpack.encode(features)


def order_key(kind: str, encoded: bytes, mention: str) -> int:
    """The profile's hash: of its features, and of its mention (`record#part`) when it stands alone."""
    return hash64(kind, encoded.hex(), mention)


def _blocks(profile: Profile) -> list[Block]:
    """The keys under which a profile meets others; a weak key joins the name's sound with something."""
    found = [
        Block(hash64("=", profile.type, kind, value), True, kind)
        for kind, value in profile.features.identifiers
        if kind in STRONG
    ]
    if profile.type == "person":
        found += _person_blocks(profile)
    elif profile.type in ("organisation", "venue") and profile.name_key:
        place = profile.features.region
        found.append(Block(hash64("name+city", profile.type, profile.name_key, place), False, "name+city"))
    return found


def _person_blocks(profile: Profile) -> list[Block]:
    """Each reading beside each thing that narrows it down; halves of a name only beside a date of birth,
    which every document in Latin letters has."""
    features, key = profile.features, profile.name_key
    if not profile.comparable_name:
        return []
    sounds = _sounds(key)
    found = []
    if len(features.birth) == 10:
        found += [_weak("sound+birth", sound, features.birth) for sound in sounds]
        found += [_weak(what, part, features.birth) for what, part in _halves(key)]
    if features.birth:
        found.append(_weak("name+year", shapes.variant_key(key), features.birth[:4]))
    if features.hukou:
        found += [_weak("sound+hukou", sound, features.hukou) for sound in sounds]
    if features.address:
        found += [_weak("sound+address", sound, features.address) for sound in sounds]
    for kind, value in features.contexts:
        found += [_weak(f"sound+{kind}", sound, value) for sound in sounds]
    return found


def _halves(key: str) -> list[tuple[str, str]]:
    """Surname, and given name as it is spelt in Hong Kong: each for when the other is mistaken (阵小明), the
    latter also for names in Latin letters. Four keys at most."""
    if romanised.is_latin(key):
        return [("given+birth", given) for given in romanised.given_keys(key)]
    folded = shapes.variant_key(key)
    surname, given = surnames.split(folded)
    surname, given = (surname, given) if surname else (folded[:1], folded[1:])
    if not given or "·" in key:
        return []
    return [("surname+birth", surname), ("given+birth", romanised.cantonese_key(given))]


def _sounds(key: str) -> tuple[str, ...]:
    """How the name is read, its dot aside; of one in Latin letters, these in each order of its words: four at
    most."""
    if romanised.is_latin(key):
        return tuple(dict.fromkeys("".join(words) for words in romanised.orders(key)))
    return names.sound_keys(key.replace("·", ""))


def _weak(what: str, *parts: str) -> Block:
    return Block(hash64(what, *parts), False, what)
