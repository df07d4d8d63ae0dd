"""The model of tips as a file: arrays only (NumPy's `.npz` without pickle): loading it runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import IO, Any

import numpy as np
from msgspec import Struct

from streams.text.reader.model import tagger_arrays, tagger_of
from streams.text.reader.tagger import TaggerWeights
from streams.text.reader.viterbi import Floats
from streams.text.tips.judge import OF_DRUGS, OF_PEOPLE, ClueWeights, JudgeWeights

_FILE = "model.npz"
_KINDS = (*OF_PEOPLE, *OF_DRUGS)


class TipWeights(Struct, frozen=True):
    """All that was learned from tips."""

    tagger: TaggerWeights
    judge: JudgeWeights


@cache
def shipped() -> TipWeights:
    """The model that comes with the package, read once; see `MODEL_CARD.md` beside it."""
    with resources.files("streams.text.tips").joinpath(_FILE).open("rb") as file:
        return load(file)


def load(file: IO[bytes] | Path) -> TipWeights:
    """The model of a file that `save` wrote. Raises ValueError when it holds anything but arrays."""
    with np.load(file, allow_pickle=False) as arrays:
        return TipWeights(tagger_of(arrays), _judge(arrays))


def save(weights: TipWeights, path: Path) -> None:
    """Writes a model; emissions are rounded to eight bits, the weights of clues to sixteen."""
    judge = weights.judge
    kept: dict[str, Any] = tagger_arrays(weights.tagger)
    for name, model in (("people", judge.people), ("drugs", judge.drugs), ("status", judge.status)):
        kept |= _of_clues(name, model)
    kept["least"] = np.array([judge.least.get(kind, 1.0) for kind in _KINDS])
    kept["sure"] = np.array([judge.sure])
    np.savez_compressed(path, **kept)


def _judge(arrays: Mapping[str, Any]) -> JudgeWeights:
    return JudgeWeights(
        people=_clues(arrays, "people"),
        drugs=_clues(arrays, "drugs"),
        status=_clues(arrays, "status"),
        least=dict(zip(_KINDS, map(float, arrays["least"]), strict=True)),
        sure=float(arrays["sure"][0]),
    )


def _of_clues(name: str, model: ClueWeights) -> dict[str, Any]:
    clues = sorted(model.row, key=model.row.__getitem__)
    return {
        f"{name}.clues": np.frombuffer("\n".join(clues).encode(), dtype=np.uint8),
        f"{name}.weights": model.weights.astype(np.float16),
        f"{name}.base": model.base,
    }


def _clues(arrays: Mapping[str, Any], name: str) -> ClueWeights:
    clues = arrays[f"{name}.clues"].tobytes().decode().split("\n")
    weights: Floats = arrays[f"{name}.weights"].astype(np.float32)
    return ClueWeights({clue: n for n, clue in enumerate(clues)}, weights, arrays[f"{name}.base"])
