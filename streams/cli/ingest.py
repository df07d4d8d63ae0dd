"""`ingest` puts records in, `withdraw` takes one back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli.options import (
    STORE,
    BecauseOption,
    JsonOption,
    StoreOption,
    WithdrawerOption,
    login,
    settings_of,
)
from streams.cli.output import print_hint, print_json, print_table

if TYPE_CHECKING:
    from streams.embedded import IngestReport


def ingest(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="JSON Lines, .gz too; - is stdin.")],
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Put records through the whole pipeline.

    What cannot be used is refused with a reason and costs nothing else; see `suyuan rejected`.
    """
    from streams import bootstrap
    from streams.cli.progress import with_progress
    from streams.inputs import read_lines

    settings = settings_of(store)
    # The files first: a wrong name leaves no empty store behind.
    with read_lines(files) as lines, bootstrap.owner(settings, new=True) as owner:
        report = owner.ingest(with_progress(lines))
    if as_json:
        print_json(report)
    else:
        show_report("Ingested", report)
        if report.rejected:
            print_hint("what was refused and why: suyuan rejected")


def show_report(title: str, report: IngestReport) -> None:
    """An ingest's figures for people."""
    rows: list[tuple[str, object]] = [
        ("read", report.read),
        ("accepted", report.accepted),
        ("the same again", report.duplicates),
        ("superseded", report.superseded),
        ("withdrawn", report.withdrawn),
        *((f"refused: {reason}", count) for reason, count in sorted(report.rejected.items())),
        ("entities", report.entities),
        ("edges", report.edges),
        ("alerts", report.alerts),
        ("seconds", f"{report.seconds:.1f}"),
    ]
    print_table(title, ("", ""), rows)


def withdraw(
    record: Annotated[str, typer.Argument(metavar="SOURCE/ID", help="The record's name.")],
    because: BecauseOption,
    by: WithdrawerOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Take back a record and everything that stands on it alone."""
    from streams import bootstrap

    with bootstrap.owner(settings_of(store)) as owner:
        changed = owner.withdraw(record.strip(), because, who=by or login())
    show_change(f"Withdrawn: {record}", changed, as_json=as_json)


def show_change(title: str, changed: dict[str, Any], *, as_json: bool) -> None:
    """What a withdrawal or a judgement changed."""
    if as_json:
        print_json(changed)
    else:
        print_table(title, ("", ""), [(key.replace("_", " "), value) for key, value in changed.items()])


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command(epilog="Example: suyuan ingest tips.jsonl seizures.jsonl.gz")(ingest)
    app.command(epilog='Example: suyuan withdraw 460100-110/20190603-17 --because "给错了号码"')(withdraw)
