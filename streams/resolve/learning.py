"""Learning the weights of levels from a store, without labels: expectation and maximisation.

The pairs that share a number were brought together by it alone, so how often the rest of them agrees is seen
as it is. (Of pairs that met by sound and birth, all sound alike.) An ID number says birth, gender and county
itself, so those who share one teach names only. Each pair counts by how likely it is one person under the
model, 1 or 0 where a person said so; what experts expect stays in it as so many pseudo-counts (`PRIOR`).
A mention counts once, however many it is compared with, and somebody with more than `OFTEN` mentions as
that many: a busy dealer does not say how a region writes.

The outcome depends on which records and judgements there are, neither on their order nor on the model that
was in force: pairs are taken in the order of their profiles' hashes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping

import numpy as np
from msgspec import Struct

from schemas.decisions import Evidence
from streams.resolve.asked import Profiles, pairs_of
from streams.resolve.model import LINK, score
from streams.resolve.profiles import Profile
from streams.resolve.weights import CONFLICT, EXPECTED, FURTHEST, Weights

PRIOR = 1_000.0
"""Pairs of mentions that what experts expect counts for."""
OFTEN = 20
LEAST = 0.1
"""Bits below which a level stays the experts'."""
ROUNDS = 30
_SURE = 60.0
_LEVELS = {level: (family, at) for family, rates in EXPECTED.items() for at, level in enumerate(rates)}

Judged = Mapping[tuple[int, int], bool]
"""By two profiles, the lower key first: whether somebody said that they are one."""


class Learned(Struct, frozen=True, kw_only=True):
    """What was learned of one level: `pairs` of profiles are likely one person and agree just so; `expected`
    and `seen` are shares of a person's pairs of mentions; `bits` are those beside the experts'.
    """

    level: str
    pairs: int
    expected: float
    seen: float
    bits: float


class _Column(Struct, frozen=True):
    """Of each pair the level of one family (-1: not comparable) and the experts' bits of it."""

    level: np.ndarray
    bits: np.ndarray

    def under(self, more: np.ndarray) -> np.ndarray:
        """The bits of each pair when levels count so much more; as `Weights.weigh`."""
        moved = self.bits + np.append(more, 0.0)[self.level]
        against, neither = self.bits <= CONFLICT, (self.bits > CONFLICT) & (self.bits <= 0)
        low = np.where(against, -np.inf, np.where(neither, CONFLICT, 0.0))
        return np.asarray(np.clip(moved, low, np.where(against, CONFLICT, np.where(neither, 0.0, np.inf))))


class _Sample(Struct, frozen=True):
    """Pairs that teach: how much each counts, what a person said (NaN: nothing), bits not to be learned."""

    counts: np.ndarray
    said: np.ndarray
    rest: np.ndarray
    columns: dict[str, _Column]

    def likely(self, bits: Mapping[str, np.ndarray]) -> np.ndarray:
        """How likely each pair is one person, 0 to 1."""
        total = self.rest + sum(column.under(bits[family]) for family, column in self.columns.items())
        by_score = 1.0 / (1.0 + np.exp2(np.clip(LINK - total, -_SURE, _SURE)))
        return np.asarray(np.where(np.isnan(self.said), by_score, self.said))


def learn(held: Profiles, codes: np.ndarray, mentions: np.ndarray, judged: Judged) -> list[Learned]:
    """What pairs teach (`codes`, as `asked` has them); `mentions`: of each profile, how many live it has."""
    sample = _sample(held, codes, mentions, judged)
    shares = {family: np.array(list(rates.values())) for family, rates in EXPECTED.items()}
    for _ in range(ROUNDS):
        counts = sample.counts * sample.likely(_bits(shares))
        shares = {family: _shares(family, column, counts) for family, column in sample.columns.items()}
    bits = _bits(shares)
    likely = sample.likely(bits) >= 0.5
    return [
        Learned(
            level=level,
            pairs=int(np.count_nonzero(likely & (sample.columns[family].level == at))),
            expected=EXPECTED[family][level],
            seen=float(shares[family][at]),
            bits=round(float(bits[family][at]), 2),
        )
        for level, (family, at) in _LEVELS.items()
    ]


def weights_of(learned: Iterable[Learned]) -> Weights:
    """The model that these make; what hardly moves stays the experts'."""
    return Weights({each.level: each.bits for each in learned if abs(each.bits) >= LEAST})


def _shares(family: str, column: _Column, counts: np.ndarray) -> np.ndarray:
    expected = np.array(list(EXPECTED[family].values()))
    known = column.level >= 0
    seen = np.bincount(column.level[known], weights=counts[known], minlength=len(expected))
    return np.asarray((PRIOR * expected + seen) / (PRIOR + seen.sum()))


def _bits(shares: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Beside the experts', by family."""
    return {
        family: np.clip(np.log2(seen / np.array(list(EXPECTED[family].values()))), -FURTHEST, FURTHEST)
        for family, seen in shares.items()
    }


# --- the pairs that teach ---------------------------------------------------------------------------------


class _Taken:
    """The pairs that teach, as they are found."""

    def __init__(self) -> None:
        self.left, self.right, self.rest = array("i"), array("i"), array("d")
        self.levels = {family: array("b") for family in EXPECTED}
        self.bits = {family: array("f") for family in EXPECTED}

    def take(self, a: int, b: int, one: Profile, other: Profile) -> None:
        kinds = {kind for kind, _ in one.numbers & other.numbers}
        if not kinds or one.type != "person" or (found := score(one, other)).exclusive:
            return
        here: dict[str, tuple[int, float]] = {}
        rest = 0.0
        for each in found.evidence:
            family = _teaches(each, one, other, named_only="id_number" in kinds)
            if family is None:
                rest += each.bits
            else:
                here[family] = (_LEVELS[each.level][1], each.bits)
        self.left.append(a)
        self.right.append(b)
        self.rest.append(rest)
        for family in EXPECTED:
            level, bits = here.get(family, (-1, 0.0))
            self.levels[family].append(level)
            self.bits[family].append(bits)


def _teaches(evidence: Evidence, one: Profile, other: Profile, *, named_only: bool) -> str | None:
    """The family of a level that this pair can say something of."""
    family, _ = _LEVELS.get(evidence.level, (None, 0))
    if family == "name":
        return family if _chinese(one) and _chinese(other) else None
    if named_only:
        return None
    if family == "hukou" and (one.features.hukou.endswith("00") or other.features.hukou.endswith("00")):
        return None
    return family


def _chinese(profile: Profile) -> bool:
    """Names in Latin letters, or of given and father's name, are mistaken otherwise."""
    return not profile.name_key.isascii() and "·" not in profile.name_key


def _sample(held: Profiles, codes: np.ndarray, mentions: np.ndarray, judged: Judged) -> _Sample:
    taken = _Taken()
    for a, b, one, other in pairs_of(held, codes):
        taken.take(a, b, one, other)
    alike = np.flatnonzero(mentions > 1)
    for pid, _, profile, _ in pairs_of(held, alike << 32 | alike):
        taken.take(pid, pid, profile, profile)
    orders = np.frombuffer(held.orders, np.int64)
    left, right = np.asarray(taken.left), np.asarray(taken.right)
    one, other = np.sort(np.stack((orders[left], orders[right])), axis=0)
    order = np.lexsort((other, one))
    said = _said(left, right, judged)
    return _Sample(
        _counts(left, right, mentions)[order],
        said[order],
        np.asarray(taken.rest)[order],
        {
            family: _Column(
                np.asarray(taken.levels[family], np.int64)[order],
                np.asarray(taken.bits[family], np.float64)[order],
            )
            for family in EXPECTED
        },
    )


def _said(left: np.ndarray, right: np.ndarray, judged: Judged) -> np.ndarray:
    """What is known of a pair: mentions of one profile are one person."""
    said = np.where(left == right, 1.0, np.nan)
    if judged:
        for at, pair in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
            if (verdict := judged.get(pair)) is not None:
                said[at] = float(verdict)
    return said


def _counts(left: np.ndarray, right: np.ndarray, mentions: np.ndarray) -> np.ndarray:
    """How many pairs of mentions each counts for."""
    apart = left != right
    many = mentions.astype(float)
    beside = many.copy()
    for one, other in ((left, right), (right, left)):
        beside += np.bincount(one[apart], weights=many[other[apart]], minlength=len(many))
    here = np.where(apart, many[left] * many[right], many[left] * (many[left] - 1) / 2)
    among = np.maximum(beside[left], beside[right])
    return np.asarray(here / among * np.minimum(1.0, OFTEN / among))
