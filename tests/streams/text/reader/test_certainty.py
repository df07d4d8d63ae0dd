"""How sure a mention is: exactly the share of all labellings that have it."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from streams.text.reader.certainty import certainty_of
from streams.text.reader.lanes import lanes_of
from streams.text.reader.viterbi import LABELS, legal_moves, may_begin, may_end, spans


def by_hand(scores, moves):
    """The share of each span, by adding up every legal labelling of one sentence."""
    total, share = 0.0, {}
    legal = legal_moves(moves) > -1000
    for labels in product(range(len(LABELS)), repeat=len(scores)):
        if not (
            may_begin()[labels[0]] and may_end()[labels[-1]] and all(legal[two] for two in pairwise(labels))
        ):
            continue
        own = sum(scores[at, label] for at, label in enumerate(labels))
        weight = float(np.exp(own + sum(moves[two] for two in pairwise(labels))))
        total += weight
        for span in zip(*(each.tolist() for each in spans(np.array(labels))), strict=True):
            share[span] = share.get(span, 0.0) + weight
    return {span: weight / total for span, weight in share.items()}


def shares(scores, moves, lengths, wanted):
    """How sure spans are, by the lanes of sentences that follow each other."""
    lengths = np.array(lengths)
    lanes = lanes_of(np.cumsum(lengths) - lengths, lengths)
    place = np.argsort(lanes.rows)
    found = certainty_of(np.ascontiguousarray(scores[lanes.rows].T), lanes, moves)
    return found.of(tuple(np.array(column) for column in zip(*wanted, strict=True)), place).tolist()


def test_a_mention_is_as_sure_as_the_share_of_labellings_that_have_it():
    rng = np.random.default_rng(7)
    scores = rng.normal(size=(5, len(LABELS))).astype(np.float32)
    moves = rng.normal(size=(len(LABELS), len(LABELS))).astype(np.float32)
    for first, size in ((0, 3), (3, 2)):
        wanted = by_hand(scores[first : first + size], moves)
        moved = [(first + start, first + end, kind) for start, end, kind in wanted]
        assert shares(scores, moves, [3, 2], moved) == pytest.approx(list(wanted.values()), abs=1e-4)


def test_a_long_sentence_does_not_run_out_of_numbers():
    scores = np.zeros((5_000, len(LABELS)), dtype=np.float32)
    moves = np.zeros((len(LABELS), len(LABELS)), dtype=np.float32)
    found = shares(scores, moves, [5_000], [(0, 1, 0), (2_500, 2_503, 2), (4_999, 5_000, 4)])
    assert all(0 < each < 1 for each in found)


def test_the_highest_scores_against_the_rules_of_labels_do_not_run_out_of_numbers():
    scores = np.full((60, len(LABELS)), -127, dtype=np.float32)
    scores[:, LABELS.index("I-person")] = 127
    moves = np.zeros((len(LABELS), len(LABELS)), dtype=np.float32)
    (whole,) = shares(scores, moves, [60], [(0, 60, 0)])
    assert whole == pytest.approx(1)
