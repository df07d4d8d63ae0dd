"""`rejected`: what was refused and why, and another try."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from streams.cli.ingest import show_report
from streams.cli.options import STORE, JsonOption, OpenerOption, StoreOption, login, settings_of
from streams.cli.output import print_json, print_json_lines, print_table
from streams.cli.search import reading

if TYPE_CHECKING:
    from schemas.records import Origin

group = typer.Typer(invoke_without_command=True)


@group.callback(epilog="Example: suyuan rejected --json")
def rejected(ctx: typer.Context, store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """List the records that could not be used, each with its reason.

    Only what is not personal is shown: the name if it could be read, where it came from, a hash. The
    bytes are sealed in the vault.
    """
    if ctx.invoked_subcommand is not None:
        return
    from streams import bootstrap

    with reading(store, as_json=as_json) as reader:
        refusals = list(bootstrap.inspector(reader).refusals())
    if as_json:
        from streams.stages.refusals import as_document

        print_json_lines(as_document(refusal) for refusal in refusals)
        return
    rows = [
        (each.record, each.reason, each.path, each.expected, where(each.origin), each.sha256[:12])
        for each in refusals
    ]
    print_table("Refused", ("record", "reason", "path", "expected", "from", "sha256"), rows)


def where(origin: Origin) -> str:
    """`tips.jsonl:17`, or a topic's partition and offset."""
    if origin.file is not None:
        return f"{origin.file}:{origin.line}"
    return f"{origin.topic}[{origin.partition}]@{origin.offset}"


@group.command(epilog="Example: suyuan rejected retry")
def retry(by: OpenerOption = None, store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """Put what was refused through again. Needs the vault's key; the opening is audited."""
    from streams import bootstrap

    settings = settings_of(store)
    with bootstrap.owner(settings) as owner:
        report = owner.retry_refused(settings.vault_key, who=by or login())
    if as_json:
        print_json(report)
    else:
        show_report("Tried again", report)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="rejected")
