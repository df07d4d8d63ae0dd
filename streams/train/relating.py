"""Learning the relations: logistic regression on clues, then boosted trees on what stands together.

The second step learns from opinions of models that did not see the text. Clues of fewer than three
texts are dropped, and those that hold an annotated person's name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from schemas.ids import hash64
from streams.text.reader.boosting import Trees
from streams.text.reader.mentions import Mention, RelationKind
from streams.text.reader.names import repeated
from streams.text.reader.relations import (
    OF_GOODS,
    OF_PEOPLE,
    ClueWeights,
    Pair,
    Piece,
    RelationWeights,
    judged,
    odds_of,
    pieces_of,
)
from streams.text.reader.viterbi import Floats
from streams.train.annotated import Annotated, Triplet
from streams.train.tagging import FEWEST_TEXTS, holds_name, names_of

PENALTY = 0.1
"""Inverse strength of the L2 penalty of the logistic regression."""
_TREES, _DEPTH, _RATE, _FEWEST_LEAF, _DRAWN = 80, 3, 0.08, 15, 0.7
_INNER_FOLDS = 5
_NEGLIGIBLE = 0.004  # log-odds

Spans = Mapping[str, Sequence[Mention]]


class Case(Struct, frozen=True):
    """A piece of an annotated text with the relations that are true in the text."""

    text: str
    piece: Piece
    truth: frozenset[Triplet]


def learn_relations(texts: Sequence[Annotated], found: Spans) -> RelationWeights:
    """The weights from annotated texts; `found` has the mentions that a tagger found in each, which
    must not have learned from it."""
    cases = list(_cases(texts, lambda each: repeated(each.text, apart(each.mentions))))
    heard = list(_cases(texts, lambda each: found[each.text]))
    names = names_of(texts)
    people, goods = (_linear(cases + heard, of, names) for of in (True, False))
    rows = _second_step(cases, heard, names)
    kinds = (*OF_PEOPLE, *OF_GOODS)
    trees: dict[str, Trees] = {kind: _boosted(*_labelled(rows, kind)) for kind in kinds}
    return RelationWeights(people, goods, trees, {kind: _least(rows, kind, texts) for kind in kinds})


def apart(mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions of which none overlaps another: the first and longest stay."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _cases(
    texts: Sequence[Annotated], mentions_of: Callable[[Annotated], Sequence[Mention]]
) -> Iterator[Case]:
    for each in texts:
        for piece in pieces_of(each.text, mentions_of(each)):
            yield Case(each.text, piece, each.triplets)


def _pairs(cases: Sequence[Case], *, is_person: bool) -> Iterator[tuple[Case, Pair]]:
    return ((case, pair) for case in cases for pair in case.piece.pairs if pair.is_person == is_person)


def _linear(cases: Sequence[Case], is_person: bool, names: frozenset[str]) -> ClueWeights:  # noqa: FBT001  of two
    from scipy.sparse import csr_matrix  # noqa: PLC0415  of the group `train`
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    kinds = OF_PEOPLE if is_person else OF_GOODS
    pairs = list(_pairs(cases, is_person=is_person))
    row = _vocabulary(pairs, names)
    columns = [sorted(row[clue] for clue in pair.clues if clue in row) for _, pair in pairs]
    ends = np.cumsum([0, *map(len, columns)])
    matrix = csr_matrix(
        (np.ones(ends[-1], np.float32), np.concatenate(columns), ends), shape=(len(pairs), len(row))
    )
    classes = [_class(case, pair, kinds) for case, pair in pairs]
    model = LogisticRegression(C=PENALTY, max_iter=150, tol=1e-3).fit(matrix, classes)
    weights = (model.coef_[1:] - model.coef_[0]).T.astype(np.float32)
    base = (model.intercept_[1:] - model.intercept_[0]).astype(np.float32)
    return _without_idle(row, weights, base)


def _class(case: Case, pair: Pair, kinds: Sequence[RelationKind]) -> int:
    true = (n for n, kind in enumerate(kinds, 1) if (pair.subject, kind, pair.target) in case.truth)
    return next(true, 0)


def _vocabulary(pairs: Sequence[tuple[Case, Pair]], names: frozenset[str]) -> dict[str, int]:
    """The clues of at least three texts that hold no name, in order."""
    texts: dict[str, set[str]] = {}
    for case, pair in pairs:
        texts.setdefault(case.text, set()).update(pair.clues)
    counts = Counter(clue for clues in texts.values() for clue in clues)
    kept = (clue for clue, n in counts.items() if n >= FEWEST_TEXTS and not holds_name(clue, names))
    return {clue: n for n, clue in enumerate(sorted(kept))}


def _without_idle(row: dict[str, int], weights: Floats, base: Floats) -> ClueWeights:
    """The clues whose weights make a difference."""
    heavy = np.abs(weights).max(axis=1) >= _NEGLIGIBLE
    kept = [clue for clue, n in row.items() if heavy[n]]
    return ClueWeights({clue: n for n, clue in enumerate(kept)}, weights[heavy], base)


class _Row(Struct, frozen=True):
    """A pair as the second step sees it: by its kind, whose it is, and its figures."""

    text: str
    pair: Pair
    kinds: tuple[RelationKind, ...]
    truth: frozenset[Triplet]
    figures: Floats


def _second_step(cases: Sequence[Case], heard: Sequence[Case], names: frozenset[str]) -> list[_Row]:
    """The figures of all pairs found, by opinions of models that did not see their text."""
    rows = []
    for fold in range(_INNER_FOLDS):
        known = [case for case in (*cases, *heard) if _fold(case.text) != fold]
        people, goods = (_linear(known, of, names) for of in (True, False))
        for case in heard:
            if _fold(case.text) == fold:
                for pairs, kinds, _, figures in judged(case.piece, people, goods):
                    rows += [
                        _Row(case.text, pair, kinds, case.truth, row)
                        for pair, row in zip(pairs, figures, strict=True)
                    ]
    return rows


def _fold(text: str) -> int:
    return hash64("second", text) % _INNER_FOLDS


def _labelled(rows: Sequence[_Row], kind: RelationKind) -> tuple[Floats, list[bool]]:
    chosen = [row for row in rows if kind in row.kinds]
    figures: Floats = np.stack([row.figures for row in chosen])
    return figures, [_is_true(row, kind) for row in chosen]


def _is_true(row: _Row, kind: RelationKind) -> bool:
    return (row.pair.subject, kind, row.pair.target) in row.truth


def _boosted(figures: Floats, labels: Sequence[bool]) -> Trees:
    from sklearn.ensemble import GradientBoostingClassifier  # noqa: PLC0415  of the group `train`

    model = GradientBoostingClassifier(
        n_estimators=_TREES, max_depth=_DEPTH, learning_rate=_RATE, subsample=_DRAWN,
        min_samples_leaf=_FEWEST_LEAF, random_state=0,
    ).fit(figures, labels)  # fmt: skip
    share = float(np.mean(labels))
    grown = [_complete(each[0].tree_) for each in model.estimators_]
    columns, bounds, leaves = (np.array(part) for part in zip(*grown, strict=True))
    return Trees(
        columns.astype(np.int64),
        bounds.astype(np.float32),
        (leaves * _RATE).astype(np.float32),
        float(np.log(share / (1 - share))),
    )


def _complete(tree: Any) -> tuple[list[int], list[float], list[float]]:
    """A tree of scikit-learn level by level, with the leaves that end early drawn down."""
    level, columns, bounds = [0], [], []
    for _ in range(_DEPTH):
        below = []
        for node in level:
            is_leaf = tree.children_left[node] < 0
            columns.append(0 if is_leaf else int(tree.feature[node]))
            bounds.append(np.inf if is_leaf else float(tree.threshold[node]))
            below += [node, node] if is_leaf else [tree.children_left[node], tree.children_right[node]]
        level = below
    return columns, bounds, [float(tree.value[node].ravel()[0]) for node in level]


def _least(rows: Sequence[_Row], kind: RelationKind, texts: Sequence[Annotated]) -> float:
    """The probability from which telling a relation gives the highest F1, by cross-validation."""
    figures, labels = _labelled(rows, kind)
    place = (OF_PEOPLE if kind in OF_PEOPLE else OF_GOODS).index(kind)
    fold = np.array([_fold(row.text) for row in rows if kind in row.kinds])
    odds = np.zeros(len(labels), dtype=np.float32)
    for n in range(_INNER_FOLDS):
        known = [label for label, of in zip(labels, fold, strict=True) if of != n]
        odds[fold == n] = odds_of(_boosted(figures[fold != n], known), figures[fold == n], place)
    true = sum(triplet[1] == kind for each in texts for triplet in each.triplets)
    scores = 1 / (1 + np.exp(-odds))
    bounds = np.arange(0.25, 0.7, 0.025)
    f1 = [2 * np.array(labels)[scores >= b].sum() / ((scores >= b).sum() + true) for b in bounds]
    return float(bounds[int(np.argmax(np.convolve(f1, np.ones(3) / 3, mode="same")[1:-1])) + 1])
