"""Learning to read tips: a tagger, and a judge that learns from what a tagger finds in texts unknown to it.

Clues of fewer than three texts are dropped, and those that hold an annotated name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from streams.text.fold import fold
from streams.text.reader.mentions import Mention
from streams.text.reader.symbols import Array
from streams.text.reader.tagger import Tagger, TaggerWeights
from streams.text.reader.viterbi import Floats
from streams.text.tips.judge import OF_DRUGS, OF_PEOPLE, STATUSES, ClueWeights, JudgeWeights
from streams.text.tips.model import TipWeights
from streams.text.tips.reader import TIP_KINDS
from streams.train.annotated import Annotated
from streams.train.pairs import Numbered, Row, rows_of
from streams.train.tagging import FEWEST_TEXTS, holds_name, learn_taggers, names_of
from streams.train.written import WrittenTip

PENALTY, STATUS_PENALTY = 0.3, 0.3
"""Inverse strengths of the L2 penalties of the logistic regressions."""
FOLDS, INNER_FOLDS = 3, 3
_TOGETHER = 10
PRECISION = 0.98
"""Of the deliveries that are drawn without a reader, by cross-validation."""
_NEGLIGIBLE = 0.03  # log-odds
_CLOSE = 1e-2  # nearer to the optimum changes no figure that is measured
_FEWEST_DRAWN = 50
_FEWEST_TRUE = 5
_NEVER = -20.0  # log-odds of what no text says

Tell = Callable[[str, int, int], None]
Spans = Mapping[str, Sequence[Mention]]
Clues = Sequence[str | None]
"""The clues by their numbers; None for one that must not be kept."""
Fitted = tuple[ClueWeights, ClueWeights, ClueWeights]


def learn_tips(texts: Sequence[WrittenTip], plain: Sequence[WrittenTip], tell: Tell) -> TipWeights:
    """The model of all texts; the same texts give the same model.

    The judge learns from `plain` ones too, made by the simulator: the tagger does not, or it would know their
    few words around names too well.
    """
    tell("learning to tag", 0, 2)
    folds = [[each for n, each in enumerate(texts) if _fold(n, FOLDS) != number] for number in range(FOLDS)]
    *across, weights = learn_taggers([_annotated(each) for each in (*folds, texts)], TIP_KINDS)
    tell("learning to judge", 1, 2)
    found: dict[str, list[Mention]] = {}
    for number, each in enumerate(across):
        found |= tagged(each, [tip for n, tip in enumerate(texts) if _fold(n, FOLDS) == number])
    found |= tagged(weights, plain)
    return TipWeights(weights, learn_judge([*texts, *plain], found))


def tagged(weights: TaggerWeights, texts: Sequence[WrittenTip]) -> dict[str, list[Mention]]:
    """The mentions that a tagger finds in each text."""
    said = [each.text for each in texts]
    return dict(zip(said, Tagger(weights, TIP_KINDS).tag(list(map(fold, said))), strict=True))


def _annotated(texts: Sequence[WrittenTip]) -> list[Annotated]:
    """The texts as they are when they are read: folded, which keeps the places."""
    return [Annotated(fold(each.text), each.mentions, frozenset()) for each in texts]


def _fold(place: int, number: int) -> int:
    """Neighbours in a file stay together: many were written as a pair, one stated and one not."""
    return place // _TOGETHER % number


def learn_judge(texts: Sequence[WrittenTip], found: Spans) -> JudgeWeights:
    """The judge's weights; `found` has the mentions that a tagger found in each text, which must not have
    learned from it."""
    numbered = Numbered()
    rows = [row for each in texts for row in rows_of(each, found[each.text], numbered)]
    names = names_of(_annotated(texts))
    clues = [None if holds_name(clue, names) else clue for clue in numbered.number]
    fold = {each.text: _fold(n, INNER_FOLDS) for n, each in enumerate(texts)}
    judged = list(_judged_across(rows, fold, clues, numbered))
    true = Counter(said.kind for each in texts for said in each.says)
    true["delivery"] = true["sold_to"] + true["supplied"]
    least = {kind: _least(judged, kind, true[kind]) for kind in ("delivery", *OF_PEOPLE[3:], *OF_DRUGS)}
    return JudgeWeights(*_fitted(rows, clues), least=least, sure=_sure(judged))


def _fitted(rows: Sequence[Row], clues: Clues) -> Fitted:
    """The weights of people, of drugs, and of how surely it is told."""
    return (
        _linear([row for row in rows if row.of_people], OF_PEOPLE, clues),
        _linear([row for row in rows if not row.of_people], OF_DRUGS, clues),
        _statuses([row for row in rows if row.says], clues),
    )


def _linear(rows: Sequence[Row], kinds: Sequence[str], clues: Clues) -> ClueWeights:
    """A logistic regression for each kind by itself: somebody may both work for and carry for another."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  of the group `train`

    kept = _frequent([(row.text, row.clues) for row in rows], clues)
    matrix = _matrix([row.clues for row in rows], kept, len(clues))
    weights: Floats = np.zeros((len(kept), len(kinds)), dtype=np.float32)
    base: Floats = np.full(len(kinds), _NEVER, dtype=np.float32)
    for column, kind in enumerate(kinds):
        labels = [row.tells(kind) for row in rows]
        if sum(labels) >= _FEWEST_TRUE:
            model = LogisticRegression(C=PENALTY, solver="liblinear", tol=_CLOSE).fit(matrix, labels)
            weights[:, column], base[column] = model.coef_[0], model.intercept_[0]
    return _without_idle(kept, clues, weights, base)


def _statuses(rows: Sequence[Row], clues: Clues) -> ClueWeights:
    """One regression for all statuses, that of the first thing said of each pair."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  of the group `train`

    kept = _frequent([(row.text, row.status_clues) for row in rows], clues)
    matrix = _matrix([row.status_clues for row in rows], kept, len(clues))
    labels = [STATUSES.index(next(iter(row.says.values()))) for row in rows]
    model = LogisticRegression(C=STATUS_PENALTY, max_iter=100, tol=_CLOSE).fit(matrix, labels)
    weights: Floats = np.zeros((len(kept), len(STATUSES)), dtype=np.float32)
    base: Floats = np.full(len(STATUSES), _NEVER, dtype=np.float32)
    weights[:, model.classes_], base[model.classes_] = model.coef_.T, model.intercept_
    return _without_idle(kept, clues, weights, base)


def _frequent(rows: Sequence[tuple[str, Array]], clues: Clues) -> Array:
    """The numbers of the clues of at least three texts that may be kept."""
    texts: dict[str, list[Array]] = {}
    for text, numbers in rows:
        texts.setdefault(text, []).append(numbers)
    counts = np.zeros(len(clues), dtype=np.int64)
    for each in texts.values():
        counts[np.unique(np.concatenate(each))] += 1
    may = np.array([clue is not None for clue in clues])
    return np.flatnonzero((counts >= FEWEST_TEXTS) & may)


def _matrix(rows: Sequence[Array], kept: Array, count: int) -> Any:
    """A row a pair, a column a clue that is kept."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415  of the group `train`

    column = np.full(count, -1, dtype=np.int64)
    column[kept] = np.arange(len(kept))
    columns = [found[found >= 0] for found in (column[numbers] for numbers in rows)]
    ends = np.cumsum([0, *map(len, columns)])
    ones = np.ones(ends[-1], np.float32)
    return csr_matrix((ones, np.concatenate(columns), ends), shape=(len(rows), len(kept)))


def _without_idle(kept: Array, clues: Clues, weights: Floats, base: Floats) -> ClueWeights:
    """The clues whose weights make a difference, in alphabetical order."""
    names = [clues[number] or "" for number in kept.tolist()]
    heavy = np.flatnonzero(np.abs(weights).max(axis=1) >= _NEGLIGIBLE).tolist()
    order = sorted(heavy, key=names.__getitem__)
    return ClueWeights({names[row]: n for n, row in enumerate(order)}, weights[order], base)


class _Judged(Struct, frozen=True):
    """A row with the probability of each kind, and that it is told as a fact."""

    row: Row
    chances: Mapping[str, float]
    stated: float


def _judged_across(
    rows: Sequence[Row], fold: Mapping[str, int], clues: Clues, numbered: Numbered
) -> Iterator[_Judged]:
    """Each row, judged by weights that did not learn from its text."""
    for number in range(INNER_FOLDS):
        weights = _fitted([row for row in rows if fold[row.text] != number], clues)
        yield from _judged(weights, [row for row in rows if fold[row.text] == number], numbered)


def _judged(weights: Fitted, rows: Sequence[Row], numbered: Numbered) -> Iterator[_Judged]:
    people, drugs, status = weights
    for of_people, model, kinds in ((True, people, OF_PEOPLE), (False, drugs, OF_DRUGS)):
        chosen = [row for row in rows if row.of_people == of_people]
        if not chosen:
            continue
        odds = _odds(model, [row.clues for row in chosen], numbered)
        surely = _odds(status, [row.status_clues for row in chosen], numbered)
        shares = np.exp(surely - surely.max(axis=1, keepdims=True))
        stated = shares[:, 0] / shares.sum(axis=1)
        for row, chance, fact in zip(chosen, 1 / (1 + np.exp(-odds)), stated, strict=True):
            yield _Judged(row, dict(zip(kinds, chance.tolist(), strict=True)), float(fact))


def _odds(model: ClueWeights, rows: Sequence[Array], numbered: Numbered) -> Floats:
    kept = np.array([numbered.number[clue] for clue in model.row], dtype=np.int64)
    odds: Floats = _matrix(rows, kept, len(numbered.number)) @ model.weights + model.base
    return odds


def _least(judged: Sequence[_Judged], kind: str, true: int) -> float:
    """The probability from which telling a deed gives the highest F1, by cross-validation."""
    scored = [(each.chances[kind], each.row.tells(kind)) for each in judged if kind in each.chances]
    chance, right = (np.array(part) for part in zip(*scored, strict=True))
    bounds = np.arange(0.2, 0.8, 0.025)
    f1 = [2 * right[chance >= b].sum() / ((chance >= b).sum() + max(true, 1)) for b in bounds]
    return float(bounds[int(np.argmax(np.convolve(f1, np.ones(3) / 3, mode="same")[1:-1])) + 1])


def _sure(judged: Sequence[_Judged]) -> float:
    """The least probability from which so many of the deliveries are stated facts, by cross-validation."""
    of_people = [each for each in judged if each.row.of_people]
    scored = [
        (each.chances["delivery"] * each.stated * each.row.certain, each.row.states_delivery())
        for each in of_people
    ]
    scored.sort(reverse=True)
    right = np.cumsum([fact for _, fact in scored])
    drawn = np.arange(1, len(scored) + 1)
    good = np.flatnonzero((right / drawn >= PRECISION) & (drawn >= _FEWEST_DRAWN))
    return float(scored[good[-1]][0]) if len(good) else 1.0
