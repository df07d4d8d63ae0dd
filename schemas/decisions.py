"""Decisions of the model and judgements of people about who is who."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Verdict = Literal["same", "different", "unsure", "undone"]
"""`unsure` leaves the pair to the model and out of the list that waits; `undone` takes an answer back."""

Outcome = Literal["joined", "together", "judged", "exclusive", "guard", "weak"]
"""What becomes of a link between two groups: it joins them; they are one already; they are kept apart by a
judgement, by two numbers that exclude each other, by the guard; or it is too weak for a group so large."""


class Evidence(Struct, frozen=True, array_like=True):
    """One feature's contribution to a score, in bits, and why."""

    feature: str
    bits: float
    why: str


class Score(Struct, frozen=True, array_like=True):
    """How much speaks for two profiles being one, in bits; it explains itself.

    `exclusive` means they cannot be one (two different valid ID numbers).
    """

    bits: float
    evidence: tuple[Evidence, ...] = ()
    exclusive: bool = False


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
