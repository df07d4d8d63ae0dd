"""What waits for a person, as `suyuan review --json` prints it: pairs, and deliveries that a text tells."""

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


class WaitingDelivery(Struct, frozen=True, kw_only=True, rename={"supplier": "from", "recipient": "to"}):
    """A delivery that a tip's text tells and that is drawn only if a person confirms it.

    `claim` names it (`source/source_id#text@0-9`). `said` is the clause that tells it, from `start` to `end`
    of the record's text; `around` has it in brackets with what stands before and behind it. `score`: how sure
    the reader is, 0 to 1.
    """

    kind: str = "delivery"
    claim: str
    record: str
    supplier: str
    recipient: str
    said: str
    start: int
    end: int
    around: str
    score: float
    substance: str | None
    quantity: float | None
    unit: str | None
    amount: float | None
    time: str | None


class Verified(Struct, frozen=True):
    """A word about such a delivery: what was said (`confirmed`, `refuted`, `unsure`), by whom, why, when."""

    claim: str
    verdict: str
    by: str
    because: str
    at: str
