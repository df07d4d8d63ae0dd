"""`ledger`: what people did by hand, and the proof that nobody changed it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from streams.cli.options import STORE, JsonOption, StoreOption
from streams.cli.output import print_json, print_json_lines, print_table
from streams.cli.search import reading_own

if TYPE_CHECKING:
    from streams.chain import Line

group = typer.Typer(invoke_without_command=True)


@group.callback(epilog="Example: suyuan ledger --json")
def ledger(ctx: typer.Context, store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """List the judgements and withdrawals made by hand: when, who, what and why, oldest first.

    The ledger is verified before anything is shown.
    """
    if ctx.invoked_subcommand is not None:
        return
    from schemas.times import iso

    rows = [(iso(each.at), each.who, each.what, each.because) for each in _acts(store)]
    columns = ("at", "who", "what", "because")
    if as_json:
        print_json_lines(dict(zip(columns, row, strict=True)) for row in rows)
    else:
        print_table("Ledger", columns, rows)


@group.command(epilog="Example: suyuan ledger verify")
def verify(store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """Check that no line of the ledger was changed, added or removed."""
    acts = len(_acts(store))
    if as_json:
        print_json({"acts": acts, "whole": True})
    else:
        print_table("", ("acts", "the ledger"), [(acts, "is whole")])


def _acts(store: str) -> list[Line]:
    from streams.ledger import read

    with reading_own(store, as_json=False) as reader:
        return read(reader.connection)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="ledger")
