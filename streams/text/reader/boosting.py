"""Small boosted trees (Friedman 2001) as arrays, added up for many rows at once."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from streams.text.reader.symbols import Array
from streams.text.reader.viterbi import Floats


class Trees(Struct, frozen=True):
    """Complete binary trees of one depth: `column` and `bound` have a row a tree with its inner nodes
    level by level, `leaf` its values; a row of figures goes right where a figure is above the bound."""

    column: Array
    bound: Floats
    leaf: Floats
    base: float

    def added(self, rows: Floats) -> Floats:
        """The sum of all trees for each row, as log-odds."""
        depth = self.leaf.shape[1].bit_length() - 1
        trees, start = np.arange(len(self.leaf)), np.arange(len(rows))[:, None] * rows.shape[1]
        figures, columns, bounds = rows.ravel(), self.column.ravel(), self.bound.ravel()
        node = np.zeros((len(rows), len(trees)), dtype=np.int64)
        inner = trees * self.column.shape[1]
        for _ in range(depth):
            at = inner + node
            node = 2 * node + 1 + (figures.take(start + columns.take(at)) > bounds.take(at))
        leaves = self.leaf.ravel().take(trees * self.leaf.shape[1] + node - (2**depth - 1))
        total: Floats = leaves.sum(axis=1) + np.float32(self.base)
        return total
