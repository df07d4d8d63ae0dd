"""`audit`: who read and did what in the console, and the proof that nobody changed it afterwards."""

from __future__ import annotations

from typing import Annotated

import typer

from streams.cli.options import STORE, JsonOption, StoreOption, settings_of
from streams.cli.output import print_error, print_json, print_json_lines, print_table

group = typer.Typer(
    no_args_is_help=True,
    help="See who read and did what in the console, and verify that nobody changed it.",
    epilog="Example: suyuan audit verify",
)


@group.command(epilog="Example: suyuan audit verify")
def verify(store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """Check that no line was changed, moved, added or removed; exit code 1 and which line, when one was.

    Whoever can write the machine's files can forge both the audit and its head: keep a copy elsewhere.
    """
    from graph.console.audit_reading import verify as verified
    from streams import bootstrap

    settings = settings_of(store)
    verdict = verified(settings.audit, bootstrap.audit_head(settings))
    if as_json:
        print_json({"lines": verdict.lines, "intact": verdict.intact, "fault": verdict.fault})
    elif verdict.fault is None:
        print_table("", ("lines", "the audit"), [(verdict.lines, "is whole")])
    if verdict.fault is not None:
        print_error(
            f"line {verdict.fault.n} of {settings.audit}: {verdict.fault.how.value}. What stands before it "
            "is as it was written; keep the file and find out who could write it"
        )
        raise typer.Exit(1)


@group.command("list", epilog="Example: suyuan audit list --user li --limit 50")
def list_(
    user: Annotated[str | None, typer.Option("--user", help="Only what this user read and did.")] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=100_000, help="How many, the latest first.")
    ] = 50,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """List who read and did what, where from and for what purpose, the latest first.

    What is not as it was written is listed too: `audit verify` tells which.
    """
    from graph.console.audit_lines import Head
    from graph.console.audit_pages import page
    from streams.cli.search import few

    lines = page(settings_of(store).audit, Head(), user=user, limit=limit).lines
    if as_json:
        print_json_lines(lines)
        return
    rows = [
        (each.n, each.at, each.user, each.action, each.case, each.purpose, few(each.about), each.address)
        for each in lines
    ]
    print_table("Audit", ("", "at", "user", "action", "case", "purpose", "about", "from"), rows)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="audit")
