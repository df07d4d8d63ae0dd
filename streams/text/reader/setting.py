"""What the pairs of a text say about each other: who else might have done it, and to whom.

A first opinion on every pair is the log-odds of each relation against none, from its clues alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from streams.text.reader.groups import LEAST, highest, others
from streams.text.reader.sheet import Sheet, places_of, ragged
from streams.text.reader.symbols import Array
from streams.text.reader.viterbi import Floats


def settings_of(sheet: Sheet, people: Floats, goods: Floats) -> tuple[Floats, Floats]:
    """The figures of all pairs of people, and of all of a person and a substance, from the opinions on
    them (a row a pair, a column a relation)."""
    ones, twos = _Pairs(sheet, 1, people), _Pairs(sheet, 0, goods)
    mates = _mates(sheet)
    of_people = (
        *ones.own(), *ones.turned(), *ones.of_mates(*mates),
        *ones.subjects(ones.target), *ones.targets(ones.subject),
        *twos.subjects(ones.subject), *twos.subjects(ones.target), *twos.texts(ones.text),
    )  # fmt: skip
    of_goods = (
        *twos.own(), *twos.of_mates(*mates),
        *ones.subjects(twos.subject), *ones.targets(twos.subject), *ones.texts(twos.text),
    )  # fmt: skip
    return np.stack(of_people, axis=1).astype(np.float32), np.stack(of_goods, axis=1).astype(np.float32)


class _Pairs:
    """The pairs of one kind with the opinions on them."""

    def __init__(self, sheet: Sheet, of_people: int, opinions: Floats) -> None:
        rows = np.flatnonzero(sheet.of_people == of_people)
        self.subject, self.target, self.text = sheet.subject[rows], sheet.target[rows], sheet.pair_text[rows]
        self._opinions = [np.maximum(column, LEAST) for column in opinions.T]
        self._names, self._texts = len(sheet.text_of), sheet.texts
        self._find = places_of(self.subject * self._names + self.target)

    def own(self) -> Iterator[Floats]:
        """The opinions, the highest on other pairs of the subject and target, and how many speak for them."""
        for values in self._opinions:
            yield values
            yield from others(values, self.subject, self._names)
            yield from others(values, self.target, self._names)
            yield highest(values, self.text, self._texts)[self.text]

    def turned(self) -> Iterator[Floats]:
        """The opinions on the pair turned round."""
        at = self._find(self.target * self._names + self.subject)
        return (np.where(at >= 0, values[at], LEAST) if len(at) else values for values in self._opinions)

    def subjects(self, names: Array) -> Iterator[Floats]:
        """The highest opinions on any pair with these subjects."""
        return (highest(values, self.subject, self._names)[names] for values in self._opinions)

    def targets(self, names: Array) -> Iterator[Floats]:
        """The highest opinions on any pair with these targets."""
        return (highest(values, self.target, self._names)[names] for values in self._opinions)

    def texts(self, texts: Array) -> Iterator[Floats]:
        """The highest opinions on any pair of these texts."""
        return (highest(values, self.text, self._texts)[texts] for values in self._opinions)

    def of_mates(self, name: Array, mate: Array) -> Iterator[Floats]:
        """The mean and highest opinion on the pairs with a mate of the target, and of the subject, in its
        place; that on the pair itself where there are none."""
        first = np.searchsorted(name, np.arange(self._names + 1))
        for replaced, kept, is_target in (
            (self.target, self.subject, True),
            (self.subject, self.target, False),
        ):
            pair, place = ragged(first[replaced], first[replaced + 1])
            one, two = (kept[pair], mate[place]) if is_target else (mate[place], kept[pair])
            at = self._find(one * self._names + two)
            pair, at = pair[at >= 0], at[at >= 0]
            many = np.bincount(pair, minlength=len(kept))
            for values in self._opinions:
                total = np.bincount(pair, weights=values[at], minlength=len(kept))
                yield np.where(many > 0, total / np.maximum(many, 1), values)
                yield np.where(many > 0, highest(values[at], pair, len(kept)), values)


def _mates(sheet: Sheet) -> tuple[Array, Array]:
    """The pairs of different names that stand in one list, each both ways, in order of the first."""
    first = np.searchsorted(
        sheet.place_token[order := np.argsort(sheet.place_token, kind="stable")], sheet.place_token
    )
    last = np.searchsorted(sheet.place_token[order], sheet.place_token, side="right")
    owner, place = ragged(first, last)
    names = len(sheet.text_of)
    keys = np.unique(sheet.place_name[owner] * names + sheet.place_name[order][place])
    one, two = np.divmod(keys, max(names, 1))
    return one[one != two], two[one != two]
