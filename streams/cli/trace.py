"""`trace`: the way up to the source or down to the street."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.options import STORE, AsOfOption, JsonOption, StoreOption, moment_of
from streams.cli.output import plain, print_json, print_text
from streams.cli.search import few, reading

if TYPE_CHECKING:
    from schemas.entities import Chain, Excluded, Trace

_EXCLUDED_SHOWN = 10


def trace(
    who: Annotated[
        str, typer.Argument(metavar="WHO", help="An id, name, phone, plate, ID number or source/id#ref.")
    ],
    up: Annotated[bool, typer.Option("--up/--down", help="To the source, or to the street.")] = True,
    substance: Annotated[str | None, typer.Option(help="Only this substance (an unknown one fits).")] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="Only what can have happened by then.")
    ] = None,
    as_of: AsOfOption = None,
    max_hops: Annotated[int, typer.Option(min=1, max=64, help="At most so many deliveries.")] = 8,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="Draw the chains, source to street.")
    ] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Trace the supply chain in time order, with the records behind every hop."""
    from graph.one import resolve_one
    from graph.svg import write_svg
    from graph.trace import trace as traced

    with reading(store, as_of, as_json=as_json) as reader:
        found = traced(
            reader,
            resolve_one(reader, who),
            "up" if up else "down",
            substance=substance_of(substance),
            until=moment_of(until),
            max_hops=max_hops,
        )
    if out is not None:
        write_svg(found, out)
    if as_json:
        print_json(found)
    else:
        print_trace(found)


def substance_of(name: str | None) -> str | None:
    """The canonical code of a substance by any of its names; raises `UsageError` for an unknown one."""
    if name is None:
        return None
    from schemas.errors import UsageError
    from schemas.reference.substances import lookup

    code = lookup(name)
    if code is None:
        raise UsageError("no substance is called that: give its name (笑气) or its code")
    return code


def print_trace(found: Trace) -> None:
    """A trace for people: each chain from the source to the street, then what was left out."""
    way = "up to the source" if found.direction == "up" else "down to the street"
    print_text(f"{plain(found.origin.label)} ({found.origin.id}), {way}")
    if found.note:
        print_text(plain(found.note))
    for number, chain in enumerate(found.chains, 1):
        print_chain(number, chain)
    if found.truncated:
        print_text("cut at the greatest number of hops: more with --max-hops")
    print_excluded(found.excluded)


def print_chain(number: int, chain: Chain) -> None:
    """One chain, a delivery a line."""
    print_text(f"\nchain {number}, confidence {chain.confidence:.2f}")
    for hop in chain.hops:
        when = stretch(hop.earliest, hop.latest)
        goods = plain(hop.substance or "goods unknown")
        print_text(f"  {plain(hop.source.label)} → {plain(hop.target.label)}")
        print_text(f"      {hop.kind}, {goods}, {when}, confidence {hop.confidence:.2f}")
        print_text(f"      {plain(few(hop.records))}")


def stretch(earliest: str | None, latest: str | None) -> str:
    """When it happened: a moment, between two, or no later than one; to the minute.

    >>> stretch("2019-06-03T00:00:00+08:00", "2019-06-03T23:59:59.999999+08:00")
    '2019-06-03'
    >>> stretch(None, "2019-06-03T21:14:00+08:00")
    'by 2019-06-03 21:14'
    """
    if latest is None:
        return "at an unknown time" if earliest is None else f"from {_short(earliest)}"
    if earliest is None:
        return f"by {_short(latest)}"
    if earliest[10:19] == "T00:00:00" and latest[10:19] == "T23:59:59":
        earliest, latest = earliest[:10], latest[:10]
    return _short(earliest) if earliest == latest else f"{_short(earliest)} to {_short(latest)}"


def _short(moment: str) -> str:
    return moment[:16].replace("T", " ")


def print_excluded(excluded: Iterable[Excluded]) -> None:
    """The deliveries a trace did not follow, each with the reason."""
    left_out = list(excluded)
    if not left_out:
        return
    print_text(f"\nnot followed ({len(left_out)}):")
    for each in left_out[:_EXCLUDED_SHOWN]:
        print_text(f"  {each.source} → {each.target}: {each.reason}, {plain(each.detail)}")
    if len(left_out) > _EXCLUDED_SHOWN:
        print_text(f"  and {len(left_out) - _EXCLUDED_SHOWN} more: --json lists all")


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command(epilog="Example: suyuan trace 琼A12345 --up --until 2019-12 --out chain.svg")(trace)
