"""The command `suyuan`: which commands there are, and what becomes of an error.

Commands import what they need when they run, so `suyuan --help` costs nothing but typer.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterable
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from schemas.errors import SuyuanError, UsageError
from streams.cli import (
    audit,
    backup,
    config,
    consolidate,
    demo,
    explain,
    export,
    extract,
    ingest,
    ledger,
    local,
    made,
    rejected,
    resolve,
    review,
    search,
    serve,
    topics,
    trace,
    train,
    users,
    vault,
    worker,
)
from streams.cli.output import finish, leave_quietly, print_error

COULD_NOT = 1
USED_WRONGLY = 2
SERVER_PACKAGES = {
    "aiokafka",
    "faust",
    "kafka",
    "neo4j",
    "prometheus_client",
    "psutil",
    "structlog",
}
"""Of the extra `server`, which an embedded installation does without."""
OIDC_PACKAGES = {"authlib", "cryptography", "httpx2", "joserfc"}
"""Of the extra `oidc`; signing in by password does without."""
TRAIN_PACKAGES = {"pycrfsuite", "scipy", "sklearn"}
"""Of the group `train`; reading texts does without."""


class Commands(TyperGroup):
    """A group whose errors are one line that says what to do; bugs keep their traceback."""

    def invoke(self, ctx: Any) -> None:
        try:
            _check_encoding(ctx.args)
            super().invoke(ctx)
            finish()
        except UsageError as error:
            print_error(str(error))
            raise typer.Exit(USED_WRONGLY) from error
        except SuyuanError as error:
            print_error(str(error))
            raise typer.Exit(COULD_NOT) from error
        except ModuleNotFoundError as error:
            print_error(_what_to_install(error))
            raise typer.Exit(COULD_NOT) from error
        except BrokenPipeError:
            leave_quietly()
        except OSError as error:
            print_error(_what_the_system_says(error))
            raise typer.Exit(COULD_NOT) from error
        except KeyboardInterrupt as error:
            print_error("interrupted; what was committed stays, the same command goes on from there")
            raise typer.Exit(COULD_NOT) from error


def _what_to_install(error: ModuleNotFoundError) -> str:
    """Which packages a command needs; raises the error again when it is one of ours."""
    package = (error.name or "").partition(".")[0]
    if package in SERVER_PACKAGES:
        return "this needs the packages for Kafka and Neo4j: install suyuan[server]"
    if package in OIDC_PACKAGES:
        return "this needs the packages for OpenID Connect: install suyuan[oidc]"
    if package in TRAIN_PACKAGES:
        return "this needs the packages for learning: pip install -r deploy/requirements-train.lock"
    raise error


def _check_encoding(words: Iterable[str]) -> None:
    """Bytes that are no text in the terminal's encoding arrive as surrogates, which nothing can store."""
    if any("\ud800" <= char <= "\udfff" for word in words for char in word):
        raise UsageError("an argument is not valid UTF-8: check the encoding of the terminal or the script")


def _what_the_system_says(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    advice = {
        errno.ENOSPC: "the disk is full; make room and run the command again",
        errno.EACCES: "permission denied; check the owner and mode of the file and its folder",
        errno.ENOENT: "no such file or folder",
    }
    return where + advice.get(error.errno or 0, error.strerror or type(error).__name__)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"suyuan {version('suyuan')}")
        raise typer.Exit


app = typer.Typer(
    cls=Commands,
    name="suyuan",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,  # its frames show variables, and those hold personal data
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: suyuan ingest tips.jsonl.gz && suyuan trace 13800001234",
)


@app.callback()
def suyuan(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    config: Annotated[
        str | None,
        typer.Option(
            "--config", envvar="SUYUAN_CONFIG", metavar="FILE", help="Settings; suyuan.toml when it is there."
        ),
    ] = None,
) -> None:
    """溯源: trace drug supply from the street back to its source, with the evidence behind every step.

    A lead is not evidence, and not guilt (线索，非证据).
    """


GROUPS = (
    ingest, rejected, search, trace, review, explain, consolidate, resolve, extract, export, vault, backup,
    ledger, serve, users, audit, made, local, topics, worker, config, train, demo,
)  # fmt: skip

for group in GROUPS:
    group.add_to(app)


def main() -> None:
    """The entry point: UTF-8 whatever the locale, then the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app(prog_name="suyuan")
