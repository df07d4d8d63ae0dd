"""Explanations made in one line."""

from __future__ import annotations

from typing import Any

from schemas.decisions import Evidence, Score
from schemas.explanations import Named, PairExplanation
from streams.explain.steps import steps_of
from streams.resolve.model import LINK, REVIEW


def explained(found: Score, **more: Any) -> PairExplanation:
    """A pair with this score, for drawings."""
    fields: dict[str, Any] = {
        "a": "made-up/1#x", "b": "made-up/2#x", "same": False, "verdict": "below", "words": "Not one.",
        "entities": (Named("per-a", "符玮强"), Named("per-b", "符伟强")),
        "best": ("made-up/1#x", "made-up/2#x"), "bits": found.bits, "link_from": LINK, "review_from": REVIEW,
        "exclusive": found.exclusive, "evidence": steps_of(found),
    }  # fmt: skip
    return PairExplanation(**(fields | more))


def evidence(*bits: float) -> Score:
    """A score of so many features, called as the model calls them, in order."""
    names = ("phone", "name", "birth", "gender", "hukou", "address")
    items = tuple(Evidence(name, each, f"why {name}") for name, each in zip(names, bits, strict=False))
    return Score(round(sum(bits), 3), items)
