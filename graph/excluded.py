"""The deliveries that a trace did not follow, and why: half of what an investigator must know."""

from __future__ import annotations

from collections.abc import Iterator

from graph.chains import ALWAYS, Claim, Found, Label, Limits, why
from graph.port import Delivery, Direction, GraphReader
from schemas.entities import Excluded
from schemas.times import iso

_REASONS = ("time", "substance", "confidence", "withdrawn", "withheld")

Why = tuple[str, str]


def excluded_of(
    reader: GraphReader, found: Found, direction: Direction, limits: Limits
) -> tuple[Excluded, ...]:
    """Deliveries at the entities a search expanded, grouped by pair and reason, the nearest miss of a
    group in its detail; by reason (time first), then ids. One with somebody who has no id for this reader
    is left out: what could be told of them comes from records that may not be seen."""
    groups: dict[tuple[int, int, str], list[tuple[int, Delivery, str]]] = {}
    for delivery, (reason, detail), miss in _all(reader, found, direction, limits):
        groups.setdefault((delivery.source, delivery.target, reason), []).append((miss, delivery, detail))
    ids = reader.public_ids({key for source, target, _ in groups for key in (source, target)})
    made = []
    for (source, target, reason), misses in groups.items():
        if source not in ids or target not in ids:
            continue
        records = tuple(sorted({delivery.record for _, delivery, _ in misses}))
        nearest = min((miss, delivery.record, detail) for miss, delivery, detail in misses)
        excluded = Excluded(ids[source], ids[target], records, reason, nearest[2])
        made.append((_REASONS.index(reason), nearest[0], excluded))
    made.sort(key=lambda each: (each[0], each[1], each[2].source, each[2].target))
    return tuple(excluded for _, _, excluded in made)


def _all(
    reader: GraphReader, found: Found, direction: Direction, limits: Limits
) -> Iterator[tuple[Delivery, Why, int]]:
    """Each delivery with the reason and by how much it was missed (microseconds; 0 where no time is)."""
    for delivery, reason, detail in found.set_aside:
        yield delivery, (reason, detail), 0
    for entity, claims in found.claims.items():
        labels = [label for label in found.labels[entity] if label.hops < limits.max_hops]
        for claim in claims:
            if claim.delivery.edge not in found.followed:
                unfit, miss = _unfit(claim, labels, direction)
                yield claim.delivery, unfit, miss
    for delivery in reader.withdrawn_deliveries(sorted(found.claims), direction):
        if limits.withheld is None or limits.withheld(delivery) is None:
            yield delivery, ("withdrawn", why("withdrawn")), 0


def _unfit(claim: Claim, labels: list[Label], direction: Direction) -> tuple[Why, int]:
    """Why no way to the entity goes on by this delivery."""
    fitting = [one.bound for one in labels if not one.substance or claim.substance in (None, one.substance)]
    if not fitting:
        others = " and ".join(sorted({label.substance or "" for label in labels}))
        return ("substance", why("other_than_before", substance=claim.substance, others=others)), 0
    bound = max(fitting)
    if direction == "up":
        detail = why("after", begun=iso(claim.start), over=iso(bound))
    else:
        detail = why("before", over=iso(-claim.start), begun=iso(-bound))
    return ("time", detail), min(claim.start - bound, ALWAYS)
