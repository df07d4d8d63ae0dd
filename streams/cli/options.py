"""Options that many commands share."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from schemas.errors import UsageError
from streams.settings import DEFAULT_STORE, Settings, read_settings

StoreOption = Annotated[
    str,
    typer.Option("--store", envvar="SUYUAN_STORE", metavar="PATH", help="The store's file."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
BecauseOption = Annotated[str, typer.Option("--because", help="Why; kept in the ledger.")]
ByOption = Annotated[str, typer.Option("--by", help="Who answers for it; kept in the ledger.")]
OpenerOption = Annotated[
    str | None, typer.Option("--by", help="Who opens; kept in the audit. Default: the login name.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="TIME", help="What was known then, for example 2020-04-20T12:00."),
]
STORE = DEFAULT_STORE


def settings_of(store: str) -> Settings:
    """The settings of this run; the one place where the command line reads the environment."""
    return read_settings(store, os.environ)


def moment_of(text: str | None) -> int | None:
    """The end of the time that was typed (microseconds): `2019-12` is all of December.

    Raises `UsageError` when it is no time.
    """
    if text is None:
        return None
    from schemas.times import when

    stretch = when(text)
    if stretch is None or stretch.latest is None:
        raise UsageError("that is no time: write it like 2019-12, 2019-12-03 or 2019-12-03T21:14")
    return stretch.latest


def login() -> str:
    """The name under which this process runs, for the audit."""
    import getpass

    return getpass.getuser()
