"""How sure each mention is: the forward-backward algorithm (Rabiner 1989), sentences side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from streams.text.reader.viterbi import LABELS, alive, legal_moves, may_begin, may_end

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.text.reader.symbols import Array
    from streams.text.reader.viterbi import Floats

_K = (len(LABELS) - 1) // 4
_B, _S, _I, _E = (1 + n * _K for n in range(4))
_Weights = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


class Certainty(NamedTuple):
    """What the labellings of many sentences weigh together: `ahead` up to a character, `behind` from it on.

    Each but for a factor; `own` is what a character adds to its labels, `moves` what these add to each other,
    `grown` the factor by which `ahead` was made smaller at a character, and `whole` what both weigh there.
    """

    own: _Weights
    moves: _Weights
    ahead: _Weights
    behind: _Weights
    grown: _Weights
    whole: _Weights

    def of(self, start: int, end: int, kind: int) -> float:
        """The share of the labellings in which exactly this is a mention of the kind, 0 to 1.

        `start` and `end` are rows of the scores, in one sentence.
        """
        label = (_S if end - start == 1 else _B) + kind
        weight = float(self.ahead[start, label])
        for at in range(start + 1, end):
            after = (_E if at == end - 1 else _I) + kind
            weight *= float(self.moves[label, after]) * float(self.own[at, after]) / float(self.grown[at])
            label = after
        return weight * float(self.behind[end - 1, label]) / float(self.whole[end - 1])


def certainty_of(scores: Floats, starts: Array, lengths: Array, moves: Floats) -> Certainty:
    """What is needed to say how sure mentions are; arguments as for `viterbi.decode`."""
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    own = np.exp((scores - scores.max(axis=1, keepdims=True)).astype(np.float64))
    legal = np.exp(legal_moves(moves).astype(np.float64))
    ahead, grown = _ahead(own, starts, lengths, legal)
    behind = _behind(own, starts, lengths, legal)
    return Certainty(own, legal, ahead, behind, grown, (ahead * behind).sum(axis=1))


def _ahead(own: _Weights, starts: Array, lengths: Array, moves: _Weights) -> tuple[_Weights, _Weights]:
    ahead, grown = np.zeros_like(own), np.ones(len(own))
    now = _shares(own[starts] * may_begin())
    ahead[starts] = now
    for step, count in alive(lengths):
        here = starts[:count] + step
        now = (now[:count] @ moves) * own[here]
        grown[here] = total = now.sum(axis=1)
        now = ahead[here] = now / total[:, None]
    return ahead, grown


def _behind(own: _Weights, starts: Array, lengths: Array, moves: _Weights) -> _Weights:
    behind = np.zeros_like(own)
    last = starts + lengths - 1
    now = np.tile(_shares(may_end()[None, :].astype(np.float64)), (len(last), 1))
    behind[last] = now
    for step, count in alive(lengths):
        here = last[:count] - step
        now = behind[here] = _shares((now[:count] * own[here + 1]) @ moves.T)
    return behind


def _shares(weights: _Weights) -> _Weights:
    """The same weights with the sum 1, so that they stay numbers over any length."""
    shares: _Weights = weights / weights.sum(axis=1, keepdims=True)
    return shares


def certain(certainty: Certainty, spans: Iterable[tuple[int, int, int]], first: int) -> list[float]:
    """How sure the spans of the sentence are that begins at the row `first`."""
    return [round(certainty.of(first + start, first + end, kind), 4) for start, end, kind in spans]
