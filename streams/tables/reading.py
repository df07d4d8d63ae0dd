"""The rows of a table: CSV with a head line, in UTF-8, as it is or gzipped.

What is wrong with a file is said with its line and never with what stands there: that may be somebody's name.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import TextIO

from schemas.errors import InputError, UsageError
from streams.tables.features import Row
from streams.tables.fields import Fields

_GZIP = b"\x1f\x8b"


def read_rows(path: Path, fields: Fields) -> Iterator[tuple[str, Row]]:
    """Each row by its id, with the columns that the fields name.

    Raises `UsageError` when a named column is not there, `InputError` for a file that is no such table.
    """
    try:
        with path.open("rb") as packed, _text(packed) as file:
            yield from _rows(path, csv.reader(file, strict=True), fields)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is not UTF-8 throughout: convert it first (iconv -f GB18030 -t UTF-8, if it is Chinese)"
        ) from error
    except (EOFError, zlib.error) as error:
        raise InputError(f"{path} ends in the middle of its gzip stream, or is damaged") from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or 'is no whole gzip file'}") from error


def _text(file: BufferedReader) -> TextIO:
    """The text of a file that was opened once: a pipe has no second time."""
    packed = file.peek(len(_GZIP)).startswith(_GZIP)
    return TextIOWrapper(gzip.open(file) if packed else file, encoding="utf-8-sig", newline="")


def _rows(path: Path, lines: Iterator[list[str]], fields: Fields) -> Iterator[tuple[str, Row]]:
    numbered = _numbered(path, lines)
    _, head = next(numbered, (0, []))
    if not head:
        raise InputError(f"{path} is empty: its first line names the columns")
    at = _places(path, head, fields)
    own = at.pop(fields.id_column)
    seen: set[str] = set()
    for number, cells in numbered:
        if len(cells) != len(head):
            raise InputError(f"{path}, line {number}: {len(cells)} cells, where the head has {len(head)}")
        id_ = cells[own].strip()
        if not id_ or id_ in seen:
            what = "the id of an earlier row" if id_ else "no id"
            raise InputError(f"{path}, line {number}: the row has {what} in {fields.id_column}")
        seen.add(id_)
        yield id_, {column: cells[place] for column, place in at.items()}


def _numbered(path: Path, lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line at which each ends; blank lines are left out."""
    while True:
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(f"{path}, line {_line(lines)}: no CSV ({error})") from error
        if cells:
            yield _line(lines), cells


def _line(lines: Iterator[list[str]]) -> int:
    return int(getattr(lines, "line_num", 0))


def _places(path: Path, head: Sequence[str], fields: Fields) -> dict[str, int]:
    """Where each named column stands. A column that is there twice would be read by chance."""
    wanted = [fields.id_column, *fields.fields]
    missing = [column for column in wanted if column not in head]
    if missing:
        if len(missing) == len(wanted):
            raise UsageError(f"{path}: its first line names none of the columns {', '.join(wanted)}")
        raise UsageError(
            f"{path} has no column {', '.join(missing)}: it has {', '.join(head)}"
            + ("" if fields.id_column in head else "; `id_column` in the fields says which one is the id")
        )
    for column in wanted:
        if head.count(column) > 1:
            raise UsageError(f"{path} has the column {column} twice")
    return {column: head.index(column) for column in wanted}
