"""Texts that people annotated, in the layout of the CAIL 2022 extraction task, and folds of them.

One JSON object a line: `sentText`, `entityMentions` (`start`, `end`, `label`) and `relationMentions`
(`em1Text`, `em2Text`, `label`). The file is read from where it lies and never kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from schemas.errors import InputError
from schemas.ids import hash64
from streams.text.reader.mentions import Mention, MentionKind, RelationKind

_KIND_OF: dict[str, MentionKind] = {
    "Nh": "person", "NDR": "substance", "NW": "quantity", "NT": "time", "Ns": "place",
}  # fmt: skip
_RELATION_OF: dict[str, RelationKind] = {
    "sell_drugs_to": "sold_to", "traffic_in": "trafficked",
    "posess": "possessed", "provide_shelter_for": "sheltered",
}  # fmt: skip

Triplet = tuple[str, RelationKind, str]


class Annotated(Struct, frozen=True):
    """A text, its mentions in order of place, and its relations as (subject, relation, object)."""

    text: str
    mentions: tuple[Mention, ...]
    triplets: frozenset[Triplet]


def read_annotated(path: str | Path) -> list[Annotated]:
    """All texts of a file. Raises `InputError` for another layout, OSError for a file not to be read."""
    try:
        with Path(path).open("rb") as lines:
            return [_annotated(msgspec.json.decode(line)) for line in lines if line.strip()]
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        raise InputError(f"{path} holds no annotated text: one JSON object a line is wanted") from None


def _annotated(row: dict[str, Any]) -> Annotated:
    mentions = sorted(
        (m["start"], m["end"], _KIND_OF[m["label"]]) for m in row["entityMentions"] if m["label"] in _KIND_OF
    )
    return Annotated(
        text=row["sentText"],
        mentions=tuple(Mention(start=start, end=end, kind=kind) for start, end, kind in mentions),
        triplets=frozenset(
            (r["em1Text"], _RELATION_OF[r["label"]], r["em2Text"])
            for r in row["relationMentions"]
            if r["label"] in _RELATION_OF
        ),
    )


def folds(texts: Sequence[Annotated], number: int) -> Iterator[tuple[list[Annotated], list[Annotated]]]:
    """For each fold what to learn from and what to judge by; equal texts are in one fold."""
    fold_of = [hash64("fold", each.text) % number for each in texts]
    for fold in range(number):
        yield (
            [each for each, of in zip(texts, fold_of, strict=True) if of != fold],
            [each for each, of in zip(texts, fold_of, strict=True) if of == fold],
        )


def apart(mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions of which none overlaps another: the first and longest stay."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept
