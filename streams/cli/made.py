"""`simulate` makes records, `schema` prints what a record is; `bench` is in a module of its own."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.bench import bench
from streams.cli.options import JsonOption
from streams.cli.output import print_bytes, print_json, print_table


class NoiseLevel(StrEnum):
    """The levels of `streams.simulate.noise`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def simulate(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder for records and truth.")],
    records: Annotated[int, typer.Option(min=1, help="How many records, about.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same world.")] = 1,
    noise: Annotated[
        NoiseLevel | None,
        typer.Option(help="Names and numbers written better or worse, and names of more scripts and kinds."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a world of made-up records together with its truth (truth.jsonl)."""
    from streams.cli.progress import progress
    from streams.simulate.noise import NOISE
    from streams.simulate.world import Options, write_world

    options = Options(noise=NOISE[noise]) if noise else None
    with progress(records) as tell:
        counts = write_world(seed, records, out, options, progress=lambda done: tell(done, done))
    if as_json:
        print_json(counts)
    else:
        print_table(f"Made in {out}", ("", ""), [(key.replace("_", " "), n) for key, n in counts.items()])


def schema(
    topics: Annotated[
        bool, typer.Option("--asyncapi", help="The topics instead: an AsyncAPI 3 document.")
    ] = False,
    interface: Annotated[
        bool, typer.Option("--openapi", help="The console's interface instead: an OpenAPI 3.1 document.")
    ] = False,
) -> None:
    """Print the JSON Schema of the records, what the topics hold, or what the console is asked."""
    if topics and interface:
        from schemas.errors import UsageError

        raise UsageError("--asyncapi and --openapi are two documents: ask for one")
    if interface:
        from graph.console.app import interface_document

        print_bytes(interface_document())
        return
    if topics:
        from schemas.asyncapi import printed

        print_bytes(printed())
        return
    from schemas.jsonschema import record_schema

    print_json(record_schema())


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command(epilog="Example: suyuan simulate --seed 7 --records 100000 --out world")(simulate)
    app.command(epilog="Example: suyuan bench ingest --records 100000")(bench)
    app.command(epilog="Example: suyuan schema > record.schema.json")(schema)
