"""`resolve` finds which rows of a table are one entity."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from streams.cli.options import JsonOption
from streams.cli.output import print_json, print_table


def resolve(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="CSV with a head line, .gz too.")],
    fields: Annotated[Path, typer.Option("--fields", metavar="FIELDS.toml", help="Which column means what.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="CLUSTERS.csv", help="Gets record_id,entity_id of every row.")
    ],
    online: Annotated[
        bool, typer.Option("--online", help="Write what was decided as each row came, not what all rows say.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Find which rows of a table are one entity: any table, without labels.

    FIELDS.toml has a table [fields] with a kind for each column that counts: name, given_name, family_name,
    date, year, month, day, identifier, phone, email, address, street, house_number, suburb, city, region,
    postcode, place, organisation, gender, occupation, text. The order of the rows makes no difference, but
    with --online, where nothing is known of the rows that come later.
    """
    from streams.cli.progress import stages
    from streams.tables.fields import read_fields
    from streams.tables.files import resolve_file, resolve_online

    with stages() as tell:
        figures = (resolve_online if online else resolve_file)(table, read_fields(fields), out, tell)
    if as_json:
        print_json(figures)
    else:
        rows = [(name.replace("_", " "), f"{figure:,}") for name, figure in figures.items()]
        print_table(f"Resolved into {out}", ("", ""), rows)


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command(epilog="Example: suyuan resolve people.csv --fields people.toml --out clusters.csv")(resolve)
