"""What a store has learned of the weights of the match model, beside what experts say.

A level is worth log2(m/u). u (how often strangers agree so) stays the experts': rarity, population. m (how
often two mentions of one person agree just so) tells how a region writes, and is learned for the levels
below. A level that is learned counts log2(m learned / m expected) more.

Not learned is what has no such rate (numbers, contexts and addresses are only ever seen to agree; different
names no fit without labels takes for one person's), what hangs on the name or the record, for strangers too
(variant forms, other scripts, nicknames, aliases that are listed), and what is a rule: masks, exclusivity,
generic numbers, households.
"""

from __future__ import annotations

from msgspec import Struct

from schemas.decisions import Evidence
from streams.resolve.name_levels import BOTH_ALIKE, HOMOPHONES, LOOK_ALIKES

CONFLICT = -3.0
"""A feature at or below this speaks against; silence does not."""
FURTHEST = 3.0
"""Bits that a level moves at most from what experts say: a factor of eight."""
_JUST_ABOVE = 0.001

Rates = dict[str, float]
"""By level: of the pairs of one person's mentions that can be compared, the share that agrees just so."""


def _rest(name: str, rates: Rates) -> Rates:
    return {name: 1.0 - sum(rates.values()), **rates}


EXPECTED: dict[str, Rates] = {
    "name": _rest(
        "name.same",
        {
            "name.homophone_look_alike": BOTH_ALIKE,
            "name.homophone": HOMOPHONES,
            "name.look_alike": LOOK_ALIKES,
            "name.one_character": 0.004,
        },
    ),
    "birth": _rest(
        "birth.day",
        {
            "birth.swapped": 0.005,
            "birth.digit": 0.025,
            "birth.year_off": 0.005,
            "birth.parts": 0.01,
            "birth.other": 0.005,
        },
    ),
    "birth to the month": _rest("birth.month", {"birth.other_month": 0.01}),
    "birth to the year": _rest("birth.year", {"birth.other_year": 0.01}),
    "gender": _rest("gender.same", {"gender.other": 0.008}),
    "hukou": {"hukou.county": 0.45, "hukou.prefecture": 0.25, "hukou.elsewhere": 0.3},
}
"""What experts expect of the levels that are learned, by what is compared; each sums to 1."""


class Weights(Struct, frozen=True):
    """A model: by level the bits that it counts beside the experts'; none is the experts' own."""

    bits: dict[str, float]

    def weigh(self, evidence: Evidence) -> Evidence:
        """A level's evidence under this model. What speaks against goes on to, what supports never comes to
        speak against, what does neither does neither: nobody is kept apart by how often a mistake is made.

        >>> other = Evidence("gender", -6.0, "other gender", "gender.other")
        >>> Weights({"gender.other": 2.0}).weigh(other).bits, Weights({"gender.other": 4.0}).weigh(other).bits
        (-4.0, -3.0)
        """
        more = self.bits.get(evidence.level)
        if more is None:
            return evidence
        bits = round(evidence.bits + more, 3)
        if evidence.bits <= CONFLICT:
            bits = min(bits, CONFLICT)
        elif evidence.bits > 0:
            bits = max(bits, 0.0)
        else:
            bits = min(max(bits, CONFLICT + _JUST_ABOVE), 0.0)
        return Evidence(evidence.feature, bits, evidence.why, evidence.level)

    @property
    def learned(self) -> tuple[tuple[str, float], ...]:
        """The same in the order of the levels' names."""
        return tuple(sorted(self.bits.items()))


EXPERTS = Weights({})
