"""`topics`: the topics on the broker, made and compared with what is declared."""

from __future__ import annotations

import typer

from streams.cli.options import STORE, JsonOption, StoreOption, settings_of
from streams.cli.output import print_json, print_table, print_text

group = typer.Typer(
    no_args_is_help=True,
    help="Make the topics, or compare them with what is declared.",
    epilog="Example: suyuan topics check",
)


@group.command(epilog="Example: suyuan topics create")
def create(store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """Make the topics that are missing. Those that are there stay as they are: see `topics check`."""
    from streams.kafka import admin

    made = admin.create(settings_of(store))
    if as_json:
        print_json({"created": made})
    elif made:
        print_table("Created", ("topic",), [(name,) for name in made])
    else:
        print_text("All topics were there.")


@group.command(epilog="Example: suyuan topics check --json")
def check(store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """Compare the broker's topics with what is declared; exit code 1 when they differ.

    Nothing is changed: what to do about a difference is for whoever runs the broker.
    """
    from streams.kafka import admin

    found = admin.check(settings_of(store))
    if as_json:
        print_json({"mismatches": found})
    elif found:
        rows = [(each.topic, each.setting, each.wanted, each.found) for each in found]
        print_table("Not as declared", ("topic", "setting", "declared", "found"), rows)
    else:
        print_text("All topics are as declared.")
    if found:
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="topics")
