"""The best labels of many sentences at once (Viterbi 1967), in time linear in their characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from streams.text.reader.mentions import KINDS
from streams.text.reader.symbols import Array

if TYPE_CHECKING:
    from collections.abc import Iterator

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

LABELS = ("O", *(f"{place}-{kind}" for place in "BSIE" for kind in KINDS))
"""Outside, and the first, only, inner and last character of a mention of each kind."""
_K = len(KINDS)
_B, _S, _I, _E = (slice(1 + n * _K, 1 + (n + 1) * _K) for n in range(4))
_BEGINS = slice(0, 1 + 2 * _K)
"""Labels that may follow the end of a mention, and those with which a sentence may begin."""
_ENDS = [0, *range(_S.start, _S.stop), *range(_E.start, _E.stop)]
_NEVER = np.float32(-1e4)


def decode(scores: Floats, starts: Array, lengths: Array, moves: Floats) -> list[Array]:
    """The labels of each sentence `scores[start : start + length]`.

    `scores` has a row a character and a column a label, `moves[a, b]` is what b after a adds.
    """
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    best = _forward(scores, starts, lengths, moves)
    labels = _backward(best, starts, lengths, moves)
    paths: list[Array] = [labels[:0]] * len(order)
    for place, start, length in zip(order, starts, lengths, strict=True):
        paths[place] = labels[start : start + length]
    return paths


def may_begin() -> Array:
    """1 for each label with which a sentence may begin, else 0."""
    may = np.zeros(len(LABELS), dtype=np.int64)
    may[_BEGINS] = 1
    return may


def may_end() -> Array:
    """1 for each label with which a sentence may end, else 0."""
    may = np.zeros(len(LABELS), dtype=np.int64)
    may[_ENDS] = 1
    return may


def alive(lengths: Array) -> Iterator[tuple[int, int]]:
    """Each step beyond the first with how many sentences, longest first, are longer than it."""
    longest = int(lengths.max(initial=0))
    counts = np.searchsorted(-lengths, -np.arange(longest), side="left")
    return ((step, int(counts[step])) for step in range(1, longest))


def _forward(scores: Floats, starts: Array, lengths: Array, moves: Floats) -> Floats:
    best = scores.copy()
    best[starts, _BEGINS.stop :] = _NEVER
    before = best[starts].T
    for step, count in alive(lengths):
        rows = starts[:count] + step
        before = best[rows].T + _reached(before[:, :count], moves)
        best[rows] = before.T
    return best


def _reached(before: Floats, moves: Floats) -> Floats:
    """The best score with which each label is reached; a row a label, as long rows are added up fastest."""
    out = np.empty_like(before, order="C")
    out[_BEGINS] = (before[_ENDS][:, None, :] + moves[_ENDS, _BEGINS][:, :, None]).max(axis=0)
    for inside in (_I, _E):
        from_first = before[_B] + moves[_B, inside].diagonal()[:, None]
        out[inside] = np.maximum(from_first, before[_I] + moves[_I, inside].diagonal()[:, None])
    return out


def _backward(best: Floats, starts: Array, lengths: Array, moves: Floats) -> Array:
    labels = np.zeros(len(best), dtype=np.int64)
    legal = legal_moves(moves)
    last = starts + lengths - 1
    final = np.where(may_end(), 0, _NEVER).astype(np.float32)
    chosen = (best[last] + final).argmax(axis=1)
    labels[last] = chosen
    for step, count in alive(lengths):
        here = last[:count] - step
        chosen = (best[here] + legal[:, chosen[:count]].T).argmax(axis=1)
        labels[here] = chosen
    return labels


def legal_moves(moves: Floats) -> Floats:
    """The moves of which a labelling may consist; any other adds so little that it never is one."""
    legal = np.full_like(moves, _NEVER)
    legal[_ENDS, _BEGINS] = moves[_ENDS, _BEGINS]
    for first in (_B, _I):
        for inside in (_I, _E):
            for one, two in zip(
                range(first.start, first.stop), range(inside.start, inside.stop), strict=True
            ):
                legal[one, two] = moves[one, two]
    return legal


def spans(labels: Array) -> Iterator[tuple[int, int, int]]:
    """Each mention as (start, end, kind number)."""
    where = np.flatnonzero(labels)
    start = 0
    for at, label in zip(where.tolist(), labels[where].tolist(), strict=True):
        place, kind = divmod(label - 1, _K)
        if place <= 1:
            start = at
        if place in (1, 3):
            yield start, at + 1, kind


def labels_of(size: int, mentions: list[tuple[int, int, int]]) -> list[str]:
    """The labels of a text of a size, for learning; the inverse of `spans`.

    >>> labels_of(3, [(0, 2, 0)])
    ['B-person', 'E-person', 'O']
    """
    labels = ["O"] * size
    for start, end, kind in mentions:
        name = KINDS[kind]
        labels[start:end] = [f"I-{name}"] * (end - start)
        labels[start], labels[end - 1] = f"B-{name}", f"E-{name}"
        if end - start == 1:
            labels[start] = f"S-{name}"
    return labels
