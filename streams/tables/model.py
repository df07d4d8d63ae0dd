"""The match model: what each level of each feature is worth, in bits.

After Fellegi and Sunter (1969): a level that pairs of one entity show with probability m, and pairs of two
with u, weighs log2(m/u). Agreement on a rare value weighs more, by how much rarer it is than the average of
its feature (term frequency). Who swapped given and family name is compared crosswise. A pair is linked when
its weight and the prior odds of a match make it three times as likely one as two.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from streams.tables.comparisons import COMPARISONS, Compare, Levels, nearly_equal
from streams.tables.features import Column, Table
from streams.tables.pairs import Pairs

RAREST, COMMONEST = 6.0, -8.0
"""Bits by which a rare value can weigh more than the average one, and a common one less."""
ODDS = 3.0
"""A wrong link costs more than a missing one."""
SWAP_COST = 3.0
SWAP_GAIN = 2.0
"""Bits that crosswise names must gain, beyond their cost, to be taken for swapped."""
PLACES = frozenset(("address", "postcode", "suburb", "city", "place", "region"))
"""Fields that say where, in parts of which one follows from another."""
CONTACTS = frozenset(("phone", "email", "address"))
HOUSEHOLD = CONTACTS | PLACES | {"family_name"}
"""Fields that the members of one household share; the contacts are hardly shared by others."""
FOLLOWING = 0.25
"""How much a part of a place counts beside a stronger one: most of it follows from that."""
_AT_ONCE = 1 << 18
"""Pairs that are compared or scored at once."""
_EVERYWHERE = slice(None)
_OTHER_LEVEL = 1
"""The highest level of given names that speaks of two people."""
_SWAPPED_LEVEL = 4
"""The level that one of the crosswise names must reach: one letter off."""
_ROUNDING = 1e-6
"""Bits by which sums may differ that are added up in another order."""


class Weights(Struct, frozen=True):
    """Of one feature: probabilities of each level for pairs of one entity (`m`) and of two (`u`), and of each
    value how much rarer than the average it is, in bits; a value that came later is as rare as `unseen`."""

    m: np.ndarray
    u: np.ndarray
    rarity: np.ndarray
    unseen: float

    @property
    def bits(self) -> np.ndarray:
        """What each level is worth."""
        return np.asarray(np.log2(self.m / self.u))

    def covering(self, values: int) -> Weights:
        """The same with a rarity for so many values; when there are more there is room for as many again."""
        if values <= len(self.rarity):
            return self
        rarity = np.full(2 * values, self.unseen)
        rarity[: len(self.rarity)] = self.rarity
        return Weights(self.m, self.u, rarity, self.unseen)


class Model(Struct, frozen=True):
    """The weights by feature, in the order of the table's columns, and the prior odds of a match in bits."""

    weights: tuple[Weights, ...]
    prior: float

    @property
    def link(self) -> float:
        """Bits from which two profiles are taken for one: `ODDS` times as likely one as two."""
        return float(np.log2(ODDS)) - self.prior

    def covering(self, table: Table) -> Model:
        """The same for a table that has had more rows since the model was fitted to it."""
        each = zip(self.weights, table.columns, strict=True)
        return Model(tuple(its.covering(len(column.values)) for its, column in each), self.prior)


class Comparing(Struct, frozen=True):
    """Pairs with their levels: by column, and of given with family name crosswise where there are both."""

    pairs: Pairs
    levels: tuple[Levels, ...]
    crosswise: tuple[Levels, Levels] | None

    def at(self, places: np.ndarray | slice) -> Comparing:
        """The pairs at these places."""
        crosswise = self.crosswise and (self.crosswise[0][places], self.crosswise[1][places])
        return Comparing(self.pairs.at(places), tuple(each[places] for each in self.levels), crosswise)


def compare(table: Table, pairs: Pairs) -> Comparing:
    """The levels of pairs of profiles."""
    some = [_compare(table, pairs.at(portion)) for portion in portions(len(pairs))]
    crosswise = [each.crosswise for each in some if each.crosswise is not None]
    return Comparing(
        pairs,
        tuple(map(np.concatenate, zip(*(each.levels for each in some), strict=True))),
        (np.concatenate([one for one, _ in crosswise]), np.concatenate([other for _, other in crosswise]))
        if crosswise
        else None,
    )


def portions(size: int) -> Iterator[slice]:
    """Parts of so many pairs, each few enough to be held in memory many times over."""
    return (slice(at, at + _AT_ONCE) for at in range(0, max(size, 1), _AT_ONCE))


def _compare(table: Table, pairs: Pairs) -> Comparing:
    levels = tuple(_levels(column, column, pairs) for column in table.columns)
    given, family = (table.of(field) for field in ("given_name", "family_name"))
    crosswise = _crosswise(given[0], family[0], pairs) if given and family else None
    return Comparing(pairs, levels, crosswise)


def may_link(table: Table, model: Model, pairs: Pairs) -> np.ndarray:
    """Of which pairs the bits may come to a link: all that do and few others, told without comparing names
    that differ, which takes longest."""
    parts = [
        _at_most(column, weights, pairs)
        if column.feature.kind == "name"
        else _worth(column, weights, _levels(column, column, pairs), pairs)
        for column, weights in zip(table.columns, model.weights, strict=True)
    ]
    _one_place(table, parts)
    hopeful = _sum(parts, len(pairs)) >= model.link - _ROUNDING
    given, family = (table.of(field) for field in ("given_name", "family_name"))
    if given and family:
        hopeful |= np.maximum(*_crosswise(given[0], family[0], pairs)) >= _SWAPPED_LEVEL
    return np.asarray(hopeful)


def _at_most(column: Column, weights: Weights, pairs: Pairs) -> np.ndarray:
    """What names can be worth to pairs: those that differ the level that speaks most for a pair, and no less
    than silence, since names of two scripts may say nothing."""
    best = int(np.argmax(weights.bits[:-1]))
    levels = _levels(column, column, pairs, lambda left, _right: np.full(len(left), best, np.int8))
    worth = _worth(column, weights, levels, pairs)
    return np.where(levels == column.feature.comparison.top, worth, np.maximum(worth, 0.0))


def _crosswise(given: Column, family: Column, pairs: Pairs) -> tuple[Levels, Levels]:
    """Levels of given against family name and the other way; 0 where neither is nearly equal, so that names
    are not taken for swapped."""
    sides = ((given, family), (family, given))
    near = np.maximum(*(_levels(one, other, pairs, nearly_equal) for one, other in sides))
    strong = np.flatnonzero(near >= _SWAPPED_LEVEL)
    crosswise = (np.zeros(len(pairs), np.int8), np.zeros(len(pairs), np.int8))
    if len(strong):
        for found, (one, other) in zip(crosswise, sides, strict=True):
            found[strong] = _levels(one, other, pairs.at(strong))
    return crosswise


def _levels(left: Column, right: Column, pairs: Pairs, levels_of: Compare | None = None) -> Levels:
    """Levels of values of one column against those of another, by their kind's comparison or by another; each
    two values are compared once."""
    comparison = COMPARISONS[left.feature.kind]
    levels_of = levels_of or comparison.levels
    mine, theirs = left.of[pairs.left].astype(np.int64), right.of[pairs.right]
    found = np.full(len(pairs), -1, np.int8)
    known = np.flatnonzero((mine >= 0) & (theirs >= 0))
    if not len(known):
        return found
    width = len(right.values)
    codes, at = np.unique(mine[known] * width + theirs[known], return_inverse=True)
    one, other = codes // width, codes % width
    same = one == other if left is right else _same_text(left, right, one, other)
    levels = np.full(len(codes), comparison.top, np.int8)
    differs = np.flatnonzero(~same)
    if len(differs):
        mine_differ = [left.values[value] for value in one[differs].tolist()]
        theirs_differ = [right.values[value] for value in other[differs].tolist()]
        levels[differs] = levels_of(mine_differ, theirs_differ)
    found[known] = levels[at]
    return found


def _same_text(left: Column, right: Column, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Of which values of two columns the texts are equal."""
    values = zip(one.tolist(), other.tolist(), strict=True)
    return np.fromiter((left.values[a] == right.values[b] for a, b in values), bool, len(one))


class Scored(Struct, frozen=True):
    """The bits of pairs, and for which of them given and family name were taken for swapped."""

    bits: np.ndarray
    swapped: np.ndarray


def score(table: Table, model: Model, compared: Comparing) -> Scored:
    """Bits for each pair; what one side does not say counts for nothing."""
    some = [_score(table, model, compared.at(portion)) for portion in portions(len(compared.pairs))]
    return Scored(
        np.concatenate([each.bits for each in some]), np.concatenate([each.swapped for each in some])
    )


def _score(table: Table, model: Model, compared: Comparing) -> Scored:
    parts = [
        _worth(column, weights, levels, compared.pairs)
        for column, weights, levels in zip(table.columns, model.weights, compared.levels, strict=True)
    ]
    swapped = np.zeros(len(compared.pairs), bool)
    if compared.crosswise is not None:
        swapped = _swap(table, model, compared, parts)
        _one_household(table, compared, parts)
    _one_place(table, parts)
    return Scored(_sum(parts, len(swapped)), swapped)


def _sum(parts: list[np.ndarray], size: int) -> np.ndarray:
    """One part after the other: `np.sum` adds eight or more otherwise when there is one pair than when there
    are several, and the last bit would say in which company a pair was scored."""
    return sum(parts, np.zeros(size))


def _worth(column: Column, weights: Weights, levels: Levels, pairs: Pairs) -> np.ndarray:
    """Equality says more of a rare value, and being near one never more than equality would."""
    worth: np.ndarray = np.append(weights.bits, 0.0)[
        levels
    ]  # the last one stands for silence, which is level -1
    agree = worth > 0.0
    one, other = column.of[pairs.left[agree]], column.of[pairs.right[agree]]
    equal = weights.bits[-1] + np.minimum(weights.rarity[one], weights.rarity[other])
    worth[agree] = np.where(one == other, equal, np.minimum(worth[agree], equal))
    return worth


def _swap(table: Table, model: Model, compared: Comparing, parts: list[np.ndarray]) -> np.ndarray:
    """Where given and family name agree better crosswise, that counts instead, at a cost; where it does.

    What stands as a given name and equals a family name is as rare as that family name.
    """
    assert compared.crosswise is not None
    given, family = (table.at(field) for field in ("given_name", "family_name"))
    column, weights = table.columns[family], model.weights[family]
    bits = np.append(weights.bits, 0.0)
    swapped = np.full(len(compared.pairs), -SWAP_COST)
    for levels, side in zip(compared.crosswise, (compared.pairs.right, compared.pairs.left), strict=True):
        worth = bits[levels]
        same = levels == column.feature.comparison.top
        worth[same] += weights.rarity[column.of[side[same]]]
        swapped += worth
    strong = np.maximum(*compared.crosswise) >= _SWAPPED_LEVEL
    better = strong & (swapped > parts[given] + parts[family] + SWAP_GAIN)
    parts[given] = np.where(better, swapped, parts[given])
    parts[family] = np.where(better, 0.0, parts[family])
    return np.asarray(better)


def _one_household(table: Table, compared: Comparing, parts: list[np.ndarray]) -> None:
    """A family shares its name, phone, mailbox and address at once: where given names, or of one family name
    the dates, are of two people, and one of those is shared, only the strongest of all that counts."""
    given = table.at("given_name")
    fields = [column.feature.field for column in table.columns]
    contacts = [parts[at] > 0.0 for at, field in enumerate(fields) if field in CONTACTS]
    if not contacts:
        return
    others = (compared.levels[given] >= 0) & (compared.levels[given] <= _OTHER_LEVEL) & (parts[given] <= 0.0)
    if "date" in fields:
        others |= (compared.levels[fields.index("date")] == 0) & (parts[table.at("family_name")] > 0.0)
    others &= np.any(contacts, axis=0)
    _keep_strongest(parts, [at for at, field in enumerate(fields) if field in HOUSEHOLD], others)


def _one_place(table: Table, parts: list[np.ndarray]) -> None:
    """An address has its postcode, town and region: of all that says one place the strongest counts whole."""
    _keep_strongest(
        parts,
        [at for at, column in enumerate(table.columns) if column.feature.field in PLACES],
        kept=FOLLOWING,
    )


def _keep_strongest(
    parts: list[np.ndarray], shared: list[int], where: slice | np.ndarray = _EVERYWHERE, kept: float = 0.0
) -> None:
    """Of what speaks for a pair among some columns the strongest, and of the rest the share that is `kept`;
    what speaks against it stays."""
    if not shared:
        return
    gained = np.maximum([parts[at][where] for at in shared], 0.0)
    strongest = np.argmax(gained, axis=0)
    for row, at in enumerate(shared):
        parts[at][where] -= np.where(strongest == row, 0.0, (1.0 - kept) * gained[row])
