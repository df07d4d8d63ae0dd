"""`review`: pairs that wait for a person, and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli.deciding import Answer, Deciding, Merging, Splitting, Undoing, carry_out
from streams.cli.ingest import DecideTo, To, show_change
from streams.cli.options import STORE, BecauseOption, ByOption, JsonOption, StoreOption
from streams.cli.output import plain, print_error, print_hint, print_json, print_json_lines, print_text
from streams.cli.search import reading_own

if TYPE_CHECKING:
    from schemas.decisions import Verdict
    from schemas.explanations import Act

Left = Annotated[str, typer.Argument(metavar="A", help="A mention (source/id#ref) or an entity's id.")]
Right = Annotated[str, typer.Argument(metavar="B", help="The other one.")]

_COMMANDS = {"same": "accept", "different": "reject", "unsure": "unsure"}

PAIR = "460100-110/1#p1 440800-1/7#p2 --by 王警官 --because"

group = typer.Typer(invoke_without_command=True)


@group.callback(epilog="Example: suyuan review --limit 5")
def review(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """List pairs that may be one and wait for a person, those first whose answer would change most.

    First by the chains that accepting would join, then by the alerts that it would newly raise, then by those
    that speak of either of the two, then by how little the model decides by itself.
    """
    if ctx.invoked_subcommand is not None:
        return
    from streams import bootstrap

    with reading_own(store, as_json=as_json) as reader:
        pairs = bootstrap.inspector(reader).review(limit)
    if as_json:
        print_json_lines(pairs)
        return
    for pair in pairs:
        names = " and ".join(f"{plain(each['label'])} ({each['id']})" for each in pair["entities"])
        print_text(f"{names}\n  {plain(pair['a'])} {plain(pair['b'])}\n  {pair['effect']['words']}")
        print_score(pair)
    print_hint(f"{len(pairs)} pairs; answer with suyuan review accept/reject/unsure A B --by --because")


def _answer(a: str, b: str, verdict: Verdict, how: Deciding) -> None:
    if (changed := carry_out(Answer(a, b, verdict), how)) is not None:
        _show(f"{a} and {b}: {verdict}", changed, how)


def _show(title: str, changed: dict[str, Any], how: Deciding) -> None:
    """What a decision changed, and of acts who said what, and why."""
    from schemas.explanations import Act
    from streams.explain.words import deed_en

    if how.as_json:
        print_json(changed)
        return
    told = {key: deed_en(each) if isinstance(each, Act) else each for key, each in changed.items()}
    show_change(title, {key: each for key, each in told.items() if each is not None}, as_json=False)


@group.command(epilog=f"Example: suyuan review accept {PAIR} 同一证件")
def accept(
    a: Left,
    b: Right,
    by: ByOption,
    because: BecauseOption,
    to: DecideTo = To.STORE,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """The two are one; this beats the model until it is taken back."""
    _answer(a, b, "same", Deciding(by, because, to, store, as_json))


@group.command(epilog=f"Example: suyuan review reject {PAIR} 兄弟二人")
def reject(
    a: Left,
    b: Right,
    by: ByOption,
    because: BecauseOption,
    to: DecideTo = To.STORE,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """The two are not one; if they were joined, they are taken apart."""
    _answer(a, b, "different", Deciding(by, because, to, store, as_json))


@group.command(epilog=f"Example: suyuan review unsure {PAIR} 待查")
def unsure(
    a: Left,
    b: Right,
    by: ByOption,
    because: BecauseOption,
    to: DecideTo = To.STORE,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """It cannot be said; the model decides, and the pair no longer waits in the list."""
    _answer(a, b, "unsure", Deciding(by, because, to, store, as_json))


@group.command(epilog="Example: suyuan review merge 440800-1/7#p2 周远航 --by 王警官 --because 指纹相同")
def merge(
    a: Annotated[str, typer.Argument(metavar="A", help="An entity (id, name, number) or a mention of it.")],
    b: Right,
    by: ByOption,
    because: BecauseOption,
    to: DecideTo = To.STORE,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Two entities that nothing brings together are one.

    Where a judgement keeps them apart, that one has to be taken back first. It beats two ID numbers that
    differ, and says so. Mentions that do not come along, because too much speaks against them, are listed.
    """
    how, deed = Deciding(by, because, to, store, as_json), Merging(a, b)
    changed = carry_out(deed, how)
    pair = f"{deed.merge.judgement.left} {deed.merge.judgement.right}"
    if changed is not None:
        _show(f"Merged: {pair}", changed, how)
    if deed.merge.exclusive:
        print_error(
            "both have an ID number, and these differ. To take it back: "
            f"suyuan review undo {pair} --by WHO --because WHY"
        )


@group.command(epilog="Example: suyuan review split 林小满 440800-1/7#p2 --by 王警官 --because 借用他人手机")
def split(
    entity: Annotated[str, typer.Argument(metavar="ENTITY", help="An entity (id, name, number).")],
    mentions: Annotated[
        list[str], typer.Argument(metavar="MENTION…", help="Mentions that are not its own (source/id#ref).")
    ],
    by: ByOption,
    because: BecauseOption,
    to: DecideTo = To.STORE,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Take mentions out of an entity for good; those that are named stay together as another one.

    Nothing that comes later joins the two again. To take out several people, split once for each. It is
    taken back as a whole: suyuan review undo, with one mention of each side.
    """
    how, deed = Deciding(by, because, to, store, as_json), Splitting(entity, mentions)
    if (changed := carry_out(deed, how)) is not None:
        _show(f"Split off: {', '.join(deed.split.apart)}", changed, how)


@group.command(epilog=f"Example: suyuan review undo {PAIR} 看错了")
def undo(
    a: Left,
    b: Right,
    by: ByOption,
    because: BecauseOption,
    to: DecideTo = To.STORE,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Take back what was last decided about the two, a split as a whole: what stood before stands again.

    It shows what was taken back, and what counts now. What was taken back by mistake is said again.
    """
    how, deed = Deciding(by, because, to, store, as_json), Undoing(a, b)
    if (changed := carry_out(deed, how)) is None:
        return
    _show(f"Taken back: {deed.judgement.left} and {deed.judgement.right}", changed, how)
    print_hint(f"to say it again: suyuan review {_again(changed['taken_back'])} --by WHO --because WHY")


def _again(act: Act) -> str:
    """The command that says the same once more."""
    if act.verdict == "split":
        return f"split {act.rest[0]} {' '.join(act.apart)}"
    return f"{_COMMANDS[act.verdict]} {act.a} {act.b}"


def print_score(scored: dict[str, Any]) -> None:
    """How much speaks for two being one, and each reason with its weight."""
    if scored["exclusive"]:
        print_text("  they cannot be one")
    print_text(
        f"  {scored['bits']:+.1f} bits; {scored['link_from']:g} join, {scored['review_from']:g} ask a person"
    )
    for each in scored["evidence"]:
        print_text(f"    {each['bits']:+6.1f}  {each['feature']}: {plain(each['why'])}")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="review")
