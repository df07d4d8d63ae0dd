"""`explain`: why two are one or not, feature by feature; or how an entity came together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.options import STORE, JsonOption, StoreOption
from streams.cli.output import plain, print_hint, print_json, print_text
from streams.cli.search import reading_own

if TYPE_CHECKING:
    from schemas.explanations import Act, EntityExplanation, Join, PairExplanation, Step

_SHOWN = 20
"""Profiles and joins of an entity that are shown; --json lists all."""


def explain(
    a: Annotated[str, typer.Argument(metavar="A", help="A mention (source/id#ref) or an entity.")],
    b: Annotated[str | None, typer.Argument(metavar="[B]", help="Another one.")] = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Also draw why the two are one or not.")
    ] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Explain why two mentions or entities are one or not, or how an entity came together."""
    from graph.one import resolve_one
    from schemas.errors import UsageError
    from streams import bootstrap

    if svg is not None and b is None:
        raise UsageError("--svg draws a comparison: name two")
    with reading_own(store, as_json=as_json) as reader:
        for who in (a,) if b is None else (a, b):
            resolve_one(reader, who)
        explainer = bootstrap.explainer(reader)
        if b is None:
            entity = explainer.entity(a)
            print_json(entity) if as_json else print_entity(entity)
            return
        pair = explainer.pair(a, b)
    if svg is not None:
        from streams.explain.svg import write_waterfall

        write_waterfall(pair, svg)
        print_hint(f"drawn: {svg}")
    print_json(pair) if as_json else print_pair(pair)


# --- two --------------------------------------------------------------------------------------------------


def print_pair(found: PairExplanation) -> None:
    """Why two are one or not: the waterfall of their likeliest pair, the sum, and what decides."""
    from streams.cli.waterfall import print_waterfall, print_wrapped
    from streams.explain.words import act_en

    print_text(f"{plain(found.a)} and {plain(found.b)}: {'one' if found.same else 'not one'}")
    for named, mention, asked in zip(found.entities, found.best, (found.a, found.b), strict=True):
        compared = "" if mention == asked else f", {plain(mention)}"
        print_text(f"  {plain(named.label)} ({named.id}){compared}")
    print_text()
    print_waterfall(found)
    if found.bits is not None:
        ask, join = f"{found.review_from:g}", f"{found.link_from:g}"
        print_text(f"\n{_shown(found.bits)} bits; from {ask} a person is asked, from {join} two are joined.")
    print_wrapped(found.words)
    joins = found.path if found.same else (found.attempt,) if found.attempt else ()
    print_joins(joins, found.link_from, known=found.evidence)
    print_acts(tuple(each for each in found.judgements if act_en(each) not in found.words))


def _shown(bits: float) -> str:
    from streams.explain.words import signed

    return signed(bits)


def print_joins(joins: tuple[Join, ...], link: float, known: tuple[Step, ...] = ()) -> None:
    """Joins in their order, each with the figures that held or did not, and its evidence unless `known`."""
    for number, join in enumerate(joins[:_SHOWN], 1):
        print_join(number, join, link, known)
    if len(joins) > _SHOWN:
        print_text(f"  and {len(joins) - _SHOWN} more: --json lists all")


def print_join(number: int, join: Join, link: float, known: tuple[Step, ...]) -> None:
    """One join, or the attempt at one."""
    from streams.cli.waterfall import print_wrapped

    print_wrapped(
        f"{plain(join.a)} + {plain(join.b)}, profiles {join.left} + {join.right}", f"  {number:2}. "
    )
    print_wrapped(_held(join, link), "      ")
    if join.evidence not in ((), known):
        print_wrapped(_listed(join.evidence), "      ")


def _held(join: Join, link: float) -> str:
    """What was held against the threshold, and what came of it."""
    from streams.explain.words import deed_en, guard_figures

    if join.judgement is not None:
        return f"judged: {deed_en(join.judgement)}"
    if join.best is None:
        return "judged to be one"
    figures = guard_figures(join)
    if join.mean is None:
        why = {"weak": "not looked at", "exclusive": "exclusive numbers", "judged": "a judgement forbids it"}
        return f"link {figures['best']}: {why.get(join.outcome, 'joined, by a number of their own')}"
    sign, came = ("≥", "joined") if join.outcome == "joined" else ("<", "not joined")
    half = f"½·{figures['best']} + ½·{figures['mean']} = {figures['value']} {sign} {link:g}"
    return f"best link {figures['best']}, mean of the cross pairs {figures['mean']}: {half}, {came}"


def _listed(evidence: tuple[Step, ...]) -> str:
    from streams.explain.words import reason_en

    return "; ".join(f"{_shown(step.bits)} {reason_en(step.why)}" for step in evidence)


def print_acts(judgements: tuple[Act, ...]) -> None:
    """What people decided about it, oldest first; of what nobody took back, the last about a pair counts."""
    from streams.cli.waterfall import print_wrapped
    from streams.explain.words import act_en

    for each in judgements:
        print_wrapped(f"judged: {act_en(each)}")


# --- one --------------------------------------------------------------------------------------------------


def print_entity(found: EntityExplanation) -> None:
    """What an entity is made of, how it came together, and what keeps its nearest others apart."""
    mentions = sum(len(profile.mentions) for profile in found.profiles)
    print_text(
        f"{plain(found.label)} ({found.entity}), {found.type}: {_counted(mentions, 'mention')}, "
        f"{_counted(len(found.profiles), 'profile')}"
    )
    print_profiles(found)
    if found.joins:
        print_text("\nHow it came together, best link first:")
        print_joins(found.joins, _link())
    if found.judgements:
        print_text("\nWhat people decided:")
        print_acts(found.judgements)
    print_text("\nWhy not with its nearest others:" if found.nearest else "\nNobody is near.")
    for pair in found.nearest:
        print_neighbour(pair)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _link() -> float:
    from streams.resolve.model import LINK

    return LINK


def print_profiles(found: EntityExplanation) -> None:
    """Its mentions; those with equal features are one profile."""
    for number, profile in enumerate(found.profiles[:_SHOWN], 1):
        print_text(f"  {number:2}. {plain(profile.name)}")
        for each in profile.mentions[:5]:
            print_text(f"      {plain(each.mention)}  {each.kind}, reported {each.reported_at[:10]}")
        if len(profile.mentions) > 5:
            print_text(f"      +{len(profile.mentions) - 5}, with equal features")
    if len(found.profiles) > _SHOWN:
        print_text(f"  and {len(found.profiles) - _SHOWN} more: --json lists all")


def print_neighbour(pair: PairExplanation) -> None:
    """One of the nearest others: what speaks for it, what against, and what keeps the two apart."""
    from streams.cli.waterfall import print_wrapped

    other = pair.entities[1]
    print_text(f"  {plain(other.label)} ({other.id}), {_shown(pair.bits or 0.0)} bits")
    print_wrapped(" and ".join(plain(each) for each in pair.best), "      ")
    for word, evidence in (
        ("for", tuple(step for step in pair.evidence if step.bits > 0)),
        ("against", tuple(step for step in pair.evidence if step.bits < 0)),
    ):
        if evidence:
            print_wrapped(f"{word}: {_listed(evidence)}", "      ")
    print_wrapped(pair.words, "      ")


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command(epilog="Example: suyuan explain 460100-110/1#p1 440800-1/7#p2 --svg why.svg")(explain)
