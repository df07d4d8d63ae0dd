"""Learning the reader from annotated texts; the texts are made up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from schemas.errors import InputError
from streams.bench.worlds import quiet
from streams.text.reader import Reader
from streams.text.reader.mentions import Mention
from streams.train.annotated import apart, folds, read_annotated
from streams.train.boosted import boosted, grown_there
from streams.train.extraction import figures, learn
from streams.train.renaming import renamed
from tests.streams.train.made_cases import write


def test_a_file_of_another_layout_is_refused_without_a_word_of_it(tmp_path: Path):
    (tmp_path / "bad.json").write_text('{"sentText": "符某甲"}\n')
    with pytest.raises(InputError, match="one JSON object a line") as refused:
        read_annotated(tmp_path / "bad.json")
    assert "符某甲" not in str(refused.value)


def test_every_text_is_judged_once_and_equal_texts_by_one_fold(tmp_path: Path):
    texts = read_annotated(write(tmp_path / "made.json", 60)) * 2
    judged = [each.text for _, new in folds(texts, 5) for each in new]
    assert sorted(judged) == sorted(each.text for each in texts)
    for known, new in folds(texts, 5):
        assert not {each.text for each in known} & {each.text for each in new}


def test_what_was_told_wrongly_or_left_out_lowers_precision_and_recall(tmp_path: Path):
    texts = read_annotated(write(tmp_path / "made.json", 40))
    found = {each.text: each.mentions for each in texts}
    right = figures(texts, found, [(each, set(each.triplets)) for each in texts])
    assert right["triplets"]["f1"] == right["person"]["f1"] == 1
    wrong = figures(texts, found, [(each, {("某", "sold_to", "某")}) for each in texts])
    assert wrong["triplets"]["f1"] == 0
    assert wrong["sold_to"]["precision"] == 0


def test_of_overlapping_mentions_the_first_and_longest_stays():
    spans = [(0, 2), (0, 3), (2, 4), (4, 5)]
    mentions = [Mention(start=start, end=end, kind="person") for start, end in spans]
    assert [m.span for m in apart(mentions)] == [(0, 3), (4, 5)]


def test_trees_taken_out_of_scikit_learn_say_what_they_said_there():
    chance = np.random.default_rng(1)
    figures = chance.normal(size=(600, 5)).astype(np.float32)
    labels = figures[:, 0] * figures[:, 1] + figures[:, 2] > 0
    there = grown_there(figures, labels).decision_function(figures)
    assert np.allclose(boosted(figures, labels).added(figures), there, atol=1e-4)


def test_a_text_under_other_names_says_the_same_of_others(tmp_path: Path):
    (each,) = read_annotated(write(tmp_path / "made.json", 1))
    other = renamed(each)
    assert other == renamed(each)
    assert [m.kind for m in other.mentions] == [m.kind for m in each.mentions]
    for old, new in zip(each.mentions, other.mentions, strict=True):
        same = each.text[old.start : old.end] == other.text[new.start : new.end]
        assert same == (old.kind != "person")


def test_the_reader_learns_to_read_what_it_is_shown(tmp_path: Path):
    texts = read_annotated(write(tmp_path / "made.json", 120))
    reader = Reader(learn(texts, quiet))
    text = "公诉机关指控，被告人周某丁向吸毒人员吴某贩卖海洛因0.5克。"
    (found,) = reader.read([text])
    names = [text[m.start : m.end] for m in found.mentions]
    told = {(names[r.subject], r.kind, names[r.object]) for r in found.relations}
    assert told == {("周某丁", "sold_to", "吴某"), ("周某丁", "trafficked", "海洛因")}
