"""Learning the relations: logistic regression on clues, then boosted trees on what stands together.

The second step learns from opinions of models that did not see the text. Clues of fewer than three
texts are dropped, and those that hold an annotated person's name.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from schemas.ids import hash64
from streams.text.reader.boosting import Trees
from streams.text.reader.clues import as_target, spelt
from streams.text.reader.mentions import Mention, RelationKind
from streams.text.reader.names import repeated
from streams.text.reader.relations import (
    OF_GOODS,
    OF_PEOPLE,
    ClueWeights,
    Read,
    RelationWeights,
    made_ready,
    odds_of,
    whole_figures,
)
from streams.text.reader.sheet import ragged
from streams.text.reader.symbols import Array
from streams.text.reader.viterbi import Bools, Floats
from streams.train.annotated import Annotated, apart
from streams.train.boosted import boosted
from streams.train.tagging import FEWEST_TEXTS, alphabet_of, holds_name, names_of

PENALTY = 0.1
"""Inverse strength of the L2 penalty of the logistic regression."""
_INNER_FOLDS = 5
_NOBODY = -1  # is left out
_NEGLIGIBLE = 0.004  # log-odds
_BOUNDS = np.arange(-1.5, 1.5, 0.1)
"""Log-odds from which a relation may be told."""
_SMOOTHED = 5  # bounds beside each other that are looked at together
_NEARLY_NONE = 1e-9

Spans = Mapping[str, Sequence[Mention]]


class Lesson(Struct, frozen=True):
    """Texts made ready, with the true class of each pair (0: none) and the clues of the pairs of one kind
    as rows of a table: each clue with its pair and weight."""

    read: Read
    text: Array
    truth: Array
    clues: tuple[Table, Table]


class Table(Struct, frozen=True):
    """Clues of the pairs `pairs` of one kind: `row` counts within these."""

    pairs: Array
    row: Array
    key: Array
    weight: Floats


def learn_relations(texts: Sequence[Annotated], found: Spans) -> RelationWeights:
    """The weights from annotated texts; `found` has the mentions that a tagger found in each, which
    must not have learned from it."""
    alphabet = alphabet_of(texts)
    shown = lesson_of(texts, [repeated(each.text, apart(each.mentions)) for each in texts], alphabet)
    heard = lesson_of(texts, [found[each.text] for each in texts], alphabet)
    return learn_from(texts, shown, heard, alphabet)


def learn_from(texts: Sequence[Annotated], shown: Lesson, heard: Lesson, alphabet: Array) -> RelationWeights:
    """The weights from texts made ready twice, with the annotated mentions and with those found."""
    fold = np.array([hash64("second", each.text) % _INNER_FOLDS for each in texts])
    names = names_of(texts)
    courses = [_Course((shown, heard), kind, fold, _Spelling(names, alphabet)) for kind in (1, 0)]
    opinions = [course.opinions_across() for course in courses]
    figures = whole_figures(heard.read, *opinions)
    trees: dict[str, Trees] = {}
    odds: dict[RelationKind, tuple[Floats, Bools, int]] = {}
    for course, rows, heard_of, kinds in zip(courses, figures, opinions, (OF_PEOPLE, OF_GOODS), strict=True):
        for place, kind in enumerate(kinds):
            labels = course.truth == place + 1
            trees[kind] = boosted(rows, labels)
            true = sum(triplet[1] == kind for each in texts for triplet in each.triplets)
            odds[kind] = _odds_across(rows, labels, heard_of[:, place], course.fold), labels, true
    people, goods = (course.linear(_NOBODY) for course in courses)
    return RelationWeights(alphabet, people, goods, trees, dict.fromkeys(odds, least_of(odds)))


def _odds_across(figures: Floats, labels: Bools, opinion: Floats, fold: Array) -> Floats:
    """The log-odds of a relation by trees that did not see the texts."""
    odds = np.zeros(len(labels), dtype=np.float32)
    for n in range(_INNER_FOLDS):
        part = boosted(figures[fold != n], labels[fold != n])
        odds[fold == n] = odds_of(part, figures[fold == n], opinion[fold == n])
    return odds


def lesson_of(texts: Sequence[Annotated], mentions: Sequence[Sequence[Mention]], alphabet: Array) -> Lesson:
    """The texts made ready with mentions."""
    (read,) = made_ready([each.text for each in texts], mentions, alphabet, sys.maxsize)
    sheet = read.sheet
    text = np.array([piece.text for piece in read.pieces], dtype=np.int64)[sheet.pair_text]
    truth = np.zeros(len(text), dtype=np.int64)
    for pair, (number, one, two, of_people) in enumerate(
        zip(
            text.tolist(),
            sheet.subject.tolist(),
            sheet.target.tolist(),
            sheet.of_people.tolist(),
            strict=True,
        )
    ):
        kinds = OF_PEOPLE if of_people else OF_GOODS
        names = sheet.spelt[one], sheet.spelt[two]
        true = (n for n, kind in enumerate(kinds, 1) if (names[0], kind, names[1]) in texts[number].triplets)
        truth[pair] = next(true, 0)
    return Lesson(read, text, truth, (_table(read, 1), _table(read, 0)))


def _table(read: Read, of_people: int) -> Table:
    """The clues about pairs of one kind, those about their names among them."""
    sheet, names, own = read.sheet, read.of_names, read.of_pairs
    pairs = np.flatnonzero(sheet.of_people == of_people)
    row_of = np.full(len(sheet.subject), -1)
    row_of[pairs] = np.arange(len(pairs))
    kept = row_of[own.row] >= 0
    rows, keys, weights = [row_of[own.row[kept]]], [own.key[kept]], [own.weight[kept]]
    first = np.searchsorted(names.row, np.arange(len(sheet.text_of) + 1))
    for side, is_target in ((sheet.subject[pairs], False), (sheet.target[pairs], True)):
        row, place = ragged(first[side], first[side + 1])
        rows.append(row)
        keys.append(as_target(names.key[place]) if is_target else names.key[place])
        weights.append(names.weight[place])
    return Table(pairs, np.concatenate(rows), np.concatenate(keys), np.concatenate(weights))


class _Spelling:
    """Tells which clues hold a person's name."""

    def __init__(self, names: frozenset[str], alphabet: Array) -> None:
        self._names, self._alphabet = names, alphabet
        self._known: dict[int, bool] = {}

    def is_free(self, key: int) -> bool:
        if key not in self._known:
            self._known[key] = not holds_name(spelt(key, self._alphabet), self._names)
        return self._known[key]


class _Course:
    """The first step for one kind of pairs: lessons, the last of which is with the mentions found."""

    def __init__(self, lessons: Sequence[Lesson], of_people: int, fold: Array, spelling: _Spelling) -> None:
        self._tables = [lesson.clues[1 - of_people] for lesson in lessons]
        self._texts = [lesson.text[table.pairs] for lesson, table in zip(lessons, self._tables, strict=True)]
        self._folds = [fold[text] for text in self._texts]
        self._truths = [
            lesson.truth[table.pairs] for lesson, table in zip(lessons, self._tables, strict=True)
        ]
        self._spelling = spelling
        self.truth, self.fold = self._truths[-1], self._folds[-1]

    def linear(self, left_out: int) -> ClueWeights:
        """The first step from all texts but those of one fold."""
        from scipy.sparse import vstack  # noqa: PLC0415  of the group `train`
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  of the group `train`

        known = [fold != left_out for fold in self._folds]
        keys = self._vocabulary(known)
        matrices = [_matrix(table, keys)[rows] for table, rows in zip(self._tables, known, strict=True)]
        truth = np.concatenate([of[rows] for of, rows in zip(self._truths, known, strict=True)])
        model = LogisticRegression(C=PENALTY, max_iter=100, tol=1e-3).fit(vstack(matrices), truth)
        return _without_idle(keys, model)

    def opinions_across(self) -> Floats:
        """The first opinions on the pairs of the last lesson, by models that did not see their texts."""
        table = self._tables[-1]
        opinions = np.zeros((len(table.pairs), 2), dtype=np.float32)
        for n in range(_INNER_FOLDS):
            model, new = self.linear(n), self.fold == n
            opinions[new] = _matrix(table, model.keys)[new] @ model.weights + model.base
        return opinions

    def _vocabulary(self, known: Sequence[Bools]) -> Array:
        """The clues of at least three texts that hold no name, sorted."""
        met = []
        for table, texts, rows in zip(self._tables, self._texts, known, strict=True):
            kept = rows[table.row]
            met.append(np.stack([table.key[kept], texts[table.row[kept]]]))
        keys, texts = np.concatenate(met, axis=1)
        order = np.lexsort((texts, keys))
        keys, texts = keys[order], texts[order]
        new = np.ones(len(keys), dtype=bool)
        new[1:] = (keys[1:] != keys[:-1]) | (texts[1:] != texts[:-1])
        every, counts = np.unique(keys[new], return_counts=True)
        frequent = every[counts >= FEWEST_TEXTS]
        free: Array = frequent[
            np.array([self._spelling.is_free(key) for key in frequent.tolist()], dtype=bool)
        ]
        return free


def _matrix(table: Table, keys: Array) -> Any:
    from scipy.sparse import csr_matrix  # noqa: PLC0415  of the group `train`

    at = np.minimum(np.searchsorted(keys, table.key), len(keys) - 1)
    known = keys[at] == table.key
    matrix = csr_matrix(
        (table.weight[known], (table.row[known], at[known])), shape=(len(table.pairs), len(keys))
    )
    matrix.sum_duplicates()
    return matrix


def _without_idle(keys: Array, model: Any) -> ClueWeights:
    """The clues whose weights make a difference, as log-odds of each relation against none."""
    table = np.zeros((3, len(keys)), dtype=np.float32)
    base = np.full(3, -10.0, dtype=np.float32)
    if len(model.classes_) == 2:  # scikit-learn has one row for two classes
        table[model.classes_[1]], base[model.classes_[1]] = model.coef_[0], model.intercept_[0]
        base[model.classes_[0]] = 0
    else:
        table[model.classes_], base[model.classes_] = model.coef_, model.intercept_
    weights, base = (table[1:] - table[0]).T, base[1:] - base[0]
    heavy = np.abs(weights).max(axis=1) >= _NEGLIGIBLE
    return ClueWeights(keys[heavy], weights[heavy], base)


def least_of(odds: Mapping[RelationKind, tuple[Floats, Bools, int]]) -> float:
    """The log-odds from which telling relations gives the highest F1 of all together; of each relation
    the log-odds by cross-validation, which are true, and how many truths there are.

    One bound for all: where odds are right, the best one is the same for each (Lipton et al. 2014: half
    of the F1 that is reached, as a probability), and one is found more surely than four.
    """
    guess, labels = (np.concatenate([each[n] for each in odds.values()]) for n in (0, 1))
    true = sum(each[2] for each in odds.values())
    told = [guess >= bound for bound in _BOUNDS]
    f1 = np.array([2 * (labels & each).sum() / (each.sum() + true + _NEARLY_NONE) for each in told])
    smooth = np.convolve(
        np.pad(f1, _SMOOTHED // 2, mode="edge"), np.ones(_SMOOTHED) / _SMOOTHED, mode="valid"
    )
    return float(_BOUNDS[int(np.argmax(smooth))])
