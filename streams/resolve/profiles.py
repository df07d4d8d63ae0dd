"""Profiles: mentions with equal normalised features are compared once.

Mentions fall into one profile only when their features would link them anyway; a bare name makes
a profile of its own for every mention.
"""

from __future__ import annotations

import msgspec

from schemas.claims import Features, Identifier, MentionType
from schemas.identifiers import mask, names
from schemas.ids import hash64
from schemas.reference.surnames import name_bits

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
        "name_bits", "name_key", "nickname", "numbers", "order", "sole", "sound", "type",
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
        self.name_bits = _rarity(self.name_key) if person and self.comparable_name else 0.0
        self.alias_keys = frozenset(map(names.key, features.aliases)) if person else frozenset()
        self.sound = names.sound_key(self.name_key) if person and self.comparable_name else ""

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
    def signature(self) -> tuple[str, str]:
        """What decides whether two people of one strong block are incompatible."""
        return (self.name_key if self.comparable_name else "", self.sole or "")


def _body_name(name: str) -> str:
    """The name of a company or venue for comparison; one with hidden parts is only for display."""
    return "" if mask.hides(name) else name


def _rarity(name: str) -> float:
    """Bits of a shared name, among all or among people of Hainan, wherever it is more common."""
    return min(name_bits(name), name_bits(name, hainan=True))


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
    features = profile.features
    if not profile.comparable_name:
        return []
    found = []
    if len(features.birth) == 10:
        found.append(_weak("sound+birth", profile.sound, features.birth))
        found.append(_weak("surname+birth", profile.name_key[0], features.birth))
    if features.birth:
        found.append(_weak("name+year", profile.name_key, features.birth[:4]))
    if features.hukou:
        found.append(_weak("sound+hukou", profile.sound, features.hukou))
    if features.address:
        found.append(_weak("sound+address", profile.sound, features.address))
    for kind, value in features.contexts:
        found.append(_weak(f"sound+{kind}", profile.sound, value))
    return found


def _weak(what: str, *parts: str) -> Block:
    return Block(hash64(what, *parts), False, what)
