"""Texts that were told, each once however many tips tell it, in compact form."""

from __future__ import annotations

import msgspec
import numpy as np
from msgspec import Struct

from schemas.ids import hash64_of_bytes
from streams.copies.likeness import Read, read
from streams.postings import Postings
from streams.text.sketch import MINIMA, Sketch, bands_of

_encode, _decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(Sketch).decode


class Tip(Struct, frozen=True, order=True, gc=False):
    """A tip that lives, in the order of who told first; `rec` is its key, which the order never gets to."""

    reported: int
    name: str
    channel: str
    rec: int


class Texts:
    """Sketches by number, and the tips that tell each, the first first. A text without tips is not alive.

    Numbers only grow: a text that nobody tells any more keeps its own.
    """

    def __init__(self) -> None:
        self._sketches: list[bytes] = []
        self._known = Postings()
        self._minima = np.empty((1024, MINIMA), np.uint8)
        self.tips: list[list[Tip]] = []

    def find(self, sketch: Sketch) -> tuple[int, bool]:
        """The number of a text, and whether it is a new one."""
        encoded = _encode(sketch)
        key = hash64_of_bytes(encoded)
        for text in self._known.lookup([key])[key]:
            if self._sketches[text] == encoded:
                return text, False
        text = len(self._sketches)
        if text == len(self._minima):
            self._minima = np.concatenate((self._minima, np.empty_like(self._minima)))
        self._minima[text] = np.frombuffer(sketch.minima, np.uint8)
        self._sketches.append(encoded)
        self.tips.append([])
        self._known.add(key, text)
        return text, True

    def settle(self) -> None:
        """Between changes: puts the index in order."""
        self._known.settle()

    def first(self, text: int) -> Tip | None:
        """The tip that told it first; None when nobody does."""
        return self.tips[text][0] if self.tips[text] else None

    def alive(self, texts: list[int]) -> list[int]:
        """Those of the texts that somebody tells."""
        tips = self.tips
        return [text for text in texts if tips[text]]

    def earliest(self, texts: list[int]) -> int:
        """Of texts that are alive, the one that was told first."""
        return min(texts, key=lambda text: self.tips[text][0])

    def bands(self, text: int) -> list[int]:
        """The bands under which a text meets others, each once."""
        return list(dict.fromkeys(bands_of(_decode(self._sketches[text]))))

    def read(self, text: int) -> Read:
        """The text, opened for comparing."""
        return read(_decode(self._sketches[text]))

    def agreeing(self, text: int, others: set[int], least: int) -> list[int]:
        """Those of the others of which so many minima agree with the text's."""
        among = np.fromiter(others, np.int64, len(others))
        agree = np.count_nonzero(self._minima[among] == self._minima[text], axis=1)
        found: list[int] = among[agree >= least].tolist()
        return found
