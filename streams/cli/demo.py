"""`demo`: the 2019-551 case on made-up records, from one street seizure up to the producer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.options import JsonOption
from streams.cli.output import plain, print_json, print_table, print_text
from streams.cli.rejected import where
from streams.cli.search import print_alert
from streams.cli.trace import stretch

if TYPE_CHECKING:
    from graph.port import RecordCopy
    from schemas.alerts import Alert
    from schemas.entities import Chain
    from streams.demonstration import Demonstration

_CASE = "2019-551"
_ALERTS_SHOWN = 4
_TEXT_SHOWN = 44
_GOODS = ("substance", "quantity", "unit")
_FOLDER = Path("suyuan-demo")
_SEVERITIES = ("high", "medium", "low")


def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The folder for the store and the picture.")
    ] = _FOLDER,
    as_json: JsonOption = False,
) -> None:
    """Show the 2019-551 case on made-up records: from one street seizure up to the producer."""
    from streams import bootstrap
    from streams.demonstration import demonstrate

    shown = demonstrate(out, bootstrap.now)
    if as_json:
        print_json(shown.document())
    else:
        print_demonstration(shown)


def print_demonstration(shown: Demonstration) -> None:
    """The whole demonstration as a page to read from top to bottom."""
    report = shown.report
    print_text(f"溯源 Suyuan: case {_CASE}. Everybody and everything here is made up.\n")
    print_text(
        f"{report.read:,} records were read in {report.seconds:.1f} s: {report.accepted:,} accepted, "
        f"{report.duplicates:,} the same again, {report.withdrawn:,} withdrawals, "
        f"{sum(report.rejected.values())} refused.\n"
        f"They speak of {report.entities:,} people and things, joined by {report.edges:,} statements.\n"
    )
    print_main_chain(shown)
    print_others(shown)
    print_alerts(shown.alerts)
    print_refusals(shown)
    print_measured(shown)
    print_text(f"The picture is {shown.folder / 'chain.svg'}. Look around yourself:")
    print_text(f"  .venv/bin/suyuan trace {shown.origin} --store {shown.folder / 'demo.db'}")
    print_text(f"  .venv/bin/suyuan alerts --case {_CASE} --store {shown.folder / 'demo.db'}")
    print_text("Or in a browser, in the console (its page is built by `make page`):")
    print_text(
        "  .venv/bin/suyuan users add lin --name 林警官 --role investigator "
        f"--region 46 --region 44 --case {_CASE} --store {shown.folder / 'demo.db'}"
    )
    print_text(f"  .venv/bin/suyuan serve --store {shown.folder / 'demo.db'}")


def print_main_chain(shown: Demonstration) -> None:
    """The chain up to the producer, street first, with the records behind each hop."""
    chain = shown.main
    print_text(f"From the street seizure {shown.origin} up to the source, {len(chain.hops)} deliveries:\n")
    print_text(f"  {plain(shown.trace.origin.label)}, in whose hands the goods were found")
    for hop in reversed(chain.hops):
        print_text(f"    ↑ {hop.kind}, {plain(hop.substance)}, {stretch(hop.earliest, hop.latest)}")
        for name in hop.records:
            print_text(f"    │ {plain(name)}  {_said(shown.copies.get(name))}")
        print_text(f"  {plain(hop.source.label)}")
    proved = "who is the producer in truth" if shown.found else "who is NOT the producer in truth"
    print_text(f"    {proved}")
    print_text(f"\n  confidence {chain.confidence:.2f}, the product of the hops' · 线索，非证据\n")


def _said(copy: RecordCopy | None) -> str:
    """What a record is, and what it says in short."""
    if copy is None:
        return ""
    body = copy.body
    goods = [" ".join(str(lot[key]) for key in _GOODS if lot.get(key)) for lot in body.get("lots") or ()]
    said = [body.get("checkpoint"), body.get("outcome"), *goods, str(body.get("text") or "")[:_TEXT_SHOWN]]
    return plain(
        f"{copy.kind} of {body['reported_at'][:10]}: " + ", ".join(str(part) for part in said if part)
    )


def print_others(shown: Demonstration) -> None:
    """The chains to other ends, and what was not followed."""
    for chain in shown.trace.chains:
        if chain != shown.main:
            print_text(f"Another end: {_way(chain)}, confidence {chain.confidence:.2f}")
    for reason, count in sorted(Counter(each.reason for each in shown.trace.excluded).items()):
        detail = next(each.detail for each in shown.trace.excluded if each.reason == reason)
        print_text(f"Not followed, {reason}: {count} deliveries, such as: {plain(detail)}")
    print_text()


def _way(chain: Chain) -> str:
    people = [chain.hops[0].source, *(hop.target for hop in chain.hops)]
    return " → ".join(plain(entity.label) for entity in people)


def print_alerts(alerts: Iterable[Alert]) -> None:
    """How many alerts each rule raised, and those that touch the case."""
    everything = list(alerts)
    counted = Counter((alert.rule, alert.severity) for alert in everything)
    rows = [(rule, severity, n) for (rule, severity), n in sorted(counted.items())]
    print_table(f"{len(everything)} alerts", ("rule", "severity", ""), rows)
    of_case = [alert for alert in everything if _CASE in alert.cases]
    of_case.sort(key=lambda alert: (_SEVERITIES.index(alert.severity), alert.rule, alert.id))
    print_text(f"\n{len(of_case)} of them touch {_CASE}; one of each rule:\n")
    for alert in list({alert.rule: alert for alert in reversed(of_case)}.values())[:_ALERTS_SHOWN]:
        print_alert(alert)
        print_text()


def print_refusals(shown: Demonstration) -> None:
    """What could not be used and why. The bytes are sealed in the vault."""
    rows = [(each.reason, each.path, each.expected, where(each.origin)) for each in shown.refusals]
    print_table("Refused, sealed and kept", ("reason", "path", "expected", "from"), rows)
    print_text()


def print_measured(shown: Demonstration) -> None:
    """What was found, against the truth of the made world."""
    figures = shown.measured.figures()
    rows = [
        (name, f"{rate['precision']:.3f}", f"{rate['recall']:.3f}")
        for name in ("persons", "vehicles", "deliveries", "sources")
        if (rate := figures[name]) is not None
    ]
    print_table("Against the truth", ("", "precision", "recall"), rows)
    print_text()


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command(epilog="Example: suyuan demo --out case-551")(demo)
