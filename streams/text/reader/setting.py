"""What the pairs of a text say about each other: who else might have done it, and to whom.

A first opinion on every pair is the log-odds of each relation against none, from its clues alone.
"""

from __future__ import annotations

import numpy as np

from streams.text.reader.viterbi import Floats

LEAST = np.float32(-6.0)
"""The opinion on a pair that was not looked at, because its names are far apart."""


def settings_of(people: Floats, goods: Floats) -> tuple[Floats, Floats]:
    """The figures of each pair of people (subject, other) and of each person and substance.

    Both inputs have the opinions in their last axis; the outputs have figures in theirs.
    """
    count, kinds = people.shape[0], goods.shape[1]
    own = np.concatenate([_highest(people, 1), _highest(goods, 1)], axis=-1)
    bought = _highest(people, 0)
    whole = np.concatenate([_highest(people, (0, 1)), _highest(goods, (0, 1)), [count, kinds]])
    back = people.transpose(1, 0, 2)
    return (
        _figures(people, back, own, bought, whole),
        _figures(goods, np.full_like(goods, LEAST), own, bought, whole),
    )


def _figures(pairs: Floats, back: Floats, own: Floats, bought: Floats, whole: Floats) -> Floats:
    rows, columns, _ = pairs.shape
    of_subject = np.concatenate([own, bought], axis=-1)[:, None, :]
    ranks = np.stack(np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij"), axis=-1)
    parts = [
        pairs, _others(pairs, 0), _others(pairs, 1), _positive(pairs), back,
        np.broadcast_to(of_subject, (rows, columns, of_subject.shape[-1])),
        np.broadcast_to(whole, (rows, columns, len(whole))), ranks,
    ]  # fmt: skip
    return np.concatenate(parts, axis=-1).astype(np.float32)


def _highest(pairs: Floats, axis: int | tuple[int, ...]) -> Floats:
    highest: Floats = pairs.max(axis=axis, initial=LEAST)
    return highest


def _others(pairs: Floats, axis: int) -> Floats:
    """The highest opinion along an axis on any pair but each itself."""
    if pairs.shape[axis] <= 1:
        return np.full_like(pairs, LEAST)
    two = np.partition(pairs, -2, axis=axis)
    second, first = np.split(np.take(two, [-2, -1], axis=axis), 2, axis=axis)
    others: Floats = np.where(pairs >= first, second, first)
    return others


def _positive(pairs: Floats) -> Floats:
    """How many other pairs of the subject are rather related than not."""
    above = (pairs > 0).astype(np.float32)
    others: Floats = above.sum(axis=1, keepdims=True) - above
    return others
