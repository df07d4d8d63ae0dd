"""The statistical reader of Chinese drug-case text: mentions as spans, and relations between names.

`read` takes texts and gives what they say. It needs numpy only, fetches nothing, and takes any string in
time linear in its length. What it finds are claims of a text, neither evidence nor guilt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from streams.text.reader.mentions import Extraction, Mention, Reason, Relation
from streams.text.reader.model import ReaderWeights, shipped
from streams.text.reader.relations import Relater
from streams.text.reader.tagger import Tagger

__all__ = ["Extraction", "Mention", "Reader", "Reason", "Relation", "read"]

_TOGETHER = 64
"""Texts that are tagged side by side."""


class Reader:
    """Reads texts by given weights; without reasons it is faster."""

    def __init__(self, weights: ReaderWeights, *, reasons: bool = True) -> None:
        self._tagger = Tagger(weights.tagger)
        self._relater = Relater(weights.relations, reasons=reasons)

    def read(self, texts: Iterable[str]) -> Iterator[Extraction]:
        """What each text says, in their order; many texts are read faster together."""
        waiting = iter(texts)
        while batch := list(islice(waiting, _TOGETHER)):
            yield from self._batch(batch)

    def _batch(self, texts: Sequence[str]) -> Iterator[Extraction]:
        tagged = self._tagger.tag(texts)
        for mentions, relations in zip(tagged, self._relater.relate(texts, tagged), strict=True):
            yield Extraction(tuple(mentions), tuple(relations))


def read(texts: Iterable[str]) -> Iterator[Extraction]:
    """What each text says, by the model that comes with the package.

    >>> text = "被告人林某某将冰毒贩卖给吸毒人员王某甲。"
    >>> (found,) = read([text])
    >>> [(text[m.start : m.end], m.kind) for m in found.mentions]
    [('林某某', 'person'), ('冰毒', 'substance'), ('王某甲', 'person')]
    """
    return Reader(shipped()).read(texts)
