"""`backup`: copies of a store and what stands beside it, while they are in use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from streams.cli.options import STORE, JsonOption, StoreOption, settings_of
from streams.cli.output import print_json, print_text


def backup(
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="A folder that is not there yet.")],
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Copy a store, its vault and what the console keeps, also beside a running ingest or console.

    The vault's key is not copied: keep a copy of it elsewhere. To restore, copy the files back.
    """
    from streams import bootstrap
    from streams.backup import back_up

    settings = settings_of(store)
    bootstrap.must_be_a_file(settings)
    made = back_up(settings, out)
    if as_json:
        print_json(made)
        return
    files = ", ".join(each for each in (made.store, made.vault, made.workbench, made.audit) if each)
    print_text(f"{files}: {made.bytes:,} bytes, up to transaction {made.tx}")
    print_text("the vault's key is not among them: keep a copy of it on another medium")


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command(epilog="Example: suyuan backup --out 2026-11-24")(backup)
