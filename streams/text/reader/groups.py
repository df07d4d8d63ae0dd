"""Sums and highest values within groups of rows, such as the pairs of one subject."""

from __future__ import annotations

import numpy as np

from streams.text.reader.symbols import Array
from streams.text.reader.viterbi import Floats

LEAST = -8.0
"""The highest value of a group without rows: the log-odds of what nobody would believe."""


def totals(rows: Floats, group: Array, groups: int) -> Floats:
    """The sum of the rows of each group; the rows of a group lie together."""
    table = np.zeros((groups, rows.shape[1]), dtype=np.float32)
    if len(rows):
        first = np.flatnonzero(np.diff(group, prepend=-1))
        table[group[first]] = np.add.reduceat(rows.astype(np.float32), first, axis=0)
    return table


def highest(values: Floats, group: Array, groups: int) -> Floats:
    """The highest value of each group."""
    top = np.full(groups, LEAST)
    np.maximum.at(top, group, values)
    return top


def others(values: Floats, group: Array, groups: int) -> tuple[Floats, Floats]:
    """For each row the highest value of the other rows of its group, and how many of these are above 0."""
    top = np.full(groups, LEAST)
    second = np.full(groups, LEAST)
    order = np.lexsort((-values, group))
    ordered = group[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    follows = np.zeros(len(order), dtype=bool)
    follows[1:] = first[:-1] & ~first[1:]
    top[ordered[first]] = values[order[first]]
    second[ordered[follows]] = values[order[follows]]
    above = np.bincount(group, weights=values > 0, minlength=groups)
    beside: Floats = np.where(values >= top[group], second[group], top[group])
    speaking: Floats = (above[group] - (values > 0)).astype(np.float32)
    return beside, speaking
