"""What the reader finds in a text: mentions of five kinds, and relations between their names."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from streams.text.findings import Found

MentionKind = Literal["person", "substance", "quantity", "time", "place", "venue", "organisation"]
RelationKind = Literal["sold_to", "trafficked", "possessed", "sheltered"]
KINDS: tuple[MentionKind, ...] = ("person", "substance", "quantity", "time", "place")


class Mention(Found, frozen=True, kw_only=True):
    """A place in a text that names somebody or something; `score` is the probability of just that, 0 to 1."""

    kind: MentionKind
    score: float = 1.0


class Reason(Struct, frozen=True):
    """One thing that spoke for a relation (bits above 0) or against it, in words."""

    bits: float
    because: str


class Relation(Struct, frozen=True, kw_only=True):
    """One name of a text related to another: `mentions[subject]` and `mentions[object]` are where it
    is said most clearly. `score` is a probability between 0 and 1, `reasons` what it was made of."""

    kind: RelationKind
    subject: int
    object: int
    score: float
    reasons: tuple[Reason, ...] = ()


class Extraction(Struct, frozen=True):
    """All mentions of a text in order of place, none overlapping, and all relations."""

    mentions: tuple[Mention, ...] = ()
    relations: tuple[Relation, ...] = ()
