"""A made tip and the truth about it. Places are code points of the text, ends exclusive."""

from __future__ import annotations

from typing import Literal, NamedTuple

Status = Literal["asserted", "hearsay", "denied", "planned", "asked"]


class Mention(NamedTuple):
    """A place where someone or something is spoken of.

    `key` is the same for all mentions of one person (`A`, `B`) or thing; `named` is False where a
    person stands as a pronoun only (他, 该人).
    """

    type: str
    start: int
    end: int
    key: str
    named: bool = True


class Relation(NamedTuple):
    """What the text says of two keys, and how: as a fact or otherwise.

    `substance`, `quantity`, `amount` and `time` are keys of mentions, None where the text has none.
    """

    kind: str
    source: str
    target: str
    status: Status = "asserted"
    substance: str | None = None
    quantity: str | None = None
    amount: str | None = None
    time: str | None = None


class WrittenTip(NamedTuple):
    """A tip's text with all its mentions and relations."""

    text: str
    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]
