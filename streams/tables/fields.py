"""Which column of a table means what: the file `FIELDS.toml`.

id_column = "record_id"      # which is the default

[fields]
first_name = "given_name"
dob = "date"
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from schemas.errors import UsageError

FieldKind = Literal[
    "name", "given_name", "family_name", "date", "year", "month", "day", "identifier", "phone", "email",
    "address", "street", "house_number", "suburb", "city", "region", "postcode", "place", "organisation",
    "gender", "occupation", "text",
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(FieldKind)
_TELLING: tuple[FieldKind, ...] = (
    "name", "given_name", "family_name", "date", "day", "identifier", "phone", "email", "address", "street",
    "postcode", "organisation", "text",
)  # fmt: skip
"""Without one of these no two rows are ever compared: everybody has a gender and lives in a town."""


class Fields(Struct, frozen=True, forbid_unknown_fields=True):
    """Kinds by column, in the order of the file; columns that are not named are ignored."""

    fields: dict[str, FieldKind]
    id_column: str = "record_id"

    def of(self, *kinds: FieldKind) -> list[str]:
        """The columns of these kinds, in the order of the kinds."""
        return [column for kind in kinds for column, its in self.fields.items() if its == kind]


def read_fields(path: Path) -> Fields:
    """Reads the file. Raises `UsageError` that says what is wrong with it."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}") from error
    for column, kind in _entries(document):
        if kind not in KINDS:
            raise UsageError(f"{path}: {column} = {kind!r} is no kind; there are {', '.join(KINDS)}")
    try:
        fields = msgspec.convert(document, Fields)
    except msgspec.ValidationError as error:
        raise UsageError(f"{path}: {error}; it has a table [fields], and id_column if you like") from error
    if not fields.fields:
        raise UsageError(f"{path}: [fields] is empty: say for at least one column what it means")
    if not fields.of(*_TELLING):
        raise UsageError(
            f"{path}: {', '.join(sorted(set(fields.fields.values())))} alone cannot tell who is one: "
            f"say which column is {', '.join(_TELLING[:-1])} or {_TELLING[-1]}"
        )
    if fields.id_column in fields.fields:
        raise UsageError(f"{path}: {fields.id_column} is the id column, so it can say nothing else")
    return fields


def _entries(document: dict[str, object]) -> list[tuple[str, object]]:
    fields = document.get("fields")
    return list(fields.items()) if isinstance(fields, dict) else []
