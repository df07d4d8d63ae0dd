"""The model as a file: arrays only (NumPy's `.npz` without pickle), so that loading it runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import IO, Any

import numpy as np
from msgspec import Struct

from streams.text.reader.boosting import Trees
from streams.text.reader.features import GRAMS, Vocabulary, templates
from streams.text.reader.relations import OF_GOODS, OF_PEOPLE, ClueWeights, RelationWeights
from streams.text.reader.tagger import STEPS, TaggerWeights
from streams.text.reader.viterbi import Floats

_FILE = "model.npz"
_KINDS = (*OF_PEOPLE, *OF_GOODS)


class ReaderWeights(Struct, frozen=True):
    """All that the reader learned."""

    tagger: TaggerWeights
    relations: RelationWeights


@cache
def shipped() -> ReaderWeights:
    """The model that comes with the package, read once; see `MODEL_CARD.md` beside it."""
    return load_shipped()


def load_shipped() -> ReaderWeights:
    """The model that comes with the package, read from its file."""
    with resources.files("streams.text.reader").joinpath(_FILE).open("rb") as file:
        return load(file)


def load(file: IO[bytes] | Path) -> ReaderWeights:
    """The model of a file that `save` wrote. Raises ValueError when it holds anything but arrays."""
    with np.load(file, allow_pickle=False) as arrays:
        return ReaderWeights(tagger_of(arrays), _relations(arrays))


def save(weights: ReaderWeights, path: Path) -> None:
    """Writes a model; weights are rounded to sixteen bits."""
    np.savez_compressed(path, **{**tagger_arrays(weights.tagger), **_of_relations(weights.relations)})


def tagger_arrays(weights: TaggerWeights) -> dict[str, Any]:
    """A tagger's weights as arrays, for `tagger_of`."""
    keys = {f"keys.{name}": weights.vocabulary.keys[name] for name in GRAMS}
    return {
        "alphabet": weights.vocabulary.alphabet.astype(np.int32),
        "rows": np.concatenate(weights.rows).astype(np.int32),
        "emissions": np.round(weights.emissions * STEPS).astype(np.int16),
        "transitions": weights.transitions.astype(np.float16),
        **keys,
    }


def tagger_of(arrays: Mapping[str, Any]) -> TaggerWeights:
    """The weights that `tagger_arrays` made, now or when it kept eight bits and a scale for each row."""
    keys = {name: arrays[f"keys.{name}"] for name in GRAMS}
    ends = np.cumsum([len(keys[name]) + 1 for name, _ in templates()])
    emissions = arrays["emissions"].astype(np.float32)
    if "scale" in arrays:
        emissions = emissions * arrays["scale"].astype(np.float32)[:, None]
    else:
        emissions = emissions / STEPS
    return TaggerWeights(
        vocabulary=Vocabulary(arrays["alphabet"].astype(np.int64), keys),
        rows=tuple(np.split(arrays["rows"].astype(np.int64), ends[:-1])),
        emissions=emissions,
        transitions=arrays["transitions"].astype(np.float32),
    )


def _of_relations(weights: RelationWeights) -> dict[str, Any]:
    kept: dict[str, Any] = {"relations.alphabet": weights.alphabet.astype(np.int32)}
    for name, model in (("people", weights.people), ("goods", weights.goods)):
        kept[f"{name}.keys"] = np.diff(model.keys, prepend=0)
        kept[f"{name}.weights"] = model.weights.astype(np.float16)
        kept[f"{name}.base"] = model.base
    for kind in _KINDS:
        trees = weights.trees[kind]
        kept[f"{kind}.column"] = trees.column.astype(np.int16)
        kept[f"{kind}.bound"], kept[f"{kind}.leaf"] = trees.bound, trees.leaf
        kept[f"{kind}.base"] = np.array([trees.base, weights.least[kind]])
    return kept


def _relations(arrays: Mapping[str, Any]) -> RelationWeights:
    return RelationWeights(
        alphabet=arrays["relations.alphabet"].astype(np.int64),
        people=_clues(arrays, "people"),
        goods=_clues(arrays, "goods"),
        trees={
            kind: Trees(
                arrays[f"{kind}.column"].astype(np.int64),
                arrays[f"{kind}.bound"],
                arrays[f"{kind}.leaf"],
                float(arrays[f"{kind}.base"][0]),
            )
            for kind in _KINDS
        },
        least={kind: float(arrays[f"{kind}.base"][1]) for kind in _KINDS},
    )


def _clues(arrays: Mapping[str, Any], name: str) -> ClueWeights:
    weights: Floats = arrays[f"{name}.weights"].astype(np.float32)
    return ClueWeights(np.cumsum(arrays[f"{name}.keys"]), weights, arrays[f"{name}.base"])
