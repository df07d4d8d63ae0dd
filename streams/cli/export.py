"""`export`: the graph for other programs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.options import STORE, AsOfOption, StoreOption


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
    raise NotImplementedError


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command(epilog="Example: suyuan export --format graphml --out graph.graphml")(export)
