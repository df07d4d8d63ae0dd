"""The parts a tip is put together from: phrases with slots, frames that say how sure, fillers.

A phrase's slots: `{A}` names a person (the second time as people do, shorter), `{A:he}` 他 or 她,
`{A:this}` 该人, `{A:qi}` 其, `{AB:both}` 二人; `{g}` goods, `{q}` how much, `{m}` money, `{t}` when,
`{p}` where, `{adv}` where an adverb of a frame may stand.
"""

from __future__ import annotations

from typing import NamedTuple

from streams.simulate.tips.gold import Status


class Phrase(NamedTuple):
    """One or more clauses and what they say: `A sold_to B; A trafficked g`.

    `sure` forbids frames: the phrase says by itself how sure it is, as `status`.
    """

    text: str
    says: str
    status: Status = "asserted"
    sure: bool = False


class Frame(NamedTuple):
    """How sure a whole statement is: words before, an adverb inside, words behind."""

    status: Status
    before: str = ""
    adverb: str = ""
    behind: str = ""


class Styles(NamedTuple):
    """All phrasings of one set."""

    openings: tuple[str, ...]
    phrases: tuple[Phrase, ...]
    frames: tuple[Frame, ...]
    fillers: tuple[str, ...]
    closings: tuple[str, ...]
    times: tuple[str, ...]
    places: tuple[str, ...]
    nicknames: tuple[str, ...]
    aliases: tuple[str, ...]
    emoji: tuple[str, ...]
