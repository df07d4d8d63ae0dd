"""Decisions of the model and of people: about who is who, and about what a text tells."""

from __future__ import annotations

from itertools import combinations, product
from typing import Literal

from msgspec import Struct

Verdict = Literal["same", "different", "unsure", "undone"]
"""`unsure` leaves the pair to the model and out of the list that waits; `undone` takes back the last act
that stands between the two."""

Outcome = Literal["joined", "together", "judged", "exclusive", "guard", "weak"]
"""What becomes of a link between two groups: it joins them; they are one already; they are kept apart by a
judgement, by two numbers that exclude each other, by the guard; or it is too weak for a group so large."""


class Evidence(Struct, frozen=True, array_like=True):
    """One feature's contribution to a score, in bits, and why.

    `level` names the degree of agreement whose weight a store may learn (`streams.resolve.weights`); it is
    empty where experts have the only say.
    """

    feature: str
    bits: float
    why: str
    level: str = ""


class Score(Struct, frozen=True, array_like=True):
    """How much speaks for two profiles being one, in bits; it explains itself.

    `exclusive` means they cannot be one (two different valid ID numbers).
    """

    bits: float
    evidence: tuple[Evidence, ...] = ()
    exclusive: bool = False


Said = tuple[str, str, str]
"""Two mentions and what is said of them; of `apart`, the first was taken out of the other's entity."""


class Judgement(Struct, frozen=True, kw_only=True):
    """A person's answer about two mentions; it beats the model until it is taken back.

    Mentions are named `source/source_id#ref` (for text, `source/source_id#@start-stop`).
    """

    left: str
    right: str
    verdict: Verdict
    by: str
    because: str
    at: int  # microseconds

    @property
    def said(self) -> tuple[Said, ...]:
        """What is kept of it, pair by pair."""
        return ((self.left, self.right, self.verdict),)


class Split(Struct, frozen=True, kw_only=True):
    """A person's word that some mentions of an entity are not its own, but together somebody else's.

    `rest` are the others that the entity had. It beats the model until it is taken back (`undone` of one of
    `apart` and one of `rest`).
    """

    apart: tuple[str, ...]
    rest: tuple[str, ...]
    by: str
    because: str
    at: int  # microseconds

    @property
    def said(self) -> tuple[Said, ...]:
        """What is kept of it, pair by pair: each of `apart` against each of the rest, so that it holds
        when some of them are withdrawn.
        """
        return (
            *((out, stays, "apart") for out, stays in product(self.apart, self.rest)),
            *((one, other, "together") for one, other in combinations(self.apart, 2)),
        )


Decision = Judgement | Split
"""What a person decides in one act about who is who."""


Checked = Literal["confirmed", "refuted", "unsure", "undone"]
"""`unsure` takes a claim off the list that waits and draws nothing; `undone` takes back the last word about
it that stands."""


class Verification(Struct, frozen=True, kw_only=True):
    """A person's word about a delivery that a text tells without being sure (`schemas.claims.WaitingClaim`).

    `key` names it in its record; `text` is the digest of the text that it was read in
    (`schemas.ids.text_digest`): of a revision with another text nothing is said.
    """

    record: str
    key: str
    text: str
    verdict: Checked
    by: str
    because: str
    at: int  # microseconds

    @property
    def claim(self) -> str:
        """The name of what it is about."""
        return f"{self.record}#{self.key}"


class Consolidation(Struct, frozen=True, kw_only=True):
    """A person's word that a store scores under other weights from now on.

    `weights` are bits by level, beside the experts' (`streams.resolve.weights`); None takes back the last
    that stands. They travel with the decision, so whoever carries it out does what was shown.
    """

    weights: tuple[tuple[str, float], ...] | None
    by: str
    because: str
    at: int  # microseconds
