"""`export`: the graph for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.options import STORE, AsOfOption, StoreOption
from streams.cli.output import print_bytes
from streams.cli.search import reading


class Format(StrEnum):
    """The formats there are."""

    GRAPHML = "graphml"
    CSV = "csv"
    CYPHER = "cypher"
    JSONL = "jsonl"


def export(
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.JSONL,
    canonical: Annotated[
        bool, typer.Option("--canonical", help="JSON Lines that are equal for equal knowledge.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="A file, or a folder for csv.")
    ] = None,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
) -> None:
    """Write the graph to standard output or to a file."""
    from graph import export as forms
    from schemas.errors import UsageError

    if canonical and form is not Format.JSONL:
        raise UsageError("--canonical is JSON Lines: leave --format away")
    if form is Format.CSV and out is None:
        raise UsageError("csv is two files: name their folder with --out")
    with reading(store, as_of, as_json=False) as reader:
        if form is Format.CSV and out is not None:
            forms.write_csv(reader, out)
            return
        write = {Format.JSONL: forms.jsonl, Format.GRAPHML: forms.graphml, Format.CYPHER: forms.cypher}
        write_out((forms.canonical if canonical else write[form])(reader), out)


def write_out(chunks: Iterable[bytes], out: Path | None) -> None:
    """To standard output, or into a file that is there only when it is whole."""
    if out is None:
        for chunk in chunks:
            print_bytes(chunk)
        return
    from graph.whole import whole_file

    with whole_file(out) as file:
        file.writelines(chunks)


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command(epilog="Example: suyuan export --format graphml --out graph.graphml")(export)
