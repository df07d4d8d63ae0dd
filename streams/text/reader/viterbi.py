"""The best labels of many sentences at once (Viterbi 1967), in time linear in their characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from streams.text.reader.mentions import KINDS
from streams.text.reader.symbols import Array

if TYPE_CHECKING:
    from streams.text.reader.lanes import Lanes

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


def decode(scores: Floats, lanes: Lanes, moves: Floats) -> Array:
    """The labels of all characters, in the order of the lanes.

    `scores` has a row a label and a column a character in that order; `moves[a, b]` is what b after a adds.
    """
    return _backward(_forward(scores, lanes, moves), lanes, moves)


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


def _forward(scores: Floats, lanes: Lanes, moves: Floats) -> Floats:
    best = scores.copy()
    best[_BEGINS.stop :, : sum(lanes.bounds[1:2])] = _NEVER
    for here, before in lanes.steps():
        best[:, here] += _reached(best[:, before], moves)
    return best


def _reached(before: Floats, moves: Floats) -> Floats:
    """The best score with which each label is reached; a row a label, as long rows are added up fastest."""
    out = np.empty_like(before, order="C")
    out[_BEGINS] = (before[_ENDS][:, None, :] + moves[_ENDS, _BEGINS][:, :, None]).max(axis=0)
    for inside in (_I, _E):
        from_first = before[_B] + moves[_B, inside].diagonal()[:, None]
        out[inside] = np.maximum(from_first, before[_I] + moves[_I, inside].diagonal()[:, None])
    return out


def _backward(best: Floats, lanes: Lanes, moves: Floats) -> Array:
    legal = legal_moves(moves)
    labels = np.zeros(best.shape[1], dtype=np.int64)
    final = np.where(may_end(), 0, _NEVER).astype(np.float32)
    last = lanes.last
    labels[last] = (best[:, last].T + final).argmax(axis=1)
    towards = np.ascontiguousarray(legal.T)
    for behind, here in reversed(list(lanes.steps())):
        labels[here] = (best[:, here].T + towards[labels[behind]]).argmax(axis=1)
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


def spans(labels: Array) -> tuple[Array, Array, Array]:
    """Where each mention starts, where it ends, and the number of its kind."""
    where = np.flatnonzero(labels)
    place, kind = np.divmod(labels[where] - 1, _K)
    ends = (place == 1) | (place == 3)
    return where[place <= 1], where[ends] + 1, kind[ends]


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
