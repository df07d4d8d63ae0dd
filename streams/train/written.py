"""Reads the made tips that the reader of tips learns from, and made ones of the same layout.

One JSON object a line: `text` with marks `{A|王强}` (a letter for each person; `s` a drug, `p` a place, `v` a
venue, `o` an organisation), and `say` with lines `A sold_to B | hearsay` of what it tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from schemas.errors import InputError
from streams.simulate.tips import gold
from streams.simulate.tips.styles import STYLES
from streams.simulate.tips.writer import write_tips
from streams.text.reader.mentions import Mention, MentionKind
from streams.text.tips.judge import OF_DRUGS, OF_PEOPLE, STATUSES

_MARK = re.compile(r"\{([A-Zspvo])\|([^{}|]+)\}")
_KIND_OF: dict[str, MentionKind] = {"s": "substance", "p": "place", "v": "venue", "o": "organisation"}
_KINDS: dict[str, MentionKind] = {"person": "person", "substance": "substance"}
PLAIN = 1_500
_STATUS_OF = {"other": "supposed"}


class Said(NamedTuple):
    """One thing that a text says: a person's letter, the deed, another's letter or a drug, how surely."""

    one: str
    kind: str
    other: str
    status: str


class WrittenTip(Struct, frozen=True):
    """A text, its mentions in order of place with the letter of each person, and what it says."""

    text: str
    mentions: tuple[Mention, ...]
    letters: tuple[str, ...]
    says: tuple[Said, ...]


def made_tips() -> Iterator[WrittenTip]:
    """All tips that come with the package, file by file in the order of their names."""
    folder = resources.files("streams.train").joinpath("tips")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".jsonl"):
            for line in file.read_bytes().splitlines():
                yield read_written(line)


def read_tips(path: Path) -> list[WrittenTip]:
    """The tips of a file. Raises `InputError` for another layout, OSError for a file not to be read."""
    return [read_written(line) for line in path.read_bytes().splitlines() if line.strip()]


def read_written(line: bytes) -> WrittenTip:
    """The tip of a line. Raises `InputError` that says what is wrong."""
    try:
        row: dict[str, Any] = msgspec.json.decode(line, type=dict[str, Any])
        text, mentions, letters = _unmarked(row["text"])
        says = tuple(_said(each) for each in row["say"])
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as fault:
        raise InputError(f"a line holds no marked tip: {type(fault).__name__}") from None
    return WrittenTip(text, mentions, letters, says)


def _unmarked(marked: str) -> tuple[str, tuple[Mention, ...], tuple[str, ...]]:
    parts: list[str] = []
    mentions: list[Mention] = []
    letters: list[str] = []
    at = size = 0
    for mark in _MARK.finditer(marked):
        parts += (marked[at : mark.start()], mark[2])
        start = size + mark.start() - at
        size, at = start + len(mark[2]), mark.end()
        mentions.append(Mention(start=start, end=size, kind=_KIND_OF.get(mark[1], "person")))
        letters.append(mark[1])
    return "".join((*parts, marked[at:])), tuple(mentions), tuple(letters)


def _said(line: str) -> Said:
    what, _, status = line.partition(" | ")
    one, kind, other = what.split(" ", 2)
    status = _STATUS_OF.get(status, status or "asserted")
    if kind not in (*OF_PEOPLE, *OF_DRUGS) or status not in STATUSES:
        raise ValueError(kind)
    return Said(one, kind, other, status)


def plain_tips(count: int = PLAIN, seed: int = 5) -> list[WrittenTip]:
    """Tips that the simulator writes in the styles that readers may know, one of each text."""
    made = (_of_simulator(each) for each in write_tips(STYLES, count, seed=seed))
    return list({each.text: each for each in made}.values())


def _of_simulator(tip: gold.WrittenTip) -> WrittenTip:
    named = [each for each in tip.mentions if each.type in ("person", "substance") and each.named]
    drug = next((tip.text[each.start : each.end] for each in named if each.type == "substance"), "")
    says = (
        Said(each.source, each.kind, drug if each.kind in OF_DRUGS else each.target, each.status)
        for each in tip.relations
    )
    return WrittenTip(
        tip.text,
        tuple(Mention(start=each.start, end=each.end, kind=_KINDS[each.type]) for each in named),
        tuple(each.key if each.type == "person" else "s" for each in named),
        tuple(each for each in says if each.other),
    )
