"""How far a waterfall reaches, for the terminal and for the picture."""

from __future__ import annotations

from msgspec import Struct

from schemas.explanations import PairExplanation

_LOWEST = -40.0
"""Numbers that exclude each other (-99) would leave no room for the rest: what lies lower is cut off."""


class Scale(Struct, frozen=True):
    """From the lowest to the highest sum, in bits; nothing and the thresholds are always on it."""

    low: float
    high: float

    def cut(self, bits: float) -> float:
        """The sum, or the end of the scale when it lies lower."""
        return max(bits, self.low)


def scale_of(found: PairExplanation) -> Scale:
    """The scale on which all of a waterfall and its thresholds lie."""
    points = [0.0, found.link_from, found.review_from, *(step.end for step in found.evidence)]
    return Scale(max(min(points), _LOWEST), max(points))
