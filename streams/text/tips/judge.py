"""What a tip says of any two of its people, or of somebody and a drug: logistic regression on clues.

One model for each kind of deed and one for how surely it is told. A probability comes with the clues that
weighed most. Learned by `streams.train.judging`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import numpy as np
from msgspec import Struct

from streams.text.reader.mentions import Reason
from streams.text.reader.viterbi import Floats
from streams.text.tips.clues import deal_clues, status_clues
from streams.text.tips.scene import DRUG, PERSON, Scene, Thing
from streams.text.tips.spoken import spoken

OF_PEOPLE = ("delivery", "sold_to", "supplied", "paid", "works_for", "carried_for", "sheltered")
"""`delivery` is either of the two behind it; which of them is asked only then."""
OF_DRUGS = ("trafficked", "possessed")
STATUSES = ("asserted", "hearsay", "denied", "planned", "asked", "supposed")
DELIVERIES = ("sold_to", "supplied")
_MOST_PEOPLE, _MOST_DRUGS = 16, 6
_REASONS = 6


class ClueWeights(Struct, frozen=True):
    """What each clue adds to some log-odds, a column each, with what is added always.

    Rows are in the order of the clues' spelling.
    """

    row: Mapping[str, int]
    weights: Floats
    base: Floats

    def rows(self, clues: AbstractSet[str]) -> list[int]:
        """The rows of those of the clues that have one, ascending."""
        row = self.row.get
        found = [at for clue in clues if (at := row(clue)) is not None]
        found.sort()
        return found


class JudgeWeights(Struct, frozen=True):
    """The three tables of weights; `least` is the probability from which a deed is told, by its kind, and
    `sure` the one from which a delivery stated as a fact may be believed without a reader."""

    people: ClueWeights
    drugs: ClueWeights
    status: ClueWeights
    least: Mapping[str, float]
    sure: float


class Pair(NamedTuple):
    """Two things of a scene that are near each other, with the places where they are."""

    one: Thing
    two: Thing
    near: list[tuple[int, int]]


class Verdict(NamedTuple):
    """A deed that a scene tells: its probability, how surely it is told, and the clues that weighed most.

    `stated` is the probability that it is told as a fact; `at` are the places of the two.
    """

    kind: str
    one: Thing
    two: Thing
    score: float
    status: str
    stated: float
    at: tuple[int, int]
    reasons: tuple[Reason, ...]


def pairs_of(scene: Scene) -> Iterator[Pair]:
    """Everybody with everybody else and with each drug, as far as they are near each other."""
    people = list(scene.rank)[:_MOST_PEOPLE]
    drugs = [thing for thing in scene.where if thing[0] == DRUG][:_MOST_DRUGS]
    for one in people:
        for two in (*people, *drugs):
            near = scene.near(one, two) if one != two else []
            if near:
                yield Pair(one, two, near)


class Judge:
    """Judges scenes by learned weights."""

    def __init__(self, weights: JudgeWeights) -> None:
        self._weights = weights
        self._of_people, self._of_drugs = list(weights.people.row), list(weights.drugs.row)

    def verdicts(self, scene: Scene) -> Iterator[Verdict]:
        """The deeds that a scene tells, in order of its people."""
        for pair in pairs_of(scene):
            yield from self._told(scene, pair)

    def _told(self, scene: Scene, pair: Pair) -> Iterator[Verdict]:
        model, kinds = self._model(pair)
        rows = model.rows(deal_clues(scene, pair.one, pair.two, pair.near))
        # rounded, so that machines that differ in a last bit agree
        chance = [round(each, 4) for each in chances(model, rows).tolist()]
        found = dict(zip(kinds, chance, strict=True))
        told = [kind for kind in kinds if self._is_told(kind, found)]
        if not told:
            return
        status, stated = self._status(scene, pair)
        for kind in told:
            score = found["delivery"] if kind in DELIVERIES else found[kind]
            reasons = self._reasons(model, kinds.index("delivery" if kind in DELIVERIES else kind), rows)
            yield Verdict(kind, pair.one, pair.two, score, status, stated, pair.near[0], reasons)

    def _model(self, pair: Pair) -> tuple[ClueWeights, tuple[str, ...]]:
        of_people = pair.two[0] == PERSON
        return (self._weights.people, OF_PEOPLE) if of_people else (self._weights.drugs, OF_DRUGS)

    def _is_told(self, kind: str, found: Mapping[str, float]) -> bool:
        if kind == "delivery":
            return False
        if kind not in DELIVERIES:
            return found[kind] >= self._weights.least[kind]
        is_sale = found["sold_to"] >= found["supplied"]
        return found["delivery"] >= self._weights.least["delivery"] and is_sale == (kind == "sold_to")

    def _status(self, scene: Scene, pair: Pair) -> tuple[str, float]:
        model = self._weights.status
        odds = odds_of(model, model.rows(status_clues(scene, pair.one, pair.two, pair.near[0])))
        shares = np.exp(odds - odds.max())
        shares /= shares.sum()
        return STATUSES[int(shares.argmax())], round(float(shares[0]), 4)

    def _reasons(self, model: ClueWeights, column: int, rows: Sequence[int]) -> tuple[Reason, ...]:
        """The clues that weigh most for a column or against it, in bits; of equals the first by spelling."""
        weights = model.weights[rows, column]
        most = np.argsort(-np.abs(weights), kind="stable")[:_REASONS].tolist()
        return tuple(
            Reason(round(float(weights[at]) / math.log(2), 2), spoken(self._clues(model)[rows[at]]))
            for at in most
        )

    def _clues(self, model: ClueWeights) -> Sequence[str]:
        return self._of_people if model is self._weights.people else self._of_drugs


def as_sure_as_its_sale(verdicts: Sequence[Verdict]) -> Iterator[Verdict]:
    """The verdicts; who is not said for a fact to sell to anybody is not said so to trade in it either."""
    sales: dict[Thing, list[str]] = {}
    for each in verdicts:
        if each.kind in DELIVERIES:
            sales.setdefault(each.one, []).append(each.status)
    for each in verdicts:
        statuses = sales.get(each.one, ())
        if each.kind == "trafficked" and each.status == "asserted" and "asserted" not in statuses:
            yield each._replace(status=next(iter(statuses), each.status))
        else:
            yield each


def odds_of(model: ClueWeights, rows: Sequence[int]) -> Floats:
    """The log-odds that a model gives to clues, one a column.

    Added in one order: sets are in another in each process, and sums of floats would differ.
    """
    odds: Floats = model.weights[rows].sum(axis=0) + model.base
    return odds


def chances(model: ClueWeights, rows: Sequence[int]) -> Floats:
    """The probability of each column by itself."""
    chance: Floats = np.reciprocal(1 + np.exp(-odds_of(model, rows)))
    return chance
