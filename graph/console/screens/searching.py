"""Search: who fits what was typed, and by what of them it fits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from graph.console.screens.picture import Node, described
from graph.portraits import Sketch
from graph.seen import SeenReader
from schemas.identifiers import mask, names

Kind = Literal[
    "id",
    "record",
    "case",
    "place",
    "name",
    "alias",
    "homophone",
    "pinyin",
    "masked",
    "number",
    "part",
    "other",
]
_MOST_REASONS = 3


class Why(Struct, frozen=True):
    """By what something was found; `value` as it stands in the records."""

    kind: Kind
    value: str


class Hit(Struct, frozen=True):
    """One entity that was found."""

    node: Node
    why: tuple[Why, ...]


def search(reader: SeenReader, text: str, limit: int) -> list[Hit]:
    """Entities that fit the text, best first."""
    keys = reader.search(text, limit)
    typed = text.strip()
    told = set(reader.entities_in(typed)) if "/" in typed else set()
    found = described(reader, keys)
    hits = []
    for key in keys:
        if key in found:
            node, sketch = found[key]
            why = _why(typed, node, sketch if key > 0 else None, named=key in told)
            hits.append(Hit(node, tuple(why)[:_MOST_REASONS]))
    return hits


def _why(typed: str, node: Node, sketch: Sketch | None, *, named: bool) -> Iterator[Why]:
    """`named`: what was typed is a record that names it."""
    if typed == node.id:
        yield Why("id", node.id)
    elif "/" in typed and sketch is None:
        yield Why("record", typed)
    elif sketch is None:
        kind: Kind = {"case": "case", "place": "place"}.get(node.type, "number")  # type: ignore[assignment]
        yield Why(kind, node.label)
    else:
        by_record = [Why("record", typed)] if named else []
        found = [*by_record, *_by_number(typed, sketch), *_by_name(typed, sketch)]
        yield from found or [Why("other", node.label)]


def _by_number(typed: str, sketch: Sketch) -> Iterator[Why]:
    wanted = "".join(typed.split()).upper()
    if not any(letter.isdigit() for letter in wanted):
        return
    for _, number in sketch.identifiers:
        value = number.upper()
        if value == wanted:
            yield Why("number", number)
        elif mask.is_masked(value) or mask.is_masked(wanted):
            if mask.compatible(value, wanted):
                yield Why("masked", number)
        elif wanted in value:
            yield Why("part", number)


def _by_name(typed: str, sketch: Sketch) -> Iterator[Why]:
    wanted = names.key(typed)
    if not wanted:
        return
    for kind, name in (("name", sketch.label), *(("alias", each) for each in sketch.aliases)):
        key = names.key(name)
        if wanted in key:
            yield Why(kind, name)  # type: ignore[arg-type]
        elif names.is_masked(name) or names.is_masked(typed):
            if names.compatible(name, typed):
                yield Why("masked", name)
        elif sounds := _sounds(typed, name):
            yield Why(sounds, name)


def _sounds(typed: str, name: str) -> Literal["homophone", "pinyin"] | None:
    """Whether a name sounds like what was typed, or is spelt so (in full or by its initials)."""
    spoken = names.readings(name)
    if typed.isascii():
        plain = "".join(letter for letter in typed.lower() if letter.isalpha())
        spelt = {
            form for each in spoken for form in ("".join(each), "".join(syllable[0] for syllable in each))
        }
        return "pinyin" if plain and any(form.startswith(plain) for form in spelt) else None
    return "homophone" if set(names.readings(typed)) & set(spoken) else None
