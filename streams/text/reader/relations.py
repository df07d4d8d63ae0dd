"""Who sold to whom, who traded in or held what, who sheltered whom: decided for each pair of names.

Two steps. A linear model (multinomial logistic regression) weighs the clues of each pair by itself;
boosted trees then look at what the other pairs of the text say. A long text is read in pieces, so the
time stays linear in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct

from streams.text.reader.boosting import Trees
from streams.text.reader.clues import Clues
from streams.text.reader.mentions import Mention, Reason, Relation, RelationKind
from streams.text.reader.scene import Scene, scene_of
from streams.text.reader.setting import LEAST, settings_of
from streams.text.reader.viterbi import Floats

OF_PEOPLE: tuple[RelationKind, ...] = ("sold_to", "sheltered")
OF_GOODS: tuple[RelationKind, ...] = ("trafficked", "possessed")
_MOST_PEOPLE, _MOST_GOODS = 24, 12
"""Names of a piece of text between which relations are looked for, in order of first mention."""
_PIECE = 1_500
_REASONS = 6
_BESIDE = "what the other pairs of the text say"


class ClueWeights(Struct, frozen=True):
    """What each clue adds to the log-odds of two relations against none, with what is added always."""

    row: Mapping[str, int]
    weights: Floats
    base: Floats


class RelationWeights(Struct, frozen=True):
    """Both steps; `least` is the probability from which a relation is told, by its kind."""

    people: ClueWeights
    goods: ClueWeights
    trees: Mapping[str, Trees]
    least: Mapping[str, float]


class Pair(Struct, frozen=True):
    """Two names of a scene that stand near each other, with their clues and places in the tables."""

    subject: str
    target: str
    is_person: bool
    clues: frozenset[str]
    row: int
    column: int
    nearest: tuple[int, int]


class Piece(Struct, frozen=True):
    """A stretch of a text with all of its pairs; `first` is the number of its first mention."""

    scene: Scene
    first: int
    pairs: tuple[Pair, ...]


def pieces_of(text: str, mentions: Sequence[Mention]) -> Iterator[Piece]:
    """The pieces of a text, with the mentions in order of place."""
    start = first = 0
    while first < len(mentions):
        start = mentions[first].start if mentions[first].start - start > _PIECE else start
        last = first
        while last < len(mentions) and mentions[last].end <= start + _PIECE:
            last += 1
        last = max(last, first + 1)
        end = mentions[last].start if last < len(mentions) else len(text)
        scene = scene_of(
            text[start : min(end, start + 2 * _PIECE)], [_moved(m, start) for m in mentions[first:last]]
        )
        yield Piece(scene, first, tuple(_pairs(scene)))
        start, first = end, last


def _moved(mention: Mention, by: int) -> Mention:
    return Mention(start=mention.start - by, end=mention.end - by, kind=mention.kind)


def _pairs(scene: Scene) -> Iterator[Pair]:
    clues = Clues(scene)
    people, goods = list(scene.people)[:_MOST_PEOPLE], list(scene.goods)[:_MOST_GOODS]
    for row, subject in enumerate(people):
        if not clues.may_act(subject):
            continue
        for is_person, targets in ((True, people), (False, goods)):
            for column, target in enumerate(targets):
                near = clues.near(subject, target, is_person=is_person) if subject != target else []
                if near:
                    about = frozenset(clues.about(subject, target, near))
                    nearest = min(near, key=lambda pair: (abs(pair[0] - pair[1]), pair))
                    yield Pair(subject, target, is_person, about, row, column, nearest)


class Relater:
    """Finds the relations of texts by learned weights."""

    def __init__(self, weights: RelationWeights) -> None:
        self._weights = weights

    def relate(self, text: str, mentions: Sequence[Mention]) -> list[Relation]:
        """The relations of one text between its mentions, which are in order and do not overlap."""
        best: dict[tuple[str, str, str], Relation] = {}
        for piece in pieces_of(text, mentions):
            for pair, relation in self._decided(piece):
                key = (pair.subject, relation.kind, pair.target)
                if key not in best or best[key].score < relation.score:
                    best[key] = relation
        return sorted(best.values(), key=lambda r: (r.subject, r.object, r.kind))

    def _decided(self, piece: Piece) -> Iterator[tuple[Pair, Relation]]:
        for pairs, kinds, opinions, figures in judged(piece, self._weights.people, self._weights.goods):
            for place, kind in enumerate(kinds):
                for n, odds in enumerate(odds_of(self._weights.trees[kind], figures, place).tolist()):
                    score = 1 / (1 + math.exp(-odds))
                    if score >= self._weights.least[kind]:
                        aside = odds - float(opinions[n, place])
                        reasons = (*self._heard(pairs[n], place), Reason(_bits(aside), _BESIDE))
                        yield pairs[n], _told(piece, pairs[n], kind, score, reasons)

    def _heard(self, pair: Pair, place: int) -> Iterator[Reason]:
        """The clues that weigh most for the relation in a column of the weights, or against it."""
        model = self._weights.people if pair.is_person else self._weights.goods
        heard = [(float(model.weights[model.row[c], place]), c) for c in pair.clues if c in model.row]
        heard.sort(key=lambda each: (-abs(each[0]), each[1]))
        return (Reason(_bits(weight), clue) for weight, clue in heard[:_REASONS])


def _bits(odds: float) -> float:
    return round(odds / math.log(2), 2)


def _told(
    piece: Piece, pair: Pair, kind: RelationKind, score: float, reasons: tuple[Reason, ...]
) -> Relation:
    tokens, scene = piece.scene.tokens, piece.scene
    subject, target = (
        piece.first + _of_name(scene, tokens[at].held, name)
        for at, name in zip(pair.nearest, (pair.subject, pair.target), strict=True)
    )
    return Relation(kind=kind, subject=subject, object=target, score=round(score, 4), reasons=reasons)


def _of_name(scene: Scene, held: Sequence[int], name: str) -> int:
    return next(n for n in held if scene.names[n] == name)


def opinions_of(pairs: Sequence[Pair], model: ClueWeights) -> Floats:
    """The first opinion on each pair: a row a pair, a column a relation."""
    out = np.zeros((len(pairs), model.weights.shape[1]), dtype=np.float32)
    for n, pair in enumerate(pairs):
        rows = [row for row in map(model.row.get, pair.clues) if row is not None]
        out[n] = model.weights[rows].sum(axis=0) + model.base
    return out


def odds_of(trees: Trees, figures: Floats, place: int) -> Floats:
    """The log-odds of the relation in a column of the opinions: half of what the clues of a pair say,
    half of what the trees make of all pairs. By F1 the trees alone were as good; so its clues count more."""
    odds: Floats = ((trees.added(figures) + figures[:, place]) / 2).astype(np.float32)
    return odds


Judged = tuple[Sequence[Pair], tuple[RelationKind, ...], Floats, Floats]


def judged(piece: Piece, people: ClueWeights, goods: ClueWeights) -> Iterator[Judged]:
    """Of people and of goods the pairs, the relations in question, the first opinions on each pair, and
    the figures that the second step sees."""
    ones = [pair for pair in piece.pairs if pair.is_person]
    twos = [pair for pair in piece.pairs if not pair.is_person]
    of_people, of_goods = opinions_of(ones, people), opinions_of(twos, goods)
    count = min(len(piece.scene.people), _MOST_PEOPLE)
    kinds = min(len(piece.scene.goods), _MOST_GOODS)
    seen = settings_of(_table(ones, of_people, count, count), _table(twos, of_goods, count, kinds))
    if ones:
        yield ones, OF_PEOPLE, of_people, _picked(seen[0], ones)
    if twos:
        yield twos, OF_GOODS, of_goods, _picked(seen[1], twos)


def _table(pairs: Sequence[Pair], opinions: Floats, rows: int, columns: int) -> Floats:
    table = np.full((rows, columns, opinions.shape[1]), LEAST, dtype=np.float32)
    if pairs:
        table[[p.row for p in pairs], [p.column for p in pairs]] = np.maximum(opinions, LEAST)
    return table


def _picked(table: Floats, pairs: Sequence[Pair]) -> Floats:
    rows, columns = [p.row for p in pairs], [p.column for p in pairs]
    chosen: Floats = table[rows, columns]
    return chosen
