"""`consolidate`: a refit of the weights, shown before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemas.errors import UsageError
from streams.cli.ingest import DecideTo, To, show_change, show_told
from streams.cli.options import STORE, DeciderOption, JsonOption, ReasonOption, StoreOption, settings_of
from streams.cli.output import plain, print_hint, print_json, print_table, print_text

if TYPE_CHECKING:
    from streams.consolidating import Group, Proposal, Regrouping, Told
    from streams.kafka.gateway import Receipt
    from streams.said import Word
    from streams.settings import Settings

_SHOWN = 20
"""Entities that are shown to people; --json has all."""


def consolidate(
    apply: Annotated[bool, typer.Option("--apply", help="Do it.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Go back to the weights before the last one.")] = False,
    by: DeciderOption = None,
    because: ReasonOption = None,
    to: DecideTo = To.STORE,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Refit the weights to this store's records, without labels, and say what would change; --apply does it.

    Experts say how often a name is mistyped, a date turned round. How often that is so here is learned from
    pairs that share a number; few pairs change next to nothing. What people judged stands.

    What is done is kept in the ledger, holds for records that come later, and --undo --apply takes it back.
    """
    word = _word(apply=apply, by=by, because=because)
    settings = settings_of(store)
    print_hint("comparing all that may be one anew: a million records take some minutes")
    if word is not None and to is To.STORE:
        _apply(settings, word, undo=undo, as_json=as_json)
        return
    from streams import bootstrap

    with bootstrap.consolidator(settings) as consolidator:
        proposal = consolidator.propose(back=undo)
        if word is None or not as_json:
            _show(consolidator.tell(proposal), as_json=as_json)
        owners = consolidator.owners
    if word is None:
        print_hint("nothing is changed; --apply --by WHO --because WHY does it")
    else:
        told = [] if proposal.idle else _send(settings, proposal, word, owners)
        show_told(told, as_json=as_json)


def _word(*, apply: bool, by: str | None, because: str | None) -> Word | None:
    """Who decides and why; None where nothing is to be done. Raises `UsageError`."""
    if not apply:
        if by is not None or because is not None:
            raise UsageError("--by and --because go with --apply: without it nothing is changed")
        return None
    if by is None or because is None:
        raise UsageError("--apply goes into the ledger: say who and why with --by WHO --because WHY")
    from streams import bootstrap
    from streams.said import Word

    return Word(by=by, because=because, at=bootstrap.now())


def _apply(settings: Settings, word: Word, *, undo: bool, as_json: bool) -> None:
    """Show it and do just that: the store is held from the first look at it, so nobody writes in between."""
    from streams import bootstrap

    with bootstrap.owner(settings) as owner:
        proposal = owner.proposal(back=undo)
        told = owner.told(proposal)
        if not as_json:
            _show(told, as_json=False)
        changed = None if proposal.idle else owner.consolidate(proposal, word)
    if as_json:
        print_json(_document(told, changed))
    elif changed is not None:
        show_change("Taken back" if undo else "Consolidated", changed, as_json=False)


def _send(settings: Settings, proposal: Proposal, word: Word, owners: list[int]) -> list[Receipt]:
    """The weights travel with the decision: the owner's worker takes these, whatever came meanwhile."""
    from streams import bootstrap

    if not owners:
        raise UsageError("this store is not fed from Kafka: leave --to kafka out")
    with bootstrap.gateway(bootstrap.named_worker(settings, "gateway")) as gateway:
        return gateway.decide(proposal.decision(word), owners=owners)


# --- showing ----------------------------------------------------------------------------------------------


def _document(told: Told, changed: dict[str, Any] | None) -> dict[str, Any]:
    from msgspec import structs

    return {**structs.asdict(told), "applied": changed}


def _show(told: Told, *, as_json: bool) -> None:
    if as_json:
        print_json(_document(told, None))
        return
    if not told.levels:
        print_text("Nothing would change: the weights fit the records.")
        return
    rows = [
        (
            each.level,
            f"{each.before:+.2f}",
            f"{each.after:+.2f}",
            each.pairs,
            *(None if rate is None else f"{100 * rate:.1f}" for rate in (each.expected, each.seen)),
        )
        for each in told.levels
    ]
    columns = ("level", "bits before", "bits after", "pairs", "experts: % of mentions", "here")
    print_table("Weights, in bits beside the experts'", columns, rows)
    print_text(f"{told.merged} merged, {told.split} split, {told.regrouped} regrouped")
    for each in told.entities[:_SHOWN]:
        print_text(_line(each))
    if len(told.entities) > _SHOWN:
        print_text(f"  … and {len(told.entities) - _SHOWN} more: --json has all")


def _line(each: Regrouping) -> str:
    before, after = (" + ".join(map(_named, side)) for side in (each.before, each.after))
    chains = "" if each.chains is None else f"would join {each.chains} chains; "
    return f"  {each.change}: {before} → {after}; {chains}touches {each.alerts} alerts"


def _named(group: Group) -> str:
    label = f"{plain(group.label)} " if group.label else ""
    return f"{label}{group.id} ({group.mentions})"


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command(epilog="Example: suyuan consolidate --apply --by 王警官 --because 同音错字多")(consolidate)
