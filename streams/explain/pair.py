"""Why two are one or not: their likeliest pair, and what holds it together or keeps it apart.

The score is the owner's own function of two profiles, the joins are those of the owner's clustering, played
again on the same component: the explanation cannot say another thing than what was decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, product

from msgspec import Struct, structs

from schemas.explanations import Act, Finding, Join, Named, PairExplanation
from streams.explain.known import Known, Pair
from streams.explain.steps import steps_of
from streams.explain.words import words
from streams.resolve.clusters import Attempt
from streams.resolve.model import LINK, REVIEW

MOST_PROFILES = 60
"""Profiles of an entity that are compared each with each, the first by their hash; above the review threshold
the pairs of all of them are known anyway."""


class _Standing(Struct, frozen=True, kw_only=True):
    """How it stands between two profiles, and what says so."""

    verdict: Finding
    path: tuple[Join, ...] = ()
    attempt: Join | None = None
    judgement: Act | None = None
    shared: tuple[str, ...] = ()


def explain_pair(known: Known, a: str, b: str) -> PairExplanation:
    """Why two mentions or entities are one or not.

    Raises `NotFound`, `Ambiguous`, and `UsageError` for what is named by its value.
    """
    return between(known, known.meant(a), known.meant(b), (a.strip(), b.strip()))


def between(
    known: Known, left: Sequence[int], right: Sequence[int], asked: tuple[str, str] | None = None
) -> PairExplanation:
    """How it stands between two groups of profiles (in order), of which each is in one entity."""
    x, y = _likeliest(known, left, right)
    best = known.name(x), known.name(y)
    keys = known.entity(x), known.entity(y)
    a, b = asked or best
    found = known.score(x, y) if known.type_of(x) == known.type_of(y) else None
    standing = _alike(a, b) if x == y else _standing(known, (x, y), (left, right))
    made = PairExplanation(
        a=a,
        b=b,
        same=keys[0] == keys[1],
        verdict=standing.verdict,
        words="",
        entities=(_named(known, keys[0]), _named(known, keys[1])),
        best=best,
        bits=None if found is None else found.bits,
        link_from=LINK,
        review_from=REVIEW,
        exclusive=found is not None and found.exclusive,
        evidence=() if found is None else steps_of(found),
        path=standing.path,
        attempt=standing.attempt,
        judgement=standing.judgement,
        shared=standing.shared,
        judgements=known.judged.of({*left, *right}),
    )
    return structs.replace(made, words=words(made))


def _named(known: Known, key: int) -> Named:
    return Named(known.reader.public_id(key), known.reader.label(key))


def _alike(a: str, b: str) -> _Standing:
    """How it stands where one profile is all that both names mean; only a mention's name has a `#`."""
    if "#" not in a or "#" not in b:
        return _Standing(verdict="one_entity")
    return _Standing(verdict="one_mention" if a == b else "one_profile")


def _standing(known: Known, pair: Pair, sides: tuple[Sequence[int], Sequence[int]]) -> _Standing:
    x, y = pair
    if known.type_of(x) != known.type_of(y):
        return _Standing(verdict="types")
    if known.entity(x) != known.entity(y):
        return _apart(known, x, y, sides)
    standing = _one(known, x, y)
    return structs.replace(standing, verdict="one_entity") if set(sides[0]) == set(sides[1]) else standing


def _likeliest(known: Known, left: Sequence[int], right: Sequence[int]) -> Pair:
    """The pair that most speaks for, ties by the profiles' hashes; one with itself if there is no other."""
    if known.type_of(left[0]) != known.type_of(right[0]):
        return left[0], right[0]
    others = set(right)
    wanted = set(product(islice(left, MOST_PROFILES), islice(right, MOST_PROFILES)))
    wanted.update((x, y) for x in left for y in known.pairs.of(x) if y in others)
    pairs = [(x, y) for x, y in wanted if x != y]

    def rank(pair: Pair) -> tuple[float, list[int], int]:
        orders = [known.order(pid) for pid in pair]
        return -known.score(*pair).bits, sorted(orders), orders[0]

    return min(pairs, key=rank, default=(left[0], left[0]))


# --- one --------------------------------------------------------------------------------------------------


def _one(known: Known, x: int, y: int) -> _Standing:
    """What holds two profiles of one entity together."""
    component, attempts = known.clustering(x)
    path = _path(attempts, x, y)
    if not path:
        return _Standing(verdict="outdated")
    judgement = known.judged.between((x,), (y,), "same")
    linked = any({link.a, link.b} == {x, y} for link in component.links)
    weak = any({each.a, each.b} == {x, y} and each.outcome == "weak" for each in attempts)
    verdict: Finding = "judged_same" if judgement else "linked" if linked and not weak else "over_others"
    return _Standing(verdict=verdict, path=tuple(join_of(known, each) for each in path), judgement=judgement)


def _path(attempts: Iterable[Attempt], x: int, y: int) -> list[Attempt]:
    """The joins that lead from one profile to another: as joins make a tree, there is one way."""
    beside: dict[int, list[tuple[int, Attempt]]] = {}
    for each in attempts:
        if each.outcome == "joined":
            beside.setdefault(each.a, []).append((each.b, each))
            beside.setdefault(each.b, []).append((each.a, each))
    came: dict[int, tuple[int, Attempt] | None] = {x: None}
    frontier = [x]
    while frontier and y not in came:
        at = frontier.pop()
        for other, each in beside.get(at, ()):
            if other not in came:
                came[other] = (at, each)
                frontier.append(other)
    way: list[Attempt] = []
    step = came.get(y)
    while step is not None:
        way.append(step[1])
        step = came[step[0]]
    return way[::-1]


def join_of(known: Known, attempt: Attempt) -> Join:
    """An attempt in the words of an explanation; its two in the order of their hashes."""
    a, b = known.ranked(attempt.a, attempt.b)
    sizes = (attempt.left, attempt.right) if a == attempt.a else (attempt.right, attempt.left)
    judged = attempt.bits is None
    return Join(
        a=known.name(a),
        b=known.name(b),
        outcome=attempt.outcome,
        left=sizes[0],
        right=sizes[1],
        best=attempt.bits,
        mean=attempt.mean,
        value=attempt.value,
        evidence=() if judged else steps_of(known.score(a, b)),
        judgement=known.judged.between((a,), (b,), "same") if judged else None,
    )


# --- not one ----------------------------------------------------------------------------------------------


def _apart(known: Known, x: int, y: int, sides: tuple[Sequence[int], Sequence[int]]) -> _Standing:
    """What keeps two profiles of different entities apart."""
    found = known.score(x, y)
    if (judgement := known.judged.between(*sides, "different")) is not None:
        return _Standing(verdict="judged_different", judgement=judgement)
    if known.judged.between(*sides, "same") is not None:
        judgement = _between_groups(known, x, y)
        return _Standing(verdict="judged_different" if judgement else "outdated", judgement=judgement)
    if found.exclusive:
        return _Standing(verdict="exclusive")
    if found.bits < REVIEW:
        return _Standing(verdict="below")
    met = y in known.pairs.of(x)
    if met and found.bits >= LINK:
        return _refused(known, x, y)
    if _exclusive_groups(known, x, y):
        return _Standing(verdict="group_exclusive")
    if not met:
        return _unmet(known, x, y)
    unsure = known.judged.between(*sides, "unsure")
    return _Standing(verdict="unsure" if unsure else "review", judgement=unsure)


def _exclusive_groups(known: Known, x: int, y: int) -> bool:
    """Whether their entities carry numbers that exclude each other: then no link could join them."""
    one, other = (
        {sole for member in known.profiles_of(known.entity(pid)) if (sole := known.profile(member).sole)}
        for pid in (x, y)
    )
    return bool(one and other) and one.isdisjoint(other)


def _unmet(known: Known, x: int, y: int) -> _Standing:
    """Why two that score enough are no pair: no block asks for them."""
    meetings = known.meetings(x, y)
    shared = tuple(dict.fromkeys(each.what for each in meetings))
    if not meetings:
        return _Standing(verdict="unmet")
    generic = all(each.generic for each in meetings)
    return _Standing(verdict="generic" if generic else "crowded", shared=shared)


_REFUSALS: dict[str, Finding] = {
    "guard": "guard",
    "exclusive": "group_exclusive",
    "judged": "judged_different",
    "weak": "too_large",
}


def _refused(known: Known, x: int, y: int) -> _Standing:
    """Why two that are linked were not joined: what became of their own link."""
    _, attempts = known.clustering(x)
    (own,) = (each for each in attempts if {each.a, each.b} == {x, y} and each.bits is not None)
    judgement = _between_groups(known, x, y) if own.outcome == "judged" else None
    verdict = _REFUSALS.get(own.outcome, "outdated")
    return _Standing(verdict=verdict, attempt=join_of(known, own), judgement=judgement)


def _between_groups(known: Known, x: int, y: int) -> Act | None:
    """The judgement about others of their entities that keeps these apart."""
    groups = [known.profiles_of(known.entity(pid)) for pid in (x, y)]
    return known.judged.between(groups[0], groups[1], "different")
