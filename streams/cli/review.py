"""`review`: pairs and deliveries that wait for a person, and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemas.errors import UsageError
from streams.cli.deciding import (
    Answer,
    Checking,
    Deciding,
    Merging,
    Splitting,
    Unchecking,
    Undoing,
    carry_out,
)
from streams.cli.ingest import DecideTo, To, show_change
from streams.cli.options import STORE, BecauseOption, ByOption, JsonOption, StoreOption
from streams.cli.output import plain, print_error, print_hint, print_json, print_json_lines, print_text
from streams.cli.search import reading_own

if TYPE_CHECKING:
    from schemas.decisions import Checked, Verdict
    from schemas.explanations import Act
    from schemas.reviews import Verified, WaitingDelivery

Left = Annotated[
    str,
    typer.Argument(
        metavar="A",
        help="A mention (source/id#ref) or an entity's id; or a delivery that waits (source/id#text@…).",
    ),
]
Right = Annotated[str, typer.Argument(metavar="B", help="The other one.")]

MaybeRight = Annotated[
    str | None, typer.Argument(metavar="[B]", help="The other one; none for a delivery.", show_default=False)
]

_COMMANDS = {"same": "accept", "different": "reject", "unsure": "unsure"}
_CHECKS = {"confirmed": "accept", "refuted": "reject", "unsure": "unsure"}
_CHECKED: dict[Verdict, Checked] = {"same": "confirmed", "different": "refuted", "unsure": "unsure"}

PAIR = "460100-110/1#p1 440800-1/7#p2 --by 王警官 --because"

group = typer.Typer(invoke_without_command=True)


@group.callback(epilog="Example: suyuan review --limit 5")
def review(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """List what waits for a person: pairs that may be one, then deliveries that tips tell.

    Of the pairs those come first whose answer would change most: by the chains that accepting would join,
    then by the alerts that it would newly raise, then by those that speak of either of the two, then by how
    little the model decides by itself. The deliveries are told in words that were not understood whole, and
    are drawn if somebody accepts them; the surest come first. Where there are more than fit, half of the list
    is left to them.
    """
    if ctx.invoked_subcommand is not None:
        return
    from streams import bootstrap

    with reading_own(store, as_json=as_json) as reader:
        inspector = bootstrap.inspector(reader)
        deliveries = inspector.deliveries(limit)
        pairs = inspector.review(max(limit - len(deliveries), (limit + 1) // 2))
        deliveries = deliveries[: limit - len(pairs)]
    if as_json:
        print_json_lines([*pairs, *deliveries])
        return
    for pair in pairs:
        names = " and ".join(f"{plain(each['label'])} ({each['id']})" for each in pair["entities"])
        print_text(f"{names}\n  {plain(pair['a'])} {plain(pair['b'])}\n  {pair['effect']['words']}")
        print_score(pair)
    for each in deliveries:
        _print_delivery(each)
    print_hint(
        f"{len(pairs)} pairs, {len(deliveries)} deliveries; answer with "
        "suyuan review accept/reject/unsure A [B] --by --because"
    )


def _print_delivery(one: WaitingDelivery) -> None:
    """What a text tells, and how sure that is."""
    goods = (one.time, one.substance, one.quantity, one.unit)
    told = " ".join(plain(each) for each in goods if each is not None)
    print_text(f"{plain(one.supplier)} → {plain(one.recipient)} ({one.score:.2f})  {told}".rstrip())
    print_text(f"  {plain(one.claim)}\n  {plain(one.around)}")


def _answer(a: str, b: str | None, verdict: Verdict, how: Deciding) -> None:
    if b is None:
        _must_be_a_delivery(a)
        if (changed := carry_out(Checking(a, _CHECKED[verdict]), how)) is not None:
            _show(f"{a}: {_CHECKED[verdict]}", changed, how)
    elif (changed := carry_out(Answer(a, b, verdict), how)) is not None:
        _show(f"{a} and {b}: {verdict}", changed, how)


def _must_be_a_delivery(a: str) -> None:
    """Raises `UsageError` when something is said about half a pair."""
    from streams.verifying import is_claim

    if not is_claim(a):
        raise UsageError("name two mentions or entities, or one delivery as `suyuan review` lists it")


def _show(title: str, changed: dict[str, Any], how: Deciding) -> None:
    """What a decision changed, and of acts who said what, and why."""
    from schemas.explanations import Act
    from schemas.reviews import Verified
    from streams.explain.words import deed_en

    if how.as_json:
        print_json(changed)
        return
    told = {key: each for key, each in changed.items() if each is not None}
    for key, each in told.items():
        if isinstance(each, Act):
            told[key] = deed_en(each)
        elif isinstance(each, Verified):
            told[key] = f"{each.by}, {each.at[:10]}, {each.verdict}: {each.because}"
    show_change(title, told, as_json=False)


@group.command(epilog=f"Example: suyuan review accept {PAIR} 同一证件")
def accept(
    a: Left,
    b: MaybeRight = None,
    *,
    by: ByOption,
    because: BecauseOption,
    to: DecideTo = To.STORE,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """The two are one, or what the text tells is so; this beats the model until it is taken back."""
    _answer(a, b, "same", Deciding(by, because, to, store, as_json))


@group.command(epilog=f"Example: suyuan review reject {PAIR} 兄弟二人")
def reject(
    a: Left,
    b: MaybeRight = None,
    *,
    by: ByOption,
    because: BecauseOption,
    to: DecideTo = To.STORE,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """The two are not one, and are taken apart if they were joined; or what the text tells is not so."""
    _answer(a, b, "different", Deciding(by, because, to, store, as_json))


@group.command(epilog=f"Example: suyuan review unsure {PAIR} 待查")
def unsure(
    a: Left,
    b: MaybeRight = None,
    *,
    by: ByOption,
    because: BecauseOption,
    to: DecideTo = To.STORE,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """It cannot be said; the model decides about two, a delivery is not drawn, and it no longer waits."""
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
    b: MaybeRight = None,
    *,
    by: ByOption,
    because: BecauseOption,
    to: DecideTo = To.STORE,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Take back what was last decided about the two (a split as a whole) or the delivery: what stood before
    stands again.

    It shows what was taken back, and what counts now. What was taken back by mistake is said again.
    """
    how = Deciding(by, because, to, store, as_json)
    if b is None:
        _must_be_a_delivery(a)
        deed: Undoing | Unchecking = Unchecking(a)
    else:
        deed = Undoing(a, b)
    if (changed := carry_out(deed, how)) is None:
        return
    _show(f"Taken back: {deed.about}", changed, how)
    print_hint(f"to say it again: suyuan review {_again(changed['taken_back'])} --by WHO --because WHY")


def _again(said: Act | Verified) -> str:
    """The command that says the same once more."""
    from schemas.reviews import Verified

    if isinstance(said, Verified):
        return f"{_CHECKS[said.verdict]} {said.claim}"
    if said.verdict == "split":
        return f"split {said.rest[0]} {' '.join(said.apart)}"
    return f"{_COMMANDS[said.verdict]} {said.a} {said.b}"


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
