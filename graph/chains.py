"""The search behind a trace: chains of deliveries in time order, without enumerating paths.

A label is one way to get from the origin to an entity: the moment that bounds what can come next, its
confidence, its substance and its hops. Per entity only labels are kept that no other beats in all of
these (a Pareto set): the earliest arrival alone would not give the most confident chain, nor the other
way round. A label that comes back to an entity is beaten there by its own beginning, so chains visit
nobody twice.

Upward, a delivery fits when it can have happened no later than all that followed it: its earliest
moment lies not after the least of their latest ones. Downward is the same with time turned round, and
is searched so, with negated times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from msgspec import Struct

from graph.loops import dead_ends
from graph.port import Delivery, Direction
from schemas.reference.words import word

ALWAYS = 1 << 62
"""Later than every moment; its negative earlier."""

Fetch = Callable[[list[int]], list[Delivery]]
IdsOf = Callable[[Iterable[int]], Mapping[int, str]]
Rank = tuple[list[str], int, list[tuple[object, ...]]]
Withheld = Callable[[Delivery], str | None]
Reason = Literal["time", "confidence", "substance", "withheld"]


class Limits(Struct, frozen=True, kw_only=True):
    """What a trace follows. `until` is valid time in microseconds; `withheld` says of a delivery why
    the reader may not see it (None when they may)."""

    substance: str | None = None
    until: int | None = None
    max_hops: int = 8
    min_confidence: float = 0.2
    withheld: Withheld | None = None


def why(code: str, **values: object) -> str:
    """Why a delivery is not followed, as a TRACE says it; `words.toml` has it in Chinese too."""
    return word("left_out", code, "en", **values)


class Claim:
    """A delivery turned into the search's direction: from the nearer to the farther entity."""

    __slots__ = ("bound", "confidence", "delivery", "far", "start", "substance")

    def __init__(self, delivery: Delivery, direction: Direction) -> None:
        self.delivery = delivery
        self.confidence = delivery.confidence
        self.substance = delivery.substance
        earliest = -ALWAYS if delivery.earliest is None else delivery.earliest
        if direction == "up":
            self.far, self.start, self.bound = delivery.source, earliest, delivery.latest
        else:
            self.far, self.start, self.bound = delivery.target, -delivery.latest, -earliest

    def order(self) -> tuple[object, ...]:
        """By content, so that of two equal claims always the same one speaks for a hop."""
        one = self.delivery
        return one.record, one.basis, one.substance or "", self.start, self.bound


class Label:
    """One way from the origin to an entity; `before` is the label one hop nearer to the origin."""

    __slots__ = ("before", "bound", "claim", "confidence", "entity", "hops", "rank", "substance")

    def __init__(self, entity: int, substance: str | None) -> None:
        self.entity = entity
        self.bound = ALWAYS
        self.confidence = 1.0
        self.substance = substance
        self.hops = 0
        self.before: Label | None = None
        self.claim: Claim | None = None
        self.rank: Rank | None = None

    def follow(self, claim: Claim) -> Label:
        """The label one hop farther."""
        there = Label(claim.far, self.substance or claim.substance)
        there.bound = min(self.bound, claim.bound)
        there.confidence = self.confidence * claim.confidence
        there.hops = self.hops + 1
        there.before = self
        there.claim = claim
        return there

    def way(self) -> list[Label]:
        """The labels from here back to the first hop; the origin's own is left out."""
        labels = []
        label = self
        while label.before is not None:
            labels.append(label)
            label = label.before
        return labels

    def entities(self) -> list[int]:
        """Everyone on the way, from here to the origin."""
        label, passed = self, [self.entity]
        while label.before is not None:
            label = label.before
            passed.append(label.entity)
        return passed


class Found(Struct):
    """What a search found: labels per entity (the origin's too), the claims at each entity expanded,
    the ends in no order, deliveries set aside with the reason, and those that were followed."""

    labels: dict[int, list[Label]]
    claims: dict[int, list[Claim]]
    ends: set[int]
    set_aside: list[tuple[Delivery, Reason, str]]
    followed: set[int]
    truncated: bool


class Search:
    """One search from one origin. `fetch` gives the deliveries at entities, `ids_of` their
    public ids, by which ties are broken."""

    def __init__(self, fetch: Fetch, ids_of: IdsOf, direction: Direction, limits: Limits) -> None:
        self._fetch = fetch
        self._ids_of = ids_of
        self._ids: dict[int, str] = {}
        self._direction = direction
        self._limits = limits
        self._claims: dict[int, list[Claim]] = {}
        self._set_aside: dict[int, list[tuple[Delivery, Reason, str]]] = {}
        self._labels: dict[int, list[Label]] = {}
        self._leads_to: defaultdict[int, set[int]] = defaultdict(set)
        self._followed: set[int] = set()

    def run(self, origin: int) -> Found:
        """Hop by hop from the origin until nothing new is reached or `max_hops` are done."""
        start = Label(origin, self._limits.substance)
        self._labels[origin] = [start]
        frontier = [start]
        expanded: set[int] = set()
        for _ in range(self._limits.max_hops):
            expanded.update(label.entity for label in frontier)
            frontier = self._hop(frontier, origin)
            if not frontier:
                break
        first_reached = {entity: labels[0].hops for entity, labels in self._labels.items()}
        return Found(
            labels=self._labels,
            claims={entity: self._claims[entity] for entity in expanded},
            ends=dead_ends(first_reached.keys() - {origin}, self._leads_to, first_reached),
            set_aside=[each for entity in sorted(expanded) for each in self._set_aside[entity]],
            followed=self._followed,
            truncated=bool(frontier) and self._goes_on(frontier),
        )

    def _hop(self, frontier: list[Label], origin: int) -> list[Label]:
        """All labels one hop farther that nothing beats."""
        self._load({label.entity for label in frontier})
        reached: dict[int, list[Label]] = {}
        for label in frontier:
            bound, substance = label.bound, label.substance
            for claim in self._claims[label.entity]:
                if claim.start > bound:
                    continue
                if substance and claim.substance and claim.substance != substance:
                    continue
                self._followed.add(claim.delivery.edge)
                if claim.far == origin:
                    continue
                self._leads_to[label.entity].add(claim.far)
                self._offer(label.follow(claim), reached)
        for entity, labels in reached.items():
            self._labels.setdefault(entity, []).extend(labels)
        return [label for labels in reached.values() for label in labels]

    def _offer(self, new: Label, reached: dict[int, list[Label]]) -> None:
        """Keeps the label unless another beats it; drops those of this hop that it beats."""
        for known in self._labels.get(new.entity, ()):
            if (
                known.confidence >= new.confidence
                and known.bound >= new.bound
                and (known.substance is None or known.substance == new.substance)
            ):
                return
        rivals = reached.get(new.entity)
        if rivals is None:
            reached[new.entity] = [new]
            return
        for rival in rivals:
            if self._beats(rival, new):
                return
        reached[new.entity] = [rival for rival in rivals if not self._beats(new, rival)]
        reached[new.entity].append(new)

    def _beats(self, one: Label, other: Label) -> bool:
        """Whether every chain through `other` is worse than the same chain through `one`."""
        if one.confidence < other.confidence or one.bound < other.bound:
            return False
        if one.substance is not None and one.substance != other.substance:
            return False
        return one.confidence > other.confidence or self.rank(one) <= self.rank(other)

    def rank(self, label: Label) -> Rank:
        """Breaks ties between ways of equal confidence and length: by ids, then the one that leaves
        most time, then by what the claims say."""
        if label.rank is None:
            ids = [self._id(entity) for entity in label.entities()]
            claims = [step.claim.order() for step in label.way() if step.claim is not None]
            label.rank = ids, -label.bound, claims
        return label.rank

    def _id(self, entity: int) -> str:
        """Ids are rarely needed, and then of many: all that are reached are asked for together."""
        if entity not in self._ids:
            near = {claim.far for claims in self._claims.values() for claim in claims}
            self._ids.update(self._ids_of({entity, *self._labels, *near} - self._ids.keys()))
        return self._ids[entity]

    def best(self, entity: int) -> Label:
        """The most confident way to an entity, then the shortest, then by ids."""
        labels = self._labels[entity]
        top = max(labels, key=lambda label: (label.confidence, -label.hops))
        ties = [one for one in labels if (one.confidence, one.hops) == (top.confidence, top.hops)]
        return ties[0] if len(ties) == 1 else min(ties, key=self.rank)

    def shortest(self, entity: int) -> Label:
        """The way with the fewest hops, then the most confident, then by ids."""
        labels = self._labels[entity]
        few = [label for label in labels if label.hops == labels[0].hops]
        sure = max(label.confidence for label in few)
        ties = [label for label in few if label.confidence == sure]
        return ties[0] if len(ties) == 1 else min(ties, key=self.rank)

    def _goes_on(self, frontier: list[Label]) -> bool:
        """Whether a further hop would reach somebody, or somebody in a better way."""
        kept = self._labels, self._followed, self._leads_to
        self._followed, self._leads_to = set(), defaultdict(set)
        origin = next(entity for entity, labels in self._labels.items() if labels[0].hops == 0)
        self._labels = {entity: list(labels) for entity, labels in self._labels.items()}
        further = self._hop(frontier, origin)
        self._labels, self._followed, self._leads_to = kept
        return bool(further)

    def _load(self, entities: Iterable[int]) -> None:
        """Fetches the claims at entities that were not yet asked for, and sets aside the barred ones."""
        missing = sorted(entity for entity in entities if entity not in self._claims)
        if not missing:
            return
        up = self._direction == "up"
        for entity in missing:
            self._claims[entity] = []
            self._set_aside[entity] = []
        for delivery in self._fetch(missing):
            near = delivery.target if up else delivery.source
            barred = self._barred(delivery)
            if barred is None:
                self._claims[near].append(Claim(delivery, self._direction))
            else:
                self._set_aside[near].append((delivery, *barred))

    def _barred(self, delivery: Delivery) -> tuple[Reason, str] | None:
        """Why a delivery is not followed whatever the chain."""
        limits = self._limits
        if limits.withheld is not None and (withheld := limits.withheld(delivery)):
            return "withheld", withheld
        if delivery.confidence < limits.min_confidence:
            sure, least = f"{delivery.confidence:.2f}", f"{limits.min_confidence:.2f}"
            return "confidence", why("unsure", confidence=sure, least=least)
        if limits.substance and delivery.substance not in (None, limits.substance):
            named = why("other_than_asked", substance=delivery.substance, asked=limits.substance)
            return "substance", named
        if limits.until is not None and delivery.earliest is not None and delivery.earliest > limits.until:
            return "time", why("too_late")
        return None
