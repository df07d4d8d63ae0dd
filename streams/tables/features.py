"""What is compared of a row: features, each made of the columns that say something of it, and its value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct

from schemas.identifiers.shapes import variant_key
from schemas.ids import hash64
from schemas.reference.surnames import split
from streams.tables import words
from streams.tables.comparisons import COMPARISONS, Comparison
from streams.tables.fields import FieldKind, Fields

Row = Mapping[str, str]

_BETWEEN_NUMBERS = re.compile(r"[;,/|、]")

_ALONE: tuple[tuple[FieldKind, str], ...] = (
    ("identifier", "identifier"),
    ("email", "email"),
    ("postcode", "postcode"),
    ("suburb", "category"),
    ("city", "category"),
    ("place", "category"),
    ("region", "category"),
    ("occupation", "category"),
    ("gender", "flag"),
    ("organisation", "text"),
    ("text", "text"),
)
"""Kinds of which every column is a feature of its own, with how it is compared."""

GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "jr", "iii": "3", "iv": "4"}
"""Words of a name that tell father from son."""


class Feature(Struct, frozen=True):
    """What is compared: `kind` is one of `COMPARISONS`; `field` is the kind of the columns it is made of, and
    `name` the column where it is made of one."""

    name: str
    kind: str
    field: str

    @property
    def comparison(self) -> Comparison:
        """How its values are compared."""
        return COMPARISONS[self.kind]


class Column(Struct, frozen=True):
    """The distinct values of a feature, and which of them each profile has (-1: none)."""

    feature: Feature
    values: Sequence[str]
    of: np.ndarray

    def text(self, profile: int) -> str:
        """The value of a profile, empty when it has none."""
        at = int(self.of[profile])
        return self.values[at] if at >= 0 else ""


class Table(Struct, frozen=True):
    """Profiles by number: their columns, of how many rows each is, and hashes of its unit (`unit_of`) and of
    its name, which is its own where it has none."""

    columns: tuple[Column, ...]
    copies: np.ndarray
    units: np.ndarray
    names: np.ndarray

    def __len__(self) -> int:
        return len(self.copies)

    def only(self, profiles: np.ndarray) -> Table:
        """The table of these profiles, in this order."""
        columns = (Column(each.feature, each.values, each.of[profiles]) for each in self.columns)
        return Table(tuple(columns), self.copies[profiles], self.units[profiles], self.names[profiles])

    def at(self, field: str) -> int:
        """Which column the first feature of this kind of field is. Raises ValueError when there is none."""
        return [each.feature.field for each in self.columns].index(field)

    def of(self, *fields: str) -> list[Column]:
        """The columns of features that are made of these kinds of fields."""
        return [each for each in self.columns if each.feature.field in fields]


def features_of(fields: Fields) -> tuple[Feature, ...]:
    """The features that these fields make.

    >>> [each.name for each in features_of(Fields({"first": "given_name", "born": "date", "tel": "phone"}))]
    ['given', 'family', 'generation', 'date', 'phone']
    """
    found = []
    if fields.of("name", "given_name", "family_name"):
        found += [
            Feature("given", "name", "given_name"),
            Feature("family", "name", "family_name"),
            Feature("generation", "generation", "generation"),
        ]
    if fields.of("date", "year", "month", "day"):
        found.append(Feature("date", "date", "date"))
    found += [Feature(column, kind, field) for field, kind in _ALONE for column in fields.of(field)]
    if fields.of("house_number", "street", "address"):
        found.append(Feature("address", "text", "address"))
    if fields.of("phone"):
        found.append(Feature("phone", "phones", "phone"))
    return tuple(found)


def values_of(row: Row, fields: Fields, features: Iterable[Feature]) -> Iterator[str]:
    """The value of each feature in a row, in their order; empty where it has none."""
    given, family, generation = _name(row, fields)
    whole = {
        "given_name": given,
        "family_name": family,
        "generation": generation,
        "date": _date(row, fields),
        "address": " ".join(_words(row, fields, "house_number", "street", "address")),
        "phone": " ".join(sorted(set(_phones(row, fields)))),
    }
    for feature in features:
        if feature.field in whole:
            yield whole[feature.field]
        elif feature.field == "email":
            yield words.email(row[feature.name])
        elif feature.field == "identifier":
            yield "".join(words.words(row[feature.name]))
        elif feature.field == "text":  # the order of its words says little
            yield " ".join(sorted(words.words(row[feature.name])))
        else:
            yield words.code(row[feature.name])


def _texts(row: Row, fields: Fields, *kinds: FieldKind) -> list[str]:
    return [row[column] for column in fields.of(*kinds)]


def _words(row: Row, fields: Fields, *kinds: FieldKind) -> list[str]:
    return [word for text in _texts(row, fields, *kinds) for word in words.words(text)]


def _name(row: Row, fields: Fields) -> tuple[str, str, str]:
    """Given name, family name and generation (`jr`, `sr`, `2`) of the first name that stands in the row."""
    given, family = _words(row, fields, "given_name"), _words(row, fields, "family_name")
    for text in _texts(row, fields, "name"):
        if given or family:
            break
        given, family = _parted(text)
    given, family = [_folded(word) for word in given], [_folded(word, _GIVEN) for word in family]
    given, elder = _without_generation(given)
    family, later = _without_generation(family)
    return " ".join(given), " ".join(family), later or elder


_GIVEN = "一"


def _folded(word: str, given: str = "") -> str:
    """A Chinese word of a name in its simplified and standard form, for comparing only; of a surname, which
    has forms of its own, with some given name beside it."""
    return variant_key(word + given).removesuffix(given) if words.is_han(word) else word


def _without_generation(names: list[str]) -> tuple[list[str], str]:
    """A name, and what its last word says of the generation; a name that is nothing else is left as it is."""
    if len(names) > 1 and names[-1] in GENERATIONS:
        return names[:-1], GENERATIONS[names[-1]]
    return names, ""


def _parted(text: str) -> tuple[list[str], list[str]]:
    """Given and family name of a whole one.

    The family's is the last word, or stands before a comma, or is the surname of a Chinese name. What says
    the generation goes with the family name.
    """
    before, _, after = text.partition(",")
    whole, rest = [*words.words(before)], [*words.words(after)]
    if any(word not in GENERATIONS for word in rest):
        return rest, whole
    if len(whole) == 1 and words.is_han(whole[0]):
        surname, own = split(_folded(whole[0]))
        return [own], [surname]
    whole += rest
    ends = len(whole) - 1 if len(whole) > 1 and whole[-1] in GENERATIONS else len(whole)
    return whole[: max(ends - 1, 0)], whole[max(ends - 1, 0) :]


def _date(row: Row, fields: Fields) -> str:
    for text in _texts(row, fields, "date"):
        if found := words.date(text):
            return found
    parts = ([*_texts(row, fields, kind), ""][0] for kind in _DATE_PARTS)
    return words.date_of_parts(*parts)


_DATE_PARTS: tuple[FieldKind, ...] = ("year", "month", "day")


def _phones(row: Row, fields: Fields) -> Iterator[str]:
    """The digits of every number; a cell may hold several."""
    for text in _texts(row, fields, "phone"):
        for number in _BETWEEN_NUMBERS.split(unicodedata.normalize("NFKC", text)):
            if digits := "".join(char for char in number if char.isdecimal()):
                yield digits


STRONG = ("identifier", "email", "phone")
"""Kinds of fields whose values few share."""
NO_UNIT = 0
_NAME = ("given_name", "family_name", "generation")


def unit_of(values: Sequence[str], features: Sequence[Feature]) -> int:
    """Profiles that agree on a number of their own, on the name and on the date are one unit, which this
    names; `NO_UNIT` for those without number or name."""
    numbers = [
        (STRONG.index(feature.field), feature.name, value)
        for feature, value in zip(features, values, strict=True)
        if feature.field in STRONG and value
    ]
    if not numbers or not any(_of(values, features, *_NAME)):
        return NO_UNIT
    _, name, number = min(numbers)
    return hash64(name, number, *_of(values, features, *_NAME, "date"))


def name_of(values: Sequence[str], features: Sequence[Feature]) -> int:
    """A hash of the name, or of everything where there is none: nobody is called the same."""
    name = _of(values, features, *_NAME)
    return hash64(*(name if any(name) else values))


def _of(values: Iterable[str], features: Iterable[Feature], *fields: str) -> list[str]:
    return [value for feature, value in zip(features, values, strict=True) if feature.field in fields]
