"""A picture of the graph: nodes, and links that put parallel edges together.

A hub is not read whole: of an entity with more edges than `MOST_EDGES` those reported last are looked at,
and of a value that more than `MOST_RECORDS` records speak of the number of records is that.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from graph.portraits import Sketch
from graph.seen import SeenReader
from schemas.claims import MentionType
from schemas.entities import Edge
from schemas.ids import PREFIXES

MOST_EDGES = 5_000
MOST_RECORDS = 1_000
MOST_AMONG = 50_000
"""Edges of a picture, which has at most 3,000 nodes."""
_TYPES = {prefix: type_ for type_, prefix in PREFIXES.items()}
_WIDEST = 200
"""Neighbours of an entity that a path is looked for through: the ones with the most records."""


class Node(Struct, frozen=True, kw_only=True):
    """An entity in a picture; `records`: how many visible records speak of it (see `MOST_RECORDS`)."""

    id: str
    type: MentionType
    label: str
    records: int


class Link(Struct, frozen=True, kw_only=True, rename={"source": "from", "target": "to"}):
    """All edges of one type from one entity to another; `earliest` and `latest` are ISO 8601 and span them.

    `quantity` is at least how much (see `quantity_of`); `confidence` the best one's.
    """

    id: str
    type: str
    source: str
    target: str
    edges: tuple[str, ...]
    records: tuple[str, ...]
    earliest: str | None
    latest: str | None
    substances: tuple[str, ...]
    quantity: float | None
    unit: str | None
    confidence: float


class Around(Struct, frozen=True, kw_only=True):
    """How many neighbours an entity has: by their type, and by type of edge, where one who is linked by edges
    of several types counts under each. Unless it is `whole`, at least so many: see `MOST_EDGES`.
    """

    types: dict[str, int]
    links: dict[str, int]
    whole: bool


class Neighbours(Struct, frozen=True, kw_only=True):
    """Some neighbours of an entity: itself, then the best documented first. `around` counts them all; `ask`:
    there are so many that somebody has to say which types are wanted.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    around: Around
    ask: bool = False


class Wanted(Struct, frozen=True, kw_only=True):
    """Which neighbours: by edges of these types, themselves of these types (none: of all); of them `limit`
    after the first `skip`.
    """

    links: Collection[str] = ()
    types: Collection[str] = ()
    limit: int = 100
    skip: int = 0


class Way(Struct, frozen=True, kw_only=True):
    """The shortest way between two entities; empty when there is none. `withheld`: one may be hidden."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    withheld: bool


def nodes_of(reader: SeenReader, keys: Iterable[int]) -> dict[int, Node]:
    """The nodes of entities that are live and may be seen."""
    return {key: node for key, (node, _) in described(reader, keys).items()}


def described(reader: SeenReader, keys: Iterable[int]) -> dict[int, tuple[Node, Sketch]]:
    """The nodes of entities that are live and may be seen, and what else they are known by."""
    sketches = reader.parts.portraits.sketches(set(keys))
    ids = reader.public_ids(sketches)
    types = reader.parts.identities.types(sketches)
    records: Counter[int] = Counter()
    for key, _, _, count in reader.parts.portraits.counts(key for key in sketches if key > 0):
        records[key] += count
    values = [key for key in sketches if key < 0]
    records.update(reader.parts.archive.spoken_often(values, MOST_RECORDS))
    return {
        key: (Node(id=ids[key], type=types[key], label=sketch.label, records=records[key]), sketch)
        for key, sketch in sketches.items()
    }


def links_of(edges: Iterable[Edge]) -> list[Link]:
    """Parallel edges put together, by type and ends."""
    together: defaultdict[tuple[str, str, str], list[Edge]] = defaultdict(list)
    for edge in edges:
        together[edge.type, edge.source, edge.target].append(edge)
    return [_link(key, those) for key, those in sorted(together.items())]


def quantity_of(edges: Iterable[Edge]) -> tuple[float | None, str | None]:
    """How much at least went by these edges, as far as they say it, and its unit; None where units differ.

    What is said twice of one time and in the same measure is taken for one: a copy, or two who saw the same.
    """
    said = {(e.earliest, e.latest, e.quantity, e.unit) for e in edges if e.quantity is not None}
    units = {unit for *_, unit in said}
    if len(units) != 1:
        return None, None
    return sum(quantity for _, _, quantity, _ in said), units.pop()


def _link(key: tuple[str, str, str], edges: Sequence[Edge]) -> Link:
    quantity, unit = quantity_of(edges)
    return Link(
        id=":".join(key),
        type=key[0],
        source=key[1],
        target=key[2],
        edges=tuple(sorted(edge.id for edge in edges)),
        records=tuple(sorted({name for edge in edges for name in edge.records})),
        earliest=min((edge.earliest for edge in edges if edge.earliest), default=None),
        latest=max((edge.latest for edge in edges if edge.latest), default=None),
        substances=tuple(sorted({edge.substance for edge in edges if edge.substance})),
        quantity=quantity,
        unit=unit,
        confidence=max(edge.confidence for edge in edges),
    )


class _Ring:
    """Those around an entity, as far as its edges are looked at."""

    def __init__(self, reader: SeenReader, key: int) -> None:
        self.own = reader.public_id(key)
        self.edges = reader.edges_of(key, MOST_EDGES)
        self.whole = len(self.edges) < MOST_EDGES
        self._ends: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for edge in self.edges:
            other = edge.target if edge.source == self.own else edge.source
            if other != self.own:
                self._ends[edge.type][other] += 1

    def around(self) -> Around:
        """How many they are."""
        everybody = {end for counted in self._ends.values() for end in counted}
        return Around(
            types=dict(sorted(Counter(map(_type_of, everybody)).items())),
            links={type_: len(counted) for type_, counted in sorted(self._ends.items())},
            whole=self.whole,
        )

    def beyond(self, ids: Collection[str]) -> dict[str, int]:
        """By type, how many of them are none of these."""
        others = {end for counted in self._ends.values() for end in counted} - set(ids)
        return dict(sorted(Counter(map(_type_of, others)).items()))

    def best(self, wanted: Wanted) -> list[str]:
        """Those of whom most edges tell, first."""
        counted: Counter[str] = Counter()
        for type_ in wanted.links or self._ends:
            counted.update(self._ends.get(type_, {}))
        fitting = (end for end in counted if not wanted.types or _type_of(end) in wanted.types)
        return sorted(fitting, key=lambda end: (-counted[end], end))


def _type_of(identifier: str) -> str:
    return _TYPES[identifier.partition("-")[0]]


def neighbours(reader: SeenReader, key: int, wanted: Wanted) -> Neighbours:
    """Those linked to an entity; more of them than the limit are asked about when no type is named."""
    ring = _Ring(reader, key)
    found = ring.best(wanted)
    if not wanted.links and not wanted.types and len(found) > wanted.limit:
        return Neighbours(nodes=(), links=(), around=ring.around(), ask=True)
    chosen = [ring.own, *found[wanted.skip : wanted.skip + wanted.limit]]
    shown = set(chosen)
    drawn = [e for e in ring.edges if {e.source, e.target} <= shown]
    keys = reader.parts.identities.keys(chosen)
    nodes = nodes_of(reader, keys.values())
    return Neighbours(
        nodes=tuple(nodes[keys[each]] for each in chosen if keys.get(each) in nodes),
        links=tuple(links_of(e for e in drawn if not wanted.links or e.type in wanted.links)),
        around=ring.around(),
    )


class Drawn(Struct, frozen=True, kw_only=True):
    """A picture as it is at the reader's moment. `now`: for each id that was asked for the one that it has
    there; what is not there, or may not be seen, is left out. `around`: how many neighbours those have who
    were asked about, by the ids that they have there.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    now: dict[str, str]
    around: dict[str, Around]


def drawn(reader: SeenReader, ids: Collection[str], hubs: Collection[str] = ()) -> Drawn:
    """The entities of these ids, former ones too, and all links between them (see `MOST_AMONG`); of `hubs`,
    which are among them, how many there are around.
    """
    keys = reader.parts.identities.keys(sorted(set(ids)))
    nodes = nodes_of(reader, set(keys.values()))
    hubs_at = {keys[each] for each in hubs if keys.get(each) in nodes}
    return Drawn(
        nodes=_by_id(nodes.values()),
        links=tuple(links_of(reader.edges_among(set(nodes), MOST_AMONG))),
        now={identifier: nodes[key].id for identifier, key in keys.items() if key in nodes},
        around={nodes[key].id: _Ring(reader, key).around() for key in _by_ids(reader, hubs_at)},
    )


class Beyond(Struct, frozen=True, kw_only=True):
    """Neighbours of an entity that are not in a picture: of one type so many, at least unless `whole`."""

    id: str
    type: str
    count: int
    whole: bool


def beyond(reader: SeenReader, ids: Collection[str], hubs: Collection[str]) -> list[Beyond]:
    """How many neighbours of those `hubs` that are among these ids, former ones too, are not."""
    keys = reader.parts.identities.keys(sorted({*ids, *hubs}))
    among = {keys[each] for each in ids if each in keys}
    live = reader.parts.portraits.labels({keys[each] for each in hubs if keys.get(each) in among})
    shown = set(reader.public_ids(among).values())
    rings = [_Ring(reader, key) for key in _by_ids(reader, live)]
    return [
        Beyond(id=ring.own, type=type_, count=count, whole=ring.whole)
        for ring in rings
        for type_, count in ring.beyond(shown).items()
    ]


def path(reader: SeenReader, one: int, other: int, most: int) -> Way:
    """The shortest way by links of any kind, of at most `most` of them: from both ends, the best documented
    neighbours first.
    """
    search = _Both(reader)
    ids = search.between(reader.public_id(one), reader.public_id(other), most)
    keys = reader.parts.identities.keys(ids)
    drawn = [link for link in search.links.values() if link.source in keys and link.target in keys]
    beside = {frozenset(pair) for pair in pairwise(ids)}
    return Way(
        nodes=_by_id(nodes_of(reader, keys.values()).values()),
        links=tuple(link for link in drawn if frozenset((link.source, link.target)) in beside),
        withheld=reader.withheld,
    )


class _Both:
    """A search from both ends by turns, the smaller side first."""

    def __init__(self, reader: SeenReader) -> None:
        self._reader = reader
        self.links: dict[str, Link] = {}

    def between(self, one: str, other: str, most: int) -> list[str]:
        """The ids on the way, both ends included; empty when there is none."""
        if one == other:
            return [one]
        sides: tuple[dict[str, str], ...] = {one: ""}, {other: ""}
        fronts = [[one], [other]]
        for _ in range(most):
            side = 0 if len(fronts[0]) <= len(fronts[1]) else 1
            fronts[side] = self._step(fronts[side], sides[side])
            met = sorted(sides[0].keys() & sides[1].keys())
            if met:
                return [*reversed(_back(met[0], sides[0])), *_back(met[0], sides[1])[1:]]
            if not fronts[side]:
                return []
        return []

    def _step(self, front: Sequence[str], reached: dict[str, str]) -> list[str]:
        further = []
        for here, key in self._reader.parts.identities.keys(front).items():
            for link in self._beside(key):
                there = link.target if link.source == here else link.source
                if there not in reached:
                    reached[there] = here
                    further.append(there)
        return further

    def _beside(self, key: int) -> Iterator[Link]:
        links = links_of(self._reader.edges_of(key, MOST_EDGES))
        for link in sorted(links, key=lambda each: (-len(each.records), each.id))[:_WIDEST]:
            self.links[link.id] = link
            yield link


def _back(at: str, reached: dict[str, str]) -> list[str]:
    way = [at]
    while reached[way[-1]]:
        way.append(reached[way[-1]])
    return way


def _by_id(nodes: Iterable[Node]) -> tuple[Node, ...]:
    by: Callable[[Node], str] = lambda node: node.id  # noqa: E731
    return tuple(sorted(nodes, key=by))


def _by_ids(reader: SeenReader, keys: Iterable[int]) -> list[int]:
    """In the order of their ids: that of keys tells who was spoken of first, by hidden records too."""
    ids = reader.public_ids(keys)
    return sorted(ids, key=ids.__getitem__)
