"""`ingest` puts records in, `withdraw` takes one back."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
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
from streams.cli.output import print_error, print_hint, print_json, print_table

if TYPE_CHECKING:
    from contextlib import ExitStack

    from streams.embedded import IngestReport
    from streams.kafka.gateway import GatewayReport, Receipt, Waiting
    from streams.settings import KafkaSettings, Settings


class To(StrEnum):
    """Where records and decisions go."""

    STORE = "store"
    KAFKA = "kafka"


DecideTo = Annotated[To, typer.Option("--to", help="The store here, or its worker by way of Kafka.")]


class Kind(StrEnum):
    """Whose raw topic withdrawals go to."""

    TIP = "tip"
    SEIZURE = "seizure"
    INTERCEPTION = "interception"


def ingest(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="JSON Lines, .gz too; - is stdin.")],
    to: Annotated[To, typer.Option("--to", help="The store here, or the raw topics.")] = To.STORE,
    kind: Annotated[
        Kind, typer.Option("--kind", help="With --to kafka: the kind of record that withdrawals are of.")
    ] = Kind.TIP,
    receipts: Annotated[
        str | None,
        typer.Option(
            "--receipts", metavar="FILE", help="With --to kafka: a line for each record, accepted or refused."
        ),
    ] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Put records through the whole pipeline.

    What cannot be used is refused with a reason and costs nothing else; see `suyuan rejected`. With
    --to kafka this is the gateway: records are sealed and checked here, then sent to the raw topics.
    """
    from streams import bootstrap
    from streams.cli.progress import with_progress
    from streams.inputs import read_lines

    settings = settings_of(store)
    if to is To.KAFKA:
        _send(files, kind.value, receipts, bootstrap.named_worker(settings, "gateway"), as_json=as_json)
        return
    # The files first: a wrong name leaves no empty store behind.
    with read_lines(files) as lines, bootstrap.owner(settings, new=True) as owner:
        report = owner.ingest(with_progress(lines))
    if as_json:
        print_json(report)
    else:
        show_report("Ingested", report)
        if report.rejected:
            print_hint("what was refused and why: suyuan rejected")


def _send(files: list[str], kind: str, receipts: str | None, settings: Settings, *, as_json: bool) -> None:
    from contextlib import ExitStack

    from streams import bootstrap
    from streams.cli.progress import with_progress
    from streams.inputs import read_lines

    with ExitStack() as opened:
        lines = opened.enter_context(read_lines(files))
        gateway = opened.enter_context(bootstrap.gateway(settings))
        write = _writer(opened, receipts)
        report = gateway.send(
            with_progress(lines), withdrawals=kind, receipt=write, waiting=_waiter(settings.kafka)
        )
    show_sent(report, as_json=as_json)


def show_sent(report: GatewayReport, *, as_json: bool) -> None:
    """What the gateway sent."""
    if as_json:
        print_json(report)
        return
    rows: list[tuple[str, object]] = [
        ("read", report.read),
        ("accepted", report.accepted),
        *((f"refused: {reason}", count) for reason, count in report.rejected.items()),
        ("confirmed by Kafka", report.confirmed),
        ("seconds", f"{report.seconds:.1f}"),
    ]
    print_table("Sent", ("", ""), rows)


def _waiter(kafka: KafkaSettings) -> Waiting:
    """What says that no broker answers; else the command would seem to be at work."""

    def say(seconds: float, confirmed: int) -> None:
        print_error(
            f"Kafka at {', '.join(kafka.bootstrap)} has not answered for {seconds:.0f} s; waiting for up to "
            f"{kafka.delivery:.0f} s (kafka.delivery). {confirmed:,} records are confirmed"
        )

    return say


def _writer(opened: ExitStack, path: str | None) -> Callable[[Receipt], None]:
    """What writes receipts, one JSON document a line; nothing without a file."""
    if path is None:
        return lambda _: None
    import msgspec

    file = opened.enter_context(Path(path).open("wb"))  # noqa: SIM115  the stack closes it

    def write(receipt: Receipt) -> None:
        file.write(msgspec.json.encode(receipt) + b"\n")

    return write


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
    to: DecideTo = To.STORE,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Take back a record and everything that stands on it alone."""
    from streams import bootstrap

    settings, record, who = settings_of(store), record.strip(), by or login()
    if to is To.KAFKA:
        show_told(_withdraw_by_log(settings, record, because, who), as_json=as_json)
        return
    with bootstrap.owner(settings, patience=bootstrap.PATIENCE) as owner:
        changed = owner.withdraw(record, because, who=who)
    show_change(f"Withdrawn: {record}", changed, as_json=as_json)


def _withdraw_by_log(settings: Settings, record: str, because: str, who: str) -> list[Receipt]:
    from streams import bootstrap, ledger
    from streams.withdrawing import withdrawal

    with bootstrap.own_reader(settings) as reader:
        message = withdrawal(reader.connection, record, because, bootstrap.now())
    act = ledger.withdrew(record, who=who, because=because, at=message.received)
    with bootstrap.gateway(bootstrap.named_worker(settings, "gateway")) as gateway:
        return gateway.decide(message, act)


def show_told(receipts: list[Receipt], *, as_json: bool) -> None:
    """Where a decision stands in the log, from which its owner takes it."""
    if as_json:
        print_json({"told": receipts})
        return
    rows = [(each.topic, each.partition, each.offset) for each in receipts]
    print_table("Told", ("topic", "partition", "offset"), rows)
    print_hint("the owner's worker takes it in its turn; suyuan ledger shows when it has")


def show_change(title: str, changed: dict[str, Any], *, as_json: bool) -> None:
    """What a withdrawal or a judgement changed."""
    if as_json:
        print_json(changed)
    else:
        shown = (
            (key, ", ".join(value) if isinstance(value, list) else value) for key, value in changed.items()
        )
        print_table(title, ("", ""), [(key.replace("_", " "), value) for key, value in shown])


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command(epilog="Example: suyuan ingest --to kafka tips.jsonl seizures.jsonl.gz")(ingest)
    app.command(epilog='Example: suyuan withdraw 460100-110/20190603-17 --because "给错了号码"')(withdraw)
