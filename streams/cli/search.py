"""`find`, `show`, `entities`, `alerts`: looking at what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli.options import STORE, AsOfOption, JsonOption, StoreOption, moment_of, settings_of
from streams.cli.output import plain, print_hint, print_json, print_json_lines, print_table, print_text

if TYPE_CHECKING:
    from graph.port import GraphReader
    from graph.sqlite.reader import SqliteReader
    from schemas.alerts import Alert
    from schemas.entities import Entity

_SHOWN = 5
"""How many records or identifiers a table's cell shows before it only counts."""


class EntityType(StrEnum):
    """`schemas.claims.MentionType`, spelled out so that `--help` loads nothing; a test compares them."""

    PERSON = "person"
    ORGANISATION = "organisation"
    VEHICLE = "vehicle"
    PARCEL = "parcel"
    VENUE = "venue"
    PHONE = "phone"
    ACCOUNT = "account"
    CASE = "case"
    PLACE = "place"


class AlertSeverity(StrEnum):
    """`schemas.alerts.Severity`, spelled out like `EntityType`."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class AlertState(StrEnum):
    """`schemas.alerts.State`, spelled out like `EntityType`."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    IN_WORK = "in_work"
    ESCALATED = "escalated"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def few(values: Iterable[str]) -> str:
    """The first few values, and how many more there are.

    >>> few(["a", "b"]), few(str(n) for n in range(7))
    ('a, b', '0, 1, 2, 3, 4, +2')
    """
    everything = list(values)
    shown = everything[:_SHOWN]
    if len(everything) > _SHOWN:
        shown.append(f"+{len(everything) - _SHOWN}")
    return ", ".join(shown)


def entity_rows(entities: Iterable[Entity]) -> Iterator[tuple[str, ...]]:
    """One row an entity: what it is, how it is called, what identifies it, who says so."""
    for entity in entities:
        identifiers = few(f"{each.kind} {each.value}" for each in entity.identifiers)
        records = few(dict.fromkeys(mention.record for mention in entity.mentions))
        yield entity.id, entity.type, entity.label, few(entity.aliases), identifiers, records


def print_entities(title: str, entities: Iterable[Entity]) -> None:
    """Entities as a table."""
    columns = ("id", "type", "label", "also called", "identified by", "records")
    print_table(title, columns, entity_rows(entities))


@contextmanager
def reading(store: str, as_of: str | None = None, *, as_json: bool) -> Iterator[GraphReader]:
    """The store's reader at a moment. Who fits several entities is answered with the candidates."""
    from streams import bootstrap

    with bootstrap.reader(settings_of(store), moment_of(as_of)) as reader, _told(reader, as_json=as_json):
        yield reader


@contextmanager
def reading_own(store: str, *, as_json: bool) -> Iterator[SqliteReader]:
    """As `reading`, for commands that need more than the graph: the owner's own store."""
    from streams import bootstrap

    with bootstrap.own_reader(settings_of(store)) as reader, _told(reader, as_json=as_json):
        yield reader


@contextmanager
def _told(reader: GraphReader, *, as_json: bool) -> Iterator[None]:
    from schemas.errors import Ambiguous

    try:
        yield
    except Ambiguous as error:
        keys = [key for candidate in error.candidates for key in reader.resolve(candidate)]
        if as_json:
            print_json({"error": "ambiguous", "candidates": reader.entities(keys)})
            raise typer.Exit(1) from error
        print_entities("candidates", reader.entities(keys))
        raise


def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A name, number, plate, case or record.")],
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Find people, phones, plates, cases and records, the best fit first."""
    with reading(store, as_of, as_json=as_json) as reader:
        entities = reader.entities(reader.search(text, limit))
    if as_json:
        print_json_lines(entities)
    elif entities:
        print_entities(f"{len(entities)} found", entities)
    else:
        print_hint("nothing fits; try part of the name or the last digits of the number")


def entities(
    kind: Annotated[EntityType | None, typer.Option("--type", help="Only of this type.")] = None,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """List all entities."""
    from graph.export import nodes

    with reading(store, as_of, as_json=as_json) as reader:
        listed = (entity for entity in nodes(reader) if kind is None or entity.type == kind)
        if as_json:
            print_json_lines(listed)
        else:
            print_entities("Entities", listed)


def alerts(
    rule: Annotated[str | None, typer.Option(help="Only of this rule.")] = None,
    severity: Annotated[AlertSeverity | None, typer.Option(help="Only of this severity.")] = None,
    state: Annotated[
        AlertState | None, typer.Option(help="Only in this state; those withdrawn are listed by it alone.")
    ] = None,
    case: Annotated[str | None, typer.Option(help="Only of this case, for example 2019-551.")] = None,
    region: Annotated[str | None, typer.Option(help="Only of this region (GB/T 2260 code).")] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """List alerts, each with its reasons and with what speaks against it."""
    from graph.alerts import read_alerts

    _check_rule(rule)
    wanted = {"rule": rule, "severity": severity, "state": state, "case": case, "region": region}
    gone = state is AlertState.WITHDRAWN
    with reading(store, as_json=as_json) as reader:
        listed = [alert for alert in read_alerts(reader, withdrawn=gone) if _fits(alert, wanted)]
    if as_json:
        print_json_lines(listed)
        return
    for alert in listed:
        print_alert(alert)
    print_hint(f"{len(listed)} alerts")


def _check_rule(name: str | None) -> None:
    """Raises `UsageError` for a rule that is not there; one that is switched off has withdrawn alerts."""
    from schemas.errors import UsageError
    from streams.alerts.rules import RULE_NAMES

    if name is not None and name not in RULE_NAMES:
        raise UsageError(f"no rule has this name: there are {', '.join(RULE_NAMES)}")


def _fits(alert: Alert, wanted: dict[str, str | None]) -> bool:
    is_there = {
        "rule": alert.rule,
        "severity": alert.severity,
        "state": alert.state,
        "region": alert.region,
    }
    case = wanted["case"]
    return (case is None or case in alert.cases) and all(
        wanted[key] in (None, value) for key, value in is_there.items()
    )


def print_alert(alert: Alert) -> None:
    """One alert as a paragraph; the notice comes with every one."""
    print_text(
        f"{alert.severity.upper():6} {plain(alert.rule)}  {alert.state}  {alert.raised_at}  {alert.id}"
    )
    print_text(f"       {few(plain(entity.label) for entity in alert.entities)}")
    for reason in alert.reasons:
        print_text(f"       + {plain(reason)}")
    for doubt in alert.against:
        print_text(f"       - {plain(doubt)}")
    print_text(f"       records: {plain(few(alert.records))}")
    print_text(f"       {alert.notice}")


def show(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="An entity, record, edge or alert.")],
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Show an entity, record, edge or alert with its evidence."""
    from graph.show import show as document_of

    with reading(store, as_of, as_json=as_json) as reader:
        document = document_of(reader, identifier)
    if as_json:
        print_json(document)
    else:
        print_document(document)


def print_document(document: Any, indent: str = "") -> None:
    """Any document of JSON as an indented outline."""
    import msgspec

    for line in _outline(msgspec.to_builtins(document)):
        print_text(indent + line)


def _outline(value: Any) -> Iterator[str]:
    """One line a value, two spaces a level; an item of a list begins with a dash.

    >>> list(_outline({"a": [{"b": 1, "c": None}, "d"]}))
    ['a:', '  - b: 1', '  - d']
    """
    items = value.items() if isinstance(value, dict) else ((None, each) for each in value)
    for key, each in items:
        if each in (None, [], {}):
            continue
        inner = list(_outline(each)) if isinstance(each, dict | list) else [plain(each)]
        if key is None:
            yield from (("- " if n == 0 else "  ") + line for n, line in enumerate(inner))
        elif isinstance(each, dict | list):
            yield f"{key}:"
            yield from (f"  {line}" for line in inner)
        else:
            yield f"{key}: {inner[0]}"


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command(epilog="Example: suyuan find 1234 --limit 10")(find)
    app.command(epilog="Example: suyuan show 460100-110/20190603-17")(show)
    app.command(epilog="Example: suyuan alerts --severity high --json")(alerts)
    app.command(epilog="Example: suyuan entities --type person --json")(entities)
