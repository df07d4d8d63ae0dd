"""Sketch: tips → tips with what is kept of their texts, by which copies are known.

Pure: a text always has the same sketch. Those of many are made at once, which takes a third of the time.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from schemas.records import Tip
from streams.stages.dedupe import Prepared
from streams.text.sketch import sketches


def sketch_texts(prepared: Sequence[Prepared]) -> list[Prepared]:
    """The messages, those of tips with the sketches of their texts; a text that says too little has none."""
    texts = {
        at: record.text
        for at, each in enumerate(prepared)
        if isinstance(record := each.accepted.record, Tip) and record.text
    }
    sketched = list(prepared)
    for at, sketch in zip(texts, sketches(list(texts.values())), strict=True):
        if sketch is not None:
            sketched[at] = structs.replace(sketched[at], sketch=sketch)
    return sketched
