"""How well the statistical reader reads annotated text, by cross-validation, and how fast.

The annotated file is read from where it lies and never kept. Quality is of models learned here, which
needs the packages of the group `train`; speed is of the model that comes with the package.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from streams.bench.worlds import Tell, quiet
from streams.text.reader import Reader
from streams.text.reader.model import load_shipped
from streams.train.annotated import Annotated, read_annotated
from streams.train.extraction import figures, relate_across, tag_across

_CHARACTERS, _TEXTS = 500, 400


def run(path: str | Path, *, tell: Tell = quiet) -> dict[str, Any]:
    """Precision, recall and F1 of each kind of mention and relation, texts read a second, and the time
    that loading the model takes.

    Raises `InputError` when the file is not of the expected layout, `OSError` when it cannot be read.
    """
    texts = read_annotated(path)
    found = tag_across(texts, tell)
    told = relate_across(texts, found, tell)
    return {**figures(texts, found, told), **speed(texts)}


def speed(texts: Sequence[Annotated]) -> dict[str, float]:
    """Texts a second of one core's work, each of 500 characters of the annotated ones, without reasons; what
    else the machine does is not counted."""
    started = time.perf_counter()
    reader = Reader(load_shipped(), reasons=False)
    loaded = time.perf_counter()
    long = [text[at : at + _CHARACTERS] for text in _joined(texts) for at in range(0, len(text), _CHARACTERS)]
    long = [text for text in long if len(text) == _CHARACTERS][:_TEXTS]
    list(reader.read(long[:20]))
    begun = time.process_time()
    read = sum(1 for _ in reader.read(long))
    seconds = time.process_time() - begun
    return {
        "load_seconds": round(loaded - started, 3),
        "characters": _CHARACTERS,
        "texts_a_second": round(read / seconds) if read else 0,
    }


def _joined(texts: Sequence[Annotated]) -> list[str]:
    return ["".join(each.text for each in texts[at : at + 50]) for at in range(0, len(texts), 50)]
