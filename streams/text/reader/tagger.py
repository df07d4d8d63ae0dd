"""Finds people, substances, quantities, times and places: a linear-chain conditional random field.

Lafferty, McCallum & Pereira (2001). Sentences are decoded side by side, so the time is linear in
the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from streams.text.reader.certainty import certainty_of
from streams.text.reader.features import GramFinder, Vocabulary, templates
from streams.text.reader.lanes import lanes_of
from streams.text.reader.mentions import KINDS, Mention, MentionKind
from streams.text.reader.names import repeated
from streams.text.reader.symbols import MARGIN, Array, symbols_of
from streams.text.reader.viterbi import LABELS, Floats, decode, spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Scores = np.ndarray[tuple[int, ...], np.dtype[np.int16]]
_MOST_AT_ONCE = 8_000
"""Characters whose features are looked up together: their arrays stay in the processor's cache."""
_LONGEST_SENTENCE = 500
_WIDTH = 24
"""Columns of a row of scores: rows that begin at whole words are copied twice as fast as those of 21."""
STEPS = 256
"""Steps of a score in one unit: weights are rounded to them, and scores stay far below what fits."""
_SENTENCE = re.compile(rf"[^。；;！!？?\n]{{1,{_LONGEST_SENTENCE}}}[。；;！!？?\n]?|[。；;！!？?\n]")


class TaggerWeights(Struct, frozen=True):
    """What was learned: `rows[i]` says for the i-th template which row of `emissions` an n-gram has;
    row 0 is of none."""

    vocabulary: Vocabulary
    rows: tuple[Array, ...]
    emissions: Floats
    transitions: Floats


def sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text lie; they cover it.

    >>> sentences("甲买。乙卖")
    [(0, 3), (3, 5)]
    """
    return [match.span() for match in _SENTENCE.finditer(text)]


class Tagger:
    """Tags texts by learned weights; any string is fine."""

    def __init__(self, weights: TaggerWeights, kinds: Sequence[MentionKind] = KINDS) -> None:
        """`kinds` are what the weights tell apart, in their order: as many as `KINDS` has."""
        self._weights, self._kinds = weights, kinds
        self._grams = GramFinder(weights.vocabulary)
        table = np.zeros((len(weights.emissions), _WIDTH), dtype=np.int16)
        table[:, : len(LABELS)] = np.round(weights.emissions * STEPS)
        self._tables = [table[rows] for rows in weights.rows]

    def tag(self, texts: Sequence[str]) -> list[list[Mention]]:
        """The mentions of each text, in order of place, none overlapping."""
        found: list[list[Mention]] = [[] for _ in texts]
        scores, places = self._scores(texts)
        owners, starts, lengths, offsets = np.array(places, dtype=np.int64).reshape(-1, 4).T
        lanes, moves = lanes_of(starts, lengths), self._weights.transitions
        ordered = _floats(np.take(scores, lanes.rows, axis=0))
        labels, place = np.zeros(len(scores), dtype=np.int64), np.zeros(len(scores), dtype=np.int64)
        labels[lanes.rows], place[lanes.rows] = decode(ordered, lanes, moves), np.arange(len(lanes.rows))
        told = spans(labels)
        sure = certainty_of(ordered, lanes, moves).of(told, place)
        of = np.searchsorted(starts, told[0], side="right") - 1
        moved = offsets[of] - starts[of]
        columns = owners[of], told[0] + moved, told[1] + moved, told[2], np.round(sure, 4)
        for text, start, end, kind, score in zip(*(each.tolist() for each in columns), strict=True):
            found[text].append(Mention(start=start, end=end, kind=self._kinds[kind], score=score))
        return [repeated(text, mentions) for text, mentions in zip(texts, found, strict=True)]

    def _scores(self, texts: Sequence[str]) -> tuple[Scores, list[tuple[int, int, int, int]]]:
        """The scores of all characters, in steps; of every sentence its text, start in the scores, length,
        and start in the text."""
        places: list[tuple[int, int, int, int]] = []
        scores: list[Scores] = [np.zeros((0, _WIDTH), dtype=np.int16)]
        at = 0
        for batch in _batches(texts):
            symbols, starts = symbols_of([texts[n] for n in batch])
            scores.append(self._emissions(self._grams.numbers(symbols)))
            for n, begin in zip(batch, starts, strict=True):
                places += [(n, at + begin + one, two - one, one) for one, two in sentences(texts[n])]
            at += len(symbols.code)
        return np.concatenate(scores), places

    def _emissions(self, grams: Mapping[str, Array]) -> Scores:
        """The scores of the labels of each character: whole numbers of two bytes are added up, which is
        twice as fast as floats."""
        size = len(next(iter(grams.values())))
        total = np.zeros((size + 2 * MARGIN, _WIDTH), dtype=np.int16)
        chosen = np.empty((size, _WIDTH), dtype=np.int16)
        for table, (name, offset) in zip(self._tables, templates(), strict=True):
            np.take(table, grams[name], axis=0, out=chosen, mode="clip")
            total[MARGIN - offset :][:size] += chosen
        return total[MARGIN:][:size]


def _floats(scores: Scores) -> Floats:
    """Scores as numbers, a row a label."""
    return np.multiply(scores.T[: len(LABELS)], np.float32(1 / STEPS), dtype=np.float32, order="C")


def _batches(texts: Sequence[str]) -> Iterator[range]:
    """Ranges of texts of about `_MOST_AT_ONCE` characters; a longer text stands alone."""
    first = size = 0
    for n, text in enumerate(texts):
        if size and size + len(text) > _MOST_AT_ONCE:
            yield range(first, n)
            first, size = n, 0
        size += len(text)
    if first < len(texts):
        yield range(first, len(texts))
