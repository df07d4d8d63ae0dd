"""The model as it ships: small, arrays only, without any person's name."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from streams.text.reader.clues import spelt as clue_words
from streams.text.reader.model import load, save, shipped
from streams.train.annotated import read_annotated
from streams.train.tagging import holds_name, names_of, spelt
from tests.streams.text.arrays import assert_small_and_of_numbers, with_a_pickle

ANNOTATED = Path(__file__).parents[5] / "shared/data/cail2022/train.json"
MODEL = resources.files("streams.text.reader") / "model.npz"


def test_the_model_is_small_and_holds_arrays_of_numbers_only():
    assert_small_and_of_numbers(MODEL)


def test_a_file_with_a_pickle_in_it_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="allow_pickle"):
        load(with_a_pickle(MODEL, tmp_path))


def test_a_model_that_was_written_and_read_again_is_the_same(tmp_path: Path):
    save(shipped(), tmp_path / "again.npz")
    again = load(tmp_path / "again.npz")
    assert again.relations.least == shipped().relations.least
    assert np.array_equal(again.relations.people.keys, shipped().relations.people.keys)
    assert np.array_equal(again.tagger.transitions, shipped().tagger.transitions)
    assert np.allclose(again.tagger.emissions, shipped().tagger.emissions, atol=0.01)


def test_no_name_of_the_texts_it_learned_from_is_in_the_model():
    if not ANNOTATED.exists():
        pytest.skip("the annotated texts are not here")
    names = names_of(read_annotated(ANNOTATED))
    relations = shipped().relations
    keys = [*relations.people.keys.tolist(), *relations.goods.keys.tolist()]
    clues = [clue_words(key, relations.alphabet) for key in keys]
    held = [text for text in (*spelt(shipped().tagger.vocabulary), *clues) if holds_name(text, names)]
    assert len(names) > 1000
    assert len(clues) > 1000
    assert len(held) == 0  # not the list itself: a failure must print no name
