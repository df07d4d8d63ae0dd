"""Growing boosted trees with scikit-learn, and taking them out as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from streams.text.reader.boosting import Trees
from streams.text.reader.viterbi import Bools, Floats

DEPTH = 4
SETTINGS: dict[str, Any] = {
    "max_iter": 120, "learning_rate": 0.06, "max_leaf_nodes": 8, "max_depth": DEPTH, "min_samples_leaf": 15,
    "l2_regularization": 3.0, "max_bins": 64, "max_features": 0.3, "early_stopping": False, "random_state": 0,
}  # fmt: skip


def grown_there(figures: Floats, labels: Bools) -> Any:
    """The trees as scikit-learn has them, grown by one thread: several wait for each other longer than they
    work wherever another process wants the cores too."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415  of the group `train`
    from threadpoolctl import threadpool_limits  # noqa: PLC0415  comes with scikit-learn

    with threadpool_limits(1):
        return HistGradientBoostingClassifier(**SETTINGS).fit(figures, labels)


def boosted(figures: Floats, labels: Bools) -> Trees:
    """Trees that tell the true rows from the others, by log-odds."""
    model = grown_there(figures, labels)
    grown = [_complete(each[0].nodes) for each in model._predictors]  # noqa: SLF001  no other way to them
    columns, bounds, leaves = (np.array(part) for part in zip(*grown, strict=True))
    return Trees(
        columns.astype(np.int64),
        bounds.astype(np.float32),
        leaves.astype(np.float32),
        float(model._baseline_prediction.ravel()[0]),  # noqa: SLF001  as above
    )


def _complete(nodes: Any) -> tuple[list[int], list[float], list[float]]:
    """A tree of scikit-learn level by level, with the leaves that end early drawn down."""
    level, columns, bounds = [0], [], []
    for _ in range(DEPTH):
        below: list[int] = []
        for node in level:
            is_leaf = bool(nodes["is_leaf"][node])
            columns.append(0 if is_leaf else int(nodes["feature_idx"][node]))
            bounds.append(np.inf if is_leaf else float(nodes["num_threshold"][node]))
            below += [node, node] if is_leaf else [int(nodes["left"][node]), int(nodes["right"][node])]
        level = below
    return columns, bounds, [float(nodes["value"][node]) for node in level]
