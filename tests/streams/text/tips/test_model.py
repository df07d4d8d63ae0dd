"""The model of tips as it ships: small, arrays only, without any name it learned from."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from streams.text.tips.model import load, save, shipped
from streams.train.tagging import holds_name, spelt
from streams.train.written import made_tips
from tests.streams.text.arrays import assert_small_and_of_numbers, with_a_pickle

MODEL = resources.files("streams.text.tips") / "model.npz"


def test_the_model_is_small_and_holds_arrays_of_numbers_only():
    assert_small_and_of_numbers(MODEL)


def test_a_file_with_a_pickle_in_it_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="allow_pickle"):
        load(with_a_pickle(MODEL, tmp_path))


def test_a_model_that_was_written_and_read_again_is_the_same(tmp_path: Path):
    save(shipped(), tmp_path / "again.npz")
    again = load(tmp_path / "again.npz")
    assert again.judge.least == shipped().judge.least
    assert again.judge.sure == shipped().judge.sure
    for name in ("people", "drugs", "status"):
        assert getattr(again.judge, name).row == getattr(shipped().judge, name).row
        assert np.array_equal(getattr(again.judge, name).weights, getattr(shipped().judge, name).weights)


def test_no_name_of_the_tips_it_learned_from_is_in_the_model():
    names = frozenset(
        tip.text[slice(*mention.span)]
        for tip in made_tips()
        for mention in tip.mentions
        if mention.kind == "person" and mention.end - mention.start > 1
    )
    judge = shipped().judge
    clues = [*judge.people.row, *judge.drugs.row, *judge.status.row]
    assert len(names) > 3_000
    assert len(clues) > 10_000
    assert not [text for text in (*spelt(shipped().tagger.vocabulary), *clues) if holds_name(text, names)]
