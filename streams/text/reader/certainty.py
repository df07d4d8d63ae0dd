"""How sure each mention is: the forward-backward algorithm (Rabiner 1989), sentences side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from streams.text.reader.viterbi import LABELS, legal_moves, may_begin, may_end

if TYPE_CHECKING:
    from streams.text.reader.lanes import Lanes
    from streams.text.reader.symbols import Array
    from streams.text.reader.viterbi import Floats

_K = (len(LABELS) - 1) // 4
_B, _S, _I, _E = (1 + n * _K for n in range(4))
_NEVER = np.float32(-80)
"""No score counts as lower beside the best of its character: its power is still a number of four bytes,
whose powers take a third of the time."""
_OFTEN = 4
"""Steps after which weights are made smaller: they never leave the numbers of eight bytes within them."""
_Weights = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


class Certainty(NamedTuple):
    """What the labellings of many sentences weigh together: `ahead` up to a character, `behind` from it on.

    Each but for a factor; `own` is what a character adds to its labels, `moves` what these add to each other,
    `grown` the factor by which `ahead` was made smaller at a character. A row a label, a column a character
    in the order of the lanes.
    """

    own: _Weights
    moves: _Weights
    ahead: _Weights
    behind: _Weights
    grown: _Weights

    def of(self, spans: tuple[Array, Array, Array], place: Array) -> _Weights:
        """The shares of the labellings in which exactly these are mentions, 0 to 1.

        `spans` are rows as of `viterbi.spans`, `place` is where each row stands in the order of the lanes.
        """
        order = np.argsort(spans[0] - spans[1], kind="stable")
        start, end, kind = (each[order] for each in spans)
        last, label = end - 1, np.where(end - start == 1, _S, _B) + kind
        weight = self.ahead[label, place[start]]
        for step in range(1, int((end - start).max(initial=0))):
            some = slice(0, int(np.searchsorted(start - end, -step, side="left")))
            after = np.where(last[some] == start[some] + step, _E, _I) + kind[some]
            at = place[start[some] + step]
            weight[some] *= self.moves[label[some], after] * self.own[after, at] / self.grown[at]
            label[some] = after
        at = place[last]
        shares = np.empty_like(weight)
        shares[order] = weight * self.behind[label, at] / (self.ahead[:, at] * self.behind[:, at]).sum(axis=0)
        return shares


def certainty_of(scores: Floats, lanes: Lanes, moves: Floats) -> Certainty:
    """What is needed to say how sure mentions are; arguments as for `viterbi.decode`."""
    own = np.exp(np.maximum(scores - scores.max(axis=0), _NEVER)).astype(np.float64)
    legal = np.exp(legal_moves(moves).astype(np.float64))
    ahead, grown = _ahead(own, lanes, legal)
    return Certainty(own, legal, ahead, _behind(own, lanes, legal), grown)


def _ahead(own: _Weights, lanes: Lanes, moves: _Weights) -> tuple[_Weights, _Weights]:
    ahead, grown = own.copy(), np.ones(own.shape[1])
    ahead[:, : sum(lanes.bounds[1:2])] *= may_begin()[:, None]
    onward = np.ascontiguousarray(moves.T)
    for step, (here, before) in enumerate(lanes.steps()):
        now = onward @ ahead[:, before]
        now *= own[:, here]
        if step % _OFTEN == 0:
            grown[here] = total = now.sum(axis=0)
            now /= total
        ahead[:, here] = now
    return ahead, grown


def _behind(own: _Weights, lanes: Lanes, moves: _Weights) -> _Weights:
    behind = np.empty_like(own)
    behind[:, lanes.last] = may_end()[:, None]
    for step, (behind_it, here) in enumerate(reversed(list(lanes.steps()))):
        now = moves @ (behind[:, behind_it] * own[:, behind_it])
        if step % _OFTEN == 0:
            now /= now.sum(axis=0)
        behind[:, here] = now
    return behind
