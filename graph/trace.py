"""Supply chains (追线溯源): from someone up to the sources, or down to the street, in time order.

`trace` is what commands, rules and the console call. The search is in `graph.chains`; here its result
is put into words and records. Everything in it is a lead, not evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from graph.chains import ALWAYS, Claim, Found, Label, Limits, Search, Withheld
from graph.excluded import excluded_of
from graph.nearest import why_nothing
from graph.port import Direction, GraphReader
from schemas.entities import Chain, Entity, Hop, Reached, Trace
from schemas.errors import NotFound
from schemas.times import iso

_DIGITS = 12
"""Of a chain's confidence: what is behind them is noise of the multiplication."""


def trace(  # noqa: PLR0913  the contract's options, one by one
    reader: GraphReader,
    origin: int,
    direction: Direction = "up",
    *,
    substance: str | None = None,
    until: int | None = None,
    max_hops: int = 8,
    min_confidence: float = 0.2,
    withheld: Withheld | None = None,
    described: Callable[[Iterable[int]], list[Entity]] | None = None,
) -> Trace:
    """The most confident feasible chain from the entity `origin` to each end of its supply.

    `substance` is a canonical code (an unknown substance fits any); `until` is valid time in
    microseconds: only deliveries that can have happened by then; transaction time is the reader's.
    Deliveries below `min_confidence` are not followed. `withheld` gives the reason why a delivery may
    not be shown to the one who asks, or None: a chain never goes through it.

    `described` gives the entities of the chains, for who does not need all that is said of them
    (`reader.entities` unless given).

    An end is a reached entity behind which no further feasible delivery exists, or where `max_hops`
    cut the search (`truncated`). In a loop of mutual deliveries that nothing leads out of, those
    reached last are the ends.

    Raises `NotFound` when the entity is not known at the reader's moment.
    """
    limits = Limits(
        substance=substance,
        until=until,
        max_hops=max_hops,
        min_confidence=min_confidence,
        withheld=withheld,
    )
    search = Search(lambda keys: reader.deliveries(keys, direction), reader.public_ids, direction, limits)
    found = search.run(origin)
    return _Report(reader, origin, direction, search, found, limits, described or reader.entities).write()


class _Report:
    """Turns what a search found into a Trace; every entity is read once."""

    def __init__(  # noqa: PLR0913  what one trace asked for and found
        self,
        reader: GraphReader,
        origin: int,
        direction: Direction,
        search: Search,
        found: Found,
        limits: Limits,
        described: Callable[[Iterable[int]], list[Entity]],
    ) -> None:
        self._reader = reader
        self._origin = origin
        self._direction = direction
        self._found = found
        self._limits = limits
        self._claims: dict[int, defaultdict[int, list[Claim]]] = {}
        self._best = {end: search.best(end) for end in found.ends}
        self._shortest = {key: search.shortest(key) for key in found.labels if key != origin}
        self._entities = self._read(described)

    def _read(self, described: Callable[[Iterable[int]], list[Entity]]) -> dict[int, Entity]:
        keys = {self._origin}
        for label in self._best.values():
            keys.update(label.entities())
        ordered = sorted(keys)
        entities = {entity.id: entity for entity in described(ordered)}
        ids = self._reader.public_ids(ordered)
        return {key: entities[id_] for key, id_ in ids.items() if id_ in entities}

    def write(self) -> Trace:
        """The contract's TRACE."""
        if self._origin not in self._entities:
            raise NotFound("this entity is not known at that moment")
        chains = sorted(map(self._chain, self._best.values()), key=_chain_order)
        excluded = excluded_of(self._reader, self._found, self._direction, self._limits)
        note = None
        if not chains:
            note = why_nothing(self._reader, self._origin, self._direction, excluded)
        as_of = self._reader.as_of
        return Trace(
            origin=self._entities[self._origin],
            direction=self._direction,
            as_of=None if as_of is None else iso(as_of),
            truncated=self._found.truncated,
            chains=tuple(chains),
            reached=self._reached(),
            excluded=excluded,
            note=note,
        )

    def _chain(self, label: Label) -> Chain:
        steps = label.way()
        if self._direction == "down":
            steps.reverse()
        beyond = _beyond(label)
        hops = tuple(self._hop(step, label.substance, beyond[step.hops]) for step in steps)
        return Chain(round(label.confidence, _DIGITS), hops)

    def _hop(self, step: Label, substance: str | None, beyond: int) -> Hop:
        claim, before = step.claim, step.before
        assert claim is not None
        assert before is not None
        one = claim.delivery
        fits = (
            other.delivery.record
            for other in self._between(before.entity, step.entity)
            if other.substance in (None, substance) and other.start <= before.bound and other.bound >= beyond
        )
        return Hop(
            source=self._entities[one.source],
            target=self._entities[one.target],
            kind=one.basis,
            substance=one.substance,
            earliest=None if one.earliest is None else iso(one.earliest),
            latest=iso(one.latest),
            confidence=one.confidence,
            records=tuple(sorted({one.record, *fits})),
        )

    def _between(self, near: int, far: int) -> list[Claim]:
        """The claims between two entities; a hub's are sorted once, not once a chain."""
        if near not in self._claims:
            self._claims[near] = defaultdict(list)
            for claim in self._found.claims[near]:
                self._claims[near][claim.far].append(claim)
        return self._claims[near][far]

    def _reached(self) -> tuple[Reached, ...]:
        labels = self._reader.labels(key for key in self._shortest if key not in self._entities)
        labels.update((key, entity.label) for key, entity in self._entities.items())
        ids = self._reader.public_ids(self._shortest)
        reached = (
            Reached(
                id=ids[key],
                label=labels.get(key, ids[key]),
                hops=label.hops,
                records=_records(label),
            )
            for key, label in self._shortest.items()
        )
        return tuple(sorted(reached, key=lambda one: (one.hops, one.id)))


def _records(label: Label) -> tuple[str, ...]:
    claims: Iterable[Claim] = (step.claim for step in label.way() if step.claim is not None)
    return tuple(sorted({claim.delivery.record for claim in claims}))


def _beyond(label: Label) -> dict[int, int]:
    """For each hop of a chain (counted from the origin) the bound that the hops beyond it need."""
    needed, so_far = {}, -ALWAYS
    for step in label.way():
        needed[step.hops] = so_far
        if step.claim is not None:
            so_far = max(so_far, step.claim.start)
    return needed


def _chain_order(chain: Chain) -> tuple[float, int, list[str]]:
    ids = [hop.source.id for hop in chain.hops] + [chain.hops[-1].target.id]
    return -chain.confidence, len(chain.hops), ids
