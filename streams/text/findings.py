"""What is found in a text: each finding with its place, in code points of the text as given."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Precision = Literal["year", "month", "day", "hour", "minute"]
PersonKind = Literal["name", "masked", "nickname", "surname", "pronoun"]
IdentifierKind = Literal["phone", "plate", "id_number", "wechat", "bank_card", "tracking_no"]


class Found(Struct, frozen=True, kw_only=True):
    """A place in a text: `text[start:end]`, never empty."""

    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        """The place as a pair."""
        return self.start, self.end


class FoundIdentifier(Found, frozen=True, kw_only=True):
    """A number or name that points to someone or something.

    `normal` is set when it is whole and valid: only then may it identify. `mask` is set when part
    of it is hidden: a test of compatibility, never an identity. Else `reason` says what is wrong.
    """

    kind: IdentifierKind
    normal: str | None = None
    mask: str | None = None
    reason: str | None = None


class FoundAmount(Found, frozen=True, kw_only=True):
    """An amount of money in yuan; `approximate` when the text says about, over or several."""

    yuan: float
    approximate: bool = False


class FoundQuantity(Found, frozen=True, kw_only=True):
    """How much of something: a number and a unit in its common spelling (克 千克 毫升 包 粒 …).

    `of` is the index of the substance it is said of among the reading's substances: the nearest
    in its clause, or None.
    """

    value: float
    unit: str
    approximate: bool = False
    of: int | None = None


class FoundSubstance(Found, frozen=True, kw_only=True):
    """A name of a substance, `code` from `schemas.reference.substances`.

    `code` is None for words that name none in particular (毒品, 白色晶体). An everyday word used as
    slang (冰, 叶子) is only `supported` when the text around it speaks of trade or use; a slang
    word alone is never a lead.
    """

    code: str | None
    is_slang: bool = False
    supported: bool = True


class FoundTime(Found, frozen=True, kw_only=True):
    """A date or time as a partial ISO 8601 string as precise as the text: `2019-06-03T21`."""

    iso: str
    precision: Precision


class FoundPerson(Found, frozen=True, kw_only=True):
    """A person in a text, by a name, a mask, a nickname, a surname alone, or a pronoun.

    `score` says how surely the place is a person's, 0 to 1, and `rule` what spoke for it. `alias_of` is
    where the name stands that the text itself gives this one as another name of.
    """

    kind: PersonKind
    score: float
    rule: str
    alias_of: tuple[int, int] | None = None


class FoundPlace(Found, frozen=True, kw_only=True):
    """A place by its GB/T 2260 code."""

    code: str


class TextReading(Struct, frozen=True, kw_only=True):
    """All that was found in one text; each tuple in order of place.

    No two identifiers overlap, no two findings of one tuple do.
    """

    phones: tuple[FoundIdentifier, ...] = ()
    plates: tuple[FoundIdentifier, ...] = ()
    id_numbers: tuple[FoundIdentifier, ...] = ()
    wechats: tuple[FoundIdentifier, ...] = ()
    bank_cards: tuple[FoundIdentifier, ...] = ()
    parcels: tuple[FoundIdentifier, ...] = ()
    amounts: tuple[FoundAmount, ...] = ()
    quantities: tuple[FoundQuantity, ...] = ()
    substances: tuple[FoundSubstance, ...] = ()
    times: tuple[FoundTime, ...] = ()

    @property
    def identifiers(self) -> tuple[FoundIdentifier, ...]:
        """All identifiers, in order of place."""
        found = (
            *self.phones,
            *self.plates,
            *self.id_numbers,
            *self.wechats,
            *self.bank_cards,
            *self.parcels,
        )
        return tuple(sorted(found, key=lambda item: item.start))
