"""A score as a waterfall: each feature begins where the last one ended."""

from __future__ import annotations

from itertools import accumulate, pairwise

from schemas.decisions import Score
from schemas.explanations import Step


def steps_of(found: Score) -> tuple[Step, ...]:
    """The steps from nothing to the score, in the order in which features are compared.

    >>> from schemas.decisions import Evidence
    >>> steps = steps_of(Score(14.0, (Evidence("phone", 20.0, "same"), Evidence("gender", -6.0, "other"))))
    >>> [(each.start, each.end) for each in steps]
    [(0.0, 20.0), (20.0, 14.0)]
    """
    ends = [round(end, 3) for end in accumulate((item.bits for item in found.evidence), initial=0.0)]
    if found.evidence:
        ends[-1] = found.bits  # what decides; another way of summing may round otherwise
    return tuple(
        Step(item.feature, round(end - start, 3), start, end, item.why)
        for item, (start, end) in zip(found.evidence, pairwise(ends), strict=True)
    )


def tenths(bits: float) -> float:
    """Bits to one decimal, halves always up: what is shown then adds up like what is meant.

    >>> tenths(6.25), tenths(-7.75), tenths(20.0)
    (6.3, -7.7, 20.0)
    """
    return (round(bits * 1000) + 50) // 100 / 10
