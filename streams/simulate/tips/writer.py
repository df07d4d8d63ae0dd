"""Writes tips from the parts of a set of styles, with their truth. Seeded: the same again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import NamedTuple

from streams.simulate.people import Registry
from streams.simulate.tips.cast import Figure, cast
from streams.simulate.tips.gold import Mention, Relation, Status, WrittenTip
from streams.simulate.tips.noise import roughen, traditional
from streams.simulate.tips.parts import Frame, Phrase, Styles

_SLOT = re.compile(r"\{([^}]*)\}")
_GOODS = (
    ("冰毒", "克"), ("甲基苯丙胺", "克"), ("K粉", "克"), ("氯胺酮", "克"), ("海洛因", "克"), ("麻古", "颗"),
    ("摇头丸", "粒"), ("大麻", "克"), ("笑气", "瓶"), ("毒品", "克"),
)  # fmt: skip
_AS_THEY_ARE: dict[str, str] = {}
_OTHERS = {"A": "C", "B": "D", "C": "A", "D": "B"}
"""Who takes whose part in a second statement."""
_THINGS = {"g": "substance", "q": "quantity", "m": "money", "t": "time"}


class _Piece(NamedTuple):
    text: str
    type: str = ""
    key: str = ""
    named: bool = True


def write_tips(styles: Styles, count: int, seed: int = 1) -> Iterator[WrittenTip]:
    """`count` tips in the given styles; their people are made up.

    >>> from streams.simulate.tips.styles import STYLES
    >>> tips = list(write_tips(STYLES, 50, seed=1))
    >>> tips == list(write_tips(STYLES, 50, seed=1)), len({tip.text for tip in tips}) > 45
    (True, True)
    """
    rng = Random(f"tips {seed}")
    registry = Registry(rng, dotted=0.04)
    yield from islice(iter(lambda: _Writer(rng, registry, styles).write(), None), count)


class _Writer:
    """One tip: its cast, its goods, and the pieces written so far."""

    def __init__(self, rng: Random, registry: Registry, styles: Styles) -> None:
        self.rng, self.styles = rng, styles
        self.cast: dict[str, Figure] = cast(rng, registry, styles)
        self.pieces: list[_Piece] = []
        goods, unit = rng.choice(_GOODS)
        self.things = {
            "g": goods,
            "q": f"{rng.choice((1, 2, 3, 5, 10, 20, 50))}{unit}",
            "m": f"{rng.choice((200, 300, 500, 1500, 3000))}元",
            "t": rng.choice(styles.times),
            "p": rng.choice(styles.places),
        }

    def write(self) -> WrittenTip:
        """The tip: opening, one or two statements in their frames, perhaps a filler, closing."""
        rng, styles = self.rng, self.styles
        self._say(rng.choice(styles.openings))
        if rng.random() < 0.2:
            self._say(rng.choice(styles.fillers) + "。")
        relations = self._statement(_AS_THEY_ARE)
        if rng.random() < 0.3:
            relations += self._statement(_OTHERS)
        if rng.random() < 0.4:
            self._say(rng.choice(styles.fillers) + "。")
        if closing := rng.choice(styles.closings):
            self._say(closing + rng.choice(("。", "")))
        return self._finished(relations)

    def _statement(self, roles: dict[str, str]) -> list[Relation]:
        """Says one thing about the people in these roles; what is true of it."""
        phrase = self.rng.choice(self.styles.phrases)
        frame = _frame(self.rng, phrase, self.styles)
        begun = len(self.pieces)
        self._say(frame.before + phrase.text.replace("{adv}", frame.adverb) + frame.behind, roles)
        said = self.pieces[begun:]
        if not said[-1].text.endswith("？"):
            self._say(self.rng.choice(("。", "。", "。", "！")))
        status = phrase.status if phrase.sure else frame.status
        keys = {piece.key for piece in said}
        return [_relation(each, status, keys) for each in _said(phrase, roles)]

    def _say(self, template: str, roles: dict[str, str] = _AS_THEY_ARE) -> None:
        for number, part in enumerate(_SLOT.split(template)):
            if number % 2:
                self._fill(part, roles)
            elif part:
                self.pieces.append(_Piece(part))

    def _fill(self, slot: str, roles: dict[str, str]) -> None:
        who, _, how = slot.partition(":")
        who = roles.get(who, who)
        if slot in self.things:
            self.pieces.append(_Piece(self.things[slot], _THINGS.get(slot, "place"), slot))
        elif slot == "n":
            self.pieces.append(_Piece(self.cast["A"].phone, "phone", slot))
        elif how == "both":
            self.pieces.append(_Piece("二人", "person", slot, named=False))
        elif how:
            self.pieces.append(_Piece(self.cast[who].pronounced(how), "person", who, named=False))
        else:
            for text, is_name in self.cast[who].names():
                self.pieces.append(_Piece(text, "person", who) if is_name else _Piece(text))

    def _finished(self, relations: list[Relation]) -> WrittenTip:
        rough, old = self.rng.random() < 0.35, self.rng.random() < 0.08
        text, mentions = "", []
        for piece in self.pieces:
            words = piece.text
            if rough and not piece.type:
                words = roughen(self.rng, words, self.styles.emoji)
            if piece.type:
                start = len(text)
                mentions.append(Mention(piece.type, start, start + len(words), piece.key, piece.named))
            text += traditional(words) if old else words
        return WrittenTip(text, tuple(mentions), tuple(relations))


def _frame(rng: Random, phrase: Phrase, styles: Styles) -> Frame:
    """A frame that fits: with an adverb only where the phrase has room for one."""
    if phrase.sure:
        return Frame("asserted")
    room = "{adv}" in phrase.text
    fitting = [frame for frame in styles.frames if room or not frame.adverb]
    if not phrase.says:
        fitting = [frame for frame in fitting if frame.status == "asserted"]
    return rng.choice(fitting)


def _said(phrase: Phrase, roles: dict[str, str]) -> list[tuple[str, str, str]]:
    triples = []
    for each in filter(None, phrase.says.split("; ")):
        source, kind, target = each.split(" ")
        triples.append((roles.get(source, source), kind, roles.get(target, target)))
    return triples


def _relation(said: tuple[str, str, str], status: Status, keys: set[str]) -> Relation:
    source, kind, target = said
    substance, quantity, amount, time = (slot if slot in keys else None for slot in "gqmt")
    return Relation(kind, source, target, status, substance, quantity, amount, time)
