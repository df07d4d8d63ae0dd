"""Texts that were told, each once however many tips tell it, in compact form."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
from msgspec import Struct

from schemas.ids import hash64_of_bytes
from streams.copies.likeness import Read, pack, read
from streams.postings import Postings
from streams.text.sketch import BANDS, MINIMA, Sketch

_KEPT_OPEN = 1_000
"""Texts, some ten kilobytes each; many that come one after the other are compared with the same ones."""

_encode = msgspec.msgpack.Encoder().encode


class Tip(Struct, frozen=True, order=True, gc=False):
    """A tip that lives, in the order of who told first; `rec` is its key, which the order never gets to.

    `channel` is empty where nobody says over which it came: such tips may have come over several.
    """

    reported: int
    name: str
    channel: str
    rec: int


class Texts:
    """Sketches by number, and the tips that tell each, the first first. A text without tips is not alive.

    Numbers only grow: a text that nobody tells any more keeps its own.
    """

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._known = Postings()
        self._minima = np.empty((1024, MINIMA), np.uint8)
        self._bands = np.empty((1024, BANDS), np.int64)
        self._alive = np.zeros(1024, bool)
        self._opened: dict[int, Read] = {}
        self.tips: list[list[Tip]] = []

    def find(self, sketches: Sequence[Sketch]) -> tuple[list[int], list[int]]:
        """The number of each text, and the numbers of those that are new."""
        keys = [hash64_of_bytes(_encode(sketch)) for sketch in sketches]
        held = self._known.lookup(keys)
        found: list[int] = []
        begin = len(self._packed)
        for key, sketch in zip(keys, sketches, strict=True):
            packed = pack(sketch)
            same = (text for text in held[key] if self._is(text, packed, sketch.bands))
            text = next(same, len(self._packed))
            if text == len(self._packed):
                self._put(text, packed, sketch)
                self._known.add(key, text)
                held[key].append(text)
            found.append(text)
        return found, list(range(begin, len(self._packed)))

    def _is(self, text: int, packed: bytes, bands: bytes) -> bool:
        return self._packed[text] == packed and self._bands[text].tobytes() == bands

    def _put(self, text: int, packed: bytes, sketch: Sketch) -> None:
        if text == len(self._minima):
            self._minima = np.concatenate((self._minima, np.empty_like(self._minima)))
            self._bands = np.concatenate((self._bands, np.empty_like(self._bands)))
            self._alive = np.concatenate((self._alive, np.zeros_like(self._alive)))
        self._minima[text] = np.frombuffer(sketch.minima, np.uint8)
        self._bands[text] = np.frombuffer(sketch.bands, np.int64)
        self._packed.append(packed)
        self.tips.append([])

    def settle(self) -> None:
        """Between changes: puts the index in order, and keeps few texts open."""
        self._known.settle()
        if len(self._opened) > _KEPT_OPEN:
            self._opened.clear()

    def tell(self, text: int, tip: Tip) -> None:
        """A tip tells this."""
        insort(self.tips[text], tip)
        self._alive[text] = True

    def fall_silent(self, text: int, rec: int) -> None:
        """A tip tells it no longer."""
        tips = self.tips[text]
        del tips[next(at for at, tip in enumerate(tips) if tip.rec == rec)]
        self._alive[text] = bool(tips)

    def first(self, text: int) -> Tip | None:
        """The tip that told it first; None when nobody does."""
        return self.tips[text][0] if self.tips[text] else None

    def alive(self, texts: Iterable[int]) -> list[int]:
        """Those of the texts that somebody tells."""
        tips = self.tips
        return [text for text in texts if tips[text]]

    def earliest(self, texts: Iterable[int]) -> int:
        """Of texts that are alive, the one that was told first."""
        return min(texts, key=lambda text: self.tips[text][0])

    def is_earlier(self, texts: Iterable[int], than: int) -> bool:
        """Whether one of the texts, all alive, was told before another."""
        first = self.tips[than][0]
        return any(self.tips[text][0] < first for text in texts)

    def bands(self, texts: Sequence[int]) -> np.ndarray:
        """The bands under which texts meet others: a row for each."""
        found: np.ndarray = self._bands[np.array(texts, np.int64)]
        return found

    def read(self, text: int) -> Read:
        """The text, opened for comparing."""
        opened = self._opened.get(text)
        if opened is None:
            opened = self._opened[text] = read(self._packed[text])
        return opened

    def agreeing(self, pairs: np.ndarray, least: int) -> set[tuple[int, int]]:
        """Those of some pairs of different texts (a row for each) which both are alive, and of whose minima
        so many agree: the smaller number first.
        """
        one, other = np.sort(pairs, axis=1).T
        both = (one != other) & self._alive[one] & self._alive[other]
        one, other = one[both], other[both]
        agree = np.count_nonzero(self._minima[one] == self._minima[other], axis=1) >= least
        return set(zip(one[agree].tolist(), other[agree].tolist(), strict=True))
