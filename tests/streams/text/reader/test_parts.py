"""The parts of the reader, each against what it should equal."""

from __future__ import annotations

import re
from itertools import product

import numpy as np

from streams.text.reader.boosting import Trees
from streams.text.reader.groups import highest, others, totals
from streams.text.reader.lanes import lanes_of
from streams.text.reader.lookup import Lookup
from streams.text.reader.mentions import Mention
from streams.text.reader.names import repeated
from streams.text.reader.symbols import symbols_of
from streams.text.reader.viterbi import LABELS, decode, labels_of, spans
from streams.text.reader.words import any_of

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
    lanes = lanes_of(np.array([0, 3, 5]), np.array([3, 2, 1]))
    labels = np.zeros(6, dtype=np.int64)
    labels[lanes.rows] = decode(np.ascontiguousarray(scores[lanes.rows].T), lanes, moves)
    for start, length in zip((0, 3, 5), (3, 2, 1), strict=True):
        path = labels[start : start + length]
        legal = [p for p in product(LABELS, repeat=length) if is_legal(p)]
        numbers = np.array([[NUMBER[label] for label in p] for p in legal])
        totals = scores[start + np.arange(length), numbers].sum(axis=1)
        totals += moves[numbers[:, :-1], numbers[:, 1:]].sum(axis=1)
        assert path.tolist() == numbers[totals.argmax()].tolist()


def test_spans_come_back_from_their_labels():
    mentions = [(0, 3, 0), (3, 4, 1), (6, 8, 4)]
    labels = np.array([NUMBER[label] for label in labels_of(9, mentions)])
    assert list(zip(*(each.tolist() for each in spans(labels)), strict=True)) == mentions


def test_a_tree_goes_right_where_the_figure_is_above_the_bound():
    trees = Trees(
        np.array([[0, 1, 1]]),
        np.array([[0.5, 2.0, 4.0]], np.float32),
        np.array([[1, 2, 3, 4]], np.float32),
        10.0,
    )
    rows = np.array([[0.5, 2.0], [0.5, 2.1], [0.6, 4.0], [0.6, 5.0]], np.float32)
    assert trees.added(rows).tolist() == [11, 12, 13, 14]


def test_a_row_sees_the_strongest_of_the_others_of_its_group_not_itself():
    values, group = np.array([5, 3, 3, 1, 7], np.float32), np.array([0, 0, 1, 1, 2])
    beside, speaking = others(values, group, 4)
    assert beside.tolist() == [3, 5, 1, 3, -8]
    assert speaking.tolist() == [1, 1, 1, 1, 0]
    assert highest(values, group, 4).tolist() == [5, 3, 7, -8]


def test_rows_are_added_up_by_their_group_and_a_group_without_rows_is_nothing():
    rows = np.array([[1, 2], [3, 4], [5, 6]], np.float32)
    assert totals(rows, np.array([0, 0, 2]), 4).tolist() == [[4, 6], [0, 0], [5, 6], [0, 0]]


def test_each_key_is_found_at_its_place_and_no_other_is_found():
    chance = np.random.default_rng(3)
    keys = np.unique(np.concatenate([chance.integers(0, 1 << 60, 3000), np.arange(500) << 50]))
    lookup = Lookup(keys)
    assert lookup.find(keys).tolist() == list(range(1, len(keys) + 1))
    strange = np.setdiff1d(chance.integers(0, 1 << 60, 3000), keys)
    assert not lookup.find(strange).any()
    assert not Lookup(keys[:0]).find(keys).any()


def test_small_keys_are_found_by_a_table():
    keys = np.array([0, 3, 70_000])
    lookup = Lookup(keys)
    assert lookup.find(keys).tolist() == [1, 2, 3]
    assert not lookup.find(np.array([1, 69_999, 70_001, 1 << 40])).any()


def test_the_longest_of_many_words_is_found():
    words = ["卖", "卖出", "贩卖", "（", "买卖"]
    assert re.findall(any_of(words), "贩卖与买卖，卖出（卖") == ["贩卖", "买卖", "卖出", "（", "卖"]


def test_characters_know_which_sequences_of_theirs_their_text_repeats():
    symbols, starts = symbols_of(["吴子迪和吴子迪", "吴子"])
    assert [symbols.again[at : at + 2].tolist() for at in starts] == [[3, 1], [0, 0]]
    assert symbols.again[starts[0] + 4] == 3


def test_a_text_of_every_sign_is_compared_without_mixing_its_signs_up():
    text = "".join(map(chr, range(0x3400, 0xD000))) + "吴子迪"
    symbols, (start,) = symbols_of([text])
    assert symbols.again[start : start + len(text)].max() <= 1


def mend(text: str, *names: str) -> list[str]:
    mentions = [Mention(start=(at := text.index(n)), end=at + len(n), kind="person") for n in names]
    return [text[m.start : m.end] for m in repeated(text, mentions)]


def test_a_name_found_once_is_found_wherever_it_stands():
    assert mend("符某海卖给林某水。后符某海被抓。", "符某海", "林某水") == ["符某海", "林某水", "符某海"]


def test_a_name_gives_back_the_verb_that_it_swallowed():
    assert mend("向林某贩卖毒品", "林某贩") == ["林某"]


def test_a_name_that_was_cut_short_is_as_long_as_elsewhere():
    assert mend("吴子迪供述，民警将吴子迪抓获", "吴子迪", "民警")[0] == "吴子迪"
    text = "伍某大供述，后从伍某大处查获"
    cut = [Mention(start=0, end=3, kind="person"), Mention(start=8, end=10, kind="person")]
    assert [text[m.start : m.end] for m in repeated(text, cut)] == ["伍某大", "伍某大"]


def test_a_name_at_the_end_of_a_text_ends_there():
    text = "将毒品物卖给吴子迪"
    (found,) = repeated(text, [Mention(start=6, end=9, kind="person")])
    assert found.span == (6, 9)


def test_a_surname_with_two_masks_is_a_person_but_not_where_a_street_goes_on():
    assert [m.kind for m in repeated("被告人茅某某在王某某路", [])] == ["person"]


def test_a_place_before_a_name_and_a_word_behind_it_are_no_part_of_it():
    assert mend("到道外区洪春雨处拿毒品", "道外区洪春雨处") == ["洪春雨"]
    assert mend("贩卖给曾某为四次", "曾某为") == ["曾某"]


def test_a_mask_belongs_to_the_name_as_long_as_it_goes_on():
    assert mend("被告人吉某某某吸毒", "吉某") == ["吉某某某"]


def test_a_masked_name_keeps_the_sign_that_tells_namesakes_apart():
    assert mend("容留林某甲和林某A吸毒", "林某") == ["林某甲"]


def test_a_number_is_a_part_of_a_masked_name_where_something_is_found_on_its_bearer():
    assert mend("从林某某2身上查获", "林某某") == ["林某某2"]


def test_a_hotel_is_nobody_and_a_substance_by_its_own_name_is_found_without_a_mention():
    assert mend("在金某宾馆吸食甲卡西酮", "金某宾") == ["甲卡西酮"]
    assert mend("用吗啡试剂检测", "用") == ["用"]


def test_a_weight_is_no_part_of_a_name():
    assert mend("卖给林某0.8克", "林某0.8克") == ["林某"]
