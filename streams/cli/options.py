"""Options that many commands share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemas.errors import UsageError
from streams.settings import DEFAULT_STORE, Settings

if TYPE_CHECKING:
    from streams.configuration import Configuration


def _or_the_groups(ctx: typer.Context, param: typer.CallbackParam, value: Any) -> Any:
    """What was given to the subcommand itself, else what the group before it has.

    `suyuan review --store other.db accept A B` must not judge in the default store.
    """
    name = param.name or ""
    source = ctx.get_parameter_source(name)
    if ctx.parent is None or (source is not None and source.name == "COMMANDLINE"):
        return value
    return ctx.parent.params.get(name, value)


class StoreName(str):
    """What --store has: `said` when somebody said it on the command line; `config` is what --config has."""

    __slots__ = ("config", "said")

    said: bool
    config: str | None


def _store(ctx: typer.Context, param: typer.CallbackParam, value: str) -> StoreName:
    """As `_or_the_groups`; only what was said beats the file of settings."""
    source = ctx.get_parameter_source(param.name or "")
    said = source is not None and source.name == "COMMANDLINE"
    above = None if said or ctx.parent is None else ctx.parent.params.get(param.name or "")
    if isinstance(above, StoreName):
        return above
    name = StoreName(value)
    name.said, name.config = said, ctx.find_root().params.get("config")
    return name


def _said(param: typer.CallbackParam, value: str | None) -> str | None:
    """Who and why without the white space around; raises `UsageError` when nothing can be read."""
    if value is None:
        return None
    if not any(char.isprintable() and not char.isspace() for char in value):
        raise UsageError(f"{param.opts[0]} says nothing: it is kept for those who ask later")
    return value.strip()


StoreOption = Annotated[
    str,
    typer.Option(
        "--store",
        envvar="SUYUAN_STORE",
        metavar="PATH",
        help="The store's file; to read a graph on a server, neo4j://HOST:PORT.",
        callback=_store,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.", callback=_or_the_groups)]
BecauseOption = Annotated[str, typer.Option("--because", help="Why; kept for good.", callback=_said)]
ByOption = Annotated[
    str, typer.Option("--by", help="Who answers for it; kept in the ledger.", callback=_said)
]
OpenerOption = Annotated[
    str | None,
    typer.Option("--by", help="Who opens; kept in the audit. Default: the login name.", callback=_said),
]
WithdrawerOption = Annotated[
    str | None,
    typer.Option(
        "--by", help="Who takes it back; kept in the ledger. Default: the login name.", callback=_said
    ),
]
DeciderOption = Annotated[
    str | None,
    typer.Option("--by", help="With --apply: who answers for it; kept in the ledger.", callback=_said),
]
ReasonOption = Annotated[
    str | None, typer.Option("--because", help="With --apply: why; kept for good.", callback=_said)
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="TIME", help="What was known then, for example 2020-04-20T12:00."),
]
STORE = DEFAULT_STORE


def settings_of(store: str) -> Settings:
    """The settings of this run; `store` is what the option --store has."""
    return configuration_of(store).settings


def configuration_of(store: str) -> Configuration:
    """The settings of this run, each with where it comes from."""
    from streams import bootstrap

    if isinstance(store, StoreName):
        return bootstrap.configuration(store=str(store) if store.said else None, config=store.config)
    return bootstrap.configuration(store=store)


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
    """The name under which this process runs, for audit and ledger; `uid 1000` for one without a name."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # Python 3.13 raises the latter
        return f"uid {os.getuid()}"
