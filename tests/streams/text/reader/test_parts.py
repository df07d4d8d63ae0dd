"""The parts of the reader, each against what it should equal."""

from __future__ import annotations

from itertools import product

import numpy as np

from streams.text.reader.boosting import Trees
from streams.text.reader.mentions import Mention
from streams.text.reader.names import repeated
from streams.text.reader.setting import settings_of
from streams.text.reader.viterbi import LABELS, decode, labels_of, spans

NUMBER = {label: n for n, label in enumerate(LABELS)}


def is_legal(labels: tuple[str, ...]) -> bool:
    """Whether every mention begins and ends as it should."""
    open_kind = ""
    for label in labels:
        place, _, kind = label.partition("-")
        if (place in "IE") != bool(open_kind) or (open_kind and kind != open_kind):
            return False
        open_kind = kind if place in "BI" else ""
    return not open_kind


def test_the_best_path_is_the_one_that_trying_all_paths_finds():
    chance = np.random.default_rng(7)
    moves = chance.normal(size=(len(LABELS), len(LABELS))).astype(np.float32)
    scores = chance.normal(scale=2, size=(6, len(LABELS))).astype(np.float32)
    paths = decode(scores, np.array([0, 3, 5]), np.array([3, 2, 1]), moves)
    for start, length, path in zip((0, 3, 5), (3, 2, 1), paths, strict=True):
        legal = [p for p in product(LABELS, repeat=length) if is_legal(p)]
        numbers = np.array([[NUMBER[label] for label in p] for p in legal])
        totals = scores[start + np.arange(length), numbers].sum(axis=1)
        totals += moves[numbers[:, :-1], numbers[:, 1:]].sum(axis=1)
        assert path.tolist() == numbers[totals.argmax()].tolist()


def test_spans_come_back_from_their_labels():
    mentions = [(0, 3, 0), (3, 4, 1), (6, 8, 4)]
    labels = np.array([NUMBER[label] for label in labels_of(9, mentions)])
    assert list(spans(labels)) == mentions


def test_a_tree_goes_right_where_the_figure_is_above_the_bound():
    trees = Trees(
        np.array([[0, 1, 1]]),
        np.array([[0.5, 2.0, 4.0]], np.float32),
        np.array([[1, 2, 3, 4]], np.float32),
        10.0,
    )
    rows = np.array([[0.5, 2.0], [0.5, 2.1], [0.6, 4.0], [0.6, 5.0]], np.float32)
    assert trees.added(rows).tolist() == [11, 12, 13, 14]


def test_a_pair_sees_the_strongest_of_the_others_not_itself():
    people = np.full((3, 3, 2), -6, np.float32)
    people[0, 1, 0], people[2, 1, 0] = 5, 3
    figures, _ = settings_of(people, np.full((3, 0, 2), -6, np.float32))
    assert figures[0, 1, 2] == 3  # the strongest other subject
    assert figures[2, 1, 2] == 5


def mend(text: str, *names: str) -> list[str]:
    mentions = [Mention(start=(at := text.index(n)), end=at + len(n), kind="person") for n in names]
    return [text[m.start : m.end] for m in repeated(text, mentions)]


def test_a_name_found_once_is_found_wherever_it_stands():
    assert mend("符某海卖给林某水。后符某海被抓。", "符某海", "林某水") == ["符某海", "林某水", "符某海"]


def test_a_name_gives_back_the_verb_that_it_swallowed():
    assert mend("向林某贩卖海洛因", "林某贩") == ["林某"]


def test_a_masked_name_keeps_the_sign_that_tells_namesakes_apart():
    assert mend("容留林某甲和林某A吸毒", "林某") == ["林某甲"]


def test_a_weight_is_no_part_of_a_name():
    assert mend("卖给林某0.8克", "林某0.8克") == ["林某"]
