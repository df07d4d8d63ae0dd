"""`review`: pairs that wait for a person, and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from streams.cli.ingest import DecideTo, To, show_change, show_told
from streams.cli.options import STORE, BecauseOption, ByOption, JsonOption, StoreOption, settings_of
from streams.cli.output import plain, print_hint, print_json_lines, print_text
from streams.cli.search import reading_own

if TYPE_CHECKING:
    from graph.port import GraphReader
    from schemas.claims import MentionType
    from schemas.decisions import Verdict
    from schemas.entities import MentionRef

Left = Annotated[str, typer.Argument(metavar="A", help="A mention (source/id#ref) or an entity's id.")]
Right = Annotated[str, typer.Argument(metavar="B", help="The other one.")]

PAIR = "460100-110/1#p1 440800-1/7#p2 --by 王警官 --because"

group = typer.Typer(invoke_without_command=True)


@group.callback(epilog="Example: suyuan review --limit 5")
def review(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """List pairs that may be one and wait for a person, the likeliest first."""
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
        print_text(f"{names}\n  {plain(pair['a'])} {plain(pair['b'])}")
        print_score(pair)
    print_hint(f"{len(pairs)} pairs; answer with suyuan review accept/reject/unsure A B --by --because")


def _mention(reader: GraphReader, who: str) -> tuple[str, MentionType]:
    """The name of the mention that a judgement about `who` hangs on: itself, or an entity's earliest; and
    what it is.

    Raises `NotFound` when a mention is named that is not live: a judgement would hang on nothing.
    """
    from graph.one import resolve_one
    from schemas.claims import RESOLVED_TYPES
    from schemas.errors import NotFound, UsageError

    who = who.strip()
    (entity,) = reader.entities([resolve_one(reader, who)])
    if entity.type not in RESOLVED_TYPES:
        raise UsageError(f"a {entity.type} is what its number says: it is neither joined nor taken apart")
    named = [name for each in entity.mentions if (name := _name(each)) == who]
    if not named and "#" in who and "/" in who:
        raise NotFound("no live mention has this name: `suyuan show` lists those of a record's entities")
    return named[0] if named else _name(entity.mentions[0]), entity.type


def _name(mention: MentionRef) -> str:
    from schemas.ids import mention_part

    return f"{mention.record}#{mention_part(mention.ref, mention.span)}"


class Answer(NamedTuple):
    """An answer about a pair as it was typed."""

    left: str
    right: str
    verdict: Verdict
    by: str
    because: str


def _judge(answer: Answer, to: To, store: str, *, as_json: bool) -> None:
    from schemas.decisions import Judgement
    from schemas.errors import UsageError
    from streams import bootstrap
    from streams.resolve.judgements import must_be_possible

    with reading_own(store, as_json=as_json) as reader:
        (left, type_), (right, other) = (_mention(reader, who) for who in (answer.left, answer.right))
    if left == right:
        raise UsageError(
            "both are the same mention: name the mentions, like source/id#ref (`suyuan show ID`)"
        )
    must_be_possible({type_, other})
    judgement = Judgement(
        left=left,
        right=right,
        verdict=answer.verdict,
        by=answer.by,
        because=answer.because,
        at=bootstrap.now(),
    )
    settings = settings_of(store)
    if to is To.KAFKA:
        with bootstrap.gateway(bootstrap.named_worker(settings, "gateway")) as gateway:
            told = gateway.decide(judgement)
        show_told(told, as_json=as_json)
        return
    with bootstrap.owner(settings) as owner:
        changed = owner.judge(judgement)
    show_change(f"{answer.left} and {answer.right}: {answer.verdict}", changed, as_json=as_json)


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
    _judge(Answer(a, b, "same", by, because), to, store, as_json=as_json)


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
    _judge(Answer(a, b, "different", by, because), to, store, as_json=as_json)


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
    _judge(Answer(a, b, "unsure", by, because), to, store, as_json=as_json)


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
    """Take back an answer: the model decides again, and the pair waits in the list again."""
    _judge(Answer(a, b, "undone", by, because), to, store, as_json=as_json)


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
