"""Who sold to whom, who traded in or held what, who sheltered whom: decided for each pair of names.

Two steps. A linear model (multinomial logistic regression) weighs the clues of each pair by itself;
boosted trees then look at what rules read of its deeds, where it stands, and what the other pairs of the
text say. A long text is read in pieces, so the time stays linear in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise, repeat

import numpy as np
from msgspec import Struct

from streams.text.reader.boosting import Trees
from streams.text.reader.cast import Cast, cast_of
from streams.text.reader.clues import Clues, as_target, clues_of_names, clues_of_pairs, spelt
from streams.text.reader.features import numbers
from streams.text.reader.figures import figures_of
from streams.text.reader.lookup import Lookup
from streams.text.reader.mentions import Mention, Reason, Relation, RelationKind
from streams.text.reader.scene import scene_of
from streams.text.reader.setting import settings_of
from streams.text.reader.sheet import Sheet, ragged, sheet_of
from streams.text.reader.symbols import Array
from streams.text.reader.viterbi import Floats

OF_PEOPLE: tuple[RelationKind, ...] = ("sold_to", "sheltered")
OF_GOODS: tuple[RelationKind, ...] = ("trafficked", "possessed")
SHARE_OF_CLUES = 0.3
"""How far the first opinion counts beside the trees, which see it too."""
_PIECE = 1_500
_TOGETHER = 64
"""Pieces whose clues are made together."""
_REASONS = 6
_HOPELESS = -5.0  # log-odds of a first opinion that the second step does not turn
_BESIDE = "what the other pairs of the text say"


class ClueWeights(Struct, frozen=True):
    """What each clue, sorted, adds to the log-odds of two relations against none, and what always is."""

    keys: Array
    weights: Floats
    base: Floats


class RelationWeights(Struct, frozen=True):
    """Both steps; `alphabet` has the characters that clues are made of, `least` the log-odds from which a
    relation is told, by its kind."""

    alphabet: Array
    people: ClueWeights
    goods: ClueWeights
    trees: Mapping[str, Trees]
    least: Mapping[str, float]


class Piece(Struct, frozen=True):
    """A stretch of a text: its number among the texts, and the number of its first mention."""

    text: int
    first: int


class Read(Struct, frozen=True):
    """Many texts made ready: their pieces side by side, with the clues about names and pairs."""

    pieces: tuple[Piece, ...]
    sheet: Sheet
    cast: Cast
    of_names: Clues
    of_pairs: Clues


def made_ready(
    texts: Sequence[str], mentions: Sequence[Sequence[Mention]], alphabet: Array, together: int
) -> Iterator[Read]:
    """The clues of texts, whose mentions are in order and do not overlap, some pieces together at a time."""
    pieces = (
        (Piece(number, first), scene_of(stretch, held), held)
        for number, (text, found) in enumerate(zip(texts, mentions, strict=True))
        for stretch, first, held in pieces_of(text, found)
    )
    while batch := list(islice(pieces, together)):
        sheet = sheet_of([(scene, held) for _, scene, held in batch])
        cast, chars = cast_of(sheet), numbers(sheet.chars, alphabet)
        yield Read(
            tuple(piece for piece, _, _ in batch),
            sheet, cast, clues_of_names(sheet, chars), clues_of_pairs(sheet, cast, chars),
        )  # fmt: skip


def pieces_of(text: str, mentions: Sequence[Mention]) -> Iterator[tuple[str, int, Sequence[Mention]]]:
    """The pieces of a text with the number of the first mention of each and its mentions."""
    start = first = 0
    while first < len(mentions):
        start = mentions[first].start if mentions[first].start - start > _PIECE else start
        last = first
        while last < len(mentions) and mentions[last].end <= start + _PIECE:
            last += 1
        last = max(last, first + 1)
        end = mentions[last].start if last < len(mentions) else len(text)
        yield text[start : min(end, start + 2 * _PIECE)], first, _moved(mentions[first:last], start)
        start, first = end, last


def _moved(mentions: Sequence[Mention], by: int) -> Sequence[Mention]:
    if by == 0:
        return mentions
    return [Mention(start=m.start - by, end=m.end - by, kind=m.kind) for m in mentions]


class _FirstStep:
    """Weighs the clues of all pairs, each by the model of its kind: 0 for people, 1 for goods."""

    def __init__(self, models: tuple[ClueWeights, ClueWeights]) -> None:
        keys = np.union1d(models[0].keys, models[1].keys)
        weights = np.zeros((2, len(keys) + 1, 2), dtype=np.float32)
        for table, model in zip(weights, models, strict=True):
            table[np.searchsorted(keys, model.keys) + 1] = model.weights
        self._columns = [np.ascontiguousarray(weights[:, :, place]).ravel() for place in (0, 1)]
        self._bases = np.stack([model.base for model in models])
        self._lookup, self._models = Lookup(keys), len(keys) + 1

    def opinions(self, read: Read) -> Floats:
        """The first opinion on each pair: a row a pair, a column a relation of its kind."""
        sheet, names, own = read.sheet, read.of_names, read.of_pairs
        kind, many = 1 - sheet.of_people, len(sheet.text_of)
        at = self._lookup.find(own.key)
        known = np.flatnonzero(at)
        row = own.row.take(known)
        at = at.take(known) + self._models * kind.take(row)
        total = self._summed(row, at, own.weight.take(known), len(kind)) + self._bases[kind]
        for side, key in ((sheet.subject, names.key), (sheet.target, as_target(names.key))):
            at = self._lookup.find(key)
            known = np.flatnonzero(at)
            row, at, weight = names.row.take(known), at.take(known), names.weight.take(known)
            of = [self._summed(row, at + self._models * each, weight, many) for each in (0, 1)]
            total += np.where(kind[:, None], of[1][side], of[0][side])
        return total

    def _summed(self, row: Array, at: Array, weight: Floats, rows: int) -> Floats:
        """The weights at places of the columns added up for each row."""
        columns = [
            np.bincount(row, weights=column.take(at) * weight, minlength=rows) for column in self._columns
        ]
        total: Floats = np.stack(columns, axis=1).astype(np.float32)
        return total

    def weights(self, key: Array, kind: int, place: int) -> Floats:
        """What each clue adds to the log-odds of a relation; 0 for an unknown one."""
        added: Floats = self._columns[place].take(self._lookup.find(key) + self._models * kind)
        return added


def odds_of(trees: Trees, figures: Floats, opinion: Floats) -> Floats:
    """The log-odds of a relation from what the clues of each pair say and what the trees make of all."""
    odds: Floats = (1 - SHARE_OF_CLUES) * trees.added(figures) + SHARE_OF_CLUES * opinion
    return odds


def whole_figures(read: Read, people: Floats, goods: Floats) -> tuple[Floats, Floats]:
    """All that the second step sees of the pairs of people, and of those of a person and a substance."""
    heard = settings_of(read.sheet, people, goods)
    stand = figures_of(read.sheet, read.cast)
    return np.concatenate([heard[0], stand[0]], axis=1), np.concatenate([heard[1], stand[1]], axis=1)


class Relater:
    """Finds the relations of texts by learned weights."""

    def __init__(self, weights: RelationWeights, *, reasons: bool = True) -> None:
        self._weights, self._with_reasons = weights, reasons
        self._step = _FirstStep((weights.people, weights.goods))
        self._spelt: dict[int, str] = {}

    def relate(self, texts: Sequence[str], mentions: Sequence[Sequence[Mention]]) -> list[list[Relation]]:
        """The relations of each text between its mentions, which are in order and do not overlap."""
        best: list[dict[tuple[str, str, str], Relation]] = [{} for _ in texts]
        for read in made_ready(texts, mentions, self._weights.alphabet, _TOGETHER):
            for number, key, relation in self._told(read):
                known = best[number].get(key)
                if known is None or known.score < relation.score:
                    best[number][key] = relation
        return [sorted(found.values(), key=lambda r: (r.subject, r.object, r.kind)) for found in best]

    def _told(self, read: Read) -> Iterator[tuple[int, tuple[str, str, str], Relation]]:
        weights, sheet = self._weights, read.sheet
        every = self._step.opinions(read)
        of_kind = np.flatnonzero(sheet.of_people == 1), np.flatnonzero(sheet.of_people == 0)
        opinions = every[of_kind[0]], every[of_kind[1]]
        figures = whole_figures(read, *opinions)
        for n, (rows, kinds) in enumerate(zip(of_kind, (OF_PEOPLE, OF_GOODS), strict=True)):
            for place, kind in enumerate(kinds):
                likely = np.flatnonzero(opinions[n][:, place] > _HOPELESS)
                opinion = opinions[n][likely, place]
                odds = odds_of(weights.trees[kind], figures[n][likely], opinion)
                told = odds >= weights.least[kind]
                pairs, odds, aside = rows[likely[told]], odds[told], (odds - opinion)[told]
                reasons = self._reasons(read, n, place, pairs) if self._with_reasons else repeat(())
                for pair, odd, other, heard in zip(
                    pairs.tolist(), odds.tolist(), aside.tolist(), reasons, strict=False
                ):
                    yield self._relation(read, pair, kind, odd, (*heard, Reason(_bits(other), _BESIDE)))

    def _reasons(self, read: Read, kind: int, place: int, pairs: Array) -> Iterator[Iterator[Reason]]:
        """The clues of each pair that weigh most for or against a relation."""
        row, key = _clues_of(read, pairs)
        weight = self._step.weights(key, kind, place)
        row, key, weight = row[weight != 0], key[weight != 0], weight[weight != 0]
        order = np.lexsort((key, -np.abs(weight), row))
        row, key, weight = row[order], key[order], weight[order]
        bounds = np.searchsorted(row, np.arange(len(pairs) + 1)).tolist()
        for first, last in pairwise(bounds):
            best = dict(zip(key[first:last].tolist(), weight[first:last].tolist(), strict=True))
            yield (Reason(_bits(w), self._words(k)) for k, w in islice(best.items(), _REASONS))

    def _words(self, key: int) -> str:
        words = self._spelt.get(key)
        if words is None:
            words = self._spelt[key] = spelt(key, self._weights.alphabet)
        return words

    @staticmethod
    def _relation(
        read: Read, pair: int, kind: RelationKind, odds: float, reasons: tuple[Reason, ...]
    ) -> tuple[int, tuple[str, str, str], Relation]:
        sheet = read.sheet
        piece = read.pieces[sheet.pair_text[pair]]
        names = int(sheet.subject[pair]), int(sheet.target[pair])
        nearest = int(np.searchsorted(sheet.told_pair, pair))
        tokens = int(sheet.told_one[nearest]), int(sheet.told_two[nearest])
        one, two = (piece.first + _mention(sheet, *at) for at in zip(names, tokens, strict=True))
        score = round(1 / (1 + math.exp(-odds)), 4)
        relation = Relation(kind=kind, subject=one, object=two, score=score, reasons=reasons)
        return piece.text, (sheet.spelt[names[0]], kind, sheet.spelt[names[1]]), relation


def _mention(sheet: Sheet, name: int, token: int) -> int:
    """The number of the mention of a name in a token, in its piece."""
    at = int(np.searchsorted(sheet.place_name, name))
    while sheet.place_token[at] != token:
        at += 1
    return int(sheet.place_mention[at])


def _clues_of(read: Read, pairs: Array) -> tuple[Array, Array]:
    """All clues of chosen pairs, with the place of each pair among them."""
    sheet, names = read.sheet, read.of_names
    place = np.full(len(sheet.subject), -1)
    place[pairs] = np.arange(len(pairs))
    row = place[read.of_pairs.row]
    own = np.flatnonzero(row >= 0)
    rows, keys = [row[own]], [read.of_pairs.key[own]]
    first = np.searchsorted(names.row, np.arange(len(sheet.text_of) + 1))
    for side, is_target in ((sheet.subject[pairs], False), (sheet.target[pairs], True)):
        owner, at = ragged(first[side], first[side + 1])
        rows.append(owner)
        keys.append(as_target(names.key[at]) if is_target else names.key[at])
    return np.concatenate(rows), np.concatenate(keys)


def _bits(odds: float) -> float:
    return round(odds / math.log(2), 2)
