"""Fitting the model to a table, without labels: expectation and maximisation with experts' priors.

`u` comes from pairs taken at random, of which nearly none are of one entity; that of equal values from how
many entities have each. `m` begins at what experts expect, which stays in it as so many pseudo-counts
(`PRIOR_WEIGHT`), while the candidate pairs, each by how likely it is a match, add what this table says.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from streams.tables.comparisons import Levels
from streams.tables.features import Column, Table
from streams.tables.model import COMMONEST, RAREST, Comparing, Model, Weights, compare, score
from streams.tables.pairs import Pairs

PRIOR_WEIGHT = 100.0
ROUNDS = 12
MOST_PAIRS = 200_000
"""Candidate pairs, and pairs at random, that a model is fitted to."""
OFTEN = 20
"""Further profiles of an entity that one counts for."""
_SURE = 60.0
_NEVER_SEEN = 0.5
"""Pseudo-counts of a level that no pair at random shows."""
SHARED_WEIGHT = 1_000.0
"""Pairs of entities that what experts expect of equal values counts for."""
_UNSEEN = 0.5
"""Further entities with a value that only one is seen to have."""


class _Sample(Struct, frozen=True):
    """Candidates, each for `share` of them, with how much each counts if it matches, 0 where it is known not
    to; and the profiles of several rows, each compared with itself."""

    candidates: Comparing
    counts: np.ndarray
    share: float
    doubled: Comparing


def fit(
    table: Table, compared: Comparing, groups: np.ndarray, possible: np.ndarray | None = None, seed: int = 1
) -> Model:
    """The model of a table out of its compared candidates.

    `groups` says of each profile which entity it is taken for, so that values are counted once for each;
    profiles that are apart in `possible` do not match.
    """
    chance = np.random.default_rng(seed)
    at_random = _at_random(table, groups, chance)
    weights = tuple(
        _begin(column, levels, groups)
        for column, levels in zip(table.columns, compare(table, at_random).levels, strict=True)
    )
    sample = _sample(table, compared, groups, possible, chance)
    profiles = len(table)
    every = max(profiles * (profiles - 1) / 2, 1.0)
    model = Model(weights, prior=-float(np.log2(max(profiles, 2))))
    for _ in range(ROUNDS):
        model = _improve(table, model, sample, every)
    return model


def _at_random(table: Table, groups: np.ndarray, chance: np.random.Generator) -> Pairs:
    """Pairs of profiles that are taken for different entities."""
    size = len(table)
    many = min(MOST_PAIRS, size * max(size - 1, 0))
    left, right = (chance.integers(0, max(size, 1), many) for _ in range(2))
    apart = groups[left] != groups[right]
    return Pairs(left[apart], right[apart])


def _begin(column: Column, at_random: Levels, groups: np.ndarray) -> Weights:
    """Weights before the candidates have been seen."""
    comparison = column.feature.comparison
    same, rarity = _chance_of_values(np.append(_counts(column, groups), 0.0), comparison.chance)
    seen = np.bincount(at_random[at_random >= 0], minlength=comparison.top + 1)[:-1] + _NEVER_SEEN
    u = np.append(seen / seen.sum() * (1.0 - same), same)
    return Weights(np.array(comparison.expected), u, rarity[:-1], float(rarity[-1]))


def _counts(column: Column, groups: np.ndarray) -> np.ndarray:
    """How many entities have each value."""
    known = column.of >= 0
    width = max(len(column.values), 1)
    said = np.unique(groups[known] * width + column.of[known]) % width
    return np.bincount(said, minlength=len(column.values)).astype(float)


def _chance_of_values(counts: np.ndarray, expected: float) -> tuple[float, np.ndarray]:
    """How likely two entities share a value at all, and how much rarer than that each value is, in bits.

    Of a value that `count` of `n` entities have, another entity has it with (count - 1) / (n - 1); few
    entities say little of that, so what experts expect stands beside it as pseudo-counts.
    """
    n = counts.sum()
    same = (np.sum(counts * (counts - 1.0)) + SHARED_WEIGHT * expected) / (
        n * max(n - 1.0, 0.0) + SHARED_WEIGHT
    )
    each = (np.maximum(counts - 1.0, 0.0) + _UNSEEN) / (max(n - 1.0, 0.0) + _UNSEEN / same)
    return float(same), np.clip(np.log2(same / each), COMMONEST, RAREST)


def _sample(
    table: Table,
    compared: Comparing,
    groups: np.ndarray,
    possible: np.ndarray | None,
    chance: np.random.Generator,
) -> _Sample:
    """The candidates, or some of them.

    Of an entity with more than `OFTEN` profiles the pairs count for less: somebody who is there a thousand
    times says nothing of how often others are. Rows that are one profile count for how many matches there
    are, once, and not for how records of one entity differ: else they would say that these never do.
    """
    candidates = compared
    if len(compared.pairs) > MOST_PAIRS:
        chosen = chance.choice(len(compared.pairs), MOST_PAIRS, replace=False)
        candidates = compared.at(np.sort(chosen))
    pairs = candidates.pairs
    sizes = np.bincount(groups, minlength=len(table))[groups[pairs.left]]
    counts = np.where(groups[pairs.left] == groups[pairs.right], np.minimum(1.0, OFTEN / sizes), 1.0)
    if possible is not None:
        counts[possible[pairs.left] != possible[pairs.right]] = 0.0
    doubled = np.flatnonzero(table.copies > 1)
    share = len(compared.pairs) / max(len(pairs), 1)
    return _Sample(candidates, counts, share, compare(table, Pairs(doubled, doubled)))


def _improve(table: Table, model: Model, sample: _Sample, every: float) -> Model:
    """One step: how likely each pair matches under the model, then the model under that.

    Swapped names say nothing of how often a name is mistyped.
    """
    found = score(table, model, sample.candidates)
    matches = sample.counts * _likely(found.bits, model)
    in_place = np.where(found.swapped, 0.0, matches)
    weights = tuple(
        Weights(
            _expected(column, levels, in_place if column.feature.kind == "name" else matches),
            each.u,
            each.rarity,
            each.unseen,
        )
        for column, levels, each in zip(table.columns, sample.candidates.levels, model.weights, strict=True)
    )
    doubled = _likely(score(table, model, sample.doubled).bits, model)
    many = sample.share * matches.sum() + doubled.sum()
    return Model(weights, prior=float(np.log2(max(many, 1.0) / every)))


def _likely(bits: np.ndarray, model: Model) -> np.ndarray:
    """How likely pairs of so many bits match, 0 to 1."""
    return np.asarray(1.0 / (1.0 + 2.0 ** -np.clip(bits + model.prior, -_SURE, _SURE)))


def _expected(column: Column, levels: Levels, matches: np.ndarray) -> np.ndarray:
    comparison = column.feature.comparison
    known = (levels >= 0) & comparison.learned
    seen = np.bincount(levels[known], weights=matches[known], minlength=comparison.top + 1)
    expected = np.array(comparison.expected)
    return np.asarray((PRIOR_WEIGHT * expected + seen) / (PRIOR_WEIGHT + seen.sum()))
