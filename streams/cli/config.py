"""`config`: the settings in force, and where each comes from."""

from __future__ import annotations

import typer

from streams.cli.options import STORE, JsonOption, StoreOption, configuration_of
from streams.cli.output import print_json, print_table


def config(store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """Print the settings in force, and where each comes from; secrets are masked.

    In a file a setting is NAME under its [TABLE]; in the environment SUYUAN_TABLE_NAME, which wins.
    A secret may be in a file of its own: SUYUAN_KAFKA_PASSWORD_FILE.
    """
    values = list(configuration_of(store).values())
    if as_json:
        print_json({each.key: {"value": each.value, "source": each.source} for each in values})
        return
    rows = [
        (each.key, ", ".join(each.value) if isinstance(each.value, tuple) else each.value, each.source)
        for each in values
    ]
    print_table("Settings", ("setting", "value", "from"), rows)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command(epilog="Example: SUYUAN_KAFKA_BOOTSTRAP=kafka:9092 suyuan config")(config)
