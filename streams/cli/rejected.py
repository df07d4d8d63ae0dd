"""`rejected`: what was refused and why, and another try."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.ingest import To, show_report, show_sent
from streams.cli.options import STORE, JsonOption, OpenerOption, StoreOption, login, settings_of
from streams.cli.output import print_json, print_json_lines, print_table
from streams.cli.search import reading_own

if TYPE_CHECKING:
    from schemas.records import Origin
    from streams.settings import Settings

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

    with reading_own(store, as_json=as_json) as reader:
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
def retry(
    to: Annotated[To, typer.Option("--to", help="The store here, or the raw topics.")] = To.STORE,
    by: OpenerOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Put what was refused through again. Needs the vault's key; the opening is audited.

    With --to kafka it is sealed and sent to the raw topics again, while the owner's worker goes on.
    """
    from streams import bootstrap

    settings = settings_of(store)
    if to is To.KAFKA:
        _send_again(bootstrap.named_worker(settings, "gateway"), by or login(), as_json=as_json)
        return
    with bootstrap.owner(settings) as owner:
        report = owner.retry_refused(settings.vault_key, who=by or login())
    if as_json:
        print_json(report)
    else:
        show_report("Tried again", report)


def _send_again(settings: Settings, who: str, *, as_json: bool) -> None:
    from schemas.records import Origin
    from streams import bootstrap
    from streams.embedded import as_it_came
    from streams.vault.vault import Vault

    with bootstrap.own_reader(settings) as reader:
        hashes = [each.sha256 for each in bootstrap.inspector(reader).refusals()]
    with Vault.open(settings.vault, clock=bootstrap.now) as vault, bootstrap.gateway(settings) as gateway:
        again = vault.open_many(hashes, settings.vault_key, because="rejected retry", who=who)
        lines = ((Origin(file="retry", line=n), as_it_came(item)) for n, item in enumerate(again, 1))
        show_sent(gateway.send(lines), as_json=as_json)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="rejected")
