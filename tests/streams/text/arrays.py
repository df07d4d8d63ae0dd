"""What is asked of every model that ships: small, arrays of numbers only."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np

MOST_BYTES = 5_000_000


def assert_small_and_of_numbers(model: Traversable) -> None:
    with resources.as_file(model) as path:
        assert path.stat().st_size <= MOST_BYTES
        with np.load(path, allow_pickle=False) as arrays:
            assert all(arrays[name].dtype.kind in "iuf" for name in arrays.files)


def with_a_pickle(model: Traversable, folder: Path) -> Path:
    """A copy of the model in which one array is of objects."""
    with model.open("rb") as file, np.load(file) as arrays:
        bad = dict(arrays) | {"alphabet": np.array([{"an": "object"}], dtype=object)}
    np.savez(folder / "bad.npz", **bad)
    return folder / "bad.npz"
