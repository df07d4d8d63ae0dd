"""Where a search ends: entities with nobody behind them, and loops that nothing leads out of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

Graph = Mapping[int, Collection[int]]


def dead_ends(nodes: Iterable[int], leads_to: Graph, depth: Mapping[int, int]) -> set[int]:
    """The nodes that lead nowhere further.

    A loop without a way out (two dealers who supply each other) would have no end at all; of it
    those count that lead to nobody in it who lies deeper than themselves.

    >>> dead_ends({1, 2}, {1: {2}}, {1: 1, 2: 2})
    {2}
    >>> dead_ends({1, 2}, {1: {2}, 2: {1}}, {1: 1, 2: 2})
    {2}
    >>> dead_ends({1, 2, 3}, {1: {2, 3}, 2: {1}}, {1: 1, 2: 2, 3: 2})
    {3}
    """
    everyone = set(nodes)
    ends = {node for node in everyone if not leads_to.get(node)}
    trapped = everyone - _sources_of(ends, leads_to)
    if trapped:
        for loop in _components(trapped, leads_to):
            if all(leads_to[node] <= loop for node in loop):  # type: ignore[operator]  # all graphs here have sets
                ends |= {node for node in loop if all(depth[to] <= depth[node] for to in leads_to[node])}
    return ends


def _sources_of(ends: set[int], leads_to: Graph) -> set[int]:
    """Everyone from whom an end can be reached, the ends included."""
    came_from: dict[int, list[int]] = {}
    for node, others in leads_to.items():
        for other in others:
            came_from.setdefault(other, []).append(node)
    return _reachable(ends, came_from)


def _reachable(starts: Iterable[int], graph: Graph) -> set[int]:
    seen = set(starts)
    waiting = list(seen)
    while waiting:
        fresh = set(graph.get(waiting.pop(), ())) - seen
        seen |= fresh
        waiting.extend(fresh)
    return seen


def _components(nodes: set[int], graph: Graph) -> list[set[int]]:
    """Strongly connected components of the nodes, by Kosaraju's two passes."""
    order = _finished(nodes, graph)
    turned: dict[int, list[int]] = {}
    for node in nodes:
        for other in graph.get(node, ()):
            turned.setdefault(other, []).append(node)
    components, placed = [], set[int]()
    for node in reversed(order):
        if node not in placed:
            component = _reachable_without(node, turned, placed)
            placed |= component
            components.append(component)
    return components


def _reachable_without(start: int, graph: Graph, barred: set[int]) -> set[int]:
    seen = {start}
    waiting = [start]
    while waiting:
        fresh = set(graph.get(waiting.pop(), ())) - seen - barred
        seen |= fresh
        waiting.extend(fresh)
    return seen


def _finished(nodes: set[int], graph: Graph) -> list[int]:
    """Nodes in the order in which a depth-first walk leaves them, without recursion."""
    order: list[int] = []
    seen: set[int] = set()
    for start in nodes:
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(graph.get(start, ())))]
        while stack:
            node, others = stack[-1]
            nxt = next((other for other in others if other not in seen), None)
            if nxt is None:
                order.append(node)
                stack.pop()
            else:
                seen.add(nxt)
                stack.append((nxt, iter(graph.get(nxt, ()))))
    return order
