"""What a chief decides about alerts, as read from the TOML files of `streams/rules`."""

from __future__ import annotations

from string import Formatter
from typing import ClassVar

from msgspec import Struct

from schemas.alerts import Severity
from schemas.claims import MentionType
from schemas.errors import UsageError

Places = dict[str, frozenset[str]]
"""Of each text of a policy, the `{places}` that the rule fills in."""


def places(**texts: str) -> Places:
    """The places of texts, written as words.

    >>> places(touched="who n")["touched"] == {"who", "n"}
    True
    """
    return {text: frozenset(names.split()) for text, names in texts.items()}


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every rule's file says. `listed` bounds the records and entities that an alert names."""

    REASONS: ClassVar[Places] = {}
    AGAINST: ClassVar[Places] = {}

    rule: str
    title: str
    severity: Severity
    enabled: bool = True
    listed: int = 50
    reasons: dict[str, str]
    against: dict[str, str]

    def check(self, file: str) -> None:
        """Raises `UsageError` when a text is missing, unknown, or has a place nobody fills."""
        check_texts(file, "reasons", self.reasons, self.REASONS)
        check_texts(file, "against", self.against, self.AGAINST)
        if self.listed < 2:
            raise UsageError(f"{file}: listed: must be 2 or more")


def check_texts(file: str, table: str, texts: dict[str, str], expected: Places) -> None:
    """Every text is there, no other is, and each uses only places that are filled."""
    if texts.keys() != expected.keys():
        wanted = ", ".join(sorted(expected))
        raise UsageError(f"{file}: [{table}] must hold exactly: {wanted}")
    for name, text in texts.items():
        try:
            used = {place for _, place, _, _ in Formatter().parse(text) if place is not None}
        except ValueError as error:
            raise UsageError(f"{file}: {table}.{name}: a brace is not closed") from error
        if strange := used - expected[name]:
            raise UsageError(f"{file}: {table}.{name}: unknown place {{{min(strange)}}}")


class Common(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`common.toml`: how evidence is doubted, the same in every rule."""

    NOTES: ClassVar[Places] = places(cut="total listed")
    AGAINST: ClassVar[Places] = places(
        low_grade="n total", one_source="source", copies="n records", hearsay="n records",
        denied="n records", far_apart="days", name_only="who", user_only="who",
    )  # fmt: skip

    low_sources: frozenset[str]
    low_information: int
    far_apart_days: int
    generic_users: int
    notes: dict[str, str]
    against: dict[str, str]

    def check(self, file: str) -> None:
        check_texts(file, "notes", self.notes, self.NOTES)
        check_texts(file, "against", self.against, self.AGAINST)


class Supply(Struct, frozen=True, forbid_unknown_fields=True):
    """Which deliveries a rule trusts: the least confidence of a claim, and of a parcel."""

    least_confidence: float
    least_parcel_confidence: float

    def trusts(self, basis: str, confidence: float) -> bool:
        """Whether a delivery on this basis counts.

        >>> Supply(0.3, 0.6).trusts("parcel", 0.5), Supply(0.3, 0.6).trusts("relation", 0.5)
        (False, True)
        """
        return confidence >= (self.least_parcel_confidence if basis == "parcel" else self.least_confidence)


class Small(Struct, frozen=True, forbid_unknown_fields=True):
    """How much is a small seizure (零包): grams by substance, or pieces where grams are unknown."""

    grams: float
    pieces: float
    piece_units: frozenset[str]
    by_substance: dict[str, float]


Types = frozenset[MentionType]
