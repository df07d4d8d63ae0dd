"""Pairs that wait for a person: what accepting one would change, as `suyuan review --json` prints it."""

from __future__ import annotations

from msgspec import Struct


class AlertPromised(Struct, frozen=True, kw_only=True):
    """An alert that would be new: its id, the rule that would raise it, and the rule's title."""

    id: str
    rule: str
    title: str


class Foreseen(Struct, frozen=True, kw_only=True):
    """What the rules of alerts would find otherwise if two entities were one.

    `changes`: ids of live alerts that would be told anew. An alert about the one of the two whose id goes
    is told anew of the other, and so under another id. `withdraws`: ids of live alerts that would be taken
    back.
    """

    raises: tuple[AlertPromised, ...] = ()
    changes: tuple[str, ...] = ()
    withdraws: tuple[str, ...] = ()


class Effect(Struct, frozen=True, kw_only=True):
    """What accepting a pair would do. `chains`: ends of supply that it would join; `alerts`: live alerts that
    speak of either of the two.

    `exclusive`: the two have whole ID numbers, and different ones. To accept a pair of their mentions joins
    these and not all of both, so nothing is promised. `foreseen` is null for these, and where there are so
    many pairs that the rules were asked about the most telling only.
    """

    chains: int
    alerts: int
    exclusive: bool
    foreseen: Foreseen | None = None

    @property
    def raised(self) -> tuple[AlertPromised, ...]:
        """The alerts that are known to be new."""
        return self.foreseen.raises if self.foreseen else ()
