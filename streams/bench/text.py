"""How much of annotated text the rules find, and how fast (`suyuan bench text`).

The annotated file is read from where it lies and never kept: one JSON object a line with
`sentText` and `entityMentions` (`start`, `end`, `label`), the layout of the CAIL 2022 extraction
task. Figures hold no text.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from schemas.errors import InputError
from streams.bench.worlds import Tell, quiet
from streams.text.redaction import redact
from streams.text.spans import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.text.findings import TextReading

LABELS = {"NDR": "substance", "NW": "quantity", "NT": "time"}
"""Labels of the annotated file that the rules answer to; times only in part (当日 without a day)."""
_CODED = "substance with a code"


class Coverage(Struct, frozen=True):
    """Of `annotated` spans of a label, `touched` overlap a finding and `exact` equal one."""

    annotated: int
    touched: int
    exact: int

    @property
    def share(self) -> float:
        """The share that was found, 0 to 1; 1 when nothing was annotated."""
        return self.touched / self.annotated if self.annotated else 1.0


def run(path: str | Path, *, tell: Tell = quiet) -> dict[str, Any]:
    """By label the annotated spans and the shares found and found exactly, and the speed.

    Raises `InputError` when the file is not of the expected layout, `OSError` when it cannot be read.
    """
    tell("reading", 0, 2)
    try:
        found = coverage(path)
    except (msgspec.DecodeError, KeyError, TypeError):
        raise InputError(f"{path} holds no annotated text: one JSON object a line is wanted") from None
    tell("timing", 1, 2)
    shares = {
        label: {
            "annotated": each.annotated,
            "found": round(each.share, 4),
            "exact": round(each.exact / each.annotated, 4) if each.annotated else 1.0,
        }
        for label, each in sorted(found.items())
    }
    return {**shares, **speed(path)}


def coverage(path: str | Path) -> dict[str, Coverage]:
    """How many annotated substances, quantities and times of a file the reader finds.

    Raises OSError when the file cannot be read and msgspec.DecodeError when a line is no JSON.
    """
    annotated: Counter[str] = Counter()
    touched: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    for text, mentions in _annotated(path):
        places = _places(read_text(text))
        for start, end, label in mentions:
            for kind in (LABELS[label], _CODED) if label == "NDR" else (LABELS[label],):
                annotated[kind] += 1
                touched[kind] += any(left < end and start < right for left, right in places[kind])
                exact[kind] += (start, end) in places[kind]
    return {kind: Coverage(annotated[kind], touched[kind], exact[kind]) for kind in annotated}


def speed(path: str | Path) -> dict[str, float]:
    """Texts a second that one core reads and redacts, over the texts of a file, warmed up."""
    texts = [text for text, _ in _annotated(path)]
    reporter = ["林某水", "13800001234", "海口市龙华区大同路3号"]
    for text in texts[:50]:
        read_text(text), redact(text, reporter)
    started = time.perf_counter()
    for text in texts:
        read_text(text)
    middle = time.perf_counter()
    for text in texts:
        redact(text, reporter)
    ended = time.perf_counter()
    characters = sum(map(len, texts)) / max(1, len(texts))
    return {
        "texts": len(texts),
        "characters": round(characters, 1),
        "read_per_second": round(len(texts) / (middle - started)),
        "redact_per_second": round(len(texts) / (ended - middle)),
    }


def _annotated(path: str | Path) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    with Path(path).open("rb") as lines:
        for line in lines:
            row: dict[str, Any] = msgspec.json.decode(line)
            yield (
                row["sentText"],
                [(m["start"], m["end"], m["label"]) for m in row["entityMentions"] if m["label"] in LABELS],
            )


def _places(reading: TextReading) -> dict[str, set[tuple[int, int]]]:
    return {
        "substance": {item.span for item in reading.substances},
        _CODED: {item.span for item in reading.substances if item.code is not None},
        "quantity": {item.span for item in reading.quantities},
        "time": {item.span for item in reading.times},
    }
