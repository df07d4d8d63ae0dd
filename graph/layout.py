"""Where the boxes of a supply chain stand: tiers from source to street, with few crossings.

Layered drawing after Sugiyama, Tagawa and Toda (1981): a link over several tiers gets a stand-in in
each, and the order within the tiers is swept back and forth by barycentres until no sweep helps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

_SWEEPS = 12

Node = Hashable
Link = tuple[str, str]


class Layout(Struct, frozen=True):
    """Tiers left to right, each top to bottom; stand-ins are `(source, target, tier)`, and `route`
    gives for every link its stand-ins from left to right."""

    tiers: tuple[tuple[Node, ...], ...]
    route: dict[Link, tuple[Node, ...]]
    crossings: int


def tiers_of(chains: Sequence[Sequence[str]], *, from_end: bool) -> dict[str, int]:
    """The tier of each entity: its greatest distance from the origin in any chain, counted so that
    the source's side has the lowest number. `from_end`: the origin is each chain's last.

    >>> tiers_of([["a", "b", "o"], ["b", "o"]], from_end=True)
    {'a': 0, 'b': 1, 'o': 2}
    """
    distance: dict[str, int] = {}
    for chain in chains:
        for step, entity in enumerate(reversed(chain) if from_end else chain):
            distance[entity] = max(step, distance.get(entity, 0))
    most = max(distance.values(), default=0)
    placed = {entity: most - far if from_end else far for entity, far in distance.items()}
    return dict(sorted(placed.items()))


def arrange(tier: dict[str, int], links: Iterable[Link]) -> Layout:
    """Orders the entities of each tier.

    >>> tiers = {"a": 0, "b": 0, "x": 1, "y": 1}
    >>> arrange(tiers, [("a", "y"), ("b", "x")]).crossings
    0
    """
    columns: list[list[Node]] = [[] for _ in range(max(tier.values(), default=0) + 1)]
    for entity, column in tier.items():
        columns[column].append(entity)
    route: dict[Link, tuple[Node, ...]] = {}
    beside: defaultdict[Node, list[Node]] = defaultdict(list)
    steps: list[tuple[Node, Node]] = []
    for source, target in sorted(set(links)):
        left, right = sorted((source, target), key=lambda end: tier[end])
        stand_ins = [(source, target, column) for column in range(tier[left] + 1, tier[right])]
        for stand_in in stand_ins:
            columns[stand_in[2]].append(stand_in)
        route[source, target] = tuple(stand_ins)
        line: list[Node] = [left, *stand_ins, right]
        for one, other in pairwise(line):
            beside[one].append(other)
            beside[other].append(one)
            steps.append((one, other))
    best = _swept(columns, beside, steps)
    return Layout(tuple(map(tuple, best)), route, _crossings(best, steps))


def _swept(
    columns: list[list[Node]], beside: dict[Node, list[Node]], steps: list[tuple[Node, Node]]
) -> list[list[Node]]:
    best, fewest = columns, _crossings(columns, steps)
    current = columns
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        forward = sweep % 2 == 0
        current = _sweep(current, beside, forward=forward)
        crossings = _crossings(current, steps)
        if crossings < fewest:
            best, fewest = current, crossings
    return best


def _sweep(columns: list[list[Node]], beside: dict[Node, list[Node]], *, forward: bool) -> list[list[Node]]:
    result = [list(column) for column in columns]
    order = range(1, len(result)) if forward else range(len(result) - 2, -1, -1)
    for column in order:
        fixed = {node: at for at, node in enumerate(result[column - 1 if forward else column + 1])}
        own = {node: at for at, node in enumerate(result[column])}
        weight = {node: _barycentre(beside[node], fixed, own[node]) for node in own}
        result[column].sort(key=lambda node: (weight[node], own[node]))
    return result


def _barycentre(others: list[Node], fixed: dict[Node, int], own: int) -> float:
    places = [fixed[other] for other in others if other in fixed]
    return sum(places) / len(places) if places else float(own)


def _crossings(columns: list[list[Node]], steps: list[tuple[Node, Node]]) -> int:
    place = {node: (column, at) for column, nodes in enumerate(columns) for at, node in enumerate(nodes)}
    gaps: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for one, other in steps:
        (left, start), (right, end) = sorted((place[one], place[other]))
        if right == left + 1:
            gaps[left].append((start, end))
    return sum(_inversions(sorted(gap)) for gap in gaps.values())


def _inversions(gap: list[tuple[int, int]]) -> int:
    """Pairs of lines between two tiers that cross; lines are sorted by their left end."""
    return sum(
        1
        for at, (start, end) in enumerate(gap)
        for other_start, other_end in gap[at + 1 :]
        if other_start > start and other_end < end
    )
